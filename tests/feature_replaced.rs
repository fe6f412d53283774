//! Steps that plugins take in the core's place.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{
    client::{Event, Replaced, Step},
    feature::{Outgoing, chat, presence, room},
    jid::BareJid,
    store::{Kind, Sending, What},
    xml::{Element, read},
};

use support::{
    peer::Script,
    room::{ROOM, occupant, room_jid, room_key},
};

fn online(steps: &[Step]) -> Script {
    let mut script = Script::online();
    let bits = steps.iter().fold(0, |bits, step| bits | *step as u8);
    script.act(|client, _| client.set_replaced(Replaced(bits)));
    script
}

fn romeo() -> BareJid {
    BareJid::new("romeo@montague.lit").unwrap()
}

/// Stanzas arrive, and nothing more happens until the test asks.
fn arrive(script: &mut Script, stanzas: &[&str]) {
    stanzas.iter().for_each(|stanza| script.arrive(stanza));
}

fn element(xml: &str) -> Element {
    read(&xml.replacen(' ', " xmlns='jabber:client' ", 1)).unwrap()
}

/// What the page is told next; what it is left is taken.
fn next(script: &mut Script) -> Option<String> {
    Some(match script.client.poll_event()? {
        Event::Incoming { stanza, room } => {
            script.client.take_held();
            assert_eq!(room, (stanza.attribute("type") == Some("groupchat")).then(room_key));
            format!("left {}", stanza.name())
        }
        Event::Changed(change) if change.what == What::Added => format!("{:?} added", change.key.kind),
        Event::Changed(change) => format!("{:?} changed", change.key.kind),
        Event::Message { .. } => "message".to_owned(),
        event => format!("{event:?}"),
    })
}

fn all(script: &mut Script) -> Vec<String> {
    std::iter::from_fn(|| next(script)).collect()
}

fn said(script: &Script) -> Vec<String> {
    let messages = script.client.store().timeline(romeo().as_str());
    messages
        .into_iter()
        .flat_map(|messages| messages.iter())
        .filter_map(|(_, one)| one.body.as_deref().map(str::to_owned))
        .collect()
}

const HI: &str = "<message from='romeo@montague.lit/x' type='chat' id='a'><body>hi</body></message>";
const THERE: &str = "<message from='romeo@montague.lit/x' type='chat' id='b'><body>there</body></message>";

#[test]
fn of_a_message_that_is_left_to_the_page_nothing_comes_by_itself() {
    let mut script = online(&[Step::Message]);
    script.act(|client, now| client.in_context(now, |context| chat::open(context, &romeo())));
    script.skip_events();
    arrive(&mut script, &[HI, THERE]);
    assert_eq!(next(&mut script).as_deref(), Some("left message"));
    assert_eq!(all(&mut script), ["left message"]);
    assert!(said(&script).is_empty());

    // What is given back is what it would have been, or what has been made of it.
    let now = script.now;
    script.client.receive(now, element(THERE)).unwrap();
    script.client.receive(now, element(&HI.replace(">hi<", ">hello<"))).unwrap();
    assert_eq!(said(&script), ["there", "hello"]);
    assert!(all(&mut script).contains(&"message".to_owned()));
}

#[test]
fn what_is_given_back_at_once_goes_before_what_came_after_it() {
    let mut script = online(&[Step::Message]);
    script.act(|client, now| client.in_context(now, |context| chat::open(context, &romeo())));
    script.skip_events();
    arrive(&mut script, &[HI, THERE]);
    for stanza in [HI, THERE] {
        assert_eq!(next(&mut script).as_deref(), Some("left message"));
        let now = script.now;
        script.client.receive(now, element(stanza)).unwrap();
        while !matches!(next(&mut script).as_deref(), Some("message")) {}
    }
    assert_eq!(said(&script), ["hi", "there"]);
}

#[test]
fn a_room_and_its_people_are_no_matter_of_those_who_take_in_what_single_persons_say() {
    let mut script = online(&[Step::Message, Step::Presence]);
    script.in_room();
    let private = format!("<message from='{ROOM}/romeo' type='chat'><body>psst</body></message>");
    let loud = private.replace("'chat'", "'groupchat'");
    let news = "<message from='juliet@capulet.lit'><event xmlns='http://jabber.org/protocol/pubsub#event'/></message>";
    arrive(
        &mut script,
        &[&occupant("nurse", "role='participant'", ""), &loud, &private, news, &HI.replace("'chat'", "'error'")],
    );
    assert!(!all(&mut script).iter().any(|told| told.starts_with("left")));
    assert_eq!(script.said(), ["psst"]);
    script.client.set_replaced(Replaced(Step::RoomMessage as u8));
    arrive(&mut script, &[&loud]);
    assert_eq!(all(&mut script), ["left message"]);
    let now = script.now;
    script.client.receive(now, element(&loud)).unwrap();
    assert_eq!(script.room().jid, room_jid());
    assert_eq!(script.said(), ["psst", "psst"]);
}

