//! Conversations between two people (RFC 6121 §5): what they say, and what they let each other know about it.

mod incoming;
mod outgoing;
mod states;

pub use incoming::{Origin, handle_message, take_in, take_in_archived};
pub use outgoing::{give_up_pending, send, send_again, send_kept, settle, settle_doubts};
pub use states::{handle_timeout, set_state};

use super::Context;
use crate::{
    jid::BareJid,
    stanza::payload::chat_states,
    store::{Attributes, Key, Kind, Value},
};

/// Begins the conversation with `jid`, if it has not begun.
pub fn open(context: &mut Context<'_>, jid: &BareJid) -> Key {
    let added = context.store.chats.open(jid, context.time);
    if added.is_some() && context.options.hides_new_chats {
        // Whoever wants it seen says so.
        let _: Option<_> = context.store.chats.update(jid, |chat| chat.hidden = true);
    }
    context.tell(added);
    Key::of_jid(Kind::Chat, jid)
}

/// Ends the conversation with `jid`, and says that the user is not in it any more.
pub fn close(context: &mut Context<'_>, jid: &BareJid) {
    let spoken = context.store.chats.get(jid).is_some_and(|chat| chat.state.is_some());
    if spoken {
        set_state(context, jid, "inactive");
    }
    let change = context.store.chats.close(jid);
    context.tell(change);
}

/// Does what writing these attributes of a conversation means.
pub fn write(context: &mut Context<'_>, jid: &BareJid, attributes: &Attributes) {
    if let Some(state) = attributes.get("chat_state").and_then(Value::as_str).and_then(chat_states::named) {
        set_state(context, jid, state);
    }
    let unread = attributes.get("num_unread");
    let hidden = attributes.get("hidden").map(Value::is_truthy);
    if unread.is_none() && hidden.is_none() {
        return;
    }
    let change = context.store.chats.update(jid, |chat| {
        if let Some(Value::Number(unread)) = unread {
            chat.unread = *unread as u32;
        }
        chat.hidden = hidden.unwrap_or(chat.hidden);
        if chat.hidden && chat.unread == 0 {
            chat.messages.forget_fresh();
        }
    });
    context.tell(change);
}
