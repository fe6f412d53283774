//! The open requests: which answer belongs to whom, and until when it is waited for.

use std::{collections::VecDeque, ops::Deref, time::Duration};

use crate::{
    jid::{FullJid, Jid},
    stanza::{Iq, IqKind},
    time::Instant,
};

/// How long an answer is waited for unless the caller says otherwise.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(20);
/// The most requests that may be open: a server that answers nothing must not fill the memory, nor make the search for
/// an answer's request long.
pub const MAX_OPEN: usize = 1_000;

/// The open requests, each with what comes after it, in the order they were sent. Most are answered in that order, so
/// that a search from the front is short.
#[derive(Debug)]
pub struct IqTable<T> {
    open: VecDeque<Open<T>>,
}

#[derive(Debug)]
struct Open<T> {
    id: String,
    to: Option<Jid>,
    deadline: Instant,
    then: T,
}

/// An answer from whom was asked: nobody else can make one.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply(Iq);

/// What became of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Result(Reply),
    /// It was refused; [`Iq::error`] says why.
    Error(Reply),
    /// Nobody answered in time.
    TimedOut,
    /// The session ended before anybody answered.
    Disconnected,
}

impl Deref for Reply {
    type Target = Iq;

    fn deref(&self) -> &Iq {
        &self.0
    }
}

impl<T> Default for IqTable<T> {
    fn default() -> Self {
        Self { open: VecDeque::new() }
    }
}

impl<T> IqTable<T> {
    /// Whether a request with this id can be remembered.
    pub fn has_room_for(&self, id: &str) -> bool {
        self.open.len() < MAX_OPEN && self.open.iter().all(|open| open.id != id)
    }

    /// Remembers the request `id` to `to`.
    pub fn insert(&mut self, id: String, to: Option<Jid>, deadline: Instant, then: T) {
        self.open.push_back(Open { id, to, deadline, then });
    }

    /// Takes out what waits for `iq`. `None` if it answers nothing that was asked, or comes from somebody who was not
    /// (RFC 6120 §8.1.2.1).
    pub fn take(&mut self, iq: &Iq, me: &FullJid) -> Option<(T, Answer)> {
        let answer = match iq.kind {
            IqKind::Result => Answer::Result,
            IqKind::Error => Answer::Error,
            IqKind::Get | IqKind::Set => return None,
        };
        let at = self.open.iter().position(|open| open.id == iq.id)?;
        if !may_answer(iq.from.as_ref(), self.open.get(at)?.to.as_ref(), me) {
            return None;
        }
        let answer = answer(Reply(iq.clone()));
        self.open.remove(at).map(|asked| (asked.then, answer))
    }

    /// Takes out one request whose time is up.
    pub fn take_expired(&mut self, now: Instant) -> Option<T> {
        let at = self.open.iter().position(|open| open.deadline <= now)?;
        self.open.remove(at).map(|open| open.then)
    }

    /// Takes out all requests, because nobody will answer them.
    pub fn drain(&mut self) -> impl Iterator<Item = T> {
        self.open.drain(..).map(|open| open.then)
    }

    /// When the time of the next request is up.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.open.iter().map(|open| open.deadline).min()
    }
}

/// Whether an answer from `from` may be one to a request sent to `to` (RFC 6120 §8.1.2.1).
pub(super) fn may_answer(from: Option<&Jid>, to: Option<&Jid>, me: &FullJid) -> bool {
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
