//! What occupants of a room and the user say to each other alone (XEP-0045 §7.5).

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use std::rc::Rc;

use converse_wasm::{
    client::Event,
    feature::{Outgoing, room},
    session::Delivery,
    stanza::payload::mam::Archived,
    store::{Attributes, Key, Kind, Private, Sending, Value, What},
    view::{boxes, conversation},
};

use support::{
    pattern::stanza,
    peer::{Script, juliet, online_on_both, seconds},
    room::{MODERN, ROOM, gone, occupant, room_jid},
};

const USER: &str = "<x xmlns='http://jabber.org/protocol/muc#user'/>";

fn by_id(nick: &str) -> String {
    format!("<occupant-id xmlns='urn:xmpp:occupant-id:0' id='id-{nick}'/>")
}

/// An occupant says something to the user alone, with `more` beside the text.
fn private(nick: &str, id: &str, body: &str, more: &str) -> String {
    format!(
        "<message from='{ROOM}/{nick}' to='juliet@capulet.lit/balcony' type='chat' id='{id}'>\
         <body>{body}</body>{USER}{more}</message>"
    )
}

fn privates(script: &Script) -> Vec<&Private> {
    script.client.store().rooms.privates().collect()
}

/// What is said in each conversation: with whom, and the texts.
fn said(script: &Script) -> Vec<(String, Vec<String>)> {
    let texts = |private: &&Private| {
        let bodies = private.messages.iter().filter_map(|(_, message)| message.body.as_deref());
        (private.nick.to_string(), bodies.map(str::to_owned).collect())
    };
    privates(script).iter().map(texts).collect()
}

fn one(nick: &str, texts: &[&str]) -> (String, Vec<String>) {
    (nick.to_owned(), texts.iter().map(|text| (*text).to_owned()).collect())
}

fn open(script: &mut Script, nick: &str) -> Option<Key> {
    script.act(|client, now| client.in_context(now, |context| room::open_private(context, &room_jid(), nick))).flatten()
}

fn say(script: &mut Script, chat: &Key, outgoing: Outgoing) -> Option<Key> {
    script
        .act(|client, now| client.in_context(now, |context| room::send_private(context, &chat.id, outgoing)))
        .flatten()
}

fn text(body: &str) -> Outgoing {
    Outgoing { body: body.to_owned(), ..Outgoing::default() }
}

fn outcome(script: &Script) -> Option<Sending> {
    let private = privates(script)[0];
    private.messages.iter().rev().find(|(_, message)| message.mine)?.1.outcome.clone()
}

fn carbon(kind: &str, inner: &str) -> String {
    format!(
        "<message from='juliet@capulet.lit' to='juliet@capulet.lit/balcony'><{kind} xmlns='urn:xmpp:carbons:2'>\
         <forwarded xmlns='urn:xmpp:forward:0'>{}</forwarded></{kind}></message>",
        inner.replacen("<message ", "<message xmlns='jabber:client' ", 1)
    )
}

#[test]
fn an_occupant_says_something_to_the_user_alone() {
    online_on_both(|mut script| {
        script.in_room();
        let psst = private("romeo", "1", "psst", &by_id("romeo"));
        script.recv(&psst);
        let chat = privates(&script)[0].key();
        assert_eq!(said(&script), [one("romeo", &["psst"])]);
        // It is no chat with a person, and nothing that is said in the room.
        assert!(script.client.store().chats.iter().next().is_none() && script.said().is_empty());
        script.expect_event(Event::Message { stanza: Rc::new(stanza(&psst)), chat: Some(chat.clone()) });
        script.expect_nothing_sent();
        let attributes = script.client.store().attributes(&chat).unwrap();
        let get = |name| attributes.get(name).and_then(Value::as_str).map(str::to_owned).unwrap_or_default();
        assert_eq!(
            (get("jid"), get("room"), get("nick")),
            (format!("{ROOM}/romeo"), ROOM.to_owned(), "romeo".to_owned())
        );
        assert_eq!((get("type"), get("message_type"), get("show")), ("chatbox".into(), "chat".into(), "online".into()));
        assert_eq!(script.client.store().ids(Kind::Chat, ""), std::slice::from_ref(&chat.id));
        let message = Key::within(Kind::Message, chat.id.clone(), "0");
        let attributes = script.client.store().attributes(&message).unwrap();
        let get = |name| attributes.get(name).and_then(Value::as_str).map(str::to_owned).unwrap_or_default();
        assert_eq!((get("type"), get("sender"), get("from")), ("chat".into(), "them".into(), format!("{ROOM}/romeo")));
    });
}

