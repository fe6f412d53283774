//! Stanzas (RFC 6120 §8): what is common to all, and the three kinds.

mod error;
mod form;
mod iq;
mod message;
pub mod payload;
mod presence;

pub use error::{ErrorType, StanzaError};
pub use form::{Field, Form, MAX_FIELDS, MAX_RESULT_FIELDS, MAX_VALUES, Question, questions, submit};
pub use iq::{Iq, IqKind};
pub use message::{Message, MessageType};
pub use presence::{Presence, PresenceType, subscription};

use std::fmt;

use crate::{
    jid::{Jid, JidError},
    xml::{Element, ns},
};

/// A stanza as it arrived, with its addresses read.
#[derive(Clone, Debug, PartialEq)]
pub enum Stanza {
    Iq(Iq),
    Message(Message),
    Presence(Presence),
}

/// What became of an element that was offered to a decoder.
#[derive(Clone, Debug, PartialEq)]
pub enum Decode<T> {
    Ok(T),
    /// Not what this decoder is for; here it is back.
    NotMine(Element),
    Bad(DecodeError),
}

/// Why a stanza cannot be understood. The entity that sent it is to blame.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DecodeError {
    /// An address is not a JID.
    Jid(JidError),
    /// An attribute or a child that must be there is not, or has a value it cannot have.
    Invalid(&'static str),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Jid(error) => error.fmt(f),
            Self::Invalid(what) => write!(f, "{what} is missing or invalid"),
        }
    }
}

impl From<JidError> for DecodeError {
    fn from(error: JidError) -> Self {
        Self::Jid(error)
    }
}

impl Stanza {
    /// Reads an element at the top level of a stream.
    pub fn decode(element: Element) -> Decode<Self> {
        if *element.namespace() != ns::CLIENT {
            return Decode::NotMine(element);
        }
        let decoded = match element.name() {
            "iq" => Iq::decode(element).map(Self::Iq),
            "message" => Message::decode(element).map(Self::Message),
            "presence" => Presence::decode(element).map(Self::Presence),
            _ => return Decode::NotMine(element),
        };
        decoded.map_or_else(Decode::Bad, Decode::Ok)
    }
}

/// The address in the attribute `name`, if there is one.
fn address(element: &Element, name: &str) -> Result<Option<Jid>, JidError> {
    element.attribute(name).map(Jid::new).transpose()
}
