//! Accounts are made where there is no session.

use std::collections::VecDeque;

use super::Client;
use crate::{
    feature::{Call, Event, Outcome, Status},
    session::{Registration, RegistrationEvent, SendError},
    stream::{Endpoint, Transmit},
    time::Instant,
};

impl Client {
    /// Asks a server what it wants to know of somebody who would have an account there. What was asked before is given up.
    pub fn ask_to_register(&mut self, now: Instant, endpoint: &Endpoint, domain: String, call: Call) {
        if self.status.is_under_way() || self.status == Status::Disconnecting {
            return self.finish_registering(Some(call), Outcome::Unsent(SendError::NotConnected));
        }
        let leftovers = self.give_up_registration(now);
        let registration = Registration::new(now, endpoint, domain, self.dice.clone(), leftovers);
        self.registration = Some((registration, Some(call)));
    }

    /// Sends the answers, each with the name of what it answers.
    pub fn register(&mut self, now: Instant, answers: &[(String, Vec<String>)], call: Call) {
        let open = self.registration.as_mut();
        match open.and_then(|(registration, waits)| registration.submit(now, answers).then_some(waits)) {
            Some(waits) => *waits = Some(call),
            None => return self.finish_registering(Some(call), Outcome::Disconnected),
        }
        self.drain_registration();
    }

    /// Ends what was begun by [`Self::ask_to_register`].
    pub fn stop_registering(&mut self, now: Instant) {
        if let Some((registration, call)) = &mut self.registration {
            registration.end(now);
            let call = call.take();
            self.finish_registering(call, Outcome::Disconnected);
        }
    }

    pub(super) fn give_up_registration(&mut self, now: Instant) -> VecDeque<Transmit> {
        let Some((registration, call)) = self.registration.take() else { return VecDeque::new() };
        self.finish_registering(call, Outcome::Disconnected);
        registration.give_up(now)
    }

    pub(super) fn drain_registration(&mut self) {
        while let Some((registration, call)) = &mut self.registration {
            let Some(event) = registration.poll_event() else { return };
            let call = call.take();
            let outcome = match event {
                RegistrationEvent::Offered(offer) => Outcome::Value(offer),
                RegistrationEvent::Registered => Outcome::Done,
                RegistrationEvent::Refused(answer) => Outcome::Refused(answer),
                RegistrationEvent::Failed(error) => Outcome::Failed(error),
            };
            self.finish_registering(call, outcome);
        }
    }

    fn finish_registering(&mut self, call: Option<Call>, outcome: Outcome) {
        self.events.extend(call.map(|call| Event::Finished { call, outcome }));
    }
}
