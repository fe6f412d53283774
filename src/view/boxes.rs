//! The open conversations, with people, in rooms and with their occupants, as they are listed.

use super::names;
use crate::store::{Attributes, Chat, Key, Kind, Private, Room, RoomStatus, Store, Trouble, Value, order};

/// A conversation that is open.
#[derive(Clone, Copy, Debug)]
pub enum Box<'a> {
    Chat(&'a Chat),
    Room(&'a Room),
    /// With an occupant of a room.
    Private(&'a Room, &'a Private),
}

/// All of them, in the order in which they were opened.
pub fn all(store: &Store) -> Vec<Box<'_>> {
    let mut all: Vec<Box<'_>> = store.chats.iter().map(Box::Chat).chain(store.rooms.iter().map(Box::Room)).collect();
    let rooms = store.rooms.iter().flat_map(|room| room.privates.iter().map(move |private| (room, private)));
    all.extend(rooms.map(|(room, private)| Box::Private(room, private)));
    order::by_opening(&all, |one| match one {
        Box::Chat(chat) => chat.opened,
        Box::Room(room) => room.opened,
        Box::Private(_, private) => private.opened,
    })
}

impl Box<'_> {
    /// What an element shows of it.
    pub fn attributes(&self, store: &Store) -> Attributes {
        let (key, name, unread, hidden) = match self {
            Self::Chat(chat) => {
                let name = names::of_person(store, &chat.jid).to_owned();
                (Key::of_jid(Kind::Chat, &chat.jid), name, chat.unread, chat.hidden)
            }
            Self::Room(room) => {
                let name = names::of_room(store, room).to_owned();
                (Key::of_jid(Kind::Room, &room.jid), name, room.unread, room.hidden)
            }
            Self::Private(room, private) => {
                // Anybody can call themselves like a contact.
                let name = [&private.nick, " (", names::of_room(store, room), ")"].concat();
                (private.key(), name, private.unread, private.hidden)
            }
        };
        // What else the user has done with the box is kept with the entity, as plugins do.
        let extras = store.extras.get(&key);
        let kept = |name| extras.and_then(|extras| extras.get(name)).map(Value::is_truthy);
        let attributes = Attributes::default()
            .with("jid", key.id.clone())
            .with("name", name)
            .with("unread", unread)
            .with("hidden", hidden)
            .with("minimized", kept("minimized").unwrap_or_default());
        match self {
            Self::Chat(chat) => {
                let presence = store.presences.get(&chat.jid);
                attributes
                    .with("kind", "chat")
                    .with("show", presence.map_or("offline", |presence| presence.show()))
                    .with("status", presence.and_then(|presence| presence.status()))
                    .with("state", chat.their_state)
                    .with("headline", chat.headline)
                    .with("contact", store.contacts.get(&chat.jid).is_some())
            }
            Self::Private(room, private) => {
                let occupant = private.occupant.as_ref().and_then(|number| room.occupants.get(number));
                attributes
                    .with("kind", "chat")
                    .with("address", room.address_of(&private.nick))
                    .with("show", occupant.and_then(|occupant| occupant.show).unwrap_or("offline"))
                    .with("status", occupant.and_then(|occupant| occupant.status.as_deref()))
            }
            Self::Room(room) => attributes
                .with("kind", "room")
                .with("general", room.unread_general)
                .with("entered", room.status == RoomStatus::Entered)
                .with("connection", room.status as u32)
                .with("nick", room.nick.clone())
                .with("subject", room.subject.as_ref().map(|(_, text)| text.as_str()))
                .with("role", room.role)
                .with("affiliation", room.affiliation)
                .with("bookmarked", store.bookmarks.get(&room.jid).is_some())
                .with("people", Value::Number(room.occupants.here() as f64))
                .with("hides_occupants", kept("hidden_occupants"))
                .with("moderated", room.features.has("moderated"))
                .with("trouble", room.trouble.as_ref().map(Trouble::value)),
        }
    }
}
