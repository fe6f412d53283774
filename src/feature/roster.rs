//! The contacts: asked for after the log-in, changed by the user and by pushes of the own account (RFC 6121 §2).

use super::{Call, Context, Event, Outcome, outcome_of};
use crate::{
    jid::BareJid,
    session::Answer,
    stanza::{
        ErrorType, Iq, StanzaError,
        payload::roster::{Item, Push, Roster, Subscription, query, removal, update},
    },
    store::{Change, Contact, Key, Kind},
};

/// What comes after the answer to a request of this feature.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Then {
    /// The answer is the roster, or that it has not changed.
    Fetched,
    /// The contact is in the roster now; next it is asked to show its presence.
    Added { call: Call, jid: BareJid },
}

/// Asks for the roster, or for what has changed in it since this page's last look.
pub fn request(context: &mut Context<'_>) {
    let version = match context.session.features().roster_versioning {
        true => Some(context.store.contacts.version.as_deref().unwrap_or_default()),
        false => None,
    };
    let iq = Iq::get(&context.dice.id(), query(version));
    context.request(iq, super::Then::Roster(Then::Fetched));
}

/// Puts somebody into the roster and asks them to show their presence.
pub fn add(context: &mut Context<'_>, call: Call, jid: BareJid, name: &str, groups: &[String]) {
    let iq = Iq::set(&context.dice.id(), update(&jid, Some(name), groups));
    context.request(iq, super::Then::Roster(Then::Added { call, jid }));
}

/// Gives a contact another name, or other groups.
pub fn change(context: &mut Context<'_>, call: Call, jid: &BareJid, name: Option<&str>, groups: &[String]) {
    let iq = Iq::set(&context.dice.id(), update(jid, name, groups));
    context.request(iq, super::Then::Call(call));
}

/// Takes somebody out of the roster; their and the user's presence is not shown to each other any more.
pub fn remove(context: &mut Context<'_>, call: Call, jid: &BareJid) {
    let requesting = context.store.contacts.get(jid).is_some_and(|contact| contact.requesting);
    if requesting {
        // The server knows nothing of it.
        let change = context.store.contacts.remove(jid);
        tell_removed(context, change);
        return context.finish(call, Outcome::Done);
    }
    let iq = Iq::set(&context.dice.id(), removal(jid));
    context.request(iq, super::Then::Call(call));
}

/// Goes on after an answer.
pub fn handle_answer(context: &mut Context<'_>, then: Then, answer: Answer) {
    match then {
        Then::Fetched => handle_roster(context, answer),
        Then::Added { call, jid } => handle_added(context, call, &jid, &answer),
    }
}

/// Answers a roster push and takes the change in, if the account itself sent it.
pub fn handle_push(context: &mut Context<'_>, iq: &Iq) {
    let answer = match Push::from_own_account(iq, context.account()) {
        None => iq.to_error(&StanzaError::new(ErrorType::Cancel, "service-unavailable")),
        Some(Err(error)) => {
            context.emit(Event::Ignored(error));
            iq.to_error(&StanzaError::new(ErrorType::Modify, "bad-request"))
        }
        Some(Ok(Push { version, item })) => {
            if version.is_some() {
                context.store.contacts.version = version;
            }
            match item.subscription {
                Subscription::Remove => {
                    let change = context.store.contacts.remove(&item.jid);
                    tell_removed(context, change);
                }
                _ => {
                    let change = context.store.contacts.insert(contact(item));
                    context.tell(change);
                }
            }
            context.emit(Event::RosterPush(iq.element().clone()));
            iq.to_result()
        }
    };
    context.send(answer);
}

fn handle_roster(context: &mut Context<'_>, answer: Answer) {
    if let Answer::Result(iq) = answer {
        match iq.payload().map(Roster::decode) {
            Some(Ok(roster)) => {
                context.store.contacts.version = roster.version;
                let changes = context.store.contacts.replace(roster.items.into_iter().map(contact));
                context.tell(changes);
                context.emit(Event::Roster(iq.element().clone()));
            }
            Some(Err(error)) => context.emit(Event::Ignored(error)),
            // With versioning: what the cache holds is what there is, and pushes tell the rest (RFC 6121 §2.6.3).
            None => context.emit(Event::CachedRoster),
        }
    }
    context.store.contacts.fetched = true;
    context.emit(Event::ContactsFetched);
}

fn handle_added(context: &mut Context<'_>, call: Call, jid: &BareJid, answer: &Answer) {
    match answer {
        Answer::Result(_) => {
            context.send_subscribe(jid);
            context.finish(call, Outcome::Entity(Key::of_jid(Kind::Contact, jid)));
        }
        refusal => context.finish(call, outcome_of(refusal)),
    }
}

fn tell_removed(context: &mut Context<'_>, change: Option<Change>) {
    if let Some(change) = change {
        let key = change.key.clone();
        context.tell([change]);
        context.emit(Event::ContactRemoved(key));
    }
}

fn contact(item: Item) -> Contact {
    let Item { jid, name, subscription, ask, groups } = item;
    Contact { jid, name, subscription: subscription.as_str(), ask, groups, requesting: false }
}
