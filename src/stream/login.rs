//! From an open stream to a bound resource: SASL, restart, resource binding, and the old session (RFC 6120 §6, §7).

use std::{collections::VecDeque, fmt};

use super::{
    Features,
    sasl::{self, Credentials, Exchange, Offer, Policy, SaslError, base64},
};
use crate::{
    jid::FullJid,
    random::Random,
    stanza::{Decode, Iq, Stanza, StanzaError},
    xml::{Element, ns},
};

/// The dialogue that logs one person in. Elements go in, [`Step`]s come out.
#[derive(Debug)]
pub struct Login {
    credentials: Credentials,
    policy: Policy,
    /// The resource to ask for; without one the server chooses.
    resource: Option<String>,
    nonce: String,
    state: State,
    bind_id: String,
    session_id: String,
    steps: VecDeque<Step>,
}

#[derive(Debug)]
enum State {
    AwaitingMechanisms,
    Authenticating(Exchange),
    AwaitingBind,
    Binding(Features),
    StartingSession(Features, FullJid),
    Done,
}

/// What the layer above must do.
#[derive(Debug)]
pub enum Step {
    Send(Element),
    /// Authentication succeeded: open the stream anew.
    Restart,
    /// The stream is ready for stanzas.
    Bound {
        jid: FullJid,
        features: Features,
    },
    Failed(LoginError),
}

