//! From an open stream to one that carries stanzas: authentication, then a resource, or the stream that broke before.
//!
//! `classic` is RFC 6120's way, one thing after another; `inline` is SASL2's, all in one exchange; `bind` is what
//! follows authentication where that did not do it all.

mod bind;
mod classic;
mod error;
mod inline;
mod token;

pub use error::LoginError;
pub use token::Token;

use std::collections::VecDeque;

use super::{
    Features, Management,
    sasl::{Credentials, Exchange, Mechanism, Policy},
};
use crate::{jid::FullJid, random::Dice, xml::Element};

/// What is wanted of a log-in.
#[derive(Clone, Debug)]
pub struct Wishes {
    /// Without credentials, only a token leads in.
    pub credentials: Option<Credentials>,
    /// The local part of the address, for the token.
    pub username: Option<String>,
    pub policy: Policy,
    /// The resource to ask for; without one the server chooses.
    pub resource: Option<String>,
    /// Stream management, where the server has it. BOSH has its own way.
    pub management: bool,
    /// Copies of what the account's other clients send and receive, where that can be had with the binding.
    pub carbons: bool,
    /// Says to the server which of the account's clients this is, always the same for one browser tab: what a token
    /// is bound to (XEP-0388 §2.6).
    pub client_id: String,
    /// A token of an earlier log-in, to be used instead of the credentials.
    pub token: Option<Token>,
    /// A token for the next log-in is wanted.
    pub wants_token: bool,
}

/// The dialogue that logs one person in. Elements go in, [`Step`]s come out.
#[derive(Debug)]
pub struct Login {
    wishes: Wishes,
    /// `<resume/>` for the stream that broke, if there is one.
    resume: Option<Element>,
    /// The server would not take the token.
    token_refused: bool,
    nonce: String,
    bind_id: String,
    session_id: String,
    state: State,
    steps: VecDeque<Step>,
}

#[derive(Debug)]
enum State {
    /// The features before authentication are awaited.
    Unauthenticated,
    /// RFC 6120's exchange is under way.
    Classic(Exchange),
    /// SASL2's exchange is under way; with a token or without.
    Inline {
        exchange: Exchange,
        features: Features,
        by_token: bool,
    },
    /// The features after authentication are awaited.
    Authenticated,
    Resuming(Features),
    Binding(Features),
    StartingSession(Features, FullJid),
    /// A resource is bound; the features after authentication, which are on their way, say how to go on.
    Bound {
        jid: FullJid,
        carbons: bool,
    },
    Done,
}

/// What the layer above must do.
#[derive(Debug)]
pub enum Step {
    Send(Element),
    /// Authentication succeeded: open the stream anew.
    Restart,
    /// What the server offers from now on.
    Features(Features),
    /// The credentials are about to be checked.
    Authenticating,
    /// The account is proven to be the user's, by this mechanism.
    Authenticated(Mechanism),
    /// The server gave a token for the next log-in, or, if there is none, will not take the one it was sent again.
    Token(Option<Token>),
    /// The stream that broke goes on: `<resumed/>`.
    Resumed(Element),
    /// The stream that broke is gone: `<failed/>`. A resource is bound instead.
    NotResumed(Element),
    /// The stream is ready for stanzas.
    Bound(Box<Bound>),
    Failed(LoginError),
}

/// What a log-in came to.
#[derive(Debug)]
pub struct Bound {
    pub jid: FullJid,
    pub features: Features,
    /// The counters, if stream management was asked for or is on. They count from now on.
    pub management: Option<Management>,
    /// Carbons are on already.
    pub carbons: bool,
}

impl Login {
    /// A dialogue that has not begun; the first features begin it. `resume` is what asks to go on with the stream that
    /// broke.
    pub fn new(wishes: Wishes, resume: Option<Element>, dice: &Dice) -> Self {
        let (nonce, bind_id, session_id) = (dice.id(), dice.id(), dice.id());
        let (state, steps) = (State::Unauthenticated, VecDeque::new());
        Self { wishes, resume, token_refused: false, nonce, bind_id, session_id, state, steps }
    }

    /// Takes in an element that arrived before the stream was ready.
    pub fn handle(&mut self, element: Element) {
        if let Err(error) = self.advance(element) {
            self.state = State::Done;
            self.steps.push_back(Step::Failed(error));
        }
    }

    /// What to do next.
    pub fn poll_step(&mut self) -> Option<Step> {
        self.steps.pop_front()
    }

    /// Whether the server has refused a token, so that whatever went wrong after that may go well on a stream on which
    /// there was none.
    pub fn has_refused_token(&self) -> bool {
        self.token_refused
    }

    fn advance(&mut self, element: Element) -> Result<(), LoginError> {
        match std::mem::replace(&mut self.state, State::Done) {
            State::Unauthenticated => self.authenticate(read_features(&element)?),
            State::Classic(exchange) => self.continue_classic(exchange, &element),
            State::Inline { exchange, features, by_token } => {
                self.continue_inline(exchange, features, by_token, &element)
            }
            State::Authenticated => self.resume_or_bind(read_features(&element)?),
            State::Resuming(features) => self.finish_resume(features, element),
            State::Binding(features) => self.finish_bind(features, element),
            State::StartingSession(features, jid) => self.finish_session(features, jid, element),
            State::Bound { jid, carbons } => {
                self.finish(read_features(&element)?, jid, carbons);
                Ok(())
            }
            State::Done => Ok(()),
        }
    }

    fn authenticate(&mut self, features: Features) -> Result<(), LoginError> {
        match &features.sasl2 {
            Some(sasl2) if !sasl2.mechanisms.is_empty() => self.authenticate_inline(features),
            _ => self.authenticate_classic(&features),
        }
    }

    fn send(&mut self, element: Element) {
        self.steps.push_back(Step::Send(element));
    }
}

fn read_features(element: &Element) -> Result<Features, LoginError> {
    Features::decode(element).ok_or(LoginError::PeerMisbehaved("no stream features"))
}
