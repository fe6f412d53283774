//! Text to elements: one frame in, one element out, or the reason why not.
//!
//! A frame is a whole document (RFC 7395 §3.3.3, XEP-0124 §4). RFC 6120 §11.1 leaves XMPP only a part of XML: no
//! DTD, no entities but the five predefined ones, no comments, no processing instructions. Whatever is outside that
//! part ends the stream, so nothing here expands, fetches or recurses.

use std::{borrow::Cow, fmt};

use quick_xml::{
    Reader,
    events::{BytesRef, BytesStart, Event},
};

use super::{Attribute, Element, Name, Namespace, is_ncname, is_xml_char, is_xml_text, ns};

/// The longest frame read, in bytes: a roster of 100,000 contacts fits.
pub const MAX_FRAME_BYTES: usize = 16 * 1024 * 1024;
/// The deepest nesting read. Stanzas of all known extensions stay below 20; dropping a tree recurses once a level.
pub const MAX_DEPTH: usize = 100;
/// The most attributes an element may have. Stanzas of all known extensions stay below 20.
pub const MAX_ATTRIBUTES: usize = 100;
/// The most elements and texts in a frame: they cost memory that a frame's length alone does not bound tightly.
pub const MAX_NODES: usize = 1_000_000;

/// What RFC 6120 §11.1 forbids.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Restricted {
    Comment,
    Doctype,
    EntityReference,
    ProcessingInstruction,
}

/// Why a frame was refused. The server that sent it is to blame.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ReadError {
    /// The frame is XML, but not the part of it that XMPP allows.
    Restricted(Restricted),
    /// The frame is not one well-formed, namespace-well-formed element.
    NotWellFormed,
    /// The frame is beyond one of the bounds of this reader.
    TooMuch(&'static str),
}

impl ReadError {
    /// The stream error condition to close the stream with (RFC 6120 §4.9.3).
    pub fn stream_condition(self) -> &'static str {
        match self {
            Self::Restricted(_) => "restricted-xml",
            Self::NotWellFormed => "not-well-formed",
            Self::TooMuch(_) => "policy-violation",
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Restricted(what) => write!(f, "the server sent XML that XMPP forbids ({what:?})"),
            Self::NotWellFormed => f.write_str("the server sent XML that is not well-formed"),
            Self::TooMuch(bound) => write!(f, "the server sent a frame with too many {bound}"),
        }
    }
}

impl std::error::Error for ReadError {}

/// Reads a frame: exactly one element, after an XML declaration if there is one.
pub fn read(frame: &str) -> Result<Element, ReadError> {
    let mut tree = Tree::default();
    tree.read(frame, usize::MAX)?;
    tree.finish()
}

/// A frame that is read a part at a time, because all of it at once would take long.
pub struct Reading {
    frame: String,
    /// How far it has been read.
    at: usize,
    tree: Tree,
}

impl Reading {
    /// Begins with the first part of `frame`.
    pub fn new(frame: String) -> Self {
        Self { frame, at: 0, tree: Tree::default() }
    }

    /// Reads on, some `nodes` elements and texts more. `None` while that is not all; then what [`read`] says.
    pub fn go_on(&mut self, nodes: usize) -> Option<Result<Element, ReadError>> {
        let rest = self.frame.get(self.at..).unwrap_or_default();
        match self.tree.read(rest, nodes) {
            Ok(Some(read)) => {
                self.at = self.at.saturating_add(read);
                None
            }
            Ok(None) => Some(std::mem::take(&mut self.tree).finish()),
            Err(error) => Some(Err(error)),
        }
    }
}

/// The elements that are open, innermost last, and the root once it is closed.
#[derive(Default)]
struct Tree {
    open: Vec<Open>,
    root: Option<Element>,
    /// The prefixes in force, innermost last. The empty prefix is the default namespace.
    bindings: Vec<(String, Namespace)>,
    nodes: usize,
    /// Something has been read.
    begun: bool,
}

struct Open {
    element: Element,
    /// What stands before the colon of its name.
    prefix: String,
    /// How many bindings were in force around it.
    bindings_before: usize,
}

impl Tree {
    /// Reads `frame`, or `nodes` elements and texts of it and those up to the next tag: then how far that is comes back.
    fn read(&mut self, frame: &str, nodes: usize) -> Result<Option<usize>, ReadError> {
        if frame.len() > MAX_FRAME_BYTES {
            return Err(ReadError::TooMuch("bytes"));
        }
        let mut reader = Reader::from_str(frame);
        // It has not seen what was opened in an earlier part.
        let config = reader.config_mut();
        (config.check_end_names, config.allow_unmatched_ends) = (false, true);
        let end = self.nodes.saturating_add(nodes);
        loop {
            match reader.read_event().map_err(|_| ReadError::NotWellFormed)? {
                Event::Start(tag) => self.open(&tag)?,
                Event::Empty(tag) => {
                    self.open(&tag)?;
                    self.close();
                }
                Event::End(tag) => {
                    self.check_end(tag.name().into_inner())?;
                    self.close();
                }
                Event::Text(text) => self.text(&text.xml10_content())?,
                Event::CData(text) => self.append(&text.xml10_content())?,
                Event::GeneralRef(reference) => self.append(resolve_reference(&reference)?.encode_utf8(&mut [0; 4]))?,
                Event::Decl(_) if !self.begun => {}
                Event::Decl(_) | Event::PI(_) => return Err(ReadError::Restricted(Restricted::ProcessingInstruction)),
                Event::Comment(_) => return Err(ReadError::Restricted(Restricted::Comment)),
                Event::DocType(_) => return Err(ReadError::Restricted(Restricted::Doctype)),
                Event::Eof => return Ok(None),
            }
            self.begun = true;
            if self.nodes >= end {
                // Within a text a new reader could take something of it for a byte order mark.
                let at = usize::try_from(reader.buffer_position()).unwrap_or_default();
                if frame.as_bytes().get(at) == Some(&b'<') {
                    return Ok(Some(at));
                }
            }
        }
    }

