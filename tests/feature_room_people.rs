//! Those in a room: who comes, goes, is called otherwise, and may be what (XEP-0045 §§7–9).

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use converse_wasm::{
    client::{Call, Event, Outcome},
    feature::room,
    jid::BareJid,
    session::Account,
    stanza::payload::muc::Wish,
    store::{Kind, MAX_NOTICES, Occupant, RoomStatus, What},
};

use support::{
    peer::{Script, juliet, online_on_both},
    room::{MODERN, ROOM, gone, occupant, room_jid},
};

fn find<'a>(script: &'a Script, nick: &str) -> Option<&'a Occupant> {
    script.room().occupants.by_nick(nick)
}

const MEMBER: &str = "affiliation='member' role='participant' jid='nurse@capulet.lit/kitchen'";

#[test]
fn those_who_are_here_are_counted_as_they_come_and_go() {
    online_on_both(|mut script| {
        script.in_room();
        let here = |script: &Script| {
            let counted = script.room().occupants.iter().filter(|occupant| occupant.show.is_some()).count();
            assert_eq!(script.room().occupants.here(), counted);
            counted
        };
        assert_eq!(here(&script), 2);
        script.recv(&occupant("nurse", MEMBER, ""));
        script.recv(&gone("nurse", &[MEMBER, " nick='Nanny'"].concat(), "<status code='303'/>"));
        script.recv(&occupant("Nanny", MEMBER, ""));
        assert_eq!(here(&script), 3);
        // A member stays listed.
        script.recv(&gone("Nanny", MEMBER, ""));
        assert_eq!((here(&script), script.room().occupants.len()), (2, 3));
        script.recv(&occupant("nurse", MEMBER, ""));
        assert_eq!(here(&script), 3);
        script.act(|client, now| client.in_context(now, |context| room::leave(context, &room_jid(), None)));
        assert_eq!(here(&script), 0);
    });
}

#[test]
fn occupants_come_change_and_go() {
    online_on_both(|mut script| {
        script.in_room();
        script.recv(&occupant("nurse", MEMBER, ""));
        let nurse = find(&script, "nurse").unwrap();
        assert_eq!((nurse.affiliation, nurse.role, nurse.show), (Some("member"), Some("participant"), Some("online")));
        assert_eq!(nurse.jid.as_ref().unwrap().as_str(), "nurse@capulet.lit/kitchen");
        assert_eq!(nurse.occupant_id.as_deref(), Some("id-nurse"));
        let id = script.room().occupants.find(Some("nurse"), None).cloned().unwrap();
        script.recv(&occupant("nurse", MEMBER, "").replace("<x ", "<show>away</show><status>tea</status><x "));
        let nurse = find(&script, "nurse").unwrap();
        assert_eq!((nurse.show, nurse.status.as_deref()), (Some("away"), Some("tea")));
        // Who belongs to the room is listed still, and the same who comes back.
        script.recv(&gone("nurse", "affiliation='member' role='none'", ""));
        assert!(find(&script, "nurse").is_none());
        let jid = BareJid::new("nurse@capulet.lit").unwrap();
        assert_eq!(script.room().occupants.by_jid(&jid).unwrap().show, None);
        script.recv(&occupant("Nanny", MEMBER, ""));
        assert_eq!(script.room().occupants.find(Some("Nanny"), None), Some(&id));
        // Who does not, is not.
        script.recv(&gone("romeo", "affiliation='none' role='none'", ""));
        assert_eq!(script.room().occupants.len(), 2);
        script.hear("Nanny", "", "tea?", "");
        let store = script.client.store();
        assert_eq!([Kind::Occupant, Kind::Message].map(|kind| store.count(kind, ROOM)), [2, 1]);
        assert_eq!([Kind::Occupant, Kind::Message].map(|kind| store.count(kind, "elsewhere@capulet.lit")), [0, 0]);
    });
}

