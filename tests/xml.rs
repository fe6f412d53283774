//! Frames to elements and back: what RFC 6120 §11 allows is read, everything else is refused with its reason.

use converse_wasm::xml::{self, Element, MAX_ATTRIBUTES, MAX_DEPTH, ReadError, Reading, Restricted, WriteError, ns};

/// Reads a frame at once, and in parts: it comes to the same.
fn read(frame: &str) -> Result<Element, ReadError> {
    let whole = xml::read(frame);
    for nodes in [1, 2, 3, 5] {
        let mut reading = Reading::new(frame.to_owned());
        let read = std::iter::repeat_with(|| reading.go_on(nodes)).find_map(|read| read);
        assert_eq!(read.as_ref(), Some(&whole), "{nodes} at a time: {frame:?}");
    }
    whole
}

fn restricted(what: Restricted) -> Result<Element, ReadError> {
    Err(ReadError::Restricted(what))
}

#[test]
fn a_stanza_is_read_with_namespaces_attributes_and_text() {
    let message = read(
        "<message xmlns='jabber:client' xml:lang='en' from=\"juliet@capulet.lit\">\
         <body>a &lt;b&gt; &#x1F600;</body><x xmlns='urn:example'><y/></x></message>",
    )
    .unwrap();
    assert!(message.is("message", &ns::CLIENT));
    assert_eq!(message.attribute("from"), Some("juliet@capulet.lit"));
    assert_eq!(message.attribute("lang"), None);
    assert_eq!(message.attribute_in(&ns::XML, "lang"), Some("en"));
    assert_eq!(message.child("body", &ns::CLIENT).unwrap().text(), "a <b> \u{1F600}");
    let x = message.children().find(|child| child.name() == "x").unwrap();
    assert_eq!(x.children().next().unwrap().namespace().as_str(), "urn:example");
}

#[test]
fn prefixes_are_resolved_in_their_scope() {
    let features =
        read("<stream:features xmlns:stream='http://etherx.jabber.org/streams'><a xmlns='u'/></stream:features>")
            .unwrap();
    assert!(features.is("features", &ns::STREAM));
    assert_eq!(
        read("<a xmlns:p='u'><b xmlns:p='v'/><p:c/></a>").unwrap().children().nth(1).unwrap().namespace().as_str(),
        "u"
    );
    assert_eq!(read("<a><b xmlns:p='v'/><p:c/></a>"), Err(ReadError::NotWellFormed));
}

#[test]
fn what_xmpp_forbids_is_refused_as_such() {
    assert_eq!(read("<!DOCTYPE a><a/>"), restricted(Restricted::Doctype));
    assert_eq!(
        read("<!DOCTYPE a [<!ENTITY lol 'lol'><!ENTITY l2 '&lol;&lol;'>]><a>&l2;</a>"),
        restricted(Restricted::Doctype)
    );
    assert_eq!(read("<a>&external;</a>"), restricted(Restricted::EntityReference));
    assert_eq!(read("<a b='&external;'/>"), restricted(Restricted::EntityReference));
    assert_eq!(read("<a><!-- hi --></a>"), restricted(Restricted::Comment));
    assert_eq!(read("<a><?php evil ?></a>"), restricted(Restricted::ProcessingInstruction));
    assert_eq!(read("<?xml-stylesheet href='x'?><a/>"), restricted(Restricted::ProcessingInstruction));
    assert_eq!(read("<a/><?xml version='1.0'?>"), restricted(Restricted::ProcessingInstruction));
    assert_eq!(ReadError::Restricted(Restricted::Doctype).stream_condition(), "restricted-xml");
}

#[test]
fn an_xml_declaration_may_come_first() {
    assert!(read("<?xml version='1.0' encoding='UTF-8'?><a/>").is_ok());
}

#[test]
fn malformed_frames_are_refused() {
    for frame in [
        "",
        "   ",
        "text",
        "<a>",
        "<a></b>",
        "<p:a xmlns:p='u' xmlns:q='u'></q:a>",
        "<p:a xmlns:p='u'></a>",
        "<p:a xmlns:p='u'></pa>",
        "<a></p:a>",
        "<a></a",
        "<a></a></a>",
        "</a>",
        "<a/><b/>",
        "<a/>text",
        "<a b='1' b='2'/>",
        "<a b=1/>",
        "<a b/>",
        "<a b='<'/>",
        "<a>&amp</a>",
        "<a b='&amp'/>",
        "<a>]]></a>",
        "<a>&#0;</a>",
        "<a>\u{1}</a>",
        "<a b='\u{0}'/>",
        "<a>\u{FFFF}</a>",
        "<1a/>",
        "<a:b:c xmlns:a='u'/>",
        "<p:a/>",
        "<a p:b='1'/>",
        "<a xmlns:p=''/>",
        "<a xmlns:xml='u'/>",
        "<a xmlns:xmlns='u'/>",
        "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>",
        "<![CDATA[x]]><a/>",
        "<a>&#xD800;</a>",
        "&amp;<a/>",
    ] {
        assert_eq!(read(frame), Err(ReadError::NotWellFormed), "{frame:?}");
    }
}

