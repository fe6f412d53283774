//! XEP-0382: Spoiler Messages (version 0.2.0).

use crate::xml::{Element, ns};

/// What is said about a text that is not to be seen at once, in `most` bytes, if `message` is such a one; it may be empty.
pub fn hint(message: &Element, most: usize) -> Option<String> {
    message.child("spoiler", &ns::SPOILER).map(|spoiler| spoiler.text_within(most))
}

/// The element that says so.
pub fn encode(hint: &str) -> Element {
    Element::new("spoiler", ns::SPOILER).with_text(hint)
}
