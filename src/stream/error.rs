//! How a stream ends.

use std::fmt;

use crate::xml::{Element, ReadError, ns};

/// Why a stream is closed.
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Closed {
    /// This side closed it, and the server agreed or was given the time to.
    ByUs,
    /// The server closed it in good order.
    ByPeer,
    /// The server could not be reached: refused, blocked by the page's policy, no such host, TLS trouble. Browsers do
    /// not say which.
    Unreachable,
    /// The server was reached, but does not speak XMPP at this address.
    NotXmpp,
    /// The connection broke down, or went silent, after it had been there.
    Lost,
    /// The server said why it ends the stream.
    StreamError(StreamError),
    /// The server sent what no client may accept; this side closed the stream.
    BadFrame(ReadError),
}

/// A stream error (RFC 6120 §4.9), or a terminal condition of BOSH (XEP-0124 §17.2) under the same roof.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StreamError {
    /// The defined condition, such as `conflict` or `host-unknown`.
    pub condition: String,
    /// What the server added for people to read.
    pub text: Option<String>,
    /// For `see-other-host` and BOSH's `see-other-uri`: where to.
    pub other: Option<String>,
}

impl StreamError {
    /// Reads `<stream:error/>`. A condition that is missing is `undefined-condition`.
    pub fn decode(error: &Element) -> Self {
        let defined = |child: &&Element| *child.namespace() == ns::STREAM_ERRORS && child.name() != "text";
        let condition = error.children().find(defined);
        let other = condition.map(|c| c.text().trim().to_owned()).filter(|text| !text.is_empty());
        Self {
            condition: condition.map_or("undefined-condition", Element::name).to_owned(),
            text: error.child("text", &ns::STREAM_ERRORS).map(|text| text.text().into_owned()),
            other,
        }
    }
}

impl StreamError {
    /// Whether the server has nothing to offer on this stream. So Prosody says over WebSocket, where there is no
    /// STARTTLS to offer, that it wants a stream that is encrypted.
    pub fn has_nothing_to_offer(&self) -> bool {
        self.condition == "undefined-condition" && self.text.as_deref() == Some("No stream features to proceed with")
    }
}

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ByUs => f.write_str("the connection was closed"),
            Self::ByPeer => f.write_str("the server closed the connection"),
            Self::Unreachable => f.write_str(
                "the server could not be reached: look whether the address is right and begins with wss: or https: if \
                 the page does with https:, and whether the server (CORS) and the page's Content-Security-Policy \
                 (connect-src) allow it",
            ),
            Self::NotXmpp => f.write_str("what answers at websocket_url or bosh_service_url does not speak XMPP"),
            Self::Lost => f.write_str("the connection was lost"),
            Self::StreamError(error) => {
                write!(f, "the server ended the stream: {}", error.condition)?;
                error.text.iter().try_for_each(|text| write!(f, " ({text})"))
            }
            Self::BadFrame(error) => error.fmt(f),
        }
    }
}
