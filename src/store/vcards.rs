//! What people say about themselves (XEP-0054), as far as it was asked for.

use super::{
    Attributes, Change, Key, Kind, Table,
    saved::{child_text, optional_text},
};
use crate::{
    jid::BareJid,
    xml::{Element, ns},
};

/// The longest photo that survives a reload, in bytes of base64: the page's storage is small.
const MAX_CACHED_IMAGE_BYTES: usize = 100_000;

/// The most bytes that all of them take: the photos of some thousand people. Beyond that those of others make room for the one
/// that somebody wants to see now; they are asked for again when somebody does.
pub const MAX_BYTES: usize = 128 * 1024 * 1024;
/// What a vCard takes beside its texts, in bytes.
const VCARD_BYTES: usize = 512;

/// The vCards, by address.
#[derive(Clone, Debug, Default)]
pub struct VCards {
    vcards: Table<VCard>,
    /// How much they take.
    bytes: usize,
}

/// One vCard, in the words of the API.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VCard {
    pub fullname: Option<String>,
    pub nickname: Option<String>,
    /// The photo in base64.
    pub image: Option<String>,
    /// Its MIME type.
    pub image_type: Option<String>,
    /// The SHA-1 of its bytes, in hexadecimal (XEP-0153).
    pub image_hash: Option<String>,
    pub url: Option<String>,
    pub role: Option<String>,
    pub email: Option<String>,
    /// When it was fetched (XEP-0082).
    pub updated: Option<String>,
    /// When it could not be fetched (XEP-0082).
    pub error: Option<String>,
}

impl VCards {
    /// The vCard of the entity with this address.
    pub fn get(&self, jid: &BareJid) -> Option<&VCard> {
        self.vcards.get(jid.as_str())
    }

    /// Puts `vcard` in the place of what was there.
    pub fn insert(&mut self, jid: &BareJid, vcard: VCard) -> Vec<Change> {
        let key = Key::of_jid(Kind::VCard, jid);
        let known = self.vcards.get(jid.as_str());
        if known == Some(&vcard) {
            return Vec::new();
        }
        self.bytes = self.bytes.saturating_add(vcard.size()).saturating_sub(known.map_or(0, VCard::size));
        let mut changes = match self.vcards.insert(jid.as_rc(), vcard) {
            None => vec![key.added()],
            Some(_) => vec![key.changed()],
        };
        while self.bytes > MAX_BYTES {
            let other = self.vcards.ids().find(|other| ***other != *jid.as_str()).cloned();
            let Some(other) = other else { break };
            let size = self.vcards.remove(&other).map_or(0, |vcard| vcard.size());
            self.bytes = self.bytes.saturating_sub(size);
            changes.push(Key::new(Kind::VCard, other).removed());
        }
        changes
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &VCard)> {
        self.vcards.iter().map(|(jid, vcard)| (&**jid, vcard))
    }

    pub(super) fn encode(&self) -> Element {
        let mut vcards = Element::new("vcards", ns::CACHE);
        let small = |vcard: &VCard| vcard.image.as_ref().is_none_or(|image| image.len() <= MAX_CACHED_IMAGE_BYTES);
        vcards.push_as_text(self.iter().filter(|(_, vcard)| small(vcard)).map(|(jid, vcard)| {
            let mut element = Element::new("vcard", ns::CACHE).with_attribute("jid", jid);
            for (name, text) in vcard.fields() {
                optional_text(&mut element, name, text);
            }
            element
        }));
        vcards
    }

    pub(super) fn decode(saved: &Element) -> Self {
        let mut vcards = Self::default();
        for element in saved.children() {
            let Some(jid) = element.attribute("jid").and_then(|jid| BareJid::new(jid).ok()) else { continue };
            let mut vcard = VCard::default();
            for (name, _) in VCard::default().fields() {
                vcard.set(name, child_text(element, name));
            }
            let _: Vec<Change> = vcards.insert(&jid, vcard);
        }
        vcards
    }
}

impl VCard {
    /// Each attribute with its value.
    pub fn fields(&self) -> [(&'static str, Option<&str>); 10] {
        [
            ("fullname", self.fullname.as_deref()),
            ("nickname", self.nickname.as_deref()),
            ("image", self.image.as_deref()),
            ("image_type", self.image_type.as_deref()),
            ("image_hash", self.image_hash.as_deref()),
            ("url", self.url.as_deref()),
            ("role", self.role.as_deref()),
            ("email", self.email.as_deref()),
            ("vcard_updated", self.updated.as_deref()),
            ("vcard_error", self.error.as_deref()),
        ]
    }

    /// About how many bytes it takes.
    fn size(&self) -> usize {
        self.fields().iter().filter_map(|(_, text)| text.map(str::len)).fold(VCARD_BYTES, usize::saturating_add)
    }

    /// Changes one of them; a name that none has changes nothing.
    pub fn set(&mut self, name: &str, text: Option<String>) {
        match name {
            "fullname" => self.fullname = text,
            "nickname" => self.nickname = text,
            "image" => self.image = text,
            "image_type" => self.image_type = text,
            "image_hash" => self.image_hash = text,
            "url" => self.url = text,
            "role" => self.role = text,
            "email" => self.email = text,
            "vcard_updated" => self.updated = text,
            "vcard_error" => self.error = text,
            _ => {}
        }
    }

    pub(super) fn attributes(&self, jid: &str) -> Attributes {
        let attributes = Attributes::default().with("id", jid).with("jid", jid);
        self.fields().into_iter().fold(attributes, |attributes, (name, text)| attributes.with(name, text))
    }

    /// What of it the documentation lists among the attributes of a contact.
    pub(super) fn add_to(&self, attributes: Attributes) -> Attributes {
        let wanted = ["image", "image_type", "url", "vcard_updated"];
        let fields = self.fields().into_iter().filter(|(name, _)| wanted.contains(name));
        fields.fold(attributes, |attributes, (name, text)| attributes.with(name, text))
    }
}
