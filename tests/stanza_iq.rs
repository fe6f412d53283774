//! Requests and answers: read, read from hostile hands, written, and there and back (RFC 6120 §8.2.3).

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{
    jid::Jid,
    stanza::{Decode, DecodeError, ErrorType, Iq, IqKind, Stanza, StanzaError},
    xml::{Element, ns},
};

use support::pattern::stanza;

fn decode(element: Element) -> Iq {
    match Stanza::decode(element) {
        Decode::Ok(Stanza::Iq(iq)) => iq,
        other => panic!("{other:?}"),
    }
}

#[test]
fn decode_an_iq() {
    for (name, kind) in
        [("get", IqKind::Get), ("set", IqKind::Set), ("result", IqKind::Result), ("error", IqKind::Error)]
    {
        let element = stanza(&format!("<iq type='{name}' id='1' from='A@b/c'> <q xmlns='urn:example'/></iq>"));
        let iq = decode(element.clone());
        assert_eq!((iq.kind, iq.id.as_str()), (kind, "1"));
        assert_eq!(iq.from, Jid::new("a@b/c").ok());
        assert_eq!(iq.payload().unwrap().name(), "q");
        assert_eq!(**iq.element(), element);
        assert_eq!(iq.error().is_some(), kind == IqKind::Error);
    }
    let iq = decode(stanza("<iq type='error' id=''><error/><q xmlns='urn:example'/></iq>"));
    assert_eq!((iq.id.as_str(), iq.from.as_ref()), ("", None));
    assert_eq!(iq.payload().unwrap().name(), "q");
}

#[test]
fn decode_what_is_hostile() {
    let bad = |xml: &str| match Stanza::decode(stanza(xml)) {
        Decode::Bad(error) => error,
        other => panic!("{xml}: {other:?}"),
    };
    for kind in ["", " type=''", " type='GET'", " type='ask'", " xml:lang='get'"] {
        assert_eq!(bad(&format!("<iq id='1'{kind}/>")), DecodeError::Invalid("the type of an iq"));
    }
    assert_eq!(bad("<iq type='get'/>"), DecodeError::Invalid("the id of an iq"));
    for from in ["", "@", "a@", "a@b/", "/a", "a@b@c", "&quot;@b"] {
        assert!(matches!(bad(&format!("<iq type='get' id='1' from='{from}'/>")), DecodeError::Jid(_)), "{from}");
    }
    let other = stanza("<iq xmlns='jabber:server' type='get' id='1'/>");
    assert_eq!(Stanza::decode(other.clone()), Decode::NotMine(other));
}

#[test]
fn encode_an_iq() {
    let payload = || Element::new("ping", ns::PING);
    assert_eq!(Iq::get("1", payload()), stanza("<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>"));
    assert_eq!(Iq::set("<", payload()), stanza("<iq type='set' id='&lt;'><ping xmlns='urn:xmpp:ping'/></iq>"));
    let request = decode(stanza("<iq type='get' id='1' from='a@b/C' to='d@e'><q xmlns='urn:example'/></iq>"));
    assert_eq!(request.to_result(), stanza("<iq type='result' id='1' to='a@b/C'/>"));
    let error = StanzaError::new(ErrorType::Cancel, "service-unavailable");
    assert_eq!(
        request.to_error(&error),
        stanza(
            "<iq type='error' id='1' to='a@b/C'><error type='cancel'>\
             <service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
        )
    );
    assert_eq!(decode(stanza("<iq type='get' id='1'/>")).to_result(), stanza("<iq type='result' id='1'/>"));
}

#[test]
fn there_and_back() {
    let error = StanzaError::new(ErrorType::Wait, "remote-server-timeout");
    let request = decode(Iq::get("id", Element::new("q", ns::PING)));
    assert_eq!((request.kind, request.id.as_str()), (IqKind::Get, "id"));
    let answer = decode(request.to_result());
    assert_eq!((answer.kind, answer.id.as_str(), answer.error()), (IqKind::Result, "id", None));
    let answer = decode(request.to_error(&error));
    assert_eq!((answer.kind, answer.id.as_str(), answer.payload()), (IqKind::Error, "id", None));
    assert_eq!(answer.error(), Some(error));
}
