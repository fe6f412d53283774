//! XEP-0308: Last Message Correction (version 1.2.1).

use crate::xml::{Element, ns};

/// The id of the message that `message` is to take the place of. None if it would replace itself.
pub fn replaced(message: &Element) -> Option<&str> {
    let id = message.child("replace", &ns::CORRECTION)?.attribute("id")?;
    (!id.is_empty() && message.attribute("id") != Some(id)).then_some(id)
}

/// Says which message this one takes the place of.
pub fn replace(id: &str) -> Element {
    Element::new("replace", ns::CORRECTION).with_attribute("id", id)
}