#[test]
fn presence_and_changes_of_the_roster_can_be_left_to_the_page() {
    let mut script = online(&[Step::Presence, Step::RosterPush]);
    let push = "<iq type='set' id='push1'><query xmlns='jabber:iq:roster'><item jid='romeo@montague.lit' subscription='both'/></query></iq>";
    arrive(&mut script, &[push, "<presence from='romeo@montague.lit/x'/>"]);
    assert_eq!(all(&mut script), ["left iq", "left presence"]);
    assert!(script.client.store().contacts.get(&romeo()).is_none());
    let now = script.now;
    script.client.receive(now, element(push)).unwrap();
    assert!(script.client.store().contacts.get(&romeo()).is_some());
    // Other requests are never given back, for they are never left.
    let request = "<iq type='get' id='x' from='romeo@montague.lit'><ping xmlns='urn:xmpp:ping'/></iq>";
    assert!(script.client.receive(now, element(request)).is_err());
    assert!(script.client.receive(now, read("<other xmlns='urn:x'/>").unwrap()).is_err());
}

#[test]
fn the_stanza_of_a_message_can_be_left_to_the_page() {
    let mut script = online(&[Step::Send]);
    let outgoing = Outgoing { body: "hi".to_owned(), ..Outgoing::default() };
    script.client.in_context(script.now, |context| chat::send(context, &romeo(), outgoing));
    let told: Vec<Event> = std::iter::from_fn(|| script.client.poll_event()).collect();
    let left = told.iter().find_map(|event| match event {
        Event::Outgoing { of, stanza } => Some((of.clone(), stanza.clone())),
        _ => None,
    });
    let (message, stanza) = left.unwrap();
    assert_eq!((message.kind, &*message.of, &*message.id), (Kind::Message, "romeo@montague.lit", "0"));
    assert_eq!(stanza.child("body", stanza.namespace()).map(Element::text).as_deref(), Some("hi"));
    script.expect_silence();

    let outcome = |script: &Script| {
        let messages = script.client.store().timeline("romeo@montague.lit").unwrap();
        messages.get(0).unwrap().outcome.clone()
    };
    assert_eq!(outcome(&script), Some(Sending::Pending));
    // It is known by its id what becomes of it, and of what a plugin does not send.
    script.client.give_up(script.now, stanza.attribute("id").unwrap().to_owned());
    assert_eq!(outcome(&script), Some(Sending::Failed { reason: "not-sent", text: None }));
}

#[test]
fn telling_how_the_user_can_be_reached_can_be_left_to_the_page() {
    let mut script = online(&[Step::OwnPresence]);
    script.client.in_context(script.now, |context| presence::set_status(context, "dnd", Some("busy")));
    let told: Vec<Event> = std::iter::from_fn(|| script.client.poll_event()).collect();
    assert!(told.contains(&Event::OwnPresence { changed: true }));
    script.expect_silence();
    script.client.in_context(script.now, presence::send_own);
    assert_eq!(script.client.poll_event(), Some(Event::OwnPresence { changed: false }));
}

/// What plugins are asked to send to those of conversations.
fn words(script: &mut Script) -> Vec<String> {
    std::iter::from_fn(|| script.client.poll_event())
        .filter_map(|event| match event {
            Event::Outgoing { of, stanza } => {
                let word = stanza.children().next().unwrap();
                let [to, id] = [stanza.attribute("to"), word.attribute("id")].map(Option::unwrap_or_default);
                Some(format!("{:?} {}: {} {id} to {to}", of.kind, of.id, word.name()))
            }
            _ => None,
        })
        .collect()
}

#[test]
fn telling_that_a_message_has_arrived_can_be_left_to_the_page() {
    let mut script = online(&[Step::Receipt]);
    let push = "<iq type='set' id='p'><query xmlns='jabber:iq:roster'><item jid='romeo@montague.lit' subscription='both'/></query></iq>";
    script.recv(push);
    script.forget();
    let asking = "<request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/></message>";
    arrive(&mut script, &[&HI.replace("</message>", asking)]);
    assert_eq!(words(&mut script), ["Chat romeo@montague.lit: received a to romeo@montague.lit/x"; 2]);
    script.expect_silence();
}

#[test]
fn telling_what_the_user_does_can_be_left_to_the_page() {
    let mut script = online(&[Step::ChatState]);
    script.in_room();
    script.act(|client, now| client.in_context(now, |context| chat::open(context, &romeo())));
    script.skip_events();
    let mut news = |state| {
        script.client.in_context(script.now, |context| chat::set_state(context, &romeo(), state));
        script.client.in_context(script.now, |context| room::set_state(context, &room_jid(), state));
        words(&mut script)
    };
    let [chat, room] = [("Chat", "romeo@montague.lit"), ("Room", ROOM)]
        .map(|(kind, jid)| format!("{kind} {jid}: composing  to {jid}"));
    assert_eq!(news("composing"), [chat, room.clone()]);
    // To one person nothing is told twice.
    assert_eq!(news("composing"), [room]);
    script.expect_silence();
}
