//! What the user and single occupants of a room say to each other alone (XEP-0045 §7.5). Such a conversation is with
//! somebody, not with a nickname: who takes that over gets neither into it nor to read what is said there.

use std::rc::Rc;

use super::{
    Attributes, Change, Key, Kind, Occupant, Room, Rooms, Timeline, Value,
    saved::{flag, optional},
};
use crate::{
    jid::{BareJid, Jid},
    time::Timestamp,
    xml::{Element, ns},
};

/// The most of these conversations in one room. Somebody may come under ever new names.
pub const MAX_PRIVATES: usize = 200;

/// A conversation with one occupant of a room.
#[derive(Clone, Debug)]
pub struct Private {
    /// The room's address and a number. It is no address, so nobody can be called so.
    pub id: Rc<str>,
    pub opened: Timestamp,
    /// The number of the occupant, while they are in the room.
    pub occupant: Option<Rc<str>>,
    /// What they are called, or were last.
    pub nick: Rc<str>,
    /// What the room calls them, whatever the nickname is (XEP-0421).
    pub occupant_id: Option<Rc<str>>,
    /// Who it is, where the room tells that.
    pub jid: Option<BareJid>,
    /// How many messages have come that were not seen yet.
    pub unread: u32,
    /// Nobody looks at it.
    pub hidden: bool,
    pub messages: Timeline,
}

impl Rooms {
    /// The conversation that is called so, and in which room it is.
    pub fn private(&self, id: &str) -> Option<(&Room, &Private)> {
        let room = self.get(&room_of(id)?)?;
        Some((room, room.privates.iter().find(|private| *private.id == *id)?))
    }

    /// The same, to be changed.
    pub fn private_mut(&mut self, id: &str) -> Option<&mut Private> {
        self.get_mut(&room_of(id)?)?.privates.iter_mut().find(|private| *private.id == *id)
    }

    /// Changes a conversation, but not its messages.
    pub fn update_private(&mut self, id: &str, change: impl FnOnce(&mut Private)) -> Option<Change> {
        let private = self.private_mut(id)?;
        change(private);
        Some(private.key().changed())
    }

    /// Closes a conversation, and forgets what was said in it.
    pub fn close_private(&mut self, id: &str) -> Option<Change> {
        let privates = &mut self.get_mut(&room_of(id)?)?.privates;
        let at = privates.iter().position(|private| *private.id == *id)?;
        Some(privates.remove(at).key().removed())
    }

    /// The conversations of all rooms, room by room.
    pub fn privates(&self) -> impl Iterator<Item = &Private> {
        self.in_order().into_iter().flat_map(|room| &room.privates)
    }
}

impl Room {
    /// The conversation with the occupant who has this nickname; if nobody has it, the latest with somebody who had.
    pub fn private_named(&self, nick: &str) -> Option<&Private> {
        match self.occupants.find(Some(nick), None) {
            Some(number) => self.private_with(number),
            None => self.privates.iter().rev().find(|private| *private.nick == *nick),
        }
    }

    /// Begins the conversation with `occupant`, if it has not begun. Whoever is in the room has a number there. `None` if
    /// there are too many.
    pub fn open_private(
        &mut self,
        number: Option<&Rc<str>>,
        occupant: &Occupant,
        now: Timestamp,
    ) -> Option<(Rc<str>, Option<Change>)> {
        if let Some(known) = self.privates.iter_mut().find(|private| private.is_with(number, occupant)) {
            // They may be in the room twice: this is where they speak.
            if number.is_some() {
                known.bind(number, occupant);
            }
            return Some((known.id.clone(), None));
        }
        if self.privates.len() >= MAX_PRIVATES {
            return None;
        }
        let last = self.privates.iter().filter_map(|private| private.id.split_once(' ')?.1.parse::<u32>().ok()).max();
        let mut private = Private::new(&self.jid, last.unwrap_or(0).saturating_add(1), now);
        private.bind(number, occupant);
        let (id, change) = (private.id.clone(), private.key().added());
        self.privates.push(private);
        Some((id, Some(change)))
    }

    /// Takes in that the occupant with this number has come, changed, or gone.
    pub fn follow(&mut self, number: &Rc<str>) -> Vec<Change> {
        let here = self.occupants.get(number).filter(|occupant| occupant.show.is_some());
        let mut changes = Vec::new();
        for private in &mut self.privates {
            let bound = private.occupant.as_ref() == Some(number);
            match here {
                Some(occupant) if private.is_with(Some(number), occupant) => {
                    if private.occupant.is_some() && !bound {
                        continue;
                    }
                    private.bind(Some(number), occupant);
                }
                _ if bound => {
                    // Perhaps another client of theirs is still here.
                    private.occupant = None;
                    let other = self.occupants.entries().find(|(_, occupant)| private.is_known(occupant) == Some(true));
                    if let Some((number, occupant)) = other {
                        private.bind(Some(number), occupant);
                    }
                }
                _ => continue,
            }
            changes.push(private.key().changed());
        }
        changes
    }

