//! Contacts that others suggest (XEP-0144). Nothing is done with them before the user says so: the page is told, and adds
//! those they want like any other.

use super::{Context, Event};
use crate::stanza::{Message, payload::rosterx::Suggestions};

/// Tells the page of the suggestions in a message, if a contact made them.
pub fn handle_message(context: &mut Context<'_>, message: &Message) {
    let Some(from) = message.from.as_ref().map(|from| from.bare().clone()) else { return };
    if !context.store.contacts.get(&from).is_some_and(|contact| contact.listed) {
        return;
    }
    if let Some(Suggestions(mut items)) = Suggestions::decode(message.element()) {
        items.retain(|item| item.jid != *context.account() && context.store.contacts.get(&item.jid).is_none());
        if !items.is_empty() {
            context.emit(Event::Suggested { from, items });
        }
    }
}