#[test]
fn it_is_listed_with_where_it_is() {
    let mut script = Script::online();
    script.in_room();
    let chat = open(&mut script, "romeo").unwrap();
    let store = script.client.store();
    let boxes: Vec<_> = boxes::all(store).iter().map(|open| open.attributes(store)).collect();
    let shown = |name| boxes.iter().map(move |shown| shown.get(name).and_then(Value::as_str).map(str::to_owned));
    assert!(shown("name").eq([Some("The Orchard".to_owned()), Some("romeo (The Orchard)".to_owned())]));
    assert!(shown("kind").eq([Some("room".to_owned()), Some("chat".to_owned())]));
    assert!(shown("jid").eq([Some(ROOM.to_owned()), Some(chat.id.to_string())]));
    assert!(shown("address").eq([None, Some(format!("{ROOM}/romeo"))]));
}

#[test]
fn the_user_answers_and_hears_what_became_of_it() {
    online_on_both(|mut script| {
        script.in_room();
        let chat = open(&mut script, "romeo").unwrap();
        assert_eq!(open(&mut script, "romeo"), Some(chat.clone()));
        say(&mut script, &chat, text("hi")).unwrap();
        let sent = format!(
            "<message from='juliet@capulet.lit/balcony' to='{ROOM}/romeo' type='chat' id='$id'>{USER}<body>hi</body>\
             <active xmlns='http://jabber.org/protocol/chatstates'/><origin-id xmlns='urn:xmpp:sid:0' id='$id'/></message>"
        );
        script.expect_sent(&sent);
        script.settle();
        let id = script.expect_name("id");
        script.act(|client, _| client.poll_event());
        assert!(matches!(outcome(&script), Some(Sending::Pending | Sending::Sent)));
        // A correction.
        say(&mut script, &chat, Outgoing { correcting: Some(0), ..text("ho") }).unwrap();
        script.expect_sent(&format!(
            "<message from='*' to='{ROOM}/romeo' type='chat' id='$ho'>{USER}<body>ho</body>\
             <active xmlns='http://jabber.org/protocol/chatstates'/>\
             <replace xmlns='urn:xmpp:message-correct:0' id='{id}'/><origin-id xmlns='urn:xmpp:sid:0' id='{id}'/></message>"
        ));
        assert_eq!(said(&script), [one("romeo", &["ho"])]);
        // The room says that it did not arrive, once.
        let error = format!(
            "<message type='error' from='{ROOM}/romeo' id='$ho'><error type='cancel'>\
             <item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
        );
        script.recv(&error);
        script.recv(&error);
        assert!(matches!(outcome(&script), Some(Sending::Failed { reason: "refused", .. })));
        assert_eq!(said(&script), [one("romeo", &["ho", "item-not-found"])]);
        script.forget();
        let again = |script: &mut Script| {
            script.act(|client, now| {
                client.in_context(now, |context| room::send_private_again(context, &chat.id, 0).is_some())
            })
        };
        assert_eq!(again(&mut script), Some(true));
        assert!(script.expect_sent_any().to_xml().unwrap().contains("ho</body>"));
        assert_eq!(again(&mut script), Some(false));
    });
}

#[test]
fn an_acknowledged_message_is_sent() {
    let mut script = Script::online();
    script.in_room();
    let chat = open(&mut script, "romeo").unwrap();
    say(&mut script, &chat, text("hi")).unwrap();
    let id = privates(&script)[0].messages.get(0).unwrap().msgid.clone().unwrap();
    let told = |delivery| {
        let mut store = script.client.store().clone();
        store.rooms.expect(&id, &chat.id);
        let messages = &mut store.rooms.private_mut(&chat.id).unwrap().messages;
        let _ = messages.update(0, |message| message.outcome = Some(Sending::Pending));
        assert!(room::settle(&mut store, &id, delivery).is_some());
        store.timeline(&chat.id).unwrap().get(0).unwrap().outcome.clone()
    };
    assert_eq!(told(Delivery::Sent), Some(Sending::Sent));
    assert_eq!(told(Delivery::InDoubt), Some(Sending::Failed { reason: "in-doubt", text: None }));
}

