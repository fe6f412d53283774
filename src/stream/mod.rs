//! The XML stream between this client and its server, over WebSocket or BOSH.
//!
//! Both transports are state machines without I/O: [`Input`] goes in, [`Transmit`] and [`StreamEvent`] come out.

pub mod bosh;
pub mod discovery;
mod endpoint;
mod error;
mod features;
mod login;
mod management;
pub mod sasl;
mod transport;
pub mod websocket;

pub use endpoint::Endpoint;
pub use error::{Closed, StreamError};
pub use features::Features;
pub use login::{Bound, Login, LoginError, Step, Token, Wishes};
pub use management::{AckError, MAX_RESENDS, MAX_UNACKED, Management, Sent, Ticket};
pub use transport::Transport;

use crate::xml::{Element, ReadError, ns};

/// Names an HTTP request between its [`Transmit::HttpPost`] and its answer.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct RequestId(pub u64);

/// What the platform reports.
#[derive(Clone, Debug)]
pub enum Input<'a> {
    /// The WebSocket is open, with the subprotocol `xmpp` agreed on.
    SocketOpened,
    /// A text message arrived. Binary ones, which RFC 7395 §3.2 forbids, arrive as an empty text.
    SocketReceived(&'a str),
    /// The same, read by whoever did not want to do so all at once.
    SocketRead(Result<Element, ReadError>),
    /// The WebSocket is closed, or could not be opened.
    SocketClosed,
    /// The whole answer to a request arrived.
    HttpAnswered { id: RequestId, status: u16, body: &'a str },
    /// A request ended without an answer.
    HttpFailed { id: RequestId },
}

/// What the platform is asked to do, in this order.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Transmit {
    /// Open a WebSocket with the subprotocol `xmpp`.
    SocketOpen { url: String },
    /// Send a text message.
    SocketSend(String),
    /// Close the WebSocket, or give up opening it; nothing of it is reported afterwards.
    SocketClose,
    /// Send a POST request with the content type `text/xml; charset=utf-8`.
    HttpPost { id: RequestId, url: String, body: String },
    /// Give up a request; nothing of it is reported afterwards.
    HttpAbort { id: RequestId },
}

/// What a transport tells the layer above it.
#[derive(Clone, Debug, PartialEq)]
pub enum StreamEvent {
    /// The server opened its side of the stream, for the first time or after a restart.
    Opened(Header),
    /// An element at the top level of the stream: features, a stanza, a nonza.
    Received(Element),
    /// The stream has ended; nothing follows.
    Closed(Closed),
}

/// The attributes of the server's stream header.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Header {
    /// The stream's id, which is the server's to choose (RFC 6120 §4.7.3).
    pub id: Option<String>,
    /// The host that answers.
    pub from: Option<String>,
}

/// Whether `element` is a stanza (RFC 6120 §8). Nothing else is counted (XEP-0198 §4).
pub fn is_stanza(element: &Element) -> bool {
    *element.namespace() == ns::CLIENT && matches!(element.name(), "message" | "presence" | "iq")
}