#[test]
fn nicknames_change() {
    online_on_both(|mut script| {
        script.in_room();
        let id = script.room().occupants.find(Some("romeo"), None).cloned();
        script.recv(&gone("romeo", "nick='montague' role='participant'", "<status code='303'/>"));
        script.recv(&occupant("montague", "affiliation='none' role='participant'", ""));
        assert!(find(&script, "romeo").is_none());
        assert_eq!(script.room().occupants.find(Some("montague"), None).cloned(), id);
        script.join_as("jule", None);
        script.expect_sent(&format!("<presence from='juliet@capulet.lit/balcony' to='{ROOM}/jule' id='*'/>"));
        script.recv(&gone("juliet", "nick='jule' role='participant'", "<status code='303'/><status code='110'/>"));
        script.recv(&occupant("jule", "affiliation='none' role='participant'", "<status code='110'/>"));
        assert_eq!((script.room().nick.as_deref(), script.room().status), (Some("jule"), RoomStatus::Entered));
        // A nickname that is taken, or none, changes nothing.
        script.recv(&gone("montague", "nick='jule' role='participant'", "<status code='303'/>"));
        script.recv(&gone("montague", "nick='' role='participant'", "<status code='303'/>"));
        assert_eq!(script.room().nick.as_deref(), Some("jule"));
        script.recv(&format!(
            "<presence from='{ROOM}/nurse' type='error'><error type='cancel'>\
             <conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>"
        ));
        assert_eq!(script.room().status, RoomStatus::Entered);
        assert_eq!(script.room().trouble.as_ref().unwrap().condition, "conflict");
    });
}

#[test]
fn the_user_may_be_sent_away() {
    for (item, more, condition) in [
        ("affiliation='none' role='none'", "<status code='307'/>", "kicked"),
        ("affiliation='outcast' role='none'", "<status code='301'/>", "banned"),
        ("affiliation='none' role='none'", "<status code='321'/>", "removed"),
        ("affiliation='none' role='none'", "<status code='332'/>", "shutdown"),
        ("affiliation='none' role='none'", "<destroy/>", "destroyed"),
    ] {
        online_on_both(|mut script| {
            script.in_room();
            let presence = gone("juliet", item, more);
            let presence =
                presence.replace("role='none'/>", "role='none'><actor nick='Capulet'/><reason>no</reason></item>");
            script.recv(&presence);
            let room = script.room();
            let trouble = room.trouble.as_ref().unwrap();
            assert_eq!((room.status, trouble.condition.as_str()), (RoomStatus::Disconnected, condition));
            assert_eq!(trouble.actor.as_deref(), Some("Capulet"));
            assert!(room.occupants.is_empty() && !room.wanted);
        });
    }
}

#[test]
fn places_are_asked_for_and_changed() {
    online_on_both(|mut script| {
        script.in_room();
        script.act(|client, now| {
            client.in_context(now, |context| {
                let wish = Wish::Role { nick: "romeo".to_owned(), role: "none", reason: None };
                room::change_place(context, Call(1), &room_jid(), wish);
                let jid = BareJid::new("paris@capulet.lit").unwrap();
                let wish = Wish::Affiliation { jid, affiliation: "member", nick: None, reason: None };
                room::change_place(context, Call(2), &room_jid(), wish);
            })
        });
        script.expect_sent(&format!(
            "<iq type='set' id='$kick' to='{ROOM}'><query xmlns='http://jabber.org/protocol/muc#admin'>\
             <item nick='romeo' role='none'/></query></iq>"
        ));
        script.expect_sent(&format!(
            "<iq type='set' id='$member' to='{ROOM}'><query xmlns='http://jabber.org/protocol/muc#admin'>\
             <item affiliation='member' jid='paris@capulet.lit'/></query></iq>"
        ));
        script.recv(&format!(
            "<iq type='error' id='$kick' from='{ROOM}'><error type='cancel'>\
             <not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>\
             <iq type='result' id='$member' from='{ROOM}'/>"
        ));
        assert!(matches!(script.next_event(), Event::Finished { call: Call(1), outcome: Outcome::Refused(_) }));
        assert!(matches!(script.next_event(), Event::Finished { call: Call(2), outcome: Outcome::Stanza(_) }));
        let paris = BareJid::new("paris@capulet.lit").unwrap();
        assert_eq!(script.room().occupants.by_jid(&paris).unwrap().affiliation, Some("member"));
    });
}

