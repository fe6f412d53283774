//! Publish-subscribe: read, read from hostile hands, and written (XEP-0060, XEP-0163).

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{
    jid::BareJid,
    stanza::{
        Decode, Message, Stanza,
        payload::pubsub::{
            News, OwnEvent, configure, decode_items, is_precondition_not_met, item, items, publish, retract,
        },
    },
    xml::Element,
};

use support::pattern::stanza;

fn message(from: &str, content: &str) -> Message {
    let xml =
        format!("<message{from}><event xmlns='http://jabber.org/protocol/pubsub#event'>{content}</event></message>");
    match Stanza::decode(stanza(&xml)) {
        Decode::Ok(Stanza::Message(message)) => message,
        other => panic!("{other:?}"),
    }
}

fn me() -> BareJid {
    BareJid::new("juliet@capulet.lit").unwrap()
}

fn pubsub(content: &str) -> Element {
    stanza(&format!("<pubsub xmlns='http://jabber.org/protocol/pubsub'>{content}</pubsub>"))
}

fn options() -> Vec<(String, String)> {
    vec![("pubsub#access_model".to_owned(), "whitelist".to_owned())]
}

#[test]
fn decode_items_of_a_node() {
    let answer =
        pubsub("<items node='n'><item id='1'><a xmlns='urn:x'/></item><item id='2'><b xmlns='urn:x'/></item></items>");
    let found = decode_items(&answer, "n");
    let names: Vec<_> = found.iter().map(|(id, content)| (*id, content.name())).collect();
    assert_eq!(names, [("1", "a"), ("2", "b")]);
}

#[test]
fn decode_events_of_the_own_account() {
    for from in ["", " from='juliet@capulet.lit'"] {
        let message = message(from, "<items node='n'><item id='1'><a xmlns='urn:x'/></item><retract id='2'/></items>");
        let (node, news) = OwnEvent::from_own_account(&message, &me()).unwrap().into_parts();
        assert_eq!(node, "n");
        assert!(
            matches!(news.as_slice(), [News::Published("1", a), News::Retracted("2")] if a.name() == "a"),
            "{news:?}"
        );
    }
    for emptied in ["<purge node='n'/>", "<delete node='n'/>"] {
        let message = message("", emptied);
        assert_eq!(OwnEvent::from_own_account(&message, &me()).unwrap().into_parts().1, [News::Emptied]);
    }
}

#[test]
fn decode_what_is_hostile() {
    let good = "<items node='n'><item id='1'><a xmlns='urn:x'/></item></items>";
    for from in ["romeo@montague.lit", "juliet@capulet.lit/balcony", "capulet.lit", "juliet@capulet.lit.evil.lit"] {
        let message = message(&format!(" from='{from}'"), good);
        assert_eq!(OwnEvent::from_own_account(&message, &me()), None, "{from}");
    }
    for nothing in ["", "<items/>", "<configuration node='n'/>", "<subscription node='n' jid='a@b'/>"] {
        assert_eq!(OwnEvent::from_own_account(&message("", nothing), &me()), None, "{nothing}");
    }
    let bad = "<items node='n'><item/><item id='1'/><retract/><other id='2'/><item><a xmlns='urn:x'/></item></items>";
    assert_eq!(OwnEvent::from_own_account(&message("", bad), &me()).unwrap().into_parts().1, []);
    for none in [
        "",
        "<items><item id='1'><a xmlns='urn:x'/></item></items>",
        "<items node='other'><item id='1'><a xmlns='urn:x'/></item></items>",
        "<items node='n'><item id='1'/><item><a xmlns='urn:x'/></item></items>",
        "<items xmlns='urn:example' node='n'><item id='1'><a xmlns='urn:x'/></item></items>",
    ] {
        assert_eq!(decode_items(&pubsub(none), "n"), [], "{none}");
    }
}

#[test]
fn decode_why_a_node_said_no() {
    let error = |content: &str| stanza(&format!("<iq type='error' id='1'><error type='cancel'>{content}</error></iq>"));
    let why = "<precondition-not-met xmlns='http://jabber.org/protocol/pubsub#errors'/>";
    assert!(is_precondition_not_met(&error(why)));
    assert!(!is_precondition_not_met(&error("<precondition-not-met xmlns='urn:example'/>")));
    assert!(!is_precondition_not_met(&stanza("<iq type='result' id='1'/>")));
}

#[test]
fn encode_requests() {
    let content = || stanza("<a xmlns='urn:x'/>");
    let published = "<publish node='n'><item id='1'><a xmlns='urn:x'/></item></publish>";
    assert_eq!(publish("n", item("1", content()), None), pubsub(published));
    assert_eq!(publish("n", item("1", content()), Some(&[])), pubsub(published));
    assert_eq!(
        publish("n", item("1", content()), Some(&options())),
        pubsub(&format!(
            "{published}<publish-options><x xmlns='jabber:x:data' type='submit'>\
             <field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/pubsub#publish-options</value></field>\
             <field var='pubsub#access_model'><value>whitelist</value></field></x></publish-options>"
        ))
    );
    assert_eq!(
        configure("n", &options()),
        stanza(
            "<pubsub xmlns='http://jabber.org/protocol/pubsub#owner'><configure node='n'>\
             <x xmlns='jabber:x:data' type='submit'>\
             <field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/pubsub#node_config</value></field>\
             <field var='pubsub#access_model'><value>whitelist</value></field></x></configure></pubsub>"
        )
    );
    assert_eq!(retract("n", "<1>"), pubsub("<retract node='n' notify='true'><item id='&lt;1&gt;'/></retract>"));
    assert_eq!(items("n"), pubsub("<items node='n'/>"));
}

#[test]
fn items_there_and_back() {
    let content = stanza("<a xmlns='urn:x' b='&quot;'>&amp;</a>");
    let item = item("i<d", content.clone()).to_xml().unwrap();
    let answer = pubsub(&format!("<items node='n'>{item}</items>"));
    assert_eq!(decode_items(&answer, "n"), [("i<d", &content)]);
}
