//! Which request leaves when.

use std::time::Duration;

use super::{
    Bosh, MAX_RID, State,
    body::{self, Purpose},
    outbox::Batch,
    window::{Held, Request},
};
use crate::{
    stream::{Closed, RequestId, Transmit},
    time::Instant,
    xml::ReadError,
};

/// The least time between two requests, if the first is still under way. They may travel over two connections, and arrive
/// in the wrong order; BOSH provides for that (XEP-0124 §14.2), but ejabberd 23.01 then leaves the second one lying until
/// the first has an answer, and breaks down if it is repeated. Nobody notices such a delay.
pub const SPACING: Duration = Duration::from_millis(50);

/// What a request is to leave for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Next {
    /// To leave once more.
    Repeat,
    /// To take along what is in the outbox.
    Carry,
    /// To be there for the server to answer.
    Idle,
    /// To end the session.
    Last,
}

impl Bosh {
    /// Posts what is due, in the order of the request ids.
    pub(super) fn post_next(&mut self) {
        while let Some((due, next)) = self.next_post()
            && due <= self.now
        {
            let batch = if matches!(next, Next::Carry | Next::Last) { self.outbox.take() } else { None };
            match next {
                Next::Repeat => self.repeat(),
                Next::Carry | Next::Idle => self.post(Purpose::Carry, batch),
                Next::Last => {
                    self.terminating = true;
                    self.post(Purpose::Terminate, batch);
                }
            }
        }
    }

    /// When the next request is to leave.
    pub(super) fn post_due(&self) -> Option<Instant> {
        self.next_post().map(|(due, _)| due)
    }

    /// When what is to leave next. The server has room for `requests`; without anything to send, it gets the one that it
    /// is to keep until it has something to say, and then answers those before it.
    fn next_post(&self) -> Option<(Instant, Next)> {
        if !self.lives() || self.retry.is_some_and(|retry| retry.at().is_some()) {
            return None;
        }
        let spaced = self.window.newest_sent().map_or(self.now, |sent| sent + SPACING);
        if self.window.has_lost() {
            return Some((spaced, Next::Repeat));
        }
        let under_way = self.window.len();
        if self.terminating || self.rid > MAX_RID {
            return None;
        }
        if self.state == State::Closing && self.outbox.fits_one_body() {
            // It may leave although there is no room (XEP-0124 §11), and does not wait: the page may be going away.
            return (under_way <= self.terms.requests).then_some((self.now, Next::Last));
        }
        if under_way >= self.terms.requests {
            return None;
        }
        // The first request of a session begun elsewhere has nothing in it: what is sent then follows in a second one,
        // and the server answers the first at once.
        let first = self.state == State::Attaching && under_way == 0;
        if !self.outbox.is_empty() && !first {
            return Some((spaced, Next::Carry));
        }
        // While the link is not proven to be whole there is one more than the server keeps back, so that it answers.
        let proven = self.retry.is_none() && self.state == State::Open && !self.window.is_in_dispute();
        // A server with nothing to say does not answer the last request either, and that would not be known to have arrived.
        let (_, unacknowledged) = self.window.elements(self.acked);
        let missing = under_way == 0 || ((!proven || unacknowledged > 0) && under_way <= self.terms.hold);
        missing.then(|| (self.polling_due().max(spaced), Next::Idle))
    }

    /// When an idle request may leave: servers may end a session that sends them too fast (XEP-0124 §11, §12).
    fn polling_due(&self) -> Instant {
        match self.newest {
            Some((sent, idle)) if idle || self.window.len() > 0 => sent + self.terms.polling,
            _ => self.now,
        }
    }

    /// When the next answer is overdue. What the server has no reason to keep back must come before it has forgotten
    /// the session.
    pub(super) fn answer_due(&self) -> Option<Instant> {
        if !self.lives() {
            return None;
        }
        let (due, held) = self.window.due(self.terms.hold, self.terms.wait)?;
        Some(match self.retry {
            Some(retry) if held == Held::No => due.min(retry.until()),
            _ => due,
        })
    }

    pub(super) fn post_creation(&mut self) {
        let body = body::creation(self.rid, &self.to, self.terms.wait);
        self.post_new(Batch::default(), body);
    }

    /// Tells the server what was wrong with its answer. What it has to say to that is of no interest any more.
    pub(super) fn post_refusal(&mut self, error: ReadError) {
        let body = body::next(self.rid, &self.sid, &self.to, None, Purpose::Refuse(error), "");
        let id = self.next_id();
        self.transmits.push_back(Transmit::HttpPost { id, url: self.url.clone(), body });
    }

    /// Posts the first of the requests that were lost again, as it was.
    fn repeat(&mut self) {
        let id = self.next_id();
        if let Some(request) = self.window.first_lost() {
            (request.id, request.sent, request.repeated) = (Some(id), self.now, true);
            let body = request.body.clone();
            self.transmits.push_back(Transmit::HttpPost { id, url: self.url.clone(), body });
        }
    }

    /// Posts a new request of the session.
    fn post(&mut self, purpose: Purpose, batch: Option<Batch>) {
        let batch = batch.unwrap_or(Batch { storable: true, ..Batch::default() });
        let purpose = if batch.restart { Purpose::Restart } else { purpose };
        let missing = self.window.iter().find(|request| request.answer.is_none());
        let ack = missing.filter(|_| self.terms.acks).map(|request| request.rid.saturating_sub(1));
        let body = body::next(self.rid, &self.sid, &self.to, ack, purpose, &batch.xml);
        self.post_new(batch, body);
    }

    fn post_new(&mut self, batch: Batch, body: String) {
        let (rid, sent, id) = (self.rid, self.now, self.next_id());
        self.rid = self.rid.saturating_add(1);
        self.newest = Some((sent, batch.elements == 0 && batch.storable));
        self.transmits.push_back(Transmit::HttpPost { id, url: self.url.clone(), body: body.clone() });
        let (elements, storable) = (batch.elements, batch.storable);
        let (id, answer, repeated, overdue) = (Some(id), None, false, false);
        self.window.push(Request { rid, body, elements, storable, id, sent, repeated, overdue, answer });
    }

    fn next_id(&mut self) -> RequestId {
        let id = RequestId(self.next_id);
        self.next_id = self.next_id.wrapping_add(1);
        id
    }

    /// Ends a session that has used up the request ids, which only one begun elsewhere can.
    pub(super) fn end_if_exhausted(&mut self) {
        if self.rid > MAX_RID && self.window.len() == 0 {
            self.finish(Closed::Lost);
        }
    }

    /// Whether there is a session, as far as this side knows.
    fn lives(&self) -> bool {
        matches!(self.state, State::Attaching | State::Open | State::Closing)
    }
}
