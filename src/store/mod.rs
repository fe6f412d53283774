//! Where state lives, once: contacts, presences, conversations, and what is known of others.
//!
//! Whoever changes something here gets a [`Change`] to tell. Plugins read entities as [`Attributes`], which are made when
//! they are asked for.

mod archives;
mod bookmarks;
pub mod cache;
mod chats;
mod contacts;
mod disco;
mod extras;
mod groups;
mod key;
mod messages;
mod notices;
mod occupants;
pub mod order;
mod presences;
mod privates;
mod rare;
mod rooms;
mod saved;
mod status;
mod table;
mod timeline;
mod upload;
mod value;
mod vcards;

pub use archives::{Archive, Archives, MAX_RESULTS, Question};
pub use bookmarks::{Bookmark, Bookmarks, MAX_BOOKMARKS};
pub use chats::{Chat, Chats, MAX_UNANSWERED};
pub use contacts::{Contact, Contacts, MAX_CONTACTS, MAX_REQUESTS};
pub use disco::{Asked, Disco, Entity, Field, Identity, MAX_CAPS, MAX_CLAIMS, MAX_ENTITIES, Profile};
pub use extras::Extras;
pub use groups::Groups;
pub use key::{Change, Key, Kind, What, entity_name};
pub use messages::{FAILURES, MAX_VERSIONS, Message, MessageReference, Sending};
pub use notices::{MAX_NOTICES, Notice, Notices};
pub use occupants::{MAX_OCCUPANTS, Occupant, Occupants};
pub use presences::{MAX_RESOURCES, MAX_STRANGERS, Presence, Presences, Resource};
pub use privates::{MAX_PRIVATES, Private};
pub use rare::{Rare, RareParts};
pub use rooms::{Features, Password, ROOM_FEATURES, Room, RoomStatus, Rooms, Trouble};
pub use status::{OwnStatus, SHOWS, STATUS_ID};
pub use table::Table;
pub use timeline::{MAX_BYTES, MAX_CACHED, MAX_UNANSWERED_BYTES, Name, Past, Timeline};
pub use upload::{Failure, UPLOAD_ERRORS, Upload, Uploading};
pub use value::{Attributes, Value};
pub use vcards::{MAX_BYTES as MAX_VCARD_BYTES, VCard, VCards};

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
    pub groups: Groups,
    pub presences: Presences,
    pub vcards: VCards,
    pub disco: Disco,
    pub bookmarks: Bookmarks,
    pub chats: Chats,
    pub archives: Archives,
    pub rooms: Rooms,
    pub extras: Extras,
    /// The account's server says that it gives messages ids, and takes out those that others gave in its name
    /// (XEP-0359 §6).
    pub assigns_ids: bool,
    /// How often the page's storage was too small for the messages: each time, half as many of each conversation are kept.
    squeezed: u32,
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

    /// Gives an entity an attribute of a plugin's; it goes before what the core says until the core says something else.
    pub fn write(&mut self, key: &Key, attribute: &str, value: Value) {
        let covered = self.own_attributes(key).and_then(|mut own| own.take(attribute));
        self.extras.set(key, attribute, value, covered.unwrap_or(Value::Undefined));
    }

    /// Takes in that the core has changed an entity: what plugins wrote in the place of what is other than it was then
    /// goes. Whether there was anything of the kind.
    pub fn uncover(&mut self, key: &Key) -> bool {
        if self.extras.get(key).is_none() {
            return false;
        }
        self.own_attributes(key).is_some_and(|own| self.extras.uncover(key, &own))
    }

    /// The ids of the entities of a kind that belong to `of`, in the order in which they are shown if there is one.
    pub fn ids(&self, kind: Kind, of: &str) -> Vec<Rc<str>> {
        match kind {
            Kind::Contact if !of.is_empty() => self.groups.members(&self.contacts, of),
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
            Kind::Chat => {
                let chats = self.chats.in_order().into_iter().map(|chat| chat.jid.as_rc());
                chats.chain(self.rooms.privates().map(|private| private.id.clone())).collect()
            }
            Kind::Room => self.rooms.in_order().into_iter().map(|room| room.jid.as_rc()).collect(),
            Kind::Occupant => self.room(of).map(|room| room.occupants.ids().cloned().collect()).unwrap_or_default(),
            Kind::Message => {
                let numbers = self.timeline(of).map_or(&[][..], Timeline::order);
                numbers.iter().map(|number| number.to_string().into()).collect()
            }
            Kind::Group => self.groups.names().to_vec(),
            _ => Vec::new(),
        }
    }

    /// How many they are.
    pub fn count(&self, kind: Kind, of: &str) -> usize {
        match kind {
            Kind::Message => self.timeline(of).map_or(0, Timeline::len),
            Kind::Occupant => self.room(of).map_or(0, |room| room.occupants.len()),
            kind => self.ids(kind, of).len(),
        }
    }

    /// The number of messages, of all conversations, that the user has not seen; of rooms those that name the user.
    pub fn unread(&self) -> u32 {
        let chats = self.chats.iter().map(|chat| chat.unread);
        chats.chain(self.rooms.iter().map(|room| room.unread)).fold(0, u32::saturating_add)
    }

    /// Whether an entity is in the collection of its kind. Some that are not can be read all the same.
    pub fn has(&self, key: &Key) -> bool {
        let jid = || BareJid::new(&key.id).ok();
        match key.kind {
            Kind::Contact if !key.of.is_empty() => {
                let contact = jid().and_then(|jid| self.contacts.get(&jid));
                contact.is_some_and(|contact| self.groups.of(contact).contains(&&*key.of))
            }
            Kind::Presence => jid().is_some_and(|jid| self.presences.get(&jid).is_some()),
            Kind::VCard => jid().is_some_and(|jid| self.vcards.get(&jid).is_some()),
            // What belongs to an entity can be read without that.
            Kind::Disco if !key.of.is_empty() => self.ids(key.kind, &key.of).contains(&key.id),
            _ => self.own_attributes(key).is_some(),
        }
    }

    /// The number of contacts who can be reached.
    pub fn online_contacts(&self) -> usize {
        let shows = self.contacts.iter().filter_map(|contact| self.presences.get(&contact.jid));
        shows.filter(|presence| presence.best().is_some()).count()
    }

    /// The number of messages of a person that were not seen yet.
    pub fn unread_of(&self, jid: &BareJid) -> u32 {
        self.chats.get(jid).map_or(0, |chat| chat.unread)
    }

    /// The messages of a conversation with a person, in a room, or with one of its occupants.
    pub fn timeline(&self, of: &str) -> Option<&Timeline> {
        let Ok(jid) = BareJid::new(of) else { return self.rooms.private(of).map(|(_, private)| &private.messages) };
        let room = self.rooms.get(&jid).map(|room| &room.messages);
        room.or_else(|| self.chats.get(&jid).map(|chat| &chat.messages))
    }

    /// The first two of these, to be changed.
    pub fn timeline_mut(&mut self, jid: &BareJid) -> Option<&mut Timeline> {
        self.rooms.messages_mut(jid).or_else(|| self.chats.messages_mut(jid))
    }

    /// Any of the three, to be changed.
    pub fn messages_mut(&mut self, of: &str) -> Option<&mut Timeline> {
        match BareJid::new(of) {
            Ok(jid) => self.timeline_mut(&jid),
            Err(_) => self.rooms.private_mut(of).map(|private| &mut private.messages),
        }
    }

    /// Forgets the oldest messages of a conversation that has grown too large.
    pub fn trim(&mut self, of: &str) -> Vec<Change> {
        // Asked with each message: hardly any conversation is near it.
        if self.messages_mut(of).is_none_or(|messages| !messages.is_full(MAX_UNANSWERED_BYTES)) {
            return Vec::new();
        }
        let most = self.most_bytes(of);
        self.messages_mut(of).map(|messages| messages.trim(most)).unwrap_or_default()
    }

    /// Whether there is hardly room for older messages of a conversation.
    pub fn is_full(&self, of: &str) -> bool {
        self.timeline(of).is_some_and(|messages| messages.is_full(self.most_bytes(of)))
    }

    fn most_bytes(&self, of: &str) -> usize {
        let chat = BareJid::new(of).ok().and_then(|jid| self.chats.get(&jid));
        chat.map_or(MAX_BYTES, Chat::most_bytes)
    }

    /// The file that a message is to lead to.
    pub fn upload(&self, message: &Key) -> Option<&Upload> {
        self.timeline(&message.of)?.get(message.id.parse().ok()?)?.upload.as_deref()
    }

    /// Whether that is not uploaded yet, or could not be.
    pub fn wants_file(&self, message: &Key) -> bool {
        self.upload(message).is_some_and(|upload| upload.state != Uploading::Done)
    }

    /// Leaves out of the cache some of what can be done without, the oldest first. Which parts are smaller now; none if
    /// there is nothing of the kind.
    pub fn make_room(&mut self) -> Vec<Part> {
        if self.cached_messages() == 0 {
            return Vec::new();
        }
        self.squeezed = self.squeezed.saturating_add(1);
        let chats = self.chats.iter().map(|chat| &chat.messages);
        let rooms = self.rooms.iter().map(|room| &room.messages);
        let privates = self.rooms.privates().map(|private| &private.messages);
        let timelines = chats.chain(rooms).chain(privates).filter(|messages| !messages.is_empty());
        timelines.map(|messages| Part::Messages(messages.of().clone())).collect()
    }

    /// The most messages of a conversation that are kept for the next load of the page: the latest.
    fn cached_messages(&self) -> usize {
        MAX_CACHED.checked_shr(self.squeezed).unwrap_or_default()
    }

    /// What the cache must hold of `part`; `None` if it is none of the store's, or there is nothing to keep.
    pub fn encode(&self, part: &Part) -> Option<Element> {
        let content = match part {
            Part::Roster => self.contacts.encode(),
            Part::Status => self.status.encode(),
            Part::Chats => self.chats.encode(),
            Part::Archives => {
                let mut archives = self.archives.encode();
                saved::flag(&mut archives, "ids", self.assigns_ids);
                archives
            }
            Part::Rooms => self.rooms.encode(),
            Part::Messages(of) => {
                let count = self.cached_messages();
                self.timeline(of).filter(|messages| count > 0 && !messages.is_empty())?.encode(count)
            }
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
            Part::Chats => self.chats.decode(content),
            Part::Archives => {
                self.archives = Archives::decode(content);
                self.assigns_ids = content.attribute("ids").is_some();
            }
            Part::Rooms => self.rooms.decode(content),
            Part::Messages(of) => {
                let Some(messages) = Timeline::decode(content) else { return };
                match BareJid::new(of) {
                    Ok(jid) if self.rooms.get(&jid).is_none() => self.chats.restore_messages(&jid, messages),
                    _ => self.rooms.restore_messages(of, messages),
                }
            }
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
            Kind::Group => self.groups.attributes(&key.id),
            Kind::Status => Some(self.status.attributes(self.account.as_ref())),
            Kind::Disco | Kind::Feature | Kind::Identity | Kind::Field | Kind::DataForm => self.disco.attributes(key),
            Kind::StreamFeature => {
                let (name, namespace) = key.id.split_once(' ')?;
                let attributes = Attributes::default().with("id", key.id.clone());
                Some(attributes.with("name", name).with("xmlns", namespace))
            }
            Kind::Bookmark => self.bookmarks.get(&jid()?).map(Bookmark::attributes),
            Kind::Chat => match jid() {
                Some(jid) => Some(self.chats.get(&jid)?.attributes(self)),
                None => self.rooms.private(&key.id).map(|(room, private)| private.attributes(room)),
            },
            Kind::Room => Some(self.rooms.get(&jid()?)?.attributes(self)),
            Kind::Occupant => Some(self.room(&key.of)?.occupants.get(&key.id)?.attributes(&key.id, &key.of)),
            Kind::RoomFeatures => Some(self.rooms.get(&jid()?)?.features.attributes(&key.id)),
            Kind::Message => {
                let message = self.message(&key.of, key.id.parse().ok()?)?;
                let archive = if message.kind == "groupchat" {
                    Some(&*key.of)
                } else {
                    self.account.as_ref().map(BareJid::as_str)
                };
                Some(message.attributes(&key.id, archive.unwrap_or_default()))
            }
        }
    }

    fn room(&self, jid: &str) -> Option<&Room> {
        self.rooms.get(&BareJid::new(jid).ok()?)
    }

    fn message(&self, of: &str, number: u32) -> Option<&Message> {
        self.timeline(of)?.get(number)
    }

    fn resources_of(&self, jid: &str) -> &[Resource] {
        let presence = BareJid::new(jid).ok().and_then(|jid| self.presences.get(&jid));
        presence.map_or(&[], Presence::resources)
    }
}
