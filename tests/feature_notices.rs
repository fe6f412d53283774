//! Which messages deserve that the user is told of them, and what services say.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{
    client::{Event, Options, WhichRooms},
    jid::BareJid,
    store::{Attributes, Key, Kind, Value},
};

use support::{
    peer::{Script, juliet, online_on_both},
    room::{ROOM, room_jid, room_key},
};

fn romeo() -> Key {
    Key::new(Kind::Chat, "romeo@montague.lit")
}

fn hide(script: &mut Script, key: &Key, hidden: bool) {
    let attributes = Attributes::default().with("hidden", hidden);
    script.act(|client, now| client.write(now, key, &attributes));
    script.skip_events();
}

fn hear(script: &mut Script, body: &str, more: &str) {
    script.recv(&format!(
        "<message from='romeo@montague.lit/orchard' type='chat' id='{body}'><body>{body}</body>{more}</message>"
    ));
}

/// The conversations of which there are notices since this was asked last.
fn notices(script: &mut Script) -> Vec<Key> {
    let events = script.take_events().into_iter();
    events.filter_map(|event| if let Event::Notice { chat, .. } = event { Some(chat) } else { None }).collect()
}

#[test]
fn what_is_not_seen_is_told_of_once() {
    online_on_both(|mut script| {
        hear(&mut script, "one", "");
        assert_eq!(notices(&mut script), []);
        script.act(|client, now| client.set_visible(now, false));
        hear(&mut script, "two", "");
        assert_eq!(notices(&mut script), [romeo()]);
        script.act(|client, now| client.set_visible(now, true));
        hide(&mut script, &romeo(), true);
        hear(&mut script, "three", "");
        assert_eq!(notices(&mut script), [romeo()]);
    });
}

#[test]
fn what_is_no_news_or_says_nothing_is_not_told_of() {
    online_on_both(|mut script| {
        hear(&mut script, "one", "");
        hide(&mut script, &romeo(), true);
        // What the server kept, a copy, what the user said elsewhere, a state, a correction.
        hear(&mut script, "late", "<delay xmlns='urn:xmpp:delay' from='capulet.lit' stamp='1970-01-01T00:00:00Z'/>");
        let carbon = |kind: &str, from: &str, to: &str| {
            format!(
                "<message from='juliet@capulet.lit' type='chat'><{kind} xmlns='urn:xmpp:carbons:2'>\
                 <forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='{from}' to='{to}' \
                 type='chat' id='{kind}'><body>copy</body></message></forwarded></{kind}></message>"
            )
        };
        script.recv(&carbon("received", "romeo@montague.lit/orchard", "juliet@capulet.lit/other"));
        script.recv(&carbon("sent", "juliet@capulet.lit/other", "romeo@montague.lit"));
        script.recv(
            "<message from='romeo@montague.lit/orchard' type='chat'>\
             <composing xmlns='http://jabber.org/protocol/chatstates'/></message>",
        );
        hear(&mut script, "uno", "<replace xmlns='urn:xmpp:message-correct:0' id='one'/>");
        assert_eq!(notices(&mut script), []);
    });
}

#[test]
fn in_rooms_the_users_name_is_told_of_or_everything_where_the_setting_says_so() {
    let other = BareJid::new("other@rooms.capulet.lit").unwrap();
    for (rooms, count) in [
        (WhichRooms::None, 1),
        (WhichRooms::All, 2),
        (WhichRooms::These(vec![room_jid()]), 2),
        (WhichRooms::These(vec![other]), 1),
    ] {
        online_on_both(|mut script| {
            let notify_all_room_messages = rooms.clone();
            script.client.set_options(Options { notify_all_room_messages, discovery: false, ..script.options.clone() });
            script.in_room();
            hide(&mut script, &room_key(), true);
            script.hear("romeo", "id='1'", "anybody here?", "");
            script.hear("romeo", "id='2'", "juliet, are you here?", "");
            script.hear("juliet", "id='3'", "juliet it is", "");
            let told = notices(&mut script);
            assert_eq!(told.len(), count, "{rooms:?} {ROOM}");
            hide(&mut script, &room_key(), false);
            script.hear("romeo", "id='4'", "juliet?", "");
            assert_eq!(notices(&mut script), []);
        });
    }
}

// Headlines

fn headline(script: &mut Script, from: &str, body: &str) {
    script.recv(&format!("<message from='{from}' type='headline'><body>{body}</body></message>"));
}

#[test]
fn what_the_server_announces_has_a_box_of_its_own_that_nobody_answers_in() {
    online_on_both(|mut script| {
        script.act(|client, now| client.set_visible(now, false));
        headline(&mut script, "capulet.lit/announce", "The server goes down at noon");
        let key = Key::new(Kind::Chat, "capulet.lit");
        assert_eq!(notices(&mut script), std::slice::from_ref(&key));
        let attributes = script.client.store().attributes(&key).unwrap();
        assert_eq!(attributes.get("type"), Some(&Value::from("headline")));
        let chat = script.client.store().chats.get(&BareJid::new("capulet.lit").unwrap()).unwrap();
        assert_eq!((chat.unread, chat.messages.len()), (1, 1));
        assert!(chat.messages.iter().all(|(_, message)| message.kind == "headline" && !message.mine));
    });
}

#[test]
fn who_can_be_answered_has_an_ordinary_box() {
    online_on_both(|mut script| {
        headline(&mut script, "romeo@montague.lit/orchard", "News");
        let kind = |script: &Script| script.client.store().attributes(&romeo()).unwrap().get("type").cloned();
        assert_eq!(kind(&script), Some("headline".into()));
        hear(&mut script, "hi", "");
        assert_eq!(kind(&script), Some("chatbox".into()));
        headline(&mut script, "romeo@montague.lit/orchard", "More news");
        assert_eq!(kind(&script), Some("chatbox".into()));
    });
}

#[test]
fn strangers_announce_nothing() {
    let mut script = Script::offline();
    script.options.allow_non_roster_messaging = false;
    script.connect(juliet());
    script.log_in();
    script.expect_sent("<iq type='get' id='$roster'><query xmlns='jabber:iq:roster'/></iq>");
    script.recv("<iq type='result' id='$roster'><query xmlns='jabber:iq:roster'/></iq>");
    script.settle();
    for from in ["paris@capulet.lit/x", "evil.example", "announce.capulet.lit.evil.example"] {
        headline(&mut script, from, "You have won");
    }
    assert!(script.client.store().chats.in_order().is_empty());
    headline(&mut script, "capulet.lit", "Really");
    assert_eq!(script.client.store().chats.in_order().len(), 1);
}
