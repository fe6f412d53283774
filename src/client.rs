//! The whole core: what happens on the page and on the wire goes in, what is to be sent, told and stored comes out.

use std::collections::VecDeque;

pub use crate::feature::{Event, Status};
use crate::{
    feature::{Context, Then, chat, presence, roster},
    jid::{BareJid, FullJid},
    random::Random,
    session::{ConnectionError, SendError, Session, SessionEvent},
    stanza::{ErrorType, Iq, StanzaError, payload},
    store::{
        Contacts,
        cache::{self, Part, Write},
    },
    stream::{
        Endpoint, Input, LoginError, Transmit, Transport,
        bosh::{self, Bosh},
        sasl::{Credentials, Policy},
        websocket::WebSocket,
    },
    time::Instant,
    xml::Element,
};

/// What it takes to log in.
#[derive(Debug)]
pub struct Account {
    pub endpoint: Endpoint,
    /// The domain of the account.
    pub domain: String,
    /// The resource to ask for; without one the server chooses.
    pub resource: Option<String>,
    pub credentials: Credentials,
    pub policy: Policy,
}

/// An XMPP client without a socket, a clock or a page.
pub struct Client {
    random: Box<dyn Random>,
    session: Option<Session<Then>>,
    status: Status,
    jid: Option<FullJid>,
    contacts: Contacts,
    /// The session entry of the cache, as it was last written. Nobody knows what an earlier page left there.
    saved: Option<Option<String>>,
    events: VecDeque<Event>,
}

impl Client {
    /// A client that is not connected.
    pub fn new(random: Box<dyn Random>) -> Self {
        Self {
            random,
            session: None,
            status: Status::default(),
            jid: None,
            contacts: Contacts::default(),
            saved: None,
            events: VecDeque::new(),
        }
    }

    /// Begins to log in. A session that is there is given up.
    pub fn log_in(&mut self, now: Instant, account: Account) {
        let Account { endpoint, domain, resource, credentials, policy } = account;
        let transport = match endpoint {
            Endpoint::WebSocket(url) => Transport::WebSocket(WebSocket::new(url, domain)),
            Endpoint::Bosh(url) => Transport::Bosh(Bosh::new(url, domain, self.random_number().into())),
        };
        self.contacts = Contacts::default();
        self.jid = None;
        self.set_status(Status::Connecting);
        self.session = Some(Session::log_in(now, transport, credentials, policy, resource, &mut *self.random));
    }

    /// Goes on with the session that the page had before it was reloaded. `false` if `stored` holds none for
    /// `account`, or for anybody if no account is given.
    pub fn resume(&mut self, now: Instant, stored: &str, account: Option<&BareJid>) -> bool {
        let Some((jid, saved)) = read_session(stored).filter(|(jid, _)| account.is_none_or(|a| a == jid.bare())) else {
            return false;
        };
        self.contacts = Contacts::default();
        self.jid = Some(jid.clone());
        self.set_status(Status::Connecting);
        self.session = Some(Session::resume(now, Transport::Bosh(Bosh::resume(saved)), jid, &mut *self.random));
        true
    }

    /// Ends the session; [`Event::Disconnected`] follows.
    pub fn disconnect(&mut self, now: Instant) {
        if let Some(session) = self.session.as_mut().filter(|_| self.status.is_under_way()) {
            session.end(now);
            self.set_status(Status::Disconnecting);
            self.drain_session(now);
        }
    }

    /// Sends a stanza that the page made.
    pub fn send(&mut self, now: Instant, stanza: &Element) -> Result<(), SendError> {
        self.session.as_mut().ok_or(SendError::NotConnected)?.send(now, stanza)
    }

    /// Takes in what the platform reports.
    pub fn handle_input(&mut self, now: Instant, input: Input<'_>) {
        if let Some(session) = &mut self.session {
            session.handle_input(now, input);
            self.drain_session(now);
        }
    }

    /// Does what is due at `now`.
    pub fn handle_timeout(&mut self, now: Instant) {
        if let Some(session) = &mut self.session {
            session.handle_timeout(now);
            self.drain_session(now);
        }
    }