    fn open(&mut self, tag: &BytesStart<'_>) -> Result<(), ReadError> {
        if self.root.is_some() {
            return Err(ReadError::NotWellFormed);
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(ReadError::TooMuch("levels"));
        }
        self.count_node()?;
        let bindings_before = self.bindings.len();
        let attributes = self.read_attributes(tag)?;
        let (prefix, local) = split_name(tag.name().into_inner())?;
        let namespace = self.resolve(prefix)?;
        let mut element = Element::new(local_name(local), namespace);
        element.reserve_attributes(attributes.len());
        for (name, value) in attributes {
            let attribute = self.attribute(name, value)?;
            let same = |a: &Attribute| {
                a.name == attribute.name
                    && a.prefixed.as_ref().map(|p| &p.1) == attribute.prefixed.as_ref().map(|p| &p.1)
            };
            if element.attributes().iter().any(same) {
                return Err(ReadError::NotWellFormed);
            }
            element.push_attribute(attribute);
        }
        self.open.push(Open { element, prefix: prefix.to_owned(), bindings_before });
        Ok(())
    }

    /// Checks that an end tag has the name of the start tag (XML 1.0 §3, well-formedness constraint).
    fn check_end(&self, name: &str) -> Result<(), ReadError> {
        let open = self.open.last().ok_or(ReadError::NotWellFormed)?;
        let local = match &*open.prefix {
            "" => Some(name),
            prefix => name.strip_prefix(prefix).and_then(|rest| rest.strip_prefix(':')),
        };
        if local == Some(open.element.name()) { Ok(()) } else { Err(ReadError::NotWellFormed) }
    }

    fn close(&mut self) {
        let Some(Open { element, bindings_before, .. }) = self.open.pop() else { return };
        self.bindings.truncate(bindings_before);
        match self.open.last_mut() {
            Some(parent) => parent.element.push(element),
            None => self.root = Some(element),
        }
    }

    fn text(&mut self, text: &str) -> Result<(), ReadError> {
        if self.open.is_empty() {
            // Around the root only white space may stand (XML 1.0, production 27).
            return if text.bytes().all(is_white_space) { Ok(()) } else { Err(ReadError::NotWellFormed) };
        }
        if text.contains(']') && text.contains("]]>") { Err(ReadError::NotWellFormed) } else { self.append(text) }
    }

    /// Adds text to the innermost open element.
    fn append(&mut self, text: &str) -> Result<(), ReadError> {
        if !is_xml_text(text) {
            return Err(ReadError::NotWellFormed);
        }
        self.count_node()?;
        let parent = self.open.last_mut().ok_or(ReadError::NotWellFormed)?;
        parent.element.push_text(text.to_owned());
        Ok(())
    }

    fn finish(self) -> Result<Element, ReadError> {
        match self.root {
            Some(root) if self.open.is_empty() => Ok(root),
            _ => Err(ReadError::NotWellFormed),
        }
    }

