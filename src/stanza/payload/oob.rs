//! XEP-0066: Out of Band Data (version 1.5), as it stands in messages.

use crate::xml::{Element, ns};

/// An address to something that is not in the message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OutOfBand {
    pub url: String,
    pub description: Option<String>,
}

/// The address in `message`, if there is one; neither it nor its description is longer than `most` bytes.
pub fn of(message: &Element, most: usize) -> Option<OutOfBand> {
    let data = message.child("x", &ns::OOB)?;
    let text = |name| {
        let text = data.child(name, &ns::OOB).map(|child| child.text_within(most).trim().to_owned());
        text.filter(|text| !text.is_empty())
    };
    Some(OutOfBand { url: text("url")?, description: text("desc") })
}

/// The element with the address.
pub fn encode(url: &str) -> Element {
    Element::new("x", ns::OOB).with_child(Element::new("url", ns::OOB).with_text(url))
}
