//! What of the client's state lies in the page's storage, and when it is written there.
//!
//! What the session needs is written before anything more is sent: a page that is gone the moment after can be carried on.
//! The store follows a little later, so that a flood of changes is one write.

use std::time::Duration;

use super::{Client, routing};
use crate::{
    feature::{Event, Status},
    jid::{BareJid, FullJid},
    session::{Memory, Saved, Session},
    store::{
        Attributes, Change, Key, Kind, Store, What,
        cache::{self, Part, Write},
    },
    time::Instant,
    xml::Element,
};

/// How long a change of the store may wait until it is written.
pub const WRITE_DELAY: Duration = Duration::from_millis(500);

/// The entries of the page's storage, as far as they are known.
#[derive(Default)]
pub(super) struct Cache {
    /// The session's entries as they were last written. Nobody knows what an earlier page left there.
    session: Option<Option<String>>,
    memory: Option<Option<String>>,
    /// Something happened since then that may have changed them.
    touched: bool,
    /// What an earlier page left, until its account logs in.
    loaded: Vec<(BareJid, Part, Element)>,
    /// The parts of the store that the storage may hold.
    present: Vec<Part>,
    /// Those that are not as the storage has them.
    stale: Vec<Part>,
    /// When they are to be written.
    due: Option<Instant>,
    /// That time has come.
    flushing: bool,
    /// The storage was full, and the page has been told.
    full: bool,
    /// There is no room for what the session needs.
    homeless: bool,
    /// What the session needs is to be written again when the rest has been.
    again: bool,
    /// The user has logged out: nothing is to be kept.
    forgotten: bool,
}

impl Cache {
    /// Says that something happened.
    pub(super) fn touch(&mut self) {
        self.touched = true;
    }

    /// Says that an entity has changed.
    pub(super) fn note(&mut self, now: Instant, Change { key, what }: &Change) {
        if *what == What::Shown {
            return;
        }
        if let Some(part) = Part::of(key) {
            self.note_part(now, part);
        }
        if *what == What::Removed && matches!(key.kind, Kind::Chat | Kind::Room) {
            self.note_part(now, Part::Messages(key.id.clone()));
        }
    }

    pub(super) fn note_part(&mut self, now: Instant, part: Part) {
        if !self.stale.contains(&part) {
            self.stale.push(part);
        }
        self.due.get_or_insert(now + WRITE_DELAY);
    }

    /// Has everything written now.
    pub(super) fn flush(&mut self) {
        self.flushing = true;
        self.touched = true;
    }

    /// Has everything taken out, and nothing written until somebody logs in.
    pub(super) fn forget(&mut self) {
        self.forgotten = true;
        self.loaded.clear();
        for part in std::mem::take(&mut self.present) {
            if !self.stale.contains(&part) {
                self.stale.push(part);
            }
        }
        self.flush();
    }

    pub(super) fn is_forgotten(&self) -> bool {
        self.forgotten
    }

    pub(super) fn handle_timeout(&mut self, now: Instant) {
        if self.due.is_some_and(|due| due <= now) {
            self.flush();
        }
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        self.due
    }

    fn poll_part(&mut self) -> Option<Part> {
        if !self.flushing {
            return None;
        }
        let part = self.stale.pop();
        if part.is_none() {
            self.flushing = false;
            self.due = None;
        }
        part
    }
}

impl Client {
    /// Takes in what the page's storage holds of `part`. What makes no sense is forgotten.
    pub fn load(&mut self, part: Part, stored: &str) {
        self.cache.touch();
        let Ok((account, content)) = cache::decode(stored) else { return };
        match part {
            Part::Session => self.saved = Saved::decode(&content).filter(|saved| *saved.jid().bare() == account),
            Part::Memory => {
                self.memory = Memory::decode(&content).map(|mut memory| {
                    memory.drop_expired(self.epoch);
                    (account, memory)
                });
            }
            part => {
                self.cache.present.push(part.clone());
                self.cache.loaded.push((account, part, content));
            }
        }
    }

    /// Whether another page has gone on with the session since this one was left: the storage does not hold, as `stored`,
    /// what this page wrote there last.
    pub fn is_outdated(&self, stored: Option<&str>) -> bool {
        !self.cache.homeless && self.cache.session.as_ref().and_then(Option::as_deref) != stored
    }

    /// Becomes what that page left in the storage: what this one knew and was about to do is not true any more. Where the
    /// session goes on, it is taken up; where the other page ended it, it has ended.
    pub fn catch_up(&mut self, now: Instant, stored: impl IntoIterator<Item = (Part, String)>) {
        let session = self.session.as_mut().filter(|session| !session.is_over());
        let left = session.map(|session| (session.account().clone(), session.leave_to_other()));
        self.drain_session(now);
        let over = self.session.take();
        self.cache = Cache { full: self.cache.full, ..Cache::default() };
        (self.saved, self.memory, self.jid) = (None, None, None);
        for (part, stored) in stored {
            self.load(part, &stored);
        }
        if self.store.account.is_some() {
            self.reset_store(None);
        }
        let Some((account, leftovers)) = left else { return self.session = over };
        if self.saved.as_ref().is_some_and(|saved| saved.belongs_to(&account)) {
            self.log_in(now, account);
        } else {
            self.session = over;
            self.set_status(Status::Disconnected);
            self.events.push_back(Event::Disconnected(None));
        }
        if let Some(session) = &mut self.session {
            session.add_leftovers(leftovers);
        }
    }

