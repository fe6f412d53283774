//! What happens when a stream breaks, or does not come to be.

use super::{Acks, ConnectionError, Delivery, Session, SessionEvent, State};
use crate::{
    stream::{Closed, Endpoint, Transport},
    time::Instant,
};

/// How often a server may send on to another before it is taken for a loop.
pub const MAX_REDIRECTS: u32 = 5;

impl<T> Session<T> {
    /// Deals with a stream that has ended.
    pub(super) fn handle_closed(&mut self, now: Instant, reason: Closed) {
        self.handle_accepted();
        let state = self.replace_state(State::Ended);
        match state {
            State::Ending { cause, .. } => self.finish(cause),
            State::Waiting { .. } | State::Ended => self.state = state,
            state => {
                let cause = ConnectionError::Closed(reason);
                if let Some(endpoint) = self.redirection(&cause) {
                    self.redirects += 1;
                    self.account.endpoint = endpoint;
                    self.connect(now);
                } else if let Some(cause) = self.try_again(now, &state, cause) {
                    self.finish(Some(cause));
                }
            }
        }
    }

    /// Deals with a stream that is not worth keeping, though nobody has ended it.
    pub(super) fn lose(&mut self, now: Instant, cause: ConnectionError) {
        let mut state = self.replace_state(State::Ended);
        if let State::LoggingIn { transport, .. } | State::Attaching { transport, .. } | State::Online { transport } =
            &mut state
        {
            match self.will_try_again(&cause) {
                // Without the ceremony that would tell the server that the session is over.
                true => transport.abandon(),
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
        if cause.spoils_stream() {
            self.doubt_unacked();
        }
        let account = &self.account;
        let begins_anew = account.credentials.is_some() || account.prebinds || account.prebound.is_some();
        if matches!(state, State::Attaching { prebound: None, .. }) && begins_anew {
            // The session of an earlier page is gone, which is no failure: log in as if it had not been there.
            self.doubt_unacked();
            self.forget_stream();
            self.jid = None;
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

    /// A log-in that never succeeded is not tried again: whoever asked for it is told, and knows better what to do.
    fn will_try_again(&self, cause: &ConnectionError) -> bool {
        self.account.reconnect && !cause.is_final() && self.jid.is_some()
    }

    /// Where the server wants the client to go instead, if that is as safe and not for ever.
    fn redirection(&self, cause: &ConnectionError) -> Option<Endpoint> {
        let ConnectionError::Closed(Closed::StreamError(error)) = cause else { return None };
        let other = error.other.as_deref().filter(|_| error.condition == "see-other-uri")?;
        self.account.endpoint.redirected(other).filter(|_| self.redirects < MAX_REDIRECTS)
    }

    fn finish(&mut self, cause: Option<ConnectionError>) {
        self.doubt_unacked();
        self.forget_stream();
        let waiting = self.outbox.take();
        self.deliver(waiting, Delivery::NotSent);
        self.emit(SessionEvent::Ended(cause));
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
