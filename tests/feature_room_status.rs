//! How the user can be reached, as rooms are told it (XEP-0045 §7.7).

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{
    feature::{presence, room},
    store::RoomStatus,
};

use support::{
    peer::{Script, juliet, online_on_both, seconds},
    room::{MODERN, ROOM, gone, room_jid},
};

fn set_status(script: &mut Script, show: &'static str, message: Option<&str>) {
    script.act(|client, now| client.in_context(now, |context| presence::set_status(context, show, message)));
}

fn told(content: &str) -> String {
    format!("<presence from='juliet@capulet.lit/balcony' to='{ROOM}/juliet' id='*'>{content}</presence>")
}

#[test]
fn rooms_hear_of_the_users_status() {
    online_on_both(|mut script| {
        script.in_room();
        set_status(&mut script, "dnd", Some("tea"));
        script.expect_sent("<presence><show>dnd</show><status>tea</status></presence>");
        script.expect_sent(&told("<show>dnd</show><status>tea</status>"));
        // What is no news is told to nobody.
        set_status(&mut script, "dnd", Some("tea"));
        script.expect_nothing_sent();
        set_status(&mut script, "online", Some(""));
        script.expect_sent("<presence/>");
        script.expect_sent(&told(""));
        script.expect_nothing_sent();
    });
}

#[test]
fn rooms_hear_that_the_user_does_nothing() {
    let mut script = Script::offline();
    script.options.idle_presence_timeout = Some(seconds(300));
    script.connect(juliet());
    script.log_in();
    script.settle();
    script.in_room();
    script.advance(seconds(301));
    let sent: Vec<_> = std::iter::from_fn(|| script.poll_sent()).collect();
    let sent = format!("{sent:?}");
    assert_eq!(sent.matches("urn:xmpp:idle:1").count(), 2, "{sent}");
}

#[test]
fn rooms_hear_of_the_status_that_was_chosen_elsewhere() {
    online_on_both(|mut script| {
        script.in_room();
        script.recv("<presence from='juliet@capulet.lit/chamber' to='juliet@capulet.lit'><show>away</show></presence>");
        // Everybody else has heard it from there.
        script.expect_sent(&told("<show>away</show>"));
        script.expect_nothing_sent();
    });
}

#[test]
fn who_enters_says_how_they_can_be_reached() {
    online_on_both(|mut script| {
        set_status(&mut script, "away", None);
        script.forget();
        script.open_room(&[("nick", "juliet".into())]);
        script.describe_room(MODERN);
        script.expect_sent(&told("<show>away</show><x xmlns='http://jabber.org/protocol/muc'/>"));
        // Somebody who is not in yet says nothing there.
        set_status(&mut script, "xa", None);
        script.expect_sent("<presence><show>xa</show></presence>");
        script.expect_nothing_sent();
    });
}

#[test]
fn who_cannot_be_reached_is_in_no_room_until_that_is_over() {
    online_on_both(|mut script| {
        script.in_room();
        set_status(&mut script, "unavailable", None);
        // The server tells the rooms.
        script.expect_sent("<presence type='unavailable'/>");
        script.expect_nothing_sent();
        assert_eq!(script.room().status, RoomStatus::Disconnected);
        script.recv(&gone("juliet", "affiliation='none' role='none'", "<status code='110'/>"));
        set_status(&mut script, "online", None);
        script.expect_sent("<presence/>");
        script.describe_room(MODERN);
        script.expect_entry("juliet");
        script.let_in("juliet", &[]);
        assert_eq!(script.room().status, RoomStatus::Entered);
    });
}

#[test]
fn a_room_that_was_left_stays_so() {
    online_on_both(|mut script| {
        script.in_room();
        script.act(|client, now| client.in_context(now, |context| room::leave(context, &room_jid(), None)));
        script.expect_sent(&told("").replace(" id='*'", " type='unavailable'"));
        set_status(&mut script, "unavailable", None);
        set_status(&mut script, "online", None);
        script.expect_sent("<presence type='unavailable'/>");
        script.expect_sent("<presence/>");
        script.expect_nothing_sent();
    });
}
