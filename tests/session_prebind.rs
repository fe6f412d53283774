//! A BOSH session that another program has begun, as a conversation: taken up, gone, lost, and begun again.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod support;

use converse_wasm::{
    client::{Event, Status},
    jid::FullJid,
    session::{Account, Arrival, Delivery, LOGIN_TIMEOUT, Prebound, SendError},
    stream::{Endpoint, sasl::Secret},
};

use support::{
    managed::{PRESENCE, ROSTER, message, steadfast},
    peer::{BIND, BOSH_URL, BOUND, Script, mechanisms, seconds},
};

const PING: &str = "<iq type='get' id='*'><ping xmlns='urn:xmpp:ping'/></iq>";
const GONE: &str = "<body xmlns='http://jabber.org/protocol/httpbind' type='terminate' condition='item-not-found'/>";

/// What the other program hands over.
fn prebound(rid: u64) -> Prebound {
    Prebound { jid: address(), sid: Secret::from("S1"), rid }
}

fn address() -> FullJid {
    FullJid::new("juliet@capulet.lit/balcony").unwrap()
}

/// Somebody without a password, for whom another program logs in.
fn juliet() -> Account {
    Account { endpoint: Endpoint::Bosh(BOSH_URL.to_owned()), credentials: None, prebinds: true, ..steadfast() }
}

/// A client that was handed a session with this as its next request.
fn attaching(account: Account, rid: u64) -> Script {
    let mut script = Script::offline();
    script.fall_silent();
    script.prebind(rid);
    script.connect(Account { prebound: Some(prebound(rid)), ..account });
    script
}

/// A client that is online by such a session.
#[track_caller]
fn attached() -> Script {
    let mut script = attaching(juliet(), 77);
    answer_ping(&mut script);
    assert!(script.client.is_connected());
    script.settle();
    script
}

/// The client finds out whether the session is there, and it is.
#[track_caller]
fn answer_ping(script: &mut Script) {
    let ping = script.expect_sent(PING);
    script.recv(&format!("<iq type='result' id='{}'/>", ping.attribute("id").unwrap()));
}

/// The session is gone.
fn lose(script: &mut Script) {
    script.recv_raw(GONE);
    script.advance(seconds(60));
}

#[track_caller]
fn expect_unbound(script: &mut Script) {
    loop {
        if script.next_event() == Event::Unbound {
            return;
        }
    }
}

#[test]
fn a_session_that_was_begun_is_taken_up() {
    let mut script = attaching(juliet(), 77);
    script.send(&message(1)).unwrap();
    assert_eq!(script.client.status(), Status::Connecting);
    answer_ping(&mut script);
    script.expect_status(Status::Connecting);
    script.expect_status(Status::Connected);
    script.expect_event(Event::Online { jid: address(), arrival: Arrival::New });
    script.expect_sent(&message(1));
    script.expect_sent(ROSTER);
    script.expect_sent(PRESENCE);
    script.expect_silence();
}

#[test]
fn a_session_that_is_gone_is_no_way_in() {
    let mut script = attaching(Account { prebinds: false, ..juliet() }, 77);
    script.recv_raw(GONE);
    let cause = script.expect_end().unwrap();
    assert_eq!((cause.code(), cause.condition()), ("stream-error", Some("item-not-found")));
    assert_eq!(script.client.status(), Status::ConnectionFailed);
}

#[test]
fn a_session_that_does_not_answer_is_given_up() {
    let mut script = Script::offline();
    script.by_hand();
    script.connect(Account { prebound: Some(prebound(77)), prebinds: false, ..juliet() });
    script.advance(LOGIN_TIMEOUT + seconds(3));
    let cause = script.expect_end().unwrap();
    assert!(["timeout", "connection-lost"].contains(&cause.code()), "{cause:?}");
}

