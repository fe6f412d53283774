//! What is one thing in a line, whatever characters it is made of: links, places, mentions.

use std::ops::Range;

use super::{
    Kind, MAX_SPANS, links,
    mentions::{Place, names},
};

/// A part of a line that is one thing. No styled text begins or ends in it.
pub(super) struct Atom<'a> {
    pub(super) at: Range<usize>,
    pub(super) kind: Kind<'a>,
}

/// Finds them, line after line.
pub(super) struct Atoms<'a, 'b> {
    text: &'a str,
    /// The mentions that are not in lines before.
    places: &'b [Place<'a>],
    nick: Option<&'b str>,
}

impl<'a, 'b> Atoms<'a, 'b> {
    pub(super) fn new(text: &'a str, places: &'b [Place<'a>], nick: Option<&'b str>) -> Self {
        Self { text, places, nick }
    }

    /// The atoms of a line in their order. Where two overlap, the first to begin is one, and of two that begin together
    /// the link: what leads somewhere says where.
    pub(super) fn of(&mut self, line: Range<usize>) -> Vec<Atom<'a>> {
        let mut atoms = Vec::new();
        let written = self.text.get(line.clone()).unwrap_or_default();
        let mut names = self.nick.into_iter().flat_map(|nick| names(written, nick)).peekable();
        let (mut before, mut rest) = (None, written);
        while let Some(first) = rest.chars().next()
            && atoms.len() < MAX_SPANS
        {
            let at = line.end - rest.len();
            while names.next_if(|name| line.start + name.start < at).is_some() {}
            let (length, kind) = if let Some(found) = links::find(before, rest) {
                found
            } else if let Some(place) = self.place(at, line.end) {
                (place.end - at, Some(Kind::Mention { uri: Some(place.uri), own: place.own }))
            } else if let Some(name) = names.next_if(|name| line.start + name.start == at) {
                (name.len(), Some(Kind::Mention { uri: None, own: true }))
            } else {
                (first.len_utf8(), None)
            };
            atoms.extend(kind.map(|kind| Atom { at: at..at + length, kind }));
            let (passed, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
            (before, rest) = (passed.chars().next_back(), after);
        }
        atoms
    }

    /// The mention that begins at `at`, and ends in this line.
    fn place(&mut self, at: usize, end: usize) -> Option<Place<'a>> {
        while let Some((place, others)) = self.places.split_first()
            && place.begin <= at
        {
            self.places = others;
            if place.begin == at && place.end <= end {
                return Some(*place);
            }
        }
        None
    }
}
