//! XMPP over WebSocket as a conversation: every arrow of the state machine, and what a server must not do.

use std::{iter::from_fn, time::Duration};

use converse_wasm::{
    stream::{
        Closed, Header, Input, StreamError, StreamEvent, Transmit,
        websocket::{CLOSE_TIMEOUT, OPEN_TIMEOUT, WebSocket},
    },
    time::Instant,
    xml::{Element, ReadError, Restricted, WriteError, ns, read},
};

const URL: &str = "wss://capulet.lit/xmpp-websocket";
const OPEN: &str = "<open xmlns=\"urn:ietf:params:xml:ns:xmpp-framing\" to=\"capulet.lit\" version=\"1.0\" \
    xml:lang=\"en\"/>";
const CLOSE: &str = "<close xmlns=\"urn:ietf:params:xml:ns:xmpp-framing\"/>";
const PEER_OPEN: &str = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' id='S1' from='capulet.lit' version='1.0'/>";
const PEER_CLOSE: &str = "<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>";
const START: Instant = Instant::new(Duration::from_secs(100));

/// A stream, and the server's side of it.
struct Script(WebSocket);

impl Script {
    fn connecting() -> Self {
        let mut script = Self(WebSocket::new(URL.to_owned(), "capulet.lit".to_owned()));
        script.0.open(START);
        script.expect_transmits(&[Transmit::SocketOpen { url: URL.to_owned() }]);
        script
    }

    fn opening() -> Self {
        let mut script = Self::connecting();
        script.0.handle_input(Input::SocketOpened);
        script.expect_sent(&[OPEN]);
        script
    }

    fn opened() -> Self {
        let mut script = Self::opening();
        script.recv(PEER_OPEN);
        script.expect_opened();
        assert_eq!(script.0.poll_timeout(), None);
        script.expect_silence();
        script
    }

    fn closing() -> Self {
        let mut script = Self::opened();
        script.0.close(START);
        script.expect_sent(&[CLOSE]);
        assert_eq!(script.0.poll_timeout(), Some(START + CLOSE_TIMEOUT));
        script
    }

    fn recv(&mut self, frame: &str) {
        self.0.handle_input(Input::SocketReceived(frame));
    }

    fn expect_opened(&mut self) {
        let header = Header { id: Some("S1".to_owned()), from: Some("capulet.lit".to_owned()) };
        assert_eq!(self.0.poll_event(), Some(StreamEvent::Opened(header)));
    }

    fn expect_received(&mut self, xml: &str) {
        assert_eq!(self.0.poll_event(), read(xml).ok().map(StreamEvent::Received));
    }

    fn expect_sent(&mut self, frames: &[&str]) {
        let frames: Vec<_> = frames.iter().map(|frame| Transmit::SocketSend((*frame).to_owned())).collect();
        self.expect_transmits(&frames);
    }

    fn expect_transmits(&mut self, expected: &[Transmit]) {
        assert_eq!(from_fn(|| self.0.poll_transmit()).collect::<Vec<_>>(), expected);
    }

    /// The frames are sent, the WebSocket is closed, the end is told, and nothing follows.
    fn expect_end(&mut self, frames: &[&str], reason: Closed) {
        let mut expected: Vec<_> = frames.iter().map(|frame| Transmit::SocketSend((*frame).to_owned())).collect();
        expected.push(Transmit::SocketClose);
        self.expect_transmits(&expected);
        assert_eq!(self.0.poll_event(), Some(StreamEvent::Closed(reason)));
        assert_eq!(self.0.poll_timeout(), None);
        self.recv(PEER_OPEN);
        self.recv(PEER_CLOSE);
        self.recv("<message xmlns='jabber:client'/>");
        self.recv("not XML");
        self.0.handle_input(Input::SocketOpened);
        self.0.handle_input(Input::SocketClosed);
        self.0.handle_timeout(START + Duration::from_secs(1000));
        self.0.open(START);
        self.0.restart();
        self.0.close(START);
        assert_eq!(self.0.send(&Element::new("message", ns::CLIENT)), Ok(()));
        self.expect_silence();
    }

    fn expect_silence(&mut self) {
        assert_eq!(self.0.poll_transmit(), None);
        assert_eq!(self.0.poll_event(), None);
    }
}

fn stream_error(condition: &str, text: Option<&str>, other: Option<&str>) -> Closed {
    let (text, other) = (text.map(str::to_owned), other.map(str::to_owned));
    Closed::StreamError(StreamError { condition: condition.to_owned(), text, other })
}

// Opening

