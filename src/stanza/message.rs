//! Message stanzas (RFC 6121 §5).

use std::rc::Rc;

use super::{DecodeError, address};
use crate::{
    jid::Jid,
    xml::{Element, ns},
};

/// A `<message/>` as it arrived.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    pub from: Option<Jid>,
    pub kind: MessageType,
    element: Rc<Element>,
}

/// The context of a message (RFC 6121 §5.2.2).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MessageType {
    Chat,
    Error,
    Groupchat,
    Headline,
    Normal,
}

impl Message {
    pub(super) fn decode(element: Element) -> Result<Self, DecodeError> {
        let kind = match element.attribute("type") {
            Some("chat") => MessageType::Chat,
            Some("error") => MessageType::Error,
            Some("groupchat") => MessageType::Groupchat,
            Some("headline") => MessageType::Headline,
            _ => MessageType::Normal,
        };
        Ok(Self { from: address(&element, "from")?, kind, element: Rc::new(element) })
    }

    /// The text a person reads, if there is any.
    pub fn body(&self) -> Option<String> {
        self.element.child("body", &ns::CLIENT).map(|body| body.text().into_owned())
    }

    /// The whole stanza.
    pub fn element(&self) -> &Rc<Element> {
        &self.element
    }
}
