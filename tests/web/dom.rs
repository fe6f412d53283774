//! The DOM that plugins are given, made of elements of the core.

use converse_wasm::{to_dom, xml::read};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::XmlSerializer;

use super::xml::{describe, describe_dom, parse};

const STANZA: &str = "<message xmlns='jabber:client' from='romeo@montague.lit/garden' id='1' xml:lang='en'>\
    <body>a &lt; b &amp; c</body><body xml:lang='it'>ciao</body>\
    <active xmlns='http://jabber.org/protocol/chatstates'/>\
    <result xmlns='urn:xmpp:mam:2'><forwarded xmlns='urn:xmpp:forward:0'>\
    <message xmlns='jabber:client'><body>inner</body></message></forwarded></result></message>";

#[wasm_bindgen_test]
fn it_is_what_the_stanza_is() {
    let element = read(STANZA).unwrap();
    let dom = to_dom(&element).unwrap();
    assert_eq!(describe_dom(&dom), describe(&element));
}

#[wasm_bindgen_test]
fn plugins_find_their_way_in_it() {
    let dom = to_dom(&read(STANZA).unwrap()).unwrap();
    assert_eq!(dom.tag_name(), "message");
    assert_eq!(dom.get_attribute("xmlns").as_deref(), Some("jabber:client"));
    assert_eq!(dom.get_attribute("xml:lang").as_deref(), Some("en"));
    let select = |selector| dom.query_selector(selector).unwrap();
    assert_eq!(select("body").unwrap().text_content().as_deref(), Some("a < b & c"));
    assert!(select("active[xmlns='http://jabber.org/protocol/chatstates']").is_some());
    assert!(select("result[xmlns='urn:xmpp:mam:2'] > forwarded > message[xmlns='jabber:client'] > body").is_some());
    assert!(select("body[xmlns]").is_none(), "children say a namespace only where it changes");
    assert_eq!(dom.get_elements_by_tag_name("body").length(), 3);
    assert!(dom.owner_document().unwrap().document_element().unwrap().is_same_node(Some(&dom)));
}

#[wasm_bindgen_test]
fn written_and_read_again_it_is_the_same() {
    let element = read(STANZA).unwrap();
    let written = XmlSerializer::new().unwrap().serialize_to_string(&to_dom(&element).unwrap()).unwrap();
    assert_eq!(describe_dom(&parse(&written).unwrap()), describe(&element), "{written}");
    assert_eq!(describe(&read(&written).unwrap()), describe(&element), "{written}");
}
