//! Reconnection as a conversation: when the client tries again, when it does not, and how it notices that it must.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod support;

use std::time::Duration;

use converse_wasm::{
    client::{Client, Event, Status},
    random::Random,
    session::{
        Account, Arrival, ConnectionError, Delivery, LASTING, LINK_TIMEOUT, LOGIN_TIMEOUT, MAX_REDIRECTS,
        RECONNECT_CEILING, RECONNECT_FIRST, SUSPECT_TIMEOUT, SendError,
    },
    store::cache::Part,
    stream::{Closed, Endpoint, Input, sasl::Policy},
    time::Instant,
    xml::ns,
};

use support::{
    managed::{BIND_AND_MANAGE, ENABLED, R, ROSTER, a, message, steadfast},
    peer::{BIND, BOSH_URL, BOUND, Script, WEBSOCKET_URL, juliet, mechanisms, seconds},
};

const AUTH: &str = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>*</auth>";
const SUCCESS: &str = "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>";
const PING: &str = "<iq type='get' id='$ping'><ping xmlns='urn:xmpp:ping'/></iq>";
const ACTIVE: &str = "<active xmlns='urn:xmpp:csi:0'/>";
const INACTIVE: &str = "<inactive xmlns='urn:xmpp:csi:0'/>";

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

/// Plays the conversation over both transports with a client that is online, and will be again.
#[track_caller]
fn steadfast_on_both(conversation: impl Fn(Script)) {
    for mut script in [Script::websocket(steadfast()), Script::bosh(steadfast())] {
        script.log_in();
        script.settle();
        conversation(script);
    }
}

#[track_caller]
fn expect_lost(script: &mut Script, code: &str) {
    script.expect_status(Status::Reconnecting);
    let Event::Lost(cause) = script.next_event() else { script.fail("not lost") };
    assert_eq!(cause.code(), code);
}

