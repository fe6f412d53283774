//! Names of what is stored, and what became of it: all that those who look at the store are told.

use std::rc::Rc;

use crate::jid::BareJid;

/// What an entity is. The numbers are those of `www/models/kinds.ts`.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Kind {
    /// An entry of the roster, or somebody who asks to become one.
    Contact = 0,
    /// Whether and how somebody can be reached.
    Presence = 1,
    /// One client of somebody; `of` is the bare address, the id its resource.
    Resource = 2,
    /// A conversation with one person.
    Chat = 3,
    /// A message of a conversation; `of` is the address of that.
    Message = 4,
    /// A room (XEP-0045).
    Room = 5,
    /// Somebody in a room; `of` is the room.
    Occupant = 6,
    /// What a room says it can do.
    RoomFeatures = 7,
    /// What somebody says about themselves (XEP-0054).
    VCard = 8,
    /// The user's own status.
    Status = 9,
    /// What an entity says it can do (XEP-0030).
    Disco = 10,
    /// A bookmarked room (XEP-0402).
    Bookmark = 11,
    /// A group of the roster.
    Group = 12,
    /// Something that an entity can do; `of` is the entity.
    Feature = 13,
    /// Something that an entity is; the id is its place.
    Identity = 14,
    /// A field of the forms with which an entity says more about itself.
    Field = 15,
    /// One of these forms.
    DataForm = 16,
    /// Something that the server offered when the stream began; the id is its name and its namespace.
    StreamFeature = 17,
}

/// Which entity is meant.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Key {
    pub kind: Kind,
    /// The entity this one belongs to; empty where there is none.
    pub of: Rc<str>,
    pub id: Rc<str>,
}

/// What became of an entity.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum What {
    Added = 0,
    Changed = 1,
    Removed = 2,
    /// It reads otherwise, because of something else that it shows a part of. What is kept of it is as it was.
    Shown = 3,
}

/// A change of the store. Whoever makes one tells it.
#[must_use = "those who look at the store must be told"]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Change {
    pub key: Key,
    pub what: What,
}

impl Kind {
    /// All kinds, each at its number.
    pub const ALL: [Self; 18] = [
        Self::Contact,
        Self::Presence,
        Self::Resource,
        Self::Chat,
        Self::Message,
        Self::Room,
        Self::Occupant,
        Self::RoomFeatures,
        Self::VCard,
        Self::Status,
        Self::Disco,
        Self::Bookmark,
        Self::Group,
        Self::Feature,
        Self::Identity,
        Self::Field,
        Self::DataForm,
        Self::StreamFeature,
    ];
}

/// An entity as one text. A line break stands in no address and no id.
pub fn entity_name(kind: u8, of: &str, id: &str) -> String {
    let kind = char::from(b'a'.wrapping_add(kind));
    [&*kind.encode_utf8(&mut [0; 4]), of, "\n", id].concat()
}

impl Key {
    /// The entity `id` that belongs to nobody.
    pub fn new(kind: Kind, id: impl Into<Rc<str>>) -> Self {
        Self { kind, of: Rc::from(""), id: id.into() }
    }

    /// This entity as one text.
    pub fn name(&self) -> String {
        entity_name(self.kind as u8, &self.of, &self.id)
    }

    /// The entity `id` of `of`.
    pub fn within(kind: Kind, of: impl Into<Rc<str>>, id: impl Into<Rc<str>>) -> Self {
        Self { kind, of: of.into(), id: id.into() }
    }

    /// What of kind `kind` belongs to an address.
    pub fn of_jid(kind: Kind, jid: &BareJid) -> Self {
        Self::new(kind, jid.as_rc())
    }

    /// The same entity was added.
    pub fn added(self) -> Change {
        Change { key: self, what: What::Added }
    }

    /// The same entity changed.
    pub fn changed(self) -> Change {
        Change { key: self, what: What::Changed }
    }

    /// The same entity reads otherwise, because of another one.
    pub fn shown(self) -> Change {
        Change { key: self, what: What::Shown }
    }

    /// The same entity is gone.
    pub fn removed(self) -> Change {
        Change { key: self, what: What::Removed }
    }
}
