//! The contacts as they are shown: under their groups, those who can be reached first.

use std::rc::Rc;

use super::names;
use crate::{
    jid::BareJid,
    store::{
        Attributes, Contact, Key, Kind, Store, Table, Value,
        order::{self, Rank},
    },
};

/// Which contacts are shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Only those whose name or address has this in it, whatever the case.
    pub name: String,
    /// Only the groups whose name has this in it.
    pub group: String,
    /// Only those whose presence is this; or `unread`, or `reachable`. Everybody if it is empty.
    pub state: String,
    /// Nobody who is offline, but for those who ask to become contacts.
    pub hides_offline: bool,
    /// The groups that are shown without those in them.
    pub closed: Vec<String>,
}

/// A line of the list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Row {
    /// A group, with how many of those in it are shown or would be, and how many of them can be reached.
    Group { name: Rc<str>, count: usize, reachable: usize, closed: bool },
    /// A contact, in the group above.
    Contact(BareJid),
}

/// The list, made anew when something in it may have changed.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    rows: Vec<Row>,
}

impl Roster {
    /// The contacts that `filter` lets through.
    pub fn new(store: &Store, filter: &Filter) -> Self {
        let (mut shown, mut ranks) = (Vec::new(), Vec::<Rank>::new());
        let wanted = names::lower(&filter.name);
        for contact in store.contacts.iter() {
            if let Some((weight, name)) = filter.admit(store, contact, &wanted) {
                ranks.push((weight, name, shown.len()));
                shown.push(contact);
            }
        }
        order::sort(&mut ranks);
        let wanted = names::lower(&filter.group);
        let mut groups: Vec<(Rc<str>, Vec<Member<'_>>)> = Vec::new();
        let mut places = Table::default();
        for name in store.groups.names().iter().filter(|name| wanted.is_empty() || names::lower(name).contains(&wanted))
        {
            places.insert(name.clone(), groups.len());
            groups.push((name.clone(), Vec::new()));
        }
        for (weight, _, place) in ranks {
            let Some(contact) = shown.get(place) else { continue };
            for name in store.groups.of(contact) {
                if let Some((_, members)) = places.get(name).and_then(|place| groups.get_mut(*place)) {
                    members.push((weight, contact));
                }
            }
        }
        let mut rows = Vec::with_capacity(shown.len().saturating_add(groups.len()));
        for (name, members) in groups.into_iter().filter(|(_, members)| !members.is_empty()) {
            let closed = filter.closed.iter().any(|closed| **closed == *name);
            let reachable = members.iter().filter(|(weight, _)| *weight < OFFLINE).count();
            rows.push(Row::Group { name, count: members.len(), reachable, closed });
            if !closed {
                rows.extend(members.into_iter().map(|(_, contact)| Row::Contact(contact.jid.clone())));
            }
        }
        Self { rows }
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows from the place `from` to before `to`, as they are there.
    pub fn slice(&self, from: usize, to: usize) -> &[Row] {
        let to = to.min(self.rows.len());
        self.rows.get(from.min(to)..to).unwrap_or_default()
    }
}

/// A contact in a group, and what it weighs there.
type Member<'a> = (i64, &'a Contact);

impl Filter {
    /// Whether the list may be another when the entity `key` has changed; else its rows alone may be.
    pub fn is_about(&self, store: &Store, key: &Key) -> bool {
        match key.kind {
            Kind::Contact | Kind::Presence | Kind::Group => true,
            // What the user calls somebody goes before what they call themselves.
            Kind::VCard => BareJid::new(&key.id).is_ok_and(|jid| {
                store.contacts.get(&jid).is_some_and(|contact| contact.name.as_deref().is_none_or(str::is_empty))
            }),
            Kind::Chat => self.state == "unread",
            _ => false,
        }
    }

    /// What a contact is sorted by, if it is shown: one whose name has `wanted` in it.
    fn admit(&self, store: &Store, contact: &Contact, wanted: &str) -> Option<(i64, String)> {
        let name = names::lower(names::of_contact(store, contact));
        if !wanted.is_empty() && !name.contains(wanted) && !contact.jid.as_str().contains(wanted) {
            return None;
        }
        let show = store.presences.get(&contact.jid).map_or("offline", |presence| presence.show());
        let admitted = match self.state.as_str() {
            "" => !self.hides_offline || show != "offline" || asks(contact),
            "unread" => store.unread_of(&contact.jid) > 0,
            "reachable" => show != "offline",
            state => show == state,
        };
        admitted.then(|| (weight(show), name))
    }
}

impl Row {
    /// What an element shows of the row.
    pub fn attributes(&self, store: &Store) -> Attributes {
        let jid = match self {
            Self::Group { name, count, reachable, closed } => {
                return Attributes::default()
                    .with("group", name.clone())
                    .with("count", number(*count))
                    .with("reachable", number(*reachable))
                    .with("closed", *closed);
            }
            Self::Contact(jid) => jid,
        };
        let contact = store.contacts.get(jid);
        let presence = store.presences.get(jid);
        Attributes::default()
            .with("jid", jid.as_rc())
            .with("name", names::of_person(store, jid))
            .with("show", presence.map_or("offline", |presence| presence.show()))
            .with("status", presence.and_then(|presence| presence.status()))
            .with("unread", store.unread_of(jid))
            .with("asks", contact.is_some_and(asks))
            .with("pending", contact.is_some_and(|contact| contact.ask && !contact.is_seen()))
            .with("open", store.chats.get(jid).is_some())
    }
}

/// Whether the contact waits for an answer of the user's.
fn asks(contact: &Contact) -> bool {
    contact.requesting && !contact.is_seen()
}

/// Where somebody stands among the others: who can be talked to best, comes first.
fn weight(show: &str) -> i64 {
    match show {
        "chat" | "online" => 1,
        "dnd" => 2,
        "away" => 3,
        "xa" => 4,
        _ => OFFLINE,
    }
}

const OFFLINE: i64 = 5;

fn number(count: usize) -> Value {
    Value::Number(count as f64)
}
