//! What happens on a stream that carries stanzas.

use std::time::Duration;

use super::{Acks, Answer, ConnectionError, Delivery, Session, SessionEvent, State, iq::may_answer};
use crate::{
    stanza::{Decode, Iq, IqKind, Stanza},
    stream::{AckError, Closed, Features, Transport},
    time::Instant,
    xml::{Element, WriteError, ns},
};

/// How long the server may take to show a sign of life when it is asked for one.
pub const LINK_TIMEOUT: Duration = Duration::from_secs(20);
/// The same when there is reason to think that the connection is gone: the machine slept, or changed networks.
pub const SUSPECT_TIMEOUT: Duration = Duration::from_secs(5);

impl<T> Session<T> {
    pub(super) fn route(&mut self, now: Instant, element: Element) {
        if *element.namespace() == ns::SM {
            return self.handle_management(now, &element);
        }
        if let Some(features) = Features::decode(&element) {
            // SASL2 announces after the log-in what can be used from now on.
            self.features = features;
            return;
        }
        if *element.namespace() == ns::CLIENT
            && let Some(management) = self.acks.as_mut().and_then(Acks::management)
        {
            management.count_received();
        }
        match Stanza::decode(element) {
            Decode::Ok(Stanza::Message(message)) => self.emit(SessionEvent::Message(message)),
            Decode::Ok(Stanza::Presence(presence)) => self.emit(SessionEvent::Presence(presence)),
            Decode::Ok(Stanza::Iq(iq)) if matches!(iq.kind, IqKind::Get | IqKind::Set) => {
                self.emit(SessionEvent::Request(iq));
            }
            Decode::Ok(Stanza::Iq(iq)) => self.handle_answer(&iq),
            Decode::NotMine(_) => {}
            Decode::Bad(error) => self.emit(SessionEvent::Ignored(error)),
        }
    }

    fn handle_answer(&mut self, iq: &Iq) {
        let Some(me) = self.jid.clone() else { return };
        let from_server = may_answer(iq.from.as_ref(), None, &me);
        let pong = self.acks.as_mut().filter(|_| from_server).and_then(|acks| acks.handle_pong(&iq.id));
        if let Some(arrived) = pong {
            return self.deliver(arrived, Delivery::Sent);
        }
        match self.iqs.take(iq, &me) {
            Some((then, answer)) => self.emit(SessionEvent::Answered { then, answer }),
            None => self.emit(SessionEvent::Unasked(iq.clone())),
        }
    }

    fn handle_management(&mut self, now: Instant, element: &Element) {
        let Some(acks) = &mut self.acks else { return };
        match element.name() {
            "enabled" => {
                if let Some(management) = acks.management() {
                    management.handle_enabled(element);
                }
            }
            // The server has no stream management after all, and counts nothing.
            "failed" if acks.management().is_some_and(|management| !management.is_enabled()) => {
                let unacked = std::mem::replace(acks, Acks::pinged()).into_unacked();
                unacked.into_iter().for_each(|sent| acks.push(sent, None));
            }
            "r" => {
                if let Some(answer) = acks.management().and_then(|management| management.answer()) {
                    self.transmit(now, &answer);
                }
            }
            "a" => match acks.handle_answer(element) {
                Ok(arrived) => self.deliver(arrived, Delivery::Sent),
                Err(error) => self.refuse_ack(now, error),
            },
            _ => {}
        }
    }

    /// Takes in what comes after this side has closed the stream: it may still say what has arrived.
    pub(super) fn handle_late(&mut self, element: &Element) {
        let Some(acks) = &mut self.acks else { return };
        let arrived = match element.name() {
            "a" if *element.namespace() == ns::SM => acks.handle_answer(element).ok(),
            "iq" => element.attribute("id").and_then(|id| acks.handle_pong(id)),
            _ => None,
        };
        self.deliver(arrived.into_iter().flatten(), Delivery::Sent);
    }

    /// Ends a stream whose counters cannot be true (XEP-0198 §6): it is not to be resumed.
    pub(super) fn refuse_ack(&mut self, now: Instant, error: AckError) {
        self.transmit(now, &error.encode());
        if let Some(transport) = self.transport_mut() {
            transport.close(now);
        }
        self.doubt_unacked();
        self.lose(now, ConnectionError::Acknowledgement(error));
    }

    /// Asks, once, what the server has of what was sent since it was asked last.
    pub(super) fn ask_for_acks(&mut self, now: Instant) {
        if !matches!(self.state, State::Online { .. }) {
            return;
        }
        let dice = &self.dice;
        let request = match &mut self.acks {
            Some(Acks::Managed(management)) => management.poll_request(),
            Some(acks) => acks.poll_ping(|| dice.id()).map(|id| Iq::get(&id, Element::new("ping", ns::PING))),
            None => None,
        };
        if let Some(request) = request {
            self.transmit(now, &request);
            self.expect_life(now + LINK_TIMEOUT);
        }
    }

