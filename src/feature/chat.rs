//! Messages between two people (RFC 6121 §5).

use super::{Context, Event};
use crate::stanza::{Message, MessageType};

/// Tells the page of a message that a person wrote to this account.
pub fn handle_message(context: &mut Context<'_>, message: &Message) {
    let personal = matches!(message.kind, MessageType::Chat | MessageType::Normal);
    if personal && message.from.is_some() && message.body().is_some() {
        context.emit(Event::Message(message.element().clone()));
    }
}