#[test]
fn who_belongs_to_a_room_is_asked_where_that_is_told() {
    online_on_both(|mut script| {
        script.open_room(&[("nick", "juliet".into())]);
        script.describe_room(&[MODERN, "<feature var='muc_membersonly'/>"].concat());
        script.expect_entry("juliet");
        script.let_in("juliet", &[]);
        script.expect_sent(&format!(
            "<iq type='get' id='$list' to='{ROOM}'><query xmlns='http://jabber.org/protocol/muc#admin'>\
             <item affiliation='member'/></query></iq>"
        ));
        script.recv(&format!(
            "<iq type='result' id='$list' from='{ROOM}'><query xmlns='http://jabber.org/protocol/muc#admin'>\
             <item affiliation='member' jid='nurse@capulet.lit' nick='nurse'/><item jid='x@y'/></query></iq>"
        ));
        assert_eq!(script.room().occupants.len(), 2);
        let nurse = BareJid::new("nurse@capulet.lit").unwrap();
        assert_eq!(script.room().occupants.by_jid(&nurse).unwrap().nick.as_deref(), Some("nurse"));
    });
}

/// X6: names that mean something to JavaScript are names like others.
#[test]
fn odd_nicknames_are_nicknames() {
    online_on_both(|mut script| {
        script.in_room();
        for nick in ["__proto__", "constructor", "a/b@c", "toString"] {
            script.recv(&occupant(nick, "affiliation='none' role='participant'", ""));
            assert!(find(&script, nick).is_some(), "{nick}");
        }
        assert_eq!(script.room().occupants.len(), 6);
    });
}

#[test]
fn five_thousand_are_found_and_forgotten() {
    let mut script = Script::websocket(support::peer::juliet());
    script.log_in();
    script.settle();
    script.in_room();
    script.take_changes();
    for chunk in 0..50 {
        let crowd: String = (0..100)
            .map(|n| {
                let n = chunk * 100 + n;
                let item = format!("affiliation='member' role='participant' jid='p{n}@capulet.lit/x'");
                occupant(&format!("p{n}"), &item, "")
            })
            .collect();
        script.recv(&crowd);
    }
    assert_eq!(script.room().occupants.len(), 5_002);
    let jid = BareJid::new("p4999@capulet.lit").unwrap();
    assert_eq!(script.room().occupants.by_jid(&jid).unwrap().nick.as_deref(), Some("p4999"));
    // One change for each, and none of the room.
    let changes = script.take_changes();
    assert_eq!(changes.len(), 5_000);
    assert!(changes.iter().all(|change| change.key.kind == Kind::Occupant && change.what == What::Added));
    script.act(|client, now| client.in_context(now, |context| room::leave(context, &room_jid(), None)));
    assert!(script.room().occupants.is_empty());
}

/// What has happened, each in a word with the nickname.
fn happened(script: &Script) -> Vec<String> {
    let notices = &script.room().notices;
    let last = script.room().messages.order().last().copied();
    let all = notices.after(None).chain(notices.after(last).filter(|_| last.is_some()));
    all.map(|notice| [notice.word, " ", &notice.nick].concat()).collect()
}

