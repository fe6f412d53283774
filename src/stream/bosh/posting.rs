//! Which request leaves when.

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

impl Bosh {
    /// Posts what there is to send as far as the server has room for requests; without anything to send, the one it
    /// is to keep until it has something to say.
    pub(super) fn post_next(&mut self) {
        while matches!(self.state, State::Attaching | State::Open | State::Closing) && self.may_post() {
            // The last one may leave although there is no room (XEP-0124 §11).
            let last = self.state == State::Closing && self.outbox.fits_one_body();
            if self.window.len() >= self.terms.requests + usize::from(last) {
                return;
            }
            let batch = self.outbox.take();
            if batch.is_none() && !last && self.idle_post_due().is_none_or(|due| self.now < due) {
                return;
            }
            self.terminating = last;
            self.post(if last { Purpose::Terminate } else { Purpose::Carry }, batch);
        }
    }

    /// When a request with nothing in it is to leave, if one is missing.
    ///
    /// While the link is not proven to be whole there is one more than the server keeps back, so that it answers.
    /// Servers may end a session that sends such requests faster than `polling` allows (XEP-0124 §11, §12).
    pub(super) fn idle_post_due(&self) -> Option<Instant> {
        let parked = self.window.len();
        let proven = self.retry.is_none() && self.state == State::Open && !self.window.is_in_dispute();
        let missing = parked == 0 || (!proven && parked <= self.terms.hold);
        let alive = matches!(self.state, State::Attaching | State::Open);
        if !alive || !missing || parked >= self.terms.requests || !self.may_post() {
            return None;
        }
        match self.newest {
            Some((sent, idle)) if parked > 0 || idle => Some(sent + self.terms.polling),
            _ => Some(self.now),
        }
    }

    /// When the next answer is overdue. What the server has no reason to keep back must come before it has forgotten
    /// the session.
    pub(super) fn answer_due(&self) -> Option<Instant> {
        if !matches!(self.state, State::Attaching | State::Open | State::Closing) || !self.all_under_way() {
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

    /// Repeats the requests that were lost, once their time has come.
    pub(super) fn repeat_if_due(&mut self) {
        if self.retry.as_mut().is_some_and(|retry| retry.take_due(self.now)) {
            self.repeat();
        }
    }

    /// Posts again, as they were, all requests that have no answer and are not under way.
    pub(super) fn repeat(&mut self) {
        for request in self.window.iter_mut().filter(|request| request.id.is_none() && request.answer.is_none()) {
            let id = RequestId(self.next_id);
            self.next_id = self.next_id.wrapping_add(1);
            (request.id, request.sent, request.repeated) = (Some(id), self.now, true);
            self.transmits.push_back(Transmit::HttpPost { id, url: self.url.clone(), body: request.body.clone() });
        }
    }

    /// Posts the first request of a session begun elsewhere. There is nothing in it, so that whatever is sent follows in
    /// a second one, and the server answers this one at once.
    pub(super) fn post_first(&mut self) {
        if self.window.len() == 0 && self.may_post() {
            self.post(Purpose::Carry, None);
        }
    }

    /// Posts a new request of the session.
    fn post(&mut self, purpose: Purpose, batch: Option<Batch>) {
        let batch = batch.unwrap_or(Batch { stanzas: true, ..Batch::default() });
        let purpose = if batch.restart { Purpose::Restart } else { purpose };
        let missing = self.window.iter().find(|request| request.answer.is_none());
        let ack = missing.filter(|_| self.terms.acks).map(|request| request.rid.saturating_sub(1));
        let body = body::next(self.rid, &self.sid, &self.to, ack, purpose, &batch.xml);
        self.post_new(batch, body);
    }

    fn post_new(&mut self, batch: Batch, body: String) {
        let (rid, sent, id) = (self.rid, self.now, self.next_id());
        self.rid += 1;
        self.newest = Some((sent, batch.elements == 0 && batch.stanzas));
        self.transmits.push_back(Transmit::HttpPost { id, url: self.url.clone(), body: body.clone() });
        let (elements, storable) = (batch.elements, batch.stanzas);
        self.window.push(Request { rid, body, elements, storable, id: Some(id), sent, repeated: false, answer: None });
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

    /// Whether new requests may leave: none is waiting to be repeated, and the last one has not left.
    fn may_post(&self) -> bool {
        self.all_under_way() && !self.terminating && self.rid <= MAX_RID
    }

    fn all_under_way(&self) -> bool {
        self.retry.is_none_or(|retry| retry.at().is_none())
    }
}