#[test]
fn bounds_hold() {
    let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    assert!(read(&nested(MAX_DEPTH)).is_ok());
    assert_eq!(read(&nested(MAX_DEPTH + 1)), Err(ReadError::TooMuch("levels")));
    assert_eq!(read(&nested(100_000)), Err(ReadError::TooMuch("levels")));
    let wide = |count: usize| format!("<a {}/>", (0..count).map(|i| format!("b{i}='' ")).collect::<String>());
    assert!(read(&wide(MAX_ATTRIBUTES)).is_ok());
    assert_eq!(read(&wide(MAX_ATTRIBUTES + 1)), Err(ReadError::TooMuch("attributes")));
}

#[test]
fn line_ends_and_white_space_are_normalised() {
    assert_eq!(read("<a>1\r\n2\r3</a>").unwrap().text(), "1\n2\n3");
    assert_eq!(read("<a b='1\r\n2\t3&#10;4'/>").unwrap().attribute("b"), Some("1 2 3\n4"));
    assert_eq!(read("<a><![CDATA[<b>]]>&amp;c</a>").unwrap().text(), "<b>&c");
    assert_eq!(read("<a><b/>\u{FEFF}c<b/></a >").unwrap().text(), "\u{FEFF}c");
}

#[test]
fn a_long_frame_is_read_in_as_many_parts_as_it_takes() {
    let items: String = (0..100).map(|n| format!("<item jid='{n}'><group>A</group></item>")).collect();
    let mut reading = Reading::new(format!("<query xmlns='jabber:iq:roster'>{items}</query>"));
    let parts = std::iter::repeat_with(|| reading.go_on(30)).take_while(Option::is_none).count();
    assert_eq!(parts, 301 / 30);
}

#[test]
fn what_is_written_is_read_back_unchanged() {
    let element = Element::new("message", ns::CLIENT)
        .with_attribute("to", "\"<&'>\n\t\r")
        .with_prefixed_attribute("xml", ns::XML, "lang", "de")
        .with_prefixed_attribute("xmpp", ns::XBOSH, "version", "1.0")
        .with_child(Element::new("body", ns::CLIENT).with_text("]]> <b> & \r\n \u{1F600}"))
        .with_child(Element::new("ping", ns::PING));
    assert_eq!(read(&element.to_xml().unwrap()).unwrap(), element);
}

/// Nobody has defined an element there, but anybody may send one; and it may have to be kept.
#[test]
fn an_element_in_the_namespace_of_xml_itself_is_written_with_its_prefix() {
    let element = read("<message xmlns='jabber:client'><xml:a b='c'><body/><x xmlns=''/></xml:a></message>").unwrap();
    let xml = element.to_xml().unwrap();
    assert_eq!(xml, "<message xmlns=\"jabber:client\"><xml:a b=\"c\"><body/><x xmlns=\"\"/></xml:a></message>");
    assert_eq!(read(&xml).unwrap(), element);
    let inner = element.children().next().unwrap();
    assert_eq!(read(inner.to_written().unwrap().as_str()).as_ref(), Ok(inner));
}

#[test]
fn children_that_are_kept_as_text_are_written_as_others_are() {
    let child = |text: &str| Element::new("a", ns::PING).with_text(text).with_child(Element::new("b", ns::CLIENT));
    let mut element = Element::new("all", ns::PING);
    element.push_as_text([child("<1>"), child("\u{0}"), child("2")]);
    let same = Element::new("all", ns::PING).with_child(child("<1>")).with_child(child("2"));
    assert_eq!(element.to_xml().unwrap(), same.to_xml().unwrap());
    element.push_as_text([]);
    assert_eq!(read(&element.to_xml().unwrap()).unwrap(), same);
    let mut nothing = Element::new("all", ns::PING);
    nothing.push_as_text([]);
    assert_eq!(nothing, Element::new("all", ns::PING));
}

#[test]
fn what_is_written_declares_no_namespace_twice() {
    let iq = Element::new("iq", ns::CLIENT)
        .with_child(Element::new("bind", ns::BIND).with_child(Element::new("resource", ns::BIND).with_text("balcony")));
    assert_eq!(
        iq.to_xml().unwrap(),
        "<iq xmlns=\"jabber:client\"><bind xmlns=\"urn:ietf:params:xml:ns:xmpp-bind\">\
         <resource>balcony</resource></bind></iq>"
    );
}

#[test]
fn what_xml_cannot_say_is_not_written() {
    let text = Element::new("a", ns::CLIENT).with_text("\u{0}");
    assert_eq!(text.to_xml(), Err(WriteError::Character('\0')));
    let attribute = Element::new("a", ns::CLIENT).with_attribute("b", "\u{1B}");
    assert_eq!(attribute.to_xml(), Err(WriteError::Character('\u{1B}')));
    assert_eq!(Element::new("a b", ns::CLIENT).to_xml(), Err(WriteError::Name));
    assert_eq!(Element::new("a><b", ns::CLIENT).to_xml(), Err(WriteError::Name));
}
