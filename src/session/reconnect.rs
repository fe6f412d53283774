//! What happens when a stream breaks, or does not come to be.

use std::time::Duration;

use super::{Acks, ConnectionError, Delivery, Session, SessionEvent, State};
use crate::{
    stream::{Closed, Endpoint, LoginError, Transport, sasl::SaslError},
    time::Instant,
};

/// How often a server may send on to another before it is taken for a loop.
pub const MAX_REDIRECTS: u32 = 5;
/// How long a stream must have carried stanzas before its loss is the first one again: a server that lets everybody in
/// and throws everybody out is not to be asked ever faster.
pub const LASTING: Duration = Duration::from_secs(10);

impl<T> Session<T> {
    /// Deals with a stream that has ended.
    pub(super) fn handle_closed(&mut self, now: Instant, reason: Closed) {
        self.handle_accepted();
        self.take_back_unsent();
        let state = self.replace_state(State::Ended);
        self.forgive(now, &state);
        match state {
            State::Ending { cause, .. } => self.finish(cause),
            State::Waiting { .. } | State::Ended => self.state = state,
            state => {
                let cause = self.explain(&state, reason);
                if let Some(endpoint) = self.redirection(&state, &cause) {
                    self.redirects = self.redirects.saturating_add(1);
                    self.forget_location();
                    self.elsewhere = Some(endpoint);
                    self.follow(now, &state, cause);
                } else if let Some(cause) = self.try_again(now, &state, cause) {
                    self.finish(Some(cause));
                }
            }
        }
    }

    fn explain(&self, state: &State, reason: Closed) -> ConnectionError {
        match (state, reason) {
            (State::LoggingIn { .. }, Closed::StreamError(error))
                if error.has_nothing_to_offer() && !self.account.endpoint.is_encrypted() =>
            {
                ConnectionError::Login(LoginError::EncryptionRequired)
            }
            (_, reason) => ConnectionError::Closed(reason),
        }
    }

    /// Deals with a stream that is not worth keeping, though nobody has ended it.
    pub(super) fn lose(&mut self, now: Instant, cause: ConnectionError) {
        self.take_back_unsent();
        let mut state = self.replace_state(State::Ended);
        self.forgive(now, &state);
        let goes_on = self.will_try_again(&cause) || self.has_other_way(&state, &cause);
        if let State::LoggingIn { transport, .. } | State::Attaching { transport, .. } | State::Online { transport } =
            &mut state
        {
            match goes_on {
                // Without the ceremony that would tell the server that the session is over.
                true => {
                    self.leftovers.extend(std::iter::from_fn(|| transport.poll_leftover()));
                    transport.abandon();
                }
                false => {
                    self.state = state;
                    return self.fail(now, Some(cause));
                }
            }
            self.keep_leftovers(&mut state);
        }
        if let Some(cause) = self.try_again(now, &state, cause) {
            self.finish(Some(cause));
        }
    }

    /// Ends the session, with the stream in good order if there is one.
    pub(super) fn fail(&mut self, now: Instant, cause: Option<ConnectionError>) {
        match self.state {
            State::Online { .. } => self.say_goodbye(now),
            // What the stream at hand says is nothing about the one that broke.
            State::LoggingIn { .. } => self.doubt_unacked(),
            _ => {}
        }
        match std::mem::replace(&mut self.state, State::Ended) {
            State::LoggingIn { mut transport, .. }
            | State::Attaching { mut transport, .. }
            | State::Online { mut transport } => {
                transport.close(now);
                self.state = State::Ending { transport, cause };
                self.drain_transport(now);
            }
            State::Waiting { .. } => self.finish(cause),
            state @ (State::Ending { .. } | State::Ended) => self.state = state,
        }
    }

    /// Connects again, after the delay or because there is reason to hope.
    pub(super) fn connect_again(&mut self, now: Instant) {
        self.emit(SessionEvent::Reconnecting);
        self.connect(now);
    }

    /// Plans the next attempt after one in `state` came to nothing. The cause comes back if there will be none.
    fn try_again(&mut self, now: Instant, state: &State, cause: ConnectionError) -> Option<ConnectionError> {
        if self.has_other_way(state, &cause) {
            self.forget_location();
            self.connect(now);
            return None;
        }
        let was_online = matches!(state, State::Online { .. });
        if let Some(management) = self.acks.as_mut().and_then(Acks::management).filter(|_| was_online) {
            management.handle_break(now < self.since + LASTING);
        }
        // What ended an attempt says nothing about the stream that it was to resume.
        if was_online && cause.spoils_stream() || !self.is_resumable() {
            self.give_up_stream();
        }
        if !was_online {
            // Should the other server not be there, then this one may send the client elsewhere again.
            self.elsewhere = None;
        }
        if matches!(state, State::Attaching { prebound: None, .. }) && self.has_means() {
            // The session of an earlier page is gone, which is no failure: log in as if it had not been there.
            self.connect(now);
            return None;
        }
        if !self.will_try_again(&cause) {
            return Some(cause);
        }
        let delay = self.backoff.next(&self.dice);
        self.state = State::Waiting { until: now + delay };
        self.emit(SessionEvent::Lost(cause));
        None
    }

