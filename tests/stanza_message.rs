//! Messages: read, and read from hostile hands (RFC 6121 §5). Nothing writes them yet but the page.

#![allow(clippy::panic)]

mod support;

use converse_wasm::{
    jid::Jid,
    stanza::{Decode, DecodeError, Message, MessageType, Stanza},
};

use support::pattern::stanza;

fn decode(xml: &str) -> Message {
    match Stanza::decode(stanza(xml)) {
        Decode::Ok(Stanza::Message(message)) => message,
        other => panic!("{other:?}"),
    }
}

#[test]
fn decode_a_message() {
    for (name, kind) in [
        ("chat", MessageType::Chat),
        ("error", MessageType::Error),
        ("groupchat", MessageType::Groupchat),
        ("headline", MessageType::Headline),
        ("normal", MessageType::Normal),
        // RFC 6121 §5.2.2: what is unknown is normal.
        ("", MessageType::Normal),
        ("CHAT", MessageType::Normal),
    ] {
        let xml = format!("<message type='{name}' from='Romeo@montague.lit/Orchard'><body>hi &lt;3</body></message>");
        let message = decode(&xml);
        assert_eq!(MessageType::of(message.element()), kind);
        assert_eq!(message.from, Jid::new("romeo@montague.lit/Orchard").ok());
        assert_eq!(**message.element(), stanza(&xml));
    }
    let message = decode("<message/>");
    assert_eq!((MessageType::of(message.element()), message.from.as_ref()), (MessageType::Normal, None));
}

#[test]
fn decode_what_is_hostile() {
    for from in ["", "@", "a@", "a@b/", "/a", "a@b@c", "&lt;@b", "a..b", "a@b\u{7f}"] {
        let decoded = Stanza::decode(stanza(&format!("<message from='{from}'><body>hi</body></message>")));
        assert!(matches!(decoded, Decode::Bad(DecodeError::Jid(_))), "{from} {decoded:?}");
    }
    for other in ["<message xmlns='jabber:server'/>", "<Message/>", "<msg/>"] {
        assert!(matches!(Stanza::decode(stanza(other)), Decode::NotMine(_)), "{other}");
    }
}
