//! XEP-0333: Displayed Markers (version 0.4).

use crate::xml::{Element, ns};

/// What the sender of a message has done with another one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Marker<'a> {
    /// `received`, `displayed` or `acknowledged`.
    pub kind: &'static str,
    /// The id of that message.
    pub id: &'a str,
}

/// Whether the sender of `message` wants to know what becomes of it.
pub fn is_markable(message: &Element) -> bool {
    message.child("markable", &ns::MARKERS).is_some()
}

/// The marker in `message`, if there is one.
pub fn of(message: &Element) -> Option<Marker<'_>> {
    let marker = message.children().find(|child| *child.namespace() == ns::MARKERS)?;
    let kind = ["received", "displayed", "acknowledged"].into_iter().find(|kind| *kind == marker.name())?;
    Some(Marker { kind, id: marker.attribute("id").filter(|id| !id.is_empty())? })
}

/// The element that says so.
pub fn encode(marker: Marker<'_>) -> Element {
    Element::new(marker.kind, ns::MARKERS).with_attribute("id", marker.id)
}
