//! XEP-0402: PEP Native Bookmarks (version 1.1.3), and XEP-0048: Bookmarks (version 1.2) before it.

use crate::{
    jid::BareJid,
    xml::{Element, Namespace, ns},
};

/// The id of the item that holds all bookmarks of XEP-0048 (XEP-0223 §3).
pub const ALL: &str = "current";

/// One bookmarked room.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Conference {
    pub jid: BareJid,
    pub name: Option<String>,
    pub nick: Option<String>,
    pub password: Option<String>,
    pub autojoin: bool,
    /// What other clients keep with it.
    pub extensions: Option<Element>,
}

impl Conference {
    /// Reads the content of the item `id` of XEP-0402.
    pub fn decode(id: &str, conference: &Element) -> Option<Self> {
        Self::decode_as(id, conference, &ns::BOOKMARKS)
    }

    /// The content of the item of XEP-0402; its id is the room's address.
    pub fn encode(&self) -> Element {
        let conference = self.encode_as(&ns::BOOKMARKS);
        match &self.extensions {
            Some(extensions) => conference.with_child(extensions.clone()),
            None => conference,
        }
    }

    /// Reads the `<storage/>` of XEP-0048: the rooms in it, and what else there is.
    pub fn decode_all(storage: &Element) -> Option<(Vec<Self>, Vec<Element>)> {
        if !storage.is("storage", &ns::OLD_BOOKMARKS) {
            return None;
        }
        let (mut rooms, mut others) = (Vec::new(), Vec::new());
        for child in storage.children() {
            let id = child.attribute("jid").unwrap_or_default();
            match Self::decode_as(id, child, &ns::OLD_BOOKMARKS) {
                Some(room) => rooms.push(room),
                None => others.push(child.clone()),
            }
        }
        Some((rooms, others))
    }

    /// The `<storage/>` of XEP-0048 with these rooms, and with `others` that stood there.
    pub fn encode_all(rooms: impl IntoIterator<Item = Self>, others: &[Element]) -> Element {
        let mut storage = Element::new("storage", ns::OLD_BOOKMARKS);
        for room in rooms {
            storage.push(room.encode_as(&ns::OLD_BOOKMARKS).with_attribute("jid", room.jid.as_str()));
        }
        others.iter().for_each(|other| storage.push(other.clone()));
        storage
    }

    fn decode_as(id: &str, conference: &Element, namespace: &Namespace) -> Option<Self> {
        if !conference.is("conference", namespace) {
            return None;
        }
        let text = |name| conference.child(name, namespace).map(|child| child.text().into_owned());
        Some(Self {
            jid: BareJid::new(id).ok()?,
            name: conference.attribute("name").filter(|name| !name.is_empty()).map(str::to_owned),
            nick: text("nick").filter(|nick| !nick.is_empty()),
            password: text("password").filter(|password| !password.is_empty()),
            autojoin: matches!(conference.attribute("autojoin"), Some("true" | "1")),
            extensions: conference.child("extensions", namespace).cloned(),
        })
    }

    fn encode_as(&self, namespace: &Namespace) -> Element {
        let mut conference = Element::new("conference", namespace.clone());
        if let Some(name) = &self.name {
            conference.set_attribute("name", name.as_str());
        }
        conference.set_attribute("autojoin", if self.autojoin { "true" } else { "false" });
        for (name, text) in [("nick", &self.nick), ("password", &self.password)] {
            if let Some(text) = text {
                conference.push(Element::new(name, namespace.clone()).with_text(text.as_str()));
            }
        }
        conference
    }
}