#[track_caller]
fn expect_arrival(script: &mut Script, expected: Arrival) {
    loop {
        if let Event::Online { arrival, .. } = script.next_event() {
            return assert_eq!(arrival, expected);
        }
    }
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
        expect_lost(&mut script, "connection-lost");
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
        expect_arrival(&mut script, Arrival::Reconnected);
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
            expect_lost(&mut script, if phase == Connecting { "unreachable" } else { "connection-lost" });
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
        expect_lost(&mut script, if *phase > Opening { "timeout" } else { "unreachable" });
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
    expect_lost(&mut script, "timeout");
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
            expect_lost(&mut script, "stream-error");
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
    expect_lost(&mut script, "authentication-failed");
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

// How a dead link is noticed

#[test]
fn a_link_in_doubt_is_asked_for_a_sign_of_life() {
    let mut script = Script::online_with(steadfast());
    script.fall_silent();
    script.act(Client::check_link);
    script.expect_sent(PING);
    script.advance(SUSPECT_TIMEOUT - Duration::from_millis(1));
    script.expect_silence();
    script.recv("<iq type='result' id='$ping'/>");
    script.advance(seconds(600));
    script.expect_silence();
    assert!(script.client.is_connected());
    // Anything will do.
    script.act(Client::check_link);
    script.expect_sent("<iq type='get' id='*'><ping xmlns='urn:xmpp:ping'/></iq>");
    script.recv("<presence/>");
    script.advance(seconds(600));
    assert!(script.client.is_connected());
    script.act(Client::check_link);
    script.expect_sent("<iq type='get' id='*'><ping xmlns='urn:xmpp:ping'/></iq>");
    script.advance(SUSPECT_TIMEOUT);
    expect_lost(&mut script, "connection-lost");
    assert!(!script.has_socket());
}

#[test]
fn with_stream_management_the_sign_of_life_is_an_answer_to_r() {
    let mut script = Script::managed();
    script.act(Client::check_link);
    script.expect_sent(R);
    script.recv(&a(2));
    script.advance(SUSPECT_TIMEOUT);
    assert!(script.client.is_connected());
    script.act(Client::check_link);
    script.expect_sent(R);
    script.advance(SUSPECT_TIMEOUT);
    expect_lost(&mut script, "connection-lost");
    // Without the ceremony that would end the stream, so that it can be resumed.
    script.expect_nothing_sent();
    assert!(!script.has_socket());
    script.wait();
    script.expect_resume(1);
}

#[test]
fn before_the_server_agrees_to_count_nothing_is_sent_that_would() {
    let mut script = Script::websocket(steadfast());
    script.authenticate();
    script.bound();
    script.forget();
    script.act(Client::check_link);
    // It owes an answer to <enable/>, which will do.
    script.expect_nothing_sent();
    script.recv(ENABLED);
    script.expect_sent(R);
    // The roster request and presence.
    script.recv(&a(2));
    script.advance(LINK_TIMEOUT);
    assert!(script.client.is_connected());
}

#[test]
fn asking_again_does_not_put_the_answer_off() {
    let mut script = Script::online_with(steadfast());
    script.fall_silent();
    script.act(Client::check_link);
    script.advance(SUSPECT_TIMEOUT - seconds(1));
    script.act(Client::check_link);
    script.advance(seconds(1));
    script.skip_events();
    assert_eq!(script.client.status(), Status::Reconnecting);
}

#[test]
fn a_machine_that_slept_asks_before_it_gives_up() {
    for silent in [false, true] {
        let mut script = Script::online_with(Account { ping_interval: Some(seconds(60)), ..steadfast() });
        script.fall_silent();
        // No time passed for the client: no timer fired, however many were due.
        script.now = script.now + seconds(8 * 3600);
        script.act(Client::handle_timeout);
        script.expect_sent(PING);
        script.expect_silence();
        match silent {
            false => script.recv("<iq type='result' id='$ping'/>"),
            true => script.advance(LINK_TIMEOUT),
        }
        assert_eq!(script.client.is_connected(), !silent);
    }
}

#[test]
fn the_server_is_asked_whether_it_is_there_only_when_nothing_else_says_so() {
    let mut script = Script::online_with(Account { ping_interval: Some(seconds(60)), ..steadfast() });
    script.fall_silent();
    for _ in 0..10 {
        script.advance(seconds(59));
        script.recv("<presence/>");
    }
    script.expect_silence();
    script.advance(seconds(60));
    script.expect_sent(PING);
    script.recv("<iq type='result' id='$ping'/>");
    script.advance(seconds(59));
    script.expect_silence();
    script.advance(seconds(1));
    script.expect_sent("<iq type='get' id='*'><ping xmlns='urn:xmpp:ping'/></iq>");
    script.advance(LINK_TIMEOUT - Duration::from_millis(1));
    script.expect_silence();
    script.advance(Duration::from_millis(1));
    expect_lost(&mut script, "connection-lost");
}

#[test]
fn without_an_interval_nobody_is_asked() {
    let mut script = Script::managed();
    assert_eq!(script.client.poll_timeout(), None);
    script.advance(seconds(24 * 3600));
    script.expect_silence();
}

#[test]
fn what_was_sent_and_gets_no_answer_shows_that_the_link_is_dead() {
    let mut script = Script::managed();
    script.send(&message(1)).unwrap();
    script.expect_sent(&message(1));
    script.expect_sent(R);
    script.advance(LINK_TIMEOUT);
    expect_lost(&mut script, "connection-lost");
    script.wait();
    script.expect_resume(1);
    script.resume(2);
    script.expect_sent(&message(1));
}

#[test]
fn a_link_of_bosh_is_mended_and_not_given_up() {
    let mut script = Script::bosh(steadfast());
    script.log_in();
    script.settle();
    script.fall_silent();
    script.act(Client::check_link);
    script.expect_sent(PING);
    script.advance(SUSPECT_TIMEOUT);
    script.advance(seconds(1));
    assert!(script.client.is_connected());
    script.expect_silence();
    script.send(&message(1)).unwrap();
    script.expect_sent(&message(1));
}

// Client state indication

/// The features after authentication of a server that has client state indication.
fn with_client_state(features: &str) -> String {
    features.replace("</stream:features>", "<csi xmlns='urn:xmpp:csi:0'/></stream:features>")
}

#[track_caller]
fn log_in_with_client_state(script: &mut Script) {
    script.accept();
    script.open_stream(&mechanisms(&["PLAIN"]));
    script.expect_sent(AUTH);
    script.recv(SUCCESS);
    script.expect_open();
    script.open_stream(&with_client_state(BIND));
    script.expect_sent("<iq type='set' id='$bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
    script.recv(BOUND);
}

fn set_active(script: &mut Script, active: bool) {
    script.act(|client, now| client.set_visible(now, active));
}

#[test]
fn the_server_is_told_whether_anybody_is_looking() {
    for mut script in [Script::websocket(steadfast()), Script::bosh(steadfast())] {
        log_in_with_client_state(&mut script);
        script.settle();
        // A stream begins with somebody looking.
        set_active(&mut script, true);
        script.expect_silence();
        set_active(&mut script, false);
        script.expect_sent(INACTIVE);
        set_active(&mut script, false);
        script.expect_silence();
        set_active(&mut script, true);
        script.expect_sent(ACTIVE);
        script.expect_silence();
    }
}

#[test]
fn a_server_without_client_state_is_told_nothing() {
    steadfast_on_both(|mut script| {
        set_active(&mut script, false);
        script.expect_silence();
    });
}

#[test]
fn a_new_stream_is_told_that_nobody_is_looking() {
    let mut script = Script::websocket(steadfast());
    set_active(&mut script, false);
    log_in_with_client_state(&mut script);
    script.expect_sent(ROSTER);
    script.expect_sent("<presence/>");
    script.expect_sent(INACTIVE);
    script.settle();
    script.lose_and_wait();
    set_active(&mut script, true);
    log_in_with_client_state(&mut script);
    script.expect_sent(ROSTER);
    script.expect_sent("<presence/>");
    script.expect_nothing_sent();
}

#[test]
fn a_stream_that_goes_on_is_told_in_any_case() {
    for active in [true, false] {
        let mut script = Script::websocket(steadfast());
        let features = with_client_state(BIND_AND_MANAGE);
        for resumes in [false, true] {
            script.accept();
            script.open_stream(&mechanisms(&["PLAIN"]));
            script.expect_sent(AUTH);
            script.recv(SUCCESS);
            script.expect_open();
            script.open_stream(&features);
            if !resumes {
                script.bind_managed(ENABLED);
                script.recv(&a(2));
                set_active(&mut script, active);
                script.forget();
                script.lose_and_wait();
            }
        }
        script.expect_sent("<resume xmlns='urn:xmpp:sm:3' h='1' previd='sm1'/>");
        script.resume(2);
        // What the stream was told before may have been lost with it.
        script.expect_sent(if active { ACTIVE } else { INACTIVE });
        script.expect_nothing_sent();
    }
}

// Where the server sends the client

fn elsewhere(url: &str) -> String {
    format!("<close xmlns='{}' see-other-uri='{url}'/>", ns::FRAMING.as_str())
}

#[test]
fn a_redirection_during_the_log_in_is_followed() {
    let mut script = Script::websocket(juliet());
    script.accept();
    script.recv_raw(&elsewhere("wss://other.lit/ws"));
    script.expect_close();
    assert_eq!(script.expect_connect(), "wss://other.lit/ws");
    script.input(Input::SocketOpened);
    script.expect_open();
    script.open_stream(&mechanisms(&["PLAIN"]));
    script.expect_sent(AUTH);
    script.recv(SUCCESS);
    script.bind();
    // That is no news for the page.
    script.expect_status(Status::Connecting);
    script.expect_status(Status::Authenticating);
    script.expect_status(Status::Connected);
    expect_arrival(&mut script, Arrival::New);
}

#[test]
fn a_redirection_of_a_stream_is_followed_at_once() {
    let mut script = Script::managed();
    script.send(&message(1)).unwrap();
    script.forget();
    script.recv_raw(&elsewhere("wss://other.lit/ws"));
    script.expect_close();
    expect_lost(&mut script, "stream-error");
    script.expect_status(Status::Connecting);
    script.expect_delivery("1", Delivery::InDoubt);
    assert_eq!(script.expect_connect(), "wss://other.lit/ws");
    // Should that one not be there, the way leads back.
    script.drop_link();
    script.wait();
    assert_eq!(script.expect_connect(), WEBSOCKET_URL);
}

#[test]
fn who_does_not_connect_again_is_not_redirected_either() {
    let mut script = Script::online();
    script.recv_raw(&elsewhere("wss://other.lit/ws"));
    script.expect_close();
    assert_eq!(script.expect_end().unwrap().condition(), Some("see-other-uri"));
}

#[test]
fn a_redirection_that_is_less_safe_or_no_address_is_not_followed() {
    for url in ["ws://other.lit/ws", "ws://evil.lit/?wss://", "https://other.lit/http-bind", "", "wss:other", "/ws"] {
        let mut script = Script::managed();
        script.recv_raw(&elsewhere(url));
        script.expect_close();
        let cause = script.expect_end().unwrap();
        assert!(matches!(cause, ConnectionError::Closed(Closed::StreamError(_))), "{url}: {cause:?}");
    }
}

#[test]
fn redirections_are_not_followed_for_ever() {
    for online in [false, true] {
        let mut script = if online { Script::managed() } else { Script::websocket(juliet()) };
        if !online {
            script.accept();
        }
        for number in 0..MAX_REDIRECTS {
            let url = format!("wss://{number}.lit/ws");
            script.recv_raw(&elsewhere(&url));
            script.expect_close();
            assert_eq!(script.expect_connect(), url);
            script.input(Input::SocketOpened);
            script.expect_open();
        }
        script.recv_raw(&elsewhere("wss://last.lit/ws"));
        script.expect_close();
        let cause = script.expect_end().unwrap();
        assert_eq!(cause.condition(), Some("see-other-uri"));
    }
}

#[test]
fn redirections_long_ago_do_not_count() {
    let mut script = Script::managed();
    for number in 0..MAX_REDIRECTS * 2 {
        script.advance(LASTING);
        script.forget();
        script.recv_raw(&elsewhere(&format!("wss://{number}.lit/ws")));
        script.expect_close();
        script.log_in_managed(ENABLED);
    }
}

#[test]
fn a_redirection_of_bosh_is_followed() {
    let mut script = Script::bosh(steadfast());
    script.log_in();
    script.settle();
    script.recv_raw(
        "<body xmlns='http://jabber.org/protocol/httpbind' type='terminate' condition='see-other-uri'>\
         <uri>https://other.lit/http-bind</uri></body>",
    );
    assert_eq!(script.expect_connect(), "https://other.lit/http-bind");
    let mut script =
        Script::bosh(Account { policy: Policy { plaintext_allowed: true, ..Policy::default() }, ..steadfast() });
    script.log_in();
    script.settle();
    script.recv_raw(
        "<body xmlns='http://jabber.org/protocol/httpbind' type='terminate' condition='see-other-uri'>\
         <uri>http://other.lit/http-bind</uri></body>",
    );
    assert!(matches!(script.expect_end(), Some(ConnectionError::Closed(Closed::StreamError(_)))));
    let here = Endpoint::Bosh(BOSH_URL.to_owned());
    assert_eq!(here.redirected("http://other.lit/http-bind"), None);
}
