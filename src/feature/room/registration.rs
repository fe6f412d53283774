//! Nicknames that a room keeps for somebody (XEP-0045 §§7.10, 7.12).

use super::{Then, ask, finish, finish_with, join};
use crate::{
    feature::{Call, Context, Outcome},
    jid::BareJid,
    session::Answer,
    stanza::{Field, Form, Iq, payload::muc},
    store::Value,
    xml::ns,
};

/// What the field for the nickname is called.
const NICK: &str = "muc#register_roomnick";

/// Asks which nickname the room keeps for the user.
pub fn fetch_reserved_nick(context: &mut Context<'_>, room: &BareJid, call: Call) {
    ask_reserved_nick(context, room, None, Some(call));
}

/// Has the room keep the user's nickname.
pub fn register(context: &mut Context<'_>, room: &BareJid, call: Option<Call>) {
    let nick = context.store.rooms.get(room).and_then(|room| room.nick.clone()).unwrap_or_default();
    let iq = Iq::get(&context.dice.id(), muc::registration());
    ask(context, room, iq, Then::Registration { room: room.clone(), nick: nick.to_string(), call });
}

pub(super) fn ask_reserved_nick(context: &mut Context<'_>, room: &BareJid, attempt: Option<u32>, call: Option<Call>) {
    let iq = Iq::get(&context.dice.id(), muc::reserved_nick());
    ask(context, room, iq, Then::ReservedNick { room: room.clone(), attempt, call });
}

pub(super) fn handle_reserved_nick(
    context: &mut Context<'_>,
    room: &BareJid,
    attempt: Option<u32>,
    call: Option<Call>,
    answer: &Answer,
) {
    let nick = match answer {
        Answer::Result(iq) => iq.payload().and_then(muc::reserved_nick_in),
        _ => None,
    };
    if let Some(nick) = &nick {
        let change = context.store.rooms.update(room, |room| room.reserved_nick = Some(nick.clone()));
        context.tell(change);
    }
    match answer {
        // A service that does not know the node knows no nickname either.
        Answer::Result(_) | Answer::Error(_) => finish(context, call, Outcome::Value(nick.into())),
        _ => finish_with(context, call, answer),
    }
    if let Some(attempt) = attempt {
        join::step(context, room, attempt, answer);
    }
}

pub(super) fn handle_form(context: &mut Context<'_>, room: BareJid, nick: String, call: Option<Call>, answer: &Answer) {
    let form = match answer {
        Answer::Result(iq) => iq.payload().and_then(Form::find),
        _ => None,
    };
    let wanted = form.is_some_and(|form| form.values(NICK).is_some());
    if !wanted {
        return finish_with(context, call, answer);
    }
    let fields = vec![Field::form_type(&ns::MUC_REGISTER), Field::new(NICK, vec![nick.clone()])];
    let iq = Iq::set(&context.dice.id(), muc::register(Form { fields }.submit()));
    ask(context, &room.clone(), iq, Then::Registered { room, nick, call });
}

pub(super) fn handle_registered(
    context: &mut Context<'_>,
    room: &BareJid,
    nick: String,
    call: Option<Call>,
    answer: &Answer,
) {
    if let Answer::Result(_) = answer {
        let change = context.store.rooms.update(room, |room| room.reserved_nick = Some(nick.clone()));
        context.tell(change);
        return finish(context, call, Outcome::Value(Value::from(nick)));
    }
    finish_with(context, call, answer);
}
