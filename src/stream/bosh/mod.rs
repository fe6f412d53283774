//! XEP-0124: Bidirectional-streams Over Synchronous HTTP (version 1.11.2), XEP-0206: XMPP Over BOSH (version 1.4).
//!
//! `session` is what the server granted, `outbox` what waits to be sent, `body` what is sent, `window` what is under
//! way, `answer` what comes back, `retry` what happens when it does not. [`Bosh`] joins them: `posting` decides which
//! request leaves when, `receiving` what an answer means.

mod answer;
mod body;
mod outbox;
mod posting;
mod receiving;
mod retry;
mod saved;
mod session;
mod window;

use std::{collections::VecDeque, time::Duration};

pub use outbox::MAX_BODY_BYTES;
pub use posting::SPACING;
pub use retry::MAX_RETRIES;
pub use session::{MAX_RID, Session, Terms, Unanswered, WAIT};
pub use window::ANSWER_GRACE;

use self::{
    answer::Answer,
    outbox::Outbox,
    retry::Retry,
    window::{Request, Window},
};
use super::{Closed, Input, StreamEvent, Transmit};
use crate::{
    time::Instant,
    xml::{Element, WriteError},
};

/// How long the server may take to answer the session creation request.
pub const OPEN_TIMEOUT: Duration = Duration::from_secs(20);
/// How long the server may take to agree to the end of the session.
pub const CLOSE_TIMEOUT: Duration = Duration::from_secs(3);

/// One stream in one BOSH session.
///
/// What is to leave is decided in [`Self::poll_transmit`]: whoever takes the events out first, and answers them,
/// finds the answers in one request, with no idle request sent ahead of them. Ask [`Self::poll_timeout`] after it.
#[derive(Debug)]
pub struct Bosh {
    url: String,
    /// The domain to talk to.
    to: String,
    state: State,
    /// Empty until there is a session.
    sid: String,
    terms: Terms,
    /// The id of the next new request.
    rid: u64,
    next_id: u64,
    outbox: Outbox,
    window: Window,
    /// The newest request: when it left first, and whether it was idle: nothing in it, and nothing in its answer.
    newest: Option<(Instant, bool)>,
    /// How many elements were in answered requests.
    accepted: u64,
    /// How many were in the request whose answer was the end.
    doubted: u64,
    /// The request up to which the server said it has all.
    acked: u64,
    /// The link is broken, or not proven to be whole again.
    retry: Option<Retry>,
    /// A restart was asked for, and the features that follow it have not come.
    restarting: bool,
    /// The request that ends the session has left.
    terminating: bool,
    /// The server's name for itself.
    from: Option<String>,
    /// When opening or closing takes too long.
    deadline: Option<Instant>,
    now: Instant,
    transmits: VecDeque<Transmit>,
    events: VecDeque<StreamEvent>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    Idle,
    /// The session creation request has left.
    Opening,
    /// The session was begun before, and nobody knows whether it lives.
    Attaching,
    Open,
    /// This side has no more to say than what is in the outbox; the end follows it.
    Closing,
    Closed,
}

/// What became of the elements handed to [`Bosh::send`], in that order: the first `accepted` ones, those after them
/// that are `in_doubt`, and the last ones that are `unsent`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Delivery {
    /// In requests that were answered or acknowledged: the server has taken them.
    pub accepted: u64,
    /// In requests without an answer, or answered with the end of the session: the server may have taken them or not.
    pub in_doubt: u64,
    /// Certainly unknown to the server.
    pub unsent: u64,
}

impl Bosh {
    /// A stream to the domain `to`, through the connection manager at `url`. The request ids begin where `random`,
    /// which nobody else can guess, says (XEP-0124 §14.1).
    pub fn new(url: String, to: String, random: u64) -> Self {
        // The lower half of the range to begin in, the upper half to count in.
        let rid = (random % (MAX_RID / 2)).saturating_add(1);
        let (terms, accepted) = (Terms::assumed(), 0);
        let (unanswered, queued, sid) = (Vec::new(), Vec::new(), String::new());
        Self::resume(Session { url, to, sid, rid, terms, accepted, unanswered, queued })
    }

