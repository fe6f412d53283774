//! What is said in rooms: each message once, by whom the room says it is, and what became of the user's own.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use converse_wasm::{
    client::Event,
    feature::{Outgoing, room},
    jid::BareJid,
    stanza::payload::mam::Archived,
    store::{Message, MessageReference, Sending},
    xml::Element,
};
use std::rc::Rc;

use support::{
    pattern::stanza,
    peer::{Script, online_on_both, seconds},
    room::{ROOM, gone, occupant, room_jid, room_key},
};

fn last(script: &Script) -> &Message {
    script.room().messages.iter().next_back().unwrap().1
}

fn say(script: &mut Script, outgoing: Outgoing) {
    script.act(|client, now| client.in_context(now, |context| room::send(context, &room_jid(), outgoing)));
}

fn text(body: &str) -> Outgoing {
    Outgoing { body: body.to_owned(), ..Outgoing::default() }
}

fn by_id(nick: &str) -> String {
    format!("<occupant-id xmlns='urn:xmpp:occupant-id:0' id='id-{nick}'/>")
}

fn stanza_id(id: &str) -> String {
    format!("<stanza-id xmlns='urn:xmpp:sid:0' by='{ROOM}' id='{id}'/>")
}

#[test]
fn messages_are_kept_with_who_said_them() {
    online_on_both(|mut script| {
        script.in_room();
        script.hear("romeo", "id='1'", "hi", &[by_id("romeo"), stanza_id("a1")].concat());
        let message = last(&script);
        assert_eq!(message.nick.as_deref(), Some("romeo"));
        assert_eq!(&*message.from, &format!("{ROOM}/romeo"));
        assert_eq!((message.archive_id.as_deref(), message.occupant_id.as_deref()), (Some("a1"), Some("id-romeo")));
        assert!(!message.mine && message.kind == "groupchat");
        assert!(matches!(script.next_event(), Event::Message { chat: Some(key), .. } if key == room_key()));
    });
}

#[test]
fn a_message_that_came_already_is_told_but_not_kept_again() {
    online_on_both(|mut script| {
        script.in_room();
        script.hear("romeo", "id='1'", "hi", &stanza_id("a1"));
        script.hear("romeo", "id='1'", "hi", &stanza_id("a1"));
        assert_eq!(script.said(), ["hi"]);
        assert!(matches!(script.next_event(), Event::Message { chat: Some(_), .. }));
        assert!(matches!(script.next_event(), Event::Message { chat: None, .. }));
        // The same id by somebody else is another's (F18), and so is an id in the name of others (F17).
        script.hear("mallory", "id='1'", "hi", "<origin-id xmlns='urn:xmpp:sid:0' id='1'/>");
        script.hear("romeo", "id='2'", "ho", "<stanza-id xmlns='urn:xmpp:sid:0' by='capulet.lit' id='a1'/>");
        assert_eq!(script.said(), ["hi", "hi", "ho"]);
    });
}

#[test]
fn ids_of_a_room_that_does_not_say_that_it_gives_them_are_nothing() {
    online_on_both(|mut script| {
        script.open_room(&[("nick", "juliet".into())]);
        script.describe_room("");
        script.expect_entry("juliet");
        script.let_in("juliet", &["romeo"]);
        script.hear("romeo", "id='1'", "hi", &[by_id("romeo"), stanza_id("a1")].concat());
        script.hear("mallory", "id='2'", "other", &stanza_id("a1"));
        assert_eq!(script.said(), ["hi", "other"]);
        assert_eq!((last(&script).archive_id.as_deref(), last(&script).occupant_id.as_deref()), (None, None));
    });
}

#[test]
fn what_was_said_before_has_its_time_and_comes_once() {
    online_on_both(|mut script| {
        script.in_room();
        let delay = |by: &str| format!("<delay xmlns='urn:xmpp:delay' from='{by}' stamp='1970-01-01T00:00:00Z'/>");
        script.hear("romeo", "", "first", &delay(ROOM));
        script.hear("romeo", "", "first", &delay(ROOM));
        assert_eq!(script.said(), ["first"]);
        assert!(last(&script).delayed);
        // Of others, nobody believes the time.
        script.hear("romeo", "", "now", &delay("romeo@montague.lit"));
        assert!(!last(&script).delayed);
        // F25: nor of the room, once it has said what it is about.
        script.recv(&format!("<message from='{ROOM}' type='groupchat'><subject>Love</subject></message>"));
        script.hear("romeo", "", "long ago", &delay(ROOM));
        assert!(!last(&script).delayed);
    });
}

