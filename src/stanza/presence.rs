//! Presence stanzas (RFC 6121 §4).

use std::rc::Rc;

use super::{DecodeError, address};
use crate::{
    jid::{BareJid, Jid},
    xml::{Element, ns},
};

/// The longest status and nickname that are read, in bytes; what is longer is cut. Clients let people write some hundred
/// characters, and everybody may have fifty clients.
pub const MAX_TEXT_BYTES: usize = 2_000;

/// A `<presence/>` as it arrived.
#[derive(Clone, Debug, PartialEq)]
pub struct Presence {
    pub from: Option<Jid>,
    pub kind: PresenceType,
    element: Rc<Element>,
}

/// What a presence is for (RFC 6121 §4.7.1).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PresenceType {
    Available,
    Unavailable,
    Subscribe,
    Subscribed,
    Unsubscribe,
    Unsubscribed,
    Probe,
    Error,
}

/// A presence that asks for a subscription, or grants, refuses or ends one (RFC 6121 §3), as an element to send.
pub fn subscription(kind: PresenceType, to: &BareJid) -> Element {
    let kind = match kind {
        PresenceType::Subscribed => "subscribed",
        PresenceType::Unsubscribe => "unsubscribe",
        PresenceType::Unsubscribed => "unsubscribed",
        _ => "subscribe",
    };
    Element::new("presence", ns::CLIENT).with_attribute("to", to.as_str()).with_attribute("type", kind)
}

impl Presence {
    pub(super) fn decode(element: Element) -> Result<Self, DecodeError> {
        let kind = match element.attribute("type") {
            None => PresenceType::Available,
            Some("unavailable") => PresenceType::Unavailable,
            Some("subscribe") => PresenceType::Subscribe,
            Some("subscribed") => PresenceType::Subscribed,
            Some("unsubscribe") => PresenceType::Unsubscribe,
            Some("unsubscribed") => PresenceType::Unsubscribed,
            Some("probe") => PresenceType::Probe,
            Some("error") => PresenceType::Error,
            Some(_) => return Err(DecodeError::Invalid("the type of a presence")),
        };
        Ok(Self { from: address(&element, "from")?, kind, element: Rc::new(element) })
    }

    /// How available the sender is, in the API's words; an unknown word counts as none (RFC 6121 §4.7.2.1).
    pub fn show(&self) -> &'static str {
        let show = self.text("show");
        ["chat", "away", "xa", "dnd"].into_iter().find(|known| show.as_deref() == Some(known)).unwrap_or("online")
    }

    /// What the sender says about that.
    pub fn status(&self) -> Option<String> {
        self.text("status").filter(|status| !status.is_empty())
    }

    /// How much the sender wants messages at this client; what is no number counts as zero (RFC 6121 §4.7.2.3).
    pub fn priority(&self) -> i8 {
        self.text("priority").and_then(|priority| priority.trim().parse().ok()).unwrap_or(0)
    }

    /// What the sender wants to be called (XEP-0172).
    pub fn nickname(&self) -> Option<String> {
        let nick = self.element.child("nick", &ns::NICK).map(|nick| nick.text_within(MAX_TEXT_BYTES));
        nick.filter(|nick| !nick.is_empty())
    }

    /// The whole stanza.
    pub fn element(&self) -> &Rc<Element> {
        &self.element
    }

    fn text(&self, name: &str) -> Option<String> {
        self.element.child(name, &ns::CLIENT).map(|child| child.text_within(MAX_TEXT_BYTES))
    }
}