#[test]
fn a_stream_is_opened_and_elements_go_both_ways() {
    let mut script = Script::opened();
    script.recv("<features xmlns='http://etherx.jabber.org/streams'/>");
    script.recv("<message xmlns='jabber:client'><body>hi</body></message>");
    script.expect_received("<features xmlns='http://etherx.jabber.org/streams'/>");
    script.expect_received("<message xmlns='jabber:client'><body>hi</body></message>");
    assert_eq!(script.0.send(&Element::new("presence", ns::CLIENT)), Ok(()));
    script.expect_sent(&["<presence xmlns=\"jabber:client\"/>"]);
}

#[test]
fn the_prefix_that_features_usually_have_may_be_declared_in_the_frame() {
    let mut script = Script::opened();
    script.recv("<stream:features xmlns:stream='http://etherx.jabber.org/streams'/>");
    script.expect_received("<features xmlns='http://etherx.jabber.org/streams'/>");
}

#[test]
fn a_stream_is_opened_once() {
    let mut script = Script::connecting();
    script.0.open(START);
    script.expect_silence();
}

#[test]
fn nothing_is_sent_before_the_stream_is_open() {
    let presence = Element::new("presence", ns::CLIENT);
    for mut script in [Script::connecting(), Script::opening()] {
        assert_eq!(script.0.send(&presence), Ok(()));
        script.0.restart();
        script.expect_silence();
    }
}

#[test]
fn the_stream_is_opened_anew_after_authentication() {
    let mut script = Script::opened();
    script.0.restart();
    script.expect_sent(&[OPEN]);
    script.recv(PEER_OPEN);
    script.recv("<features xmlns='http://etherx.jabber.org/streams'/>");
    script.expect_opened();
    script.expect_received("<features xmlns='http://etherx.jabber.org/streams'/>");
    script.expect_silence();
}

#[test]
fn a_header_may_say_nothing() {
    let mut script = Script::opening();
    script.recv("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>");
    assert_eq!(script.0.poll_event(), Some(StreamEvent::Opened(Header::default())));
}

#[test]
fn a_server_that_cannot_be_reached() {
    let mut script = Script::connecting();
    script.0.handle_input(Input::SocketClosed);
    script.expect_end(&[], Closed::Unreachable);
}

#[test]
fn a_server_that_takes_too_long() {
    for mut script in [Script::connecting(), Script::opening()] {
        assert_eq!(script.0.poll_timeout(), Some(START + OPEN_TIMEOUT));
        script.0.handle_timeout(START + OPEN_TIMEOUT.saturating_sub(Duration::from_millis(1)));
        script.expect_silence();
        script.0.handle_timeout(START + OPEN_TIMEOUT);
        script.expect_end(&[], Closed::Unreachable);
    }
}

#[test]
fn a_server_that_does_not_open_its_side_first() {
    for frame in ["<message xmlns='jabber:client'/>", "<html/>", "<open/>"] {
        let mut script = Script::opening();
        script.recv(frame);
        script.expect_end(&[], Closed::NotXmpp);
    }
}

#[test]
fn a_stream_error_may_come_instead_of_the_opening() {
    let mut script = Script::opening();
    script.recv(
        "<error xmlns='http://etherx.jabber.org/streams'>\
         <host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></error>",
    );
    script.expect_end(&[], stream_error("host-unknown", None, None));
}

#[test]
fn frames_before_the_socket_is_open_are_no_frames() {
    let mut script = Script::connecting();
    script.recv(PEER_OPEN);
    script.expect_silence();
}

#[test]
fn what_belongs_to_bosh_is_not_taken_in() {
    use converse_wasm::stream::RequestId;
    let mut script = Script::opened();
    script.0.handle_input(Input::HttpFailed { id: RequestId(1) });
    script.0.handle_input(Input::HttpAnswered { id: RequestId(1), status: 200, body: PEER_CLOSE });
    script.expect_silence();
}

// The end

#[test]
fn this_side_closes_and_the_server_agrees() {
    let mut script = Script::closing();
    script.recv("<message xmlns='jabber:client'/>");
    script.expect_received("<message xmlns='jabber:client'/>");
    script.recv(PEER_CLOSE);
    script.expect_end(&[], Closed::ByUs);
}

#[test]
fn this_side_closes_while_the_stream_is_being_opened() {
    let mut script = Script::opening();
    script.0.close(START);
    script.expect_sent(&[CLOSE]);
    script.recv(PEER_CLOSE);
    script.expect_end(&[], Closed::ByUs);
}