#[test]
fn the_users_own_message_is_sent_and_seen_to_arrive() {
    online_on_both(|mut script| {
        script.in_room();
        let reference = MessageReference {
            begin: Some(0),
            end: Some(5),
            kind: "mention".to_owned(),
            uri: format!("xmpp:{ROOM}/romeo"),
        };
        say(&mut script, Outgoing { references: vec![reference], ..text("romeo, hi") });
        assert!(last(&script).outcome.is_some() && last(&script).mine);
        script.expect_sent(&format!(
            "<message from='juliet@capulet.lit/balcony' to='{ROOM}' type='groupchat' id='$id'><body>romeo, hi</body>\
             <active xmlns='http://jabber.org/protocol/chatstates'/>\
             <reference xmlns='urn:xmpp:reference:0' type='mention' begin='0' end='5' uri='xmpp:{ROOM}/romeo'/>\
             <origin-id xmlns='urn:xmpp:sid:0' id='$id'/></message>"
        ));
        assert_eq!(last(&script).received, None);
        let id = script.expect_name("id");
        let origin = format!("<origin-id xmlns='urn:xmpp:sid:0' id='{id}'/>{}{}", stanza_id("a7"), by_id("juliet"));
        script.forget();
        // Nobody else can say that it has arrived.
        script.hear("mallory", &format!("id='{id}'"), "romeo, hi", &origin);
        assert!(script.room().messages.iter().next().unwrap().1.received.is_none());
        let origin = origin.replace("a7", "a8");
        script.hear("juliet", &format!("id='{id}'"), "romeo, hi", &origin);
        assert_eq!(script.said().len(), 2);
        let own = script.room().messages.iter().next().unwrap().1;
        assert!(own.received.is_some() && own.mine);
        assert_eq!((own.archive_id.as_deref(), own.outcome.clone()), (Some("a8"), Some(Sending::Sent)));
    });
}

#[test]
fn a_message_that_the_room_refuses_has_failed() {
    online_on_both(|mut script| {
        script.in_room();
        say(&mut script, text("hi"));
        script.expect_sent("<message from='*' to='*' type='groupchat' id='$id'><body>hi</body><active xmlns='http://jabber.org/protocol/chatstates'/><origin-id xmlns='urn:xmpp:sid:0' id='*'/></message>");
        // Twice, and told once.
        for _ in 0..2 {
            script.recv(&format!(
                "<message type='error' id='$id' from='{ROOM}'><error type='auth'>\
                 <forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
            ));
            let outcome = script.room().messages.iter().next().unwrap().1.outcome.clone();
            assert_eq!(outcome, Some(Sending::Failed { reason: "refused", text: None }));
            assert_eq!(script.said(), ["hi", "forbidden"]);
        }
    });
}

#[test]
fn who_is_not_in_the_room_is_not_heard_there() {
    online_on_both(|mut script| {
        script.open_room(&[("nick", "juliet".into())]);
        script.forget();
        say(&mut script, text("hi"));
        script.expect_nothing_sent();
        assert_eq!(last(&script).outcome, Some(Sending::Failed { reason: "not-sent", text: None }));
    });
}

