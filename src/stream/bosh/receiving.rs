//! What an answer means, and what it means that there is none.

use super::{
    Bosh, State,
    answer::{Answer, Body, legacy_end, may_pass},
    retry::Retry,
    session::Terms,
    window::Request,
};
use crate::{
    stream::{Closed, Header, RequestId, StreamEvent},
    xml::ns,
};

impl Bosh {
    pub(super) fn handle_answer(&mut self, id: RequestId, answer: Answer) {
        let now = self.now;
        let opening = self.state == State::Opening;
        let Some(request) = self.window.landed(id) else { return };
        match answer {
            Answer::Body(body) if body.asks_to_repeat() && !opening => {
                let rid = request.rid;
                self.ground(rid);
                self.handle_failure();
            }
            Answer::Body(body) => {
                request.answer = Some((now, body));
                self.deliver();
                self.mend();
            }
            Answer::Status(status) if opening && !may_pass(status) => self.finish(Closed::NotXmpp),
            Answer::Status(status) => match legacy_end(status).filter(|_| !opening && !self.terms.versioned) {
                Some(end) => self.finish(end),
                None => self.handle_failure(),
            },
            Answer::Foreign => self.finish(Closed::NotXmpp),
            Answer::Unreadable(_) if opening => self.finish(Closed::NotXmpp),
            Answer::Unreadable(error) => {
                self.finish(Closed::BadFrame(error));
                self.post_refusal(error);
            }
        }
    }

    /// A request has no answer: it is repeated after a while, unless there is no session, or no longer one.
    pub(super) fn handle_failure(&mut self) {
        if self.state == State::Opening {
            return self.finish(Closed::Unreachable);
        }
        if let Some(end) = self.window.announced_end() {
            return self.finish(end);
        }
        let patience = self.terms.patience();
        let retry = self.retry.get_or_insert_with(|| Retry::new(self.now, patience));
        if !retry.plan(self.now) {
            self.finish(Closed::Lost);
        }
    }

    /// The link works: what was lost is repeated without further delay, unless the session is known to have ended.
    fn mend(&mut self) {
        self.retry = None;
        if let Some(end) = self.window.announced_end().filter(|_| self.window.has_lost()) {
            self.finish(end);
        }
    }

    /// Delivers the answers whose turn it is.
    fn deliver(&mut self) {
        while self.state != State::Closed
            && let Some((request, body)) = self.window.pop_answered()
        {
            let sent = self.rid.saturating_sub(1);
            self.acked = body.ack().filter(|ack| self.terms.acks && *ack <= sent).unwrap_or(0).max(self.acked);
            // A session that is over may have been so before the request came, unless the end is the one that this side
            // asked for.
            let taken = match body.end() {
                Some(Closed::ByPeer) => self.state == State::Closing,
                Some(_) => false,
                None => true,
            };
            let count = if taken || self.acked >= request.rid { &mut self.accepted } else { &mut self.doubted };
            *count = count.saturating_add(request.elements);
            self.deliver_body(&request, body);
        }
        self.end_if_exhausted();
    }

    fn deliver_body(&mut self, request: &Request, body: Body) {
        let end = body.end();
        match self.state {
            State::Opening if end.is_none() => self.begin_session(&body),
            State::Attaching if end.is_none() => {
                self.state = State::Open;
                self.events.push_back(StreamEvent::Opened(Header::default()));
            }
            _ => {}
        }
        if let Some((_, idle)) = self.newest.as_mut().filter(|_| request.rid.checked_add(1) == Some(self.rid)) {
            *idle &= body.is_empty();
        }
        if self.state != State::Closed && !(request.repeated && body.is_echo_of(&request.body)) {
            self.deliver_payload(body);
        }
        end.into_iter().for_each(|end| self.finish(end));
    }

    fn deliver_payload(&mut self, body: Body) {
        let Header { id, from } = body.header();
        for element in body.into_payload() {
            if self.restarting && element.is("features", &ns::STREAM) {
                self.restarting = false;
                let from = from.clone().or_else(|| self.from.clone());
                self.events.push_back(StreamEvent::Opened(Header { id: id.clone(), from }));
            }
            self.events.push_back(StreamEvent::Received(element));
        }
    }

    /// Takes in what the server grants (XEP-0124 §7.2).
    fn begin_session(&mut self, body: &Body) {
        match body.element().attribute("sid") {
            Some(sid) if !sid.is_empty() => {
                self.sid = sid.to_owned();
                self.terms = Terms::read(body.element(), self.terms.wait);
                self.state = State::Open;
                self.deadline = None;
                let header = body.header();
                self.from.clone_from(&header.from);
                self.events.push_back(StreamEvent::Opened(header));
            }
            _ => self.finish(Closed::NotXmpp),
        }
    }
}
