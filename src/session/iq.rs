//! The open requests: which answer belongs to whom, and until when it is waited for.

use std::{collections::HashMap, time::Duration};

use crate::{
    jid::{FullJid, Jid},
    stanza::{Iq, IqKind},
    time::Instant,
};

/// How long an answer is waited for unless the caller says otherwise.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(20);
/// The most requests that may be open: a server that answers nothing must not fill the memory.
pub const MAX_OPEN: usize = 10_000;

/// The open requests, each with what comes after it.
#[derive(Debug)]
pub struct IqTable<T> {
    open: HashMap<String, Open<T>>,
}

#[derive(Debug)]
struct Open<T> {
    to: Option<Jid>,
    deadline: Instant,
    then: T,
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Result(Iq),
    /// It was refused; [`Iq::error`] says why.
    Error(Iq),
    /// Nobody answered in time.
    TimedOut,
    /// The session ended before anybody answered.
    Disconnected,
}

impl<T> Default for IqTable<T> {
    fn default() -> Self {
        Self { open: HashMap::new() }
    }
}

impl<T> IqTable<T> {
    /// Whether there is room for a request `id`.
    pub fn has_room_for(&self, id: &str) -> bool {
        self.open.len() < MAX_OPEN && !self.open.contains_key(id)
    }

    /// Remembers the request `id` to `to`. `then` comes back if there is no room or the id is taken.
    pub fn insert(&mut self, id: String, to: Option<Jid>, deadline: Instant, then: T) -> Result<(), T> {
        if !self.has_room_for(&id) {
            return Err(then);
        }
        self.open.insert(id, Open { to, deadline, then });
        Ok(())
    }

    /// Takes out what waits for `iq`. `None` if it answers nothing that was asked, or comes from somebody who was not
    /// (RFC 6120 §8.1.2.1).
    pub fn take(&mut self, iq: &Iq, me: &FullJid) -> Option<(T, Answer)> {
        let answer = match iq.kind {
            IqKind::Result => Answer::Result(iq.clone()),
            IqKind::Error => Answer::Error(iq.clone()),
            IqKind::Get | IqKind::Set => return None,
        };
        let asked = self.open.get(&iq.id)?;
        if !may_answer(iq.from.as_ref(), asked.to.as_ref(), me) {
            return None;
        }
        let asked = self.open.remove(&iq.id)?;
        Some((asked.then, answer))
    }

    /// Takes out one request whose time is up.
    pub fn take_expired(&mut self, now: Instant) -> Option<T> {
        let id = self.open.iter().find(|(_, open)| open.deadline <= now)?.0.clone();
        self.open.remove(&id).map(|open| open.then)
    }

    /// Takes out all requests, because nobody will answer them.
    pub fn drain(&mut self) -> impl Iterator<Item = T> {
        self.open.drain().map(|(_, open)| open.then)
    }

    /// When the time of the next request is up.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.open.values().map(|open| open.deadline).min()
    }
}

/// Whether an answer from `from` may be one to a request sent to `to` (RFC 6120 §8.1.2.1).
fn may_answer(from: Option<&Jid>, to: Option<&Jid>, me: &FullJid) -> bool {
    match (from, to) {
        // The own server answers for the account: without address, as the account or this client, or as itself.
        (None, None) => true,
        (Some(own), None) | (None, Some(own)) => is_own_account(own, me) || is_own_server(own, me),
        (Some(from), Some(to)) => from == to,
    }
}

/// Whether `jid` is the account, or this client of it; other clients of the account are others.
fn is_own_account(jid: &Jid, me: &FullJid) -> bool {
    jid.bare() == me.bare() && (jid.is_bare() || jid.as_str() == me.as_str())
}

fn is_own_server(jid: &Jid, me: &FullJid) -> bool {
    jid.is_bare() && jid.as_str() == me.bare().domain()
}