    /// The session `sid` that another program began, to be carried on with the request `rid`, which must be the first
    /// that program did not send.
    ///
    /// [`StreamEvent::Opened`] comes with the first answer, so that a session that is gone, which the server says at
    /// once, is never taken for a living one. With nothing to say the server would keep that answer back for as long
    /// as `wait`; therefore a second request follows after the polling interval, or at once with what [`Self::send`]
    /// is given right after [`Self::open`], such as a ping.
    pub fn attach(url: String, to: String, sid: String, rid: u64) -> Self {
        let (terms, accepted) = (Terms::assumed(), 0);
        let (unanswered, queued) = (Vec::new(), Vec::new());
        Self::resume(Session { url, to, sid, rid, terms, accepted, unanswered, queued })
    }

    /// The session that an earlier page left behind; its unanswered requests are repeated. Otherwise as
    /// [`Self::attach`].
    pub fn resume(session: Session) -> Self {
        let Session { url, to, sid, rid, terms, accepted, unanswered, queued } = session;
        let mut window = Window::default();
        let first = rid.saturating_sub(unanswered.len() as u64);
        for (Unanswered { body, elements }, rid) in unanswered.into_iter().zip(first..) {
            let sent = Instant::default();
            let (id, answer, storable, repeated, overdue) = (None, None, true, true, false);
            window.push(Request { rid, body, elements, storable, id, sent, repeated, overdue, answer });
        }
        Self {
            url,
            to,
            state: State::Idle,
            sid,
            terms,
            rid,
            // Requests are named so that none has the name of an earlier session's.
            next_id: rid,
            outbox: Outbox::restored(queued),
            window,
            newest: None,
            accepted,
            doubted: 0,
            acked: 0,
            retry: None,
            restarting: false,
            terminating: false,
            from: None,
            deadline: None,
            now: Instant::default(),
            transmits: VecDeque::new(),
            events: VecDeque::new(),
        }
    }

    /// Begins to connect.
    pub fn open(&mut self, now: Instant) {
        self.now = now;
        match self.state {
            State::Idle if self.sid.is_empty() => {
                self.state = State::Opening;
                self.deadline = Some(now + OPEN_TIMEOUT);
                self.post_creation();
            }
            State::Idle => {
                self.state = State::Attaching;
                self.newest = Some((now, false));
                self.end_if_exhausted();
            }
            _ => {}
        }
    }

    /// Opens the stream anew after authentication (XEP-0206 §5).
    pub fn restart(&mut self, now: Instant) {
        self.now = now;
        if self.state == State::Open {
            self.restarting = true;
            self.outbox.push_restart();
        }
    }

    /// Sends an element at the top level of the stream, with the next request that has room. Before there is a session
    /// and after its end it goes nowhere.
    pub fn send(&mut self, now: Instant, element: &Element) -> Result<(), WriteError> {
        self.now = now;
        match self.state {
            State::Attaching | State::Open => self.outbox.push(element),
            State::Idle | State::Opening | State::Closing | State::Closed => element.to_xml().map(drop),
        }
    }

    /// Ends the session in good order (XEP-0124 §13), with all that waits to be sent.
    pub fn close(&mut self, now: Instant) {
        self.now = now;
        match self.state {
            State::Attaching | State::Open => {
                self.state = State::Closing;
                self.deadline = Some(now + CLOSE_TIMEOUT);
                self.outbox.drop_restarts();
                self.retry.iter_mut().for_each(Retry::hurry);
            }
            State::Idle | State::Opening => self.finish(Closed::ByUs),
            State::Closing | State::Closed => {}
        }
    }

