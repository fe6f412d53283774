//! vCards (XEP-0054): the own one after the log-in, those of others when somebody wants to see them.

use sha1::{Digest, Sha1};

use super::{Call, Context, Outcome, Then as AfterAnswer, outcome_of};
use crate::{
    jid::{BareJid, Jid},
    session::{Answer, Arrival},
    stanza::{
        Iq,
        payload::vcard::{Changes, VCard as Payload, query},
    },
    store::{Attributes, Key, Kind, VCard},
    stream::sasl::base64,
    time::Timestamp,
    xml::{Element, ns},
};

/// How many of the vCards that somebody wants to see are asked for at the same time.
pub const MAX_OPEN: usize = 5;
/// How many may wait for that.
pub const MAX_WANTED: usize = 20_000;

/// Among how many of the last messages one of the user's is looked for.
const LATELY: usize = 100;

/// What comes after the answer to a request of this feature.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Then {
    /// It is somebody's vCard.
    Fetched { jid: Jid, call: Option<Call> },
    /// It is the vCard that these changes are for.
    Current { jid: Jid, call: Call, changes: Changes },
    /// This is what the vCard is now.
    Set { jid: Jid, call: Call, vcard: Box<Element> },
}

impl Then {
    /// The page's call that waits for the answer.
    pub(super) fn call(&self) -> Option<Call> {
        match self {
            Self::Fetched { call, .. } => *call,
            Self::Current { call, .. } | Self::Set { call, .. } => Some(*call),
        }
    }
}

/// Asks for the own vCard, unless it is known, and for those that were wanted in the meantime.
pub fn handle_online(context: &mut Context<'_>, arrival: Arrival) {
    if context.options.discovery && arrival != Arrival::Resumed {
        let own = context.account().clone();
        let _: bool = want(context, &own);
    }
}

/// Asks for a vCard, whatever is known.
pub fn fetch(context: &mut Context<'_>, call: Call, jid: Jid) {
    ask(context, jid.clone(), Then::Fetched { jid, call: Some(call) });
}

/// Asks for a vCard as soon as few others are, unless it is known or could not be had today. `false` if it will not be asked
/// for: of those who are no contacts and have begun to write by themselves, because their server would learn by this that
/// somebody is here, and at which client.
pub fn want(context: &mut Context<'_>, jid: &BareJid) -> bool {
    let is_listed = context.store.contacts.get(jid).is_some_and(|contact| contact.listed);
    let is_talked_to = context.store.timeline(jid.as_str()).is_some_and(|messages| {
        messages.is_empty() || messages.iter().rev().take(LATELY).any(|(_, message)| message.mine)
    });
    if !is_listed && jid != context.account() && !is_talked_to {
        return false;
    }
    let known = context.store.vcards.get(jid).is_some_and(|vcard| match &vcard.error {
        Some(error) => error.get(..10) == context.time.to_text().get(..10),
        None => vcard.updated.is_some(),
    });
    let state = &mut context.state;
    let asked = state.open_vcards.contains(jid) || state.wanted_vcards.contains(jid);
    if !known && !asked && state.wanted_vcards.len() < MAX_WANTED {
        state.wanted_vcards.push_back(jid.clone());
    }
    ask_next(context);
    true
}

/// Changes a vCard; what `changes` does not name stays as the server has it.
pub fn set(context: &mut Context<'_>, call: Call, jid: Jid, changes: Changes) {
    ask(context, jid.clone(), Then::Current { jid, call, changes });
}

/// Takes in what a plugin knows of somebody.
pub fn keep(context: &mut Context<'_>, jid: &BareJid, attributes: &Attributes) {
    let mut vcard = context.store.vcards.get(jid).cloned().unwrap_or_default();
    for (name, value) in attributes.iter() {
        vcard.set(name, value.as_str().filter(|text| !text.is_empty()).map(str::to_owned));
    }
    insert(context, jid, vcard);
}

/// Goes on after an answer.
pub fn handle_answer(context: &mut Context<'_>, then: Then, answer: &Answer) {
    match then {
        Then::Fetched { jid, call } => {
            take_in(context, &jid, answer);
            if let Some(call) = call {
                return context.finish(call, outcome_of(answer));
            }
            context.state.open_vcards.retain(|open| open != jid.bare());
            if !matches!(answer, Answer::Disconnected) {
                ask_next(context);
            }
        }
        Then::Current { jid, call, changes } => handle_current(context, jid, call, &changes, answer),
        Then::Set { jid, call, vcard } => {
            if matches!(answer, Answer::Result(_)) {
                insert(context, jid.bare(), entry(&vcard, context.time));
            }
            context.finish(call, outcome_of(answer));
        }
    }
}

