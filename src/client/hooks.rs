//! What plugins see of a room's stanzas before the room takes them in. Such a stanza waits, and all that came after it,
//! until the page has been told of it and of everything before.

use super::Client;
use crate::{
    feature::{Event, Then, room},
    jid::{BareJid, Jid},
    session::{Session, SessionEvent},
    store::{Key, Kind},
    time::Instant,
};

#[derive(Default)]
pub(super) struct Hooks {
    /// The rooms of which somebody wants to see the stanzas first.
    rooms: Vec<BareJid>,
    /// What waits, and since when.
    held: Option<(Instant, SessionEvent<Then>)>,
}

impl Client {
    /// Says whether the page wants to see what comes from `room` before the room takes it in, as [`Event::RoomStanza`].
    pub fn hook_room(&mut self, room: &BareJid, hooked: bool) {
        self.hooks.rooms.retain(|other| other != room);
        if hooked {
            self.hooks.rooms.push(room.clone());
        }
    }

    /// What the page is to be told next.
    pub fn poll_event(&mut self) -> Option<Event> {
        if self.events.is_empty() {
            self.release();
        }
        self.events.pop_front()
    }

    pub(super) fn drain_session(&mut self, now: Instant) {
        while self.hooks.held.is_none()
            && let Some(event) = self.session.as_mut().and_then(Session::poll_event)
        {
            if let Some(stanza) = event.stanza().filter(|_| self.taps) {
                self.events.push_back(Event::Stanza(stanza.clone()));
            }
            match self.hook_of(&event) {
                Some(hook) => {
                    self.events.push_back(hook);
                    self.hooks.held = Some((now, event));
                }
                None => self.handle_event(now, event),
            }
        }
    }

    /// Lets what waits take its way, up to the next stanza that somebody wants to see first.
    fn release(&mut self) {
        if let Some((now, event)) = self.hooks.held.take() {
            self.handle_event(now, event);
            self.drain_session(now);
        }
    }

    /// Lets everything take its way that waits: what comes next has nothing to do with it.
    pub(super) fn release_all(&mut self) {
        while self.hooks.held.is_some() {
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
}