    /// Takes in what the platform reports.
    pub fn handle_input(&mut self, now: Instant, input: Input<'_>) {
        self.now = now;
        match input {
            Input::HttpAnswered { id, status, body } => self.handle_answer(id, Answer::read(status, body)),
            Input::HttpFailed { id } => {
                if self.window.landed(id).is_some() {
                    self.handle_failure();
                }
            }
            Input::SocketOpened | Input::SocketReceived(_) | Input::SocketRead(_) | Input::SocketClosed => {}
        }
    }

    /// Does what is due at `now`.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.now = now;
        if self.deadline.is_some_and(|deadline| deadline <= now) {
            return self.finish(Closed::Unreachable);
        }
        self.retry.iter_mut().for_each(|retry| retry.begin_if_due(now));
        if self.answer_due().is_some_and(|due| due <= now) {
            self.window.set_overdue();
            // Not one request gets through, or the server would have answered the oldest to keep the newest.
            self.ground(MAX_RID);
            self.handle_failure();
        }
    }

    /// What the platform is to do next.
    pub fn poll_transmit(&mut self) -> Option<Transmit> {
        if self.transmits.is_empty() {
            self.post_next();
        }
        self.transmits.pop_front()
    }

    /// What happened next.
    pub fn poll_event(&mut self) -> Option<StreamEvent> {
        self.events.pop_front()
    }

    /// When [`Self::handle_timeout`] is due.
    pub fn poll_timeout(&self) -> Option<Instant> {
        let retry = self.retry.and_then(|retry| retry.at());
        [self.deadline, retry, self.answer_due(), self.post_due()].into_iter().flatten().min()
    }

    /// What another page needs to carry this session on; [`Session`] says when to store it.
    ///
    /// `None` while there is no session that a page could carry on, which is so as long as a part of the negotiation is
    /// under way as well: what the server makes of that is not known to another page, and it may hold a password.
    pub fn session(&self) -> Option<Session> {
        if !matches!(self.state, State::Attaching | State::Open) || self.restarting {
            return None;
        }
        Some(Session {
            url: self.url.clone(),
            to: self.to.clone(),
            sid: self.sid.clone(),
            rid: self.rid,
            terms: self.terms.clone(),
            accepted: self.accepted,
            unanswered: self.window.stored()?,
            queued: self.outbox.stored()?,
        })
    }

    /// What became of the elements sent so far; it can be asked after the end as well.
    pub fn delivery(&self) -> Delivery {
        let (acked, in_doubt) = self.window.elements(self.acked);
        let (accepted, in_doubt) = (self.accepted.saturating_add(acked), self.doubted.saturating_add(in_doubt));
        Delivery { accepted, in_doubt, unsent: self.outbox.elements() }
    }

    /// Takes the link for broken: gives up the requests that are under way, and repeats them as after any failure.
    pub fn distrust(&mut self, now: Instant) {
        self.now = now;
        if matches!(self.state, State::Attaching | State::Open) && self.window.newest_sent().is_some() {
            self.ground(MAX_RID);
            self.handle_failure();
        }
    }

    /// Lets go of the session without telling the server; it ends by itself for want of requests.
    pub fn abandon(&mut self) {
        if self.state != State::Closed {
            self.ground(MAX_RID);
            self.state = State::Closed;
            self.deadline = None;
            self.retry = None;
        }
    }

    /// What is left to do once the session is over: giving up requests, but no new ones.
    pub fn poll_leftover(&mut self) -> Option<Transmit> {
        self.transmits.pop_front()
    }

    /// Ends everything. Whatever happens after this side asked for the end is the end it asked for.
    fn finish(&mut self, reason: Closed) {
        if self.state != State::Closed {
            let reason = if self.state == State::Closing { Closed::ByUs } else { reason };
            self.ground(MAX_RID);
            self.state = State::Closed;
            self.deadline = None;
            self.retry = None;
            self.events.push_back(StreamEvent::Closed(reason));
        }
    }

    /// Gives up the requests up to `rid` that are under way.
    fn ground(&mut self, rid: u64) {
        let aborted = self.window.ground(rid);
        self.transmits.extend(aborted.into_iter().map(|id| Transmit::HttpAbort { id }));
    }
}
