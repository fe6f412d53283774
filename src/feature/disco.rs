//! Service discovery (XEP-0030): what others are and can do, and what this client says of itself.

use std::rc::Rc;

use super::{Call, Context, Event, Outcome, Then as AfterAnswer, Waiting};
use crate::{
    jid::Jid,
    session::{Answer, Arrival},
    stanza::{
        self, Iq,
        payload::disco::{self, Info},
    },
    store::{Asked, Field, Identity, Key, Kind, Profile},
    xml::{Element, ns},
};

/// The most items of an entity that are asked what they can do.
pub const MAX_ASKED_ITEMS: usize = 50;

/// What comes after the answer to a request of this feature.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Then {
    /// What an entity is and can do; if it announced it, as this.
    Info { jid: Jid, ver: Option<String> },
    /// What belongs to it.
    Items { jid: Jid },
}

/// Finds out what the server and the account can do, unless that is known.
pub fn handle_online(context: &mut Context<'_>, arrival: Arrival) {
    if arrival == Arrival::Resumed {
        return;
    }
    let offered = &context.session.features().offered;
    if !offered.is_empty() {
        context.store.disco.stream.clone_from(offered);
    }
    if !context.options.discovery {
        return;
    }
    if arrival != Arrival::Reconnected {
        announce_known(context);
    }
    note_own(context, context.account().clone().as_str());
    let own = context.account().clone();
    if let Ok(domain) = Jid::new(own.domain()) {
        context.discover(&domain, true, AfterAnswer::Nothing);
    }
    context.discover(&own.into(), false, AfterAnswer::Nothing);
}

/// Answers somebody who asks what this client is and can do; `false` if `iq` is another request.
pub fn handle_request(context: &mut Context<'_>, iq: &Iq) -> bool {
    let Some(node) = disco::asked(iq) else { return false };
    let answer = iq.to_result().with_child(context.state.own.info.encode(node));
    context.send(answer);
    true
}

/// Asks again what an entity can do.
pub fn refresh(context: &mut Context<'_>, call: Call, jid: &Jid) {
    context.store.disco.set_info(jid.as_str(), Asked::No);
    context.store.disco.set_items(jid.as_str(), Asked::No);
    context.discover(jid, false, AfterAnswer::Call(call));
}

/// Sends a request of the page's and hands it the answer.
pub fn query(context: &mut Context<'_>, call: Call, jid: &Jid, query: Element) {
    let iq = Iq::get(&context.dice.id(), query).with_attribute("to", jid.as_str());
    context.request(iq, AfterAnswer::Call(call));
}

/// Goes on after an answer.
pub fn handle_answer(context: &mut Context<'_>, then: Then, answer: &Answer) {
    match then {
        Then::Info { jid, ver } => handle_info(context, &jid, ver, answer),
        Then::Items { jid } => handle_items(context, &jid, answer),
    }
    context.go_on();
}

fn handle_info(context: &mut Context<'_>, jid: &Jid, ver: Option<String>, answer: &Answer) {
    let Answer::Result(iq) = answer else {
        return context.store.disco.set_info(jid.as_str(), state_after(answer));
    };
    match iq.payload().map(Info::decode) {
        Some(Ok(info)) => {
            let verified = ver.filter(|ver| context.is_what_was_announced(ver, &info));
            let profile = profile(info);
            if let Some(ver) = verified {
                context.store.disco.add_caps(&ver, profile.clone());
            }
            take_in(context, jid, profile);
        }
        Some(Err(error)) => {
            context.emit(Event::Ignored(error));
            context.store.disco.set_info(jid.as_str(), Asked::Refused);
        }
        None => context.store.disco.set_info(jid.as_str(), Asked::Refused),
    }
}

fn handle_items(context: &mut Context<'_>, jid: &Jid, answer: &Answer) {
    let items = match answer {
        Answer::Result(iq) => iq.payload().map(disco::decode_items),
        _ => return context.store.disco.set_items(jid.as_str(), state_after(answer)),
    };
    let Some(Ok(items)) = items else { return context.store.disco.set_items(jid.as_str(), Asked::Refused) };
    // Nodes of an entity are not entities.
    let items: Vec<_> = items.into_iter().filter(|item| item.node.is_none()).collect();
    let ids = items.iter().map(|item| (Rc::from(item.jid.as_str()), item.name.clone())).collect();
    let changes = context.store.disco.set_item_ids(jid.as_str(), ids);
    context.tell(changes);
    for item in items.iter().take(MAX_ASKED_ITEMS) {
        context.ask_info(&item.jid);
    }
}

/// What is known after an answer that brought nothing: who refuses would do so again.
fn state_after(answer: &Answer) -> Asked {
    if matches!(answer, Answer::Error(_)) { Asked::Refused } else { Asked::No }
}

