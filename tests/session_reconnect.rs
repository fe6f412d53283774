//! Reconnection as a conversation: when the client tries again, and when it does not.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod support;

use std::time::Duration;

use converse_wasm::{
    client::{Client, Status},
    random::Random,
    session::{Arrival, Delivery, LASTING, LOGIN_TIMEOUT, RECONNECT_CEILING, RECONNECT_FIRST, SendError},
    store::cache::Part,
    stream::Input,
    time::Instant,
    xml::ns,
};

use support::{
    managed::{BIND_AND_MANAGE, message, steadfast, steadfast_on_both},
    peer::{Script, mechanisms, seconds},
};

const AUTH: &str = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>*</auth>";
const SUCCESS: &str = "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>";

/// How far the way back has come when something happens.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Phase {
    Waiting,
    Connecting,
    Opening,
    Authenticating,
    Reopening,
    Resuming,
    Binding,
}

use Phase::*;

const PHASES: [Phase; 7] = [Waiting, Connecting, Opening, Authenticating, Reopening, Resuming, Binding];

/// A client that lost its stream, with message 1 sent but not acknowledged and message 2 written since, on its way back.
#[track_caller]
fn on_the_way_back(phase: Phase) -> Script {
    let mut script = Script::managed();
    script.send(&message(1)).unwrap();
    script.drop_link();
    script.send(&message(2)).unwrap();
    script.forget();
    if phase > Waiting {
        script.wait();
    }
    if phase > Connecting {
        script.accept();
    }
    if phase > Opening {
        script.open_stream(&mechanisms(&["PLAIN"]));
        script.expect_sent(AUTH);
    }
    if phase > Authenticating {
        script.recv(SUCCESS);
        script.expect_open();
    }
    if phase > Reopening {
        script.open_stream(BIND_AND_MANAGE);
        script.expect_sent("<resume xmlns='urn:xmpp:sm:3' h='1' previd='sm1'/>");
    }
    if phase > Resuming {
        script.recv("<failed xmlns='urn:xmpp:sm:3' h='2'/>");
        script.expect_sent("<iq type='set' id='*'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
    }
    script.skip_events();
    script
}

/// The server ends the stream for this reason.
fn stream_error(condition: &str) -> String {
    format!("<stream:error><{condition} xmlns='{}'/></stream:error>", ns::STREAM_ERRORS.as_str())
}

/// How long it is until the next attempt, of a client that waits for it.
fn delay(script: &Script) -> Duration {
    script.client.poll_timeout().map(|due| due.saturating_duration_since(script.now)).unwrap()
}

// When it is tried again

/// A source that gives the same bytes for the same seed (splitmix64).
struct Seeded(u64);

impl Random for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            *byte = (mixed >> 56).try_into().unwrap();
        }
    }
}

/// The delays before the attempts of a client whose server is gone.
fn delays(seed: u64, session: &str) -> Vec<Duration> {
    let mut client = Client::new(Seeded(seed));
    client.load(Part::Session, session);
    let mut now = Instant::default();
    client.log_in(now, steadfast());
    let attempt = |_| {
        while client.poll_transmit(now).is_some() {}
        client.handle_input(now, Input::SocketClosed);
        while client.poll_transmit(now).is_some() {}
        let due = client.poll_timeout().unwrap();
        let delay = due.saturating_duration_since(now);
        now = due;
        client.handle_timeout(now);
        delay
    };
    (0..12).map(attempt).collect()
}

#[test]
fn delays_are_spread_below_a_ceiling_that_doubles() {
    let script = Script::managed();
    let session = script.stored_of(&Part::Session).unwrap();
    let all: Vec<Vec<Duration>> = (0..400).map(|seed| delays(seed, session)).collect();
    for attempt in 0..12 {
        let ceiling = RECONNECT_FIRST.saturating_mul(2u32.pow(attempt)).min(RECONNECT_CEILING);
        let delays: Vec<Duration> = all.iter().map(|delays| delays[attempt as usize]).collect();
        assert!(delays.iter().all(|delay| *delay < ceiling), "attempt {attempt}: {:?}", delays.iter().max());
        // Anything from nothing to the ceiling is as likely as anything else.
        for quarter in 0..4 {
            let bounds = ceiling * quarter / 4..ceiling * (quarter + 1) / 4;
            let hits = delays.iter().filter(|delay| bounds.contains(delay)).count();
            assert!((60..140).contains(&hits), "attempt {attempt}: {hits} of 400 in quarter {quarter}");
        }
    }
}

