//! Message stanzas (RFC 6121 §5).

use std::rc::Rc;

use super::{DecodeError, address};
use crate::{jid::Jid, xml::Element};

/// A `<message/>` as it arrived.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    pub from: Option<Jid>,
    element: Rc<Element>,
}

impl MessageType {
    /// The type of `message`.
    pub fn of(message: &Element) -> Self {
        match message.attribute("type") {
            Some("chat") => Self::Chat,
            Some("error") => Self::Error,
            Some("groupchat") => Self::Groupchat,
            Some("headline") => Self::Headline,
            _ => Self::Normal,
        }
    }
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
        Ok(Self { from: address(&element, "from")?, element: Rc::new(element) })
    }

    /// The whole stanza.
    pub fn element(&self) -> &Rc<Element> {
        &self.element
    }
}
