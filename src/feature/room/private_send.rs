//! What the user says to single occupants of a room (XEP-0045 §7.5).

use std::rc::Rc;

use super::private;
use crate::{
    feature::{Context, Outgoing, Step, write_content},
    jid::BareJid,
    stanza::payload::{chat_states, hints},
    store::{Attributes, Key, Kind, Sending, Value},
    xml::{Element, ns},
};

/// Opens the conversation with the occupant who has this nickname, or goes on with that with somebody who had. `None` if
/// nobody is known to have it.
pub fn open_private(context: &mut Context<'_>, room: &BareJid, nick: &str) -> Option<Key> {
    let open = context.store.rooms.get(room)?;
    if let Some(private) = open.private_named(nick) {
        return Some(private.key());
    }
    let number = open.occupants.find(Some(nick), None)?.clone();
    let occupant = open.occupants.get(&number)?.clone();
    let id = private::open(context, room, Some(&number), &occupant)?;
    context.store.rooms.private(&id).map(|(_, private)| private.key())
}

/// Says something in the conversation `id`. The message is there at once, and tells what becomes of it. `None` if there
/// is no such conversation, or nothing of the user's to correct.
pub fn send_private(context: &mut Context<'_>, id: &str, outgoing: Outgoing) -> Option<Key> {
    let (room, _) = context.store.rooms.private(id)?;
    let nick = room.nick.clone();
    let from = room.address_of(nick.as_deref().unwrap_or_default());
    let msgid: Rc<str> = context.dice.uuid().into();
    let time = context.time;
    let messages = &mut context.store.rooms.private_mut(id)?.messages;
    let (number, change, replaced) = match outgoing.correcting {
        Some(number) => {
            let replaced = messages.get(number).filter(|message| message.can_be_corrected())?.msgid.clone()?;
            let change = messages.update(number, |message| outgoing.replace(message, msgid, time));
            (number, change?, Some(replaced))
        }
        None => {
            let mut entry = outgoing.into_message("chat", from, msgid, time);
            entry.nick = nick;
            let (number, change) = messages.push(entry);
            (number, change, None)
        }
    };
    let key = change.key.clone();
    context.tell([change]);
    transmit(context, id, number, replaced.as_deref());
    Some(key)
}

/// Sends a message once more that did not arrive.
pub fn send_private_again(context: &mut Context<'_>, id: &str, number: u32) -> Option<Key> {
    let messages = &mut context.store.rooms.private_mut(id)?.messages;
    let message = messages.get(number)?;
    if !message.can_be_sent_again() {
        return None;
    }
    let replaced = message.rare.corrected_by.is_some().then(|| message.msgid.clone()).flatten();
    let change = messages.update(number, |message| message.outcome = Some(Sending::Pending));
    let key = messages.key(number);
    context.tell(change);
    transmit(context, id, number, replaced.as_deref());
    Some(key)
}

/// Sends a message that was kept until there was all that it is to say.
pub fn send_private_kept(context: &mut Context<'_>, id: &str, number: u32) {
    transmit(context, id, number, None);
}

/// Closes the conversation `id`.
pub fn close_private(context: &mut Context<'_>, id: &str) {
    let change = context.store.rooms.close_private(id);
    context.tell(change);
}

/// Does what writing these attributes of the conversation `id` means.
pub fn write_private(context: &mut Context<'_>, id: &str, attributes: &Attributes) {
    let state = attributes.get("chat_state").and_then(Value::as_str).and_then(chat_states::named);
    if let Some(state) = state.filter(|_| context.options.send_chat_state_notifications)
        && let Some(mut message) = envelope(context, id, &context.dice.uuid())
    {
        message.push(chat_states::encode(state));
        hints::no_store().into_iter().for_each(|hint| message.push(hint));
        context.send_now(message);
    }
    let unread = attributes.get("num_unread");
    let hidden = attributes.get("hidden").map(Value::is_truthy);
    if unread.is_none() && hidden.is_none() {
        return;
    }
    let change = context.store.rooms.update_private(id, |private| {
        if let Some(Value::Number(unread)) = unread {
            private.unread = *unread as u32;
        }
        private.hidden = hidden.unwrap_or(private.hidden);
        if private.hidden && private.unread == 0 {
            private.messages.forget_fresh();
        }
    });
    context.tell(change);
}

/// Hands a message to the session. Who is not in the room hears nothing there, and is not asked for receipts, which would
/// tell who they are.
fn transmit(context: &mut Context<'_>, id: &str, number: u32, replaced: Option<&str>) {
    let entry = context.store.rooms.private(id).and_then(|(_, private)| private.messages.get(number)).cloned();
    let Some(entry) = entry else { return };
    let msgid = entry.rare.corrected_by.as_deref().or(entry.msgid.as_deref()).unwrap_or_default();
    let stanza = envelope(context, id, msgid).map(|mut message| {
        message.push(Element::new("body", ns::CLIENT).with_text(entry.body.as_deref().unwrap_or_default()));
        if context.options.send_chat_state_notifications {
            message.push(chat_states::encode("active"));
        }
        write_content(&mut message, &entry, replaced);
        message
    });
    context.store.rooms.expect(msgid, &Rc::from(id));
    let key = Key::within(Kind::Message, id, number.to_string());
    if stanza.is_none_or(|stanza| !context.send_by(Step::Send, key, stanza)) {
        let _: Option<Rc<str>> = context.store.rooms.settle(msgid);
        let failed = Sending::failed("not-sent");
        let private = context.store.rooms.private_mut(id);
        let change =
            private.and_then(|private| private.messages.update(number, |message| message.outcome = Some(failed)));
        context.tell(change);
    }
}

/// A message to whom the conversation is with, if they are here.
fn envelope(context: &Context<'_>, id: &str, msgid: &str) -> Option<Element> {
    let (room, private) = context.store.rooms.private(id)?;
    private.occupant.as_ref().filter(|_| room.is_inside())?;
    let message = Element::new("message", ns::CLIENT)
        .with_attribute("from", context.me.as_str())
        .with_attribute("to", &*room.address_of(&private.nick))
        .with_attribute("type", "chat")
        .with_attribute("id", msgid);
    // Tells the account's other clients that this is of a room.
    Some(message.with_child(Element::new("x", ns::MUC_USER)))
}
