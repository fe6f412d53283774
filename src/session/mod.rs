//! One person's session: streams that come and go, the stanzas on them, and what must survive their end.
//!
//! `registration` makes an account before there is one to log in to. `account` is what it takes to log in; `login` goes from a transport to a stream that carries stanzas, `online` is
//! what happens on it, `reconnect` what happens when it breaks; `outbox` and `acks` know what the server has of what
//! was sent, `iq` who waits for which answer, `saved` what another page needs to go on.

mod account;
mod acks;
mod backoff;
mod error;
mod iq;
mod login;
mod memory;
mod online;
mod outbox;
mod reconnect;
mod registration;
mod saved;

pub use account::{Account, Prebound};
pub use backoff::{CEILING as RECONNECT_CEILING, FIRST as RECONNECT_FIRST};
pub use error::{ConnectionError, SendError};
pub use iq::{Answer, DEFAULT_TIMEOUT, IqTable, MAX_OPEN};
pub use login::LOGIN_TIMEOUT;
pub use memory::Memory;
pub use online::{LINK_TIMEOUT, SUSPECT_TIMEOUT};
pub use outbox::MAX_WAITING;
pub use reconnect::{LASTING, MAX_REDIRECTS};
pub use registration::{Registration, RegistrationEvent, shown};
pub use saved::Saved;

use std::{collections::VecDeque, rc::Rc, time::Duration};

use self::{acks::Acks, backoff::Backoff, outbox::Outbox};
use crate::{
    jid::{FullJid, Jid},
    random::Dice,
    stanza::{DecodeError, Iq, Message, Presence},
    stream::{Endpoint, Features, Input, Login, Sent, StreamEvent, Ticket, Transmit, Transport, is_stanza},
    time::{Instant, Timestamp},
    xml::Element,
};

/// One person's session. `T` is what the caller wants back with the answer to a request.
#[derive(Debug)]
pub struct Session<T> {
    account: Account,
    memory: Memory,
    dice: Dice,
    /// What the clock on the wall shows when [`Instant`] is zero.
    epoch: Timestamp,
    state: State,
    /// The address, once the server has given one.
    jid: Option<FullJid>,
    features: Features,
    outbox: Outbox,
    /// What the server has of what the stream carried, the present one or the one that broke last.
    acks: Option<Acks>,
    iqs: IqTable<T>,
    backoff: Backoff,
    redirects: u32,
    /// When something arrived last.
    heard: Instant,
    /// By when the server must show a sign of life.
    life_due: Option<Instant>,
    /// The session is one that an earlier page left, and has not been online on this one.
    restored: bool,
    /// The page can be seen.
    active: bool,
    /// What the server was told of that; `None` if what the stream was told before it broke may or may not count.
    told_active: Option<bool>,
    /// When the stream began to carry stanzas.
    since: Instant,
    /// Where the server sent this client instead of where it was to go.
    elsewhere: Option<Endpoint>,
    /// What transports that are gone have left to do.
    leftovers: VecDeque<Transmit>,
    events: VecDeque<SessionEvent<T>>,
}

#[derive(Debug)]
enum State {
    LoggingIn {
        transport: Transport,
        login: Box<Login>,
        deadline: Instant,
    },
    /// A BOSH session that this page had before it was reloaded is being taken up, or one that another program began,
    /// with this address.
    Attaching {
        transport: Transport,
        prebound: Option<FullJid>,
        deadline: Instant,
    },
    Online {
        transport: Transport,
    },
    /// Between two attempts to connect.
    Waiting {
        until: Instant,
    },
    /// The stream is being closed; this error, if it is one, is reported when it is.
    Ending {
        transport: Transport,
        cause: Option<ConnectionError>,
    },
    Ended,
}

/// How a session came online.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Arrival {
    /// By a log-in.
    New,
    /// The page was reloaded, and the server did not notice.
    Restored,
    /// The connection was lost, and the server did not notice.
    Resumed,
    /// The connection was lost, and this is a new stream: the server has forgotten presence and rooms.
    Reconnected,
}