    /// Takes in what has arrived at the server over BOSH.
    pub(super) fn handle_accepted(&mut self) {
        let accepted = self.transport().and_then(Transport::accepted);
        if let (Some(accepted), Some(acks)) = (accepted, &mut self.acks) {
            let arrived = acks.handle_accepted(accepted);
            self.deliver(arrived, Delivery::Sent);
        }
    }

    /// Makes sure that the connection is still there: after a sleep of the machine, or when the page is seen again.
    /// A connection that is waited for is made now.
    pub fn check_link(&mut self, now: Instant) {
        match self.state {
            State::Waiting { .. } => self.connect_again(now),
            State::Online { .. } => {
                self.ask_for_life(now);
                self.expect_life(now + SUSPECT_TIMEOUT);
            }
            _ => {}
        }
    }

    /// Tells the server whether anybody is looking (XEP-0352), so that it can hold back what nobody would see.
    pub fn set_active(&mut self, now: Instant, active: bool) {
        self.active = active;
        self.tell_activity(now);
    }

    /// Tells what the server does not know yet: a new stream begins with somebody looking (XEP-0352 §3).
    pub(super) fn tell_activity(&mut self, now: Instant) {
        let online = matches!(self.state, State::Online { .. });
        if online && self.features.client_state && self.told_active != Some(self.active) {
            self.told_active = Some(self.active);
            self.transmit(now, &Element::new(if self.active { "active" } else { "inactive" }, ns::CSI));
        }
    }

    /// When the server must be asked for a sign of life, or has not given one.
    pub(super) fn keep_alive_due(&self) -> Option<Instant> {
        self.life_due.or_else(|| Some(self.heard + self.account.ping_interval?))
    }

    pub(super) fn keep_alive(&mut self, now: Instant) {
        if self.keep_alive_due().is_none_or(|due| now < due) {
            return;
        }
        if self.life_due.is_none() {
            self.ask_for_life(now);
            self.expect_life(now + LINK_TIMEOUT);
        } else if self.transport_mut().is_some_and(|transport| transport.mend(now)) {
            // It has a session of its own, which is over when it says so and not sooner.
            self.life_due = None;
            self.heard = now;
            self.drain_transport(now);
        } else {
            self.lose(now, ConnectionError::Closed(Closed::Lost));
        }
    }

    fn expect_life(&mut self, due: Instant) {
        self.life_due = Some(self.life_due.map_or(due, |earlier| earlier.min(due)));
    }

    fn ask_for_life(&mut self, now: Instant) {
        let question = match self.acks.as_mut().and_then(Acks::management) {
            // A server that has not agreed yet owes an answer anyway, and a ping would be one stanza more than it should
            // have.
            Some(management) => management.ask(),
            None => Some(Iq::get(&self.dice.id(), Element::new("ping", ns::PING))),
        };
        if let Some(question) = question {
            self.transmit(now, &question);
        }
    }

    /// Sends what waited for a stream.
    pub(super) fn send_waiting(&mut self, now: Instant) {
        for sent in self.outbox.take() {
            self.transmit(now, &sent.stanza);
            let place = self.transport().and_then(Transport::sent);
            if let Some(acks) = &mut self.acks {
                acks.push(sent, place);
            }
        }
    }

    /// Sends what was found to be writable before, or is of our own making.
    pub(super) fn transmit(&mut self, now: Instant, element: &Element) {
        if let Some(transport) = self.transport_mut() {
            let _: Result<(), WriteError> = transport.send(now, element);
        }
    }

    /// Whether a stanza that cannot be sent now may wait for the next stream: a message, or anything if that stream
    /// will be the same.
    pub(super) fn can_wait(&self, stanza: &Element) -> bool {
        super::outbox::is_message(stanza) || self.acks.as_ref().is_some_and(|acks| acks.resumable().is_some())
    }

    /// Answers all requests with that there is nobody to answer them, and drops what was meant for the stream that is
    /// gone.
    pub(super) fn forget_stream(&mut self) {
        self.answer_disconnected();
        let fleeting = self.outbox.take_fleeting();
        self.deliver(fleeting, Delivery::NotSent);
    }

    /// Tells that nobody will answer the open requests.
    pub(super) fn answer_disconnected(&mut self) {
        let unanswered = self.iqs.drain();
        self.events.extend(unanswered.map(|then| SessionEvent::Answered { then, answer: Answer::Disconnected }));
    }
}
