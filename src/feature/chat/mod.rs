//! Conversations between two people (RFC 6121 §5): what they say, and what they let each other know about it.

mod content;
mod incoming;
mod outgoing;
mod states;

pub use content::read_content;
pub use incoming::{Origin, handle_message, take_in};
pub use outgoing::{Outgoing, send, send_again, settle};
pub use states::{handle_timeout, set_state};

use super::Context;
use crate::{
    jid::BareJid,
    store::{Key, Kind, Value},
};

/// Begins the conversation with `jid`, if it has not begun.
pub fn open(context: &mut Context<'_>, jid: &BareJid) -> Key {
    let change = context.store.chats.open(jid, context.time);
    context.tell(change);
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

/// Gives an attribute of a conversation another value. `false` if that is none of the core's.
pub fn write(context: &mut Context<'_>, jid: &BareJid, name: &str, value: &Value) -> bool {
    let truth = value.is_truthy();
    match (name, value) {
        ("chat_state", Value::Text(state)) => match crate::stanza::payload::chat_states::named(state) {
            Some(state) => set_state(context, jid, state),
            None => return false,
        },
        ("num_unread", Value::Number(unread)) => {
            let change = context.store.chats.update(jid, |chat| chat.unread = *unread as u32);
            context.tell(change);
        }
        ("hidden", _) => {
            let change = context.store.chats.update(jid, |chat| chat.hidden = truth);
            context.tell(change);
        }
        _ => return false,
    }
    true
}
