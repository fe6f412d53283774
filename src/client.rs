//! The whole core: what happens on the page and on the wire goes in, what is to be sent, told and stored comes out.

use std::{collections::VecDeque, time::Duration};

mod cache;
mod hooks;
mod memory;
mod registering;
mod routing;

use self::{cache::Cache, hooks::Hooks};
pub use crate::feature::{Call, Event, Options, Outcome, PushServer, Replaced, Status, Step, Synchronize, WhichRooms};
use crate::{
    feature::{
        Context, OwnProfile, State, Then, chat,
        presence::{self, Activity},
        room, tell,
        upload::{self, Put, Transfer},
    },
    jid::{BareJid, FullJid},
    random::{Dice, Random},
    session::{
        Account, Arrival, ConnectionError, Delivery, Memory, Prebound, Registration, Saved, SendError, Session,
        SessionEvent,
    },
    store::{Key, Store, cache::Part},
    stream::{Input, Ticket, Transmit},
    time::{Instant, Timestamp},
    xml::{Element, ns},
};

/// The most messages that wait for the first log-in.
const MAX_EARLY: usize = 1_000;

/// An XMPP client without a socket, a clock or a page.
pub struct Client {
    dice: Dice,
    session: Option<Session<Then>>,
    /// An account is being made, for whoever waits for this.
    registration: Option<(Registration, Option<Call>)>,
    status: Status,
    jid: Option<FullJid>,
    options: Options,
    activity: Activity,
    /// Whether the page can be seen.
    visible: bool,
    store: Store,
    state: State,
    cache: Cache,
    /// The time of day when `Instant` was zero.
    epoch: Timestamp,
    /// The session that an earlier page left, until it is taken up.
    saved: Option<Saved>,
    /// Messages that the page sent before there was a session to carry them.
    early: Vec<Element>,
    /// Whether the page wants to see every stanza.
    taps: bool,
    hooks: Hooks,
    /// What is remembered of an account, and of which.
    memory: Option<(BareJid, Memory)>,
    events: VecDeque<Event>,
}

impl Client {
    /// A client that is not connected.
    pub fn new(random: impl Random + 'static) -> Self {
        Self {
            dice: Dice::new(random),
            session: None,
            registration: None,
            status: Status::default(),
            jid: None,
            options: Options::default(),
            activity: Activity::default(),
            visible: true,
            store: Store::default(),
            state: State::default(),
            cache: Cache::default(),
            epoch: Timestamp::default(),
            saved: None,
            early: Vec::new(),
            taps: false,
            hooks: Hooks::default(),
            memory: None,
            events: VecDeque::new(),
        }
    }

    /// Says what time of day it was when `Instant` was zero.
    pub fn set_epoch(&mut self, epoch: Timestamp) {
        self.epoch = epoch;
        if let Some(session) = &mut self.session {
            session.set_epoch(epoch);
        }
    }

    /// Changes what the settings say. It counts from the next time that somebody looks.
    pub fn set_options(&mut self, options: Options) {
        self.options = options;
    }

    /// Begins to log in, or to go on with the session that an earlier page left. A session that is there is given up.
    pub fn log_in(&mut self, now: Instant, account: Account) {
        self.cache.touch();
        let mut leftovers = self.give_up_session(now);
        leftovers.extend(self.give_up_registration(now));
        let memory = self.memory_of(&account).cloned().unwrap_or_else(|| Memory::new(&self.dice));
        if self.saved.as_ref().is_some_and(|saved| !saved.belongs_to(&account)) {
            self.drop_saved();
        }
        let saved = self.saved.take().and_then(|saved| saved.fit_for(&account));
        self.open_store(account.jid.as_ref());
        // What of the last session has not been told yet would be taken for news of this one.
        self.events.retain(|event| !matches!(event, Event::Online { .. } | Event::Disconnected(_) | Event::Status(_)));
        self.jid = None;
        self.activity.restart(now);
        self.set_status(Status::Connecting);
        let mut session = Session::log_in(now, self.epoch, account, memory, self.dice.clone(), saved);
        session.add_leftovers(leftovers);
        for message in std::mem::take(&mut self.early) {
            // It was found to be writable when it came.
            let _: Result<Ticket, SendError> = session.send(now, message);
        }
        self.session = Some(session);
        self.drain_session(now);
    }

