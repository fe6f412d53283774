//! Info/query stanzas (RFC 6120 §8.2.3).

use std::rc::Rc;

use super::{DecodeError, StanzaError, address};
use crate::{
    jid::Jid,
    xml::{Element, ns},
};

/// An `<iq/>` as it arrived.
#[derive(Clone, Debug, PartialEq)]
pub struct Iq {
    pub id: String,
    pub from: Option<Jid>,
    pub kind: IqKind,
    element: Rc<Element>,
}

/// What an `<iq/>` is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum IqKind {
    Get,
    Set,
    Result,
    Error,
}

impl Iq {
    pub(super) fn decode(element: Element) -> Result<Self, DecodeError> {
        let kind = match element.attribute("type") {
            Some("get") => IqKind::Get,
            Some("set") => IqKind::Set,
            Some("result") => IqKind::Result,
            Some("error") => IqKind::Error,
            _ => return Err(DecodeError::Invalid("the type of an iq")),
        };
        let id = element.attribute("id").ok_or(DecodeError::Invalid("the id of an iq"))?.to_owned();
        Ok(Self { id, from: address(&element, "from")?, kind, element: Rc::new(element) })
    }

    /// The child that is asked about, set or returned.
    pub fn payload(&self) -> Option<&Element> {
        self.element.children().find(|child| !child.is("error", &ns::CLIENT))
    }

    /// The whole stanza.
    pub fn element(&self) -> &Rc<Element> {
        &self.element
    }

    /// Why the request was refused, if this is an error.
    pub fn error(&self) -> Option<StanzaError> {
        (self.kind == IqKind::Error).then(|| StanzaError::decode(&self.element))
    }

    /// A request for `payload`, as an element to send.
    pub fn get(id: &str, payload: Element) -> Element {
        envelope("get", id).with_child(payload)
    }

    /// A request to set `payload`, as an element to send.
    pub fn set(id: &str, payload: Element) -> Element {
        envelope("set", id).with_child(payload)
    }

    /// The empty result for this request, as an element to send.
    pub fn to_result(&self) -> Element {
        self.addressed(envelope("result", &self.id))
    }

    /// The refusal of this request, as an element to send.
    pub fn to_error(&self, error: &StanzaError) -> Element {
        self.addressed(envelope("error", &self.id)).with_child(error.encode())
    }

    fn addressed(&self, answer: Element) -> Element {
        match &self.from {
            Some(from) => answer.with_attribute("to", from.as_str()),
            None => answer,
        }
    }
}

fn envelope(kind: &str, id: &str) -> Element {
    Element::new("iq", ns::CLIENT).with_attribute("type", kind).with_attribute("id", id)
}
