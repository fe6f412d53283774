//! The user's contacts, and those who ask to become one.

use super::{
    Attributes, Change, Key, Kind, Store, Table, Value,
    groups::{MY_CONTACTS, PENDING, REQUESTS, UNGROUPED},
    saved::{child_texts, flag, optional, texts},
};
use crate::{
    jid::BareJid,
    xml::{Element, ns},
};

/// The most contacts that are kept. As many fit into the longest frame that is read, and nobody has a tenth of them.
pub const MAX_CONTACTS: usize = 100_000;
/// The most of those who only ask to become one. The server tells of the others again after the next log-in (RFC 6121
/// §3.1.3).
pub const MAX_REQUESTS: usize = 500;

/// The contacts of one account, by address.
#[derive(Clone, Debug, Default)]
pub struct Contacts {
    contacts: Table<Contact>,
    /// How many of them only ask.
    asking: usize,
    /// What the server calls this state of the roster (RFC 6121 §2.6).
    pub version: Option<String>,
    /// The server has said in this session who they are, or that it will not.
    pub fetched: bool,
}

/// One contact.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Contact {
    pub jid: BareJid,
    /// The name the user gave the contact, or the nickname in a request.
    pub name: Option<String>,
    /// `none`, `to`, `from` or `both`.
    pub subscription: &'static str,
    /// Whether the contact has not answered yet that the user wants to see its presence.
    pub ask: bool,
    pub groups: Vec<String>,
    /// Whether the contact asks to see the user's presence, and has got no answer yet.
    pub requesting: bool,
    /// Whether the server has it in the roster, as far as it was heard of. Others only ask.
    pub listed: bool,
}

impl Contacts {
    /// Takes `contacts` for the whole roster. Those who ask go on asking.
    pub fn replace(&mut self, contacts: impl IntoIterator<Item = Contact>) -> Vec<Change> {
        let old = std::mem::take(&mut self.contacts);
        self.asking = 0;
        let mut changes = Vec::new();
        for mut contact in contacts.into_iter().take(MAX_CONTACTS) {
            let key = Key::of_jid(Kind::Contact, &contact.jid);
            let known = old.get(&key.id);
            contact.requesting |= known.is_some_and(|known| known.requesting && !contact.sees_user());
            let change = match known {
                Some(known) if *known == contact => None,
                Some(_) => Some(key.changed()),
                None => Some(key.added()),
            };
            changes.extend(change);
            self.contacts.insert(contact.jid.as_rc(), contact);
        }
        for (id, contact) in old.iter() {
            if self.contacts.get(id).is_some() {
                continue;
            }
            if contact.only_asks() {
                self.asking = self.asking.saturating_add(1);
                self.contacts.insert(id.clone(), contact.clone());
            } else {
                changes.push(Key::new(Kind::Contact, id.clone()).removed());
            }
        }
        changes
    }

    /// Takes in what the server says of a contact. Who asks goes on asking, unless this is the answer.
    pub fn take_in(&mut self, mut contact: Contact) -> Option<Change> {
        let asks = self.get(&contact.jid).is_some_and(|known| known.requesting);
        contact.requesting |= asks && !contact.sees_user();
        self.insert(contact)
    }

    /// Adds a contact, or changes the one with its address. There may be no room for another one.
    pub fn insert(&mut self, contact: Contact) -> Option<Change> {
        let key = Key::of_jid(Kind::Contact, &contact.jid);
        let is_full = !self.has_room_for(&contact);
        let asks = usize::from(contact.only_asks());
        match self.contacts.get_mut(&key.id) {
            Some(old) if *old == contact => None,
            Some(old) => {
                self.asking = self.asking.saturating_add(asks).saturating_sub(usize::from(old.only_asks()));
                *old = contact;
                Some(key.changed())
            }
            None if is_full => None,
            None => {
                self.asking = self.asking.saturating_add(asks);
                self.contacts.insert(key.id.clone(), contact);
                Some(key.added())
            }
        }
    }

    /// Whether there is room for `contact`, as there is for whoever is here already.
    pub fn has_room_for(&self, contact: &Contact) -> bool {
        let is_full = self.contacts.len() >= MAX_CONTACTS || (contact.only_asks() && self.asking >= MAX_REQUESTS);
        !is_full || self.get(&contact.jid).is_some()
    }

    /// Takes a contact out.
    pub fn remove(&mut self, jid: &BareJid) -> Option<Change> {
        let gone = self.contacts.remove(jid.as_str())?;
        self.asking = self.asking.saturating_sub(usize::from(gone.only_asks()));
        Some(Key::of_jid(Kind::Contact, jid).removed())
    }

