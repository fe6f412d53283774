//! The rooms that the user keeps (XEP-0402, XEP-0048).

use std::rc::Rc;

use super::{
    Attributes, Change, Key, Kind, Table,
    saved::{flag, optional},
};
use crate::{
    jid::BareJid,
    xml::{Element, ns},
};

/// The most bookmarks that are kept.
pub const MAX_BOOKMARKS: usize = 2_000;

/// The bookmarks of one account, by the room's address.
#[derive(Clone, Debug, Default)]
pub struct Bookmarks {
    bookmarks: Table<Bookmark>,
}

/// One bookmarked room.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Bookmark {
    pub jid: BareJid,
    /// What the user calls the room.
    pub name: Option<String>,
    /// What the user is called in it.
    pub nick: Option<String>,
    pub password: Option<String>,
    /// Whether the room is entered after the log-in.
    pub autojoin: bool,
    /// What other clients keep with it (XEP-0402 §3), to be kept for them.
    pub extensions: Option<Element>,
}

impl Bookmarks {
    /// Takes `bookmarks` for all there are.
    pub fn replace(&mut self, bookmarks: impl IntoIterator<Item = Bookmark>) -> Vec<Change> {
        let mut old = std::mem::take(&mut self.bookmarks);
        let mut changes = Vec::new();
        for bookmark in bookmarks {
            if let Some(known) = old.remove(bookmark.jid.as_str()) {
                self.bookmarks.insert(known.jid.as_rc(), known);
            }
            changes.extend(self.insert(bookmark));
        }
        changes.extend(old.ids().map(|id| Key::new(Kind::Bookmark, id.clone()).removed()));
        changes
    }

    /// Adds a bookmark, or changes the one of the same room.
    pub fn insert(&mut self, bookmark: Bookmark) -> Option<Change> {
        let key = Key::of_jid(Kind::Bookmark, &bookmark.jid);
        let is_full = self.bookmarks.len() >= MAX_BOOKMARKS;
        match self.bookmarks.get_mut(&key.id) {
            Some(old) if *old == bookmark => None,
            Some(old) => {
                *old = bookmark;
                Some(key.changed())
            }
            None if is_full => None,
            None => {
                self.bookmarks.insert(key.id.clone(), bookmark);
                Some(key.added())
            }
        }
    }

    /// Takes a bookmark out.
    pub fn remove(&mut self, jid: &BareJid) -> Option<Change> {
        self.bookmarks.remove(jid.as_str()).map(|_| Key::of_jid(Kind::Bookmark, jid).removed())
    }

    /// Takes all out.
    pub fn clear(&mut self) -> Vec<Change> {
        self.replace([])
    }

    pub fn get(&self, jid: &BareJid) -> Option<&Bookmark> {
        self.bookmarks.get(jid.as_str())
    }

    pub fn iter(&self) -> impl Iterator<Item = &Bookmark> {
        self.bookmarks.values()
    }

    pub fn ids(&self) -> impl Iterator<Item = &Rc<str>> {
        self.bookmarks.ids()
    }

    /// The rooms that are to be entered after the log-in.
    pub fn autojoin(&self) -> impl Iterator<Item = &Bookmark> {
        self.iter().filter(|bookmark| bookmark.autojoin)
    }

    /// Passwords are left out: nothing that leads in anywhere lies in the page's storage.
    pub(super) fn encode(&self) -> Element {
        let mut bookmarks = Element::new("bookmarks", ns::CACHE);
        for bookmark in self.iter() {
            let mut element = Element::new("bookmark", ns::CACHE).with_attribute("jid", bookmark.jid.as_str());
            optional(&mut element, "name", bookmark.name.as_deref());
            optional(&mut element, "nick", bookmark.nick.as_deref());
            flag(&mut element, "autojoin", bookmark.autojoin);
            bookmark.extensions.iter().for_each(|extensions| element.push(extensions.clone()));
            bookmarks.push(element);
        }
        bookmarks
    }

    pub(super) fn decode(saved: &Element) -> Self {
        let mut bookmarks = Self::default();
        for element in saved.children() {
            let text = |name| element.attribute(name).map(str::to_owned);
            let Some(jid) = element.attribute("jid").and_then(|jid| BareJid::new(jid).ok()) else { continue };
            let bookmark = Bookmark {
                name: text("name"),
                nick: text("nick"),
                password: None,
                autojoin: element.attribute("autojoin").is_some(),
                extensions: element.children().next().cloned(),
                jid,
            };
            bookmarks.bookmarks.insert(bookmark.jid.as_rc(), bookmark);
        }
        bookmarks
    }
}

impl Bookmark {
    /// What plugins read. The password is none of their business.
    pub(super) fn attributes(&self) -> Attributes {
        let attributes = Attributes::default().with("id", self.jid.as_rc()).with("jid", self.jid.as_rc());
        let attributes = attributes.with("name", self.name.as_deref()).with("nick", self.nick.as_deref());
        attributes.with("autojoin", self.autojoin)
    }
}
