//! How a room is to be: said by its owner (XEP-0045 §10).

use super::{Then, ask, finish, finish_with, info, key};
use crate::{
    feature::{Call, Context, Event, Outcome, outcome_of},
    jid::BareJid,
    session::Answer,
    stanza::{Field, Form, Iq, payload::muc},
    store::{Attributes, Value},
    xml::Element,
};

/// What the names in a form begin with that is for owners (§15.5.3).
const PREFIX: &str = "muc#roomconfig_";

/// Asks for the form that says how the room is.
pub fn fetch_config(context: &mut Context<'_>, call: Call, room: &BareJid) {
    let iq = Iq::get(&context.dice.id(), muc::owner(None)).with_attribute("to", room.as_str());
    context.request(iq, super::super::Then::Call(call));
}

/// Submits a form that the page has filled in; without one the service decides.
pub fn submit_config(context: &mut Context<'_>, call: Call, room: &BareJid, form: Option<Element>) {
    let query = form.map_or_else(muc::instant, |form| muc::owner(Some(form)));
    let iq = Iq::set(&context.dice.id(), query);
    ask(context, room, iq, Then::Configured { room: room.clone(), call: Some(call) });
}

/// Makes the room as its attribute `roomconfig` says.
pub fn auto_configure(context: &mut Context<'_>, room: &BareJid, call: Option<Call>) {
    let iq = Iq::get(&context.dice.id(), muc::owner(None));
    ask(context, room, iq, Then::Form { room: room.clone(), call });
}

/// Ends the room for everybody.
pub fn destroy(context: &mut Context<'_>, call: Call, room: &BareJid, instead: Option<&BareJid>, reason: Option<&str>) {
    let iq = Iq::set(&context.dice.id(), muc::destroy(instead, reason)).with_attribute("to", room.as_str());
    context.request(iq, super::super::Then::Call(call));
}

/// The user has made the room by entering: until somebody says how it is to be, nobody else gets in (§10.1).
pub(super) fn handle_new_room(context: &mut Context<'_>, jid: &BareJid) {
    let configures = context.store.rooms.get(jid).is_some_and(|room| room.auto_configure);
    if configures {
        auto_configure(context, jid, None);
    } else if context.options.muc_instant_rooms {
        let iq = Iq::set(&context.dice.id(), muc::instant());
        ask(context, jid, iq, Then::Configured { room: jid.clone(), call: None });
    } else {
        context.emit(Event::RoomConfigurationNeeded(key(jid)));
    }
}

pub(super) fn handle_form(context: &mut Context<'_>, room: BareJid, call: Option<Call>, answer: &Answer) {
    let form = match answer {
        Answer::Result(iq) => iq.payload().and_then(Form::find),
        _ => None,
    };
    let Some(mut form) = form else {
        context.emit(Event::RoomConfigurationNeeded(key(&room)));
        return finish(context, call, outcome_of(answer));
    };
    if let Some(open) = context.store.rooms.get(&room) {
        form.fields.iter_mut().for_each(|field| fill_in(field, &open.config));
    }
    let iq = Iq::set(&context.dice.id(), muc::owner(Some(form.submit())));
    ask(context, &room.clone(), iq, Then::Configured { room, call });
}

pub(super) fn handle_configured(context: &mut Context<'_>, room: &BareJid, call: Option<Call>, answer: &Answer) {
    match answer {
        Answer::Result(_) => info::refresh(context, room, None),
        Answer::Error(_) if call.is_none() => context.emit(Event::RoomConfigurationNeeded(key(room))),
        _ => {}
    }
    match (call, answer) {
        (Some(_), Answer::Result(_)) => finish(context, call, Outcome::Done),
        _ => finish_with(context, call, answer),
    }
}

/// Gives a field the value that the page wants, if it wants any.
fn fill_in(field: &mut Field, config: &Attributes) {
    let Some(wanted) = field.var.as_deref().and_then(|var| config.get(var.strip_prefix(PREFIX)?)) else { return };
    field.values = match wanted {
        Value::Undefined | Value::Null => return,
        Value::List(values) => values.iter().filter_map(text).collect(),
        // Each line is a value (XEP-0004 §3.3).
        Value::Text(lines) if field.kind() == "text-multi" => lines.lines().map(str::to_owned).collect(),
        value => text(value).into_iter().collect(),
    };
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Bool(value) => Some(if *value { "1" } else { "0" }.to_owned()),
        // Forms count, they do not measure.
        Value::Number(number) => Some((*number as i64).to_string()),
        Value::Text(text) => Some(text.to_string()),
        _ => None,
    }
}
