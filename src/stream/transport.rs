//! One way to the server, whichever it is.

use super::{Input, StreamEvent, Transmit, websocket::WebSocket};
use crate::{
    time::Instant,
    xml::{Element, WriteError},
};

/// The transport of one stream: the layers above do not know which.
#[derive(Debug)]
pub enum Transport {
    WebSocket(WebSocket),
}

impl Transport {
    /// Begins to connect.
    pub fn open(&mut self, now: Instant) {
        match self {
            Self::WebSocket(transport) => transport.open(now),
        }
    }

    /// Opens the stream anew after authentication (RFC 6120 §4.3.3).
    pub fn restart(&mut self, _now: Instant) {
        match self {
            Self::WebSocket(transport) => transport.restart(),
        }
    }

    /// Sends an element at the top level of the stream.
    pub fn send(&mut self, _now: Instant, element: &Element) -> Result<(), WriteError> {
        match self {
            Self::WebSocket(transport) => transport.send(element),
        }
    }

    /// Ends the stream in good order.
    pub fn close(&mut self, now: Instant) {
        match self {
            Self::WebSocket(transport) => transport.close(now),
        }
    }

    /// Takes in what the platform reports.
    pub fn handle_input(&mut self, _now: Instant, input: Input<'_>) {
        match self {
            Self::WebSocket(transport) => transport.handle_input(input),
        }
    }

    /// Does what is due at `now`.
    pub fn handle_timeout(&mut self, now: Instant) {
        match self {
            Self::WebSocket(transport) => transport.handle_timeout(now),
        }
    }

    /// What the platform is to do next.
    pub fn poll_transmit(&mut self) -> Option<Transmit> {
        match self {
            Self::WebSocket(transport) => transport.poll_transmit(),
        }
    }

    /// What happened next.
    pub fn poll_event(&mut self) -> Option<StreamEvent> {
        match self {
            Self::WebSocket(transport) => transport.poll_event(),
        }
    }

    /// When [`Self::handle_timeout`] is due.
    pub fn poll_timeout(&self) -> Option<Instant> {
        match self {
            Self::WebSocket(transport) => transport.poll_timeout(),
        }
    }
}
