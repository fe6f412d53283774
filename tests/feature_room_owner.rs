//! How a room is to be, and which nickname it keeps: what owners and members ask (XEP-0045 §§7.10, 10).

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use std::rc::Rc;

use converse_wasm::{
    client::{Call, Event, Outcome},
    feature::room,
    store::Value,
};

use support::{
    peer::{Script, online_on_both},
    room::{MODERN, ROOM, occupant, room_jid, room_key},
};

const NEW: &str = "<status code='110'/><status code='201'/>";

/// A room that has just been made with this configuration.
#[track_caller]
fn make_room(script: &mut Script, config: Vec<(&str, Value)>) {
    let config = config.into_iter().map(|(name, value)| (Rc::from(name), value)).collect();
    let attributes = [("nick", "juliet".into()), ("auto_configure", true.into()), ("roomconfig", Value::Map(config))];
    script.open_room(&attributes);
    script.describe_room("");
    script.expect_entry("juliet");
    script.skip_events();
    script.recv(&occupant("juliet", "affiliation='owner' role='moderator'", NEW));
    script.expect_sent(&format!(
        "<iq type='get' id='$form' to='{ROOM}'><query xmlns='http://jabber.org/protocol/muc#owner'/></iq>"
    ));
    for _ in 0..3 {
        script.expect_sent(&format!(
            "<iq type='get' id='*' to='{ROOM}'><query xmlns='http://jabber.org/protocol/muc#admin'>\
             <item affiliation='*'/></query></iq>"
        ));
    }
}

#[test]
fn a_new_room_becomes_what_the_page_wants() {
    online_on_both(|mut script| {
        let list = Value::List(vec!["moderator".into(), "participant".into()]);
        make_room(
            &mut script,
            vec![
                ("persistentroom", true.into()),
                ("membersonly", false.into()),
                ("roomdesc", "Comfy".into()),
                ("maxusers", 20.0.into()),
                ("presencebroadcast", list),
                ("unknown", "nothing".into()),
            ],
        );
        script.recv(&format!(
            "<iq type='result' id='$form' from='{ROOM}'><query xmlns='http://jabber.org/protocol/muc#owner'>\
             <x xmlns='jabber:x:data' type='form'><title>Configuration</title>\
             <field type='hidden' var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value></field>\
             <field type='fixed'><value>General</value></field>\
             <field type='boolean' var='muc#roomconfig_persistentroom'><value>0</value></field>\
             <field type='boolean' var='muc#roomconfig_membersonly'><value>1</value></field>\
             <field type='text-single' var='muc#roomconfig_roomdesc'><value/></field>\
             <field type='list-single' var='muc#roomconfig_maxusers'><option><value>20</value></option></field>\
             <field type='list-multi' var='muc#roomconfig_presencebroadcast'><value>visitor</value></field>\
             <field type='text-single' var='muc#roomconfig_lang'><value>en</value></field></x></query></iq>"
        ));
        script.expect_sent(&format!(
            "<iq type='set' id='$submit' to='{ROOM}'><query xmlns='http://jabber.org/protocol/muc#owner'>\
             <x xmlns='jabber:x:data' type='submit'>\
             <field type='hidden' var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value></field>\
             <field var='muc#roomconfig_persistentroom'><value>1</value></field>\
             <field var='muc#roomconfig_membersonly'><value>0</value></field>\
             <field var='muc#roomconfig_roomdesc'><value>Comfy</value></field>\
             <field var='muc#roomconfig_maxusers'><value>20</value></field>\
             <field var='muc#roomconfig_presencebroadcast'><value>moderator</value><value>participant</value></field>\
             <field var='muc#roomconfig_lang'><value>en</value></field></x></query></iq>"
        ));
        script.recv(&format!("<iq type='result' id='$submit' from='{ROOM}'/>"));
        script.describe_room(MODERN);
    });
}

#[test]
fn a_room_that_cannot_be_configured_needs_somebody() {
    online_on_both(|mut script| {
        make_room(&mut script, vec![]);
        script.skip_events();
        script.recv(&format!(
            "<iq type='error' id='$form' from='{ROOM}'><error type='auth'>\
             <forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
        ));
        script.expect_event(Event::RoomConfigurationNeeded(room_key()));
        script.expect_silence();
    });
    online_on_both(|mut script| {
        make_room(&mut script, vec![]);
        script.skip_events();
        script.recv(&format!(
            "<iq type='result' id='$form' from='{ROOM}'><query xmlns='http://jabber.org/protocol/muc#owner'/></iq>"
        ));
        script.expect_event(Event::RoomConfigurationNeeded(room_key()));
    });
}

#[test]
fn a_room_is_ended() {
    online_on_both(|mut script| {
        script.in_room();
        script.act(|client, now| {
            client.in_context(now, |context| room::destroy(context, Call(1), &room_jid(), None, Some("late")))
        });
        script.expect_sent(&format!(
            "<iq type='set' id='$end' to='{ROOM}'><query xmlns='http://jabber.org/protocol/muc#owner'>\
             <destroy><reason>late</reason></destroy></query></iq>"
        ));
        script.recv(&format!("<iq type='result' id='$end' from='{ROOM}'/>"));
        assert!(matches!(script.next_event(), Event::Finished { call: Call(1), outcome: Outcome::Stanza(_) }));
    });
}

#[test]
fn a_nickname_is_registered() {
    online_on_both(|mut script| {
        script.in_room();
        script.act(|client, now| client.in_context(now, |context| room::register(context, &room_jid(), Some(Call(1)))));
        script.expect_sent(&format!("<iq type='get' id='$ask' to='{ROOM}'><query xmlns='jabber:iq:register'/></iq>"));
        script.recv(&format!(
            "<iq type='result' id='$ask' from='{ROOM}'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='form'>\
             <field type='hidden' var='FORM_TYPE'><value>http://jabber.org/protocol/muc#register</value></field>\
             <field type='text-single' var='muc#register_roomnick'><required/></field></x></query></iq>"
        ));
        script.expect_sent(&format!(
            "<iq type='set' id='$register' to='{ROOM}'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='submit'>\
             <field type='hidden' var='FORM_TYPE'><value>http://jabber.org/protocol/muc#register</value></field>\
             <field var='muc#register_roomnick'><value>juliet</value></field></x></query></iq>"
        ));
        script.recv(&format!("<iq type='result' id='$register' from='{ROOM}'/>"));
        let registered = Outcome::Value("juliet".into());
        script.expect_event(Event::Finished { call: Call(1), outcome: registered });
        assert_eq!(script.room().reserved_nick.as_deref(), Some("juliet"));
    });
}

#[test]
fn whoever_waits_is_told_when_nobody_can_be_asked() {
    online_on_both(|mut script| {
        script.in_room();
        script.recv_close();
        script.forget();
        // There is no session to work with; the page is told so by whom it asks.
        let asked = script
            .act(|client, now| client.in_context(now, |context| room::refresh(context, &room_jid(), Some(Call(1)))));
        assert_eq!(asked, None);
    });
    online_on_both(|mut script| {
        script.in_room();
        script.act(|client, now| client.in_context(now, |context| room::refresh(context, &room_jid(), Some(Call(1)))));
        script.recv_close();
        let outcome = std::iter::from_fn(|| script.poll_event())
            .find_map(|event| if let Event::Finished { outcome, .. } = event { Some(outcome) } else { None });
        assert_eq!(outcome, Some(Outcome::Disconnected));
    });
}
