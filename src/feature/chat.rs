//! Messages between two people (RFC 6121 §5).

use super::{Context, Event};
use crate::{
    jid::BareJid,
    stanza::{
        Message, MessageType,
        payload::carbons::{self, Carbon},
    },
    xml::{Element, ns},
};

/// Tells the page of a message that a person wrote to the account `me`, or with it from another client.
pub fn handle_message(context: &mut Context<'_>, message: &Message, me: &BareJid) {
    let personal = match Carbon::from_own_account(message, me) {
        Some(carbon) => is_personal(carbon.message()),
        // What has the form of a carbon and is none comes from somebody who would like to be somebody else.
        None => !carbons::is_carbon(message) && message.from.is_some() && is_personal(message.element()),
    };
    if personal {
        context.emit(Event::Message(message.element().clone()));
    }
}

fn is_personal(message: &Element) -> bool {
    let kind = MessageType::of(message);
    matches!(kind, MessageType::Chat | MessageType::Normal) && message.child("body", &ns::CLIENT).is_some()
}
