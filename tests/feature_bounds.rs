//! What anybody may send without end, and what becomes of that which is more than is kept.

#![allow(clippy::unwrap_used)]

mod support;

use std::rc::Rc;

use converse_wasm::{
    client::Event,
    feature::{MAX_BODY_BYTES, Outgoing, archive, chat, presence::subscriptions},
    jid::BareJid,
    store::{
        Key, Kind, MAX_BYTES, MAX_CONTACTS, MAX_REQUESTS, MAX_STRANGERS, MAX_UNANSWERED, MAX_VCARD_BYTES, Message,
        Past, Presence, Store, VCard, What, cache::Part,
    },
    time::Timestamp,
};

use support::peer::{Script, juliet, online_on_both};

fn jid(text: &str) -> BareJid {
    BareJid::new(text).unwrap()
}

fn stranger(number: usize) -> BareJid {
    jid(&format!("stranger{number}@far.lit"))
}

fn message(from: &BareJid, body: &str) -> String {
    format!("<message from='{from}/orchard' type='chat' id='m'><body>{body}</body></message>")
}

/// A client whose roster has Romeo.
fn with_romeo() -> Script {
    let mut script = Script::websocket(juliet());
    script.log_in();
    script.expect_sent("<iq type='get' id='$roster'><query xmlns='jabber:iq:roster'/></iq>");
    script.recv(
        "<iq type='result' id='$roster'><query xmlns='jabber:iq:roster'>\
         <item jid='romeo@montague.lit' subscription='both'/></query></iq>",
    );
    script.settle();
    script.forget();
    script
}

/// How often the page has been told since this was asked last that something is more than is kept.
fn told(script: &mut Script) -> usize {
    script.take_events().iter().filter(|event| matches!(event, Event::Full(_))).count()
}

fn chats(script: &Script) -> usize {
    script.client.store().chats.iter().count()
}

#[test]
fn strangers_begin_so_many_conversations() {
    let mut script = with_romeo();
    (0..MAX_UNANSWERED).for_each(|number| script.recv(&message(&stranger(number), "hi")));
    assert_eq!((told(&mut script), chats(&script)), (0, MAX_UNANSWERED));
    // One more begins none, and the page is told of the stanza alone.
    script.recv(&message(&stranger(MAX_UNANSWERED), "hi"));
    let events = script.take_events();
    assert!(matches!(events.as_slice(), [Event::Full(_), Event::Message { chat: None, .. }]), "{events:?}");
    // Those that there are go on, and so do contacts.
    script.recv(&message(&stranger(0), "there?"));
    script.recv(&message(&jid("romeo@montague.lit"), "hi"));
    assert_eq!((told(&mut script), chats(&script)), (0, MAX_UNANSWERED + 1));
    // Who is answered counts no more, nor who is closed.
    let outgoing = Outgoing { body: "who are you?".to_owned(), ..Outgoing::default() };
    script.act(|client, now| client.in_context(now, |context| chat::send(context, &stranger(0), outgoing)));
    script.act(|client, now| client.in_context(now, |context| chat::close(context, &stranger(1))));
    (1_000..1_003).for_each(|number| script.recv(&message(&stranger(number), "hi")));
    assert_eq!((told(&mut script), chats(&script)), (1, MAX_UNANSWERED + 2));
}

#[test]
fn so_many_conversations_are_so_many_after_a_reload() {
    let mut store = Store::new(None);
    for number in 0..MAX_UNANSWERED {
        let _ = store.chats.open(&stranger(number), Timestamp::new(0));
        store.chats.note_unanswered(&stranger(number));
    }
    let mut next = Store::new(None);
    next.restore(&Part::Chats, &store.encode(&Part::Chats).unwrap());
    assert!(!next.chats.has_room_for_stranger());
    next.chats.note_answer(&stranger(0));
    assert!(next.chats.has_room_for_stranger());
}

#[test]
fn so_many_ask_to_become_contacts() {
    online_on_both(|mut script| {
        script.forget();
        for number in 0..=MAX_REQUESTS {
            script.recv(&format!("<presence type='subscribe' from='{}'/>", stranger(number)));
        }
        assert_eq!((told(&mut script), script.client.store().contacts.len()), (1, MAX_REQUESTS));
        script.expect_nothing_sent();
        // One is answered.
        script.act(|client, now| {
            client.in_context(now, |context| {
                subscriptions::tell(context, subscriptions::Word::Unauthorize, &stranger(0), None);
            })
        });
        script.recv(&format!("<presence type='subscribe' from='{}'/>", stranger(MAX_REQUESTS)));
        assert_eq!((told(&mut script), script.client.store().contacts.len()), (0, MAX_REQUESTS));
    });
}

#[test]
fn of_strangers_so_many_presences_are_remembered() {
    let mut script = with_romeo();
    let here = |from: &BareJid| format!("<presence from='{from}/orchard'/>");
    script.recv(&here(&jid("romeo@montague.lit")));
    (0..MAX_STRANGERS).for_each(|number| script.recv(&here(&stranger(number))));
    script.take_changes();
    script.recv(&here(&stranger(MAX_STRANGERS)));
    let gone: Vec<Key> =
        script.take_changes().into_iter().filter(|change| change.what == What::Removed).map(|one| one.key).collect();
    assert_eq!(
        gone,
        [Key::within(Kind::Resource, stranger(0).as_rc(), "orchard"), Key::of_jid(Kind::Presence, &stranger(0))]
    );
    let presences = &script.client.store().presences;
    assert_eq!(presences.iter().count(), MAX_STRANGERS + 1);
    assert!(presences.get(&jid("romeo@montague.lit")).and_then(Presence::best).is_some());
}

