//! A stanza over which the connection breaks whenever it is sent: it must not be sent for ever, and nothing behind it be
//! kept from its way.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{
    client::Status,
    session::{Delivery, LASTING},
    stream::MAX_RESENDS,
};

use support::{
    managed::{R, a, message, steadfast},
    peer::Script,
};

/// Sends two messages, over the first of which the connection breaks.
#[track_caller]
fn poisoned() -> Script {
    let mut script = Script::managed();
    script.send(&message("poison")).unwrap();
    script.send(&message(2)).unwrap();
    script.forget();
    script.lose_and_wait();
    script
}

/// The stream is resumed, of which the server has this much, and these messages go again.
#[track_caller]
fn resume(script: &mut Script, handled: u32, ids: &[&str]) {
    script.expect_resume(1);
    script.resume(handled);
    ids.iter().for_each(|id| drop(script.expect_sent(&message(id))));
}

/// The connection breaks at once, and is made again.
#[track_caller]
fn lose(script: &mut Script) {
    script.forget();
    script.lose_and_wait();
}

#[test]
fn it_is_given_up_and_the_rest_goes_on() {
    let mut script = poisoned();
    for _ in 0..MAX_RESENDS {
        resume(&mut script, 2, &["poison", "2"]);
        lose(&mut script);
    }
    resume(&mut script, 2, &["2"]);
    script.expect_sent(R);
    script.expect_nothing_sent();
    script.expect_delivery("poison", Delivery::InDoubt);
    // The server has not counted it, and nor does this side.
    script.recv(&a(3));
    script.expect_delivery("2", Delivery::Sent);
    script.send(&message(3)).unwrap();
    script.expect_sent(&message(3));
    script.expect_sent(R);
    script.recv(&a(4));
    script.expect_delivery("3", Delivery::Sent);
    assert_eq!(script.client.status(), Status::Connected);
}

#[test]
fn the_next_page_knows_how_often_it_broke() {
    let mut script = poisoned();
    for round in 0..MAX_RESENDS {
        resume(&mut script, 2, &["poison", "2"]);
        script.forget();
        script.drop_link();
        match round {
            2 => drop(script.reload(steadfast())),
            _ => script.wait(),
        }
    }
    resume(&mut script, 2, &["2"]);
    script.expect_delivery("poison", Delivery::InDoubt);
}

#[test]
fn what_arrived_after_all_is_not_given_up() {
    let mut script = poisoned();
    for _ in 0..MAX_RESENDS {
        resume(&mut script, 2, &["poison", "2"]);
        lose(&mut script);
    }
    resume(&mut script, 3, &["2"]);
    script.expect_delivery("poison", Delivery::Sent);
}

/// What else can be the reason for a break begins the count anew.
#[track_caller]
fn break_otherwise(otherwise: impl Fn(&mut Script)) {
    let mut script = poisoned();
    for round in 0..3 * MAX_RESENDS {
        resume(&mut script, 2, &["poison", "2"]);
        if round % MAX_RESENDS == MAX_RESENDS - 1 {
            otherwise(&mut script);
        }
        lose(&mut script);
    }
}

#[test]
fn a_server_that_answered_did_not_break_over_it() {
    break_otherwise(|script| script.recv(&a(2)));
}

#[test]
fn a_link_that_lasted_did_not_break_over_it() {
    break_otherwise(|script| script.advance(LASTING));
}

#[test]
fn a_reload_is_no_break() {
    let mut script = poisoned();
    for _ in 0..2 * MAX_RESENDS {
        resume(&mut script, 2, &["poison", "2"]);
        script.forget();
        script.reload(steadfast());
    }
}
