//! Settings that decide what is sent to rooms, each on and off.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{client::Options, feature::room, store::RoomStatus};

use support::{
    peer::{Script, juliet, online_on_both},
    room::{MODERN, ROOM, room_jid},
};

/// A client that is online with these settings.
fn with(change: impl Fn(&mut Options)) -> Script {
    let mut script = Script::offline();
    change(&mut script.options);
    script.connect(juliet());
    script.log_in();
    script.settle();
    script
}

/// The client asks for entry, with this in the `<x/>`.
#[track_caller]
fn expect_entry(script: &mut Script, nick: &str, content: &str) {
    script.expect_sent(&format!(
        "<presence from='*' to='{ROOM}/{nick}' id='*'><x xmlns='http://jabber.org/protocol/muc'>{content}</x></presence>"
    ));
}

/// The room keeps no nickname for the user.
#[track_caller]
fn know_no_nick(script: &mut Script) {
    script.expect_sent(&format!(
        "<iq type='get' id='$nick' to='{ROOM}'>\
         <query xmlns='http://jabber.org/protocol/disco#info' node='x-roomuser-item'/></iq>"
    ));
    script.recv(&format!("<iq type='error' id='$nick' from='{ROOM}'/>"));
}

#[test]
fn muc_history_max_stanzas_is_how_much_is_asked_for_on_entering() {
    for (max, content) in [(None, ""), (Some(20), "<history maxstanzas='20'/>"), (Some(0), "<history maxstanzas='0'/>")]
    {
        let mut script = with(|options| options.muc_history_max_stanzas = max);
        script.open_room(&[("nick", "juliet".into())]);
        script.describe_room(MODERN);
        expect_entry(&mut script, "juliet", content);
    }
}

#[test]
fn what_a_room_archives_it_is_not_asked_for_on_entering() {
    let mut script = with(|options| {
        options.muc_history_max_stanzas = Some(20);
    });
    script.client.set_options(Options { archive: true, discovery: false, ..Options::default() });
    script.open_room(&[("nick", "juliet".into())]);
    script.describe_room(&[MODERN, "<feature var='urn:xmpp:mam:2'/>"].concat());
    expect_entry(&mut script, "juliet", "<history maxstanzas='0'/>");
}

#[test]
fn nickname_and_muc_nickname_from_jid_are_what_the_user_is_called() {
    for (nickname, from_jid, nick) in
        [(None, false, "juliet"), (Some("Jule"), false, "Jule"), (Some("Jule"), true, "juliet"), (None, true, "juliet")]
    {
        let mut script = with(|options| {
            options.nickname = nickname.map(str::to_owned);
            options.muc_nickname_from_jid = from_jid;
        });
        script.open_room(&[]);
        script.describe_room(MODERN);
        know_no_nick(&mut script);
        expect_entry(&mut script, nick, "");
    }
}

#[test]
fn auto_register_muc_nickname_has_every_room_keep_the_nickname() {
    for wanted in [true, false] {
        let mut script = with(|options| options.auto_register_muc_nickname = wanted);
        script.open_room(&[("nick", "juliet".into())]);
        script.describe_room(MODERN);
        expect_entry(&mut script, "juliet", "");
        script.let_in("juliet", &[]);
        if wanted {
            script.expect_sent(&format!("<iq type='get' id='*' to='{ROOM}'><query xmlns='jabber:iq:register'/></iq>"));
        }
        script.expect_nothing_sent();
    }
}

#[test]
fn auto_join_rooms_are_entered_where_rooms_are_offered() {
    for allow_muc in [true, false] {
        let script = with(|options| {
            options.allow_muc = allow_muc;
            options.auto_join_rooms = vec![(room_jid(), None)];
        });
        assert_eq!(script.client.store().rooms.get(&room_jid()).is_some(), allow_muc);
    }
}

#[test]
fn muc_instant_rooms_decides_whether_somebody_is_asked_how_a_new_room_is_to_be() {
    for instant in [true, false] {
        let mut script = with(|options| options.muc_instant_rooms = instant);
        script.open_room(&[("nick", "juliet".into())]);
        script.describe_room("");
        expect_entry(&mut script, "juliet", "");
        script.recv(&support::room::occupant(
            "juliet",
            "affiliation='member' role='moderator'",
            "<status code='110'/><status code='201'/>",
        ));
        if instant {
            script.expect_sent(&format!(
                "<iq type='set' id='*' to='{ROOM}'><query xmlns='http://jabber.org/protocol/muc#owner'>\
                 <x xmlns='jabber:x:data' type='submit'/></query></iq>"
            ));
        }
        script.expect_nothing_sent();
    }
}

#[test]
fn send_chat_state_notifications_goes_for_rooms_too() {
    for wanted in [true, false] {
        online_on_both(|mut script| {
            script.in_room();
            script.client.set_options(Options { send_chat_state_notifications: wanted, ..Options::default() });
            script.act(|client, now| {
                client.in_context(now, |context| room::set_state(context, &room_jid(), "composing"))
            });
            if wanted {
                script.expect_sent(&format!(
                    "<message from='*' to='{ROOM}' type='groupchat' id='*'>\
                     <composing xmlns='http://jabber.org/protocol/chatstates'/>\
                     <no-store xmlns='urn:xmpp:hints'/><no-permanent-store xmlns='urn:xmpp:hints'/></message>"
                ));
            }
            script.expect_nothing_sent();
            assert_eq!(script.room().status, RoomStatus::Entered);
        });
    }
}
