//! What comes out of an archive, where plugins take messages in.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{
    client::{Event, Replaced, Step},
    feature::archive,
    xml::Element,
};

use support::{
    archive::{
        asked, expect_asked, expect_history, fin, live, message, reconnect, reconnecting, result, result_from, romeo,
        said, with, with_newest,
    },
    peer::Script,
    room::{ROOM, room_key},
};

/// Lets the page's plugin do with each message that is left to it what `plugin` says: it comes back with what the plugin
/// gives back. What was told comes back, too.
fn play(script: &mut Script, mut plugin: impl FnMut(&str, &Element) -> Option<Element>) -> Vec<Event> {
    let mut told = Vec::new();
    while let Some(event) = script.client.poll_event() {
        if let Event::Incoming { stanza, room } = &event {
            assert_eq!(*room, (stanza.attribute("from") == Some(ROOM)).then(room_key));
            let now = script.now;
            if let Some(given) = plugin(&body(stanza), stanza) {
                script.client.receive(now, given).unwrap();
            }
        }
        told.push(event);
    }
    script.act(|_, _| ());
    told
}

/// The text of a message, or of that in a result.
fn body(element: &Element) -> String {
    match element.name() {
        "body" => element.text().into_owned(),
        _ => element.children().map(body).find(|text| !text.is_empty()).unwrap_or_default(),
    }
}

fn changed(stanza: &Element, from: &str, to: &str) -> Element {
    let text = stanza.to_xml().unwrap().replace(from, to);
    converse_wasm::xml::read(&text).unwrap()
}

fn page(texts: &[&str]) -> String {
    let results = texts.iter().map(|text| result("$query", text, &message("romeo@montague.lit/x", text, text)));
    results.chain([fin("true", texts.first().unwrap(), texts.last().unwrap())]).collect()
}

fn leave(script: &mut Script, step: Step) {
    script.act(|client, _| client.set_replaced(Replaced(step as u8)));
}

/// Somebody was away while things were said.
fn missed(texts: &[&str]) -> Script {
    let mut script = with_newest(reconnecting());
    script.recv(&live("1", "one", "a1"));
    expect_history(&mut script);
    reconnect(&mut script);
    leave(&mut script, Step::Message);
    expect_asked(&mut script, &asked("", "<max>50</max><after>a1</after>"));
    script.skip_events();
    script.arrive(&page(texts));
    script
}

#[test]
fn what_was_missed_is_left_to_the_page_and_what_it_keeps_out_stays_out() {
    let mut script = missed(&["two", "spam", "three"]);
    let told = play(&mut script, |body, stanza| match body {
        "spam" => None,
        "three" => Some(changed(stanza, ">three<", ">THREE<")),
        _ => Some(stanza.clone()),
    });
    assert_eq!(said(&script), ["one", "two", "THREE"]);
    let news = told.iter().filter(|event| matches!(event, Event::Message { chat: Some(_), .. })).count();
    assert_eq!(news, 2);
    // The page is read all the same: the next question begins after its last message.
    reconnect(&mut script);
    expect_asked(&mut script, &asked("", "<max>50</max><after>three</after>"));
}

#[test]
fn what_comes_meanwhile_waits_for_the_page() {
    let mut script = missed(&["two", "three"]);
    script.arrive(&live("4", "four", "a4"));
    assert_eq!(said(&script), ["one"]);
    play(&mut script, |_, stanza| Some(stanza.clone()));
    assert_eq!(said(&script), ["one", "two", "three", "four"]);
}

#[test]
fn what_is_given_back_late_finds_its_place_and_is_no_news() {
    let mut script = missed(&["two", "three"]);
    let mut kept = Vec::new();
    play(&mut script, |_, stanza| {
        kept.push(stanza.clone());
        None
    });
    assert_eq!(said(&script), ["one"]);
    let now = script.now;
    for stanza in kept {
        script.client.receive(now, stanza).unwrap();
    }
    let told = play(&mut script, |_, _| None);
    assert_eq!(said(&script), ["one", "two", "three"]);
    assert!(!told.iter().any(|event| matches!(event, Event::Message { .. })));
    // What no archive could have sent is nothing.
    let forged = result_from("romeo@montague.lit", "x", "y", &message("nurse@capulet.lit", "n", "forged"));
    let forged = converse_wasm::xml::read(&forged.replacen(' ', " xmlns='jabber:client' ", 1)).unwrap();
    script.client.receive(now, forged).unwrap();
    assert_eq!(script.client.store().chats.iter().count(), 1);
}

#[test]
fn what_was_said_long_ago_is_left_to_the_page_too() {
    let mut script = with_newest(reconnecting());
    leave(&mut script, Step::Message);
    script.act(|client, now| {
        client.in_context(now, |context| {
            converse_wasm::feature::chat::open(context, &romeo());
            archive::fill(context, &romeo());
        })
    });
    expect_asked(&mut script, &asked(&with("romeo@montague.lit"), "<max>50</max><before/>"));
    script.skip_events();
    script.arrive(&page(&["a", "b"]));
    play(&mut script, |body, stanza| (body == "b").then(|| stanza.clone()));
    assert_eq!(said(&script), ["b"]);
}

#[test]
fn a_room_s_archive_is_left_to_those_who_take_in_what_rooms_say() {
    let mut script = with_newest(reconnecting());
    script.forget_name("info");
    script.open_room(&[("nick", "juliet".into())]);
    script.describe_room(&[support::room::MODERN, "<feature var='urn:xmpp:mam:2'/>"].concat());
    script.forget();
    leave(&mut script, Step::RoomMessage);
    script.let_in("juliet", &["romeo"]);
    let question = asked("", "<max>50</max><before/>").replace("<iq ", &format!("<iq to='{ROOM}' "));
    expect_asked(&mut script, &question);
    script.skip_events();
    let said = |id: &str| {
        let message = message(&format!("{ROOM}/romeo"), id, id).replace("'chat'", "'groupchat'");
        result_from(ROOM, "$query", id, &message)
    };
    let end = fin("true", "one", "two").replace("<iq ", &format!("<iq from='{ROOM}' "));
    script.arrive(&[said("one"), said("two"), end].concat());
    play(&mut script, |body, stanza| (body == "two").then(|| stanza.clone()));
    assert_eq!(script.said(), ["two"]);
}
