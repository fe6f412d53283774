//! Who may see whose presence: asked for by others, and refused by them (RFC 6121 §3).

use crate::{
    feature::{Context, Event, Then},
    jid::BareJid,
    stanza::{Iq, Presence, PresenceType, payload::roster::removal, subscription},
    store::{Contact, Key, Kind},
    xml::{Element, ns},
};

/// Somebody asks to see the user's presence.
pub(super) fn handle_request(context: &mut Context<'_>, presence: &Presence, jid: &BareJid) {
    let known = context.store.contacts.get(jid).cloned();
    if context.options.auto_subscribe {
        context.send(subscription(PresenceType::Subscribed, jid));
        if known.as_ref().is_none_or(|contact| !contact.is_seen() && !contact.ask) {
            context.send_subscribe(jid);
        }
        return;
    }
    match known {
        // They answer the user's own request, or have only lost what they had.
        Some(contact) if contact.ask || contact.subscription != "none" => {
            context.send(subscription(PresenceType::Subscribed, jid));
        }
        Some(contact) if contact.requesting => {}
        _ if !context.options.allow_contact_requests => {
            let reason = Element::new("status", ns::CLIENT).with_text(NOT_ALLOWED);
            context.send(subscription(PresenceType::Unsubscribed, jid).with_child(reason));
        }
        known => {
            let name = presence.element().child("nick", &ns::NICK).map(|nick| nick.text().into_owned());
            let contact = Contact {
                jid: jid.clone(),
                name: known.and_then(|contact| contact.name).or(name.filter(|name| !name.is_empty())),
                subscription: "none",
                ask: false,
                groups: Vec::new(),
                requesting: true,
            };
            let change = context.store.contacts.insert(contact);
            context.tell(change);
            context.emit(Event::ContactRequest(Key::of_jid(Kind::Contact, jid)));
        }
    }
}

/// Somebody does not show their presence any more, or refuses to: they leave the roster, as in converse.js 4.
pub(super) fn handle_refusal(context: &mut Context<'_>, jid: &BareJid) {
    let Some(contact) = context.store.contacts.get(jid) else { return };
    if contact.requesting {
        return;
    }
    context.send(subscription(PresenceType::Unsubscribe, jid));
    let iq = Iq::set(&context.dice.id(), removal(jid));
    context.request(iq, Then::Nothing);
}

/// Read by another client's user, in whatever language that is.
const NOT_ALLOWED: &str = "This client does not allow presence subscriptions";
