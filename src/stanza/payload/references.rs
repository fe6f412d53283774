//! XEP-0372: References (version 0.5.0): which part of a text means whom or what.

use crate::xml::{Element, ns};

/// The most references of one message that are read.
pub const MAX_REFERENCES: usize = 100;

/// A part of a text, and what it means.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reference {
    /// The first code point of the part, and the one after its last.
    pub begin: Option<u32>,
    pub end: Option<u32>,
    /// `mention` or `data`.
    pub kind: String,
    pub uri: String,
}

/// The references in `message`. What is no reference is left out.
pub fn of(message: &Element) -> Vec<Reference> {
    let references = message.children().filter(|child| child.is("reference", &ns::REFERENCES));
    references.take(MAX_REFERENCES).filter_map(decode).collect()
}

/// The element that says so.
pub fn encode(reference: &Reference) -> Element {
    let mut element = Element::new("reference", ns::REFERENCES).with_attribute("type", reference.kind.as_str());
    for (name, place) in [("begin", reference.begin), ("end", reference.end)] {
        if let Some(place) = place {
            element.set_attribute(name, place.to_string());
        }
    }
    element.with_attribute("uri", reference.uri.as_str())
}

fn decode(element: &Element) -> Option<Reference> {
    let place = |name| element.attribute(name).and_then(|place| place.parse().ok());
    let (begin, end): (Option<u32>, Option<u32>) = (place("begin"), place("end"));
    if begin.zip(end).is_some_and(|(begin, end)| begin > end) {
        return None;
    }
    Some(Reference {
        begin,
        end,
        kind: element.attribute("type")?.to_owned(),
        uri: element.attribute("uri")?.to_owned(),
    })
}