    /// Ends the session, and forgets what would lead in again.
    pub fn log_out(&mut self, now: Instant) {
        self.cache.touch();
        self.drop_saved();
        self.memory = None;
        self.cache.forget();
        self.end(now);
    }

    /// Ends the session, if there is one; [`Event::Disconnected`] follows.
    pub fn end(&mut self, now: Instant) {
        self.cache.touch();
        if let Some(session) = self.session.as_mut().filter(|_| self.status.is_under_way()) {
            session.end(now);
            self.set_status(Status::Disconnecting);
            self.drain_session(now);
        }
    }

    /// Takes up a BOSH session that another program has begun, after [`Event::Unbound`].
    pub fn prebind(&mut self, now: Instant, prebound: Prebound) {
        self.cache.touch();
        if let Some(session) = &mut self.session {
            session.prebind(now, prebound);
        }
    }

    /// Takes in that there is none to take up now; [`Event::Unbound`] follows again after a while.
    pub fn prebind_in_vain(&mut self, now: Instant) {
        if let Some(session) = &mut self.session {
            session.prebind_in_vain(now);
        }
    }

    /// Sends a stanza that the page made. A message waits if there is no connection but will be one; before the first
    /// log-in nobody can know, and it waits, too.
    pub fn send(&mut self, now: Instant, stanza: Element) -> Result<Ticket, SendError> {
        self.cache.touch();
        match &mut self.session {
            Some(session) => session.send(now, stanza),
            None if !stanza.is("message", &ns::CLIENT) => Err(SendError::NotConnected),
            None if self.early.len() >= MAX_EARLY => Err(SendError::TooMuchWaiting),
            None => {
                stanza.to_xml().map_err(SendError::Write)?;
                self.early.push(stanza);
                Ok(Ticket(0))
            }
        }
    }

    /// Sends a request that the page made; what came of it is told under `call`, within `timeout`.
    pub fn request(&mut self, now: Instant, iq: Element, timeout: Duration, call: Call) {
        self.cache.touch();
        let sent = match &mut self.session {
            Some(session) => session.request(now, iq, timeout, Then::Call(call)),
            None => Err(SendError::NotConnected),
        };
        if let Err(error) = sent {
            self.events.push_back(Event::Finished { call, outcome: Outcome::Unsent(error) });
        }
    }

    /// Says whether the page wants to see every stanza, as [`Event::Stanza`].
    pub fn set_taps(&mut self, taps: bool) {
        self.taps = taps;
    }

    /// Makes sure that the connection is still there, or makes it now.
    pub fn check_link(&mut self, now: Instant) {
        self.cache.touch();
        if let Some(session) = &mut self.session {
            session.check_link(now);
            self.drain_session(now);
        }
    }

    /// When a connection that was lost is tried to be made again, if one waits for that.
    pub fn next_attempt(&self) -> Option<Instant> {
        self.session.as_ref().and_then(Session::next_attempt)
    }

    /// Takes in whether the page can be seen.
    pub fn set_visible(&mut self, now: Instant, visible: bool) {
        self.cache.touch();
        if !visible {
            // Nobody knows whether the page is ever seen again.
            self.cache.flush();
        }
        if std::mem::replace(&mut self.visible, visible) != visible {
            self.events.push_back(Event::Visibility(visible));
        }
        self.tell_attention(now);
    }

    /// Whether the page can be seen.
    pub fn is_visible(&self) -> bool {
        self.visible
    }

    /// Takes in that the user has done something.
    pub fn handle_activity(&mut self, now: Instant) {
        if self.in_context(now, presence::handle_activity).is_none() {
            self.activity.restart(now);
        }
        self.tell_attention(now);
    }

    /// Has the server know whether anybody is looking.
    fn tell_attention(&mut self, now: Instant) {
        let active = self.visible && !self.activity.is_inactive();
        if let Some(session) = &mut self.session {
            session.set_active(now, active);
        }
    }

    /// Takes in what the platform reports.
    pub fn handle_input(&mut self, now: Instant, input: Input<'_>) {
        self.cache.touch();
        if let Some((registration, _)) = &mut self.registration {
            registration.handle_input(now, input);
            self.drain_registration();
        } else if let Some(session) = &mut self.session {
            session.handle_input(now, input);
            self.drain_session(now);
        }
    }

