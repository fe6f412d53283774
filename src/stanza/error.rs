//! Stanza errors (RFC 6120 §8.3).

use std::fmt;

use crate::xml::{Element, ns};

/// What the sender of the stanza may do about the error (RFC 6120 §8.3.2).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ErrorType {
    Auth,
    Cancel,
    Continue,
    Modify,
    Wait,
}

/// The longest text of an error that is read, in bytes; what is longer is cut, and no condition is called so.
pub const MAX_TEXT_BYTES: usize = 10_000;

/// Why a stanza was refused.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StanzaError {
    pub kind: ErrorType,
    /// The defined condition, such as `item-not-found`.
    pub condition: String,
    /// What the other side added for people to read.
    pub text: Option<String>,
}

impl ErrorType {
    fn as_str(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::Cancel => "cancel",
            Self::Continue => "continue",
            Self::Modify => "modify",
            Self::Wait => "wait",
        }
    }
}

impl StanzaError {
    /// An error without text.
    pub fn new(kind: ErrorType, condition: &'static str) -> Self {
        Self { kind, condition: condition.to_owned(), text: None }
    }

    /// Nothing could be asked, because there is no connection.
    pub fn disconnected() -> Self {
        Self::new(ErrorType::Wait, "disconnected")
    }

    /// Reads the `<error/>` in `stanza`. What is missing or unknown is taken for `undefined-condition`, which ends the
    /// exchange like any other error.
    pub fn decode(stanza: &Element) -> Self {
        let Some(error) = stanza.child("error", stanza.namespace()) else {
            return Self::new(ErrorType::Cancel, "undefined-condition");
        };
        let kind = match error.attribute("type") {
            Some("auth") => ErrorType::Auth,
            Some("continue") => ErrorType::Continue,
            Some("modify") => ErrorType::Modify,
            Some("wait") => ErrorType::Wait,
            _ => ErrorType::Cancel,
        };
        let is_condition = |name: &str| name != "text" && name.len() <= MAX_TEXT_BYTES;
        let condition = error.children().find(|c| *c.namespace() == ns::STANZA_ERRORS && is_condition(c.name()));
        Self {
            kind,
            condition: condition.map_or("undefined-condition", Element::name).to_owned(),
            text: error.child("text", &ns::STANZA_ERRORS).map(|text| text.text_within(MAX_TEXT_BYTES)),
        }
    }

    /// The `<error/>` to put into the answer.
    pub fn encode(&self) -> Element {
        let mut error = Element::new("error", ns::CLIENT)
            .with_attribute("type", self.kind.as_str())
            .with_child(Element::new(self.condition.clone(), ns::STANZA_ERRORS));
        if let Some(text) = &self.text {
            error.push(Element::new("text", ns::STANZA_ERRORS).with_text(text.clone()));
        }
        error
    }
}

impl fmt::Display for StanzaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.condition)?;
        self.text.iter().try_for_each(|text| write!(f, " ({text})"))
    }
}
