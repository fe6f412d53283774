//! An account is made: a stream on which nobody logs in, what the server wants to know, and the answers (XEP-0077 §3.1).

use std::{collections::VecDeque, rc::Rc};

use super::{ConnectionError, LOGIN_TIMEOUT};
use crate::{
    random::Dice,
    stanza::{
        Decode, Field, Form, Iq, IqKind, Question, Stanza,
        payload::{
            bob,
            register::{self, Query},
        },
        questions,
    },
    store::Value,
    stream::{Closed, Endpoint, Input, LoginError, StreamEvent, Transmit, Transport, bosh::Bosh, websocket::WebSocket},
    time::Instant,
    xml::{Element, WriteError},
};

/// Somebody is asking for an account.
#[derive(Debug)]
pub struct Registration {
    transport: Transport,
    domain: String,
    dice: Dice,
    state: State,
    /// By when the server must have answered.
    deadline: Option<Instant>,
    /// What the stream before this one has left to do.
    leftovers: VecDeque<Transmit>,
    events: VecDeque<RegistrationEvent>,
}

#[derive(Debug)]
enum State {
    /// The stream's features are awaited.
    Opening,
    /// What the server wants to know is awaited, under this id.
    Asking(String),
    /// The user has the questions.
    Asked(Offer),
    /// Whether the server takes the answers is awaited, under this id.
    Submitting(Offer, String),
    Over,
}

/// What becomes of it.
#[derive(Debug)]
pub enum RegistrationEvent {
    /// This is what the server wants to know, as it is shown.
    Offered(Value),
    /// The account is there.
    Registered,
    /// The server refused to say what it wants to know, or did not like the answers: then there may be others.
    Refused(Rc<Element>),
    /// The stream is gone.
    Failed(ConnectionError),
}

/// What the server wants to know.
#[derive(Debug)]
struct Offer {
    query: Query,
    questions: Vec<Question>,
}

impl Registration {
    /// Begins to ask the server of `domain`. What the stream before this one has left to do is done first.
    pub fn new(now: Instant, endpoint: &Endpoint, domain: String, dice: Dice, leftovers: VecDeque<Transmit>) -> Self {
        let mut transport = match endpoint {
            Endpoint::WebSocket(url) => Transport::WebSocket(WebSocket::new(url.clone(), domain.clone())),
            Endpoint::Bosh(url) => Transport::Bosh(Bosh::new(url.clone(), domain.clone(), dice.number().into())),
        };
        transport.open(now);
        let (state, deadline) = (State::Opening, Some(now + LOGIN_TIMEOUT));
        Self { transport, domain, dice, state, deadline, leftovers, events: VecDeque::new() }
    }

    /// Sends the answers, each with the name of what it answers. `false` if nothing was asked, or something is under way.
    pub fn submit(&mut self, now: Instant, answers: &[(String, Vec<String>)]) -> bool {
        let offer = match std::mem::replace(&mut self.state, State::Over) {
            State::Asked(offer) => offer,
            other => {
                self.state = other;
                return false;
            }
        };
        let id = self.dice.id();
        let iq = Iq::set(&id, offer.submit(answers)).with_attribute("to", self.domain.as_str());
        self.state = State::Submitting(offer, id);
        self.send(now, &iq);
        true
    }

    /// Ends it in good order.
    pub fn end(&mut self, now: Instant) {
        self.deadline = None;
        self.state = State::Over;
        self.transport.close(now);
    }

    /// Gives it up. What is left to do comes back.
    pub fn give_up(mut self, now: Instant) -> VecDeque<Transmit> {
        let mut leftovers = std::mem::take(&mut self.leftovers);
        leftovers.extend(self.transport.give_up(now));
        leftovers
    }

    /// Takes in what the platform reports.
    pub fn handle_input(&mut self, now: Instant, input: Input<'_>) {
        self.transport.handle_input(now, input);
        self.drain(now);
    }

