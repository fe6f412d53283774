//! From nothing to a stream that carries stanzas.

use std::time::Duration;

use super::{Acks, Arrival, ConnectionError, Delivery, Prebound, Session, SessionEvent, State};
use crate::{
    jid::FullJid,
    stanza::Iq,
    stream::{Bound, Endpoint, Login, LoginError, Management, Step, Transport, bosh::Bosh, websocket::WebSocket},
    time::Instant,
    xml::{Element, WriteError, ns},
};

/// How long the log-in may take, from the first byte to a bound resource.
pub const LOGIN_TIMEOUT: Duration = Duration::from_secs(60);

impl<T> Session<T> {
    /// Opens a stream and begins to log in on it, or to resume the one that broke.
    pub(super) fn connect(&mut self, now: Instant) {
        if let Some(prebound) = self.account.prebound.take() {
            return self.attach_prebound(now, prebound);
        }
        if self.account.prebinds {
            // Should nobody have one by then, it is asked for again.
            self.state = State::Waiting { until: now + LOGIN_TIMEOUT };
            return self.emit(SessionEvent::Unbound);
        }
        self.memory.drop_expired(self.epoch.at(now));
        let domain = self.account.domain.clone();
        let location = self.location();
        let endpoint = location.as_ref().or(self.elsewhere.as_ref()).unwrap_or(&self.account.endpoint);
        let mut transport = match endpoint {
            Endpoint::WebSocket(url) => {
                let jid = self.account.jid.as_ref().filter(|_| endpoint.is_confidential());
                let from = jid.filter(|_| self.account.wants_token || self.memory.token.is_some());
                let from = from.map(|jid| jid.as_str().to_owned());
                Transport::WebSocket(WebSocket::new(url.clone(), domain).with_from(from))
            }
            Endpoint::Bosh(url) => Transport::Bosh(Bosh::new(url.clone(), domain, self.dice.number().into())),
        };
        transport.open(now);
        let resume = self.acks.as_ref().and_then(Acks::resumable).and_then(Management::resume);
        if let Some(token) = &mut self.memory.token {
            // Counted, and so stored, before it is used: the server takes no number twice.
            token.count = token.count.saturating_add(1);
        }
        let wishes = self.account.wishes(&self.memory);
        let login = Box::new(Login::new(wishes, resume, &self.dice));
        self.state = State::LoggingIn { transport, login, deadline: now + LOGIN_TIMEOUT };
    }

    /// Takes up a session that another program has begun, if one is waited for.
    pub fn prebind(&mut self, now: Instant, prebound: Prebound) {
        if matches!(self.state, State::Waiting { .. }) {
            self.attach_prebound(now, prebound);
        }
    }

    /// Takes in that nobody has one now: it is asked for again after a while.
    pub fn prebind_in_vain(&mut self, now: Instant) {
        if let State::Waiting { until } = &mut self.state
            && self.account.prebinds
        {
            *until = now + self.backoff.next(&self.dice);
        }
    }

    fn attach_prebound(&mut self, now: Instant, Prebound { jid, sid, rid }: Prebound) {
        self.give_up_stream();
        self.restored = false;
        let (url, domain) = (self.account.endpoint.url().to_owned(), jid.bare().domain().to_owned());
        self.attach(now, Bosh::attach(url, domain, sid.expose().to_owned(), rid), Some(jid));
    }

    /// Takes up a BOSH session of an earlier page, or one that is `prebound`.
    pub(super) fn attach(&mut self, now: Instant, bosh: Bosh, prebound: Option<FullJid>) {
        let mut transport = Transport::Bosh(bosh);
        transport.open(now);
        // BOSH answers at once to this, and so tells at once whether the session is still there.
        let ping = Iq::get(&self.dice.id(), Element::new("ping", ns::PING));
        let _: Result<(), WriteError> = transport.send(now, &ping);
        self.state = State::Attaching { transport, prebound, deadline: now + LOGIN_TIMEOUT };
    }

    pub(super) fn handle_opened(&mut self, now: Instant) {
        let State::Attaching { prebound, .. } = &mut self.state else { return };
        let prebound = prebound.take();
        self.go_online(now, None);
        self.acks.get_or_insert_with(Acks::counted);
        match prebound {
            None => self.arrive(Arrival::Resumed, true),
            Some(jid) => {
                let arrival = if self.jid.is_some() { Arrival::Reconnected } else { Arrival::New };
                self.jid = Some(jid);
                self.arrive(arrival, false);
            }
        }
        self.send_waiting(now);
    }

