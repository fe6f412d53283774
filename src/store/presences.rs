//! Who can be reached, and how (RFC 6121 §4).

use std::{collections::VecDeque, rc::Rc};

use super::{Attributes, Change, Contacts, Key, Kind, MAX_CONTACTS, Table, Value, What};
use crate::jid::BareJid;

/// The most clients of one person that are remembered. Nobody has more; somebody may say so.
pub const MAX_RESOURCES: usize = 50;

/// The most people whose presence is remembered though they are no contacts, those who were heard of first go. Anybody may
/// send theirs.
pub const MAX_STRANGERS: usize = 1_000;

/// The presence of everybody who told theirs.
#[derive(Clone, Debug, Default)]
pub struct Presences {
    presences: Table<Presence>,
    /// Those who were no contacts when they were heard of first.
    strangers: VecDeque<Rc<str>>,
}

/// The presence of one person, over all their clients.
#[derive(Clone, Debug, Default)]
pub struct Presence {
    /// In the order in which they were heard of last.
    resources: Vec<Resource>,
}

/// One client of a person.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Resource {
    pub name: String,
    pub priority: i8,
    /// `online`, `chat`, `away`, `xa` or `dnd`.
    pub show: &'static str,
    pub status: Option<String>,
}

impl Presences {
    /// Takes in that a client can be reached, of one of `contacts` or somebody else.
    pub fn insert(&mut self, jid: &BareJid, resource: Resource, contacts: &Contacts) -> Vec<Change> {
        let known = self.presences.get(jid.as_str()).is_some();
        let mut changes = match known || contacts.get(jid).is_some() {
            true => Vec::new(),
            false => self.make_room(jid, contacts),
        };
        changes.extend(self.put(jid, resource, known));
        changes
    }

    /// Forgets strangers, if there are too many with `jid`.
    fn make_room(&mut self, jid: &BareJid, contacts: &Contacts) -> Vec<Change> {
        // Who the contacts are is not known before the server has said so.
        let most = if contacts.fetched { MAX_STRANGERS } else { MAX_CONTACTS };
        let mut changes = Vec::new();
        while self.strangers.len() >= most
            && let Some(first) = self.strangers.pop_front()
        {
            let gone = BareJid::new(&first).ok().filter(|jid| contacts.get(jid).is_none());
            changes.extend(gone.into_iter().flat_map(|jid| self.forget(&jid)));
        }
        self.strangers.push_back(jid.as_rc());
        changes
    }

    fn forget(&mut self, jid: &BareJid) -> Vec<Change> {
        let mut changes = self.remove(jid, None);
        changes.retain(|change| change.what == What::Removed);
        changes.extend(self.presences.remove(jid.as_str()).map(|_| Key::of_jid(Kind::Presence, jid).removed()));
        changes
    }

    fn put(&mut self, jid: &BareJid, resource: Resource, known: bool) -> Vec<Change> {
        let presence = self.presences.get_or_insert(&jid.as_rc(), Presence::default);
        let old = presence.take(&resource.name);
        if old.is_none() && presence.resources.len() >= MAX_RESOURCES {
            return Vec::new();
        }
        let key = Key::within(Kind::Resource, jid.as_rc(), resource.name.as_str());
        let same = old.as_ref() == Some(&resource);
        presence.resources.push(resource);
        let resource = if old.is_none() { key.added() } else { key.changed() };
        let presence = Key::of_jid(Kind::Presence, jid);
        match (known, same) {
            (false, _) => vec![presence.added(), resource],
            (true, true) => Vec::new(),
            (true, false) => vec![presence.changed(), resource],
        }
    }

    /// Takes in that a client, or with no name all of them, cannot be reached any more.
    pub fn remove(&mut self, jid: &BareJid, resource: Option<&str>) -> Vec<Change> {
        let Some(presence) = self.presences.get_mut(jid.as_str()) else { return Vec::new() };
        let mut gone = Vec::new();
        presence.resources.retain(|one| {
            let stays = resource.is_some_and(|name| name != one.name);
            if !stays {
                gone.push(Key::within(Kind::Resource, jid.as_rc(), one.name.as_str()).removed());
            }
            stays
        });
        if !gone.is_empty() {
            gone.insert(0, Key::of_jid(Kind::Presence, jid).changed());
        }
        gone
    }

    /// The presence of the person with this address.
    pub fn get(&self, jid: &BareJid) -> Option<&Presence> {
        self.presences.get(jid.as_str())
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Presence)> {
        self.presences.iter().map(|(jid, presence)| (&**jid, presence))
    }
}

impl Presence {
    /// Their client of the highest priority, the one heard of last among equals (RFC 6121 §8.5.2.1.1).
    pub fn best(&self) -> Option<&Resource> {
        self.resources.iter().max_by_key(|resource| resource.priority)
    }

    pub fn show(&self) -> &'static str {
        self.best().map_or("offline", |resource| resource.show)
    }

    pub fn status(&self) -> Option<&str> {
        self.best()?.status.as_deref()
    }

    pub fn resources(&self) -> &[Resource] {
        &self.resources
    }

    pub(super) fn resource_names(&self) -> Value {
        Value::List(self.resources.iter().map(|resource| resource.name.as_str().into()).collect())
    }

    pub(super) fn attributes(&self, jid: &str) -> Attributes {
        Attributes::default().with("id", jid).with("jid", jid).with("show", self.show())
    }

    fn take(&mut self, name: &str) -> Option<Resource> {
        let at = self.resources.iter().position(|resource| resource.name == name)?;
        Some(self.resources.remove(at))
    }
}

impl Resource {
    pub(super) fn attributes(&self) -> Attributes {
        let priority = Value::Number(f64::from(self.priority));
        Attributes::default()
            .with("id", self.name.as_str())
            .with("name", self.name.as_str())
            .with("priority", priority)
            .with("show", self.show)
    }
}
