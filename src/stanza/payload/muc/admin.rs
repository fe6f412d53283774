//! What moderators, admins and owners ask of a room (XEP-0045 §§8–10), and members of theirs (§7.10).

use super::Item;
use crate::{
    jid::BareJid,
    xml::{Element, ns},
};

/// The most members of one list that are read.
const MAX_MEMBERS: usize = 20_000;

/// A change of somebody's place in a room.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Wish {
    /// The occupant with this nickname gets another role; `none` is a kick (§8).
    Role { nick: String, role: &'static str, reason: Option<String> },
    /// The person gets another affiliation; `outcast` is a ban (§9).
    Affiliation { jid: BareJid, affiliation: &'static str, nick: Option<String>, reason: Option<String> },
}

/// `<query/>` to change somebody's place.
pub fn change(wish: &Wish) -> Element {
    let mut item = Element::new("item", ns::MUC_ADMIN);
    let reason = match wish {
        Wish::Role { nick, role, reason } => {
            item.set_attribute("nick", nick.as_str());
            item.set_attribute("role", *role);
            reason
        }
        Wish::Affiliation { jid, affiliation, nick, reason } => {
            item.set_attribute("affiliation", *affiliation);
            item.set_attribute("jid", jid.as_str());
            if let Some(nick) = nick {
                item.set_attribute("nick", nick.as_str());
            }
            reason
        }
    };
    if let Some(reason) = reason {
        item.push(Element::new("reason", ns::MUC_ADMIN).with_text(reason.as_str()));
    }
    Element::new("query", ns::MUC_ADMIN).with_child(item)
}

/// `<query/>` to ask who has an affiliation.
pub fn list(affiliation: &str) -> Element {
    let item = Element::new("item", ns::MUC_ADMIN).with_attribute("affiliation", affiliation);
    Element::new("query", ns::MUC_ADMIN).with_child(item)
}

/// Those in the answer to that.
pub fn members(query: &Element) -> Vec<Item> {
    let items = query.children().filter(|child| child.is("item", &ns::MUC_ADMIN)).take(MAX_MEMBERS);
    items.map(Item::decode).collect()
}

/// `<query/>` to ask for a room's configuration, or with a form to change it (§10.1).
pub fn owner(form: Option<Element>) -> Element {
    let query = Element::new("query", ns::MUC_OWNER);
    match form {
        Some(form) => query.with_child(form),
        None => query,
    }
}

/// `<query/>` to open a new room as the service would have it (§10.1.2).
pub fn instant() -> Element {
    owner(Some(Element::new("x", ns::DATA_FORM).with_attribute("type", "submit")))
}

/// `<query/>` to end a room (§10.9).
pub fn destroy(instead: Option<&BareJid>, reason: Option<&str>) -> Element {
    let mut destroy = Element::new("destroy", ns::MUC_OWNER);
    if let Some(jid) = instead {
        destroy.set_attribute("jid", jid.as_str());
    }
    if let Some(reason) = reason {
        destroy.push(Element::new("reason", ns::MUC_OWNER).with_text(reason));
    }
    owner(Some(destroy))
}

/// `<query/>` to ask what a room wants to know of somebody who registers.
pub fn registration() -> Element {
    Element::new("query", ns::REGISTER)
}

/// `<query/>` to register with a form that is filled in.
pub fn register(form: Element) -> Element {
    registration().with_child(form)
}
