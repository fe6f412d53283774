//! The core's reader against the browser's own: what both read must be the same, and what XMPP forbids must not pass.

use crate::fuzzed;
use converse_wasm::xml::{Element, Node, ReadError, read};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{DomParser, SupportedType};

/// Frames as servers send them, and some that only a test would.
const FRAMES: &[&str] = &[
    "<message xmlns='jabber:client' from='a@b/c' type='chat'><body>hi</body></message>",
    "<message xmlns='jabber:client'><body>1 &lt; 2 &amp;&amp; 3 &gt; 2 &quot;&apos;</body></message>",
    "<message xmlns='jabber:client'><body>&#233;&#xe9;\u{e9} &#x1F339; \u{1f339}</body></message>",
    "<message xmlns='jabber:client'><body> a\r\nb\rc\n\td </body></message>",
    "<message xmlns='jabber:client' id='a\tb\nc&#10;d  e'/>",
    "<message xmlns='jabber:client'><body><![CDATA[<not> &amp; an element]]></body></message>",
    "<message xmlns='jabber:client'><body>one<![CDATA[ two ]]>three</body></message>",
    "<stream:features xmlns:stream='http://etherx.jabber.org/streams'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>",
    "<stream:error xmlns:stream='http://etherx.jabber.org/streams'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
    "<iq xmlns='jabber:client' type='result' id='1'><query xmlns='jabber:iq:roster'><item jid='a@b'><group>x</group></item></query></iq>",
    "<message xmlns='jabber:client' xml:lang='de'><body xml:lang='en'>x</body><body>y</body></message>",
    "<a xmlns='urn:a' xmlns:p='urn:p' p:x='1' x='2'><p:b p:x='3'/><b xmlns='urn:b'><c/></b><d/></a>",
    "<a xmlns='urn:a'><b xmlns=''/></a>",
    "<a xmlns:p='urn:1'><p:b xmlns:p='urn:2'/><p:b/></a>",
    "<\u{e9}l\u{e9}ment xmlns='urn:a' \u{e4}ttr='\u{f6}'/>",
    "<a xmlns='urn:a'   b = '1'\n c=\"2\" ></a >",
];

/// What the browser refuses, the core must refuse too.
const BROKEN: &[&str] = &[
    "",
    "text",
    "<a>",
    "<a></b>",
    "<a/><b/>",
    "<a b='1' b='2'/>",
    "<a xmlns:p='urn:p' xmlns:q='urn:p' p:x='1' q:x='2'/>",
    "<a b=1/>",
    "<a b='<'/>",
    "<a>&nbsp;</a>",
    "<a>&</a>",
    "<a>&#0;</a>",
    "<a>&#x1;</a>",
    "<a>\u{1}</a>",
    "<a>\u{ffff}</a>",
    "<p:a/>",
    "<a p:b='1'/>",
    "<1/>",
    "<a>]]></a>",
    "<a xmlns:xml='urn:x'/>",
    "<a xmlns:xmlns='urn:x'/>",
    "<a xmlns:p=''/>",
    "<a/>text",
];

/// What a browser reads and XMPP forbids (RFC 6120 §11.1).
const RESTRICTED: &[&str] = &[
    "<!DOCTYPE a><a/>",
    "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>",
    "<a><!-- a comment --></a>",
    "<a><?instruction?></a>",
    "<!-- a comment --><a/>",
];

#[wasm_bindgen_test]
fn both_read_the_same() {
    for frame in FRAMES {
        let ours = read(frame).unwrap_or_else(|error| panic!("{frame}: {error}"));
        let theirs = parse(frame).unwrap_or_else(|| panic!("the browser does not read {frame}"));
        assert_eq!(describe(&ours), describe_dom(&theirs), "{frame}");
    }
}

#[wasm_bindgen_test]
fn the_browser_reads_what_the_core_writes() {
    for frame in FRAMES {
        let ours = read(frame).unwrap();
        let written = ours.to_xml().unwrap();
        assert_eq!(describe(&ours), describe_dom(&parse(&written).unwrap()), "{written}");
    }
}

