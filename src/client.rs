//! The whole core: what happens on the page and on the wire goes in, what is to be sent, told and stored comes out.

use std::collections::VecDeque;

pub use crate::feature::{Event, Status};
use crate::{
    feature::{Context, Then, carbons, chat, presence, roster},
    jid::{BareJid, FullJid},
    random::{Dice, Random},
    session::{Account, Arrival, ConnectionError, Memory, Prebound, Saved, SendError, Session, SessionEvent},
    stanza::{ErrorType, Iq, StanzaError, payload},
    store::{
        Contacts,
        cache::{self, Part, Write},
    },
    stream::{Input, Ticket, Transmit},
    time::Instant,
    xml::Element,
};

/// An XMPP client without a socket, a clock or a page.
pub struct Client {
    dice: Dice,
    session: Option<Session<Then>>,
    status: Status,
    jid: Option<FullJid>,
    contacts: Contacts,
    /// Carbons are to be asked for where the log-in does not switch them on.
    carbons: bool,
    /// The session that an earlier page left, until it is taken up.
    saved: Option<Saved>,
    /// What is remembered of an account, and of which.
    memory: Option<(BareJid, Memory)>,
    written: Written,
    /// Something happened since then that may have changed them.
    changed: bool,
    events: VecDeque<Event>,
}

/// The entries of the cache as they were last written. Nobody knows what an earlier page left there.
#[derive(Default)]
struct Written {
    session: Option<Option<String>>,
    memory: Option<Option<String>>,
}

impl Client {
    /// A client that is not connected.
    pub fn new(random: impl Random + 'static) -> Self {
        Self {
            dice: Dice::new(random),
            session: None,
            status: Status::default(),
            jid: None,
            contacts: Contacts::default(),
            carbons: false,
            saved: None,
            memory: None,
            written: Written::default(),
            changed: true,
            events: VecDeque::new(),
        }
    }

    /// Takes in what the page's storage holds of `part`. What makes no sense is forgotten.
    pub fn load(&mut self, part: Part, stored: &str) {
        self.changed = true;
        let Ok((account, content)) = cache::decode(stored) else { return };
        match part {
            Part::Session => self.saved = Saved::decode(&content).filter(|saved| *saved.jid().bare() == account),
            Part::Memory => self.memory = Memory::decode(&content).map(|memory| (account, memory)),
        }
    }

    /// Whether there is something that leads `account` in without a password: a token, or a session of an earlier page.
    pub fn can_go_on(&self, account: &Account) -> bool {
        let saved = self.saved.as_ref().is_some_and(|saved| saved.is_self_sufficient(account));
        saved || self.memory_of(account).is_some_and(|memory| memory.token.is_some())
    }

    /// Whether there may be anything of the kind.
    pub fn remembers(&self) -> bool {
        self.saved.is_some() || self.memory.as_ref().is_some_and(|(_, memory)| memory.token.is_some())
    }

    /// The account whose session an earlier page left.
    pub fn saved_account(&self) -> Option<&BareJid> {
        self.saved.as_ref().map(|saved| saved.jid().bare())
    }

    /// Begins to log in, or to go on with the session that an earlier page left. A session that is there is given up.
    pub fn log_in(&mut self, now: Instant, account: Account) {
        self.changed = true;
        let leftovers = self.give_up_session(now);
        let memory = self.memory_of(&account).cloned().unwrap_or_else(|| Memory::new(&self.dice));
        if self.saved.as_ref().is_some_and(|saved| !saved.belongs_to(&account)) {
            self.drop_saved();
        }
        let saved = self.saved.take().and_then(|saved| saved.fit_for(&account));
        self.contacts = Contacts::default();
        // What of the last session has not been told yet would be taken for news of this one.
        self.events.retain(|event| matches!(event, Event::Message(_) | Event::Delivery { .. }));
        self.jid = None;
        self.carbons = account.carbons;
        self.set_status(Status::Connecting);
        let mut session = Session::log_in(now, account, memory, self.dice.clone(), saved);
        session.add_leftovers(leftovers);
        self.session = Some(session);
        self.drain_session(now);
    }

    /// Ends the session, and forgets what would lead in again.
    pub fn log_out(&mut self, now: Instant) {
        self.changed = true;
        self.drop_saved();
        self.memory = None;
        self.end(now);
    }

    /// Ends the session, if there is one; [`Event::Disconnected`] follows.
    pub fn end(&mut self, now: Instant) {
        self.changed = true;
        if let Some(session) = self.session.as_mut().filter(|_| self.status.is_under_way()) {
            session.end(now);
            self.set_status(Status::Disconnecting);
            self.drain_session(now);
        }
    }

