//! RFC 7395: XMPP over WebSocket.

use std::{collections::VecDeque, time::Duration};

use super::{Closed, Header, Input, StreamError, StreamEvent, Transmit};
use crate::{
    time::Instant,
    xml::{Element, ReadError, WriteError, ns, read},
};

/// How long the WebSocket may take to open.
pub const OPEN_TIMEOUT: Duration = Duration::from_secs(20);
/// How long the server may take to close its side once this side has closed (RFC 6120 §4.4).
pub const CLOSE_TIMEOUT: Duration = Duration::from_secs(3);

/// The framing of one stream over one WebSocket.
#[derive(Debug)]
pub struct WebSocket {
    url: String,
    /// The domain to talk to.
    to: String,
    /// Who is going to log in, where the server may know that beforehand.
    from: Option<String>,
    state: State,
    deadline: Option<Instant>,
    transmits: VecDeque<Transmit>,
    events: VecDeque<StreamEvent>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    Idle,
    /// The WebSocket is being opened.
    Connecting,
    /// `<open/>` is sent, that of the server awaited.
    Opening,
    Open,
    /// `<close/>` is sent, that of the server awaited.
    Closing,
    Closed,
}

impl WebSocket {
    /// A stream to the domain `to`, at the WebSocket endpoint `url`.
    pub fn new(url: String, to: String) -> Self {
        let (transmits, events) = (VecDeque::new(), VecDeque::new());
        Self { url, to, from: None, state: State::Idle, deadline: None, transmits, events }
    }

    /// The same stream, whose header says who is going to log in: a server may offer tokens only to whom it knows
    /// (XEP-0388 §2.2).
    #[must_use]
    pub fn with_from(mut self, from: Option<String>) -> Self {
        self.from = from;
        self
    }

    /// Begins to connect.
    pub fn open(&mut self, now: Instant) {
        if self.state == State::Idle {
            self.state = State::Connecting;
            self.deadline = Some(now + OPEN_TIMEOUT);
            self.transmits.push_back(Transmit::SocketOpen { url: self.url.clone() });
        }
    }

    /// Opens the stream anew on the same WebSocket, as SASL wants it (RFC 7395 §3.7).
    pub fn restart(&mut self) {
        if self.state == State::Open {
            self.send_open();
        }
    }

    /// Sends an element at the top level of the stream. Before the stream is open and after its end it goes nowhere.
    pub fn send(&mut self, element: &Element) -> Result<(), WriteError> {
        let frame = element.to_xml()?;
        if self.state == State::Open {
            self.transmits.push_back(Transmit::SocketSend(frame));
        }
        Ok(())
    }

    /// Ends the stream in good order (RFC 7395 §3.6).
    pub fn close(&mut self, now: Instant) {
        match self.state {
            State::Open | State::Opening => {
                self.send_close();
                self.state = State::Closing;
                self.deadline = Some(now + CLOSE_TIMEOUT);
            }
            State::Idle | State::Connecting => self.finish(Closed::ByUs),
            State::Closing | State::Closed => {}
        }
    }

    /// Lets go of the WebSocket without a word, so that the server keeps the stream for a while (XEP-0198 §5).
    pub fn abandon(&mut self) {
        if self.state != State::Closed {
            self.state = State::Closed;
            self.deadline = None;
            self.transmits.clear();
            self.transmits.push_back(Transmit::SocketClose);
        }
    }

    /// Takes in what the platform reports.
    pub fn handle_input(&mut self, input: Input<'_>) {
        match (input, self.state) {
            (Input::SocketOpened, State::Connecting) => {
                self.state = State::Opening;
                self.send_open();
            }
            (Input::SocketReceived(frame), State::Opening | State::Open | State::Closing) => {
                self.handle_frame(read(frame))
            }
            (Input::SocketRead(frame), State::Opening | State::Open | State::Closing) => self.handle_frame(frame),
            (Input::SocketClosed, State::Connecting) => self.finish(Closed::Unreachable),
            (Input::SocketClosed, State::Opening | State::Open) => self.finish(Closed::Lost),
            (Input::SocketClosed, State::Closing) => self.finish(Closed::ByUs),
            _ => {}
        }
    }

