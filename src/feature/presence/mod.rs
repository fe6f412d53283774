//! Presence: the own one, that of others, and who may see whose (RFC 6121 §§3–4).

mod idle;
mod own;
pub mod subscriptions;

pub use idle::{Activity, handle_activity, handle_timeout};
pub use own::{send_news, send_own, set_message, set_status, write_own};

use super::{Context, Event};
use crate::{
    jid::BareJid,
    stanza::{Presence, PresenceType},
    store::{Change, Key, Kind, Resource, Store},
};

/// Takes in a presence.
pub fn handle(context: &mut Context<'_>, presence: &Presence) {
    let Some(from) = &presence.from else { return };
    let jid = from.bare().clone();
    if jid == *context.account() {
        return own::follow(context, presence, from.resource());
    }
    match presence.kind {
        PresenceType::Available => handle_available(context, presence, &jid, from.resource()),
        PresenceType::Unavailable => {
            change(context, &jid, |context| context.store.presences.remove(&jid, from.resource()))
        }
        PresenceType::Subscribe => subscriptions::handle_request(context, presence, &jid),
        PresenceType::Unsubscribed => subscriptions::handle_refusal(context, &jid),
        // The roster push that comes with it says all (RFC 6121 §3.1.6).
        PresenceType::Subscribed | PresenceType::Unsubscribe | PresenceType::Probe | PresenceType::Error => {}
    }
}

fn handle_available(context: &mut Context<'_>, presence: &Presence, jid: &BareJid, resource: Option<&str>) {
    let Some(resource) = resource else { return };
    let seen = Resource {
        name: resource.to_owned(),
        priority: presence.priority(),
        show: presence.show(),
        status: presence.status(),
    };
    change(context, jid, |context| {
        let Store { presences, contacts, .. } = &mut *context.store;
        presences.insert(jid, seen, contacts)
    });
}

/// Changes the presence of `jid`, and tells what that means for the contact.
fn change(context: &mut Context<'_>, jid: &BareJid, change: impl FnOnce(&mut Context<'_>) -> Vec<Change>) {
    let before = seen(context, jid);
    let changes = change(context);
    if changes.is_empty() {
        return;
    }
    context.tell(changes);
    if context.store.contacts.get(jid).is_none() {
        return;
    }
    let key = Key::of_jid(Kind::Contact, jid);
    context.tell([key.clone().shown()]);
    let after = seen(context, jid);
    if before.0 != after.0 {
        context.emit(Event::ContactPresence(key.clone()));
    }
    if before.1 != after.1 {
        context.emit(Event::ContactStatusMessage(key));
    }
}

/// What is shown of somebody's presence.
fn seen(context: &Context<'_>, jid: &BareJid) -> (&'static str, Option<String>) {
    let presence = context.store.presences.get(jid);
    presence.map_or(("offline", None), |presence| (presence.show(), presence.status().map(str::to_owned)))
}