    /// Takes up a BOSH session that another program has begun, after [`Event::Unbound`].
    pub fn prebind(&mut self, now: Instant, prebound: Prebound) {
        self.changed = true;
        if let Some(session) = &mut self.session {
            session.prebind(now, prebound);
        }
    }

    /// Sends a stanza that the page made. A message waits if there is no connection but will be one.
    pub fn send(&mut self, now: Instant, stanza: Element) -> Result<Ticket, SendError> {
        self.changed = true;
        self.session.as_mut().ok_or(SendError::NotConnected)?.send(now, stanza)
    }

    /// Makes sure that the connection is still there, or makes it now.
    pub fn check_link(&mut self, now: Instant) {
        self.changed = true;
        if let Some(session) = &mut self.session {
            session.check_link(now);
            self.drain_session(now);
        }
    }

    /// Tells the server whether anybody is looking.
    pub fn set_active(&mut self, now: Instant, active: bool) {
        self.changed = true;
        if let Some(session) = &mut self.session {
            session.set_active(now, active);
        }
    }

    /// Takes in what the platform reports.
    pub fn handle_input(&mut self, now: Instant, input: Input<'_>) {
        self.changed = true;
        if let Some(session) = &mut self.session {
            session.handle_input(now, input);
            self.drain_session(now);
        }
    }

