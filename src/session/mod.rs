//! One log-in: a stream from its opening to its end, the stanzas on it, and the requests that wait for an answer.

mod error;
mod iq;

pub use error::ConnectionError;
pub use iq::{Answer, DEFAULT_TIMEOUT, IqTable, MAX_OPEN};

use std::{collections::VecDeque, fmt, time::Duration};

use crate::{
    jid::{FullJid, Jid},
    random::Random,
    stanza::{Decode, DecodeError, Iq, IqKind, Message, Stanza},
    stream::{
        Closed, Features, Input, Login, LoginError, Step, StreamEvent, Transmit, Transport,
        sasl::{Credentials, Policy},
    },
    time::Instant,
    xml::{Element, WriteError, ns},
};

/// How long the log-in may take, from the first byte to a bound resource.
pub const LOGIN_TIMEOUT: Duration = Duration::from_secs(60);

/// One log-in. `T` is what the caller wants back with the answer to a request.
#[derive(Debug)]
pub struct Session<T> {
    transport: Transport,
    state: State,
    iqs: IqTable<T>,
    events: VecDeque<SessionEvent<T>>,
}

#[derive(Debug)]
enum State {
    LoggingIn {
        login: Box<Login>,
        deadline: Instant,
    },
    /// A stream that this page had before it was reloaded: bound already.
    Resuming {
        jid: FullJid,
        deadline: Instant,
    },
    Online {
        jid: FullJid,
    },
    /// The stream is being closed, or is closed; this error, if it is one, is reported when it is.
    Ending {
        cause: Option<ConnectionError>,
    },
}

/// What a session tells the layer above.
#[derive(Debug)]
pub enum SessionEvent<T> {
    /// The credentials are about to be checked.
    Authenticating,
    /// Stanzas can be exchanged from now on. `resumed`: the server never saw this client go.
    Online { jid: FullJid, features: Features, resumed: bool },
    /// A message for this client.
    Message(Message),
    /// Presence for this client.
    Presence(Element),
    /// A request that the layer above must answer.
    Request(Iq),
    /// The answer to a request of ours.
    Answered { then: T, answer: Answer },
    /// A stanza that could not be understood was left unread.
    Ignored(DecodeError),
    /// The session is over. Without an error it was ended by this side.
    Ended(Option<ConnectionError>),
}

/// Why a stanza was not sent. The caller is to blame, or the moment.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SendError {
    /// There is no session that could carry it.
    NotConnected,
    /// It cannot be written as XML.
    Write(WriteError),
    /// Too many requests wait for an answer, or one with this id does.
    TooManyRequests,
}

impl<T> Session<T> {
    /// Begins to log in over `transport`.
    pub fn log_in(
        now: Instant,
        mut transport: Transport,
        credentials: Credentials,
        policy: Policy,
        resource: Option<String>,
        random: &mut dyn Random,
    ) -> Self {
        transport.open(now);
        let login = Box::new(Login::new(credentials, policy, resource, random));
        Self::new(transport, State::LoggingIn { login, deadline: now + LOGIN_TIMEOUT })
    }

    /// Goes on with a session of `jid` whose stream `transport` attaches to.
    pub fn resume(now: Instant, mut transport: Transport, jid: FullJid, random: &mut dyn Random) -> Self {
        transport.open(now);
        // BOSH answers at once to this, and so tells at once whether the session is still there.
        let ping = Iq::get(&random.id(), Element::new("ping", ns::PING));
        let _: Result<(), WriteError> = transport.send(now, &ping);
        Self::new(transport, State::Resuming { jid, deadline: now + LOGIN_TIMEOUT })
    }

    fn new(transport: Transport, state: State) -> Self {
        Self { transport, state, iqs: IqTable::default(), events: VecDeque::new() }
    }

    /// Sends a stanza.
    pub fn send(&mut self, now: Instant, stanza: &Element) -> Result<(), SendError> {
        match self.state {
            State::Online { .. } => self.transport.send(now, stanza).map_err(SendError::Write),
            _ => Err(SendError::NotConnected),
        }
    }

    /// Sends a request, and gives `then` back with the answer, which comes within `timeout` whatever happens.
    pub fn request(&mut self, now: Instant, iq: &Element, timeout: Duration, then: T) -> Result<(), SendError> {
        let to = iq.attribute("to").and_then(|to| Jid::new(to).ok());
        let id = iq.attribute("id").unwrap_or_default().to_owned();
        if !self.iqs.has_room_for(&id) {
            return Err(SendError::TooManyRequests);
        }
        self.send(now, iq)?;
        self.iqs.insert(id, to, now + timeout, then).map_err(|_| SendError::TooManyRequests)
    }

    /// Ends the session; [`SessionEvent::Ended`] follows when the server has agreed, or a little later.
    pub fn end(&mut self, now: Instant) {
        if !matches!(self.state, State::Ending { .. }) {
            self.fail(now, None);
        }
    }

    /// Takes in what the platform reports.
    pub fn handle_input(&mut self, now: Instant, input: Input<'_>) {
        self.transport.handle_input(now, input);
        self.drain_transport(now);
    }