    /// Does what is due at `now`.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.cache.touch();
        self.cache.handle_timeout(now);
        self.route(now, chat::handle_timeout);
        if self.idle_due().is_some_and(|due| due <= now) {
            self.route(now, presence::handle_timeout);
            self.tell_attention(now);
        }
        self.route(now, room::handle_timeout);
        self.route(now, upload::handle_timeout);
        if let Some((registration, _)) = &mut self.registration {
            registration.handle_timeout(now);
            self.drain_registration();
        }
        if let Some(session) = &mut self.session {
            session.handle_timeout(now);
            self.drain_session(now);
        }
        if self.state.own.take_due(now) && self.is_connected() {
            self.route(now, presence::send_news);
        }
    }

    /// What the platform is to do next.
    pub fn poll_transmit(&mut self, now: Instant) -> Option<Transmit> {
        let transmit = self.session.as_mut().and_then(|session| session.poll_transmit(now));
        let transmit = transmit.or_else(|| self.registration.as_mut()?.0.poll_transmit());
        // A request of BOSH is made when it is asked for; all else was decided before.
        if matches!(transmit, Some(Transmit::HttpPost { .. })) {
            self.cache.touch();
        }
        transmit
    }

    /// What is to be done with a file next.
    pub fn poll_transfer(&mut self) -> Option<Transfer> {
        self.state.uploads.poll_transfer()
    }

    /// Takes in how much of the file of a message has left, from 0 to 1.
    pub fn handle_progress(&mut self, now: Instant, message: &Key, progress: f64) {
        self.route(now, |context| upload::handle_progress(context, message, progress));
    }

    /// Takes in what came of putting it somewhere.
    pub fn handle_put(&mut self, now: Instant, message: &Key, put: Put) {
        self.route(now, |context| routing::put(context, message, put));
    }

    /// When [`Self::handle_timeout`] is due.
    pub fn poll_timeout(&self) -> Option<Instant> {
        let session = self.session.as_ref().and_then(Session::poll_timeout);
        let registration = self.registration.as_ref().and_then(|(registration, _)| registration.poll_timeout());
        let own = self.state.own.poll_timeout().filter(|_| self.is_connected());
        let typing = self.store.chats.due.filter(|_| self.jid.is_some());
        let entering = self.store.rooms.due.filter(|_| self.jid.is_some());
        let due = session.into_iter().chain(self.cache.poll_timeout()).chain(self.idle_due());
        let uploads = self.state.uploads.poll_timeout().filter(|_| self.jid.is_some());
        due.chain(typing).chain(own).chain(entering).chain(uploads).chain(registration).min()
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

    /// The state of the account.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What this client says it is and can do.
    pub fn own_profile(&self) -> &OwnProfile {
        &self.state.own
    }

    /// The same, to be changed: a presence tells of it.
    pub fn own_profile_mut(&mut self) -> &mut OwnProfile {
        &mut self.state.own
    }

    /// Whether the account has an archive, as far as is known.
    pub fn has_archive(&self) -> bool {
        let account = self.store.account.as_ref();
        account.and_then(|account| self.store.archives.supported(account.as_str())) != Some(false)
    }

    /// What the BOSH session's next request is to carry, if stanzas can be sent over one: its session and request ids.
    pub fn bosh_tokens(&self) -> Option<(String, u64)> {
        self.session.as_ref().filter(|_| self.is_connected())?.bosh_tokens()
    }

    /// A number nobody can guess, such as the one in a resource.
    pub fn random_number(&self) -> u32 {
        self.dice.number()
    }

    /// When something follows from the user's doing nothing.
    fn idle_due(&self) -> Option<Instant> {
        self.activity.poll_timeout(&self.options).filter(|_| self.is_connected() && self.jid.is_some())
    }

    /// An id nobody can guess.
    pub fn random_id(&self) -> String {
        self.dice.id()
    }

    fn handle_event(&mut self, now: Instant, event: SessionEvent<Then>) {
        match event {
            SessionEvent::Authenticating => self.set_status(Status::Authenticating),
            SessionEvent::Online { jid, arrival, carbons } => self.handle_online(now, jid, arrival, carbons),
            SessionEvent::Message(message) => self.route(now, |context| routing::message(context, &message)),
            SessionEvent::Presence(presence) => self.route(now, |context| routing::presence(context, &presence)),
            SessionEvent::Request(iq) => self.route(now, |context| routing::request(context, &iq)),
            SessionEvent::Answered { then, answer } => {
                self.route(now, |context| routing::answer(context, then, answer));
            }
            SessionEvent::Delivery { id, delivery } => self.handle_delivery(now, id, delivery),
            SessionEvent::Unasked(_) => {}
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
        // Somebody anonymous is known only now.
        self.open_store(Some(jid.bare()));
        self.set_status(if arrival == Arrival::Restored { Status::Attached } else { Status::Connected });
        self.events.push_back(Event::Online { jid, arrival });
        self.state.set_online(now);
        self.route(now, |context| routing::online(context, arrival, carbons));
    }

    /// Takes in that a plugin does not send the message with this id, which was left to it.
    pub fn give_up(&mut self, now: Instant, id: String) {
        self.handle_delivery(now, id, Delivery::NotSent);
    }

    fn handle_delivery(&mut self, now: Instant, id: String, delivery: Delivery) {
        let told = self.events.len();
        self.settle(id, delivery);
        self.note_changes(now, told);
    }

    fn settle(&mut self, id: String, delivery: Delivery) {
        let told =
            chat::settle(&mut self.store, &id, delivery).or_else(|| room::settle(&mut self.store, &id, delivery));
        if let Some(change) = told {
            tell(&mut self.store, &mut self.state, &mut self.events, change);
        }
        self.events.push_back(Event::Delivery { id, delivery });
    }

    fn handle_ended(&mut self, cause: Option<ConnectionError>) {
        let status = match &cause {
            Some(error) if error.code() == "authentication-failed" => Status::AuthenticationFailed,
            Some(_) if matches!(self.status, Status::Connecting | Status::Authenticating) => Status::ConnectionFailed,
            _ => Status::Disconnected,
        };
        self.jid = None;
        self.remember(false);
        room::end_all(&mut self.store, &mut self.events);
        upload::end_all(&mut self.store, &mut self.state, &mut self.events);
        self.set_status(status);
        if self.cache.is_forgotten() {
            self.reset_store(None);
        }
        self.events.push_back(Event::Disconnected(cause));
    }

    /// Ends the session without a word to the page, but about its stanzas. What is left to do comes back.
    fn give_up_session(&mut self, now: Instant) -> VecDeque<Transmit> {
        self.release_all();
        let Some(session) = &mut self.session else { return VecDeque::new() };
        let goes_on = !session.is_over();
        let leftovers = session.give_up(now);
        self.drain_session(now);
        upload::end_all(&mut self.store, &mut self.state, &mut self.events);
        self.remember(goes_on);
        leftovers
    }

    fn set_status(&mut self, status: Status) {
        if self.status != status {
            self.status = status;
            self.events.push_back(Event::Status(status));
        }
    }

    fn route(&mut self, now: Instant, work: impl FnOnce(&mut Context<'_>)) {
        let _: Option<()> = self.in_context(now, work);
    }

    /// Lets a feature work. Without a session, and so without an own address, there is nothing to work on.
    pub fn in_context<R>(&mut self, now: Instant, work: impl FnOnce(&mut Context<'_>) -> R) -> Option<R> {
        self.cache.touch();
        let told = self.events.len();
        let (session, me) = (self.session.as_mut()?, self.jid.as_ref()?);
        let time = self.epoch.at(now);
        let (dice, options, store, events) = (&self.dice, &self.options, &mut self.store, &mut self.events);
        let (activity, state) = (&mut self.activity, &mut self.state);
        let mut context = Context { now, time, me, dice, options, activity, session, store, state, events };
        let result = work(&mut context);
        routing::go_on(&mut context);
        self.note_changes(now, told);
        Some(result)
    }

    /// Has the changes written that were told since there were `told` events.
    fn note_changes(&mut self, now: Instant, told: usize) {
        for event in self.events.range(told..) {
            if let Event::Changed(change) = event {
                self.cache.note(now, change);
            }
        }
        if self.store.archives.take_stale() {
            self.cache.note_part(now, Part::Archives);
        }
        if self.state.take_extras_changed() {
            self.cache.note_part(now, Part::Extras);
        }
    }
}
