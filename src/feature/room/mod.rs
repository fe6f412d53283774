//! Rooms (XEP-0045): entered and left, who is there, what is said, how they are to be.

mod config;
mod info;
mod invitations;
mod join;
mod members;
mod message;
mod notices;
mod presence;
mod private;
mod private_send;
mod registration;
mod send;

pub use config::{auto_configure, destroy, fetch_config, submit_config};
pub use info::refresh;
pub use invitations::{MAX_INVITATIONS, decline, handle_invitation, invite, invite_through};
pub use join::{JOIN_TIMEOUT, end_all, handle_timeout, join, leave, online, tell_status};
pub use members::{change_place, fetch_members};
pub use message::{handle_message, join_corrections, take_in_archived};
pub use presence::handle_presence;
pub use private::{handle_carbon, take_in_archived_private};
pub use private_send::{
    close_private, open_private, send_private, send_private_again, send_private_kept, write_private,
};
pub use registration::{fetch_reserved_nick, register};
pub use send::{send, send_again, send_kept, set_state, set_subject, settle};

use super::{Call, Context, Outcome, outcome_of};
use crate::{
    jid::BareJid,
    session::{Answer, DEFAULT_TIMEOUT},
    stanza::{MessageType, payload::muc::Wish},
    store::{Attributes, Key, Kind, Password, Room, Store, Value},
    xml::Element,
};

/// What comes after the answer to a request of this feature.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Then {
    /// The room says what it is; for which attempt to enter, or who waits for it.
    Described { room: BareJid, attempt: Option<u32>, call: Option<Call> },
    /// The room says which nickname is the user's.
    ReservedNick { room: BareJid, attempt: Option<u32>, call: Option<Call> },
    /// The room's form is to be filled in as the page wants the room.
    Form { room: BareJid, call: Option<Call> },
    /// The room is as it was wanted, or will not be.
    Configured { room: BareJid, call: Option<Call> },
    /// These have an affiliation to the room.
    Members { room: BareJid, call: Option<Call> },
    /// Somebody has another place in the room.
    Changed { room: BareJid, wish: Wish, call: Call },
    /// Somebody may enter now, and is told so.
    Admitted { room: BareJid, jid: BareJid, reason: Option<String>, call: Call },
    /// The room has passed on the message with this id, an invitation, or has said that it does not.
    Invited { id: String },
    /// The room says what it wants to know of somebody who registers.
    Registration { room: BareJid, nick: String, call: Option<Call> },
    /// The nickname is registered, or is not.
    Registered { room: BareJid, nick: String, call: Option<Call> },
}

/// Whether the room takes in this stanza of its own: presence, or something said to all.
pub fn hears(store: &Store, room: &BareJid, stanza: &Element) -> bool {
    let inside = store.rooms.get(room).is_some_and(Room::is_inside);
    inside && (stanza.name() == "presence" || MessageType::of(stanza) == MessageType::Groupchat)
}

/// Opens the room, if it is not open, and gives it these attributes then. Those that are not the core's come back.
pub fn open(context: &mut Context<'_>, jid: &BareJid, attributes: &Attributes) -> Attributes {
    let mut others = Attributes::default();
    let added = context.store.rooms.open(jid, context.time);
    let is_new = added.is_some();
    context.tell(added);
    for (name, value) in attributes.iter() {
        let entered = context.store.rooms.get(jid).is_some_and(|room| room.wanted);
        match (name, value) {
            ("nick", Value::Text(nick)) if !entered => {
                let nick = Some(nick.clone()).filter(|nick| !nick.is_empty());
                let change = context.store.rooms.update(jid, |room| room.nick = nick);
                context.tell(change);
            }
            ("password", Value::Text(password)) => {
                let password = Some(Password(password.to_string()));
                let _: Option<_> = context.store.rooms.update(jid, |room| room.password = password);
            }
            ("jid" | "id" | "type" | "nick" | "password", _) => {}
            _ if !is_new || write_one(context, jid, name, value) => {}
            (name, value) => others.set(name, value.clone()),
        }
    }
    others
}

