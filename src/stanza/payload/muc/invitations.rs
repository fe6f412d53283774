//! Invitations to rooms: sent by a room for somebody (XEP-0045 §7.8.2), or by a person (XEP-0249).

use std::fmt;

use super::bounded;
use crate::{
    jid::{BareJid, Jid},
    xml::{Element, ns},
};

/// An invitation to a room. Its password does not show in what is written about it.
#[derive(Clone, Eq, PartialEq)]
pub struct Invitation {
    pub room: BareJid,
    /// Who invites; where the room sends the invitation, whoever it says.
    pub from: Option<Jid>,
    pub reason: Option<String>,
    pub password: Option<String>,
}

impl fmt::Debug for Invitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Invitation").field("room", &self.room).field("from", &self.from).finish_non_exhaustive()
    }
}

/// The child of a message to somebody whom the user invites.
pub fn direct(room: &BareJid, reason: Option<&str>, password: Option<&str>) -> Element {
    let mut x = Element::new("x", ns::INVITATION).with_attribute("jid", room.as_str());
    for (name, value) in [("reason", reason), ("password", password)] {
        if let Some(value) = value {
            x.set_attribute(name, value);
        }
    }
    x
}

/// The child of a message to a room that is to invite somebody.
pub fn mediated(jid: &BareJid, reason: Option<&str>) -> Element {
    let mut invite = Element::new("invite", ns::MUC_USER).with_attribute("to", jid.as_str());
    if let Some(reason) = reason {
        invite.push(Element::new("reason", ns::MUC_USER).with_text(reason));
    }
    Element::new("x", ns::MUC_USER).with_child(invite)
}

/// The child of a message to a room that has invited the user in the name of `jid`, who is to hear that they do not come.
pub fn declined(jid: &Jid, reason: Option<&str>) -> Element {
    let mut decline = Element::new("decline", ns::MUC_USER).with_attribute("to", jid.as_str());
    if let Some(reason) = reason {
        decline.push(Element::new("reason", ns::MUC_USER).with_text(reason));
    }
    Element::new("x", ns::MUC_USER).with_child(decline)
}

/// The invitation by `from` that is in `message`.
pub fn direct_in(message: &Element, from: &Jid) -> Option<Invitation> {
    let x = message.child("x", &ns::INVITATION)?;
    let text = |name| x.attribute(name).filter(|text| !text.is_empty()).map(|text| bounded(text.to_owned()));
    Some(Invitation {
        room: BareJid::new(x.attribute("jid")?).ok().filter(|room| room.local().is_some())?,
        from: Some(from.clone()),
        reason: text("reason"),
        password: text("password"),
    })
}

/// The invitation to itself that `room` sends with `message`.
pub fn mediated_in(message: &Element, room: &BareJid) -> Option<Invitation> {
    let x = message.child("x", &ns::MUC_USER)?;
    let invite = x.child("invite", &ns::MUC_USER)?;
    room.local()?;
    Some(Invitation {
        room: room.clone(),
        from: invite.attribute("from").and_then(|from| Jid::new(from).ok()),
        reason: text(invite, "reason"),
        password: text(x, "password"),
    })
}

/// Who does not follow an invitation that went through the room which sent `message`, and why.
pub fn declined_in(message: &Element) -> Option<(Jid, Option<String>)> {
    let decline = message.child("x", &ns::MUC_USER)?.child("decline", &ns::MUC_USER)?;
    Some((Jid::new(decline.attribute("from")?).ok()?, text(decline, "reason")))
}

fn text(parent: &Element, name: &str) -> Option<String> {
    let text = parent.child(name, &ns::MUC_USER)?.text().into_owned();
    Some(bounded(text)).filter(|text| !text.is_empty())
}
