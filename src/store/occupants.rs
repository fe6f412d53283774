//! Those in a room, and those who belong to it though they are elsewhere.

use std::rc::Rc;

use super::{Attributes, Change, Key, Kind, Table, Value};
use crate::{
    jid::{BareJid, Jid},
    time::Timestamp,
};

/// The most occupants of one room that are remembered. A service may say that there are more.
pub const MAX_OCCUPANTS: usize = 50_000;

/// The occupants of one room, by numbers that stay theirs whatever they call themselves.
#[derive(Clone, Debug)]
pub struct Occupants {
    /// Whose occupants they are.
    of: Rc<str>,
    last: u32,
    all: Table<Occupant>,
    /// The numbers of those in the room, by nickname.
    by_nick: Table<Rc<str>>,
    /// The number of one of theirs, by bare address, where that is known.
    by_jid: Table<Rc<str>>,
}

/// Somebody in a room, or with an affiliation to it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Occupant {
    /// Nobody knows that of who is not here.
    pub nick: Option<Rc<str>>,
    /// Who it is, if the room tells that.
    pub jid: Option<Jid>,
    pub role: Option<&'static str>,
    pub affiliation: Option<&'static str>,
    /// One of the words for presence; `None` for who is not here.
    pub show: Option<&'static str>,
    pub status: Option<String>,
    /// The status codes of the last presence.
    pub codes: Vec<u16>,
    /// What the room calls them, whatever the nickname is (XEP-0421).
    pub occupant_id: Option<Rc<str>>,
    /// Since when the nickname is known to be theirs.
    pub since: Timestamp,
}

impl Occupants {
    /// Nobody yet in `of`.
    pub fn new(of: Rc<str>) -> Self {
        Self { of, last: 0, all: Table::default(), by_nick: Table::default(), by_jid: Table::default() }
    }

    /// The one with this nickname.
    pub fn by_nick(&self, nick: &str) -> Option<&Occupant> {
        self.all.get(self.by_nick.get(nick)?)
    }

    /// The one with this address.
    pub fn by_jid(&self, jid: &BareJid) -> Option<&Occupant> {
        self.all.get(self.by_jid.get(jid.as_str())?)
    }

    /// The id of the one with this nickname, or else of the one with this address.
    pub fn find(&self, nick: Option<&str>, jid: Option<&BareJid>) -> Option<&Rc<str>> {
        let by_nick = nick.and_then(|nick| self.by_nick.get(nick));
        by_nick.or_else(|| jid.and_then(|jid| self.by_jid.get(jid.as_str())))
    }

    pub fn get(&self, id: &str) -> Option<&Occupant> {
        self.all.get(id)
    }

    pub fn ids(&self) -> impl Iterator<Item = &Rc<str>> {
        self.all.ids()
    }

