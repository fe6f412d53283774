//! XEP-0144: Roster Item Exchange (version 1.1.1), as far as it suggests somebody.

use crate::{
    jid::BareJid,
    xml::{Element, ns},
};

/// The most contacts that one message may suggest.
pub const MAX_SUGGESTIONS: usize = 50;

/// The most groups of one of them that are kept.
const MAX_GROUPS: usize = 10;

/// Those whom somebody thinks the user should know.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Suggestions(pub Vec<Suggestion>);

/// One of them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Suggestion {
    pub jid: BareJid,
    pub name: Option<String>,
    pub groups: Vec<String>,
}

impl Suggestions {
    /// Reads a stanza. What asks to change or to delete a contact is left out: that is the user's alone.
    pub fn decode(stanza: &Element) -> Option<Self> {
        let x = stanza.child("x", &ns::ROSTERX)?;
        let items = x.children().filter(|item| item.is("item", &ns::ROSTERX));
        Some(Self(items.filter_map(Suggestion::decode).take(MAX_SUGGESTIONS).collect()))
    }
}

impl Suggestion {
    fn decode(item: &Element) -> Option<Self> {
        // An item that does not say what is to be done is one to add (XEP-0144 §3.1).
        if item.attribute("action").is_some_and(|action| action != "add") {
            return None;
        }
        let jid = BareJid::new(item.attribute("jid")?).ok()?;
        let name = item.attribute("name").filter(|name| !name.is_empty()).map(str::to_owned);
        let groups = item.children().filter(|child| child.is("group", &ns::ROSTERX)).take(MAX_GROUPS);
        let groups = groups.map(|group| group.text().into_owned()).filter(|group| !group.is_empty()).collect();
        Some(Self { jid, name, groups })
    }
}