    /// Takes in that the user does not see any more who is in the room.
    pub fn forget_occupants(&mut self) -> Vec<Change> {
        let mut changes = self.occupants.clear();
        for private in &mut self.privates {
            if private.occupant.take().is_some() {
                changes.push(private.key().changed());
            }
        }
        changes
    }

    fn private_with(&self, number: &Rc<str>) -> Option<&Private> {
        let occupant = self.occupants.get(number)?;
        self.privates.iter().find(|private| private.is_with(Some(number), occupant))
    }

    pub(super) fn encode_privates(&self, room: &mut Element) {
        for private in &self.privates {
            let mut element = Element::new("private", ns::CACHE).with_attribute("id", &*private.id);
            element.set_attribute("opened", private.opened.to_text());
            element.set_attribute("unread", private.unread.to_string());
            element.set_attribute("nick", &*private.nick);
            optional(&mut element, "occupant-id", private.occupant_id.as_deref());
            optional(&mut element, "jid", private.jid.as_ref().map(BareJid::as_str));
            flag(&mut element, "hidden", private.hidden);
            room.push(element);
        }
    }

    pub(super) fn decode_privates(&mut self, saved: &Element) {
        let saved = saved.children().filter(|child| child.is("private", &ns::CACHE)).take(MAX_PRIVATES);
        self.privates = saved.filter_map(|private| Private::decode(private, &self.jid)).collect();
    }
}

impl Private {
    fn new(room: &BareJid, number: u32, opened: Timestamp) -> Self {
        let id: Rc<str> = [room.as_str(), " ", &number.to_string()].concat().into();
        Self {
            opened,
            occupant: None,
            nick: Rc::from(""),
            occupant_id: None,
            jid: None,
            unread: 0,
            hidden: false,
            messages: Timeline::new(id.clone()),
            id,
        }
    }

    pub fn key(&self) -> Key {
        Key::new(Kind::Chat, self.id.clone())
    }

    /// Whether it is the conversation with this occupant. Where the room does not tell who anybody is, it is as long as
    /// they stay.
    fn is_with(&self, number: Option<&Rc<str>>, occupant: &Occupant) -> bool {
        self.is_known(occupant).unwrap_or(number.is_some() && self.occupant.as_ref() == number)
    }

    /// Whether the room says that this occupant is whom the conversation is with, if it says anything.
    fn is_known(&self, occupant: &Occupant) -> Option<bool> {
        let by_id = self.occupant_id.as_ref().zip(occupant.occupant_id.as_ref()).map(|(one, other)| one == other);
        let jid = occupant.jid.as_ref().map(Jid::bare);
        by_id.or_else(|| self.jid.as_ref().zip(jid).map(|(one, other)| one == other))
    }

    fn bind(&mut self, number: Option<&Rc<str>>, occupant: &Occupant) {
        self.occupant = number.cloned();
        self.nick = occupant.nick.clone().unwrap_or_default();
        self.occupant_id = occupant.occupant_id.clone().or(self.occupant_id.take());
        self.jid = occupant.jid.as_ref().map(|jid| jid.bare().clone()).or(self.jid.take());
    }

    pub(super) fn attributes(&self, room: &Room) -> Attributes {
        let occupant = self.occupant.as_ref().and_then(|number| room.occupants.get(number));
        Attributes::default()
            .with("id", self.id.clone())
            .with("jid", room.address_of(&self.nick))
            .with("room", room.jid.as_rc())
            .with("nick", self.nick.clone())
            .with("occupant_id", self.occupant_id.clone())
            .with("type", "chatbox")
            .with("message_type", "chat")
            .with("show", occupant.and_then(|occupant| occupant.show).unwrap_or("offline"))
            .with("time_opened", Value::Number(self.opened.milliseconds() as f64))
            .with("num_unread", self.unread)
            .with("hidden", self.hidden)
            .with("bookmarked", false)
            .with("url", "")
    }

    fn decode(saved: &Element, room: &BareJid) -> Option<Self> {
        let id = saved.attribute("id").filter(|id| room_of(id).as_ref() == Some(room))?;
        let number = id.split_once(' ')?.1.parse().ok()?;
        let mut private = Self::new(room, number, Timestamp::parse(saved.attribute("opened")?)?);
        private.unread = saved.attribute("unread").and_then(|unread| unread.parse().ok()).unwrap_or(0);
        private.nick = saved.attribute("nick")?.into();
        private.occupant_id = saved.attribute("occupant-id").map(Rc::from);
        private.jid = saved.attribute("jid").and_then(|jid| BareJid::new(jid).ok());
        private.hidden = saved.attribute("hidden").is_some();
        Some(private)
    }
}

/// In which room the conversation is that is called so.
fn room_of(id: &str) -> Option<BareJid> {
    BareJid::new(id.split_once(' ')?.0).ok()
}
