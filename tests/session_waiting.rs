//! What may be sent while there is no stream that takes it: what waits, how much of it, and what is refused.

#![allow(clippy::unwrap_used)]

mod support;

use converse_wasm::{
    session::{Delivery, MAX_WAITING, SendError},
    stream::MAX_UNACKED,
    xml::{Element, ns},
};

use support::{
    managed::{R, a, message, steadfast},
    peer::Script,
};

#[test]
fn what_waits_has_a_bound() {
    let mut script = Script::managed();
    script.drop_link();
    let message = || Element::new("message", ns::CLIENT).with_attribute("id", "1");
    for _ in 0..MAX_WAITING {
        script.client.send(script.now, message()).unwrap();
    }
    assert_eq!(script.client.send(script.now, message()), Err(SendError::TooMuchWaiting));
}

#[test]
fn a_server_that_never_acknowledges_does_not_fill_the_memory() {
    let mut script = Script::managed();
    let message = || Element::new("message", ns::CLIENT).with_attribute("id", "1");
    for _ in 0..MAX_UNACKED {
        script.client.send(script.now, message()).unwrap();
    }
    script.drop_link();
    // What would be sent again counts with what waits: it is all to be kept for the next stream.
    assert_eq!(script.client.send(script.now, message()), Err(SendError::TooMuchWaiting));
}

#[test]
fn a_message_without_an_id_is_given_one() {
    let mut script = Script::managed();
    script.send("<message to='romeo@montague.lit'/>").unwrap();
    let sent = script.expect_sent("<message to='romeo@montague.lit' id='$id'/>");
    script.expect_sent(R);
    script.recv(&a(3));
    script.expect_delivery(sent.attribute("id").unwrap(), Delivery::Sent);
}

#[test]
fn what_cannot_be_written_is_refused_at_once_also_while_it_would_wait() {
    let mut script = Script::managed();
    let unwritable = || Element::new("message", ns::CLIENT).with_text("\u{1}");
    let now = script.now;
    assert!(matches!(script.client.send(now, unwritable()), Err(SendError::Write(_))));
    script.drop_link();
    assert!(matches!(script.client.send(now, unwritable()), Err(SendError::Write(_))));
    script.forget();
    script.wait();
    script.expect_resume(1);
    script.resume(2);
    script.expect_nothing_sent();
}

#[test]
fn presence_is_not_kept_for_a_stream_that_does_not_know_the_last_one() {
    let mut script = Script::online_with(steadfast());
    script.drop_link();
    assert_eq!(script.send("<presence/>"), Err(SendError::NotConnected));
    assert_eq!(script.send("<iq type='get' id='1'/>"), Err(SendError::NotConnected));
    script.send(&message(1)).unwrap();
    script.wait();
    script.log_in();
    script.expect_sent(&message(1));
}

#[test]
fn what_waits_survives_a_reload_before_the_first_log_in() {
    let mut script = Script::websocket(steadfast());
    script.send(&message(1)).unwrap();
    assert!(script.reload(steadfast()));
    script.expect_connect();
    script.log_in();
    script.expect_sent(&message(1));
    script.settle();
    script.expect_silence();
}
