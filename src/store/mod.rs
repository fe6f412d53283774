//! Where state lives, once: contacts, presences, conversations, and what is known of others.
//!
//! Whoever changes something here gets a [`Change`] to tell. Plugins read entities as [`Attributes`], which are made when
//! they are asked for.

mod bookmarks;
pub mod cache;
mod contacts;
mod disco;
mod extras;
mod key;
mod presences;
mod saved;
mod status;
mod table;
mod value;
mod vcards;

pub use bookmarks::{Bookmark, Bookmarks, MAX_BOOKMARKS};
pub use contacts::{Contact, Contacts};
pub use disco::{Asked, Disco, Entity, Field, Identity, MAX_CAPS, MAX_CLAIMS, MAX_ENTITIES, Profile};
pub use extras::Extras;
pub use key::{Change, Key, Kind, What};
pub use presences::{MAX_RESOURCES, Presence, Presences, Resource};
pub use status::{OwnStatus, SHOWS, STATUS_ID};
pub use table::Table;
pub use value::{Attributes, Value};
pub use vcards::{VCard, VCards};

use std::rc::Rc;

use self::cache::Part;
use crate::{jid::BareJid, xml::Element};

/// The state of one account.
#[derive(Clone, Debug, Default)]
pub struct Store {
    /// Whose state it is; `None` until somebody logs in.
    pub account: Option<BareJid>,
    pub status: OwnStatus,
    pub contacts: Contacts,
    pub presences: Presences,
    pub vcards: VCards,
    pub disco: Disco,
    pub bookmarks: Bookmarks,
    pub extras: Extras,
}

impl Store {
    /// An empty store for `account`.
    pub fn new(account: Option<BareJid>) -> Self {
        Self { account, ..Self::default() }
    }

    /// What plugins read of an entity; `None` if there is no such one.
    pub fn attributes(&self, key: &Key) -> Option<Attributes> {
        let mut attributes = self.own_attributes(key)?;
        for (name, value) in self.extras.get(key).into_iter().flat_map(Attributes::iter) {
            attributes.set(name, value.clone());
        }
        Some(attributes)
    }

    /// The ids of the entities of a kind that belong to `of`, in the order in which they are shown if there is one.
    pub fn ids(&self, kind: Kind, of: &str) -> Vec<Rc<str>> {
        match kind {
            Kind::Contact => self.contacts.iter().map(|contact| contact.jid.as_rc()).collect(),
            Kind::Presence => self.presences.iter().map(|(jid, _)| jid.into()).collect(),
            Kind::Resource => self.resources_of(of).iter().map(|resource| resource.name.as_str().into()).collect(),
            Kind::VCard => self.vcards.iter().map(|(jid, _)| jid.into()).collect(),
            Kind::Status => vec![STATUS_ID.into()],
            Kind::Disco if of.is_empty() => self.disco.ids().cloned().collect(),
            Kind::Disco | Kind::Feature | Kind::Identity | Kind::Field | Kind::DataForm => self.disco.ids_of(kind, of),
            Kind::StreamFeature => {
                let ids = self.disco.stream.iter();
                ids.map(|(name, namespace)| [name.as_str(), " ", namespace.as_str()].concat().into()).collect()
            }
            Kind::Bookmark => self.bookmarks.ids().cloned().collect(),
            _ => Vec::new(),
        }
    }

    /// The number of messages of a person that were not seen yet.
    pub fn unread_of(&self, _jid: &BareJid) -> u32 {
        0
    }

    /// What the cache must hold of `part`; `None` if it is none of the store's, or there is nothing to keep.
    pub fn encode(&self, part: &Part) -> Option<Element> {
        let content = match part {
            Part::Roster => self.contacts.encode(),
            Part::Status => self.status.encode(),
            Part::VCards => self.vcards.encode(),
            Part::Disco => self.disco.encode(),
            Part::Bookmarks => self.bookmarks.encode(),
            Part::Extras => self.extras.encode()?,
            Part::Session | Part::Memory => return None,
        };
        Some(content)
    }

    /// Takes in what an earlier page left of `part`. What makes no sense is left out.
    pub fn restore(&mut self, part: &Part, content: &Element) {
        match part {
            Part::Roster => self.contacts = Contacts::decode(content),
            Part::Status => self.status = OwnStatus::decode(content).unwrap_or_default(),
            Part::VCards => self.vcards = VCards::decode(content),
            Part::Disco => self.disco = Disco::decode(content),
            Part::Bookmarks => self.bookmarks = Bookmarks::decode(content),
            Part::Extras => self.extras = Extras::decode(content),
            Part::Session | Part::Memory => {}
        }
    }

    fn own_attributes(&self, key: &Key) -> Option<Attributes> {
        let jid = || BareJid::new(&key.id).ok();
        match key.kind {
            Kind::Contact => Some(self.contacts.get(&jid()?)?.attributes(self)),
            // Nobody's presence is no presence: those who were not heard of are offline.
            Kind::Presence => {
                let unknown = Presence::default();
                Some(self.presences.get(&jid()?).unwrap_or(&unknown).attributes(&key.id))
            }
            Kind::Resource => {
                let resource = self.resources_of(&key.of).iter().find(|resource| *resource.name == *key.id)?;
                Some(resource.attributes())
            }
            Kind::VCard => {
                let unknown = VCard::default();
                Some(self.vcards.get(&jid()?).unwrap_or(&unknown).attributes(&key.id))
            }
            Kind::Status => Some(self.status.attributes(self.account.as_ref())),
            Kind::Disco | Kind::Feature | Kind::Identity | Kind::Field | Kind::DataForm => self.disco.attributes(key),
            Kind::StreamFeature => {
                let (name, namespace) = key.id.split_once(' ')?;
                let attributes = Attributes::default().with("id", key.id.clone());
                Some(attributes.with("name", name).with("xmlns", namespace))
            }
            Kind::Bookmark => self.bookmarks.get(&jid()?).map(Bookmark::attributes),
            _ => None,
        }
    }

    fn resources_of(&self, jid: &str) -> &[Resource] {
        let presence = BareJid::new(jid).ok().and_then(|jid| self.presences.get(&jid));
        presence.map_or(&[], Presence::resources)
    }
}