/// Why nobody was logged in.
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum LoginError {
    /// The mechanisms do not fit, or the server did not prove that it knows the password.
    Sasl(SaslError),
    /// The server refused the credentials, with this condition (RFC 6120 §6.5).
    Refused { condition: String, text: Option<String> },
    /// The server insists on TLS inside the stream: its address must begin with `wss:` or `https:`.
    EncryptionRequired,
    /// The server refused the resource or the session.
    Bind(StanzaError),
    /// The server answered outside the protocol.
    PeerMisbehaved(&'static str),
}

impl Login {
    /// A dialogue that has not begun; [`Self::handle`] begins it with the first features.
    pub fn new(credentials: Credentials, policy: Policy, resource: Option<String>, random: &mut dyn Random) -> Self {
        Self {
            credentials,
            policy,
            resource,
            nonce: random.id(),
            state: State::AwaitingMechanisms,
            bind_id: random.id(),
            session_id: random.id(),
            steps: VecDeque::new(),
        }
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

    fn advance(&mut self, element: Element) -> Result<(), LoginError> {
        match std::mem::replace(&mut self.state, State::Done) {
            State::AwaitingMechanisms => self.authenticate(&features(&element)?),
            State::Authenticating(exchange) => self.continue_exchange(exchange, &element),
            State::AwaitingBind => self.bind(features(&element)?),
            State::Binding(features) => self.finish_bind(features, element),
            State::StartingSession(features, jid) => {
                match answer(element, &self.session_id)? {
                    Some(_) => self.bound(jid, features),
                    None => self.state = State::StartingSession(features, jid),
                }
                Ok(())
            }
            State::Done => Ok(()),
        }
    }

    fn authenticate(&mut self, features: &Features) -> Result<(), LoginError> {
        if features.mechanisms.is_empty() {
            return Err(match features.starttls {
                true => LoginError::EncryptionRequired,
                false => LoginError::Sasl(SaslError::NoCommonMechanism),
            });
        }
        let offered: Vec<&str> = features.mechanisms.iter().map(String::as_str).collect();
        let offer = Offer { mechanisms: &offered, channel_bindings: None };
        let mechanism = sasl::choose(&offer, &self.credentials, &self.policy)?;
        let (exchange, initial) = Exchange::start(mechanism, &self.credentials, &self.policy, &offer, &self.nonce)?;
        let auth = Element::new("auth", ns::SASL).with_attribute("mechanism", mechanism.name());
        self.send(auth.with_text(encode(&initial)));
        self.state = State::Authenticating(exchange);
        Ok(())
    }

    fn continue_exchange(&mut self, mut exchange: Exchange, element: &Element) -> Result<(), LoginError> {
        if *element.namespace() != ns::SASL {
            return Err(LoginError::PeerMisbehaved("an element that is not SASL during authentication"));
        }
        match element.name() {
            "challenge" => {
                let challenge = decode(element)?.unwrap_or_default();
                let response = exchange.handle_challenge(&challenge)?;
                let text = if response.is_empty() { String::new() } else { encode(&response) };
                self.send(Element::new("response", ns::SASL).with_text(text));
                self.state = State::Authenticating(exchange);
                Ok(())
            }
            "success" => {
                exchange.handle_success(decode(element)?.as_deref())?;
                self.state = State::AwaitingBind;
                self.steps.push_back(Step::Restart);
                Ok(())
            }
            "failure" => {
                let condition = element.children().find(|child| child.name() != "text");
                Err(LoginError::Refused {
                    condition: condition.map_or("not-authorized", Element::name).to_owned(),
                    text: element.child("text", &ns::SASL).map(|text| text.text().into_owned()),
                })
            }
            _ => Err(LoginError::PeerMisbehaved("an unknown SASL element")),
        }
    }

    fn bind(&mut self, features: Features) -> Result<(), LoginError> {
        if !features.bind {
            return Err(LoginError::PeerMisbehaved("no resource binding"));
        }
        let mut bind = Element::new("bind", ns::BIND);
        if let Some(resource) = &self.resource {
            bind.push(Element::new("resource", ns::BIND).with_text(resource.clone()));
        }
        self.send(Iq::set(&self.bind_id, bind));
        self.state = State::Binding(features);
        Ok(())
    }

    fn finish_bind(&mut self, features: Features, element: Element) -> Result<(), LoginError> {
        let Some(iq) = answer(element, &self.bind_id)? else {
            self.state = State::Binding(features);
            return Ok(());
        };
        let jid = iq.payload().and_then(|bind| bind.child("jid", &ns::BIND));
        let jid = jid.and_then(|jid| FullJid::new(jid.text().trim()).ok());
        let jid = jid.ok_or(LoginError::PeerMisbehaved("no address for the bound resource"))?;
        if features.session {
            self.send(Iq::set(&self.session_id, Element::new("session", ns::SESSION)));
            self.state = State::StartingSession(features, jid);
        } else {
            self.bound(jid, features);
        }
        Ok(())
    }

    fn bound(&mut self, jid: FullJid, features: Features) {
        self.steps.push_back(Step::Bound { jid, features });
    }

    fn send(&mut self, element: Element) {
        self.steps.push_back(Step::Send(element));
    }
}

impl From<SaslError> for LoginError {
    fn from(error: SaslError) -> Self {
        Self::Sasl(error)
    }
}

fn features(element: &Element) -> Result<Features, LoginError> {
    Features::decode(element).ok_or(LoginError::PeerMisbehaved("no stream features"))
}

/// The answer to the request `id`, if `element` is that. No stanza of anybody else can arrive before a resource is
/// bound, so only the id is compared.
fn answer(element: Element, id: &str) -> Result<Option<Iq>, LoginError> {
    match Stanza::decode(element) {
        Decode::Ok(Stanza::Iq(iq)) if iq.id == id => match iq.error() {
            Some(error) => Err(LoginError::Bind(error)),
            None => Ok(Some(iq)),
        },
        _ => Ok(None),
    }
}

/// RFC 6120 §6.4.2: an initial response of no bytes is `=`, which is not the same as none.
fn encode(bytes: &[u8]) -> String {
    if bytes.is_empty() { "=".to_owned() } else { base64::encode(bytes) }
}

fn decode(element: &Element) -> Result<Option<Vec<u8>>, LoginError> {
    match element.text().trim() {
        "" => Ok(None),
        "=" => Ok(Some(Vec::new())),
        text => match base64::decode(text.as_bytes()) {
            Some(bytes) => Ok(Some(bytes)),
            None => Err(LoginError::PeerMisbehaved("SASL data that is not base64")),
        },
    }
}

impl fmt::Display for LoginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sasl(error) => error.fmt(f),
            Self::Refused { condition, text } => {
                write!(f, "the server refused the log-in: {condition}")?;
                text.iter().try_for_each(|text| write!(f, " ({text})"))
            }
            Self::EncryptionRequired => {
                f.write_str("the server wants an encrypted connection: use a wss: or https: address")
            }
            Self::Bind(error) => write!(f, "the server refused to bind a resource: {error}"),
            Self::PeerMisbehaved(what) => write!(f, "the server answered outside the protocol: {what}"),
        }
    }
}