    /// Does what is due at `now`.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.changed = true;
        if let Some(session) = &mut self.session {
            session.handle_timeout(now);
            self.drain_session(now);
        }
    }

    /// What the page's storage must hold before anything more is sent.
    pub fn poll_write(&mut self) -> Option<Write> {
        if !self.changed {
            return None;
        }
        // What an earlier page left stays until it is taken up.
        if self.saved.is_none() {
            let session = self.session_entry();
            if self.written.session.as_ref() != Some(&session) {
                self.written.session = Some(session.clone());
                return Some(Write { part: Part::Session, content: session });
            }
        }
        let memory = self.memory_entry();
        if self.written.memory.as_ref() != Some(&memory) {
            self.written.memory = Some(memory.clone());
            return Some(Write { part: Part::Memory, content: memory });
        }
        self.changed = false;
        None
    }

    /// What the platform is to do next.
    pub fn poll_transmit(&mut self, now: Instant) -> Option<Transmit> {
        let transmit = self.session.as_mut()?.poll_transmit(now);
        // A request of BOSH is made when it is asked for; all else was decided before.
        self.changed |= matches!(transmit, Some(Transmit::HttpPost { .. }));
        transmit
    }

    /// What the page is to be told next.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// When [`Self::handle_timeout`] is due.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.session.as_ref()?.poll_timeout()
    }

    /// The state of the connection.
    pub fn status(&self) -> Status {
        self.status
    }

    /// Whether stanzas can be sent.
    pub fn is_connected(&self) -> bool {
        matches!(self.status, Status::Connected | Status::Attached)
    }

    /// The address of this client, once it has one.
    pub fn jid(&self) -> Option<&FullJid> {
        self.jid.as_ref()
    }

    /// The user's contacts.
    pub fn contacts(&self) -> &Contacts {
        &self.contacts
    }

    /// What the BOSH session's next request is to carry, if stanzas can be sent over one: its session and request ids.
    pub fn bosh_tokens(&self) -> Option<(String, u64)> {
        self.session.as_ref().filter(|_| self.is_connected())?.bosh_tokens()
    }

    /// A number nobody can guess, such as the one in a resource.
    pub fn random_number(&self) -> u32 {
        self.dice.number()
    }

    fn drain_session(&mut self, now: Instant) {
        while let Some(event) = self.session.as_mut().and_then(Session::poll_event) {
            self.handle_event(now, event);
        }
    }

    fn handle_event(&mut self, now: Instant, event: SessionEvent<Then>) {
        match event {
            SessionEvent::Authenticating => self.set_status(Status::Authenticating),
            SessionEvent::Online { jid, arrival, carbons } => self.handle_online(now, jid, arrival, carbons),
            SessionEvent::Message(message) => {
                self.with_context(now, |context, me| chat::handle_message(context, &message, me));
            }
            SessionEvent::Presence(_) => {}
            SessionEvent::Request(iq) => self.handle_request(now, &iq),
            SessionEvent::Answered { then: Then::Roster, answer } => {
                self.with_context(now, |context, _| roster::handle_answer(context, answer));
            }
            SessionEvent::Answered { then: Then::Nothing, .. } => {}
            SessionEvent::Delivery { id, delivery, .. } => self.events.push_back(Event::Delivery { id, delivery }),
            SessionEvent::Ignored(error) => self.events.push_back(Event::Ignored(error)),
            SessionEvent::Lost(cause) => {
                self.set_status(Status::Reconnecting);
                self.events.push_back(Event::Lost(cause));
            }
            SessionEvent::Reconnecting => self.set_status(Status::Connecting),
            SessionEvent::Unbound => self.events.push_back(Event::Unbound),
            SessionEvent::Ended(cause) => self.handle_ended(cause),
        }
    }

    fn handle_online(&mut self, now: Instant, jid: FullJid, arrival: Arrival, carbons: bool) {
        self.jid = Some(jid.clone());
        self.set_status(if arrival == Arrival::Restored { Status::Attached } else { Status::Connected });
        self.events.push_back(Event::Online { jid, arrival });
        let wants_carbons = self.carbons && !carbons;
        self.with_context(now, |context, _| {
            let new = matches!(arrival, Arrival::New | Arrival::Reconnected);
            if arrival != Arrival::Resumed {
                roster::request(context);
            }
            if new && wants_carbons {
                carbons::enable(context);
            }
            if new {
                presence::send_initial(context);
            }
        });
    }

    fn handle_request(&mut self, now: Instant, iq: &Iq) {
        if payload::roster::Push::is_push(iq) {
            return self.with_context(now, |context, me| roster::handle_push(context, iq, me));
        }
        let answer = match payload::ping::is_ping(iq) {
            true => iq.to_result(),
            false => iq.to_error(&StanzaError::new(ErrorType::Cancel, "service-unavailable")),
        };
        let _: Result<Ticket, SendError> = self.send(now, answer);
    }

    fn handle_ended(&mut self, cause: Option<ConnectionError>) {
        let status = match &cause {
            Some(error) if error.code() == "authentication-failed" => Status::AuthenticationFailed,
            Some(_) if matches!(self.status, Status::Connecting | Status::Authenticating) => Status::ConnectionFailed,
            _ => Status::Disconnected,
        };
        self.jid = None;
        self.remember(false);
        self.set_status(status);
        self.events.push_back(Event::Disconnected(cause));
    }

    /// Ends the session without a word to the page, but about its stanzas. What is left to do comes back.
    fn give_up_session(&mut self, now: Instant) -> VecDeque<Transmit> {
        let Some(session) = &mut self.session else { return VecDeque::new() };
        let goes_on = !session.is_over();
        let leftovers = session.give_up(now);
        self.drain_session(now);
        self.remember(goes_on);
        leftovers
    }

    /// Keeps what the session has learnt of its account. A token is for going on, and of no use once that is over; what
    /// the server is not to be sent stays true.
    fn remember(&mut self, with_token: bool) {
        if let Some(session) = &self.session {
            let mut memory = session.memory().clone();
            memory.token = memory.token.filter(|_| with_token);
            self.memory = session.account().jid.clone().map(|jid| (jid, memory));
        }
    }

    /// Forgets what an earlier page left, and says what becomes of its stanzas.
    fn drop_saved(&mut self) {
        let lost = self.saved.take().into_iter().flat_map(Saved::into_lost);
        self.events.extend(lost.map(|(id, delivery)| Event::Delivery { id, delivery }));
    }

    fn set_status(&mut self, status: Status) {
        if self.status != status {
            self.status = status;
            self.events.push_back(Event::Status(status));
        }
    }

    fn with_context(&mut self, now: Instant, handle: impl FnOnce(&mut Context<'_>, &BareJid)) {
        if let (Some(session), Some(jid)) = (&mut self.session, &self.jid) {
            let (dice, contacts, events) = (&self.dice, &mut self.contacts, &mut self.events);
            handle(&mut Context { now, dice, session, contacts, events }, jid.bare());
        }
    }

    fn memory_of(&self, account: &Account) -> Option<&Memory> {
        let (known, memory) = self.memory.as_ref()?;
        (Some(known) == account.jid.as_ref()).then_some(memory)
    }

    /// What the cache must say about the session now.
    fn session_entry(&self) -> Option<String> {
        let session = self.session.as_ref()?;
        let account = session.jid().map(FullJid::bare).or(session.account().jid.as_ref())?;
        cache::encode(account, session.save()?)
    }

    /// What the cache must say about the account now.
    fn memory_entry(&self) -> Option<String> {
        let Some(session) = &self.session else {
            // It is an earlier page's, and for the next log-in.
            let (account, memory) = self.memory.as_ref()?;
            return cache::encode(account, memory.encode());
        };
        let account = session.account().jid.as_ref().filter(|_| !session.is_over())?;
        cache::encode(account, session.memory().encode())
    }
}
