//! XEP-0382: Spoiler Messages (version 0.2.0).

use crate::xml::{Element, ns};

/// What is said about a text that is not to be seen at once, if `message` is such a one; the text may be empty.
pub fn hint(message: &Element) -> Option<String> {
    message.child("spoiler", &ns::SPOILER).map(|spoiler| spoiler.text().into_owned())
}

/// The element that says so.
pub fn encode(hint: &str) -> Element {
    Element::new("spoiler", ns::SPOILER).with_text(hint)
}
