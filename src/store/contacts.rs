//! The user's contacts.

use std::collections::BTreeMap;

use crate::jid::BareJid;

/// The contacts of one account, by address.
#[derive(Clone, Debug, Default)]
pub struct Contacts {
    contacts: BTreeMap<BareJid, Contact>,
}

/// One contact.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Contact {
    pub jid: BareJid,
    /// The name the user gave the contact.
    pub name: Option<String>,
    /// `none`, `to`, `from` or `both`.
    pub subscription: &'static str,
    /// Whether the contact has not answered yet that the user wants to see its presence.
    pub ask: bool,
    pub groups: Vec<String>,
}

impl Contacts {
    /// Forgets all contacts and takes `contacts` instead.
    pub fn replace(&mut self, contacts: impl IntoIterator<Item = Contact>) {
        self.contacts.clear();
        // One by one, because collecting would bring a stable sort along, which is the larger half of the map.
        contacts.into_iter().for_each(|contact| self.insert(contact));
    }

    /// Adds a contact, or changes the one with its address.
    pub fn insert(&mut self, contact: Contact) {
        self.contacts.insert(contact.jid.clone(), contact);
    }

    /// Takes a contact out.
    pub fn remove(&mut self, jid: &BareJid) {
        self.contacts.remove(jid);
    }

    /// The contact with this address.
    pub fn get(&self, jid: &BareJid) -> Option<&Contact> {
        self.contacts.get(jid)
    }

    /// All contacts, by address.
    pub fn iter(&self) -> impl Iterator<Item = &Contact> {
        self.contacts.values()
    }
}