#[test]
fn who_is_not_here_is_not_spoken_to() {
    online_on_both(|mut script| {
        script.in_room();
        assert_eq!(open(&mut script, "ghost"), None);
        let chat = open(&mut script, "romeo").unwrap();
        script.recv(&gone("romeo", "affiliation='none' role='none'", ""));
        assert_eq!(open(&mut script, "romeo"), Some(chat.clone()));
        say(&mut script, &chat, text("hi")).unwrap();
        script.expect_nothing_sent();
        assert!(matches!(outcome(&script), Some(Sending::Failed { reason: "not-sent", .. })));
        // The same is heard again when they are back.
        script.recv(&occupant("romeo", "affiliation='none' role='participant'", ""));
        say(&mut script, &chat, text("you")).unwrap();
        assert!(script.expect_sent_any().to_xml().unwrap().contains("you</body>"));
    });
}

/// F21: the conversation is with somebody, not with a nickname.
#[test]
fn who_takes_a_nickname_over_gets_another_conversation() {
    online_on_both(|mut script| {
        script.in_room();
        script.recv(&private("romeo", "1", "psst", &by_id("romeo")));
        let chat = privates(&script)[0].key();
        // They change the nickname, and somebody else takes it.
        script.recv(&gone("romeo", "nick='montague' role='participant'", "<status code='303'/>"));
        script.recv(&occupant("montague", "role='participant'", "").replace("id-montague", "id-romeo"));
        script.take_changes();
        script.recv(&occupant("romeo", "role='participant'", "").replace("id-romeo", "id-mallory"));
        script.recv(&private("romeo", "2", "trust me", &by_id("mallory")));
        assert_eq!(said(&script), [one("montague", &["psst"]), one("romeo", &["trust me"])]);
        assert_ne!(open(&mut script, "romeo"), Some(chat.clone()));
        assert_eq!(open(&mut script, "montague"), Some(chat.clone()));
        // A correction of what the other one said is none.
        script.recv(&private("romeo", "3", "hah", &[by_id("mallory"), replace("1")].concat()));
        assert_eq!(said(&script)[0], one("montague", &["psst"]));
        // What the room does not stand behind is nobody's.
        script.recv(&private("montague", "4", "lies", &by_id("mallory")));
        assert_eq!(said(&script)[0], one("montague", &["psst"]));
        // The first one goes and comes back under yet another name.
        script.recv(&gone("montague", "role='none'", ""));
        script.recv(&occupant("rosaline", "role='participant'", "").replace("id-rosaline", "id-romeo"));
        say(&mut script, &chat, text("there you are")).unwrap();
        assert_eq!(script.expect_sent_any().attribute("to"), Some(&*format!("{ROOM}/rosaline")));
    });
}

fn replace(id: &str) -> String {
    format!("<replace xmlns='urn:xmpp:message-correct:0' id='{id}'/>")
}

/// Where the room tells of nobody who they are, they are the same as long as they stay.
#[test]
fn in_a_room_that_tells_nothing_who_comes_is_somebody_new() {
    online_on_both(|mut script| {
        script.open_room(&[("nick", "juliet".into())]);
        script.describe_room("");
        script.expect_entry("juliet");
        script.let_in("juliet", &["romeo"]);
        script.forget();
        script.recv(&private("romeo", "1", "one", &by_id("mallory")));
        script.recv(&gone("romeo", "nick='montague' role='participant'", "<status code='303'/>"));
        script.recv(&occupant("montague", "role='participant'", ""));
        script.recv(&private("montague", "2", "two", ""));
        assert_eq!(said(&script), [one("montague", &["one", "two"])]);
        script.recv(&gone("montague", "role='none'", ""));
        script.recv(&occupant("montague", "role='participant'", ""));
        script.recv(&private("montague", "3", "three", ""));
        assert_eq!(said(&script), [one("montague", &["one", "two"]), one("montague", &["three"])]);
    });
}