    /// Does what is due at `now`.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.transport.handle_timeout(now);
        self.drain_transport(now);
        match self.state {
            State::LoggingIn { deadline, .. } | State::Resuming { deadline, .. } if deadline <= now => {
                self.fail(now, Some(ConnectionError::TimedOut));
            }
            _ => {}
        }
        while let Some(then) = self.iqs.take_expired(now) {
            self.events.push_back(SessionEvent::Answered { then, answer: Answer::TimedOut });
        }
    }

    /// What the platform is to do next.
    pub fn poll_transmit(&mut self) -> Option<Transmit> {
        self.transport.poll_transmit()
    }

    /// What happened next.
    pub fn poll_event(&mut self) -> Option<SessionEvent<T>> {
        self.events.pop_front()
    }

    /// When [`Self::handle_timeout`] is due.
    pub fn poll_timeout(&self) -> Option<Instant> {
        let login = match self.state {
            State::LoggingIn { deadline, .. } | State::Resuming { deadline, .. } => Some(deadline),
            State::Online { .. } | State::Ending { .. } => None,
        };
        [self.transport.poll_timeout(), self.iqs.poll_timeout(), login].into_iter().flatten().min()
    }

    /// The transport, for what only one of them has.
    pub fn transport(&self) -> &Transport {
        &self.transport
    }

    fn drain_transport(&mut self, now: Instant) {
        while let Some(event) = self.transport.poll_event() {
            match event {
                StreamEvent::Opened(_) => self.handle_opened(),
                StreamEvent::Received(element) => self.handle_element(now, element),
                StreamEvent::Closed(reason) => self.handle_closed(reason),
            }
        }
    }

    fn handle_opened(&mut self) {
        if let State::Resuming { jid, .. } = &self.state {
            let jid = jid.clone();
            self.state = State::Online { jid: jid.clone() };
            self.events.push_back(SessionEvent::Online { jid, features: Features::default(), resumed: true });
        }
    }

    fn handle_element(&mut self, now: Instant, element: Element) {
        match &mut self.state {
            State::LoggingIn { login, .. } => {
                login.handle(element);
                self.drain_login(now);
            }
            State::Online { jid } => {
                let me = jid.clone();
                self.route(element, &me);
            }
            State::Resuming { .. } | State::Ending { .. } => {}
        }
    }

    fn drain_login(&mut self, now: Instant) {
        while let State::LoggingIn { login, .. } = &mut self.state {
            match login.poll_step() {
                None => return,
                Some(Step::Send(element)) => {
                    if element.name() == "auth" {
                        self.events.push_back(SessionEvent::Authenticating);
                    }
                    if self.transport.send(now, &element).is_err() {
                        self.fail(now, Some(ConnectionError::Login(LoginError::PeerMisbehaved("unwritable text"))));
                    }
                }
                Some(Step::Restart) => self.transport.restart(now),
                Some(Step::Bound { jid, features }) => {
                    self.state = State::Online { jid: jid.clone() };
                    self.events.push_back(SessionEvent::Online { jid, features, resumed: false });
                }
                Some(Step::Failed(error)) => self.fail(now, Some(ConnectionError::Login(error))),
            }
        }
    }

    fn route(&mut self, element: Element, me: &FullJid) {
        match Stanza::decode(element) {
            Decode::Ok(Stanza::Message(message)) => self.events.push_back(SessionEvent::Message(message)),
            Decode::Ok(Stanza::Presence(presence)) => self.events.push_back(SessionEvent::Presence(presence)),
            Decode::Ok(Stanza::Iq(iq)) if matches!(iq.kind, IqKind::Get | IqKind::Set) => {
                self.events.push_back(SessionEvent::Request(iq));
            }
            Decode::Ok(Stanza::Iq(iq)) => {
                if let Some((then, answer)) = self.iqs.take(&iq, me) {
                    self.events.push_back(SessionEvent::Answered { then, answer });
                }
            }
            Decode::NotMine(_) => {}
            Decode::Bad(error) => self.events.push_back(SessionEvent::Ignored(error)),
        }
    }

    fn handle_closed(&mut self, reason: Closed) {
        let cause = match std::mem::replace(&mut self.state, State::Ending { cause: None }) {
            State::Ending { cause } => cause,
            _ => match reason {
                Closed::ByUs => None,
                reason => Some(ConnectionError::Closed(reason)),
            },
        };
        let unanswered: Vec<T> = self.iqs.drain().collect();
        let unanswered = unanswered.into_iter();
        self.events.extend(unanswered.map(|then| SessionEvent::Answered { then, answer: Answer::Disconnected }));
        self.events.push_back(SessionEvent::Ended(cause));
    }

    fn fail(&mut self, now: Instant, cause: Option<ConnectionError>) {
        self.state = State::Ending { cause };
        self.transport.close(now);
        self.drain_transport(now);
    }
}

impl SendError {
    /// The code by which a page tells one error from another. These are part of the public interface.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotConnected => "not-connected",
            Self::Write(_) => "unwritable-stanza",
            Self::TooManyRequests => "too-many-requests",
        }
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConnected => f.write_str("there is no connection to send the stanza over"),
            Self::Write(error) => write!(f, "the stanza cannot be sent: {error}"),
            Self::TooManyRequests => f.write_str("too many requests wait for an answer, or one with this id does"),
        }
    }
}
