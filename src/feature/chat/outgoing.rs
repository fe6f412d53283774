//! Messages that the user writes: kept first, sent then, and followed until it is known what became of them.

use std::rc::Rc;

use crate::{
    feature::{Context, Outgoing, Step, sending, write_content},
    jid::BareJid,
    session::Delivery,
    stanza::payload::{chat_states, receipts},
    store::{Change, Key, Kind, Message as Entry, Name, Sending, Store},
    xml::{Element, ns},
};

/// Says something to `jid`. The message is there at once, and tells what becomes of it; without a connection it waits.
/// `None` if there is nothing of the user's to correct.
pub fn send(context: &mut Context<'_>, jid: &BareJid, outgoing: Outgoing) -> Option<Key> {
    super::open(context, jid);
    match outgoing.correcting {
        Some(number) => correct(context, jid, number, outgoing),
        None => Some(say(context, jid, outgoing)),
    }
}

/// Sends a message once more that did not arrive.
pub fn send_again(context: &mut Context<'_>, jid: &BareJid, number: u32) -> Option<Key> {
    let message = context.store.timeline(jid.as_str())?.get(number)?;
    let entry = message.can_be_sent_again().then(|| message.clone())?;
    let change = context.store.timeline_mut(jid)?.update(number, |message| message.outcome = Some(Sending::Pending));
    context.tell(change);
    // With the same id: should the first one have arrived after all, it is the same message.
    let key = context.store.timeline(jid.as_str())?.key(number);
    let replaced = entry.rare.corrected_by.is_some().then(|| entry.msgid.clone()).flatten();
    let msgid = entry.rare.corrected_by.clone().or_else(|| entry.msgid.clone());
    transmit(context, jid, number, &Entry { msgid, ..entry }, replaced.as_deref());
    Some(key)
}

/// Sends a message that was kept until there was all that it is to say.
pub fn send_kept(context: &mut Context<'_>, jid: &BareJid, number: u32) {
    let kept = context.store.timeline(jid.as_str()).and_then(|messages| messages.get(number)).cloned();
    if let Some(entry) = kept {
        transmit(context, jid, number, &entry, None);
    }
}

/// Says of the messages of an earlier page, or of another session, that nobody knows what became of them: this one will
/// not be told.
pub fn give_up_pending(context: &mut Context<'_>) {
    let lost: Vec<Rc<str>> = context.store.chats.pending().filter(|id| !context.session.is_open(id)).cloned().collect();
    for id in lost {
        let change = settle(context.store, &id, Delivery::InDoubt);
        context.tell(change);
    }
}

/// Takes in that all that the archive has is here: messages in doubt that are not in it did not arrive.
pub fn settle_doubts(context: &mut Context<'_>) {
    let doubted = |message: &Entry| message.outcome == Some(Sending::failed("in-doubt"));
    let mut lost = Vec::new();
    for chat in context.store.chats.iter() {
        let numbers = chat.messages.iter().filter(|(_, message)| doubted(message)).map(|(number, _)| number);
        lost.extend(numbers.map(|number| (chat.jid.clone(), number)));
    }
    for (jid, number) in lost {
        let messages = context.store.timeline_mut(&jid);
        let not_sent = |message: &mut Entry| message.outcome = Some(Sending::failed("not-sent"));
        let change = messages.and_then(|messages| messages.update(number, not_sent));
        context.tell(change);
    }
}

/// Takes in what became of a stanza, if it is a message of a conversation.
pub fn settle(store: &mut Store, id: &str, delivery: Delivery) -> Option<Change> {
    let jid = store.chats.settle(id)?;
    let me = store.account.as_ref().map(BareJid::as_rc).unwrap_or_default();
    let messages = store.timeline_mut(&jid)?;
    let number = messages.find(Name::Stanza { from: &me, id })?;
    // Who refused it may have been quicker than the server with its word that it has it.
    if messages.get(number)?.outcome.as_ref().is_some_and(Sending::is_refused) {
        return None;
    }
    messages.update(number, |message| message.outcome = Some(sending(delivery)))
}

