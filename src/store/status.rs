//! The user's own status, as they chose it: it outlives connections.

use super::{
    Attributes, Change, Key, Kind,
    saved::{child_text, optional_text},
};
use crate::{
    jid::BareJid,
    xml::{Element, ns},
};

/// The id of the one entity there is.
pub const STATUS_ID: &str = "status";
/// The values a status can have, from the most reachable on.
pub const SHOWS: [&str; 7] = ["online", "chat", "away", "xa", "dnd", "unavailable", "offline"];

/// What the user lets others know.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OwnStatus {
    /// One of [`SHOWS`].
    pub show: &'static str,
    pub message: Option<String>,
}

impl Default for OwnStatus {
    fn default() -> Self {
        Self { show: "online", message: None }
    }
}

impl OwnStatus {
    /// The value of [`SHOWS`] that is written like this.
    pub fn show_of(text: &str) -> Option<&'static str> {
        SHOWS.into_iter().find(|show| *show == text)
    }

    /// Takes `status` in the place of this one.
    pub fn replace(&mut self, status: Self) -> Option<Change> {
        let same = *self == status;
        *self = status;
        (!same).then(|| Key::new(Kind::Status, STATUS_ID).changed())
    }

    pub(super) fn attributes(&self, me: Option<&BareJid>) -> Attributes {
        let jid = me.map(BareJid::as_rc);
        let attributes = Attributes::default().with("id", jid.clone()).with("jid", jid);
        attributes.with("status", self.show).with("status_message", self.message.as_deref())
    }

    pub(super) fn encode(&self) -> Element {
        let mut status = Element::new("status", ns::CACHE).with_attribute("show", self.show);
        optional_text(&mut status, "message", self.message.as_deref());
        status
    }

    pub(super) fn decode(saved: &Element) -> Option<Self> {
        let show = Self::show_of(saved.attribute("show")?)?;
        Some(Self { show, message: child_text(saved, "message") })
    }
}
