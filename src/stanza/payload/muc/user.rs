//! What a room says about those in it (XEP-0045 §7).

use super::{AFFILIATIONS, ROLES, bounded, known};
use crate::{
    jid::{BareJid, Jid},
    xml::{Element, ns},
};

/// The most status codes of one stanza that are read.
const MAX_CODES: usize = 20;

/// What `<x/>` in a stanza of the room's says.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct User {
    /// The status codes (§15.6).
    pub codes: Vec<u16>,
    pub item: Option<Item>,
    /// The room is no more; where to go instead, and why.
    pub destroyed: Option<(Option<BareJid>, Option<String>)>,
}

/// Somebody's place in a room.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Item {
    /// One of [`AFFILIATIONS`].
    pub affiliation: Option<&'static str>,
    /// One of [`ROLES`].
    pub role: Option<&'static str>,
    /// Who it is, if the room tells that.
    pub jid: Option<Jid>,
    pub nick: Option<String>,
    pub reason: Option<String>,
    /// The nickname, or else the address, of whoever brought it about.
    pub actor: Option<String>,
}

impl User {
    /// What the room says with `stanza`; `None` if it says nothing.
    pub fn find(stanza: &Element) -> Option<Self> {
        let x = stanza.child("x", &ns::MUC_USER)?;
        let codes = x.children().filter(|child| child.is("status", &ns::MUC_USER)).take(MAX_CODES);
        let destroyed = x.child("destroy", &ns::MUC_USER).map(|destroy| {
            let instead = destroy.attribute("jid").and_then(|jid| BareJid::new(jid).ok());
            (instead, reason(destroy))
        });
        Some(Self {
            codes: codes.filter_map(|code| code.attribute("code")?.parse().ok()).collect(),
            item: x.child("item", &ns::MUC_USER).map(Item::decode),
            destroyed,
        })
    }

    /// Whether the status `code` is among those said.
    pub fn says(&self, code: u16) -> bool {
        self.codes.contains(&code)
    }
}

/// Where to go instead of a room that does not let in whom `error` was sent to (§10.9), if it says so.
pub fn instead(error: &Element) -> Option<BareJid> {
    let error = error.child("error", error.namespace())?;
    let gone = ["gone", "redirect"].into_iter().find_map(|name| error.child(name, &ns::STANZA_ERRORS))?;
    let uri = gone.text();
    BareJid::new(uri.strip_prefix("xmpp:").unwrap_or(&uri)).ok()
}

impl Item {
    /// Reads `<item/>`, in whatever namespace it stands.
    pub fn decode(item: &Element) -> Self {
        let actor = item.child("actor", item.namespace());
        let actor = actor.and_then(|actor| actor.attribute("nick").or_else(|| actor.attribute("jid")));
        Self {
            affiliation: known(&AFFILIATIONS, item.attribute("affiliation")),
            role: known(&ROLES, item.attribute("role")),
            jid: item.attribute("jid").and_then(|jid| Jid::new(jid).ok()),
            nick: item.attribute("nick").map(str::to_owned),
            reason: reason(item),
            actor: actor.map(|actor| bounded(actor.to_owned())),
        }
    }
}

fn reason(element: &Element) -> Option<String> {
    let reason = element.child("reason", element.namespace())?.text().into_owned();
    Some(bounded(reason)).filter(|reason| !reason.is_empty())
}
