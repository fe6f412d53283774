//! What the user is told of when nobody looks: on the desktop, and by a sound.

use super::names;
use crate::{
    jid::BareJid,
    store::{Attributes, Key, Kind, Message, Store},
    text,
};

/// The most characters of a message that a notification shows.
pub const MAX_PREVIEW: usize = 200;

/// What the settings say about it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Wishes {
    pub desktop: Desktop,
    pub sounds: bool,
    /// How contacts can be reached is of interest; but for these.
    pub presences: bool,
    pub not_of: Vec<BareJid>,
}

/// When there are notifications on the desktop.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Desktop {
    #[default]
    Never,
    /// While the page cannot be seen.
    Hidden,
    Always,
}

/// What is shown, as an element reads it, and by which ways.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    pub what: Attributes,
    pub desktop: bool,
    pub sound: bool,
}

impl Wishes {
    fn shows(&self, visible: bool) -> bool {
        match self.desktop {
            Desktop::Never => false,
            Desktop::Hidden => !visible,
            Desktop::Always => true,
        }
    }
}

/// Of a message that was not seen.
pub fn of_message(store: &Store, wishes: &Wishes, visible: bool, chat: &Key, number: u32) -> Option<Notice> {
    let jid = BareJid::new(&chat.id).ok()?;
    let message = store.timeline(&chat.id)?.get(number)?;
    let room = store.rooms.get(&jid).filter(|_| chat.kind == Kind::Room);
    let what = Attributes::default()
        .with("cause", "message")
        .with("kind", if room.is_some() { "room" } else { "chat" })
        .with("jid", chat.id.clone())
        .with("name", room.map_or_else(|| names::of_person(store, &jid), |room| names::of_room(store, room)))
        .with("nick", message.nick.clone())
        .with("hidden", message.rare.spoiler.is_some())
        .with("text", preview(message));
    Some(Notice { what, desktop: wishes.shows(visible), sound: wishes.sounds })
}

/// Of somebody who asks to become a contact.
pub fn of_request(store: &Store, wishes: &Wishes, visible: bool, jid: &BareJid) -> Notice {
    let what = of_person(store, "request", jid);
    Notice { what, desktop: wishes.shows(visible), sound: wishes.sounds }
}

/// Of a contact who can be reached otherwise than before, if that is of interest. It makes no sound.
pub fn of_presence(store: &Store, wishes: &Wishes, visible: bool, jid: &BareJid) -> Option<Notice> {
    let wanted = wishes.presences && wishes.shows(visible) && !wishes.not_of.contains(jid);
    let show = store.presences.get(jid).map_or("offline", |presence| presence.show());
    wanted.then(|| Notice { what: of_person(store, "presence", jid).with("show", show), desktop: true, sound: false })
}

fn of_person(store: &Store, cause: &'static str, jid: &BareJid) -> Attributes {
    Attributes::default()
        .with("cause", cause)
        .with("kind", "chat")
        .with("jid", jid.as_rc())
        .with("name", names::of_person(store, jid))
}

/// A line of what a message says; of what is hidden on purpose, only what is said about it.
fn preview(message: &Message) -> String {
    let text = match &message.rare.spoiler {
        Some(hint) => hint.as_str(),
        None => message.body.as_deref().or(message.rare.oob_url.as_deref()).unwrap_or_default(),
    };
    text::shorten(text, MAX_PREVIEW)
}
