//! One way to the server, whichever it is.

use std::collections::VecDeque;

use super::{
    Input, StreamEvent, Transmit,
    bosh::{self, Bosh},
    websocket::WebSocket,
};
use crate::{
    time::Instant,
    xml::{Element, WriteError},
};

/// The transport of one stream: the layers above do not know which.
///
/// After each call that puts something in, take all events out first, then all transmits, then ask for the timeout:
/// BOSH puts what was sent in answer to the events into one request.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "a session has one, and hardly moves it")]
pub enum Transport {
    WebSocket(WebSocket),
    Bosh(Bosh),
}

impl Transport {
    /// Begins to connect.
    pub fn open(&mut self, now: Instant) {
        match self {
            Self::WebSocket(transport) => transport.open(now),
            Self::Bosh(transport) => transport.open(now),
        }
    }

    /// Opens the stream anew after authentication (RFC 6120 §4.3.3).
    pub fn restart(&mut self, now: Instant) {
        match self {
            Self::WebSocket(transport) => transport.restart(),
            Self::Bosh(transport) => transport.restart(now),
        }
    }

    /// Sends an element at the top level of the stream.
    pub fn send(&mut self, now: Instant, element: &Element) -> Result<(), WriteError> {
        match self {
            Self::WebSocket(transport) => transport.send(element),
            Self::Bosh(transport) => transport.send(now, element),
        }
    }

    /// Ends the stream in good order.
    pub fn close(&mut self, now: Instant) {
        match self {
            Self::WebSocket(transport) => transport.close(now),
            Self::Bosh(transport) => transport.close(now),
        }
    }

    /// Takes in what the platform reports.
    pub fn handle_input(&mut self, now: Instant, input: Input<'_>) {
        match self {
            Self::WebSocket(transport) => transport.handle_input(input),
            Self::Bosh(transport) => transport.handle_input(now, input),
        }
    }

    /// Does what is due at `now`.
    pub fn handle_timeout(&mut self, now: Instant) {
        match self {
            Self::WebSocket(transport) => transport.handle_timeout(now),
            Self::Bosh(transport) => transport.handle_timeout(now),
        }
    }

    /// What the platform is to do next.
    pub fn poll_transmit(&mut self) -> Option<Transmit> {
        match self {
            Self::WebSocket(transport) => transport.poll_transmit(),
            Self::Bosh(transport) => transport.poll_transmit(),
        }
    }

    /// What happened next.
    pub fn poll_event(&mut self) -> Option<StreamEvent> {
        match self {
            Self::WebSocket(transport) => transport.poll_event(),
            Self::Bosh(transport) => transport.poll_event(),
        }
    }

    /// When [`Self::handle_timeout`] is due.
    pub fn poll_timeout(&self) -> Option<Instant> {
        match self {
            Self::WebSocket(transport) => transport.poll_timeout(),
            Self::Bosh(transport) => transport.poll_timeout(),
        }
    }

    /// Takes the link for broken and begins to mend it, where that can be done without a new log-in; says whether.
    pub fn mend(&mut self, now: Instant) -> bool {
        match self {
            Self::WebSocket(_) => false,
            Self::Bosh(transport) => {
                transport.distrust(now);
                true
            }
        }
    }

    /// Ends the stream for good without waiting for the server. What is left to do comes back.
    pub fn give_up(&mut self, now: Instant) -> VecDeque<Transmit> {
        self.close(now);
        let mut leftovers: VecDeque<Transmit> = std::iter::from_fn(|| self.poll_transmit()).collect();
        if let Self::WebSocket(socket) = self {
            socket.abandon();
            leftovers.extend(socket.poll_transmit());
        }
        leftovers
    }

    /// Lets go of the connection without telling the server that the session is over.
    pub fn abandon(&mut self) {
        match self {
            Self::WebSocket(transport) => transport.abandon(),
            Self::Bosh(transport) => transport.abandon(),
        }
    }

    /// What is left to do for a transport that is done with: letting go, but no new requests.
    pub fn poll_leftover(&mut self) -> Option<Transmit> {
        match self {
            Self::WebSocket(transport) => transport.poll_transmit(),
            Self::Bosh(transport) => transport.poll_leftover(),
        }
    }

    /// How many elements were handed over, where the transport can tell which of them have arrived.
    pub fn sent(&self) -> Option<u64> {
        match self {
            Self::WebSocket(_) => None,
            Self::Bosh(transport) => {
                let delivery = transport.delivery();
                Some(delivery.accepted.saturating_add(delivery.in_doubt).saturating_add(delivery.unsent))
            }
        }
    }

    /// How many of the elements sent have arrived, where the transport can tell.
    pub fn accepted(&self) -> Option<u64> {
        match self {
            Self::WebSocket(_) => None,
            Self::Bosh(transport) => Some(transport.delivery().accepted),
        }
    }

    /// How many of the elements sent have left, and so may have arrived, where the transport can tell. After the end the
    /// others never will.
    pub fn left(&self) -> Option<u64> {
        match self {
            Self::WebSocket(_) => None,
            Self::Bosh(transport) => {
                let delivery = transport.delivery();
                Some(delivery.accepted.saturating_add(delivery.in_doubt))
            }
        }
    }

    /// What another page needs to carry the session on, where the transport has such a thing.
    pub fn bosh_session(&self) -> Option<bosh::Session> {
        match self {
            Self::WebSocket(_) => None,
            Self::Bosh(transport) => transport.session(),
        }
    }
}
