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
    let declinable = !from.contains('/');
    Event::RoomInvitation { room: room_jid(), from: Jid::new(from).ok(), reason: Some("come".to_owned()), declinable }
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
fn who_invites_through_the_room_is_told_that_the_user_does_not_come() {
    online_on_both(|mut script| {
        let decline = |script: &mut Script| {
            script.act(|client, now| {
                client.in_context(now, |context| room::decline(context, &room_jid(), Some("busy")));
            });
        };
        script.recv(&mediated(ROOM));
        decline(&mut script);
        script.expect_sent(&format!(
            "<message from='juliet@capulet.lit/balcony' to='{ROOM}' id='*'><x xmlns='http://jabber.org/protocol/muc#user'>\
             <decline to='romeo@montague.lit'><reason>busy</reason></decline></x></message>"
        ));
        // Once; and of what came by itself nobody hears that it was read.
        decline(&mut script);
        script.recv(&direct("romeo@montague.lit/orchard", ROOM));
        decline(&mut script);
        script.expect_nothing_sent();
        // What came with it does not lead in any more.
        script.open_room(&[("nick", "juliet".into())]);
        script.describe_room("");
        script.expect_entry("juliet");
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

const ASKED: &str = "<iq type='get' id='$after' to='orchard@rooms.capulet.lit'>\
    <query xmlns='http://jabber.org/protocol/disco#info'/></iq>";

/// The room is asked to invite the nurse.
#[track_caller]
fn invite_through(script: &mut Script, call: u32) {
    let jid = BareJid::new("nurse@capulet.lit").unwrap();
    script.act(|client, now| {
        client.in_context(now, |context| {
            room::invite_through(context, Call(call), &room_jid(), jid, Some("tea".to_owned()));
        })
    });
    script.expect_sent(&format!(
        "<message from='*' to='{ROOM}' id='$invitation'><x xmlns='http://jabber.org/protocol/muc#user'>\
         <invite to='nurse@capulet.lit'><reason>tea</reason></invite></x></message>"
    ));
    script.expect_sent(ASKED);
    let recipient = BareJid::new("nurse@capulet.lit").unwrap();
    script.expect_event(Event::RoomInvitationSent { room: room_key(), recipient, reason: Some("tea".to_owned()) });
}

fn declined(from: &str, who: &str) -> String {
    format!(
        "<message from='{from}' to='juliet@capulet.lit'><x xmlns='http://jabber.org/protocol/muc#user'>\
         <decline from='{who}'><reason>busy</reason></decline></x></message>"
    )
}

#[test]
fn a_room_invites_somebody_who_declines() {
    online_on_both(|mut script| {
        script.in_room();
        invite_through(&mut script, 1);
        script.recv(&format!("<iq type='error' id='$after' from='{ROOM}'/>"));
        script.expect_event(Event::Finished { call: Call(1), outcome: Outcome::Done });
        script.recv(&declined(ROOM, "nurse@capulet.lit/kitchen"));
        let from = Jid::new("nurse@capulet.lit/kitchen").unwrap();
        script.expect_event(Event::RoomInvitationDeclined { room: room_key(), from, reason: Some("busy".to_owned()) });
        // Once is enough.
        script.recv(&declined(ROOM, "nurse@capulet.lit/kitchen"));
        script.expect_silence();
    });
}

/// F22: only the room tells who declines, and only of those whom it was asked to invite.
#[test]
fn nobody_else_declines() {
    online_on_both(|mut script| {
        script.in_room();
        invite_through(&mut script, 1);
        script.recv(&format!("<iq type='error' id='$after' from='{ROOM}'/>"));
        script.forget();
        for from in [&format!("{ROOM}/romeo"), "mallory@evil.lit", "mallory@evil.lit/x", "vault@rooms.capulet.lit"] {
            script.recv(&declined(from, "nurse@capulet.lit"));
        }
        for who in ["romeo@montague.lit", "nurse@capulet.lit.evil.lit", "@", ""] {
            script.recv(&declined(ROOM, who));
        }
        script.recv(&declined(ROOM, "nurse@capulet.lit").replace("<message ", "<message type='error' "));
        script.expect_silence();
        assert!(script.said().is_empty());
    });
}

#[test]
fn a_room_refuses_to_invite() {
    online_on_both(|mut script| {
        script.in_room();
        invite_through(&mut script, 1);
        let error = "<error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";
        // An occupant cannot do so in its place.
        script.recv(&format!("<message type='error' id='$invitation' from='{ROOM}/romeo'>{error}</message>"));
        script.expect_silence();
        script.recv(&format!("<message type='error' id='$invitation' from='{ROOM}'>{error}</message>"));
        assert!(matches!(script.next_event(), Event::Finished { call: Call(1), outcome: Outcome::Refused(_) }));
        // Whoever waited has been told.
        script.recv(&format!("<iq type='error' id='$after' from='{ROOM}'/>"));
        script.expect_silence();
    });
}