#[test]
fn each_message_is_there_once() {
    online_on_both(|mut script| {
        script.in_room();
        let origin = "<origin-id xmlns='urn:xmpp:sid:0' id='o1'/>";
        let psst = private("romeo", "1", "psst", &[&by_id("romeo"), origin].concat());
        script.recv(&psst);
        script.forget();
        script.recv(&psst);
        script.recv(&carbon("received", &psst));
        script.expect_silence();
        // Another client of the user's answers.
        let answer = format!(
            "<message from='juliet@capulet.lit/chamber' to='{ROOM}/romeo' type='chat' id='2'><body>yes</body>{USER}</message>"
        );
        script.recv(&carbon("sent", &answer));
        script.recv(&carbon("sent", &answer));
        assert_eq!(said(&script), [one("romeo", &["psst", "yes"])]);
        assert!(privates(&script)[0].messages.get(1).unwrap().mine);
        // The same id with other words is another message, and a correction is none.
        script.recv(&private("romeo", "1", "psst!", &by_id("romeo")));
        script.recv(&private("romeo", "5", "pst", &[by_id("romeo"), replace("1")].concat()));
        assert_eq!(said(&script), [one("romeo", &["pst", "yes", "psst!"])]);
    });
}

#[test]
fn what_is_not_seen_is_counted() {
    online_on_both(|mut script| {
        script.in_room();
        let chat = open(&mut script, "romeo").unwrap();
        let write = |script: &mut Script, name: &'static str, value: Value| {
            let attributes = Attributes::default().with(name, value);
            script.act(|client, now| client.write(now, &chat, &attributes));
        };
        write(&mut script, "hidden", true.into());
        script.take_changes();
        script.recv(&private("romeo", "1", "one", ""));
        script.recv(&private("romeo", "2", "two", ""));
        let where_it_began = |script: &Script| {
            let messages = &privates(script)[0].messages;
            conversation::lines(messages, 0, usize::MAX, |_| 0).iter().position(|line| line.fresh)
        };
        assert_eq!((privates(&script)[0].unread, where_it_began(&script)), (2, Some(0)));
        assert!(script.take_changes().contains(&chat.clone().changed()));
        write(&mut script, "num_unread", 0.into());
        assert_eq!((privates(&script)[0].unread, where_it_began(&script)), (0, None));
        write(&mut script, "chat_state", "composing".into());
        script.expect_sent(&format!(
            "<message from='*' to='{ROOM}/romeo' type='chat' id='*'>{USER}\
             <composing xmlns='http://jabber.org/protocol/chatstates'/>\
             <no-store xmlns='urn:xmpp:hints'/><no-permanent-store xmlns='urn:xmpp:hints'/></message>"
        ));
    });
}

/// F21, F23: nobody who is not there is heard, and nobody learns anything by asking.
#[test]
fn hostile_private_messages() {
    online_on_both(|mut script| {
        script.in_room();
        let receipt = "<request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/>";
        script.recv(&private("romeo", "1", "hi", receipt));
        script.expect_nothing_sent();
        script.forget();
        script.recv(&private("ghost", "2", "boo", ""));
        script.recv(&private("romeo", "3", "boo", "").replace(&format!("{ROOM}/romeo"), ROOM));
        script.recv(&private("romeo", "4", "boo", "").replace(ROOM, "vault@rooms.capulet.lit"));
        script.recv(&private("romeo", "5", "boo", "").replace("type='chat'", "type='headline'"));
        // A carbon that somebody else made.
        let forged =
            carbon("received", &private("romeo", "6", "boo", "")).replacen("juliet@capulet.lit", "mallory@evil.lit", 1);
        script.recv(&forged);
        // One within another.
        script.recv(&carbon("received", &carbon("received", &private("romeo", "7", "boo", ""))));
        // An error that nothing was sent for, and one that somebody else tells.
        script.recv(&format!("<message type='error' from='{ROOM}/romeo' id='1'><error type='cancel'/></message>"));
        script.expect_silence();
        assert_eq!(said(&script), [one("romeo", &["hi"])]);
        // Out of the room, nobody is heard.
        script.act(|client, now| client.in_context(now, |context| room::leave(context, &room_jid(), None)));
        script.recv(&private("romeo", "8", "boo", ""));
        assert_eq!(said(&script), [one("romeo", &["hi"])]);
    });
}

#[test]
fn a_flood_of_new_names_is_bounded() {
    let mut script = Script::online();
    script.in_room();
    for number in 0..300 {
        script.recv(&occupant(&format!("n{number}"), "role='participant'", ""));
        script.recv(&private(&format!("n{number}"), "1", "boo", ""));
        script.forget();
    }
    assert_eq!(privates(&script).len(), converse_wasm::store::MAX_PRIVATES);
}