#[test]
fn a_loss_is_told_and_made_good() {
    steadfast_on_both(|mut script| {
        script.recv_close();
        if !script.is_bosh() {
            script.expect_close();
        }
        script.expect_lost("connection-lost");
        assert!(!script.client.is_connected());
        assert!(script.client.jid().is_some());
        script.expect_silence();
        // The page can say when it is tried again.
        let due = script.client.next_attempt().unwrap();
        assert!(due >= script.now && due <= script.now + RECONNECT_CEILING);
        script.wait();
        assert_eq!(script.client.next_attempt(), None);
        script.log_in();
        script.expect_status(Status::Connecting);
        script.expect_status(Status::Authenticating);
        script.expect_status(Status::Connected);
        script.expect_arrival(Arrival::Reconnected);
    });
}

#[test]
fn the_ceiling_falls_only_after_a_stream_that_lasted() {
    for (lasts, ceiling) in [(LASTING, 1), (LASTING - Duration::from_millis(1), 4)] {
        let mut script = Script::managed();
        script.drop_link();
        script.forget();
        script.wait();
        script.refuse();
        script.wait();
        script.expect_resume(1);
        script.resume(2);
        script.advance(lasts);
        script.throw(255);
        script.drop_link();
        assert_eq!(delay(&script), Duration::from_millis(ceiling * 255_000 / 256), "after {lasts:?}");
    }
}

#[test]
fn a_reason_to_hope_ends_the_wait() {
    steadfast_on_both(|mut script| {
        script.throw(255);
        script.recv_close();
        script.forget();
        script.act(Client::check_link);
        script.expect_status(Status::Connecting);
        script.log_in();
        assert!(script.client.is_connected());
    });
}

#[test]
fn a_reason_to_hope_begins_nothing_twice() {
    for phase in [Connecting, Opening, Authenticating, Reopening, Resuming, Binding] {
        let mut script = on_the_way_back(phase);
        if phase == Connecting {
            script.expect_connect();
        }
        script.act(Client::check_link);
        script.act(Client::check_link);
        script.expect_silence();
    }
    let mut script = Script::managed();
    script.disconnect();
    script.recv_close();
    script.expect_end();
    script.act(Client::check_link);
    script.expect_silence();
}