    /// What the page's storage must hold before anything more is sent.
    pub fn poll_write(&mut self) -> Option<Write> {
        let current = self.session_entry();
        if self.saved.as_ref() == Some(&current) {
            return None;
        }
        self.saved = Some(current.clone());
        Some(Write { part: Part::Session, content: current })
    }

    /// What the platform is to do next.
    pub fn poll_transmit(&mut self) -> Option<Transmit> {
        self.session.as_mut()?.poll_transmit()
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

    /// A number nobody can guess, such as the one in a resource.
    pub fn random_number(&mut self) -> u32 {
        self.random.number()
    }

    fn drain_session(&mut self, now: Instant) {
        while let Some(event) = self.session.as_mut().and_then(Session::poll_event) {
            self.handle_event(now, event);
        }
    }

    fn handle_event(&mut self, now: Instant, event: SessionEvent<Then>) {
        match event {
            SessionEvent::Authenticating => self.set_status(Status::Authenticating),
            SessionEvent::Online { jid, resumed, .. } => self.handle_online(now, jid, resumed),
            SessionEvent::Message(message) => self.with_context(now, |context| chat::handle_message(context, &message)),
            SessionEvent::Presence(_) => {}
            SessionEvent::Request(iq) => self.handle_request(now, &iq),
            SessionEvent::Answered { then: Then::Roster, answer } => {
                self.with_context(now, |context| roster::handle_answer(context, answer));
            }
            SessionEvent::Ignored(error) => self.events.push_back(Event::Ignored(error)),
            SessionEvent::Ended(cause) => self.handle_ended(cause),
        }
    }

    fn handle_online(&mut self, now: Instant, jid: FullJid, resumed: bool) {
        self.jid = Some(jid.clone());
        self.set_status(if resumed { Status::Attached } else { Status::Connected });
        self.events.push_back(Event::Online { jid, resumed });
        self.with_context(now, |context| {
            roster::request(context);
            if !resumed {
                presence::send_initial(context);
            }
        });
    }

    fn handle_request(&mut self, now: Instant, iq: &Iq) {
        let Some(me) = self.jid.as_ref().map(|jid| jid.bare().clone()) else { return };
        if payload::roster::Push::is_push(iq) {
            return self.with_context(now, |context| roster::handle_push(context, iq, &me));
        }
        let answer = match payload::ping::is_ping(iq) {
            true => iq.to_result(),
            false => iq.to_error(&StanzaError::new(ErrorType::Cancel, "service-unavailable")),
        };
        let _: Result<(), SendError> = self.send(now, &answer);
    }

    fn handle_ended(&mut self, cause: Option<ConnectionError>) {
        let status = match &cause {
            Some(ConnectionError::Login(LoginError::Refused { .. })) => Status::AuthenticationFailed,
            Some(_) if matches!(self.status, Status::Connecting | Status::Authenticating) => Status::ConnectionFailed,
            _ => Status::Disconnected,
        };
        self.jid = None;
        self.set_status(status);
        self.events.push_back(Event::Disconnected(cause));
    }

    fn set_status(&mut self, status: Status) {
        if self.status != status {
            self.status = status;
            self.events.push_back(Event::Status(status));
        }
    }

    fn with_context(&mut self, now: Instant, handle: impl FnOnce(&mut Context<'_>)) {
        if let Some(session) = &mut self.session {
            let (contacts, events) = (&mut self.contacts, &mut self.events);
            handle(&mut Context { now, random: &mut *self.random, session, contacts, events });
        }
    }

    /// What the cache must say about the session now.
    fn session_entry(&self) -> Option<String> {
        let jid = self.jid.as_ref()?;
        let session = self.session.as_ref()?.transport().bosh_session()?;
        let content = session.encode().with_attribute("jid", jid.as_str());
        cache::encode(jid.bare(), content)
    }
}

fn read_session(stored: &str) -> Option<(FullJid, bosh::Session)> {
    let (account, content) = cache::decode(stored).ok()?;
    let jid = FullJid::new(content.attribute("jid")?).ok().filter(|jid| *jid.bare() == account)?;
    Some((jid, bosh::Session::decode(&content)?))
}
