//! How long, and how often, a broken link is mended.

use std::time::Duration;

use crate::time::Instant;

/// The times a lost request is repeated; with the delays below they take about half a minute when each fails at once.
pub const MAX_RETRIES: u32 = 7;

/// The time before the first repetition: a connection that was idle too long fails when used, and works again at once.
const FIRST_DELAY: Duration = Duration::from_millis(500);
/// The longest time between two repetitions: a network that is back should be noticed.
const MAX_DELAY: Duration = Duration::from_secs(8);

/// The state of a link between the first failure and the next answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Retry {
    tries: u32,
    /// When the server has forgotten the session.
    until: Instant,
    /// When the lost requests are to be repeated; `None` once that has begun.
    at: Option<Instant>,
}

impl Retry {
    /// A link that just broke and is worth mending for the time `patience`.
    pub(super) fn new(now: Instant, patience: Duration) -> Self {
        Self { tries: 0, until: now + patience, at: None }
    }

    /// Plans the next repetition. `false` if there is none.
    pub(super) fn plan(&mut self, now: Instant) -> bool {
        if self.at.is_none() {
            let delay = FIRST_DELAY.saturating_mul(1 << self.tries.min(MAX_RETRIES)).min(MAX_DELAY);
            self.tries = self.tries.saturating_add(1);
            self.at = Some(now + delay);
        }
        self.tries <= MAX_RETRIES && self.at < Some(self.until)
    }

    /// Begins the planned repetition, without waiting for its time.
    pub(super) fn hurry(&mut self) {
        self.at = None;
    }

    /// Begins the planned repetition once its time has come.
    pub(super) fn begin_if_due(&mut self, now: Instant) {
        self.at = self.at.filter(|at| now < *at);
    }

    /// When the next repetition is due, if one is planned.
    pub(super) fn at(&self) -> Option<Instant> {
        self.at
    }

    /// When mending is given up.
    pub(super) fn until(&self) -> Instant {
        self.until
    }
}