#[test]
fn they_are_closed_alone_and_with_their_room() {
    online_on_both(|mut script| {
        script.in_room();
        script.recv(&occupant("nurse", "role='participant'", ""));
        let [romeo, nurse] = ["romeo", "nurse"].map(|nick| open(&mut script, nick).unwrap());
        script.take_changes();
        script.act(|client, now| client.in_context(now, |context| room::close_private(context, &romeo.id)));
        assert_eq!(script.take_changes(), [romeo.clone().removed()]);
        script.act(|client, now| client.in_context(now, |context| room::close(context, &room_jid())));
        assert!(script.take_changes().contains(&nurse.removed()));
        assert!(privates(&script).is_empty());
    });
}

#[test]
fn they_are_there_after_a_reload_and_go_on_with_whom_the_room_knows() {
    let mut script = Script::online();
    script.in_room();
    script.recv(&private("romeo", "1", "psst", &by_id("romeo")));
    script.advance(seconds(2));
    assert!(script.reload(juliet()));
    assert_eq!(said(&script), [one("romeo", &["psst"])]);
    assert_eq!(privates(&script)[0].occupant, None);
    // Nobody is spoken to, and nobody else is taken for whom it was with, before the room is entered again.
    let chat = privates(&script)[0].key();
    assert_eq!(chat.id.split(' ').next(), Some(ROOM));
}

#[test]
fn they_go_on_with_whom_the_room_knows() {
    online_on_both(|mut script| {
        script.in_room();
        script.recv(&private("romeo", "1", "psst", &by_id("romeo")));
        script.act(|client, now| client.in_context(now, |context| room::leave(context, &room_jid(), None)));
        assert_eq!(privates(&script)[0].occupant, None);
        script.expect_sent(&format!("<presence from='*' to='{ROOM}/juliet' type='unavailable'/>"));
        script.join_as("juliet", None);
        script.describe_room(MODERN);
        script.expect_entry("juliet");
        // Another one under the nickname comes first.
        script.recv(&occupant("romeo", "role='participant'", "").replace("id-romeo", "id-mallory"));
        assert_eq!(privates(&script)[0].occupant, None);
        script.recv(&occupant("montague", "role='participant'", "").replace("id-montague", "id-romeo"));
        assert_eq!(&*privates(&script)[0].nick, "montague");
        assert!(privates(&script)[0].occupant.is_some());
    });
}

#[test]
fn the_archive_tells_what_was_missed() {
    online_on_both(|mut script| {
        script.in_room();
        script.recv(&private("romeo", "1", "one", &by_id("romeo")));
        script.forget();
        let mut read = |id: &str, inner: &str, missed: bool| {
            let result = stanza(&format!(
                "<message><result xmlns='urn:xmpp:mam:2' queryid='q' id='{id}'><forwarded xmlns='urn:xmpp:forward:0'>\
                 <delay xmlns='urn:xmpp:delay' stamp='1970-01-01T00:00:01Z'/>{}</forwarded></result></message>",
                inner.replacen("<message ", "<message xmlns='jabber:client' ", 1)
            ));
            let me = converse_wasm::jid::BareJid::new("juliet@capulet.lit").unwrap();
            let archived = Archived::from_archive(&Rc::new(result), &me, &me, "q").unwrap();
            script.act(|client, now| {
                client.in_context(now, |context| room::take_in_archived_private(context, &archived, missed));
            });
        };
        read("a1", &private("romeo", "1", "one", &by_id("romeo")), true);
        read("a2", &private("nurse", "2", "come", &by_id("nurse")), true);
        read("a2", &private("nurse", "2", "come", &by_id("nurse")), true);
        // Who was romeo then, nobody knows.
        read("a3", &private("romeo", "3", "boo", ""), true);
        // Who has taken the nickname over hides nothing.
        read("a4", &private("romeo", "1", "one", &by_id("mallory")), true);
        read(
            "a5",
            &private("romeo", "4", "said to all", &by_id("romeo")).replace("type='chat'", "type='groupchat'"),
            true,
        );
        assert_eq!(said(&script), [one("romeo", &["one"]), one("nurse", &["come"]), one("romeo", &["one"])]);
        assert_eq!(privates(&script)[0].messages.get(0).unwrap().archive_id.as_deref(), Some("a1"));
        assert!(privates(&script)[1].messages.get(0).unwrap().archived);
        let added = script.take_changes().into_iter().filter(|change| change.what == What::Added);
        assert_eq!(added.filter(|change| change.key.kind == Kind::Message).count(), 2);
    });
}