#[test]
fn messages_that_were_not_seen_are_counted() {
    online_on_both(|mut script| {
        script.in_room();
        let counts = |script: &Script| (script.room().unread, script.room().unread_general);
        script.hear("romeo", "id='1'", "juliet: seen", "");
        assert_eq!(counts(&script), (0, 0));
        script.act(|client, now| {
            let hidden = converse_wasm::store::Attributes::default().with("hidden", true);
            client.write(now, &room_key(), &hidden);
        });
        script.hear("romeo", "id='2'", "nobody", "");
        script.hear("romeo", "id='3'", "juliets nurse", "");
        assert_eq!(counts(&script), (0, 2));
        script.hear("romeo", "id='4'", "hello juliet!", "");
        script.hear(
            "romeo",
            "id='5'",
            "hello you",
            "<reference xmlns='urn:xmpp:reference:0' type='mention' uri='xmpp:%6Auliet@capulet.lit'/>",
        );
        assert_eq!(counts(&script), (2, 4));
        script.hear("juliet", "id='6'", "me, juliet", "");
        script.hear(
            "romeo",
            "id='7'",
            "juliet",
            &format!("<delay xmlns='urn:xmpp:delay' from='{ROOM}' stamp='1970-01-01T00:00:00Z'/>"),
        );
        assert_eq!(counts(&script), (2, 4));
    });
}

/// F13: a correction is heard of the same occupant only, whoever has the nickname by now.
#[test]
fn only_the_author_corrects() {
    let replace = |id: &str| format!("<replace xmlns='urn:xmpp:message-correct:0' id='{id}'/>");
    online_on_both(|mut script| {
        script.in_room();
        script.hear("romeo", "id='1'", "hi", &by_id("romeo"));
        script.hear("romeo", "id='2'", "hello", &[replace("1"), by_id("romeo")].concat());
        assert_eq!(script.said(), ["hello"]);
        assert_eq!(last(&script).rare.older_versions, ["hi"]);
        // Another occupant under the same nickname.
        script.hear("romeo", "id='3'", "I am a fool", &[replace("1"), by_id("mallory")].concat());
        script.hear("mallory", "id='4'", "so am I", &[replace("1"), by_id("mallory")].concat());
        script.hear("romeo", "id='5'", "who?", &replace("1"));
        assert_eq!(script.said(), ["hello", "I am a fool", "so am I", "who?"]);
    });
    // Where nobody says who it is.
    online_on_both(|mut script| {
        script.open_room(&[("nick", "juliet".into())]);
        script.describe_room("");
        script.expect_entry("juliet");
        script.let_in("juliet", &["romeo"]);
        script.advance(seconds(1));
        script.hear("romeo", "id='1'", "hi", "");
        script.hear("romeo", "id='2'", "hello", &replace("1"));
        assert_eq!(script.said(), ["hello"]);
        script.advance(seconds(1));
        script.recv(&gone("romeo", "affiliation='none' role='none'", ""));
        script.recv(&occupant("romeo", "affiliation='none' role='participant'", ""));
        script.hear("romeo", "id='3'", "I am a fool", &replace("1"));
        assert_eq!(script.said(), ["hello", "I am a fool"]);
    });
}

/// F11, F12: what is called a retraction takes nothing away here, whoever sends it.
#[test]
fn nobody_takes_messages_of_others_away() {
    online_on_both(|mut script| {
        script.in_room();
        script.hear("romeo", "id='1'", "hi", &[by_id("romeo"), stanza_id("a1")].concat());
        script.recv(&format!(
            "<message from='{ROOM}/mallory' type='groupchat' id='2'>\
             <retract xmlns='urn:xmpp:message-retract:1' id='a1'><moderated xmlns='urn:xmpp:message-moderate:1'/></retract>\
             </message>"
        ));
        assert_eq!(script.said(), ["hi"]);
    });
}

#[test]
fn the_users_own_message_is_corrected() {
    online_on_both(|mut script| {
        script.in_room();
        say(&mut script, text("hi"));
        script.expect_sent("<message from='*' to='*' type='groupchat' id='$first'><body>hi</body><active xmlns='http://jabber.org/protocol/chatstates'/><origin-id xmlns='urn:xmpp:sid:0' id='*'/></message>");
        say(&mut script, Outgoing { correcting: Some(0), ..text("hello") });
        script.expect_sent("<message from='*' to='*' type='groupchat' id='$second'><body>hello</body><active xmlns='http://jabber.org/protocol/chatstates'/><replace xmlns='urn:xmpp:message-correct:0' id='$first'/><origin-id xmlns='urn:xmpp:sid:0' id='$second'/></message>");
        let (first, second) = (script.expect_name("first"), script.expect_name("second"));
        script.hear("juliet", &format!("id='{first}'"), "hi", &by_id("juliet"));
        let replace = format!("<replace xmlns='urn:xmpp:message-correct:0' id='{first}'/>");
        script.hear("juliet", &format!("id='{second}'"), "hello", &[replace, by_id("juliet")].concat());
        assert_eq!(script.said(), ["hello"]);
        assert!(last(&script).received.is_some());
    });
}

