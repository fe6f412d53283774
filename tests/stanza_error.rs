//! Stanza errors: read, read from hostile hands, written, and there and back (RFC 6120 §8.3).

mod support;

use converse_wasm::stanza::{ErrorType, StanzaError};

use support::pattern::stanza;

fn decode(error: &str) -> StanzaError {
    StanzaError::decode(&stanza(&format!("<iq type='error'>{error}</iq>")))
}

const CONDITION: &str = "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>";

#[test]
fn decode_an_error() {
    let text = "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas' xml:lang='en'>not here</text>";
    for (kind, name) in [
        (ErrorType::Auth, "auth"),
        (ErrorType::Cancel, "cancel"),
        (ErrorType::Continue, "continue"),
        (ErrorType::Modify, "modify"),
        (ErrorType::Wait, "wait"),
    ] {
        let expected = StanzaError { kind, condition: "item-not-found".to_owned(), text: Some("not here".to_owned()) };
        for children in [[CONDITION, text].concat(), [text, CONDITION].concat()] {
            assert_eq!(decode(&format!("<error type='{name}' by='capulet.lit'>{children}</error>")), expected);
        }
    }
    assert_eq!(
        decode(&format!("<error type='wait'>{CONDITION}<app xmlns='urn:example'/></error>")),
        StanzaError::new(ErrorType::Wait, "item-not-found")
    );
}

#[test]
fn decode_what_is_hostile() {
    let undefined = StanzaError::new(ErrorType::Cancel, "undefined-condition");
    for error in [
        "",
        "<error/>",
        "<error type='everything'/>",
        "<error><item-not-found/></error>",
        "<error><text xmlns='urn:example'>a</text></error>",
        "<error xmlns='urn:example' type='auth'/>",
        "<other><error type='auth'/></other>",
    ] {
        assert_eq!(decode(error), undefined, "{error}");
    }
    // The first one counts.
    let two = "<error type='auth'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error><error type='wait'/>";
    assert_eq!(decode(two), StanzaError::new(ErrorType::Auth, "gone"));
}

#[test]
fn encode_an_error() {
    let mut error = StanzaError::new(ErrorType::Modify, "bad-request");
    let condition = "<bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>";
    assert_eq!(error.encode(), stanza(&format!("<error type='modify'>{condition}</error>")));
    error.text = Some("<why>".to_owned());
    let text = "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>&lt;why&gt;</text>";
    assert_eq!(error.encode(), stanza(&format!("<error type='modify'>{condition}{text}</error>")));
}

#[test]
fn there_and_back() {
    for kind in [ErrorType::Auth, ErrorType::Cancel, ErrorType::Continue, ErrorType::Modify, ErrorType::Wait] {
        for text in [None, Some("é \u{1F600} &".to_owned())] {
            let error = StanzaError { text, ..StanzaError::new(kind, "not-allowed") };
            assert_eq!(StanzaError::decode(&stanza("<iq/>").with_child(error.encode())), error);
        }
    }
}