    /// Does what is due at `now`.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.transport.handle_timeout(now);
        self.drain(now);
        if self.deadline.is_some_and(|due| due <= now) {
            self.fail(now, ConnectionError::TimedOut);
        }
    }

    /// What the platform is to do next.
    pub fn poll_transmit(&mut self) -> Option<Transmit> {
        self.leftovers.pop_front().or_else(|| self.transport.poll_transmit())
    }

    /// What happened next.
    pub fn poll_event(&mut self) -> Option<RegistrationEvent> {
        self.events.pop_front()
    }

    /// When [`Self::handle_timeout`] is due.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.transport.poll_timeout().into_iter().chain(self.deadline).min()
    }

    fn drain(&mut self, now: Instant) {
        while let Some(event) = self.transport.poll_event() {
            match event {
                StreamEvent::Opened(_) => {}
                StreamEvent::Received(element) => self.handle_element(now, element),
                StreamEvent::Closed(reason) => self.handle_closed(reason),
            }
        }
    }

    fn handle_element(&mut self, now: Instant, element: Element) {
        if matches!(self.state, State::Opening) {
            let id = self.dice.id();
            let iq = Iq::get(&id, register::ask()).with_attribute("to", self.domain.as_str());
            self.state = State::Asking(id);
            return self.send(now, &iq);
        }
        let (State::Asking(id) | State::Submitting(_, id)) = &self.state else { return };
        let Decode::Ok(Stanza::Iq(iq)) = Stanza::decode(element) else { return };
        // Before anybody is logged in nobody but the server can send anything.
        if iq.id != *id || !matches!(iq.kind, IqKind::Result | IqKind::Error) {
            return;
        }
        self.deadline = None;
        match std::mem::replace(&mut self.state, State::Over) {
            State::Asking(_) => self.handle_offer(now, &iq),
            State::Submitting(offer, _) if iq.kind == IqKind::Error => {
                self.state = State::Asked(offer);
                self.events.push_back(RegistrationEvent::Refused(iq.element().clone()));
            }
            _ => {
                self.events.push_back(RegistrationEvent::Registered);
                self.transport.close(now);
            }
        }
    }

    fn handle_offer(&mut self, now: Instant, iq: &Iq) {
        if iq.kind == IqKind::Error {
            self.events.push_back(RegistrationEvent::Refused(iq.element().clone()));
            return self.transport.close(now);
        }
        let Some(offer) = iq.payload().and_then(Offer::decode) else {
            let error = LoginError::PeerMisbehaved("no answer to what it wants to know");
            return self.fail(now, ConnectionError::Login(error));
        };
        self.events.push_back(RegistrationEvent::Offered(offer.shown(iq)));
        self.state = State::Asked(offer);
    }

    fn handle_closed(&mut self, reason: Closed) {
        self.deadline = None;
        if !matches!(std::mem::replace(&mut self.state, State::Over), State::Over) {
            self.events.push_back(RegistrationEvent::Failed(ConnectionError::Closed(reason)));
        }
    }

    fn send(&mut self, now: Instant, iq: &Element) {
        let sent: Result<(), WriteError> = self.transport.send(now, iq);
        self.deadline = Some(now + LOGIN_TIMEOUT);
        if sent.is_err() {
            let error = LoginError::PeerMisbehaved("what it asks cannot be answered");
            self.fail(now, ConnectionError::Login(error));
        }
    }

    fn fail(&mut self, now: Instant, error: ConnectionError) {
        self.end(now);
        self.events.push_back(RegistrationEvent::Failed(error));
    }
}

impl Offer {
    fn decode(query: &Element) -> Option<Self> {
        let query = Query::decode(query)?;
        let questions = match &query.form {
            Some(form) => questions(form),
            None => query.names.iter().map(|name| unlabelled(name)).collect(),
        };
        Some(Self { query, questions })
    }

    /// What is shown of it. The pictures come with the stanza.
    fn shown(&self, iq: &Iq) -> Value {
        let form = self.query.form.as_ref();
        let said = |name: &str| {
            let element = form.into_iter().flat_map(Element::children).find(|child| child.name() == name);
            element.map(|element| element.text().trim().to_owned()).filter(|text| !text.is_empty())
        };
        let instructions = said("instructions").or_else(|| self.query.instructions.clone());
        let parents = [&**iq.element(), iq.payload().unwrap_or(iq.element())];
        let asked = self.questions.iter().filter(|question| question.field.kind() != "hidden");
        map([
            ("title", said("title").into()),
            ("instructions", instructions.into()),
            ("url", self.query.url.clone().into()),
            ("fields", Value::List(asked.map(|question| shown(question, &parents)).collect())),
        ])
    }

    fn submit(&self, answers: &[(String, Vec<String>)]) -> Element {
        let given = |name: &str| answers.iter().find(|(other, _)| other == name).map(|(_, values)| values.clone());
        let answered = self.questions.iter().map(|question| {
            let field = question.field.clone();
            let values = field.var.as_deref().filter(|_| field.kind() != "hidden").and_then(given);
            Field { values: values.unwrap_or_else(|| field.values.clone()), ..field }
        });
        let form = Form { fields: answered.collect() };
        if self.query.form.is_some() {
            return register::submit(Some(form.submit()), &[]);
        }
        let mut all: Vec<(&str, &str)> = Vec::new();
        for field in &form.fields {
            let (Some(name), Some(value)) = (&field.var, field.values.first()) else { continue };
            all.push((name, value));
        }
        all.extend(self.query.key.as_deref().map(|key| ("key", key)));
        register::submit(None, &all)
    }
}

/// What is asked by its name only.
fn unlabelled(name: &str) -> Question {
    let kind = if name == "password" { "text-private" } else { "text-single" };
    let field = Field { kind: Some(kind.to_owned()), ..Field::new(name, Vec::new()) };
    Question { field, label: None, about: None, required: true, options: Vec::new(), media: Vec::new() }
}

/// What an element shows of a question; pictures come along in one of `parents`.
pub fn shown(question: &Question, parents: &[&Element]) -> Value {
    let Question { field, label, about, required, options, media } = question;
    let option =
        |(label, value): &(String, String)| map([("label", label.as_str().into()), ("value", value.as_str().into())]);
    map([
        ("name", field.var.clone().into()),
        ("kind", field.kind().into()),
        ("label", label.clone().into()),
        ("about", about.clone().into()),
        ("required", (*required).into()),
        ("values", field.values.as_slice().into()),
        ("options", Value::List(options.iter().map(option).collect())),
        ("image", media.iter().find_map(|uri| bob::picture(uri, parents)).into()),
    ])
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Map(entries.into_iter().map(|(name, value)| (Rc::from(name), value)).collect())
}
