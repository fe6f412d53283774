//! The same text through the crates of xmpp-rs and through ours: what differs is listed here, with the reason.
//! `stream_sasl_oracle.rs` does so for log-ins.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "what cannot be read fails the test")]

mod support;

#[path = "support/corpus.rs"]
#[allow(dead_code, reason = "the runner uses more of it")]
mod corpus;

use std::{collections::BTreeSet, fs, path::Path, str::FromStr};

use converse_wasm::{
    jid::Jid,
    xml::{Element, Node, ReadError, read},
};
use minidom::Element as Theirs;

/// Frames: those of fuzzing, the stanzas of the cases, and what XMPP forbids or nobody can read.
fn frames() -> Vec<String> {
    let mut frames: Vec<String> = FRAMES.map(str::to_owned).to_vec();
    for folder in ["xml", "stanza", "forms"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(folder);
        let files = fs::read_dir(folder).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap());
        frames.extend(files.map(|file| String::from_utf8_lossy(&file).into_owned()));
    }
    frames.extend(cases());
    frames
}

/// What arrives in the cases of tests/corpus, and is short.
fn cases() -> Vec<String> {
    let rows = corpus::rows();
    let steps = rows.iter().flat_map(|row| &row.cases).flat_map(|case| &case.steps);
    let texts =
        steps.filter(|step| matches!(step.word.as_str(), "<" | "raw")).map(|step| corpus::write_out(&step.text));
    texts.filter(|text| text.len() < 100_000).collect()
}

const FRAMES: [&str; 36] = [
    "",
    " ",
    "a",
    "<a/>",
    " <a/> ",
    "<a/>b",
    "<a/><b/>",
    "<a>",
    "</a>",
    "<a></b>",
    "<a b='1' b='2'/>",
    "<a b=1/>",
    "<a b/>",
    "<a b='<'/>",
    "<a b='&amp;&lt;&#65;&#x1F600;'/>",
    "<a b='\t\n\r'/>",
    "<a>\r\n\r</a>",
    "<a>]]></a>",
    "<a>&nbsp;</a>",
    "<a>&#0;</a>",
    "<a>&#xD800;</a>",
    "<a>\u{1}</a>",
    "<a>\u{fffe}</a>",
    "<a:b/>",
    "<a:b xmlns:a='urn:x'/>",
    "<a xmlns:a='urn:x' a:b='1'/>",
    "<a xmlns:b='urn:x' xmlns:c='urn:x' b:d='1' c:d='2'/>",
    "<a xmlns:b=''/>",
    "<a xmlns='http://www.w3.org/XML/1998/namespace'/>",
    "<a xml:lang='en'/>",
    "<a><![CDATA[<b>&amp;]]></a>",
    "<a><!-- --></a>",
    "<?xml version='1.0'?><a/>",
    "<a><?b?></a>",
    "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
    "<\u{e9} \u{e9}='\u{301}'/>",
];

/// An element in one spelling: its namespace, its attributes in order, texts that stand side by side as one.
fn ours(element: &Element) -> String {
    let attributes: BTreeSet<String> = element
        .attributes()
        .iter()
        .map(|a| {
            format!("{{{}}}{}={:?}", a.prefixed.as_ref().map_or("", |prefixed| prefixed.1.as_str()), a.name, a.value)
        })
        .collect();
    let nodes = element.nodes().iter().map(|node| match node {
        Node::Element(child) => ours(child),
        Node::Text(text) => format!("{text:?}"),
        Node::Written(_) => unreachable!("nobody reads such a thing"),
    });
    format!("{{{}}}{}{attributes:?}[{}]", element.namespace().as_str(), element.name(), nodes.collect::<String>())
}

fn theirs(element: &Theirs) -> String {
    let attributes: BTreeSet<String> =
        element.attrs().iter().map(|((ns, name), value)| format!("{{{}}}{name}={value:?}", ns.as_str())).collect();
    let (mut nodes, mut text) = (String::new(), String::new());
    for node in element.nodes() {
        match node {
            minidom::Node::Text(more) => text += more,
            minidom::Node::Element(child) => {
                if !text.is_empty() {
                    nodes += &format!("{:?}", std::mem::take(&mut text));
                }
                nodes += &theirs(child);
            }
        }
    }
    if !text.is_empty() {
        nodes += &format!("{text:?}");
    }
    format!("{{{}}}{}{attributes:?}[{nodes}]", element.ns(), element.name())
}

#[test]
fn minidom_reads_the_same() {
    let (mut read_by_both, mut different) = (0, Vec::new());
    for frame in frames() {
        // As in the body of a BOSH answer: minidom wants a namespace.
        let frame = ["<body xmlns='http://jabber.org/protocol/httpbind'>", &frame, "</body>"].concat();
        let element = read(&frame);
        if matches!(element, Err(ReadError::TooMuch(_))) {
            // It has no bounds: ten thousand levels are the end of its stack.
            continue;
        }
        match (element, Theirs::from_str(&frame)) {
            (Ok(a), Ok(b)) if ours(&a) == theirs(&b) => read_by_both += 1,
            (Err(_), Err(_)) => {}
            (a, b) if is_known(&frame, a.is_ok(), b.is_ok()) => {}
            (a, b) => {
                different.push(format!("{frame:?}\n    {:?}\n    {:?}", a.map(|a| ours(&a)), b.map(|b| theirs(&b))))
            }
        }
    }
    assert!(different.is_empty(), "{} differ\n{}", different.len(), different.join("\n"));
    assert!(read_by_both > 100, "{read_by_both}");
}