    /// All of them with their numbers.
    pub fn entries(&self) -> impl Iterator<Item = (&Rc<str>, &Occupant)> {
        self.all.iter()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Occupant> {
        self.all.values()
    }

    /// How many of them are in the room.
    pub fn here(&self) -> usize {
        self.by_nick.len()
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Takes in that the occupant with this nickname is as `occupant` says. Since when, stays as it was known.
    pub fn enter(&mut self, mut occupant: Occupant) -> Option<Change> {
        let nick = occupant.nick.clone()?;
        if let Some(id) = self.by_nick.get(&nick).cloned() {
            let known = self.all.get_mut(&id)?;
            // Somebody else, who got the nickname while nobody looked.
            let same = known.occupant_id == occupant.occupant_id
                && known.jid.as_ref().map(Jid::bare) == occupant.jid.as_ref().map(Jid::bare);
            if same {
                occupant.since = known.since;
            }
            if *known == occupant {
                return None;
            }
            let old = std::mem::replace(known, occupant);
            self.index_jid(&id, old.jid.as_ref());
            return Some(self.key(&id).changed());
        }
        // They belong here, and have come.
        let absent = occupant.jid.as_ref().and_then(|jid| self.by_jid.get(jid.bare().as_str())).cloned();
        let absent = absent.filter(|id| self.all.get(id).is_some_and(|known| known.show.is_none()));
        let id = match absent {
            Some(id) => id,
            None => return self.add(occupant),
        };
        *self.all.get_mut(&id)? = occupant;
        self.by_nick.insert(nick, id.clone());
        Some(self.key(&id).changed())
    }

    /// Takes in that the occupant with this nickname is not here any more. Who belongs to the room stays listed.
    pub fn leave(&mut self, nick: &str, affiliation: Option<&'static str>, codes: Vec<u16>) -> Option<Change> {
        let id = self.by_nick.remove(nick)?;
        let occupant = self.all.get_mut(&id)?;
        occupant.affiliation = affiliation.or(occupant.affiliation);
        if occupant.jid.is_none() || !occupant.is_member() {
            return self.remove(&id);
        }
        occupant.show = None;
        occupant.role = None;
        occupant.status = None;
        occupant.codes = codes;
        Some(self.key(&id).changed())
    }

    /// Takes in that the occupant with this nickname has another one from now on.
    pub fn rename(&mut self, nick: &str, new: &str, now: Timestamp) -> Option<Change> {
        if self.by_nick.get(new).is_some() {
            return None;
        }
        let id = self.by_nick.remove(nick)?;
        let occupant = self.all.get_mut(&id)?;
        occupant.nick = Some(new.into());
        occupant.since = now;
        self.by_nick.insert(new.into(), id.clone());
        Some(self.key(&id).changed())
    }

    /// Takes in that `jid` has this affiliation, whether they are here or not.
    pub fn affiliate(&mut self, jid: &BareJid, affiliation: &'static str, nick: Option<&str>) -> Option<Change> {
        if let Some(id) = self.by_jid.get(jid.as_str()).cloned() {
            let occupant = self.all.get_mut(&id)?;
            if occupant.affiliation == Some(affiliation) {
                return None;
            }
            occupant.affiliation = Some(affiliation);
            if occupant.show.is_none() && !occupant.is_member() {
                return self.remove(&id);
            }
            return Some(self.key(&id).changed());
        }
        let absent = Occupant {
            jid: Some(jid.clone().into()),
            affiliation: Some(affiliation),
            nick: nick.map(Rc::from),
            ..Occupant::default()
        };
        if absent.is_member() { self.add(absent) } else { None }
    }

    /// Forgets everybody.
    pub fn clear(&mut self) -> Vec<Change> {
        let gone = self.all.ids().map(|id| self.key(id).removed()).collect();
        self.all.clear();
        self.by_nick.clear();
        self.by_jid.clear();
        gone
    }

    fn add(&mut self, occupant: Occupant) -> Option<Change> {
        if self.all.len() >= MAX_OCCUPANTS {
            return None;
        }
        self.last = self.last.wrapping_add(1);
        let id: Rc<str> = self.last.to_string().into();
        if let (Some(nick), true) = (&occupant.nick, occupant.show.is_some()) {
            self.by_nick.insert(nick.clone(), id.clone());
        }
        self.all.insert(id.clone(), occupant);
        self.index_jid(&id, None);
        Some(self.key(&id).added())
    }

    fn remove(&mut self, id: &str) -> Option<Change> {
        let occupant = self.all.remove(id)?;
        if let Some(jid) = &occupant.jid
            && self.by_jid.get(jid.bare().as_str()).is_some_and(|other| **other == *id)
        {
            self.by_jid.remove(jid.bare().as_str());
        }
        Some(self.key(id).removed())
    }

    fn index_jid(&mut self, id: &Rc<str>, old: Option<&Jid>) {
        let jid = self.all.get(id).and_then(|occupant| occupant.jid.as_ref()).map(|jid| jid.bare().as_rc());
        if let Some(old) = old.map(|old| old.bare().as_rc()).filter(|old| Some(old) != jid.as_ref())
            && self.by_jid.get(&old) == Some(id)
        {
            self.by_jid.remove(&old);
        }
        if let Some(jid) = jid {
            self.by_jid.get_or_insert(&jid, || id.clone());
        }
    }

    fn key(&self, id: &str) -> Key {
        Key::within(Kind::Occupant, self.of.clone(), id)
    }
}

impl Occupant {
    /// Whether they have a lasting relation to the room.
    pub fn is_member(&self) -> bool {
        matches!(self.affiliation, Some("owner" | "admin" | "member"))
    }

    pub(super) fn attributes(&self, id: &str, room: &str) -> Attributes {
        let from = self.nick.as_ref().map(|nick| [room, "/", nick].concat());
        let codes = self.codes.iter().map(|code| Value::from(code.to_string())).collect();
        Attributes::default()
            .with("id", id)
            .with("nick", self.nick.clone())
            .with("jid", self.jid.as_ref().map(|jid| jid.bare().as_rc()))
            .with("resource", self.jid.as_ref().and_then(Jid::resource))
            .with("from", from)
            .with("role", self.role)
            .with("affiliation", self.affiliation)
            .with("show", self.show.unwrap_or("offline"))
            .with("status", self.status.clone())
            .with("states", Value::List(codes))
            .with("occupant_id", self.occupant_id.clone())
            .with("type", if self.show.is_none() { Some("unavailable") } else { None })
    }
}
