//! The groups under which contacts are shown: those of the roster, and a few that say how it stands with somebody.

use std::rc::Rc;

use super::{Attributes, Change, Contact, Contacts, Key, Kind, Table};

/// Those who ask to see the user's presence.
pub const REQUESTS: &str = "Contact requests";
/// Everybody, where contacts are not shown in their groups.
pub const MY_CONTACTS: &str = "My contacts";
/// Those whom the user gave no group.
pub const UNGROUPED: &str = "Ungrouped";
/// Those who have not answered yet.
pub const PENDING: &str = "Pending contacts";

/// The groups that somebody is in, in the order in which they are shown.
#[derive(Clone, Debug, Default)]
pub struct Groups {
    names: Vec<Rc<str>>,
    /// Whether contacts are shown in the groups of the roster.
    grouped: bool,
}

impl Groups {
    /// Looks through the contacts again.
    pub fn update(&mut self, contacts: &Contacts, grouped: bool) -> Vec<Change> {
        let mut found = Table::default();
        for name in contacts.iter().flat_map(|contact| contact.group_names(grouped)) {
            if found.get(name).is_none() {
                found.insert(name.into(), ());
            }
        }
        let mut names: Vec<Rc<str>> = Vec::new();
        for rank in 0..=LAST_RANK {
            names.extend(found.ids().filter(|name| rank_of(name) == rank).cloned());
        }
        let key = |name: &Rc<str>| Key::new(Kind::Group, name.clone());
        let mut changes = Vec::new();
        for name in &self.names {
            // Those that are left then are new.
            if found.remove(name).is_none() {
                changes.push(key(name).removed());
            }
        }
        changes.extend(names.iter().filter(|name| found.get(name).is_some()).map(|name| key(name).added()));
        (self.names, self.grouped) = (names, grouped);
        changes
    }

    pub fn names(&self) -> &[Rc<str>] {
        &self.names
    }

    /// The names of the groups under which `contact` is shown.
    pub fn of<'a>(&self, contact: &'a Contact) -> Vec<&'a str> {
        contact.group_names(self.grouped)
    }

    /// The addresses of those in a group.
    pub(super) fn members(&self, contacts: &Contacts, name: &str) -> Vec<Rc<str>> {
        let members = contacts.iter().filter(|contact| self.of(contact).contains(&name));
        members.map(|contact| contact.jid.as_rc()).collect()
    }

    pub(super) fn attributes(&self, name: &str) -> Option<Attributes> {
        let known = self.names.iter().any(|other| **other == *name);
        known.then(|| Attributes::default().with("id", name).with("name", name).with("state", "opened"))
    }
}

/// Where a group stands among the others; those of the user by their names.
fn rank_of(name: &str) -> u8 {
    match name {
        REQUESTS => 0,
        MY_CONTACTS => 2,
        UNGROUPED => 3,
        PENDING => LAST_RANK,
        _ => 1,
    }
}

const LAST_RANK: u8 = 4;