#[test]
fn a_link_that_breaks_at_each_phase_is_tried_again() {
    for phase in PHASES {
        let mut script = on_the_way_back(phase);
        if phase == Connecting {
            script.expect_connect();
        }
        if phase > Waiting {
            script.drop_link();
            script.expect_lost(if phase == Connecting { "unreachable" } else { "connection-lost" });
        }
        script.wait();
        if phase < Binding {
            script.expect_resume(1);
            script.resume(2);
        } else {
            // The stream is gone, and with what the server said then exactly this is to be sent again.
            script.authenticate();
            script.bound();
            script.expect_sent("<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
        }
        script.expect_sent(&message(1));
        script.expect_sent(&message(2));
    }
}

#[test]
fn a_server_that_says_nothing_at_each_phase_is_tried_again() {
    for phase in &PHASES[1..] {
        let mut script = on_the_way_back(*phase);
        if *phase == Connecting {
            script.expect_connect();
        }
        script.throw(255);
        script.advance(LOGIN_TIMEOUT - Duration::from_millis(1));
        if *phase > Opening {
            script.expect_silence();
            script.advance(Duration::from_millis(1));
        }
        script.expect_lost(if *phase > Opening { "timeout" } else { "unreachable" });
    }
}

#[test]
fn an_attempt_over_bosh_that_takes_too_long_is_let_go() {
    let mut script = Script::bosh(steadfast());
    script.log_in();
    script.settle();
    script.recv_close();
    script.wait();
    script.accept();
    script.open_stream(&mechanisms(&["PLAIN"]));
    script.expect_sent(AUTH);
    script.skip_events();
    script.throw(255);
    script.advance(LOGIN_TIMEOUT);
    script.expect_lost("timeout");
    // Without the ceremony that nobody would answer.
    script.expect_silence();
}

// When it is not

#[test]
fn what_would_happen_again_is_not_tried_again() {
    for (condition, code) in [
        ("conflict", "replaced"),
        ("host-gone", "stream-error"),
        ("host-unknown", "host-unknown"),
        ("not-authorized", "stream-error"),
        ("policy-violation", "stream-error"),
        ("unsupported-version", "stream-error"),
    ] {
        steadfast_on_both(|mut script| {
            script.recv(&stream_error(condition));
            let cause = script.expect_end().unwrap();
            assert_eq!((cause.code(), cause.condition()), (code, Some(condition)));
            assert_eq!(script.client.status(), Status::Disconnected);
        });
    }
}

#[test]
fn what_may_pass_is_tried_again() {
    for condition in ["system-shutdown", "internal-server-error", "connection-timeout", "reset", "resource-constraint"]
    {
        steadfast_on_both(|mut script| {
            script.recv(&stream_error(condition));
            script.expect_lost("stream-error");
            script.wait();
            script.log_in();
        });
    }
}

#[test]
fn credentials_that_are_refused_on_the_way_back_end_it() {
    for condition in ["not-authorized", "account-disabled", "credentials-expired", "mechanism-too-weak"] {
        let mut script = on_the_way_back(Authenticating);
        script.recv(&format!("<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><{condition}/></failure>"));
        script.expect_close();
        script.advance(seconds(3));
        assert_eq!(script.client.status(), Status::AuthenticationFailed);
        script.expect_delivery("1", Delivery::InDoubt);
        script.expect_delivery("2", Delivery::NotSent);
        assert_eq!(script.expect_end().unwrap().code(), "authentication-failed");
    }
}

#[test]
fn a_server_that_cannot_check_credentials_now_is_asked_again() {
    let mut script = on_the_way_back(Authenticating);
    script.recv("<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><temporary-auth-failure/></failure>");
    script.expect_lost("authentication-failed");
    script.wait();
    script.expect_resume(1);
    script.resume(2);
    script.expect_sent(&message(1));
}

#[test]
fn a_server_that_offers_less_on_the_way_back_is_not_believed() {
    let mut script = on_the_way_back(Opening);
    script.open_stream(&mechanisms(&["ANONYMOUS"]));
    script.expect_close();
    script.recv_close();
    assert_eq!(script.expect_end().unwrap().code(), "no-mechanism");
}

#[test]
fn a_log_in_that_never_worked_is_not_tried_again() {
    for mut script in [Script::websocket(steadfast()), Script::bosh(steadfast())] {
        script.refuse();
        assert_eq!(script.expect_end().unwrap().code(), "unreachable");
        assert_eq!(script.client.status(), Status::ConnectionFailed);
    }
}

#[test]
fn nobody_who_did_not_ask_for_it_is_connected_again() {
    let mut script = Script::online();
    script.drop_link();
    assert_eq!(script.expect_end().unwrap().code(), "connection-lost");
    assert_eq!(script.send(&message(1)), Err(SendError::NotConnected));
}

#[test]
fn the_page_gives_up_at_each_phase() {
    for phase in PHASES {
        let mut script = on_the_way_back(phase);
        script.disconnect();
        assert_eq!(script.send(&message(3)), Err(SendError::NotConnected));
        script.act(Client::check_link);
        script.advance(seconds(3));
        match phase {
            // The server had said that 1 had not arrived.
            Binding => script.expect_delivery("1", Delivery::NotSent),
            _ => script.expect_delivery("1", Delivery::InDoubt),
        }
        script.expect_delivery("2", Delivery::NotSent);
        assert_eq!(script.expect_end(), None);
        assert_eq!(script.client.status(), Status::Disconnected);
        assert_eq!(script.stored_of(&Part::Session), None);
    }
}
