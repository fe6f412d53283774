//! What plugins see of a room before it takes that in.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{client::Event, feature::room, store::What, stream::Input};

use support::{
    peer::{Script, juliet},
    room::{ROOM, occupant, room_jid, room_key},
};

/// In a room whose stanzas somebody wants to see.
fn hooked() -> Script {
    let mut script = Script::online();
    script.in_room();
    script.client.hook_room(&room_jid(), true);
    script
}

/// Stanzas arrive, and nothing more happens until the test asks.
fn arrive(script: &mut Script, stanzas: &[&str]) {
    for stanza in stanzas {
        let stanza = stanza.replacen(' ', " xmlns='jabber:client' ", 1);
        script.client.handle_input(script.now, Input::SocketReceived(&stanza));
    }
}

/// What the page is told next, in words.
fn next(script: &mut Script) -> Option<String> {
    Some(match script.client.poll_event()? {
        Event::RoomStanza { stanza, room } => {
            assert_eq!(room, room_key());
            format!("hook {}", stanza.name())
        }
        Event::Changed(change) if change.what == What::Added => format!("{:?} added", change.key.kind),
        Event::Changed(change) => format!("{:?} changed", change.key.kind),
        Event::Message { .. } => "message".to_owned(),
        event => format!("{event:?}"),
    })
}

fn said(body: &str) -> String {
    format!("<message from='{ROOM}/romeo' type='groupchat'><body>{body}</body></message>")
}

#[test]
fn a_hook_sees_a_stanza_before_the_room_does() {
    let mut script = hooked();
    arrive(&mut script, &[&occupant("nurse", "role='participant'", ""), &said("hi")]);
    assert_eq!(next(&mut script).as_deref(), Some("hook presence"));
    assert!(script.room().occupants.by_nick("nurse").is_none());
    assert_eq!(next(&mut script).as_deref(), Some("Occupant added"));
    assert!(script.room().occupants.by_nick("nurse").is_some());
    // What came after it has waited, too.
    assert_eq!(next(&mut script).as_deref(), Some("hook message"));
    assert!(script.said().is_empty());
    assert_eq!(next(&mut script).as_deref(), Some("Message added"));
    assert_eq!(script.said(), ["hi"]);
    assert_eq!(next(&mut script).as_deref(), Some("message"));
    assert_eq!(next(&mut script), None);
}

#[test]
fn only_what_the_room_hears_is_hooked() {
    let mut script = hooked();
    let private = said("psst").replace("groupchat", "chat");
    let elsewhere = said("hi").replace(ROOM, "vault@rooms.capulet.lit");
    arrive(&mut script, &[&private, &elsewhere, "<presence from='romeo@montague.lit/x' to='juliet@capulet.lit'/>"]);
    while let Some(told) = next(&mut script) {
        assert!(!told.starts_with("hook"), "{told}");
    }
    script.client.hook_room(&room_jid(), false);
    arrive(&mut script, &[&said("hi")]);
    assert_eq!(script.said(), ["hi"]);
}

#[test]
fn a_handler_may_leave_the_room_or_log_in_anew() {
    let mut script = hooked();
    arrive(&mut script, &[&said("hi"), &said("there")]);
    assert_eq!(next(&mut script).as_deref(), Some("hook message"));
    let now = script.now;
    script.client.in_context(now, |context| room::close(context, &room_jid()));
    while next(&mut script).is_some() {}
    assert!(script.client.store().rooms.get(&room_jid()).is_none());

    let mut script = hooked();
    arrive(&mut script, &[&said("hi"), &said("there")]);
    let now = script.now;
    script.client.log_in(now, juliet());
    // What was received belongs to the session before.
    assert_eq!(script.said(), ["hi", "there"]);
}
