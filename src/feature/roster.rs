//! The contacts: asked for after the log-in, changed by pushes of the own account (RFC 6121 §2).

use super::{Context, Event, Then};
use crate::{
    jid::BareJid,
    session::Answer,
    stanza::{
        ErrorType, Iq, StanzaError,
        payload::roster::{Item, Push, Roster, Subscription, query},
    },
    store::Contact,
};

/// Asks for the roster.
pub fn request(context: &mut Context<'_>) {
    let iq = Iq::get(&context.dice.id(), query(None));
    context.request(iq, Then::Roster);
}

/// Takes in the roster, or that it could not be had.
pub fn handle_answer(context: &mut Context<'_>, answer: Answer) {
    if let Answer::Result(iq) = answer {
        match iq.payload().map(Roster::decode) {
            Some(Ok(roster)) => {
                context.contacts.replace(roster.items.into_iter().map(contact));
                context.emit(Event::Roster(iq.element().clone()));
            }
            Some(Err(error)) => context.emit(Event::Ignored(error)),
            None => {}
        }
    }
    context.emit(Event::ContactsFetched);
}

/// Answers a roster push and takes the change in, if the account `me` itself sent it.
pub fn handle_push(context: &mut Context<'_>, iq: &Iq, me: &BareJid) {
    let answer = match Push::from_own_account(iq, me) {
        None => iq.to_error(&StanzaError::new(ErrorType::Cancel, "service-unavailable")),
        Some(Err(error)) => {
            context.emit(Event::Ignored(error));
            iq.to_error(&StanzaError::new(ErrorType::Modify, "bad-request"))
        }
        Some(Ok(push)) => {
            match push.item.subscription {
                Subscription::Remove => context.contacts.remove(&push.item.jid),
                _ => context.contacts.insert(contact(push.item)),
            }
            context.emit(Event::RosterPush(iq.element().clone()));
            iq.to_result()
        }
    };
    context.send(answer);
}

fn contact(item: Item) -> Contact {
    let Item { jid, name, subscription, ask, groups } = item;
    Contact { jid, name, subscription: subscription.as_str(), ask, groups }
}