    /// The contact with this address.
    pub fn get(&self, jid: &BareJid) -> Option<&Contact> {
        self.contacts.get(jid.as_str())
    }

    /// All contacts, by address.
    pub fn iter(&self) -> impl Iterator<Item = &Contact> {
        self.contacts.values()
    }

    pub fn is_empty(&self) -> bool {
        self.contacts.is_empty()
    }

    pub fn len(&self) -> usize {
        self.contacts.len()
    }

    pub(super) fn encode(&self) -> Element {
        let mut roster = Element::new("roster", ns::CACHE);
        optional(&mut roster, "version", self.version.as_deref());
        roster.push_as_text(self.iter().map(Contact::encode));
        roster
    }

    pub(super) fn decode(roster: &Element) -> Self {
        let version = roster.attribute("version").map(str::to_owned);
        let mut contacts = Self { version, fetched: true, ..Self::default() };
        for contact in roster.children().filter_map(Contact::decode) {
            let _: Option<Change> = contacts.insert(contact);
        }
        contacts
    }
}

impl Contact {
    /// Whether its presence is told to the user.
    pub fn is_seen(&self) -> bool {
        matches!(self.subscription, "to" | "both")
    }

    /// Whether it is none of the roster's, and asks to become one.
    fn only_asks(&self) -> bool {
        self.requesting && !self.listed
    }

    /// Whether the user's presence is told to it.
    pub fn sees_user(&self) -> bool {
        matches!(self.subscription, "from" | "both")
    }

    /// The names of the groups under which it is shown.
    pub fn group_names(&self, grouped: bool) -> Vec<&str> {
        if !self.is_seen() {
            if self.requesting {
                return vec![REQUESTS];
            }
            if self.ask || self.subscription == "from" {
                return vec![PENDING];
            }
        }
        match grouped {
            false => vec![MY_CONTACTS],
            true if self.groups.is_empty() => vec![UNGROUPED],
            true => self.groups.iter().map(String::as_str).collect(),
        }
    }

    /// What plugins read.
    pub(super) fn attributes(&self, store: &Store) -> Attributes {
        let presence = store.presences.get(&self.jid);
        let vcard = store.vcards.get(&self.jid);
        let text = |value: Option<&str>| Value::from(value);
        let fullname = vcard.and_then(|vcard| vcard.fullname.as_deref()).or(self.name.as_deref());
        let attributes = Attributes::default()
            .with("id", self.jid.as_rc())
            .with("jid", self.jid.as_rc())
            .with("user_id", text(self.jid.local()))
            .with("nickname", text(self.name.as_deref()))
            .with("fullname", text(fullname))
            .with("subscription", self.subscription)
            .with("ask", if self.ask { Value::from("subscribe") } else { Value::Null })
            .with("groups", Value::from(self.groups.as_slice()))
            .with("requesting", if self.requesting { Value::Bool(true) } else { Value::Null })
            .with("chat_status", presence.map_or("offline", |presence| presence.show()))
            .with("status", presence.and_then(|presence| presence.status()).unwrap_or_default())
            .with("resources", presence.map_or(Value::List(Vec::new()), |presence| presence.resource_names()))
            .with("num_unread", store.unread_of(&self.jid));
        match vcard {
            Some(vcard) => vcard.add_to(attributes),
            None => attributes,
        }
    }

    fn encode(&self) -> Element {
        let mut contact = Element::new("contact", ns::CACHE).with_attribute("jid", self.jid.as_str());
        contact.set_attribute("subscription", self.subscription);
        optional(&mut contact, "name", self.name.as_deref());
        flag(&mut contact, "ask", self.ask);
        flag(&mut contact, "requesting", self.requesting);
        flag(&mut contact, "listed", self.listed);
        texts(&mut contact, "group", &self.groups);
        contact
    }

    fn decode(contact: &Element) -> Option<Self> {
        let subscription = ["none", "to", "from", "both"];
        let subscription = subscription.into_iter().find(|one| contact.attribute("subscription") == Some(one))?;
        Some(Self {
            jid: BareJid::new(contact.attribute("jid")?).ok()?,
            name: contact.attribute("name").map(str::to_owned),
            subscription,
            ask: contact.attribute("ask").is_some(),
            groups: child_texts(contact, "group"),
            requesting: contact.attribute("requesting").is_some(),
            listed: contact.attribute("listed").is_some(),
        })
    }
}
