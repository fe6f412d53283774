//! Slots for files: asked for, read, and read from hostile hands (XEP-0363).

#![allow(clippy::unwrap_used)]

mod support;

use converse_wasm::{
    stanza::payload::upload::{
        MAX_HEADER_BYTES, MAX_NAME_BYTES, MAX_URL_BYTES, Slot, is_too_large, max_size, request, retry,
    },
    time::Timestamp,
};

use support::pattern::stanza;

const GET: &str = "<get url='https://files.capulet.lit/1/balcony.jpg'/>";

fn slot(content: &str) -> Option<Slot> {
    Slot::decode(&stanza(&format!("<slot xmlns='urn:xmpp:http:upload:0'>{content}</slot>"))).ok()
}

fn refusal(content: &str) -> converse_wasm::xml::Element {
    stanza(&format!("<iq type='error' id='1'><error type='wait'>{content}</error></iq>"))
}

#[test]
fn decode_a_slot() {
    let slot = slot(&format!(
        "<put url='https://upload.capulet.lit/1/balcony.jpg'><header name='Authorization'>Basic Base64String==</header>\
         <header name='Cookie'>foo=bar; user=romeo</header><header name='expires'>0</header></put>{GET}"
    ));
    let slot = slot.unwrap();
    assert_eq!(slot.put, "https://upload.capulet.lit/1/balcony.jpg");
    assert_eq!(slot.get, "https://files.capulet.lit/1/balcony.jpg");
    let headers: Vec<_> = slot.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(
        headers,
        [("Authorization", "Basic Base64String=="), ("Cookie", "foo=bar; user=romeo"), ("Expires", "0")]
    );
}

#[test]
fn decode_what_is_hostile() {
    for incomplete in [
        GET,
        "<put url='https://upload.capulet.lit/1'/>",
        "<put url='https://upload.capulet.lit/1'/><get/>",
        "<put/><get url='https://files.capulet.lit/1'/>",
        "<put xmlns='urn:x' url='https://upload.capulet.lit/1'/><get xmlns='urn:x' url='https://files.capulet.lit/1'/>",
    ] {
        assert!(slot(incomplete).is_none(), "{incomplete}");
    }
    assert!(Slot::decode(&stanza("<slot xmlns='urn:x'/>")).is_err());
    for unfit in
        ["https://a.lit/ 1", "https://a.lit/&#10;", "https://a.lit\\b", " https://a.lit", "https://a.lit/&#127;"]
    {
        assert!(slot(&format!("<put url='{unfit}'/>{GET}")).is_none(), "{unfit:?}");
        assert!(slot(&format!("<put url='https://a.lit/'/><get url='{unfit}'/>")).is_none(), "{unfit:?}");
    }
    let long = "a".repeat(MAX_URL_BYTES);
    assert!(slot(&format!("<put url='https://a.lit/{long}'/>{GET}")).is_none());
    // Headers that would make it another request.
    let headers = "<header name='Host'>evil.example</header><header name='X-Forwarded-For'>127.0.0.1</header>\
         <header name='Content-Type'>text/html</header><header>nothing</header>\
         <header xmlns='urn:x' name='Cookie'>a</header>\
         <header name='Authorization'>one&#13;&#10;Host: evil.example</header>\
         <header name='Authorization'>two</header>";
    let taken = slot(&format!("<put url='https://a.lit/'>{headers}</put>{GET}")).unwrap().headers;
    assert_eq!(taken, [("Authorization", "oneHost: evil.example".to_owned())]);
    let long = "a".repeat(MAX_HEADER_BYTES + 1);
    let taken = slot(&format!("<put url='https://a.lit/'><header name='Cookie'>{long}</header></put>{GET}"));
    assert_eq!(taken.unwrap().headers, []);
}

#[test]
fn decode_refusals() {
    let too_large = refusal(
        "<not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>\
         <file-too-large xmlns='urn:xmpp:http:upload:0'><max-file-size>20000</max-file-size></file-too-large>",
    );
    assert!(is_too_large(&too_large));
    assert_eq!((max_size(&too_large), retry(&too_large)), (Some(20_000), None));
    let later = refusal(
        "<resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>\
         <retry xmlns='urn:xmpp:http:upload:0' stamp='2017-12-03T23:42:05Z'/>",
    );
    assert!(!is_too_large(&later));
    assert_eq!((max_size(&later), retry(&later)), (None, Timestamp::parse("2017-12-03T23:42:05Z")));
    for size in ["", "-1", "1e9", "99999999999999999999999"] {
        let sized = refusal(&format!(
            "<file-too-large xmlns='urn:xmpp:http:upload:0'><max-file-size>{size}</max-file-size></file-too-large>"
        ));
        assert_eq!((is_too_large(&sized), max_size(&sized)), (true, None), "{size:?}");
    }
    assert_eq!(retry(&refusal("<retry xmlns='urn:xmpp:http:upload:0' stamp='soon'/>")), None);
}

#[test]
fn encode_a_request() {
    let expected =
        "<request xmlns='urn:xmpp:http:upload:0' filename='très cool.jpg' size='23456' content-type='image/jpeg'/>";
    assert_eq!(request("très cool.jpg", 23_456, "image/jpeg"), stanza(expected));
    let expected = "<request xmlns='urn:xmpp:http:upload:0' filename='passwd' size='0'/>";
    assert_eq!(request("../../etc/passwd", 0, ""), stanza(expected));
    for (name, written) in [("", "file"), ("a/", "file"), ("C:\\a.txt", "a.txt"), ("a\u{1}\n\u{ffff}b", "a___b")] {
        assert_eq!(request(name, 1, "").attribute("filename"), Some(written));
    }
    let long = "é".repeat(MAX_NAME_BYTES);
    assert_eq!(request(&long, 1, "").attribute("filename"), Some("é".repeat(MAX_NAME_BYTES / 2).as_str()));
}