#[test]
fn what_happens_in_a_room_is_remembered_where_it_happened() {
    online_on_both(|mut script| {
        script.in_room();
        // Who was there before has not come.
        assert!(happened(&script).is_empty());
        script.recv(&occupant("nurse", MEMBER, ""));
        script.recv(&gone("romeo", "affiliation='none' role='none'", ""));
        script.recv(&occupant("romeo", "affiliation='none' role='participant'", ""));
        assert_eq!(happened(&script), ["entered nurse", "returned romeo"]);
        script.recv(&gone("nurse", "affiliation='member' role='none'", ""));
        assert_eq!(happened(&script), ["returned romeo", "passed nurse"]);
        script.hear("romeo", "", "alone", "");
        script.recv(&occupant("nurse", MEMBER, ""));
        script.recv(&occupant("nurse", &MEMBER.replace("'participant'", "'visitor'"), ""));
        script.recv(&occupant("nurse", &MEMBER.replace("'member'", "'admin'").replace("participant", "moderator"), ""));
        script.recv(&gone("nurse", "affiliation='admin' role='none' nick='Nanny'", "<status code='303'/>"));
        script.recv(&gone("Nanny", "affiliation='outcast' role='none'", "<status code='301'/>"));
        let expected = ["entered nurse", "visitor nurse", "admin nurse", "renamed nurse", "banned Nanny"];
        assert_eq!(happened(&script)[2..], expected);
        // It is no message, and in no cache.
        assert_eq!(script.room().messages.len(), 1);
        script.recv(&format!(
            "<message from='{ROOM}' type='groupchat'><x xmlns='http://jabber.org/protocol/muc#user'>\
             <status code='170'/></x></message>"
        ));
        assert_eq!(script.room().notices.after(Some(0)).last().unwrap().code, Some(170));
        // There is an end to it.
        for number in 0..300 {
            script.recv(&occupant(&format!("n{number}"), MEMBER, ""));
        }
        assert_eq!(script.room().notices.len(), MAX_NOTICES);
    });
}

/// What the room has refused last: a word, the wanted nickname and the condition.
fn refused(script: &Script) -> (&'static str, String, String) {
    let notices = script.room().notices.after(script.room().messages.order().last().copied());
    let notice = notices.last().unwrap();
    (notice.word, notice.nick.to_string(), notice.other.as_deref().unwrap().to_owned())
}

/// The room answers the message with this id, in the name of `from`, with an error.
fn refuse(script: &mut Script, from: &str, id: &str, condition: &str) {
    script.recv(&format!(
        "<message from='{from}' type='error' id='{id}'><error type='cancel'>\
         <{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
    ));
}

#[test]
fn what_a_room_does_not_let_the_user_do_is_remembered_where_it_happened() {
    let mut script = Script::online();
    script.in_room();
    let ask = |script: &mut Script| {
        script.act(|client, now| client.in_context(now, |context| room::set_subject(context, &room_jid(), "Spring")));
        script.forget();
        script.room().subject_asked.clone().unwrap()
    };
    let id = ask(&mut script);
    // Of the room's word nobody else disposes.
    refuse(&mut script, &format!("{ROOM}/mallory"), &id, "forbidden");
    refuse(&mut script, ROOM, "other", "forbidden");
    assert!(script.room().notices.is_empty());
    refuse(&mut script, ROOM, &id, "forbidden");
    refuse(&mut script, ROOM, &id, "conflict");
    assert_eq!(refused(&script), ("topic-refused", String::new(), "forbidden".to_owned()));
    assert_eq!(script.room().notices.len(), 1);

    script.join_as("romeo", None);
    script.recv(&format!(
        "<presence from='{ROOM}/romeo' type='error'><error type='cancel'>\
             <conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>"
    ));
    assert_eq!(refused(&script), ("nick-refused", "romeo".to_owned(), "conflict".to_owned()));
    assert_eq!(script.room().nick.as_deref(), Some("juliet"));

    // A room that does not know the user any more is entered again.
    let id = ask(&mut script);
    refuse(&mut script, ROOM, &id, "item-not-found");
    assert_eq!(refused(&script).2, "item-not-found");
    script.describe_room("");
    script.expect_entry("juliet");
    script.let_in("juliet", &[]);
    assert_eq!(script.room().status as u32, 5);
}

#[test]
fn what_cannot_be_asked_of_a_room_without_a_connection_is_told() {
    let mut script = Script::online_with(Account { reconnect: true, ..juliet() });
    script.in_room();
    script.drop_link();
    script.act(|client, now| client.in_context(now, |context| room::set_subject(context, &room_jid(), "Summer")));
    assert_eq!(refused(&script), ("topic-refused", String::new(), "disconnected".to_owned()));
    script.join_as("Lady", None);
    assert_eq!(refused(&script), ("nick-refused", "Lady".to_owned(), "disconnected".to_owned()));
}