/// What a session tells the layer above.
#[derive(Debug)]
pub enum SessionEvent<T> {
    /// The credentials are about to be checked.
    Authenticating,
    /// Stanzas can be exchanged from now on.
    Online { jid: FullJid, arrival: Arrival, carbons: bool },
    /// A message for this client.
    Message(Message),
    /// Presence for this client.
    Presence(Presence),
    /// A request that the layer above must answer.
    Request(Iq),
    /// The answer to a request of ours.
    Answered { then: T, answer: Answer },
    /// An answer to nothing that this side asked. The page may have.
    Unasked(Iq),
    /// What became of a message that was sent. Requests get answers, and presence is said anew.
    Delivery { id: String, delivery: Delivery },
    /// A stanza that could not be understood was left unread.
    Ignored(DecodeError),
    /// The connection is lost, and will be made again.
    Lost(ConnectionError),
    /// The connection is being made again now.
    Reconnecting,
    /// Another program must begin a session, see [`Session::prebind`].
    Unbound,
    /// The session is over. Without an error it was ended by this side.
    Ended(Option<ConnectionError>),
}

impl<T> SessionEvent<T> {
    /// The stanza that arrived, if one did.
    pub fn stanza(&self) -> Option<&Rc<Element>> {
        match self {
            Self::Message(message) => Some(message.element()),
            Self::Presence(presence) => Some(presence.element()),
            Self::Request(iq) | Self::Unasked(iq) => Some(iq.element()),
            Self::Answered { answer: Answer::Result(iq) | Answer::Error(iq), .. } => Some(iq.element()),
            _ => None,
        }
    }
}

/// What became of a stanza.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Delivery {
    /// The server has it.
    Sent,
    /// It was not sent, and will not be.
    NotSent,
    /// The connection broke for good before the server said whether it has it, or whenever it was sent.
    InDoubt,
}

impl<T> Session<T> {
    /// Begins to log in. What `saved` another page left is taken up if the server still has it.
    pub fn log_in(
        now: Instant,
        epoch: Timestamp,
        account: Account,
        memory: Memory,
        dice: Dice,
        saved: Option<Saved>,
    ) -> Self {
        let mut session = Self { epoch, ..Self::new(now, account, memory, dice) };
        match saved {
            Some(saved) => session.restore(now, saved),
            None => session.connect(now),
        }
        session
    }

    fn new(now: Instant, account: Account, memory: Memory, dice: Dice) -> Self {
        Self {
            account,
            memory,
            dice,
            epoch: Timestamp::default(),
            state: State::Ended,
            jid: None,
            features: Features::default(),
            outbox: Outbox::default(),
            acks: None,
            iqs: IqTable::default(),
            backoff: Backoff::default(),
            redirects: 0,
            heard: now,
            life_due: None,
            restored: false,
            active: true,
            told_active: None,
            since: now,
            elsewhere: None,
            leftovers: VecDeque::new(),
            events: VecDeque::new(),
        }
    }

    /// Takes in what the clock on the wall shows when [`Instant`] is zero.
    pub fn set_epoch(&mut self, epoch: Timestamp) {
        self.epoch = epoch;
    }

    /// Sends a stanza, now or, if it is a message, when there is a connection again. What becomes of it is told under
    /// the ticket.
    pub fn send(&mut self, now: Instant, mut stanza: Element) -> Result<Ticket, SendError> {
        if outbox::is_message(&stanza) && stanza.attribute("id").is_none() {
            // Whoever handed it over, and whoever gets it, must be able to tell it from another.
            stanza.set_attribute("id", self.dice.id());
        }
        let ticket = self.outbox.ticket();
        let can_wait = self.can_wait(&stanza);
        let sent = Sent::new(ticket, stanza).map_err(SendError::Write)?;
        match &mut self.state {
            State::Online { .. } if !self.acks.as_ref().is_none_or(Acks::has_room) => {
                return Err(SendError::TooMuchWaiting);
            }
            State::Online { transport } => {
                transport.send(now, &sent.stanza).map_err(SendError::Write)?;
                let place = transport.sent();
                if let Some(acks) = self.acks.as_mut().filter(|_| is_stanza(&sent.stanza)) {
                    acks.push(sent, place);
                }
            }
            State::Ending { .. } | State::Ended => return Err(SendError::NotConnected),
            _ if !can_wait => return Err(SendError::NotConnected),
            _ if !(self.outbox.has_room() && self.acks.as_ref().is_none_or(Acks::has_room)) => {
                return Err(SendError::TooMuchWaiting);
            }
            _ => self.outbox.push(sent),
        }
        Ok(ticket)
    }

