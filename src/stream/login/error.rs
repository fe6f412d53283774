//! Why nobody was logged in.

use std::fmt;

use crate::{
    stanza::StanzaError,
    stream::sasl::SaslError,
    xml::{Element, ns},
};

/// Why nobody was logged in.
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum LoginError {
    /// The mechanisms do not fit, or the server did not prove that it knows the password.
    Sasl(SaslError),
    /// The server refused the credentials, with this condition (RFC 6120 §6.5).
    Refused { condition: String, text: Option<String> },
    /// There is no password, and the token, if there was one, did not do.
    NoCredentials,
    /// The server insists on TLS inside the stream: its address must begin with `wss:` or `https:`.
    EncryptionRequired,
    /// The server refused the resource or the session.
    Bind(StanzaError),
    /// The server answered outside the protocol.
    PeerMisbehaved(&'static str),
}

impl LoginError {
    /// Reads `<failure/>` of RFC 6120 or SASL2. They have the conditions in common, but not the namespace of the text.
    pub(super) fn refused(failure: &Element) -> Self {
        let condition = failure.children().find(|child| *child.namespace() == ns::SASL && child.name() != "text");
        Self::Refused {
            condition: condition.map_or("not-authorized", Element::name).to_owned(),
            text: failure.child("text", failure.namespace()).map(|text| text.text().into_owned()),
        }
    }
}

impl From<SaslError> for LoginError {
    fn from(error: SaslError) -> Self {
        Self::Sasl(error)
    }
}

impl fmt::Display for LoginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sasl(error) => error.fmt(f),
            Self::Refused { condition, text } => {
                write!(f, "the server refused the log-in: {condition}")?;
                if condition == "not-authorized" {
                    f.write_str(", the jid or the password is not right")?;
                }
                text.iter().try_for_each(|text| write!(f, " ({text})"))
            }
            Self::NoCredentials => f.write_str("there is nothing to log in with"),
            Self::EncryptionRequired => {
                f.write_str("the server wants an encrypted connection: use a wss: or https: address")
            }
            Self::Bind(error) => write!(f, "the server refused to bind a resource: {error}"),
            Self::PeerMisbehaved(what) => write!(f, "the server answered outside the protocol: {what}"),
        }
    }
}
