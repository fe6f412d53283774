//! What plugins see of a stanza before anything comes of it. Such a stanza waits, and all that came after it, until the
//! page has been told of it and of everything before. A room's hooks see what the room takes in all the same; where a
//! plugin has replaced the taking in itself, the page decides what is given back.

use super::{Client, routing};
use crate::{
    feature::{Event, Replaced, Step, Then, room},
    jid::{BareJid, Jid},
    session::{Session, SessionEvent},
    stanza::{Decode, DecodeError, Message, MessageType, Presence, Stanza, payload},
    store::{Key, Kind},
    time::Instant,
    xml::{Element, ns},
};

#[derive(Default)]
pub(super) struct Hooks {
    /// The rooms of which somebody wants to see the stanzas first.
    rooms: Vec<BareJid>,
    /// Since when something waits.
    since: Option<Instant>,
    /// What waits, unless the page has taken it.
    held: Option<SessionEvent<Then>>,
}

impl Client {
    /// Says whether the page wants to see what comes from `room` before the room takes it in, as [`Event::RoomStanza`].
    pub fn hook_room(&mut self, room: &BareJid, hooked: bool) {
        self.hooks.rooms.retain(|other| other != room);
        if hooked {
            self.hooks.rooms.push(room.clone());
        }
    }

    /// Says which steps are left to the page, as [`Event::Incoming`], [`Event::Outgoing`] and [`Event::OwnPresence`].
    pub fn set_replaced(&mut self, replaced: Replaced) {
        self.state.replaced = replaced;
    }

    /// Leaves to the page the stanza of which it has just been told by [`Event::Incoming`]: nothing comes of it by itself.
    pub fn take_held(&mut self) {
        self.hooks.held = None;
    }

    /// Takes in a stanza that was left to the page, or one that the page has made of it.
    pub fn receive(&mut self, now: Instant, stanza: Element) -> Result<(), DecodeError> {
        let event = match Stanza::decode(stanza) {
            Decode::Ok(Stanza::Message(message)) => SessionEvent::Message(message),
            Decode::Ok(Stanza::Presence(presence)) => SessionEvent::Presence(presence),
            Decode::Ok(Stanza::Iq(iq)) if payload::roster::Push::is_push(&iq) => SessionEvent::Request(iq),
            Decode::Ok(Stanza::Iq(_)) | Decode::NotMine(_) => return Err(DecodeError::Invalid("the stanza")),
            Decode::Bad(error) => return Err(error),
        };
        self.state.gives_back = true;
        self.handle_event(now, event);
        self.state.gives_back = false;
        self.wait_for_left(now);
        Ok(())
    }

    /// How much the page is to be told.
    pub fn untold(&self) -> usize {
        self.events.len()
    }

    /// What the page is to be told next.
    pub fn poll_event(&mut self) -> Option<Event> {
        if self.events.is_empty() {
            self.release();
        }
        self.events.pop_front()
    }

    pub(super) fn drain_session(&mut self, now: Instant) {
        while self.hooks.since.is_none()
            && let Some(event) = self.session.as_mut().and_then(Session::poll_event)
        {
            if let Some(stanza) = event.stanza().filter(|_| self.taps) {
                self.events.push_back(Event::Stanza(stanza.clone()));
            }
            match self.left_to_page(&event).or_else(|| self.hook_of(&event)) {
                Some(told) => {
                    self.events.push_back(told);
                    self.hooks.since = Some(now);
                    self.hooks.held = Some(event);
                }
                None => self.handle_event(now, event),
            }
            self.wait_for_left(now);
        }
    }

    /// Lets a page of an archive wait until plugins have been told of it, and have given back what they want of it.
    fn wait_for_left(&mut self, now: Instant) {
        if !self.state.left.is_empty() {
            self.hooks.since.get_or_insert(now);
        }
    }

    /// Lets what waits take its way, up to the next stanza that somebody wants to see first.
    fn release(&mut self) {
        if let Some(now) = self.hooks.since.take() {
            if let Some(event) = self.hooks.held.take() {
                self.handle_event(now, event);
            }
            while let Some(page) = self.state.left.pop() {
                self.route(now, |context| routing::take_in_page(context, page));
            }
            self.drain_session(now);
        }
    }

    /// Lets everything take its way that waits: what comes next has nothing to do with it.
    pub(super) fn release_all(&mut self) {
        while self.hooks.since.is_some() {
            self.release();
        }
    }

    /// What the page is told of a stanza before the room hears of it, if anybody there wants to know.
    fn hook_of(&self, event: &SessionEvent<Then>) -> Option<Event> {
        let stanza = event.stanza().filter(|_| !self.hooks.rooms.is_empty())?;
        let from = Jid::new(stanza.attribute("from")?).ok()?;
        let hooked = self.hooks.rooms.contains(from.bare()) && room::hears(&self.store, from.bare(), stanza);
        hooked.then(|| Event::RoomStanza { stanza: stanza.clone(), room: Key::of_jid(Kind::Room, from.bare()) })
    }

    /// What the page is told of a stanza that is left to it.
    fn left_to_page(&self, event: &SessionEvent<Then>) -> Option<Event> {
        if self.state.replaced.is_none() {
            return None;
        }
        let (step, room) = match event {
            SessionEvent::Message(message) => self.step_of_message(message)?,
            SessionEvent::Presence(presence) => (self.step_of_presence(presence)?, None),
            SessionEvent::Request(iq) if payload::roster::Push::is_push(iq) => (Step::RosterPush, None),
            _ => return None,
        };
        let stanza = event.stanza().filter(|_| self.state.replaced.has(step))?;
        Some(Event::Incoming { stanza: stanza.clone(), room })
    }

    /// News of nodes and errors are no matter of plugins; nor are single results of archives, which are left to the page when
    /// all of one answer are there.
    fn step_of_message(&self, message: &Message) -> Option<(Step, Option<Key>)> {
        let (element, from) = (message.element(), message.from.as_ref());
        let room = from.map(Jid::bare).filter(|from| self.store.rooms.get(from).is_some());
        match MessageType::of(element) {
            MessageType::Groupchat => room.map(|room| (Step::RoomMessage, Some(Key::of_jid(Kind::Room, room)))),
            MessageType::Chat | MessageType::Normal => {
                let other =
                    element.child("result", &ns::MAM).is_some() || element.child("event", &ns::PUBSUB_EVENT).is_some();
                (room.is_none() && !other).then_some((Step::Message, None))
            }
            MessageType::Error | MessageType::Headline => None,
        }
    }

    fn step_of_presence(&self, presence: &Presence) -> Option<Step> {
        let from = presence.from.as_ref()?;
        let of_room = self.store.rooms.get(from.bare()).is_some();
        (!of_room && presence.element().child("x", &ns::MUC_USER).is_none()).then_some(Step::Presence)
    }
}