    /// Does what is due at `now`.
    pub fn handle_timeout(&mut self, now: Instant) {
        if self.deadline.is_none_or(|deadline| now < deadline) {
            return;
        }
        match self.state {
            State::Closing => self.finish(Closed::ByUs),
            _ => self.finish(Closed::Unreachable),
        }
    }

    /// What the platform is to do next.
    pub fn poll_transmit(&mut self) -> Option<Transmit> {
        self.transmits.pop_front()
    }

    /// What happened next.
    pub fn poll_event(&mut self) -> Option<StreamEvent> {
        self.events.pop_front()
    }

    /// When [`Self::handle_timeout`] is due.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.deadline
    }

    fn handle_frame(&mut self, frame: Result<Element, ReadError>) {
        let element = match frame {
            Ok(element) => element,
            Err(error) => return self.refuse(error),
        };
        if element.is("open", &ns::FRAMING) {
            let attribute = |name| element.attribute(name).map(str::to_owned);
            if self.state == State::Opening {
                self.state = State::Open;
                self.deadline = None;
            }
            self.events.push_back(StreamEvent::Opened(Header { id: attribute("id"), from: attribute("from") }));
        } else if element.is("close", &ns::FRAMING) {
            self.handle_close(element.attribute("see-other-uri"));
        } else if element.is("error", &ns::STREAM) {
            self.finish(Closed::StreamError(StreamError::decode(&element)));
        } else if self.state == State::Opening {
            self.finish(Closed::NotXmpp);
        } else {
            self.events.push_back(StreamEvent::Received(element));
        }
    }

    /// RFC 7395 §3.6.1: a `see-other-uri` on the closing element asks to connect elsewhere.
    fn handle_close(&mut self, see_other_uri: Option<&str>) {
        if self.state == State::Closing {
            return self.finish(Closed::ByUs);
        }
        self.send_close();
        self.finish(match see_other_uri {
            None => Closed::ByPeer,
            Some(uri) => Closed::StreamError(StreamError {
                condition: "see-other-uri".to_owned(),
                text: None,
                other: Some(uri.to_owned()),
            }),
        });
    }

    /// Tells the server what was wrong with its frame and ends the stream (RFC 6120 §4.9.1.1). After `<close/>` nothing
    /// may be said any more (RFC 7395 §3.6).
    fn refuse(&mut self, error: ReadError) {
        if self.state == State::Closing {
            return self.finish(Closed::ByUs);
        }
        let condition = Element::new(error.stream_condition(), ns::STREAM_ERRORS);
        self.send_now(&Element::new("error", ns::STREAM).with_child(condition));
        self.send_close();
        self.finish(Closed::BadFrame(error));
    }

    fn finish(&mut self, reason: Closed) {
        self.state = State::Closed;
        self.deadline = None;
        self.transmits.push_back(Transmit::SocketClose);
        self.events.push_back(StreamEvent::Closed(reason));
    }

    fn send_open(&mut self) {
        let mut open = Element::new("open", ns::FRAMING)
            .with_attribute("to", self.to.clone())
            .with_attribute("version", "1.0")
            .with_prefixed_attribute("xml", ns::XML, "lang", "en");
        if let Some(from) = &self.from {
            open.set_attribute("from", from.clone());
        }
        self.send_now(&open);
    }

    fn send_close(&mut self) {
        self.send_now(&Element::new("close", ns::FRAMING));
    }

    /// Sends an element of this module's own making, which is always writable.
    fn send_now(&mut self, element: &Element) {
        if let Ok(frame) = element.to_xml() {
            self.transmits.push_back(Transmit::SocketSend(frame));
        }
    }
}
