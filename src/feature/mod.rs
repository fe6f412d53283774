//! What the client does with stanzas: one file per behaviour.

pub mod carbons;
pub mod chat;
pub mod presence;
pub mod roster;

use std::{collections::VecDeque, rc::Rc};

use crate::{
    jid::FullJid,
    random::Dice,
    session::{Arrival, ConnectionError, DEFAULT_TIMEOUT, Delivery, SendError, Session},
    stanza::DecodeError,
    store::Contacts,
    stream::Ticket,
    time::Instant,
    xml::Element,
};

/// What comes after the answer to a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Then {
    /// Whatever the answer is, it changes nothing.
    Nothing,
    /// The answer is the roster.
    Roster,
}

/// What the page is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The state of the connection changed.
    Status(Status),
    /// Stanzas can be exchanged.
    Online { jid: FullJid, arrival: Arrival },
    /// The connection is lost, because of this, and will be made again.
    Lost(ConnectionError),
    /// Another program must begin a BOSH session for this client.
    Unbound,
    /// What became of the stanza with this id.
    Delivery { id: String, delivery: Delivery },
    /// The server sent the roster; the whole stanza.
    Roster(Rc<Element>),
    /// The contacts are there, or could not be had.
    ContactsFetched,
    /// The server told of a change of the roster; the whole stanza.
    RosterPush(Rc<Element>),
    /// A message arrived; the whole stanza.
    Message(Rc<Element>),
    /// A stanza was left unread because it made no sense.
    Ignored(DecodeError),
    /// The session is over: asked for, or because of this error.
    Disconnected(Option<ConnectionError>),
}

/// The state of the connection, with the numbers the API gives them.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Status {
    Connecting = 1,
    ConnectionFailed = 2,
    Authenticating = 3,
    AuthenticationFailed = 4,
    Connected = 5,
    #[default]
    Disconnected = 6,
    Disconnecting = 7,
    /// The session of the page's last load goes on.
    Attached = 8,
    /// The connection is lost and is being made again.
    Reconnecting = 10,
}

impl Status {
    /// Whether there is a session, or one is coming to be.
    pub fn is_under_way(self) -> bool {
        matches!(self, Self::Connecting | Self::Authenticating | Self::Connected | Self::Attached | Self::Reconnecting)
    }
}

/// What a feature works on while it handles something.
pub struct Context<'a> {
    pub now: Instant,
    pub dice: &'a Dice,
    pub session: &'a mut Session<Then>,
    pub contacts: &'a mut Contacts,
    pub events: &'a mut VecDeque<Event>,
}

impl Context<'_> {
    /// Sends a stanza of our own making. It can only fail because the session has just ended, which is being told
    /// anyway.
    fn send(&mut self, stanza: Element) {
        let _: Result<Ticket, SendError> = self.session.send(self.now, stanza);
    }

    /// Sends a request of our own making; the answer comes back with `then`.
    fn request(&mut self, iq: Element, then: Then) {
        let _: Result<Ticket, SendError> = self.session.request(self.now, iq, DEFAULT_TIMEOUT, then);
    }

    fn emit(&mut self, event: Event) {
        self.events.push_back(event);
    }
}