/// The frames of `fuzz/corpus/xml/`.
#[wasm_bindgen_test]
fn both_read_the_same_of_what_fuzzing_has_found() {
    let (mut same, mut different) = (0, Vec::new());
    for frame in fuzzed::XML.iter().map(|frame| String::from_utf8_lossy(frame)) {
        match (read(&frame), parse(&frame)) {
            (Ok(ours), Some(theirs)) if describe(&ours) == describe_dom(&theirs) => same += 1,
            (Err(ReadError::NotWellFormed), None) => same += 1,
            // What XMPP forbids, and what is too much for us, a browser may read.
            (Err(ReadError::Restricted(_) | ReadError::TooMuch(_)), _) => {}
            // Of a name with a prefix, Chromium takes the letters that XML 1.0 knew before its fifth edition.
            (Ok(ours), None) if frame.contains(':') && !ours.name().is_ascii() => same += 1,
            (ours, theirs) => {
                different.push(format!(
                    "{frame:?}: {:?} and {:?}",
                    ours.map(|e| describe(&e)),
                    theirs.map(|e| describe_dom(&e))
                ));
            }
        }
    }
    assert!(different.is_empty(), "{different:#?}");
    assert!(same > fuzzed::XML.len() / 2, "{same} of {}", fuzzed::XML.len());
}

#[wasm_bindgen_test]
fn what_the_browser_refuses_is_refused() {
    for frame in BROKEN {
        assert!(parse(frame).is_none(), "the browser reads {frame:?}");
        assert!(read(frame).is_err(), "{frame:?}");
    }
}

#[wasm_bindgen_test]
fn what_xmpp_forbids_is_refused() {
    for frame in RESTRICTED {
        assert!(parse(frame).is_some(), "the browser does not read {frame:?}");
        assert!(read(frame).is_err(), "{frame:?}");
    }
}

pub(crate) fn parse(xml: &str) -> Option<web_sys::Element> {
    let document = DomParser::new().unwrap().parse_from_string(xml, SupportedType::TextXml).unwrap();
    let failed = document.get_elements_by_tag_name("parsererror").length() > 0;
    document.document_element().filter(|_| !failed)
}

/// An element as text that leaves out what XML does not distinguish: prefixes, the order of attributes, CDATA.
pub(crate) fn describe(element: &Element) -> String {
    let mut attributes: Vec<String> = element
        .attributes()
        .iter()
        .map(|attribute| {
            let namespace = attribute.prefixed.as_ref().map_or("", |prefixed| prefixed.1.as_str());
            format!("{{{namespace}}}{}={:?}", attribute.name, attribute.value)
        })
        .collect();
    attributes.sort();
    let nodes: Vec<String> = element
        .nodes()
        .iter()
        .map(|node| match node {
            Node::Element(child) => describe(child),
            Node::Text(text) => format!("{text:?}"),
            Node::Written(element) => element.as_str().to_owned(),
        })
        .collect();
    format!("{{{}}}{} {attributes:?} {nodes:?}", element.namespace().as_str(), element.name())
}

pub(crate) fn describe_dom(element: &web_sys::Element) -> String {
    let all = element.attributes();
    let attributes = (0..all.length()).filter_map(|index| all.item(index));
    let attributes = attributes.filter(|a| a.namespace_uri().as_deref() != Some("http://www.w3.org/2000/xmlns/"));
    // The attribute that is set for plugins to select by is no declaration to the DOM.
    let attributes = attributes.filter(|a| a.name() != "xmlns");
    let mut attributes: Vec<String> = attributes
        .map(|a| format!("{{{}}}{}={:?}", a.namespace_uri().unwrap_or_default(), a.local_name(), a.value()))
        .collect();
    attributes.sort();
    let (mut nodes, mut text) = (Vec::new(), String::new());
    let mut next = element.first_child();
    while let Some(node) = next {
        match node.dyn_ref::<web_sys::Element>() {
            None => text.push_str(&node.node_value().unwrap_or_default()),
            Some(child) => {
                if !text.is_empty() {
                    nodes.push(format!("{:?}", std::mem::take(&mut text)));
                }
                nodes.push(describe_dom(child));
            }
        }
        next = node.next_sibling();
    }
    if !text.is_empty() {
        nodes.push(format!("{text:?}"));
    }
    format!("{{{}}}{} {attributes:?} {nodes:?}", element.namespace_uri().unwrap_or_default(), element.local_name())
}
