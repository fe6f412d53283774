//! What a script says must have happened.

use converse_wasm::{
    client::{Event, Status},
    session::{Arrival, ConnectionError, Delivery},
    stream::Transmit,
    xml::Element,
};

use super::{
    super::{
        link::Sent,
        pattern::{fill_in, matches, stanza},
    },
    Script,
};

impl Script {
    /// The client wants a connection; this is where.
    #[track_caller]
    pub fn expect_connect(&mut self) -> String {
        match self.next_sent() {
            Some(Sent::Connect(url)) => url,
            other => self.fail(&format!("a connection was expected, not {other:?}")),
        }
    }

    /// The client opens its side of the stream, for the first time or anew.
    #[track_caller]
    pub fn expect_open(&mut self) {
        let expected = Some(Sent::Open(self.domain.clone()));
        let sent = self.next_sent();
        if sent != expected {
            self.fail(&format!("{expected:?} was expected, not {sent:?}"));
        }
    }

    /// The client sends this element next.
    #[track_caller]
    pub fn expect_sent(&mut self, xml: &str) -> Element {
        let expected = stanza(&fill_in(xml, &self.names));
        match self.next_sent() {
            Some(Sent::Element(sent)) if matches(&expected, &sent, &mut self.names) => sent,
            Some(Sent::Element(sent)) => {
                self.fail(&format!("expected: {}\n    sent: {}", shown(&expected), shown(&sent)))
            }
            other => self.fail(&format!("expected: {}\n    sent: {other:?}", shown(&expected))),
        }
    }

    /// The client sends some element next.
    #[track_caller]
    pub fn expect_sent_any(&mut self) -> Element {
        match self.next_sent() {
            Some(Sent::Element(sent)) => sent,
            other => self.fail(&format!("an element was expected, not {other:?}")),
        }
    }

    /// The value of a `$name` that stood in a stanza.
    #[track_caller]
    pub fn expect_name(&self, name: &str) -> String {
        self.names.get(name).cloned().unwrap_or_else(|| self.fail(&format!("${name} has no value")))
    }

    /// The client closes its side of the stream.
    #[track_caller]
    pub fn expect_close(&mut self) {
        let sent = self.next_sent();
        if sent != Some(Sent::Close) {
            self.fail(&format!("the end of the stream was expected, not {sent:?}"));
        }
    }

    /// The client asks its platform for this next; for scripts that play [`Self::by_hand`].
    #[track_caller]
    pub fn expect_transmit(&mut self) -> Transmit {
        let transmits = self.transmits.as_mut().expect("a script that plays the link by hand");
        transmits.pop_front().unwrap_or_else(|| self.fail("the client asks for nothing"))
    }

    /// The page is told this next.
    #[track_caller]
    pub fn expect_event(&mut self, expected: Event) {
        let event = self.events.pop_front();
        if event.as_ref() != Some(&expected) {
            self.fail(&format!("expected: {expected:?}\n    told: {event:?}"));
        }
    }

    /// The page is told, of the stanzas that it has not been told of, first of this one.
    #[track_caller]
    pub fn expect_delivery(&mut self, id: &str, expected: Delivery) {
        let told = self.deliveries.pop_front();
        if told != Some((id.to_owned(), expected)) {
            self.fail(&format!("{id:?} {expected:?} was expected, not {told:?}"));
        }
    }

    /// The page is told next that the connection is in this state.
    #[track_caller]
    pub fn expect_status(&mut self, expected: Status) {
        self.expect_event(Event::Status(expected));
    }

    /// The page is told, whatever else before, that the session is over; and so it is.
    #[track_caller]
    pub fn expect_end(&mut self) -> Option<ConnectionError> {
        loop {
            if let Event::Disconnected(cause) = self.next_event() {
                self.forget();
                if self.link.socket || self.client.poll_timeout().is_some() || self.client.is_connected() {
                    self.fail("something is left of the session");
                }
                return cause;
            }
        }
    }

    /// The page is told next that the connection is lost, and why, and that it is made again.
    #[track_caller]
    pub fn expect_lost(&mut self, code: &str) {
        self.expect_status(Status::Reconnecting);
        let Event::Lost(cause) = self.next_event() else { self.fail("not lost") };
        assert_eq!(cause.code(), code);
    }

    /// The page is told, whatever else before, that somebody is online, and how that came.
    #[track_caller]
    pub fn expect_arrival(&mut self, expected: Arrival) {
        loop {
            if let Event::Online { arrival, .. } = self.next_event() {
                return assert_eq!(arrival, expected);
            }
        }
    }

    /// What the page is told next.
    #[track_caller]
    pub fn next_event(&mut self) -> Event {
        self.events.pop_front().unwrap_or_else(|| self.fail("the page is told nothing"))
    }

    /// Nothing more is sent or told.
    #[track_caller]
    pub fn expect_silence(&self) {
        let transmits: Vec<_> = self.transmits.iter().flatten().collect();
        if !(self.link.sent.is_empty() && self.events.is_empty() && transmits.is_empty()) {
            self.fail(&format!("sent: {:?}, {transmits:?}\n    told: {:?}", self.link.sent, self.events));
        }
    }

    /// Nothing more is sent, whatever is told.
    #[track_caller]
    pub fn expect_nothing_sent(&self) {
        if !self.link.sent.is_empty() {
            self.fail(&format!("sent: {:?}", self.link.sent));
        }
    }

    /// What the client does next on the stream, if it does anything, and whether it has given that connection up since;
    /// for servers that play themselves.
    pub fn poll_sent(&mut self) -> Option<(Sent, bool)> {
        let sent = self.next_sent()?;
        Some((sent, self.link.is_behind()))
    }

    /// What became of a stanza, if the page has been told.
    pub fn poll_delivery(&mut self) -> Option<(String, Delivery)> {
        self.deliveries.pop_front()
    }

    /// What the page is told next, if it is told anything.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// What became of entities since this was asked last.
    pub fn take_changes(&mut self) -> Vec<converse_wasm::store::Change> {
        self.changes.drain(..).collect()
    }

    /// What was sent and told until here is of no interest.
    pub fn forget(&mut self) {
        self.link.sent.clear();
        self.events.clear();
        self.deliveries.clear();
        self.changes.clear();
    }

    /// What was told until here is of no interest.
    pub fn skip_events(&mut self) {
        self.events.clear();
    }

    /// What the page has been told since this was asked last.
    pub fn take_events(&mut self) -> Vec<Event> {
        self.events.drain(..).collect()
    }

    /// Whether what the script does reaches the client over BOSH.
    pub fn is_bosh(&self) -> bool {
        self.link.over_bosh
    }

    /// Whether the client has a WebSocket open, or wants one.
    pub fn has_socket(&self) -> bool {
        self.link.socket
    }

    /// Whether `text` was in the page's storage before it was in what left.
    pub fn wrote_before_transmit(&self, text: &str) -> bool {
        let first = |who: &str| self.log.iter().position(|line| line.contains(who) && line.contains(text));
        first(" stored: ").is_some_and(|stored| first(" client: ").is_none_or(|sent| stored < sent))
    }

    /// Ends the test with the conversation so far.
    #[track_caller]
    pub fn fail(&self, why: &str) -> ! {
        panic!("{why}\n\nThe conversation so far:\n{}\n", self.log.join("\n"))
    }
}

fn shown(element: &Element) -> String {
    element.to_xml().unwrap_or_else(|_| format!("{element:?}"))
}