#[test]
fn a_subject_is_no_message() {
    online_on_both(|mut script| {
        script.in_room();
        script.recv(&format!("<message from='{ROOM}/romeo' type='groupchat'><subject>Love</subject></message>"));
        assert_eq!(script.room().subject, Some(("romeo".to_owned(), "Love".to_owned())));
        script.hear("mallory", "id='1'", "hi", "<subject>Hate</subject>");
        assert_eq!(script.room().subject, Some(("romeo".to_owned(), "Love".to_owned())));
        script.recv(&format!("<message from='{ROOM}' type='groupchat'><subject/></message>"));
        assert_eq!(script.room().subject, Some((String::new(), String::new())));
        script.act(|client, now| client.in_context(now, |context| room::set_subject(context, &room_jid(), "Peace")));
        script.expect_sent(&format!(
            "<message from='*' to='{ROOM}' type='groupchat' id='*'><subject>Peace</subject></message>"
        ));
    });
}

#[test]
fn archived_messages_join_the_others() {
    online_on_both(|mut script| {
        script.in_room();
        script.advance(seconds(10));
        script.hear("romeo", "id='2'", "second", &[by_id("romeo"), stanza_id("a2")].concat());
        let take_in = |script: &mut Script, inner: &str, id: &str| {
            let result: Element = stanza(&format!(
                "<message from='{ROOM}'><result xmlns='urn:xmpp:mam:2' queryid='q' id='{id}'>\
                 <forwarded xmlns='urn:xmpp:forward:0'>\
                 <delay xmlns='urn:xmpp:delay' stamp='1970-01-01T00:00:01Z'/>{inner}</forwarded></result></message>"
            ));
            let me = BareJid::new("juliet@capulet.lit").unwrap();
            let Some(result) = Archived::from_archive(&Rc::new(result), &room_jid(), &me, "q") else { return };
            script.act(|client, now| {
                client.in_context(now, |context| {
                    room::take_in_archived(context, &room_jid(), &result, true, None);
                })
            });
        };
        let inner = |room: &str, body: &str| {
            format!(
                "<message xmlns='jabber:client' from='{room}/romeo' type='groupchat' id='{body}'><body>{body}</body></message>"
            )
        };
        take_in(&mut script, &inner(ROOM, "first"), "a1");
        take_in(&mut script, &inner(ROOM, "second"), "a2");
        // F8: another room's words.
        take_in(&mut script, &inner("vault@rooms.capulet.lit", "third"), "a3");
        take_in(&mut script, &inner(ROOM, "fourth").replace("groupchat", "chat"), "a4");
        assert_eq!(script.said(), ["first", "second"]);
        assert!(script.room().messages.iter().next().unwrap().1.archived);
    });
}

#[test]
fn a_room_says_that_it_is_other_than_it_was() {
    online_on_both(|mut script| {
        script.in_room();
        let changed = |from: &str| {
            format!(
                "<message from='{from}' type='groupchat'><x xmlns='http://jabber.org/protocol/muc#user'>\
                 <status code='104'/></x></message>"
            )
        };
        script.recv(&changed(&format!("{ROOM}/mallory")));
        script.expect_nothing_sent();
        script.recv(&changed(ROOM));
        script.describe_room("<feature var='muc_membersonly'/>");
        assert!(script.room().features.has("membersonly"));
    });
}

#[test]
fn strangers_do_not_speak_in_the_name_of_a_room() {
    online_on_both(|mut script| {
        script.hear("romeo", "id='1'", "hi", "");
        script.expect_silence();
        assert!(script.client.store().rooms.get(&BareJid::new(ROOM).unwrap()).is_none());
    });
}