/// What the store keeps of a `<vCard/>` that was fetched at `time`. One that cannot be read says nothing.
pub fn entry(vcard: &Element, time: Timestamp) -> VCard {
    let Payload { fullname, nickname, photo, url, role, email } = Payload::decode(vcard).unwrap_or_default();
    let bytes = photo.as_ref().and_then(|photo| base64::decode(photo.base64.as_bytes()));
    let photo = photo.filter(|_| bytes.is_some());
    VCard {
        fullname,
        nickname,
        image_type: photo.as_ref().map(|photo| photo.mime_type.to_owned()),
        image: photo.map(|photo| photo.base64),
        image_hash: bytes.map(|bytes| hexadecimal(&Sha1::digest(bytes))),
        url,
        role,
        email,
        updated: Some(time.to_text()),
        error: None,
    }
}

fn handle_current(context: &mut Context<'_>, jid: Jid, call: Call, changes: &Changes, answer: &Answer) {
    let old = match answer {
        Answer::Result(iq) => iq.payload(),
        // There is none yet.
        Answer::Error(iq) if iq.error().is_some_and(|error| error.condition == "item-not-found") => None,
        _ => return context.finish(call, outcome_of(answer)),
    };
    let vcard = changes.apply(old);
    let iq = addressed(context, Iq::set(&context.dice.id(), vcard.clone()), &jid);
    context.request(iq, AfterAnswer::VCard(Then::Set { jid, call, vcard: Box::new(vcard) }));
}

/// Takes in what was said of the vCard of `jid`. Those of occupants of rooms are not kept.
fn take_in(context: &mut Context<'_>, jid: &Jid, answer: &Answer) {
    if !jid.is_bare() || matches!(answer, Answer::Disconnected) {
        return;
    }
    let vcard = match answer {
        Answer::Result(iq) => match iq.payload() {
            Some(vcard) => entry(vcard, context.time),
            None => VCard { updated: Some(context.time.to_text()), ..VCard::default() },
        },
        _ => {
            let known = context.store.vcards.get(jid.bare()).cloned().unwrap_or_default();
            VCard { error: Some(context.time.to_text()), ..known }
        }
    };
    insert(context, jid.bare(), vcard);
}

fn insert(context: &mut Context<'_>, jid: &BareJid, vcard: VCard) {
    let changes = context.store.vcards.insert(jid, vcard);
    let other = !changes.is_empty();
    context.tell(changes);
    // They show parts of it.
    let contact = context.store.contacts.get(jid).is_some();
    let chat = context.store.chats.get(jid).is_some();
    for (kind, shows) in [(Kind::Contact, contact), (Kind::Chat, chat)] {
        context.tell((other && shows).then(|| Key::of_jid(kind, jid).shown()));
    }
}

fn ask_next(context: &mut Context<'_>) {
    while context.state.open_vcards.len() < MAX_OPEN {
        let Some(jid) = context.state.wanted_vcards.pop_front() else { return };
        context.state.open_vcards.push(jid.clone());
        ask(context, jid.clone().into(), Then::Fetched { jid: jid.clone().into(), call: None });
        if !context.state.open_vcards.contains(&jid) {
            // Nothing can be sent now; the next log-in goes on.
            return context.state.wanted_vcards.push_front(jid);
        }
    }
}

fn ask(context: &mut Context<'_>, jid: Jid, then: Then) {
    let call = then.call();
    let iq = addressed(context, Iq::get(&context.dice.id(), query()), &jid);
    if !context.try_request(iq, AfterAnswer::VCard(then)) {
        context.state.open_vcards.retain(|open| open != jid.bare());
        if let Some(call) = call {
            context.finish(call, Outcome::Disconnected);
        }
    }
}

/// The own vCard is asked of the account itself, without address (XEP-0054 §3.1).
fn addressed(context: &Context<'_>, iq: Element, jid: &Jid) -> Element {
    let own = jid.is_bare() && jid.bare() == context.account();
    if own { iq } else { iq.with_attribute("to", jid.as_str()) }
}

/// The `<vCard/>` in an answer.
pub fn vcard_in(iq: &Element) -> Option<&Element> {
    iq.child("vCard", &ns::VCARD)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(|d| char::from_digit(d.into(), 16)).collect()
}