#[test]
fn this_side_closes_before_there_is_a_stream() {
    let mut script = Script::connecting();
    script.0.close(START);
    script.expect_end(&[], Closed::ByUs);
    let mut script = Script(WebSocket::new(URL.to_owned(), "capulet.lit".to_owned()));
    script.0.close(START);
    script.expect_end(&[], Closed::ByUs);
}

#[test]
fn nothing_is_sent_after_the_close() {
    let mut script = Script::closing();
    assert_eq!(script.0.send(&Element::new("message", ns::CLIENT)), Ok(()));
    script.0.restart();
    script.0.close(START);
    script.expect_silence();
}

#[test]
fn a_server_that_does_not_agree_to_the_end_is_not_waited_for() {
    let mut script = Script::closing();
    script.0.handle_timeout(START + CLOSE_TIMEOUT);
    script.expect_end(&[], Closed::ByUs);
    let mut script = Script::closing();
    script.0.handle_input(Input::SocketClosed);
    script.expect_end(&[], Closed::ByUs);
}

#[test]
fn the_server_closes() {
    for mut script in [Script::opening(), Script::opened()] {
        script.recv(PEER_CLOSE);
        script.expect_end(&[CLOSE], Closed::ByPeer);
    }
}

#[test]
fn the_server_sends_this_side_elsewhere() {
    let mut script = Script::opening();
    script.recv("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing' see-other-uri='wss://other.lit/ws'/>");
    script.expect_end(&[CLOSE], stream_error("see-other-uri", None, Some("wss://other.lit/ws")));
}

#[test]
fn the_server_says_what_is_wrong() {
    let mut script = Script::opened();
    script.recv(
        "<stream:error xmlns:stream='http://etherx.jabber.org/streams'>\
         <conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>\
         <text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>Replaced by new connection</text></stream:error>",
    );
    script.expect_end(&[], stream_error("conflict", Some("Replaced by new connection"), None));
    let mut script = Script::opened();
    script.recv("<error xmlns='http://etherx.jabber.org/streams'/>");
    script.expect_end(&[], stream_error("undefined-condition", None, None));
}

#[test]
fn the_connection_breaks() {
    for mut script in [Script::opening(), Script::opened()] {
        script.0.handle_input(Input::SocketClosed);
        script.expect_end(&[], Closed::Lost);
    }
}

// What a server must not send

#[test]
fn a_bad_frame_ends_the_stream_and_the_server_is_told() {
    let restricted = |what| (ReadError::Restricted(what), "restricted-xml");
    let malformed = (ReadError::NotWellFormed, "not-well-formed");
    for (frame, (error, condition)) in [
        ("<!DOCTYPE a><a/>", restricted(Restricted::Doctype)),
        ("<a><!-- --></a>", restricted(Restricted::Comment)),
        ("<a>&nbsp;</a>", restricted(Restricted::EntityReference)),
        ("<?php ?><a/>", restricted(Restricted::ProcessingInstruction)),
        // A binary message arrives as an empty text.
        ("", malformed),
        (" ", malformed),
        ("<message xmlns='jabber:client'>", malformed),
        ("<a/><b/>", malformed),
        // RFC 7395 knows no stream element that stays open.
        ("<stream:stream xmlns:stream='http://etherx.jabber.org/streams'>", malformed),
        ("<stream:features/>", malformed),
    ] {
        for mut script in [Script::opening(), Script::opened()] {
            script.recv(frame);
            let told = format!(
                "<error xmlns=\"http://etherx.jabber.org/streams\">\
                 <{condition} xmlns=\"urn:ietf:params:xml:ns:xmpp-streams\"/></error>"
            );
            script.expect_end(&[&told, CLOSE], Closed::BadFrame(error));
        }
    }
}

#[test]
fn the_server_may_still_say_what_is_wrong_after_the_close() {
    let mut script = Script::closing();
    script.recv(
        "<error xmlns='http://etherx.jabber.org/streams'>\
         <conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></error>",
    );
    script.expect_end(&[], stream_error("conflict", None, None));
}

#[test]
fn nothing_is_said_after_the_close_not_even_to_a_bad_frame() {
    let mut script = Script::closing();
    script.recv("<a");
    script.expect_end(&[], Closed::ByUs);
}

#[test]
fn what_cannot_be_written_is_not_sent() {
    let mut script = Script::opened();
    let bad = Element::new("body", ns::CLIENT).with_text("\u{0}");
    assert_eq!(script.0.send(&bad), Err(WriteError::Character('\0')));
    script.expect_silence();
}
