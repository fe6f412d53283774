//! The contacts: asked for after the log-in, changed by the user and by pushes of the own account (RFC 6121 §2).

use super::{Call, Context, Event, Outcome, outcome_of};
use crate::{
    jid::BareJid,
    session::Answer,
    stanza::{
        ErrorType, Iq, StanzaError,
        payload::roster::{Item, Push, Roster, Subscription, query, removal, update},
    },
    store::{Change, Contact, Key, Kind, MAX_CONTACTS},
};

/// What comes after the answer to a request of this feature.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Then {
    /// The answer is the roster, or that it has not changed; somebody may wait for it.
    Fetched(Option<Call>),
    /// The contact is in the roster now.
    Added { call: Call, wanted: Wanted },
}

impl Then {
    pub(super) fn call(&self) -> Option<Call> {
        match self {
            Self::Fetched(call) => *call,
            Self::Added { call, .. } => Some(*call),
        }
    }
}

/// Whom the user wants in the roster.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Wanted {
    pub jid: BareJid,
    pub name: Option<String>,
    pub groups: Vec<String>,
    /// Whether they are to be asked to show their presence, and what they are told.
    pub subscribe: Option<Option<String>>,
}

/// Asks for the roster, or for what has changed in it since this page's last look.
pub fn request(context: &mut Context<'_>, call: Option<Call>) {
    let version = match context.session.features().roster_versioning {
        true => Some(context.store.contacts.version.as_deref().unwrap_or_default()),
        false => None,
    };
    let iq = Iq::get(&context.dice.id(), query(version));
    context.request(iq, super::Then::Roster(Then::Fetched(call)));
}

/// Puts somebody into the roster, or gives them another name and other groups.
pub fn add(context: &mut Context<'_>, call: Call, wanted: Wanted) {
    let iq = Iq::set(&context.dice.id(), update(&wanted.jid, wanted.name.as_deref(), &wanted.groups));
    context.request(iq, super::Then::Roster(Then::Added { call, wanted }));
}

/// Takes somebody out of the roster; their and the user's presence is not shown to each other any more.
pub fn remove(context: &mut Context<'_>, call: Call, jid: &BareJid) {
    let unlisted = context.store.contacts.get(jid).is_some_and(|contact| !contact.listed);
    if unlisted {
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
        Then::Fetched(call) => handle_roster(context, answer, call),
        Then::Added { call, wanted } => handle_added(context, call, wanted, &answer),
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
        Some(Ok(push)) => {
            let (version, item) = push.into_parts();
            if version.is_some() {
                context.store.contacts.version = version;
            }
            match item.subscription {
                Subscription::Remove => {
                    let change = context.store.contacts.remove(&item.jid);
                    tell_removed(context, change);
                }
                _ => {
                    let contact = contact(item);
                    if !context.store.contacts.has_room_for(&contact) {
                        context.emit(Event::Full(TOO_MANY));
                    }
                    let change = context.store.contacts.take_in(contact);
                    context.tell_contacts(change);
                }
            }
            context.emit(Event::RosterPush(iq.element().clone()));
            iq.to_result()
        }
    };
    context.send(answer);
}

fn handle_roster(context: &mut Context<'_>, answer: Answer, call: Option<Call>) {
    let outcome = outcome_of(&answer);
    if let Answer::Result(iq) = answer {
        match iq.payload().map(Roster::decode) {
            Some(Ok(roster)) => {
                context.store.contacts.version = roster.version;
                if roster.items.len() > MAX_CONTACTS {
                    context.emit(Event::Full(TOO_MANY));
                }
                let changes = context.store.contacts.replace(roster.items.into_iter().map(contact));
                context.tell_contacts(changes);
                context.emit(Event::Roster(iq.element().clone()));
            }
            Some(Err(error)) => context.emit(Event::Ignored(error)),
            // With versioning: what the cache holds is what there is, and pushes tell the rest (RFC 6121 §2.6.3).
            None => context.emit(Event::CachedRoster),
        }
    }
    context.store.contacts.fetched = true;
    context.emit(Event::ContactsFetched);
    if let Some(call) = call {
        context.finish(call, outcome);
    }
}

fn handle_added(context: &mut Context<'_>, call: Call, wanted: Wanted, answer: &Answer) {
    if !matches!(answer, Answer::Result(_)) {
        return context.finish(call, outcome_of(answer));
    }
    let Wanted { jid, name, groups, subscribe } = wanted;
    let known = context.store.contacts.get(&jid);
    if known.is_none_or(|contact| !contact.listed) {
        // The push that says so is still on its way.
        let subscription = known.map_or("none", |contact| contact.subscription);
        let contact =
            Contact { jid: jid.clone(), name, subscription, ask: false, groups, requesting: false, listed: true };
        let change = context.store.contacts.take_in(contact);
        context.tell_contacts(change);
    }
    if let Some(message) = subscribe {
        context.send_subscribe(&jid, message.as_deref());
    }
    context.finish(call, Outcome::Entity(Key::of_jid(Kind::Contact, &jid)));
}

fn tell_removed(context: &mut Context<'_>, change: Option<Change>) {
    if let Some(change) = change {
        let key = change.key.clone();
        context.tell_contacts([change]);
        context.emit(Event::ContactRemoved(key));
    }
}

const TOO_MANY: &str = "there are more contacts in the roster than are shown";

fn contact(item: Item) -> Contact {
    let Item { jid, name, subscription, ask, groups } = item;
    Contact { jid, name, subscription: subscription.as_str(), ask, groups, requesting: false, listed: true }
}
