//! XEP-0059: pages of a result, written and read.

#![allow(clippy::unwrap_used)]

mod support;

use converse_wasm::stanza::payload::rsm::{Part, Wanted};
use support::pattern::stanza;

fn part(set: &str) -> Part {
    Part::decode(&stanza(&format!("<fin xmlns='urn:xmpp:mam:2'>{set}</fin>")))
}

#[test]
fn decode() {
    let set =
        "<set xmlns='http://jabber.org/protocol/rsm'><first index='3'>a</first><last>b</last><count>800</count></set>";
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(part(set), Part { first: text("a"), last: text("b"), index: text("3"), count: text("800") });
}

#[test]
fn decode_what_is_hostile() {
    for set in [
        "",
        "<set xmlns='http://jabber.org/protocol/rsm'/>",
        "<set xmlns='http://jabber.org/protocol/rsm'><first/><last> </last></set>",
        "<set xmlns='http://jabber.org/protocol/rsm'><first xmlns='urn:example'>a</first></set>",
        "<set xmlns='urn:example'><first>a</first><last>b</last></set>",
    ] {
        assert_eq!(part(set), Part::default(), "{set}");
    }
}

#[test]
fn encode() {
    let all = Wanted::default();
    assert!(all.is_all());
    let wanted = Wanted {
        max: Some("10".to_owned()),
        after: Some("<&".to_owned()),
        before: Some(String::new()),
        index: Some("0".to_owned()),
        first: Some("a".to_owned()),
        last: Some("b".to_owned()),
        count: Some("800".to_owned()),
    };
    assert!(!wanted.is_all());
    assert_eq!(
        wanted.encode().to_xml().unwrap(),
        "<set xmlns=\"http://jabber.org/protocol/rsm\"><max>10</max><first>a</first><last>b</last><after>&lt;&amp;</after>\
         <before/><index>0</index><count>800</count></set>"
    );
}

#[test]
fn round_trip() {
    let text = |text: &str| Some(text.to_owned());
    for whole in [
        Part { first: text("a"), last: text("b"), index: text("3"), count: text("800") },
        Part { first: text("a"), last: text("b"), index: None, count: None },
        Part::default(),
    ] {
        let fin = stanza("<fin xmlns='urn:xmpp:mam:2'/>").with_child(whole.encode());
        assert_eq!(Part::decode(&fin), whole);
    }
}
