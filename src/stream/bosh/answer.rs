//! What the server answers.

use super::{
    super::{Closed, Header, StreamError, is_stanza},
    session::number,
};
use crate::xml::{Element, ReadError, ns, read};

/// The answer to one request.
pub(super) enum Answer {
    Body(Body),
    /// Not a body of BOSH, but XML.
    Foreign,
    /// Not what a client may read.
    Unreadable(ReadError),
    /// Nothing but an HTTP status: that of a machine in between, or of a server that names no version.
    Status(u16),
}

/// A body from the server.
#[derive(Debug)]
pub(super) struct Body(Element);

impl Answer {
    pub(super) fn read(status: u16, text: &str) -> Self {
        if status != 200 || text.trim_ascii().is_empty() {
            return Self::Status(status);
        }
        match read(text) {
            Ok(element) if element.is("body", &ns::HTTP_BIND) => Self::Body(Body(element)),
            Ok(_) => Self::Foreign,
            Err(error) => Self::Unreadable(error),
        }
    }
}

impl Body {
    /// The body with its attributes as the server sent them.
    pub(super) fn element(&self) -> &Element {
        &self.0
    }

    /// The stream header there would be without BOSH; `authid` is its id (XEP-0206 §4).
    pub(super) fn header(&self) -> Header {
        let attribute = |name| self.0.attribute(name).map(str::to_owned);
        Header { id: attribute("authid"), from: attribute("from") }
    }

    /// The highest request id up to which the server has all, if it says so (XEP-0124 §9.1).
    pub(super) fn ack(&self) -> Option<u64> {
        self.0.attribute("ack").and_then(number)
    }

    /// Whether the server wants the request, and those before it, once more (XEP-0124 §17.3).
    pub(super) fn asks_to_repeat(&self) -> bool {
        self.0.attribute("type") == Some("error")
    }

    /// Why the session has ended, if it has (XEP-0124 §17.2).
    pub(super) fn end(&self) -> Option<Closed> {
        if let Some(error) = self.0.child("error", &ns::STREAM) {
            return Some(Closed::StreamError(StreamError::decode(error)));
        }
        if self.0.attribute("type") != Some("terminate") {
            return None;
        }
        Some(self.0.attribute("condition").map_or(Closed::ByPeer, |condition| {
            let uri = self.0.child("uri", &ns::HTTP_BIND).map(|uri| uri.text().trim().to_owned());
            let other = uri.filter(|uri| condition == "see-other-uri" && !uri.is_empty());
            Closed::StreamError(StreamError { condition: condition.to_owned(), text: None, other })
        }))
    }

    /// A body with nothing in it.
    pub(super) fn empty() -> Self {
        Self(Element::new("body", ns::HTTP_BIND))
    }

    /// Whether the server has no answer to this request, or no such session at all (XEP-0124 §17.2).
    pub(super) fn is_item_not_found(&self) -> bool {
        self.0.attribute("type") == Some("terminate") && self.0.attribute("condition") == Some("item-not-found")
    }

    /// Whether there are no elements inside.
    pub(super) fn is_empty(&self) -> bool {
        self.0.children().next().is_none()
    }

    /// Whether the server sends back what was `sent`. ejabberd 23.01 does so, with all attributes, if a request that
    /// it is holding is repeated and there is nothing else to answer it with.
    pub(super) fn is_echo_of(&self, sent: &str) -> bool {
        self.0.attribute("rid").is_some() && read(sent).is_ok_and(|sent| sent.children().eq(self.0.children()))
    }

    /// The elements of the stream inside.
    pub(super) fn into_payload(self) -> impl Iterator<Item = Element> {
        let ended = self.end().is_some();
        self.0.into_children().map(repaired).filter(move |element| !ended || is_stanza(element))
    }
}

/// The terminal condition that stands for an HTTP status of a server that names no version (XEP-0124 §17.1).
pub(super) fn legacy_end(status: u16) -> Option<Closed> {
    let condition = match status {
        400 => "bad-request",
        403 => "policy-violation",
        404 => "item-not-found",
        _ => return None,
    };
    Some(Closed::StreamError(StreamError { condition: condition.to_owned(), text: None, other: None }))
}

/// Whether a status tells of trouble that may pass, rather than of an address where there is no BOSH.
pub(super) fn may_pass(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500..)
}

/// A stanza without a namespace of its own has fallen into that of BOSH: connection managers that pass on what they
/// read from the server's stream, where `jabber:client` is the default, leave it so (XEP-0206 §2 knows them).
fn repaired(element: Element) -> Element {
    let stanza = matches!(element.name(), "message" | "presence" | "iq");
    if stanza && *element.namespace() == ns::HTTP_BIND { element.moved_to(&ns::CLIENT) } else { element }
}
