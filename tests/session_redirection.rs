//! Where a server sends its clients, and which of that they follow.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod support;

use converse_wasm::{
    client::Status,
    session::{Account, Arrival, ConnectionError, Delivery, LASTING, MAX_REDIRECTS},
    stream::{Closed, Endpoint, Input, sasl::Policy},
    xml::ns,
};

use support::{
    managed::{ENABLED, message, steadfast},
    peer::{BOSH_URL, Script, WEBSOCKET_URL, juliet, mechanisms},
};

const AUTH: &str = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>*</auth>";
const SUCCESS: &str = "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>";

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
    script.expect_arrival(Arrival::New);
}

#[test]
fn a_redirection_of_a_stream_is_followed_at_once() {
    let mut script = Script::managed();
    script.send(&message(1)).unwrap();
    script.forget();
    script.recv_raw(&elsewhere("wss://other.lit/ws"));
    script.expect_close();
    script.expect_lost("stream-error");
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