    pub(super) fn drain_login(&mut self, now: Instant) {
        while let State::LoggingIn { transport, login, .. } = &mut self.state {
            match login.poll_step() {
                None => return,
                Some(Step::Send(element)) => {
                    if transport.send(now, &element).is_err() {
                        let error = LoginError::PeerMisbehaved("what it sent cannot be sent back");
                        self.lose(now, ConnectionError::Login(error));
                    }
                }
                Some(Step::Restart) => transport.restart(now),
                Some(Step::Features(features)) => self.features = features,
                Some(Step::Authenticating) => self.emit(SessionEvent::Authenticating),
                Some(Step::Authenticated(mechanism)) => {
                    self.memory.pinned = mechanism.to_pin().or(self.memory.pinned);
                }
                Some(Step::Token(token)) => self.memory.token = token,
                Some(Step::Resumed(element)) => self.handle_resumed(now, &element),
                Some(Step::NotResumed(element)) => self.handle_not_resumed(&element),
                Some(Step::Bound(bound)) => self.handle_bound(now, *bound),
                Some(Step::Failed(error)) => self.lose(now, ConnectionError::Login(error)),
            }
        }
    }

    fn handle_resumed(&mut self, now: Instant, resumed: &Element) {
        let Some(Acks::Managed(management)) = &mut self.acks else {
            let error = LoginError::PeerMisbehaved("a resumption that nobody asked for");
            return self.lose(now, ConnectionError::Login(error));
        };
        match management.handle_resumed(resumed) {
            Err(error) => self.refuse_ack(now, error),
            Ok(arrived) => {
                let given_up = management.give_up_first();
                let unacked: Vec<Element> = management.unacked().map(|sent| sent.stanza.clone()).collect();
                self.go_online(now, None);
                self.backoff.ease();
                self.deliver(arrived, Delivery::Sent);
                self.deliver(given_up, Delivery::InDoubt);
                for stanza in unacked {
                    self.transmit(now, &stanza);
                }
                self.arrive(Arrival::Resumed, true);
                self.send_waiting(now);
            }
        }
    }

    fn handle_not_resumed(&mut self, failed: &Element) {
        let Some(Acks::Managed(management)) = &mut self.acks else { return };
        match management.handle_failed(failed) {
            // The server says exactly what it had: the rest can go again.
            Some(arrived) => {
                self.deliver(arrived, Delivery::Sent);
                let rest = self.acks.take().map_or_else(Vec::new, Acks::into_unacked);
                self.outbox.put_back(rest);
            }
            None => self.doubt_unacked(),
        }
        self.forget_stream();
    }

    fn handle_bound(&mut self, now: Instant, bound: Bound) {
        let Bound { jid, features, management, carbons } = bound;
        self.give_up_stream();
        let arrival = if self.jid.is_some() && !self.restored { Arrival::Reconnected } else { Arrival::New };
        self.jid = Some(jid);
        self.features = features;
        self.go_online(now, Some(true));
        let counts = self.transport().is_some_and(|transport| transport.sent().is_some());
        self.acks = Some(match management {
            Some(management) => Acks::Managed(management),
            None if counts => Acks::counted(),
            None => Acks::pinged(),
        });
        self.arrive(arrival, carbons);
        self.send_waiting(now);
    }

    /// The address this session has or had.
    pub fn jid(&self) -> Option<&FullJid> {
        self.jid.as_ref()
    }

    fn arrive(&mut self, arrival: Arrival, carbons: bool) {
        // A page that was reloaded has just made this session; it is not the one that lost the connection.
        let arrival = match arrival {
            Arrival::Resumed if std::mem::take(&mut self.restored) => Arrival::Restored,
            other => other,
        };
        self.restored = false;
        if let Some(jid) = self.jid.clone() {
            self.emit(SessionEvent::Online { jid, arrival, carbons });
        }
    }

    fn go_online(&mut self, now: Instant, told_active: Option<bool>) {
        self.told_active = told_active;
        self.since = now;
        self.heard = now;
        self.life_due = None;
        match std::mem::replace(&mut self.state, State::Ended) {
            State::LoggingIn { transport, .. } | State::Attaching { transport, .. } => {
                self.state = State::Online { transport };
            }
            other => self.state = other,
        }
    }
}
