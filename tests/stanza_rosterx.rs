//! Contacts that somebody suggests: read, and read from hostile hands (XEP-0144). This client suggests nobody.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{
    jid::BareJid,
    stanza::payload::rosterx::{MAX_SUGGESTIONS, Suggestion, Suggestions},
};

use support::pattern::stanza;

fn decode(items: &str) -> Vec<Suggestion> {
    let message = stanza(&format!("<message><x xmlns='http://jabber.org/protocol/rosterx'>{items}</x></message>"));
    Suggestions::decode(&message).unwrap().0
}

fn suggestion(jid: &str) -> Suggestion {
    Suggestion { jid: BareJid::new(jid).unwrap(), name: None, groups: Vec::new() }
}

#[test]
fn decode_suggestions() {
    let found =
        decode("<item action='add' jid='a@b' name='A'><group>1</group><group>2</group></item><item jid='c@d'/>");
    let expected =
        Suggestion { name: Some("A".to_owned()), groups: vec!["1".to_owned(), "2".to_owned()], ..suggestion("a@b") };
    assert_eq!(found, [expected, suggestion("c@d")]);
}

#[test]
fn decode_what_is_hostile() {
    for none in ["<message/>", "<message><x xmlns='urn:example'><item jid='a@b'/></x></message>"] {
        assert_eq!(Suggestions::decode(&stanza(none)), None, "{none}");
    }
    for bad in [
        "<item/>",
        "<item jid=''/>",
        "<item jid='a@b/c'/>",
        "<item action='delete' jid='a@b'/>",
        "<item action='modify' jid='a@b'/>",
        "<item action='' jid='a@b'/>",
        "<item xmlns='urn:example' jid='a@b'/>",
    ] {
        assert_eq!(decode(&format!("{bad}<item jid='c@d'/>")), [suggestion("c@d")], "{bad}");
    }
    let groups: String = (0..100).map(|n| format!("<group>{n}</group>")).collect();
    let many: String =
        (0..MAX_SUGGESTIONS + 1).map(|n| format!("<item jid='p{n}@b' name=''>{groups}</item>")).collect();
    let found = decode(&many);
    assert_eq!(found.len(), MAX_SUGGESTIONS);
    assert!(found.iter().all(|item| item.name.is_none() && item.groups.len() == 10));
    assert_eq!(decode("<item jid='a@b'><group/><group xmlns='urn:example'>x</group></item>"), [suggestion("a@b")]);
}
