//! Who is meant: by a reference to a part of the text (XEP-0372), or by a nickname that stands there as a word.

use std::{iter, ops::Range};

use super::is_hidden;

/// The most mentions of one text that are looked at.
pub const MAX_MENTIONS: usize = 100;

/// What a reference says (XEP-0372 §3.2). What it is about is checked when the text is read: it may be outside of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Mention<'a> {
    /// The first code point of the part, and the one after its last.
    pub begin: u32,
    pub end: u32,
    pub uri: &'a str,
}

/// Where a mention stands in the text, in bytes. There is at least one character.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) begin: usize,
    pub(super) end: usize,
    pub(super) uri: &'a str,
    pub(super) own: bool,
}

/// Where `name` stands in `text` as a word, in bytes.
pub fn names(text: &str, name: &str) -> impl Iterator<Item = Range<usize>> {
    let found = text.match_indices(name).filter(|(_, name)| !name.is_empty());
    found.map(|(at, name)| at..at + name.len()).filter(|found| {
        let before = text.get(..found.start).unwrap_or_default();
        let after = text.get(found.end..).unwrap_or_default();
        !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
    })
}

/// Whether `uri` is the `xmpp:` address of `address`, percent-encoded or, as many write it, not.
pub fn is_uri_of(uri: &str, address: &str) -> bool {
    let Some(path) = path_of(uri) else { return false };
    let encoded = path.split(['?', '#']).next().unwrap_or_default();
    path == address || decoded(encoded).eq(address.bytes())
}

/// Where the mentions are that name an `xmpp:` address, in order.
pub(super) fn places<'a>(text: &str, mentions: &[Mention<'a>], addresses: &[&str]) -> Vec<Place<'a>> {
    let mut places: Vec<Place<'a>> = Vec::new();
    if mentions.is_empty() {
        return places;
    }
    let offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let offset = |place: u32| usize::try_from(place).ok().and_then(|place| offsets.get(place)).copied();
    for &Mention { begin, end, uri } in mentions.iter().take(MAX_MENTIONS) {
        let path = path_of(uri).filter(|path| !path.is_empty() && !path.contains(is_unfit));
        if let (Some(_), Some(begin), Some(end)) = (path, offset(begin), offset(end))
            && begin < end
        {
            let own = addresses.iter().any(|address| is_uri_of(uri, address));
            let at = places.partition_point(|place| place.begin <= begin);
            places.insert(at, Place { begin, end, uri, own });
        }
    }
    places
}

fn path_of(uri: &str) -> Option<&str> {
    let (scheme, path) = uri.split_once(':')?;
    scheme.eq_ignore_ascii_case("xmpp").then_some(path)
}

fn is_unfit(c: char) -> bool {
    c.is_control() || is_hidden(c)
}

/// The bytes of `path` without percent-encoding (RFC 3986 §2.1).
fn decoded(path: &str) -> impl Iterator<Item = u8> {
    let mut bytes = path.bytes();
    iter::from_fn(move || {
        let byte = bytes.next()?;
        let mut ahead = bytes.clone();
        let mut digit = || char::from(ahead.next()?).to_digit(16);
        let Some((high, low)) = (byte == b'%').then(|| digit().zip(digit())).flatten() else { return Some(byte) };
        bytes = ahead;
        u8::try_from(high * 16 + low).ok()
    })
}