fn say(context: &mut Context<'_>, jid: &BareJid, outgoing: Outgoing) -> Key {
    let id: Rc<str> = context.dice.uuid().into();
    let entry = outgoing.into_message("chat", context.account().as_rc(), id, context.time);
    let stanza_of = entry.clone();
    let (number, key) = match context.store.timeline_mut(jid) {
        Some(messages) => {
            let (number, change) = messages.push(entry);
            let key = change.key.clone();
            context.tell([change]);
            (number, key)
        }
        // There is none only if it was not opened.
        None => (0, Key::of_jid(Kind::Chat, jid)),
    };
    transmit(context, jid, number, &stanza_of, None);
    key
}

fn correct(context: &mut Context<'_>, jid: &BareJid, number: u32, outgoing: Outgoing) -> Option<Key> {
    let message = context.store.timeline(jid.as_str())?.get(number)?;
    let replaced = message.msgid.clone().filter(|_| message.can_be_corrected())?;
    let id: Rc<str> = context.dice.uuid().into();
    let (time, correcting) = (context.time, id.clone());
    let messages = context.store.timeline_mut(jid)?;
    let change = messages.update(number, |message| outgoing.replace(message, correcting, time));
    let key = messages.key(number);
    let mut entry = messages.get(number)?.clone();
    entry.msgid = Some(id);
    context.tell(change);
    transmit(context, jid, number, &entry, Some(&replaced));
    Some(key)
}

/// Hands the message to the session, which keeps it until it is sent.
fn transmit(context: &mut Context<'_>, jid: &BareJid, number: u32, entry: &Entry, replaced: Option<&str>) {
    let id = entry.msgid.as_deref().unwrap_or_default();
    let stanza = stanza(context, jid, entry, replaced);
    context.store.chats.note_answer(jid);
    context.store.chats.expect(id, jid);
    // What a plugin makes of it nobody knows: it may be there so that others cannot read it.
    let forwards = context.options.forward_messages && !context.state.replaced.has(Step::Send);
    let copy = forwards.then(|| forward(context, &stanza));
    let key = Key::within(Kind::Message, jid.as_rc(), number.to_string());
    if !context.send_by(Step::Send, key, stanza) {
        context.store.chats.settle(id);
        let messages = context.store.timeline_mut(jid);
        let not_sent = |message: &mut Entry| message.outcome = Some(Sending::failed("not-sent"));
        let change = messages.and_then(|messages| messages.update(number, not_sent));
        context.tell(change);
    } else if let Some(copy) = copy {
        context.send(copy);
    }
    // Whoever says something is there: the stanza has said so.
    let change = context.store.chats.update(jid, |chat| {
        chat.state = Some("active");
        chat.state_due = None;
    });
    context.tell(change);
}

fn stanza(context: &Context<'_>, jid: &BareJid, entry: &Entry, replaced: Option<&str>) -> Element {
    let mut message = Element::new("message", ns::CLIENT)
        .with_attribute("from", context.me.as_str())
        .with_attribute("to", jid.as_str())
        .with_attribute("type", "chat")
        .with_attribute("id", entry.msgid.as_deref().unwrap_or_default());
    message.push(Element::new("body", ns::CLIENT).with_text(entry.body.as_deref().unwrap_or_default()));
    if context.options.send_chat_state_notifications {
        message.push(chat_states::encode("active"));
    }
    message.push(receipts::request());
    write_content(&mut message, entry, replaced);
    message
}

/// A copy for the account's other clients, where the server has no carbons.
fn forward(context: &Context<'_>, message: &Element) -> Element {
    let forwarded = Element::new("forwarded", ns::FORWARD).with_child(message.clone());
    let copy = Element::new("message", ns::CLIENT).with_attribute("to", context.account().as_str());
    copy.with_attribute("type", "chat").with_attribute("id", context.dice.uuid()).with_child(forwarded)
}