/// Takes in what `jid` can do, and goes on to what belongs to it if it is a server.
fn take_in(context: &mut Context<'_>, jid: &Jid, profile: Profile) {
    let is_server = profile.identities.iter().any(|identity| identity.category == "server");
    let changes = context.store.disco.set_profile(jid.as_str(), profile);
    context.tell(changes);
    announce(context, jid.as_str());
    note_own(context, jid.as_str());
    if is_server {
        ask_items(context, jid);
    }
}

/// Notes what the account itself says of what other features need to know.
fn note_own(context: &mut Context<'_>, id: &str) {
    if id == context.account().as_str() {
        let own = context.store.disco.get(id);
        context.store.assigns_ids = own.is_some_and(|own| own.profile.has(ns::STANZA_IDS.as_str()));
    }
}

fn ask_items(context: &mut Context<'_>, jid: &Jid) {
    if context.store.disco.get(jid.as_str()).is_some_and(|entity| entity.items == Asked::No) {
        let iq = Iq::get(&context.dice.id(), disco::items(None)).with_attribute("to", jid.as_str());
        let asked = context.try_request(iq, AfterAnswer::Disco(Then::Items { jid: jid.clone() }));
        context.store.disco.set_items(jid.as_str(), if asked { Asked::Pending } else { Asked::No });
    }
}

/// Tells the page of all that an earlier page has found out.
fn announce_known(context: &mut Context<'_>) {
    let ids: Vec<_> = context.store.disco.ids().cloned().collect();
    ids.iter().for_each(|id| announce(context, id));
}

fn announce(context: &mut Context<'_>, id: &str) {
    let features = context.store.ids(Kind::Feature, id);
    let fields = context.store.ids(Kind::Field, id);
    for feature in features {
        context.emit(Event::ServiceDiscovered(Key::within(Kind::Feature, id, feature)));
    }
    for field in fields {
        context.emit(Event::FieldDiscovered(Key::within(Kind::Field, id, field)));
    }
}

fn profile(info: Info) -> Profile {
    let identity = |disco::Identity { category, kind, name, lang }| Identity { category, kind, name, lang };
    let field = |stanza::Field { var, kind, values }| Some(Field { var: var?, kind, values });
    Profile {
        identities: info.identities.into_iter().map(identity).collect(),
        features: info.features,
        forms: info.forms.into_iter().map(|form| form.fields.into_iter().filter_map(field).collect()).collect(),
    }
}

impl Context<'_> {
    /// Goes on with `then` when it is known, or will not be, what `jid` can do; if `deep`, also what belongs to it. It is
    /// asked if it has not been.
    pub(super) fn discover(&mut self, jid: &Jid, deep: bool, then: AfterAnswer) {
        self.ask_info(jid);
        self.state.waiting.push(Waiting { jid: jid.clone(), deep, then });
        self.go_on();
    }

    /// The same for a call of the page's, which is done then.
    pub fn discover_for(&mut self, jid: &Jid, deep: bool, call: Call) {
        self.discover(jid, deep, AfterAnswer::Call(call));
    }

    /// Asks an entity what it can do, unless that is known.
    pub fn ask_info(&mut self, jid: &Jid) {
        let change = self.store.disco.add(jid.as_str());
        self.tell(change);
        let Some(entity) = self.store.disco.get(jid.as_str()) else { return };
        if entity.info != Asked::No {
            return;
        }
        // What a client announces, others may have announced before it.
        let claim = self.store.disco.claim(jid.as_str()).map(str::to_owned);
        let ver = claim.as_deref().and_then(|claim| claim.rsplit_once('#')).map(|(_, ver)| ver.to_owned());
        if let Some(profile) = ver.as_deref().and_then(|ver| self.store.disco.caps(ver)).cloned() {
            return take_in(self, jid, profile);
        }
        let query = disco::info(claim.as_deref());
        let iq = Iq::get(&self.dice.id(), query).with_attribute("to", jid.as_str());
        let asked = self.try_request(iq, AfterAnswer::Disco(Then::Info { jid: jid.clone(), ver }));
        self.store.disco.set_info(jid.as_str(), if asked { Asked::Pending } else { Asked::No });
    }

    /// Lets go on who has waited long enough.
    fn go_on(&mut self) {
        let mut at = 0;
        while let Some(Waiting { jid, deep, .. }) = self.state.waiting.get(at) {
            if self.is_pending(jid.as_str(), *deep) {
                at = at.saturating_add(1);
            } else {
                let waiting = self.state.waiting.remove(at);
                self.state.ready.push_back((waiting.then, None));
            }
        }
    }

    fn is_pending(&self, id: &str, deep: bool) -> bool {
        let Some(entity) = self.store.disco.get(id) else { return false };
        if entity.info == Asked::Pending {
            return true;
        }
        let item = |id: &Rc<str>| self.store.disco.get(id).is_some_and(|item| item.info == Asked::Pending);
        deep && (entity.items == Asked::Pending || entity.item_ids.iter().any(item))
    }

    /// Tells the page that what it waited for is known.
    pub fn finish_discovery(&mut self, call: Call) {
        self.finish(call, Outcome::Done);
    }
}
