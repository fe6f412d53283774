//! What the client does with stanzas: one file or folder per behaviour.

pub mod archive;
pub mod bookmarks;
pub mod caps;
pub mod carbons;
pub mod chat;
mod content;
pub mod disco;
mod event;
mod ids;
mod options;
pub mod presence;
pub mod pubsub;
pub mod push;
mod replaced;
pub mod room;
pub mod roster;
pub mod rosterx;
mod state;
pub mod upload;
pub mod vcard;

use archive::Page;
use bookmarks::Keeping;
pub use content::{MAX_BODY_BYTES, Outgoing, read_content, refuse, sending, write_content};
pub use event::{Call, Event, Outcome, Status};
use ids::{ArchiveId, OccupantId};
pub use options::{Options, PushServer, Synchronize, WhichRooms};
pub use pubsub::Publication;
pub use replaced::{Replaced, Step};
use state::Waiting;
pub use state::{OwnProfile, State};
use upload::Uploads;

use std::{collections::VecDeque, time::Duration};

use crate::{
    jid::{BareJid, FullJid},
    random::Dice,
    session::{Answer, DEFAULT_TIMEOUT, SendError, Session},
    stanza::{PresenceType, subscription},
    store::{Change, Contact, Key, Kind, Store, Value, What},
    stream::Ticket,
    time::{Instant, Timestamp},
    xml::{Element, ns},
};

/// How long a server may take to hand over what it has kept for somebody who has just come.
const HANDING_OVER: Duration = Duration::from_secs(60);

/// What comes after the answer to a request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Then {
    /// Whatever the answer is, it changes nothing.
    Nothing,
    /// The page asked, and gets the answer as it is.
    Call(Call),
    Roster(roster::Then),
    Disco(disco::Then),
    VCard(vcard::Then),
    PubSub(pubsub::Then),
    Bookmarks(bookmarks::Then),
    Archive(archive::Then),
    Room(room::Then),
    /// It is known whether this server, the account's or that of rooms, can push.
    Push(BareJid),
    Upload(upload::Then),
}

impl Then {
    /// The page's call that waits for the answer.
    fn call(&self) -> Option<Call> {
        match self {
            // Rooms tell by themselves whoever waits, and nobody waits for a file.
            Self::Nothing | Self::Push(_) | Self::Room(_) | Self::Upload(_) => None,
            Self::Call(call) => Some(*call),
            Self::Archive(then) => then.call(),
            Self::Roster(then) => then.call(),
            Self::VCard(then) => then.call(),
            Self::Bookmarks(then) => then.call(),
            Self::Disco(_) | Self::PubSub(_) => None,
        }
    }
}

/// What a feature works on while it handles something.
pub struct Context<'a> {
    pub now: Instant,
    /// The time of day.
    pub time: Timestamp,
    /// This client's own address.
    pub me: &'a FullJid,
    pub dice: &'a Dice,
    pub options: &'a Options,
    pub activity: &'a mut presence::Activity,
    pub session: &'a mut Session<Then>,
    pub store: &'a mut Store,
    pub state: &'a mut State,
    pub events: &'a mut VecDeque<Event>,
}

