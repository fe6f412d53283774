//! Invitations to rooms, in and out (XEP-0045 §7.8, XEP-0249).

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{
    client::{Call, Event, Outcome},
    feature::room::{self, MAX_INVITATIONS},
    jid::{BareJid, Jid},
};

use support::{
    peer::{Script, juliet, online_on_both, seconds},
    room::{MODERN, ROOM, occupant, room_jid, room_key},
};

fn direct(from: &str, room: &str) -> String {
    format!(
        "<message from='{from}'><x xmlns='jabber:x:conference' jid='{room}' reason='come' password='k3y'/></message>"
    )
}

fn mediated(room: &str) -> String {
    format!(
        "<message from='{room}'><x xmlns='http://jabber.org/protocol/muc#user'>\
         <invite from='romeo@montague.lit'><reason>come</reason></invite><password>k3y</password></x></message>"
    )
}

fn told(from: &str) -> Event {
    Event::RoomInvitation { room: room_jid(), from: Jid::new(from).ok(), reason: Some("come".to_owned()) }
}

/// Somebody who follows invitations, and has a contact.
fn following() -> Script {
    let mut script = Script::offline();
    script.options.auto_join_on_invite = true;
    script.connect(juliet());
    script.log_in();
    script.settle();
    script.recv(
        "<iq type='set' id='push'><query xmlns='jabber:iq:roster'>\
         <item jid='romeo@montague.lit' subscription='both'/></query></iq>",
    );
    script.forget();
    script
}

#[test]
fn invitations_are_told_and_not_followed() {
    online_on_both(|mut script| {
        script.recv(&direct("romeo@montague.lit/orchard", ROOM));
        script.expect_event(told("romeo@montague.lit/orchard"));
        script.expect_silence();
        assert!(script.client.store().rooms.get(&room_jid()).is_none());
        // Once is enough.
        script.recv(&mediated(ROOM));
        script.expect_silence();
    });
    online_on_both(|mut script| {
        script.recv(&mediated(ROOM));
        script.expect_event(told("romeo@montague.lit"));
        script.expect_silence();
    });
}

#[test]
fn what_came_with_an_invitation_leads_in() {
    online_on_both(|mut script| {
        script.recv(&direct("romeo@montague.lit/orchard", ROOM));
        script.open_room(&[("nick", "juliet".into())]);
        script.describe_room("");
        script.expect_sent(&format!(
            "<presence from='*' to='{ROOM}/juliet' id='*'><x xmlns='http://jabber.org/protocol/muc'>\
             <password>k3y</password></x></presence>"
        ));
        assert!(!format!("{:?}", script.client.store()).contains("k3y"));
    });
}

/// F22: only a contact leads into a room, and a room cannot say who one is.
#[test]
fn only_invitations_of_contacts_are_followed() {
    let mut script = following();
    script.recv(&direct("mallory@evil.lit/x", ROOM));
    script.recv(&mediated("vault@rooms.capulet.lit"));
    assert!(matches!(script.next_event(), Event::RoomInvitation { .. }));
    assert!(matches!(script.next_event(), Event::RoomInvitation { .. }));
    script.expect_silence();
    assert_eq!(script.client.store().rooms.iter().count(), 0);
    script.recv(&direct("romeo@montague.lit/orchard", ROOM));
    assert!(script.room().wanted);
}

#[test]
fn a_flood_of_invitations_is_not_told() {
    online_on_both(|mut script| {
        let flood = |script: &mut Script, from: u32| {
            let flood: String =
                (from..from + 1_000).map(|n| direct("mallory@evil.lit/x", &format!("r{n}@evil.lit"))).collect();
            script.recv(&flood);
            std::iter::from_fn(|| script.poll_event())
                .filter(|event| matches!(event, Event::RoomInvitation { .. }))
                .count()
        };
        assert_eq!(flood(&mut script, 0), MAX_INVITATIONS as usize);
        assert_eq!(flood(&mut script, 1_000), 0);
        script.advance(seconds(61));
        script.forget();
        script.recv(&direct("romeo@montague.lit/orchard", ROOM));
        script.expect_event(told("romeo@montague.lit/orchard"));
    });
}

#[test]
fn who_wants_no_invitations_hears_of_none() {
    let mut script = Script::offline();
    script.options.allow_muc_invitations = false;
    script.connect(juliet());
    script.log_in();
    script.settle();
    script.recv(&direct("romeo@montague.lit/orchard", ROOM));
    script.expect_silence();
}

fn invite(script: &mut Script) {
    let jid = BareJid::new("nurse@capulet.lit").unwrap();
    script.act(|client, now| {
        client.in_context(now, |context| {
            room::invite(context, Call(1), &room_jid(), jid, Some("tea".to_owned()));
        })
    });
}

const SENT: &str = "<message from='juliet@capulet.lit/balcony' to='nurse@capulet.lit' id='*'>\
    <x xmlns='jabber:x:conference' jid='orchard@rooms.capulet.lit' reason='tea'/></message>";

#[test]
fn somebody_is_invited() {
    online_on_both(|mut script| {
        script.in_room();
        invite(&mut script);
        script.expect_sent(SENT);
        let recipient = BareJid::new("nurse@capulet.lit").unwrap();
        script.expect_event(Event::RoomInvitationSent { room: room_key(), recipient, reason: Some("tea".to_owned()) });
        script.expect_event(Event::Finished { call: Call(1), outcome: Outcome::Done });
    });
}

#[test]
fn who_may_not_enter_is_made_a_member_first() {
    online_on_both(|mut script| {
        script.open_room(&[("nick", "juliet".into())]);
        script.describe_room(&[MODERN, "<feature var='muc_membersonly'/>"].concat());
        script.recv(&occupant("juliet", "affiliation='owner' role='moderator'", "<status code='110'/>"));
        script.forget();
        invite(&mut script);
        script.expect_sent(&format!(
            "<iq type='set' id='$member' to='{ROOM}'><query xmlns='http://jabber.org/protocol/muc#admin'>\
             <item affiliation='member' jid='nurse@capulet.lit'/></query></iq>"
        ));
        script.expect_nothing_sent();
        script.recv(&format!("<iq type='result' id='$member' from='{ROOM}'/>"));
        script.expect_sent(SENT);
    });
}