/// Opens the room and enters it, unless the user is in already.
pub fn open_and_join(context: &mut Context<'_>, jid: &BareJid, nick: Option<&str>, hidden: bool) {
    let nick = nick.map_or(Value::Undefined, Value::from);
    let _: Attributes = open(context, jid, &Attributes::default().with("nick", nick).with("hidden", hidden));
    join(context, jid, None, None);
}

/// Leaves the room and closes it.
pub fn close(context: &mut Context<'_>, jid: &BareJid) {
    leave(context, jid, None);
    let change = context.store.rooms.close(jid);
    context.tell(change);
}

/// The attributes of rooms that can be written.
pub const OWN_ATTRIBUTES: &[&str] =
    &["auto_configure", "chat_state", "hidden", "name", "nick", "num_unread", "num_unread_general", "roomconfig"];

/// Gives attributes of a room other values.
pub fn write(context: &mut Context<'_>, jid: &BareJid, own: &Attributes) {
    for (name, value) in own.iter() {
        let _: bool = write_one(context, jid, name, value);
    }
}

/// Gives an attribute of a room another value. `false` if that is none of the core's.
fn write_one(context: &mut Context<'_>, jid: &BareJid, name: &str, value: &Value) -> bool {
    let truth = value.is_truthy();
    let text = || value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    if let ("chat_state", Some(state)) = (name, text()) {
        return set_state(context, jid, &state);
    }
    let mut known = true;
    let change = context.store.rooms.update(jid, |room| match (name, value) {
        ("hidden", _) => {
            room.hidden = truth;
            if truth && room.unread_general == 0 {
                room.messages.forget_fresh();
            }
        }
        ("auto_configure", _) => room.auto_configure = truth,
        ("num_unread", Value::Number(unread)) => room.unread = *unread as u32,
        ("num_unread_general", Value::Number(unread)) => room.unread_general = *unread as u32,
        ("name", _) => room.name = text(),
        // Once in, the room says what it is.
        ("nick", _) => room.nick = if room.wanted { room.nick.take() } else { text().map(Into::into) },
        ("roomconfig", Value::Map(entries)) => {
            room.config = Attributes::default();
            entries.iter().for_each(|(name, value)| room.config.set(name.clone(), value.clone()));
        }
        _ => known = false,
    });
    context.tell(change.filter(|_| known));
    known
}

/// Goes on after an answer.
pub fn handle_answer(context: &mut Context<'_>, then: Then, answer: &Answer) {
    match then {
        Then::Described { room, attempt, call } => info::handle_info(context, &room, attempt, call, answer),
        Then::ReservedNick { room, attempt, call } => {
            registration::handle_reserved_nick(context, &room, attempt, call, answer);
        }
        Then::Form { room, call } => config::handle_form(context, room, call, answer),
        Then::Configured { room, call } => config::handle_configured(context, &room, call, answer),
        Then::Members { room, call } => members::handle_members(context, &room, call, answer),
        Then::Changed { room, wish, call } => members::handle_changed(context, &room, wish, call, answer),
        Then::Admitted { room, jid, reason, call } => {
            invitations::handle_admitted(context, &room, &jid, reason, call, answer);
        }
        Then::Invited { id } => invitations::handle_invited(context, &id, answer),
        Then::Registration { room, nick, call } => registration::handle_form(context, room, nick, call, answer),
        Then::Registered { room, nick, call } => registration::handle_registered(context, &room, nick, call, answer),
    }
}

/// Sends a request to the room. The answer comes in any case.
fn ask(context: &mut Context<'_>, room: &BareJid, iq: Element, then: Then) {
    let iq = iq.with_attribute("to", room.as_str());
    let wrapped = super::Then::Room(then.clone());
    if context.session.request(context.now, iq, DEFAULT_TIMEOUT, wrapped).is_err() {
        handle_answer(context, then, &Answer::Disconnected);
    }
}

/// Tells whoever waits for it what came of a request.
fn finish(context: &mut Context<'_>, call: Option<Call>, outcome: Outcome) {
    if let Some(call) = call {
        context.finish(call, outcome);
    }
}

/// The same with an answer that says all.
fn finish_with(context: &mut Context<'_>, call: Option<Call>, answer: &Answer) {
    finish(context, call, outcome_of(answer));
}

fn key(room: &BareJid) -> Key {
    Key::of_jid(Kind::Room, room)
}
