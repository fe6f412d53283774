//! The requests that are under way, and their answers until it is their turn.

use std::{collections::VecDeque, time::Duration};

use super::{
    super::{Closed, RequestId},
    answer::Body,
    session::Unanswered,
};
use crate::time::Instant;

/// How long an answer that is due at once may take: a slow uplink, and a server that slows its clients down.
pub const ANSWER_GRACE: Duration = Duration::from_secs(15);

/// The requests without a delivered answer, lowest id first. Their ids have no gaps.
#[derive(Debug, Default)]
pub(super) struct Window(VecDeque<Request>);

/// A request that has left, or is about to leave again.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) rid: u64,
    pub(super) body: String,
    /// How many elements it carries.
    pub(super) elements: u64,
    /// Whether another page may repeat it: it carries stanzas or nothing, no authentication.
    pub(super) storable: bool,
    /// Its name while it is under way, which changes with every repetition.
    pub(super) id: Option<RequestId>,
    /// When it left, the last time.
    pub(super) sent: Instant,
    /// Whether it left more than once, or may have.
    pub(super) repeated: bool,
    /// Whether the server owed an answer for too long, once.
    pub(super) overdue: bool,
    /// The answer and when it came, while that of an earlier request is missing.
    pub(super) answer: Option<(Instant, Body)>,
}

impl Request {
    fn is_lost(&self) -> bool {
        self.id.is_none() && self.answer.is_none()
    }

    /// Whether the server says that it has no answer, to a repetition.
    fn is_denied(&self) -> bool {
        self.repeated && self.answer.as_ref().is_some_and(|(_, body)| body.is_item_not_found())
    }

    fn end(&self) -> Option<Closed> {
        self.answer.as_ref()?.1.end()
    }
}

impl Window {
    pub(super) fn push(&mut self, request: Request) {
        self.0.push_back(request);
    }

    /// How many requests the server may have.
    pub(super) fn len(&self) -> usize {
        self.0.len().saturating_sub(self.disputed())
    }

    /// Whether the server says that it has no answer to a repeated request, while a later one is to show whether that is
    /// the end of the session.
    ///
    /// For Prosody 0.12 it is not. If the connection of a request that it is holding breaks just before the next
    /// request comes, it answers that one alone, and has nothing to repeat for the one before; it says
    /// `item-not-found`, and the session lives on. So it does if the next request overtakes the repetition on another
    /// connection. Nothing is lost: what the request carried was taken before, and an answer that ever had something in
    /// it would have been remembered. A server that did end the session says the same to the later request.
    pub(super) fn is_in_dispute(&self) -> bool {
        self.disputed() > 0
    }

