//! RFC 6121 §2: the roster, as asked for, answered and pushed.

use crate::{
    jid::BareJid,
    stanza::{DecodeError, Iq, IqKind},
    xml::{Element, ns},
};

/// The most groups of one contact that are kept.
pub const MAX_GROUPS: usize = 100;
/// The longest name of a contact or of a group that is read, in bytes; one that is longer is left out.
pub const MAX_NAME_BYTES: usize = 1_023;

/// One contact as the server has it (RFC 6121 §2.1.2).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Item {
    pub jid: BareJid,
    pub name: Option<String>,
    pub subscription: Subscription,
    /// Whether a request of ours to see the contact's presence is unanswered.
    pub ask: bool,
    /// In the order of the server, without repetitions.
    pub groups: Vec<String>,
}

/// Who sees whose presence (RFC 6121 §2.1.2.5).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Subscription {
    None,
    To,
    From,
    Both,
    /// In a push: the contact is no longer in the roster.
    Remove,
}

/// The answer to a roster request.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Roster {
    pub version: Option<String>,
    pub items: Vec<Item>,
}

/// A change of the roster, told by the user's own account and by nobody else (RFC 6121 §2.1.6).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Push {
    version: Option<String>,
    item: Item,
}

impl Subscription {
    /// The value of the attribute `subscription`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::To => "to",
            Self::From => "from",
            Self::Both => "both",
            Self::Remove => "remove",
        }
    }
}

/// `<query/>` to ask for the roster; with `version`, only for what changed since.
pub fn query(version: Option<&str>) -> Element {
    let query = Element::new("query", ns::ROSTER);
    match version {
        Some(version) => query.with_attribute("ver", version),
        None => query,
    }
}

/// `<query/>` to add a contact, or to give it another name or other groups (RFC 6121 §2.3).
pub fn update(jid: &BareJid, name: Option<&str>, groups: &[String]) -> Element {
    let mut item = Element::new("item", ns::ROSTER).with_attribute("jid", jid.as_str());
    if let Some(name) = name {
        item.set_attribute("name", name);
    }
    groups.iter().for_each(|group| item.push(Element::new("group", ns::ROSTER).with_text(group.as_str())));
    Element::new("query", ns::ROSTER).with_child(item)
}

/// `<query/>` to take a contact out (RFC 6121 §2.5).
pub fn removal(jid: &BareJid) -> Element {
    let item = Element::new("item", ns::ROSTER).with_attribute("jid", jid.as_str());
    Element::new("query", ns::ROSTER).with_child(item.with_attribute("subscription", "remove"))
}

impl Roster {
    /// Reads the `<query/>` of a roster result. An item that cannot be understood is left out: one bad entry must not
    /// cost the user the others.
    pub fn decode(query: &Element) -> Result<Self, DecodeError> {
        if !query.is("query", &ns::ROSTER) {
            return Err(DecodeError::Invalid("the query of a roster result"));
        }
        let items = query.children().filter_map(|item| Item::decode(item).ok());
        let items = items.filter(|item| item.subscription != Subscription::Remove).collect();
        Ok(Self { version: query.attribute("ver").map(str::to_owned), items })
    }
}

impl Push {
    /// Whether `iq` has the form of a roster push, whoever sent it.
    pub fn is_push(iq: &Iq) -> bool {
        iq.kind == IqKind::Set && iq.payload().is_some_and(|payload| payload.is("query", &ns::ROSTER))
    }

    /// Reads a push. `None` unless it comes from the account `me` itself, which is from no address or its bare one.
    pub fn from_own_account(iq: &Iq, me: &BareJid) -> Option<Result<Self, DecodeError>> {
        let own = iq.from.as_ref().is_none_or(|from| from.is_bare() && from.bare() == me);
        if !own || !Self::is_push(iq) {
            return None;
        }
        iq.payload().map(Self::decode)
    }

    /// The version of the roster from now on, if that is told, and what has changed.
    pub fn into_parts(self) -> (Option<String>, Item) {
        (self.version, self.item)
    }

    fn decode(query: &Element) -> Result<Self, DecodeError> {
        let mut items = query.children();
        match (items.next(), items.next()) {
            (Some(item), None) => {
                Ok(Self { version: query.attribute("ver").map(str::to_owned), item: Item::decode(item)? })
            }
            _ => Err(DecodeError::Invalid("the only item of a roster push")),
        }
    }
}

impl Item {
    fn decode(item: &Element) -> Result<Self, DecodeError> {
        if !item.is("item", &ns::ROSTER) {
            return Err(DecodeError::Invalid("an item of the roster"));
        }
        let jid = BareJid::new(item.attribute("jid").ok_or(DecodeError::Invalid("the jid of a roster item"))?)?;
        let subscription = match item.attribute("subscription") {
            None | Some("none") => Subscription::None,
            Some("to") => Subscription::To,
            Some("from") => Subscription::From,
            Some("both") => Subscription::Both,
            Some("remove") => Subscription::Remove,
            Some(_) => return Err(DecodeError::Invalid("the subscription of a roster item")),
        };
        let mut groups = Vec::new();
        for group in item.children().filter(|child| child.is("group", &ns::ROSTER)).take(MAX_GROUPS) {
            let group = group.text().into_owned();
            if !group.is_empty() && group.len() <= MAX_NAME_BYTES && !groups.contains(&group) {
                groups.push(group);
            }
        }
        let name = item.attribute("name").filter(|name| !name.is_empty() && name.len() <= MAX_NAME_BYTES);
        let name = name.map(str::to_owned);
        Ok(Self { jid, name, subscription, ask: item.attribute("ask") == Some("subscribe"), groups })
    }
}