/// What we know to be otherwise, and mean to be.
fn is_known(frame: &str, ours: bool, theirs: bool) -> bool {
    match (ours, theirs) {
        // It loses a carriage return before the end of an attribute, which is a space there (XML 1.0 §3.3.3).
        (true, true) => frame.contains('\r'),
        // These may stand in names (XML 1.0, production 4), and its own bounds are narrower than ours.
        (true, false) => frame.contains(['\u{fffd}', '\u{feff}', '\r']) || frame.len() > 8_000,
        // It reads one element of a stream, and leaves what follows unread; a frame is a whole document (RFC 7395 §3.3.3).
        // Of attributes of the same name it takes the last one, where XML wants an error (XML 1.0 §3.1).
        (false, true) => frame.matches("</body>").count() > 1 || frame.split('<').any(has_name_twice),
        (false, false) => true,
    }
}

/// Whether two attributes of a tag have the same name, whatever its prefix.
fn has_name_twice(tag: &str) -> bool {
    let names = tag.split('=').filter_map(|before| before.trim_end().rsplit([' ', '\'', '"', ':', '\n']).next());
    let names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
    names.len() > names.iter().collect::<BTreeSet<_>>().len()
}

// Addresses

/// What parts of addresses are made of.
const PIECES: [&str; 34] = [
    "a",
    "A",
    "juliet",
    "x.y",
    "@",
    "/",
    ".",
    " ",
    "-",
    "_",
    "1",
    "\\20",
    "\u{e9}",
    "e\u{301}",
    "\u{10c}",
    "\u{df}",
    "\u{130}",
    "\u{212a}",
    "\u{210c}",
    "\u{ff21}",
    "\u{fb01}",
    "\u{3c2}",
    "\u{3a3}",
    "\u{200b}",
    "\u{ad}",
    "\u{a0}",
    "\u{3000}",
    "\u{5d0}",
    "\u{1f600}",
    "\"",
    "&",
    "'",
    ":",
    "<",
];

/// Numbers that follow from a seed (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).unwrap()
    }
}

/// Every piece alone and in the middle, and many together.
fn parts() -> impl Iterator<Item = String> {
    let mut numbers = Numbers(7);
    let mixed: Vec<String> =
        (0..5_000).map(|_| (0..=numbers.below(4)).map(|_| PIECES[numbers.below(PIECES.len())]).collect()).collect();
    let middle = PIECES.iter().map(|piece| format!("a{piece}b"));
    PIECES.iter().map(|piece| (*piece).to_owned()).chain(middle).chain(mixed)
}

#[track_caller]
fn jid_agrees(make: impl Fn(&str) -> String, is_known: impl Fn(&str) -> bool) {
    support::lend_unicode();
    let (mut same, mut different) = (0, Vec::new());
    for part in parts() {
        let address = make(&part);
        match (Jid::new(&address), jid::Jid::new(&address)) {
            (Ok(a), Ok(b)) if a.as_str() == b.as_str() => same += 1,
            (Err(_), Err(_)) => same += 1,
            _ if is_known(&part) => {}
            (a, b) => different.push(format!("{address:?}: {a:?} and {b:?}")),
        }
    }
    different.sort_by_key(String::len);
    different.truncate(40);
    assert!(different.is_empty(), "{different:#?}");
    assert!(same > 500, "{same}");
}

/// They do RFC 6122 with the Unicode of its time; we do RFC 7622, as far as the browser has tables for it.
const YOUNG: [char; 1] = ['\u{1f600}'];
/// RFC 6122 makes `ss` of this and a plain sigma of every one; for RFC 7622 (RFC 5892, RFC 8265 §3.3) they are letters.
const FOLDED: [char; 4] = ['\u{df}', '\u{3c2}', '\u{3a3}', '\u{130}'];
/// Directions are kept apart where they are shown, not here.
const RIGHT_TO_LEFT: [char; 1] = ['\u{5d0}'];
/// RFC 6122 takes them out, RFC 7622 lets them stand nowhere (RFC 8264 §9.13).
const UNSEEN: [char; 2] = ['\u{ad}', '\u{200b}'];

#[test]
fn jid_reads_the_same_names() {
    let known = |part: &str| [&YOUNG[..], &FOLDED, &RIGHT_TO_LEFT, &UNSEEN].iter().any(|set| part.contains(*set));
    let known = |part: &str| part.contains(['@', '/']) || known(part);
    jid_agrees(|part| format!("{part}@capulet.lit"), known);
}

#[test]
fn jid_reads_the_same_hosts() {
    let known = |part: &str| {
        // They take what no host name has (RFC 7622 §3.2), and refuse what DNS could not answer: that is for who asks it.
        part.contains(['"', '&', '\'', '\\', '-', '_', '.'])
            || [&YOUNG[..], &FOLDED, &RIGHT_TO_LEFT, &UNSEEN].iter().any(|set| part.contains(*set))
    };
    jid_agrees(|part| format!("juliet@{part}"), known);
}

#[test]
fn jid_reads_the_same_resources() {
    // In a resource RFC 7622 §3.4 lets stand what RFC 6122 changes or takes out: letters in a frame, hidden ones, all scripts.
    let known = |part: &str| {
        part.contains(['\u{212a}', '\u{210c}', '\u{ff21}', '\u{fb01}'])
            || [&YOUNG[..], &RIGHT_TO_LEFT, &UNSEEN].iter().any(|set| part.contains(*set))
    };
    jid_agrees(|part| format!("juliet@capulet.lit/{part}"), known);
}