    /// Goes where the server wants the client to go, which is only news where it was online.
    fn follow(&mut self, now: Instant, state: &State, cause: ConnectionError) {
        if matches!(state, State::LoggingIn { .. }) {
            return self.connect(now);
        }
        self.give_up_stream();
        if matches!(state, State::Online { .. }) {
            self.emit(SessionEvent::Lost(cause));
            self.emit(SessionEvent::Reconnecting);
        }
        self.connect(now);
    }

    /// Says what has arrived, so that the server need not deliver it again, and asks the same (XEP-0198 §4).
    fn say_goodbye(&mut self, now: Instant) {
        self.ask_for_acks(now);
        if let Some(answer) = self.acks.as_mut().and_then(Acks::management).and_then(|management| management.answer()) {
            self.transmit(now, &answer);
        }
    }

    /// Forgets earlier losses once a stream has lasted.
    fn forgive(&mut self, now: Instant, state: &State) {
        if matches!(state, State::Online { .. }) && self.since + LASTING <= now {
            self.backoff.reset();
            self.redirects = 0;
        }
    }

    /// A log-in that never succeeded is not tried again: whoever asked for it is told, and knows better what to do.
    fn will_try_again(&self, cause: &ConnectionError) -> bool {
        self.account.reconnect && !cause.is_final() && self.jid.is_some()
    }

    /// Whether another attempt differs from the one that came to nothing in `state`: it was made where the server would
    /// have had the stream resumed, or the server took no token on it and then nothing else either.
    fn has_other_way(&self, state: &State, cause: &ConnectionError) -> bool {
        let State::LoggingIn { login, .. } = state else { return false };
        let by_password = login.has_refused_token() && self.account.credentials.is_some();
        let password_was_tried = match cause {
            ConnectionError::Login(LoginError::Refused { condition, .. }) => condition != "invalid-mechanism",
            ConnectionError::Login(LoginError::Sasl(error)) => *error != SaslError::NoCommonMechanism,
            ConnectionError::Login(_) | ConnectionError::Acknowledgement(_) => true,
            ConnectionError::Closed(_) | ConnectionError::TimedOut => false,
        };
        self.location().is_some() || by_password && !password_was_tried
    }

    /// Where the server would have the stream that broke resumed, if that is as safe as where the client was to go.
    pub(super) fn location(&self) -> Option<Endpoint> {
        let management = self.acks.as_ref().and_then(Acks::resumable)?;
        self.account.endpoint.relocated(management.location()?)
    }

    fn forget_location(&mut self) {
        if let Some(management) = self.acks.as_mut().and_then(Acks::management) {
            management.forget_location();
        }
    }

    /// Whether there is something to log in with.
    fn has_means(&self) -> bool {
        let account = &self.account;
        let bound = account.prebinds || account.prebound.is_some();
        bound || account.credentials.is_some() || self.memory.token.is_some()
    }

    pub(super) fn is_resumable(&self) -> bool {
        self.acks.as_ref().is_some_and(|acks| acks.resumable().is_some())
    }

    /// Where the server wants the client to go instead, if that is as safe and not for ever.
    fn redirection(&self, state: &State, cause: &ConnectionError) -> Option<Endpoint> {
        let ConnectionError::Closed(Closed::StreamError(error)) = cause else { return None };
        let wanted = self.account.reconnect || !matches!(state, State::Online { .. });
        let other = error.other.as_deref().filter(|_| wanted && error.condition == "see-other-uri")?;
        let here = self.elsewhere.as_ref().unwrap_or(&self.account.endpoint);
        here.redirected(other).filter(|_| self.redirects < MAX_REDIRECTS)
    }

    fn finish(&mut self, cause: Option<ConnectionError>) {
        self.settle_all();
        self.emit(SessionEvent::Ended(cause));
    }

    /// Tells what became of all that is open, because nothing more will.
    pub(super) fn settle_all(&mut self) {
        self.take_back_unsent();
        self.give_up_stream();
        let waiting = self.outbox.take();
        self.deliver(waiting, Delivery::NotSent);
    }

    /// Gives up a stream that nothing will resume, with all that makes sense on it only.
    pub(super) fn give_up_stream(&mut self) {
        self.doubt_unacked();
        self.forget_stream();
    }

    /// Puts what certainly has not left back to what waits: the transport at hand will send nothing more.
    fn take_back_unsent(&mut self) {
        let left = self.transport().and_then(Transport::left);
        if let (Some(left), Some(acks)) = (left, &mut self.acks) {
            let unsent = acks.take_unsent(left);
            self.outbox.put_back(unsent);
        }
    }

    /// Puts `state` in the place of the present one, whose transport may still have something to do.
    fn replace_state(&mut self, state: State) -> State {
        let mut old = std::mem::replace(&mut self.state, state);
        self.keep_leftovers(&mut old);
        old
    }

    fn keep_leftovers(&mut self, state: &mut State) {
        while let Some(transmit) = state.transport_mut().and_then(Transport::poll_leftover) {
            self.leftovers.push_back(transmit);
        }
    }

    /// Gives up what the server may or may not have.
    pub(super) fn doubt_unacked(&mut self) {
        let unacked = self.acks.take().map_or_else(Vec::new, Acks::into_unacked);
        self.deliver(unacked, Delivery::InDoubt);
    }
}