    /// Sends a request, and gives `then` back with the answer, which comes within `timeout` whatever happens.
    pub fn request(&mut self, now: Instant, iq: Element, timeout: Duration, then: T) -> Result<Ticket, SendError> {
        let to = iq.attribute("to").and_then(|to| Jid::new(to).ok());
        let id = iq.attribute("id").unwrap_or_default().to_owned();
        if !self.iqs.has_room_for(&id) {
            return Err(SendError::TooManyRequests);
        }
        let ticket = self.send(now, iq)?;
        self.iqs.insert(id, to, now + timeout, then);
        Ok(ticket)
    }

    /// Ends the session; [`SessionEvent::Ended`] follows when the server has agreed, or a little later.
    pub fn end(&mut self, now: Instant) {
        self.fail(now, None);
    }

    /// Gives the session up for another one. What is left to do comes back; what became of all that is open is told,
    /// but not that the session has ended.
    pub fn give_up(&mut self, now: Instant) -> VecDeque<Transmit> {
        self.settle_all();
        let mut state = std::mem::replace(&mut self.state, State::Ended);
        let mut leftovers = std::mem::take(&mut self.leftovers);
        if let Some(transport) = state.transport_mut() {
            leftovers.extend(transport.give_up(now));
        }
        leftovers
    }

    /// Leaves the session to another page, which goes on with it: the server hears nothing, and what becomes of the
    /// stanzas is for that page to say. What is left to do comes back.
    pub fn leave_to_other(&mut self) -> VecDeque<Transmit> {
        let mut state = std::mem::replace(&mut self.state, State::Ended);
        let mut leftovers = std::mem::take(&mut self.leftovers);
        if let Some(transport) = state.transport_mut() {
            transport.abandon();
            leftovers.extend(std::iter::from_fn(|| transport.poll_leftover()));
        }
        (self.acks, self.outbox) = (None, Outbox::default());
        self.answer_disconnected();
        leftovers
    }

    /// Does this before anything else: what is left to do of the session before.
    pub fn add_leftovers(&mut self, leftovers: VecDeque<Transmit>) {
        self.leftovers.extend(leftovers);
    }

    /// Takes in what the platform reports.
    pub fn handle_input(&mut self, now: Instant, input: Input<'_>) {
        if let Some(transport) = self.transport_mut() {
            transport.handle_input(now, input);
            self.drain_transport(now);
        }
    }

    /// Does what is due at `now`.
    pub fn handle_timeout(&mut self, now: Instant) {
        if let Some(transport) = self.transport_mut() {
            transport.handle_timeout(now);
            self.drain_transport(now);
        }
        match self.state {
            State::LoggingIn { deadline, .. } | State::Attaching { deadline, .. } if deadline <= now => {
                self.lose(now, ConnectionError::TimedOut);
            }
            State::Waiting { until } if until <= now => self.connect_again(now),
            State::Online { .. } => self.keep_alive(now),
            _ => {}
        }
        while let Some(then) = self.iqs.take_expired(now) {
            self.events.push_back(SessionEvent::Answered { then, answer: Answer::TimedOut });
        }
    }

    /// What the platform is to do next.
    pub fn poll_transmit(&mut self, now: Instant) -> Option<Transmit> {
        self.tell_activity(now);
        self.ask_for_acks(now);
        self.leftovers.pop_front().or_else(|| self.transport_mut()?.poll_transmit())
    }

    /// What happened next.
    pub fn poll_event(&mut self) -> Option<SessionEvent<T>> {
        self.events.pop_front()
    }