#[test]
fn a_roster_has_so_many_contacts() {
    let mut script = Script::websocket(juliet());
    script.log_in();
    script.expect_sent("<iq type='get' id='$roster'><query xmlns='jabber:iq:roster'/></iq>");
    let items: String = (0..=MAX_CONTACTS).map(|number| format!("<item jid='c{number}@far.lit'/>")).collect();
    script.settle();
    script.forget();
    script.recv(&format!("<iq type='result' id='$roster'><query xmlns='jabber:iq:roster'>{items}</query></iq>"));
    assert_eq!((told(&mut script), script.client.store().contacts.len()), (1, MAX_CONTACTS));
    script.recv("<iq type='set' id='p'><query xmlns='jabber:iq:roster'><item jid='one@more.lit'/></query></iq>");
    assert_eq!((told(&mut script), script.client.store().contacts.len()), (1, MAX_CONTACTS));
}

#[test]
fn texts_are_cut() {
    let mut script = with_romeo();
    let long = "é".repeat(MAX_BODY_BYTES);
    let more = format!(
        "<subject>{long}</subject><thread>{long}</thread><spoiler xmlns='urn:xmpp:spoiler:0'>{long}</spoiler>\
         <x xmlns='jabber:x:oob'><url>https://far.lit/{long}</url></x>\
         <reference xmlns='urn:xmpp:reference:0' type='mention' uri='xmpp:{long}'/>"
    );
    let stanza = message(&jid("romeo@montague.lit"), &long).replace("</message>", &format!("{more}</message>"));
    script.recv(&stanza);
    let messages = script.client.store().timeline("romeo@montague.lit").unwrap();
    let (_, said) = messages.iter().next().unwrap();
    let ends = |text: &str, most: usize| text.len() <= most + '…'.len_utf8() && text.ends_with("é…");
    assert!(ends(said.body.as_deref().unwrap(), MAX_BODY_BYTES));
    assert!(
        [&said.rare.subject, &said.rare.thread, &said.rare.spoiler]
            .iter()
            .all(|text| ends(text.as_deref().unwrap(), 10_000))
    );
    assert_eq!((said.rare.oob_url.as_deref(), said.rare.references.len()), (None, 0));
    script.recv(&format!("<presence from='romeo@montague.lit/orchard'><status>{long}</status></presence>"));
    let presence = script.client.store().presences.get(&jid("romeo@montague.lit"));
    assert!(ends(presence.and_then(Presence::status).unwrap(), 2_000));
}

#[test]
fn an_open_conversation_has_messages_of_so_many_bytes() {
    let (mut store, romeo) = (Store::new(Some(jid("juliet@capulet.lit"))), jid("romeo@montague.lit"));
    let _ = store.chats.open(&romeo, Timestamp::new(0));
    let body: Rc<str> = "x".repeat(MAX_BODY_BYTES).into();
    let fill = |store: &mut Store, count: usize| {
        for number in 0..count {
            let mut message = Message::new("chat", romeo.as_rc(), false, Timestamp::new(0));
            (message.body, message.msgid) = (Some(body.clone()), Some(number.to_string().into()));
            let _ = store.timeline_mut(&romeo).unwrap().push(message);
        }
    };
    let most = MAX_BYTES / MAX_BODY_BYTES;
    fill(&mut store, most - 1);
    assert_eq!((store.trim(romeo.as_str()), store.is_full(romeo.as_str())), (Vec::new(), true));
    let _ = store.timeline_mut(&romeo).unwrap().set_past(Past::Whole, Some("a1".into()));
    fill(&mut store, 2);
    let gone = store.trim(romeo.as_str());
    let messages = store.timeline(romeo.as_str()).unwrap();
    // There is room for some now, which are asked of the archive if somebody wants to see them.
    assert_eq!((gone.len(), messages.len(), store.is_full(romeo.as_str())), (most / 4 + 2, most * 3 / 4 - 1, false));
    assert!(gone.iter().zip(0_u32..).all(|(change, number)| *change == messages.key(number).removed()));
    assert_eq!((messages.past(), messages.first_archived()), (Past::Open, None));
    assert_eq!(messages.iter().map(|(number, _)| number as usize).next(), Some(gone.len()));
    let (from, found) =
        (romeo.as_str(), |id: &str| messages.find(converse_wasm::store::Name::Stanza { from: &romeo.as_rc(), id }));
    assert_eq!((from, found("3"), found("200")), ("romeo@montague.lit", None, Some(200)));
}

#[test]
fn a_stranger_has_room_for_less() {
    let mut script = with_romeo();
    let long = "x".repeat(230_000);
    (0..4).for_each(|_| script.recv(&message(&stranger(0), &long)));
    assert_eq!(told(&mut script), 0);
    // It is as good as full: older ones stay in the archive.
    script.act(|client, now| client.in_context(now, |context| archive::fetch_older(context, &stranger(0))));
    script.recv(&message(&stranger(0), &long));
    assert_eq!(told(&mut script), 1);
    let messages = script.client.store().timeline(stranger(0).as_str()).unwrap();
    assert_eq!(messages.len(), 3);
    assert_eq!(script.take_changes().iter().filter(|change| change.what == What::Removed).count(), 2);
}

#[test]
fn vcards_take_so_many_bytes() {
    let mut store = Store::default();
    let image = Some("x".repeat(1024 * 1024));
    let most = MAX_VCARD_BYTES / (1024 * 1024);
    for number in 100..99 + most {
        assert_eq!(store.vcards.insert(&stranger(number), VCard { image: image.clone(), ..VCard::default() }).len(), 1);
    }
    let changes = store.vcards.insert(&stranger(900), VCard { image, ..VCard::default() });
    let key = |number| Key::of_jid(Kind::VCard, &stranger(number));
    assert_eq!(changes, [key(900).added(), key(100).removed()]);
}
