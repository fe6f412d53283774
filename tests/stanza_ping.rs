//! Pings: told from what is none (XEP-0199).

#![allow(clippy::panic)]

mod support;

use converse_wasm::stanza::{Decode, Stanza, payload::ping::is_ping};

use support::pattern::stanza;

fn decode(iq: &str) -> bool {
    match Stanza::decode(stanza(iq)) {
        Decode::Ok(Stanza::Iq(iq)) => is_ping(&iq),
        other => panic!("{other:?}"),
    }
}

#[test]
fn decode_a_ping() {
    assert!(decode("<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>"));
    assert!(decode("<iq type='get' id='1' from='a@b' to='c@d'> <ping xmlns='urn:xmpp:ping'>text</ping> </iq>"));
}

#[test]
fn decode_what_is_hostile() {
    for none in [
        "<iq type='set' id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
        "<iq type='result' id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
        "<iq type='error' id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
        "<iq type='get' id='1'><ping/></iq>",
        "<iq type='get' id='1'><pong xmlns='urn:xmpp:ping'/></iq>",
        "<iq type='get' id='1'><x><ping xmlns='urn:xmpp:ping'/></x></iq>",
        "<iq type='get' id='1'/>",
    ] {
        assert!(!decode(none), "{none}");
    }
}
