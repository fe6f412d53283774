//! Where a stream is resumed that the server would have resumed elsewhere (XEP-0198 §5).

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{
    client::Event,
    session::{Account, Arrival, Delivery},
    stream::Endpoint,
};

use support::{
    managed::{R, a, message, steadfast},
    peer::{Script, WEBSOCKET_URL, seconds},
};

const ELSEWHERE: &str = "wss://two.capulet.lit/xmpp-websocket";

/// A client that is online, whose server would have the stream resumed there. One message is unacknowledged.
#[track_caller]
fn online(location: &str) -> Script {
    let mut script = Script::websocket(steadfast());
    script.log_in_managed(&enabled(location));
    script.recv(&a(2));
    script.forget();
    script.send(&message(1)).unwrap();
    script.expect_sent(&message(1));
    script.expect_sent(R);
    script
}

fn enabled(location: &str) -> String {
    format!("<enabled xmlns='urn:xmpp:sm:3' id='sm1' resume='true' location='{location}'/>")
}

/// The stream is resumed, and the message goes again.
#[track_caller]
fn expect_resumed(script: &mut Script) {
    script.open_and_authenticate();
    script.expect_sent("<resume xmlns='urn:xmpp:sm:3' h='1' previd='sm1'/>");
    script.resume(2);
    script.expect_sent(&message(1));
    loop {
        if let Event::Online { arrival, .. } = script.next_event() {
            break assert!(matches!(arrival, Arrival::Resumed | Arrival::Restored));
        }
    }
    script.forget();
}

#[track_caller]
fn expect_connect_at(script: &mut Script, url: &str) {
    assert_eq!(script.expect_connect(), url);
}

#[test]
fn a_stream_is_resumed_where_the_server_says() {
    for location in [ELSEWHERE, "two.capulet.lit"] {
        let mut script = online(location);
        // Once, and whenever it breaks after that.
        for _ in 0..2 {
            script.lose_and_wait();
            expect_connect_at(&mut script, ELSEWHERE);
            expect_resumed(&mut script);
        }
    }
}

#[test]
fn the_next_page_knows_where() {
    let mut script = online(ELSEWHERE);
    script.reload(steadfast());
    expect_connect_at(&mut script, ELSEWHERE);
    expect_resumed(&mut script);
}

#[test]
fn it_is_resumed_at_the_usual_place_if_nobody_is_there() {
    let mut script = online(ELSEWHERE);
    script.lose_and_wait();
    expect_connect_at(&mut script, ELSEWHERE);
    script.drop_link();
    // At once: this says nothing about the server that was configured.
    expect_connect_at(&mut script, WEBSOCKET_URL);
    expect_resumed(&mut script);
    script.lose_and_wait();
    expect_connect_at(&mut script, WEBSOCKET_URL);
}

#[test]
fn it_is_resumed_at_the_usual_place_if_somebody_else_is_there() {
    let refusal = "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>";
    let shutdown = "<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>";
    for answer in [Some(refusal), Some(shutdown), None] {
        let mut script = online(ELSEWHERE);
        script.lose_and_wait();
        expect_connect_at(&mut script, ELSEWHERE);
        script.open();
        script.open_stream(&support::peer::mechanisms(&["PLAIN"]));
        script.expect_sent("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>*</auth>");
        match answer {
            Some(answer) => script.recv(answer),
            None => script.advance(seconds(60)),
        }
        expect_connect_at(&mut script, WEBSOCKET_URL);
        expect_resumed(&mut script);
    }
}

#[test]
fn a_new_session_begins_at_the_usual_place() {
    let mut script = online(ELSEWHERE);
    script.lose_and_wait();
    expect_connect_at(&mut script, ELSEWHERE);
    script.open_and_authenticate();
    script.expect_sent("<resume xmlns='urn:xmpp:sm:3' h='1' previd='sm1'/>");
    script.recv("<failed xmlns='urn:xmpp:sm:3'/>");
    script.expect_delivery("1", Delivery::InDoubt);
    script.forget();
    script.lose_and_wait();
    expect_connect_at(&mut script, WEBSOCKET_URL);
}

#[test]
fn a_place_that_is_less_safe_is_none() {
    for location in
        ["ws://two.capulet.lit/", "ws://evil.lit/?wss:", "https://two.capulet.lit/", "", "evil.lit/x", "a@evil.lit"]
    {
        let mut script = online(location);
        script.lose_and_wait();
        expect_connect_at(&mut script, WEBSOCKET_URL);
        expect_resumed(&mut script);
    }
    // The page has moved to another kind of service since.
    let mut script = online(ELSEWHERE);
    let bosh = Endpoint::Bosh(support::peer::BOSH_URL.to_owned());
    script.reload(Account { endpoint: bosh, ..steadfast() });
    expect_connect_at(&mut script, support::peer::BOSH_URL);
}

#[test]
fn a_stream_that_is_not_resumed_has_no_place() {
    let mut script = Script::websocket(steadfast());
    script.log_in_managed(&format!("<enabled xmlns='urn:xmpp:sm:3' location='{ELSEWHERE}'/>"));
    script.forget();
    script.lose_and_wait();
    expect_connect_at(&mut script, WEBSOCKET_URL);
}
