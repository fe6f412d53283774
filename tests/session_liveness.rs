//! How a client notices that its link is dead.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod support;

use std::time::Duration;

use converse_wasm::{
    client::{Client, Status},
    session::{Account, LINK_TIMEOUT, SUSPECT_TIMEOUT},
};

use support::{
    managed::{ENABLED, R, a, message, steadfast},
    peer::{Script, seconds},
};

const PING: &str = "<iq type='get' id='$ping'><ping xmlns='urn:xmpp:ping'/></iq>";

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
    script.expect_lost("connection-lost");
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
    script.expect_lost("connection-lost");
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
    script.expect_lost("connection-lost");
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
    script.expect_lost("connection-lost");
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
