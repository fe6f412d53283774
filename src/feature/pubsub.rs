//! Publishing (XEP-0060, XEP-0163): at nodes that are as they must be, or not at all.

use super::{Context, Outcome, Then as AfterAnswer};
use crate::{
    jid::Jid,
    session::Answer,
    stanza::{
        Iq,
        payload::pubsub::{configure, is_precondition_not_met, publish},
    },
    xml::{Element, ns},
};

/// Something to be published.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Publication {
    /// Whose node it is; the account's own if nobody's.
    pub to: Option<Jid>,
    pub node: String,
    pub item: Element,
    /// What the node must be like.
    pub options: Vec<(String, String)>,
    /// Nothing is published if it cannot be made so. Otherwise it is published all the same.
    pub strict: bool,
    /// What comes after it.
    pub then: Box<AfterAnswer>,
}

/// What comes after the answer to a request of this feature.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Then {
    /// It is known whether nodes can be asked to be as they must.
    Known(Box<Publication>),
    /// It is published, or the node is not as it must be.
    Published(Box<Publication>),
    /// The node is as it must be.
    Configured(Box<Publication>),
    /// Whatever the answer is, it is the last word.
    Last(Box<AfterAnswer>),
}

impl Context<'_> {
    /// Publishes something.
    pub fn publish(&mut self, publication: Publication) {
        if publication.options.is_empty() {
            return send(self, publication, false);
        }
        let owner = publication.to.clone().unwrap_or_else(|| self.account().clone().into());
        self.discover(&owner, false, AfterAnswer::PubSub(Then::Known(Box::new(publication))));
    }
}

/// Goes on when it is known what the owner of the node can do.
pub fn handle_known(context: &mut Context<'_>, then: Then) {
    let Then::Known(publication) = then else { return };
    let owner = publication.to.clone().unwrap_or_else(|| context.account().clone().into());
    let disco = context.store.disco.get(owner.as_str());
    let can = disco.is_some_and(|entity| entity.profile.has(ns::PUBLISH_OPTIONS.as_str()));
    match (can, publication.strict) {
        (true, _) => send(context, *publication, true),
        (false, false) => send(context, Publication { options: Vec::new(), ..*publication }, false),
        // What is meant for few must not be published for all (CVE-2018-6591).
        (false, true) => match *publication.then {
            AfterAnswer::Call(call) => context.finish(call, Outcome::Unsupported),
            then => context.state.ready.push_back((then, None)),
        },
    }
}

/// Goes on after an answer.
pub fn handle_answer(context: &mut Context<'_>, then: Then, answer: Answer) {
    let unmet = matches!(&answer, Answer::Error(iq) if is_precondition_not_met(iq.element()));
    match then {
        Then::Known(_) => {}
        Then::Published(publication) if unmet && publication.strict => {
            let Publication { to, node, options, .. } = &*publication;
            let iq = to_owner(Iq::set(&context.dice.id(), configure(node, options)), to.as_ref());
            context.request(iq, AfterAnswer::PubSub(Then::Configured(publication)));
        }
        Then::Published(publication) if unmet => {
            send(context, Publication { options: Vec::new(), ..*publication }, false);
        }
        Then::Configured(publication) if matches!(answer, Answer::Result(_)) => send(context, *publication, false),
        Then::Published(publication) | Then::Configured(publication) => {
            context.state.ready.push_back((*publication.then, Some(answer)));
        }
        Then::Last(then) => context.state.ready.push_back((*then, Some(answer))),
    }
}

/// Sends the request; `retry` if there is something to do about a node that is not as it must be.
fn send(context: &mut Context<'_>, publication: Publication, retry: bool) {
    let Publication { to, node, item, options, .. } = &publication;
    let payload = publish(node, item.clone(), Some(options));
    let iq = to_owner(Iq::set(&context.dice.id(), payload), to.as_ref());
    let then = match retry {
        true => Then::Published(Box::new(publication)),
        false => Then::Last(publication.then),
    };
    if !context.try_request(iq, AfterAnswer::PubSub(then.clone())) {
        handle_answer(context, then, Answer::Disconnected);
    }
}

fn to_owner(iq: Element, to: Option<&Jid>) -> Element {
    match to {
        Some(to) => iq.with_attribute("to", to.as_str()),
        None => iq,
    }
}
