//! What the page is told.

use std::rc::Rc;

use crate::{
    jid::{BareJid, FullJid, Jid},
    session::{Arrival, ConnectionError, Delivery, SendError},
    stanza::{DecodeError, payload::rosterx::Suggestion},
    store::{Change, Key, Value},
    xml::Element,
};

/// What the page is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The state of the connection changed.
    Status(Status),
    /// Stanzas can be exchanged.
    Online { jid: FullJid, arrival: Arrival },
    /// The page can be seen, or cannot any more.
    Visibility(bool),
    /// The page's storage cannot hold what is to be kept in it. Told once.
    StorageFull,
    /// The connection is lost, because of this, and will be made again.
    Lost(ConnectionError),
    /// Another program must begin a BOSH session for this client.
    Unbound,
    /// What became of the stanza with this id.
    Delivery { id: String, delivery: Delivery },
    /// The state is that of another account, or of none, from now on.
    Reset,
    /// What an earlier page knew of this account is there again.
    Restored,
    /// Something in the store is other than it was.
    Changed(Change),
    /// What the page asked for is done, or cannot be.
    Finished { call: Call, outcome: Outcome },
    /// The server sent the roster; the whole stanza.
    Roster(Rc<Element>),
    /// The contacts are those of an earlier page, and still the server's.
    CachedRoster,
    /// The contacts are there, or could not be had.
    ContactsFetched,
    /// The server told of a change of the roster; the whole stanza.
    RosterPush(Rc<Element>),
    /// Somebody who was not heard of before asks to see the user's presence.
    ContactRequest(Key),
    /// A contact of the roster is gone.
    ContactRemoved(Key),
    /// A contact thinks that the user should know these.
    Suggested { from: BareJid, items: Vec<Suggestion> },
    /// A contact can be reached otherwise than before.
    ContactPresence(Key),
    /// A contact says something else about how it can be reached.
    ContactStatusMessage(Key),
    /// The user's own status is another.
    OwnStatus,
    /// What the user says about it is something else.
    OwnStatusMessage,
    /// An entity can do this.
    ServiceDiscovered(Key),
    /// An entity says this about itself in a form.
    FieldDiscovered(Key),
    /// The bookmarks are there, or the account does not keep any.
    BookmarksInitialized { kept: bool },
    /// A message arrived: the whole stanza, and the conversation it is of, if there is one.
    Message { stanza: Rc<Element>, chat: Option<Key> },
    /// The file of this message could not be uploaded.
    UploadFailed(Key),
    /// A message arrived that the user does not see, but wants to know of: the whole stanza, the conversation, and the
    /// message's number there.
    Notice { stanza: Rc<Element>, chat: Key, number: u32 },
    /// A stanza arrived, whatever it is.
    Stanza(Rc<Element>),
    /// The user is about to enter a room.
    RoomOpened(Key),
    /// A room is new, and somebody must say how it is to be.
    RoomConfigurationNeeded(Key),
    /// A presence or a message came from a room that the user is in, or about to enter. The room hears of it next.
    RoomStanza { stanza: Rc<Element>, room: Key },
    /// A stanza arrived that a plugin wants to take in by itself, of this room if it is one. Nothing has come of it.
    Incoming { stanza: Rc<Element>, room: Option<Key> },
    /// Something is to be sent that a plugin makes: this is what it would be. It is a message, or a word about one to those of
    /// a conversation.
    Outgoing { of: Key, stanza: Element },
    /// Others are to be told how the user can be reached, because that has `changed` or they have not heard of it; a plugin
    /// does so.
    OwnPresence { changed: bool },
    /// Somebody invites the user to a room. If it is `declinable`, they can be told that the user does not come.
    RoomInvitation { room: BareJid, from: Option<Jid>, reason: Option<String>, declinable: bool },
    /// The user has invited somebody to a room.
    RoomInvitationSent { room: Key, recipient: BareJid, reason: Option<String> },
    /// Somebody whom a room has invited for the user does not come.
    RoomInvitationDeclined { room: Key, from: Jid, reason: Option<String> },
    /// There is more of something than is kept; this says of what, and what became of the rest.
    Full(&'static str),
    /// A stanza was left unread because it made no sense.
    Ignored(DecodeError),
    /// The session is over: asked for, or because of this error.
    Disconnected(Option<ConnectionError>),
}

/// Something the page asked for and waits for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Call(pub u32);

/// What became of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It is done.
    Done,
    /// It is done; this was the answer.
    Stanza(Rc<Element>),
    /// It is done; this is what came of it.
    Entity(Key),
    /// It is done; this was asked for.
    Value(Value),
    /// It is done; these messages were archived, and this says which part of all they are (XEP-0059).
    Archived { messages: Vec<Rc<Element>>, set: Element },
    /// Somebody refused it; the answer says why.
    Refused(Rc<Element>),
    /// It was not done, because the other side cannot do it as it must be done.
    Unsupported,
    /// The stream that it needs could not be had, or ended.
    Failed(ConnectionError),
    /// It was not sent.
    Unsent(SendError),
    /// Nobody answered in time.
    TimedOut,
    /// There is no connection any more.
    Disconnected,
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
