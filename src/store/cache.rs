//! What survives a reload of the page: the format, its version, and how what does not fit it is set aside.
//!
//! An entry is a small XML document: the reader that guards the stream guards this door too, because other scripts of
//! the page, an older version of this library or a curious person may have written there.

use std::{borrow::Cow, rc::Rc};

use super::{Key, Kind};
use crate::{
    jid::BareJid,
    xml::{Element, ns, read},
};

/// The version of the format. Raise it whenever a reader of the old one would misunderstand the new one.
pub const VERSION: &str = "1";

/// A part of the state that is written and read as a whole.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Part {
    /// What is needed to go on with the session of the last page.
    Session,
    /// What is remembered of the account between log-ins.
    Memory,
    /// The contacts.
    Roster,
    /// The user's own status.
    Status,
    /// What people say about themselves.
    VCards,
    /// What entities are and can do.
    Disco,
    /// The bookmarked rooms.
    Bookmarks,
    /// What plugins keep with entities.
    Extras,
    /// The open conversations.
    Chats,
    /// How far archives have been read.
    Archives,
    /// The open rooms.
    Rooms,
    /// The messages of one conversation.
    Messages(Rc<str>),
}

/// A change for the page's storage.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Write {
    pub part: Part,
    /// The new content; `None` to take the entry out.
    pub content: Option<String>,
}

/// Why an entry is of no use. It is to be taken out.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CacheError {
    /// Another version of this library wrote it.
    OtherVersion,
    /// It is not what this library writes.
    Garbage,
}

impl Part {
    /// The key in the page's storage.
    pub fn key(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Messages(of) => return Cow::Owned([MESSAGES, of].concat()),
            Self::Session => "converse-wasm/session",
            Self::Memory => "converse-wasm/memory",
            Self::Roster => "converse-wasm/roster",
            Self::Status => "converse-wasm/status",
            Self::VCards => "converse-wasm/vcards",
            Self::Disco => "converse-wasm/disco",
            Self::Bookmarks => "converse-wasm/bookmarks",
            Self::Extras => "converse-wasm/extras",
            Self::Chats => "converse-wasm/chats",
            Self::Archives => "converse-wasm/archives",
            Self::Rooms => "converse-wasm/rooms",
        })
    }

    /// The part that is stored under `key`.
    pub fn from_key(key: &str) -> Option<Self> {
        let fixed = [
            Self::Session,
            Self::Memory,
            Self::Roster,
            Self::Status,
            Self::VCards,
            Self::Disco,
            Self::Bookmarks,
            Self::Extras,
            Self::Chats,
            Self::Archives,
            Self::Rooms,
        ];
        if let Some(of) = key.strip_prefix(MESSAGES) {
            return Some(Self::Messages(of.into()));
        }
        fixed.into_iter().find(|part| part.key() == key)
    }

    /// The part in which an entity of this kind is kept; `None` if it is not.
    pub fn of(key: &Key) -> Option<Self> {
        match key.kind {
            Kind::Contact => Some(Self::Roster),
            Kind::Status => Some(Self::Status),
            Kind::VCard => Some(Self::VCards),
            Kind::Disco => Some(Self::Disco),
            Kind::Bookmark => Some(Self::Bookmarks),
            // What is no address is with an occupant of a room.
            Kind::Chat if key.id.contains(' ') => Some(Self::Rooms),
            Kind::Chat => Some(Self::Chats),
            Kind::Room | Kind::RoomFeatures => Some(Self::Rooms),
            Kind::Message => Some(Self::Messages(key.of.clone())),
            _ => None,
        }
    }
}

/// Where the messages of a conversation are, before its address.
const MESSAGES: &str = "converse-wasm/messages/";

/// The text to store for `content`, which belongs to `account`.
pub fn encode(account: &BareJid, content: Element) -> Option<String> {
    let entry = Element::new("cache", ns::CACHE).with_attribute("version", VERSION);
    entry.with_attribute("account", account.as_str()).with_child(content).to_xml().ok()
}

/// The account and the content of a stored text.
pub fn decode(stored: &str) -> Result<(BareJid, Element), CacheError> {
    let entry = read(stored).map_err(|_| CacheError::Garbage)?;
    if !entry.is("cache", &ns::CACHE) {
        return Err(CacheError::Garbage);
    }
    if entry.attribute("version") != Some(VERSION) {
        return Err(CacheError::OtherVersion);
    }
    let account = entry.attribute("account").and_then(|account| BareJid::new(account).ok());
    let content = entry.into_children().next();
    account.zip(content).ok_or(CacheError::Garbage)
}