impl Context<'_> {
    /// The address of the account.
    fn account(&self) -> &BareJid {
        self.me.bare()
    }

    /// What time of day it was at an earlier moment.
    fn time_of(&self, moment: Instant) -> Timestamp {
        let passed = self.now.saturating_duration_since(moment).as_millis();
        Timestamp::new(self.time.milliseconds().saturating_sub(i64::try_from(passed).unwrap_or(i64::MAX)))
    }

    /// Whether the server may still be handing over what it has kept for this client.
    fn has_just_come(&self) -> bool {
        self.now.saturating_duration_since(self.state.online_since) < HANDING_OVER
    }

    /// Sends a stanza of our own making. It can only fail because the session has just ended, which is being told
    /// anyway.
    fn send(&mut self, stanza: Element) {
        let _: Result<Ticket, SendError> = self.session.send(self.now, stanza);
    }

    /// Hands a stanza to the session, or to the page if a plugin takes this step: it is a message, or of a conversation.
    /// `false` if it cannot be sent.
    fn send_by(&mut self, step: Step, of: Key, stanza: Element) -> bool {
        if self.state.replaced.has(step) {
            self.emit(Event::Outgoing { of, stanza });
            return true;
        }
        self.session.send(self.now, stanza).is_ok()
    }

    /// Sends a stanza that is of no use later: without a connection it is left.
    fn send_now(&mut self, stanza: Element) {
        if self.session.is_online() {
            self.send(stanza);
        }
    }

    /// Sends a request of our own making, and waits no longer than `timeout` for the answer. `false` if it cannot be sent.
    fn request_within(&mut self, iq: Element, timeout: Duration, then: Then) -> bool {
        self.session.request(self.now, iq, timeout, then).is_ok()
    }

    /// Sends a request of our own making; the answer comes back with `then`.
    fn request(&mut self, iq: Element, then: Then) {
        let call = then.call();
        let refused = !self.try_request(iq, then);
        if let (true, Some(call)) = (refused, call) {
            self.finish(call, Outcome::Disconnected);
        }
    }

    /// The same; `false` if it cannot be sent. Then nobody waits for an answer.
    fn try_request(&mut self, iq: Element, then: Then) -> bool {
        self.request_within(iq, DEFAULT_TIMEOUT, then)
    }

    /// Asks to see somebody's presence (RFC 6121 §3.1), and says who asks (XEP-0172 §4.2), and why.
    fn send_subscribe(&mut self, jid: &BareJid, message: Option<&str>) {
        let vcard = self.store.vcards.get(self.account());
        let own = vcard.and_then(|vcard| vcard.nickname.as_deref().or(vcard.fullname.as_deref()));
        let nickname = own.or(self.options.nickname.as_deref());
        let nickname = nickname.map(str::to_owned);
        let mut presence = subscription(PresenceType::Subscribe, jid);
        if let Some(message) = message {
            presence.push(Element::new("status", ns::CLIENT).with_text(message));
        }
        if let Some(nickname) = nickname {
            presence.push(Element::new("nick", ns::NICK).with_text(nickname));
        }
        self.send(presence);
        // The server will say so, too; those who look should not see it come and go in between.
        if let Some(contact) = self.store.contacts.get(jid).filter(|contact| !contact.is_seen() && !contact.ask) {
            let change = self.store.contacts.insert(Contact { ask: true, ..contact.clone() });
            self.tell_contacts(change);
        }
    }

    /// Whether the page is seen, and the end of the conversation `key` if that is.
    fn is_looked_at(&self, key: &Key) -> bool {
        let scrolled = self.store.extras.get(key).and_then(|attributes| attributes.get("scrolled"));
        self.session.is_active() && !scrolled.is_some_and(Value::is_truthy)
    }

    fn emit(&mut self, event: Event) {
        self.events.push_back(event);
    }

    /// Tells those who look at the store of changes.
    fn tell(&mut self, changes: impl IntoIterator<Item = Change>) {
        for change in changes {
            tell(self.store, self.state, self.events, change);
        }
    }

    /// Tells of changes of the roster, and what they mean for its groups.
    fn tell_contacts(&mut self, changes: impl IntoIterator<Item = Change>) {
        let told = self.events.len();
        let changes = changes.into_iter();
        self.events.reserve(changes.size_hint().0);
        self.tell(changes);
        if self.events.len() > told {
            let groups = self.store.groups.update(&self.store.contacts, self.options.roster_groups);
            self.tell(groups);
        }
    }

    /// Tells the page what became of what it asked for.
    fn finish(&mut self, call: Call, outcome: Outcome) {
        self.emit(Event::Finished { call, outcome });
    }
}

/// Tells those who look at the store of a change, where there may be no session.
pub fn tell(store: &mut Store, state: &mut State, events: &mut VecDeque<Event>, change: Change) {
    state.extras_changed |= match change.what {
        What::Added => false,
        What::Changed | What::Shown => store.uncover(&change.key),
        What::Removed => store.extras.remove(&change.key),
    };
    let bookmarked = Key::new(Kind::Room, change.key.id.clone());
    let shows = change.key.kind == Kind::Bookmark && store.has(&bookmarked);
    let grows = (change.key.kind == Kind::Message && matches!(change.what, What::Added | What::Changed))
        .then(|| change.key.of.clone());
    events.push_back(Event::Changed(change));
    let forgotten = grows.map(|of| store.trim(&of)).filter(|changes| !changes.is_empty());
    if let Some(changes) = forgotten {
        events
            .push_back(Event::Full("the oldest messages of a conversation are not shown any more: there are too many"));
        changes.into_iter().for_each(|change| tell(store, state, events, change));
    }
    // A room reads as the user has named it.
    if shows {
        tell(store, state, events, bookmarked.shown());
    }
}

/// The outcome of a request to which nothing but its answer is of interest.
pub fn outcome_of(answer: &Answer) -> Outcome {
    match answer {
        Answer::Result(iq) => Outcome::Stanza(iq.element().clone()),
        Answer::Error(iq) => Outcome::Refused(iq.element().clone()),
        Answer::TimedOut => Outcome::TimedOut,
        Answer::Disconnected => Outcome::Disconnected,
    }
}