    /// Reads the attributes of `tag`, keeps the namespace declarations among them, returns the others.
    ///
    /// quick-xml's own iterator would weigh five times as much, for dialects that are not XML.
    fn read_attributes<'t>(&mut self, tag: &'t BytesStart<'_>) -> Result<Vec<(&'t str, String)>, ReadError> {
        let mut others = Vec::new();
        let mut rest = tag.attributes_raw();
        // Duplicates are looked for by expanded name, when all are there.
        for count in 0.. {
            let attributes = skip_white_space(rest);
            if attributes.is_empty() {
                break;
            }
            if count >= MAX_ATTRIBUTES {
                return Err(ReadError::TooMuch("attributes"));
            }
            let (name, raw, after) = split_attribute(attributes)
                .filter(|_| attributes.len() < rest.len())
                .ok_or(ReadError::NotWellFormed)?;
            rest = after;
            let value = attribute_value(raw)?;
            match name.strip_prefix("xmlns:") {
                Some(prefix) => self.bind(prefix, &value)?,
                None if name == "xmlns" => self.bind("", &value)?,
                None => others.push((name, value)),
            }
        }
        Ok(others)
    }

    fn bind(&mut self, prefix: &str, namespace: &str) -> Result<(), ReadError> {
        let reserved = namespace == ns::XML.as_str() || namespace == ns::XMLNS.as_str();
        let allowed = match prefix {
            "" => !reserved,
            "xml" => namespace == ns::XML.as_str(),
            "xmlns" => false,
            _ => is_ncname(prefix) && !namespace.is_empty() && !reserved,
        };
        if !allowed {
            return Err(ReadError::NotWellFormed);
        }
        self.bindings.push((prefix.to_owned(), Namespace::new(namespace)));
        Ok(())
    }

    fn resolve(&self, prefix: &str) -> Result<Namespace, ReadError> {
        match self.bindings.iter().rev().find(|(bound, _)| bound == prefix) {
            Some((_, namespace)) => Ok(namespace.clone()),
            None if prefix.is_empty() => Ok(Namespace::new("")),
            None if prefix == "xml" => Ok(ns::XML),
            None => Err(ReadError::NotWellFormed),
        }
    }

    fn attribute(&self, name: &str, value: String) -> Result<Attribute, ReadError> {
        let (prefix, local) = split_name(name)?;
        let prefixed = match prefix {
            "" => None,
            prefix => Some(Box::new((Cow::Owned(prefix.to_owned()), self.resolve(prefix)?))),
        };
        Ok(Attribute { name: local_name(local), prefixed, value })
    }

    fn count_node(&mut self) -> Result<(), ReadError> {
        self.nodes = self.nodes.saturating_add(1);
        if self.nodes > MAX_NODES { Err(ReadError::TooMuch("elements")) } else { Ok(()) }
    }
}

/// The local name, borrowed where it is one of those that most stanzas have.
fn local_name(local: &str) -> Name {
    macro_rules! known {
        ($($name:literal)*) => { match local { $($name => Cow::Borrowed($name),)* _ => Cow::Owned(local.to_owned()) } };
    }
    known! {
        "message" "presence" "iq" "body" "from" "to" "type" "id" "x" "item" "jid" "name" "subscription" "group" "show" "status"
        "affiliation" "role" "active" "composing" "delay" "stamp" "result" "forwarded" "queryid" "stanza-id" "by" "origin-id"
        "occupant-id" "c" "hash" "node" "ver" "photo" "request" "received" "r" "a" "h" "query" "error"
    }
}

/// The prefix, empty if there is none, and the local part of a qualified name.
fn split_name(name: &str) -> Result<(&str, &str), ReadError> {
    let (prefix, local) = name.split_once(':').unwrap_or(("", name));
    let ok = is_ncname(local) && (is_ncname(prefix) || local.len() == name.len());
    if ok { Ok((prefix, local)) } else { Err(ReadError::NotWellFormed) }
}

/// The name of the first attribute, what stands between its quotes, and what follows (XML 1.0, production 41).
fn split_attribute(attributes: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = attributes.split_once('=')?;
    let mut rest = skip_white_space(rest).chars();
    let quote = rest.next().filter(|c| matches!(c, '"' | '\''))?;
    let (value, rest) = rest.as_str().split_once(quote)?;
    Some((name.trim_end_matches([' ', '\t', '\n', '\r']), value, rest))
}

/// The value behind the text between the quotes (XML 1.0 §3.3.3).
fn attribute_value(raw: &str) -> Result<String, ReadError> {
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((plain, special, after)) = split_at_special(rest) {
        value.push_str(plain);
        rest = after;
        match special {
            '&' => {
                let (name, after) = rest.split_once(';').ok_or(ReadError::NotWellFormed)?;
                value.push(resolve_reference(&BytesRef::new(name))?);
                rest = after;
            }
            '<' => return Err(ReadError::NotWellFormed),
            '\r' => {
                value.push(' ');
                rest = rest.strip_prefix('\n').unwrap_or(rest);
            }
            _ => value.push(' '),
        }
    }
    value.push_str(rest);
    if is_xml_text(&value) { Ok(value) } else { Err(ReadError::NotWellFormed) }
}

/// What stands before the first character that is not taken as it is, that character, and what follows.
fn split_at_special(text: &str) -> Option<(&str, char, &str)> {
    let special = text.bytes().position(|byte| matches!(byte, b'&' | b'<' | b'\t' | b'\n' | b'\r'))?;
    let (plain, rest) = text.split_at(special);
    let mut rest = rest.chars();
    let special = rest.next()?;
    Some((plain, special, rest.as_str()))
}

fn resolve_reference(reference: &BytesRef<'_>) -> Result<char, ReadError> {
    if reference.is_char_ref() {
        let resolved = reference.resolve_char_ref().ok().flatten();
        return resolved.filter(|c| is_xml_char(*c)).ok_or(ReadError::NotWellFormed);
    }
    match reference.xml10_content().as_ref() {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        name if is_ncname(name) => Err(ReadError::Restricted(Restricted::EntityReference)),
        _ => Err(ReadError::NotWellFormed),
    }
}

fn skip_white_space(text: &str) -> &str {
    let plain = text.bytes().position(|byte| !is_white_space(byte)).unwrap_or(text.len());
    text.get(plain..).unwrap_or_default()
}

fn is_white_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}