    /// Says that what is stored may be older than what the server was told: the page had no time to write it.
    pub fn doubt_cache(&mut self) {
        self.state.cache_is_old = true;
    }

    /// Has everything written now: the page may be gone in a moment.
    pub fn flush(&mut self) {
        self.cache.flush();
    }

    /// What the page's storage must hold before anything more is sent.
    pub fn poll_write(&mut self) -> Option<Write> {
        if !self.cache.touched {
            return None;
        }
        // What an earlier page left stays until it is taken up.
        if self.saved.is_none() {
            let session = self.session_entry();
            if self.cache.session.as_ref() != Some(&session) {
                self.cache.homeless = false;
                self.cache.session = Some(session.clone());
                return Some(Write { part: Part::Session, content: session });
            }
        }
        let memory = self.memory_entry();
        if self.cache.memory.as_ref() != Some(&memory) {
            self.cache.memory = Some(memory.clone());
            return Some(Write { part: Part::Memory, content: memory });
        }
        if let Some(part) = self.cache.poll_part() {
            let content = self.store_entry(&part);
            if content.is_some() && !self.cache.present.contains(&part) {
                self.cache.present.push(part.clone());
            }
            return Some(Write { part, content });
        }
        if std::mem::take(&mut self.cache.again) {
            (self.cache.session, self.cache.memory) = (None, None);
            return self.poll_write();
        }
        self.cache.touched = false;
        None
    }

    /// Takes in that the page's storage has no room for `part`, whose old entry has been taken out. What can be done
    /// without is dropped, the oldest first, and it is tried again; where there is nothing of the kind, `part` is done
    /// without.
    pub fn handle_full(&mut self, part: Part) {
        if !std::mem::replace(&mut self.cache.full, true) {
            self.events.push_back(Event::StorageFull);
        }
        self.cache.homeless |= part == Part::Session;
        let smaller = self.store.make_room();
        if smaller.is_empty() {
            return;
        }
        match part {
            Part::Session | Part::Memory => self.cache.again = true,
            part => self.cache.stale.insert(0, part),
        }
        // From the end on: what has become smaller goes first.
        self.cache.stale.retain(|stale| !smaller.contains(stale));
        self.cache.stale.extend(smaller);
        self.cache.flush();
    }

    /// Makes the store that of `account`: the one there is, what an earlier page left of it, or an empty one.
    pub(super) fn open_store(&mut self, account: Option<&BareJid>) {
        self.cache.forgotten = false;
        if account.is_some() && self.store.account.as_ref() == account {
            return;
        }
        self.reset_store(account);
        let (mine, others): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.cache.loaded).into_iter().partition(|(owner, ..)| Some(owner) == account);
        let restored = !mine.is_empty();
        // The messages last: they are kept with the conversations they are of.
        let (messages, rest): (Vec<_>, Vec<_>) =
            mine.into_iter().partition(|(_, part, _)| matches!(part, Part::Messages(_)));
        rest.into_iter().chain(messages).for_each(|(_, part, content)| self.store.restore(&part, &content));
        // Whatever another account left is not for this one to see.
        for (_, part, _) in others {
            self.cache.stale.push(part);
            self.cache.flush();
        }
        if restored {
            // Nobody has been told of anything yet.
            let _: Vec<Change> = self.store.groups.update(&self.store.contacts, self.options.roster_groups);
            self.events.push_back(Event::Restored);
        }
    }

    /// Forgets all that is known, and begins with nothing for `account`.
    pub(super) fn reset_store(&mut self, account: Option<&BareJid>) {
        let fresh = self.store.account.is_none() && account.is_some();
        self.store = Store::new(account.cloned());
        self.state.forget_account();
        self.store.status.show = self.options.default_state;
        if !fresh {
            self.events.push_back(Event::Reset);
        }
    }

    /// Gives an entity attributes that are not the core's, or values in the place of the core's.
    pub fn write(&mut self, now: Instant, key: &Key, attributes: &Attributes) {
        if self.store.attributes(key).is_none() {
            return;
        }
        let mut attributes = attributes.clone();
        let own = routing::take_own(key, &mut attributes);
        if !own.is_empty() {
            self.in_context(now, |context| routing::write(context, key, &own));
        }
        self.cache.touch();
        if !attributes.is_empty() {
            for (name, value) in attributes.iter() {
                self.store.write(key, name, value.clone());
            }
            self.cache.note_part(now, Part::Extras);
        }
        self.events.push_back(Event::Changed(key.clone().changed()));
    }

    fn store_entry(&self, part: &Part) -> Option<String> {
        let account = self.store.account.as_ref().filter(|_| !self.cache.forgotten)?;
        cache::encode(account, self.store.encode(part)?)
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
        let account = session.account().jid.as_ref().filter(|_| !Session::is_over(session))?;
        cache::encode(account, session.memory().encode())
    }
}
