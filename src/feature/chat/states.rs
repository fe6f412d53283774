//! What the two are doing: typing, pausing, gone (XEP-0085).

use std::time::Duration;

use crate::{
    feature::{Context, Step},
    jid::BareJid,
    stanza::payload::{chat_states, hints},
    store::{Key, Kind},
    time::Instant,
    xml::{Element, ns},
};

/// Who types nothing more has paused after this long, and is inactive this long after that.
pub const PAUSED_AFTER: Duration = Duration::from_secs(10);
pub const INACTIVE_AFTER: Duration = Duration::from_secs(90);

/// Says what the user is doing in the conversation with `jid`, if that is news.
pub fn set_state(context: &mut Context<'_>, jid: &BareJid, state: &'static str) {
    let Some(chat) = context.store.chats.get(jid) else { return };
    let due = match state {
        "composing" => Some(context.now + PAUSED_AFTER),
        "paused" => Some(context.now + INACTIVE_AFTER),
        _ => None,
    };
    let news = chat.state != Some(state);
    let change = context.store.chats.update(jid, |chat| {
        chat.state = Some(state);
        chat.state_due = due;
    });
    if let Some(due) = due {
        context.store.chats.due = Some(context.store.chats.due.map_or(due, |earlier| earlier.min(due)));
    }
    if !news {
        return;
    }
    context.tell(change);
    if context.options.send_chat_state_notifications {
        let mut message = Element::new("message", ns::CLIENT)
            .with_attribute("to", jid.as_str())
            .with_attribute("type", "chat")
            .with_attribute("id", context.dice.uuid())
            .with_child(chat_states::encode(state));
        hints::no_store().into_iter().for_each(|hint| message.push(hint));
        if context.session.is_online() {
            context.send_by(Step::ChatState, Key::of_jid(Kind::Chat, jid), message);
        }
    }
}

/// Takes in what the other side is doing.
pub(super) fn handle_state(context: &mut Context<'_>, jid: &BareJid, state: Option<&'static str>) {
    let known = context.store.chats.get(jid).is_some_and(|chat| chat.their_state != state);
    if known && state.is_some() {
        let change = context.store.chats.update(jid, |chat| chat.their_state = state);
        context.tell(change);
    }
}

/// Lets states pass into others whose time has come.
pub fn handle_timeout(context: &mut Context<'_>) {
    if context.store.chats.due.is_none_or(|due| due > context.now) {
        return;
    }
    let now = context.now;
    let is_due = |due: &Option<Instant>| due.is_some_and(|due| due <= now);
    let due: Vec<(BareJid, &'static str)> = context
        .store
        .chats
        .iter()
        .filter(|chat| is_due(&chat.state_due))
        .map(|chat| (chat.jid.clone(), if chat.state == Some("composing") { "paused" } else { "inactive" }))
        .collect();
    context.store.chats.due = None;
    for (jid, state) in due {
        set_state(context, &jid, state);
    }
    let next = context.store.chats.iter().filter_map(|chat| chat.state_due).min();
    context.store.chats.due = next;
}
