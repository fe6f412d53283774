//! Bookmarks: read, read from hostile hands, and written (XEP-0402, XEP-0048).

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{jid::BareJid, stanza::payload::bookmarks::Conference};

use support::pattern::stanza;

const NEW: &str = "<conference xmlns='urn:xmpp:bookmarks:1' name='The garden' autojoin='true'>\
    <nick>J</nick><password>rose</password><extensions><a xmlns='urn:x'/></extensions></conference>";

fn garden() -> Conference {
    Conference {
        jid: BareJid::new("garden@rooms.lit").unwrap(),
        name: Some("The garden".to_owned()),
        nick: Some("J".to_owned()),
        password: Some("rose".to_owned()),
        autojoin: true,
        extensions: Some(stanza("<extensions xmlns='urn:xmpp:bookmarks:1'><a xmlns='urn:x'/></extensions>")),
    }
}

fn plain(jid: &str) -> Conference {
    Conference {
        jid: BareJid::new(jid).unwrap(),
        name: None,
        nick: None,
        password: None,
        autojoin: false,
        extensions: None,
    }
}

#[test]
fn decode_one_item_for_each() {
    assert_eq!(Conference::decode("garden@rooms.lit", &stanza(NEW)), Some(garden()));
    for (autojoin, expected) in
        [("true", true), ("1", true), ("false", false), ("0", false), ("yes", false), ("", false)]
    {
        let conference = stanza(&format!("<conference xmlns='urn:xmpp:bookmarks:1' autojoin='{autojoin}'/>"));
        assert_eq!(Conference::decode("a@b", &conference).unwrap().autojoin, expected, "{autojoin}");
    }
}

#[test]
fn decode_all_in_one_item() {
    let storage = stanza(
        "<storage xmlns='storage:bookmarks'><conference jid='a@b' name='A' autojoin='1'><nick>J</nick></conference>\
         <url name='U' url='https://capulet.lit'/></storage>",
    );
    let (rooms, others) = Conference::decode_all(&storage).unwrap();
    let expected =
        Conference { name: Some("A".to_owned()), nick: Some("J".to_owned()), autojoin: true, ..plain("a@b") };
    assert_eq!(rooms, [expected]);
    assert_eq!(others.iter().map(|other| other.name()).collect::<Vec<_>>(), ["url"]);
}

#[test]
fn decode_what_is_hostile() {
    for id in ["", "@b", "a@b/c", "a@@b"] {
        assert_eq!(Conference::decode(id, &stanza(NEW)), None, "{id}");
    }
    for other in [
        "<conference xmlns='urn:example'/>",
        "<conference xmlns='storage:bookmarks' jid='a@b'/>",
        "<storage xmlns='urn:xmpp:bookmarks:1'/>",
    ] {
        assert_eq!(Conference::decode("a@b", &stanza(other)), None, "{other}");
        assert_eq!(Conference::decode_all(&stanza(other)), None, "{other}");
    }
    // What says nothing is not there, and what is of another protocol says nothing.
    let empty = "<conference xmlns='urn:xmpp:bookmarks:1' name=''><nick/><password/><nick xmlns='urn:example'>X</nick></conference>";
    assert_eq!(Conference::decode("a@b", &stanza(empty)), Some(plain("a@b")));
    // A room without an address is kept for whoever wrote it.
    let storage = stanza("<storage xmlns='storage:bookmarks'><conference/><conference jid='a@b/c'/></storage>");
    let (rooms, others) = Conference::decode_all(&storage).unwrap();
    assert_eq!((rooms.len(), others.len()), (0, 2));
}

#[test]
fn encode_both_forms() {
    assert_eq!(garden().encode(), stanza(NEW));
    let other = stanza("<url xmlns='storage:bookmarks' name='U'/>");
    assert_eq!(
        Conference::encode_all([garden(), plain("a@b")], &[other]),
        stanza(
            "<storage xmlns='storage:bookmarks'>\
             <conference name='The garden' autojoin='true' jid='garden@rooms.lit'><nick>J</nick><password>rose</password></conference>\
             <conference autojoin='false' jid='a@b'/><url name='U'/></storage>"
        )
    );
}

#[test]
fn there_and_back() {
    let strange = Conference { name: Some("<&\"'>".to_owned()), nick: Some(" ☃ ".to_owned()), ..plain("a@b") };
    for conference in [garden(), plain("a@b"), strange] {
        assert_eq!(Conference::decode(conference.jid.as_str(), &conference.encode()), Some(conference.clone()));
        let old = Conference { extensions: None, ..conference };
        assert_eq!(Conference::decode_all(&Conference::encode_all([old.clone()], &[])), Some((vec![old], vec![])));
    }
}
