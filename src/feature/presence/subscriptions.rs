//! Who may see whose presence: asked for, granted, refused and ended, by others and by the user (RFC 6121 §3); with
//! nicknames of XEP-0172: User Nickname (version 1.1).

use crate::{
    feature::{Context, Event, Then},
    jid::BareJid,
    stanza::{
        Iq, Presence, PresenceType,
        payload::roster::{removal, update},
        subscription,
    },
    store::{Contact, Key, Kind},
    xml::{Element, ns},
};

/// What the user says about a subscription.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Word {
    /// They want to see the contact's presence.
    Subscribe,
    /// The contact may see theirs.
    Authorize,
    /// The contact may not, or not any more.
    Unauthorize,
    /// They have heard that the contact does not show its presence any more: it leaves the roster.
    AckUnsubscribe,
}

/// Tells somebody what the user says about a subscription, and why.
pub fn tell(context: &mut Context<'_>, word: Word, jid: &BareJid, message: Option<&str>) {
    match word {
        Word::Subscribe => context.send_subscribe(jid, message),
        Word::Authorize => context.send(with_reason(PresenceType::Subscribed, jid, message)),
        Word::Unauthorize => {
            context.send(with_reason(PresenceType::Unsubscribed, jid, message));
            forget_request(context, jid);
        }
        Word::AckUnsubscribe => leave(context, jid),
    }
}

/// Somebody asks to see the user's presence.
pub(super) fn handle_request(context: &mut Context<'_>, presence: &Presence, jid: &BareJid) {
    let known = context.store.contacts.get(jid).cloned();
    let nickname = presence.nickname();
    if context.options.auto_subscribe {
        return welcome(context, jid, known.as_ref(), nickname.as_deref());
    }
    match known {
        // They answer the user's own request, or have only lost what they had.
        Some(contact) if contact.ask || contact.subscription != "none" => {
            context.send(subscription(PresenceType::Subscribed, jid));
        }
        Some(contact) if contact.requesting => {}
        _ if !context.options.allow_contact_requests => {
            context.send(with_reason(PresenceType::Unsubscribed, jid, Some(NOT_ALLOWED)));
        }
        known => {
            let contact = match known {
                Some(contact) => Contact { requesting: true, ..contact },
                None => Contact {
                    jid: jid.clone(),
                    name: nickname,
                    subscription: "none",
                    ask: false,
                    groups: Vec::new(),
                    requesting: true,
                    listed: false,
                },
            };
            if !context.store.contacts.has_room_for(&contact) {
                // Left unanswered, it comes again.
                return context.emit(Event::Full("more people ask to become contacts than are shown"));
            }
            let change = context.store.contacts.insert(contact);
            context.tell_contacts(change);
            context.emit(Event::ContactRequest(Key::of_jid(Kind::Contact, jid)));
        }
    }
}

/// Somebody does not show their presence any more, or refuses to: they leave the roster, as in converse.js 4.
pub(super) fn handle_refusal(context: &mut Context<'_>, jid: &BareJid) {
    if context.store.contacts.get(jid).is_some_and(|contact| contact.listed) {
        leave(context, jid);
    }
}

/// Grants a request and returns it, as the user has said of all requests.
fn welcome(context: &mut Context<'_>, jid: &BareJid, known: Option<&Contact>, nickname: Option<&str>) {
    if known.is_none_or(|contact| !contact.listed) {
        let name = nickname.unwrap_or(jid.as_str());
        let iq = Iq::set(&context.dice.id(), update(jid, Some(name), &[]));
        context.request(iq, Then::Nothing);
    }
    context.send(subscription(PresenceType::Subscribed, jid));
    if known.is_none_or(|contact| !contact.is_seen() && !contact.ask) {
        context.send_subscribe(jid, None);
    }
}

fn leave(context: &mut Context<'_>, jid: &BareJid) {
    context.send(subscription(PresenceType::Unsubscribe, jid));
    let iq = Iq::set(&context.dice.id(), removal(jid));
    context.request(iq, Then::Nothing);
}

/// Takes in that a request has got its answer.
fn forget_request(context: &mut Context<'_>, jid: &BareJid) {
    let Some(contact) = context.store.contacts.get(jid).filter(|contact| contact.requesting) else { return };
    let change = match contact.listed {
        true => context.store.contacts.insert(Contact { requesting: false, ..contact.clone() }),
        false => context.store.contacts.remove(jid),
    };
    context.tell_contacts(change);
}

fn with_reason(kind: PresenceType, jid: &BareJid, reason: Option<&str>) -> Element {
    let presence = subscription(kind, jid);
    match reason {
        Some(reason) => presence.with_child(Element::new("status", ns::CLIENT).with_text(reason)),
        None => presence,
    }
}

/// Read by another client's user, in whatever language that is.
const NOT_ALLOWED: &str = "This client does not allow presence subscriptions";
