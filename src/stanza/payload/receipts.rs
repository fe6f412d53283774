//! XEP-0184: Message Delivery Receipts (version 1.4.0).

use crate::xml::{Element, ns};

/// Whether the sender of `message` wants to know that it has arrived.
pub fn is_requested(message: &Element) -> bool {
    message.child("request", &ns::RECEIPTS).is_some()
}

/// The id of the message that has arrived at the sender of this one.
pub fn received(message: &Element) -> Option<&str> {
    message.child("received", &ns::RECEIPTS)?.attribute("id").filter(|id| !id.is_empty())
}

/// Asks for a receipt.
pub fn request() -> Element {
    Element::new("request", ns::RECEIPTS)
}

/// Says that the message `id` has arrived.
pub fn receipt(id: &str) -> Element {
    Element::new("received", ns::RECEIPTS).with_attribute("id", id)
}
