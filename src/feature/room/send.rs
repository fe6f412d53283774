//! What the user says in a room: kept first, sent then, and followed until it is known what became of it.

use std::rc::Rc;

use super::{key, notices, private::sent_as};
use crate::{
    feature::{Context, Outgoing, Step, sending, write_content},
    jid::BareJid,
    session::Delivery,
    stanza::{
        StanzaError,
        payload::{chat_states, hints},
    },
    store::{Change, Key, Kind, Message as Entry, RoomStatus, Sending, Store},
    xml::{Element, ns},
};

/// Says something in the room. The message is there at once, and tells what becomes of it. `None` if the room is not
/// open, or there is nothing of the user's to correct.
pub fn send(context: &mut Context<'_>, room: &BareJid, outgoing: Outgoing) -> Option<Key> {
    let open = context.store.rooms.get(room)?;
    let from = open.address_of(open.nick.as_deref().unwrap_or_default());
    if let Some(number) = outgoing.correcting {
        return correct(context, room, number, outgoing);
    }
    let id: Rc<str> = context.dice.uuid().into();
    let mut entry = outgoing.into_message("groupchat", from, id, context.time);
    entry.nick = open.nick.clone();
    let (number, change) = context.store.rooms.messages_mut(room)?.push(entry.clone());
    let key = change.key.clone();
    context.tell([change]);
    transmit(context, room, number, &entry, None);
    Some(key)
}

/// Sends a message once more that did not arrive.
pub fn send_again(context: &mut Context<'_>, room: &BareJid, number: u32) -> Option<Key> {
    let entry = context.store.rooms.get(room)?.messages.get(number)?.clone();
    if !entry.can_be_sent_again() {
        return None;
    }
    let messages = context.store.rooms.messages_mut(room)?;
    let change = messages.update(number, |message| message.outcome = Some(Sending::Pending));
    let key = messages.key(number);
    context.tell(change);
    transmit(context, room, number, &entry, None);
    Some(key)
}

/// Sends a message that was kept until there was all that it is to say.
pub fn send_kept(context: &mut Context<'_>, room: &BareJid, number: u32) {
    let kept = context.store.rooms.get(room).and_then(|room| room.messages.get(number)).cloned();
    if let Some(entry) = kept {
        transmit(context, room, number, &entry, None);
    }
}

/// Takes in what became of a stanza, if it is a message to a room.
pub fn settle(store: &mut Store, id: &str, delivery: Delivery) -> Option<Change> {
    let of = store.rooms.settle(id)?;
    let messages = store.messages_mut(&of)?;
    let number = sent_as(messages, id)?;
    // What the room has passed on, or refused, is settled.
    if messages.get(number)?.outcome != Some(Sending::Pending) {
        return None;
    }
    messages.update(number, |message| message.outcome = Some(sending(delivery)))
}

/// Gives the room another subject.
pub fn set_subject(context: &mut Context<'_>, room: &BareJid, subject: &str) {
    let Some(open) = context.store.rooms.get_mut(room) else { return };
    if !context.session.is_online() {
        return notices::note_refusal(context, room, "topic-refused", "", &StanzaError::disconnected());
    }
    let id = context.dice.uuid();
    open.subject_asked = Some(id.clone());
    let subject = Element::new("subject", ns::CLIENT).with_text(subject);
    let message = envelope(context, room, &id).with_child(subject);
    context.send(message);
}

/// Tells those in the room what the user is doing (XEP-0085 §5.5). `false` if `state` is no such thing.
pub fn set_state(context: &mut Context<'_>, room: &BareJid, state: &str) -> bool {
    let Some(state) = chat_states::named(state) else { return false };
    let inside = context.store.rooms.get(room).is_some_and(|room| room.status == RoomStatus::Entered);
    if inside && context.options.send_chat_state_notifications {
        let mut message = envelope(context, room, &context.dice.uuid()).with_child(chat_states::encode(state));
        hints::no_store().into_iter().for_each(|hint| message.push(hint));
        if context.session.is_online() {
            context.send_by(Step::ChatState, key(room), message);
        }
    }
    true
}

fn correct(context: &mut Context<'_>, room: &BareJid, number: u32, outgoing: Outgoing) -> Option<Key> {
    let messages = context.store.rooms.messages_mut(room)?;
    let message = messages.get(number)?;
    let replaced = message.msgid.clone().filter(|_| message.can_be_corrected())?;
    let id: Rc<str> = context.dice.uuid().into();
    let (time, correcting) = (context.time, id.clone());
    let change = messages.update(number, |message| {
        outgoing.replace(message, correcting, time);
        message.received = None;
    });
    let key = messages.key(number);
    let mut entry = messages.get(number)?.clone();
    entry.msgid = Some(id.clone());
    entry.origin_id = Some(id);
    context.tell(change);
    transmit(context, room, number, &entry, Some(&replaced));
    Some(key)
}

/// Hands the message to the session. Somebody who is not in the room is not heard there.
fn transmit(context: &mut Context<'_>, room: &BareJid, number: u32, entry: &Entry, replaced: Option<&str>) {
    let id = entry.msgid.as_deref().unwrap_or_default();
    let mut message = envelope(context, room, id);
    message.push(Element::new("body", ns::CLIENT).with_text(entry.body.as_deref().unwrap_or_default()));
    if context.options.send_chat_state_notifications {
        message.push(chat_states::encode("active"));
    }
    write_content(&mut message, entry, replaced);
    let inside = context.store.rooms.get(room).is_some_and(|room| room.status == RoomStatus::Entered);
    context.store.rooms.expect(id, &room.as_rc());
    let key = Key::within(Kind::Message, room.as_rc(), number.to_string());
    if !inside || !context.send_by(Step::Send, key, message) {
        let _: Option<Rc<str>> = context.store.rooms.settle(id);
        let failed = Sending::failed("not-sent");
        let messages = context.store.rooms.messages_mut(room);
        let change = messages.and_then(|messages| messages.update(number, |message| message.outcome = Some(failed)));
        context.tell(change);
    }
}

fn envelope(context: &Context<'_>, room: &BareJid, id: &str) -> Element {
    Element::new("message", ns::CLIENT)
        .with_attribute("from", context.me.as_str())
        .with_attribute("to", room.as_str())
        .with_attribute("type", "groupchat")
        .with_attribute("id", id)
}