#[test]
fn another_program_is_asked_for_a_session() {
    let mut script = Script::offline();
    script.fall_silent();
    script.connect(juliet());
    script.expect_status(Status::Connecting);
    script.expect_event(Event::Unbound);
    script.expect_silence();
    script.send(&message(1)).unwrap();
    script.prebind(99);
    script.act(|client, now| client.prebind(now, prebound(99)));
    answer_ping(&mut script);
    script.expect_sent(&message(1));
    assert!(script.client.is_connected());
}

#[test]
fn another_program_that_has_none_is_asked_again() {
    let mut script = Script::offline();
    script.connect(juliet());
    expect_unbound(&mut script);
    script.advance(LOGIN_TIMEOUT);
    expect_unbound(&mut script);
    script.disconnect();
    assert_eq!(script.expect_end(), None);
}

#[test]
fn a_session_nobody_waits_for_is_not_taken_up() {
    let mut script = attached();
    script.act(|client, now| client.prebind(now, prebound(5)));
    script.expect_silence();
    script.disconnect();
    script.advance(seconds(3));
    script.expect_end();
    script.act(|client, now| client.prebind(now, prebound(5)));
    script.expect_silence();
}

#[test]
fn a_session_that_is_lost_is_followed_by_another() {
    let mut script = attached();
    lose(&mut script);
    script.expect_status(Status::Reconnecting);
    assert!(matches!(script.next_event(), Event::Lost(_)));
    expect_unbound(&mut script);
    script.prebind(500);
    script.act(|client, now| client.prebind(now, prebound(500)));
    answer_ping(&mut script);
    loop {
        if let Event::Online { arrival, .. } = script.next_event() {
            assert_eq!(arrival, Arrival::Reconnected);
            break;
        }
    }
}

#[test]
fn a_message_that_was_posted_to_a_session_that_is_gone_is_in_doubt() {
    let mut script = attached();
    script.send(&message(1)).unwrap();
    script.expect_sent(&message(1));
    script.recv_raw(GONE);
    script.expect_delivery("1", Delivery::InDoubt);
}

#[test]
fn a_reload_goes_on_with_the_session() {
    let mut script = attached();
    script.send(&message(1)).unwrap();
    assert!(script.reload(juliet()));
    script.expect_sent(&message(1));
    answer_ping(&mut script);
    script.expect_delivery("1", Delivery::Sent);
    loop {
        if let Event::Online { arrival, .. } = script.next_event() {
            assert_eq!(arrival, Arrival::Restored);
            break;
        }
    }
}

#[test]
fn a_reload_that_finds_the_session_gone_asks_for_another() {
    let mut script = attached();
    assert!(script.reload(juliet()));
    script.recv_raw(GONE);
    expect_unbound(&mut script);
}

#[test]
fn a_page_without_means_whose_session_is_gone_is_told() {
    let mut script = attached();
    assert!(script.reload(Account { prebinds: false, ..juliet() }));
    script.recv_raw(GONE);
    script.advance(seconds(120));
    script.skip_events();
    assert_eq!(script.send("<presence/>"), Err(SendError::NotConnected));
}

#[test]
fn a_page_with_a_password_logs_in_when_the_session_is_gone() {
    let account = || Account { endpoint: Endpoint::Bosh(BOSH_URL.to_owned()), ..steadfast() };
    let mut script = Script::bosh(account());
    script.log_in();
    script.settle();
    assert!(script.reload(account()));
    script.recv_raw(GONE);
    // As if it had not been there, but under the same address.
    script.accept();
    script.open_stream(&mechanisms(&["PLAIN"]));
    script.expect_sent("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>*</auth>");
    script.recv("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    script.expect_open();
    script.open_stream(BIND);
    script.expect_sent(
        "<iq type='set' id='$bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>balcony</resource></bind></iq>",
    );
    script.recv(BOUND);
    script.expect_status(Status::Connecting);
    script.expect_status(Status::Authenticating);
    script.expect_status(Status::Connected);
    script.expect_event(Event::Online { jid: address(), arrival: Arrival::New });
}