    /// How many requests are in dispute: those in front of the first that may judge them. Two that were overdue before they
    /// were denied are not, unless there is an answer after them: a server may take requests of a session for ever, and
    /// answer none.
    fn disputed(&self) -> usize {
        let lives = |request: &Request| request.answer.as_ref().is_some_and(|(_, body)| body.end().is_none());
        // An answer after them shows that the session lives, whoever repeated the requests: a browser does so, too.
        let proof = self.0.iter().rposition(lives).unwrap_or(0);
        let is_denied = |at: usize, request: &Request| {
            let not_found = request.answer.as_ref().is_some_and(|(_, body)| body.is_item_not_found());
            not_found && (request.repeated || at < proof)
        };
        let denied = self.0.iter().enumerate().take_while(|(at, request)| is_denied(*at, request)).count();
        let overdue = self.0.iter().take(denied).filter(|request| request.overdue).count();
        match self.0.get(denied) {
            Some(judge) if overdue < 2 || judge.answer.is_some() => denied,
            _ => 0,
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Request> {
        self.0.iter()
    }

    /// Whether a request has no answer and is not under way.
    pub(super) fn has_lost(&self) -> bool {
        self.0.iter().any(Request::is_lost)
    }

    /// The first request that has no answer and is not under way.
    pub(super) fn first_lost(&mut self) -> Option<&mut Request> {
        self.0.iter_mut().find(|request| request.is_lost())
    }

    /// When the last of the requests that are under way left.
    pub(super) fn newest_sent(&self) -> Option<Instant> {
        self.0.iter().filter(|request| request.id.is_some()).map(|request| request.sent).max()
    }

    /// The request under way as `id`, which is so no more.
    pub(super) fn landed(&mut self, id: RequestId) -> Option<&mut Request> {
        let request = self.0.iter_mut().find(|request| request.id == Some(id))?;
        request.id = None;
        Some(request)
    }

    /// Takes the request whose answer is to be delivered next, once that answer is there.
    pub(super) fn pop_answered(&mut self) -> Option<(Request, Body)> {
        let disputed = self.disputed();
        let judged_by = self.0.get(disputed).and_then(|request| request.answer.as_ref());
        let lives_on = match judged_by {
            None => return None,
            Some((_, body)) => disputed > 0 && body.end().is_none(),
        };
        let (_, body) = self.0.front_mut()?.answer.take()?;
        let body = if lives_on { Body::empty() } else { body };
        self.0.pop_front().map(|request| (request, body))
    }

    /// The requests that are under way should have been answered.
    pub(super) fn set_overdue(&mut self) {
        self.0.iter_mut().filter(|request| request.id.is_some()).for_each(|request| request.overdue = true);
    }

    /// The requests up to `rid` that have no answer are no longer under way; returns their names.
    pub(super) fn ground(&mut self, rid: u64) -> Vec<RequestId> {
        self.0.iter_mut().filter(|request| request.rid <= rid).filter_map(|request| request.id.take()).collect()
    }

    /// When the next answer is overdue, and whether the server had a reason to keep it back.
    ///
    /// It keeps the newest `hold` requests for as long as `wait`, and answers all older ones at once (XEP-0124 §8). It
    /// answers in order, so whatever is older than an answer is due as well.
    pub(super) fn due(&self, hold: usize, wait: Duration) -> Option<(Instant, Held)> {
        let (mut due, mut newer, mut held) = (None, None, 0);
        for request in self.0.iter().rev() {
            if let Some((answered, _)) = &request.answer {
                newer = newer.max(Some(*answered));
                held = hold;
                continue;
            }
            if request.is_lost() {
                continue;
            }
            let sent = request.sent;
            let next = if held < hold {
                held = held.saturating_add(1);
                (sent + wait + ANSWER_GRACE, Held::Perhaps)
            } else {
                (newer.map_or(sent, |newer: Instant| newer.max(sent)) + ANSWER_GRACE, Held::No)
            };
            newer = newer.max(Some(sent));
            due = Some(due.map_or(next, |due: (Instant, Held)| due.min(next)));
        }
        due
    }

    /// The end of the session, where it has been announced in answer to a request whose turn has not come.
    pub(super) fn announced_end(&self) -> Option<Closed> {
        // The last one that speaks for the session, or still may.
        let judged_by = self.0.iter().rposition(|request| request.end().is_none());
        let mut requests = self.0.iter().enumerate();
        requests.find_map(|(at, request)| request.end().filter(|_| !request.is_denied() || judged_by < Some(at)))
    }

    /// How many elements are in requests up to `rid`, and how many are in those above.
    pub(super) fn elements(&self, rid: u64) -> (u64, u64) {
        self.0.iter().fold((0_u64, 0_u64), |(below, above), request| match request.rid <= rid {
            true => (below.saturating_add(request.elements), above),
            false => (below, above.saturating_add(request.elements)),
        })
    }

    /// The requests as another page repeats them, if it may.
    pub(super) fn stored(&self) -> Option<Vec<Unanswered>> {
        let store = |request: &Request| {
            let (body, elements) = (request.body.clone(), request.elements);
            request.storable.then_some(Unanswered { body, elements })
        };
        self.0.iter().map(store).collect()
    }
}

/// Whether the server had a reason to keep an answer back.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Held {
    No,
    Perhaps,
}