    /// When [`Self::handle_timeout`] is due.
    pub fn poll_timeout(&self) -> Option<Instant> {
        let own = match &self.state {
            State::LoggingIn { deadline, .. } | State::Attaching { deadline, .. } => Some(*deadline),
            State::Waiting { until } => Some(*until),
            State::Online { .. } => self.keep_alive_due(),
            State::Ending { .. } | State::Ended => None,
        };
        let transport = self.transport().and_then(Transport::poll_timeout);
        [own, transport, self.iqs.poll_timeout()].into_iter().flatten().min()
    }

    /// What is to be remembered of the account.
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// Who logs in.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// Whether the session has come to its end, or is coming to it.
    pub fn is_over(&self) -> bool {
        matches!(self.state, State::Ending { .. } | State::Ended)
    }

    /// The session and request ids that the next BOSH request is to carry.
    pub(crate) fn bosh_tokens(&self) -> Option<(String, u64)> {
        let bosh = self.transport()?.bosh_session()?;
        Some((bosh.sid, bosh.rid))
    }

    /// Whether it will still be told what became of the message `id`.
    pub fn is_open(&self, id: &str) -> bool {
        let told = |event: &SessionEvent<T>| matches!(event, SessionEvent::Delivery { id: other, .. } if other == id);
        self.outbox.holds(id) || self.acks.as_ref().is_some_and(|acks| acks.holds(id)) || self.events.iter().any(told)
    }

    /// When the connection is tried to be made again, if that is waited for.
    pub fn next_attempt(&self) -> Option<Instant> {
        match self.state {
            State::Waiting { until } => Some(until),
            _ => None,
        }
    }

    /// Whether the page can be seen.
    pub fn is_active(&self) -> bool {
        self.active
    }

    /// Whether what others ask is to be answered: the server acknowledges what it is sent.
    pub fn answers(&self) -> bool {
        self.acks.as_ref().is_none_or(Acks::has_room_for_answers)
    }

    /// Whether stanzas can be sent now.
    pub fn is_online(&self) -> bool {
        matches!(self.state, State::Online { .. })
    }

    /// What the server offers on this stream.
    pub fn features(&self) -> &Features {
        &self.features
    }

    fn transport(&self) -> Option<&Transport> {
        match &self.state {
            State::LoggingIn { transport, .. }
            | State::Attaching { transport, .. }
            | State::Online { transport }
            | State::Ending { transport, .. } => Some(transport),
            State::Waiting { .. } | State::Ended => None,
        }
    }

    fn transport_mut(&mut self) -> Option<&mut Transport> {
        self.state.transport_mut()
    }

    fn drain_transport(&mut self, now: Instant) {
        while let Some(event) = self.transport_mut().and_then(Transport::poll_event) {
            self.heard = now;
            self.life_due = None;
            match event {
                StreamEvent::Opened(_) => self.handle_opened(now),
                StreamEvent::Received(element) => self.handle_element(now, element),
                StreamEvent::Closed(reason) => self.handle_closed(now, reason),
            }
        }
        self.handle_accepted();
    }

    fn handle_element(&mut self, now: Instant, element: Element) {
        match &mut self.state {
            State::LoggingIn { login, .. } => {
                login.handle(element);
                self.drain_login(now);
            }
            State::Online { .. } => self.route(now, element),
            State::Ending { .. } => self.handle_late(&element),
            _ => {}
        }
    }

    fn emit(&mut self, event: SessionEvent<T>) {
        self.events.push_back(event);
    }

    fn deliver(&mut self, stanzas: impl IntoIterator<Item = Sent>, delivery: Delivery) {
        let messages = stanzas.into_iter().filter(|sent| outbox::is_message(&sent.stanza));
        self.events.extend(messages.map(|Sent { stanza, .. }| SessionEvent::Delivery {
            id: stanza.attribute("id").unwrap_or_default().to_owned(),
            delivery,
        }));
    }
}

impl State {
    fn transport_mut(&mut self) -> Option<&mut Transport> {
        match self {
            Self::LoggingIn { transport, .. }
            | Self::Attaching { transport, .. }
            | Self::Online { transport }
            | Self::Ending { transport, .. } => Some(transport),
            Self::Waiting { .. } | Self::Ended => None,
        }
    }
}
