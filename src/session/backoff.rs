//! When to try again: exponential back-off with full jitter, so that the clients of a server that comes back do not all
//! come back at once.

use std::time::Duration;

use crate::random::Dice;

/// The ceiling of the first delay.
pub const FIRST: Duration = Duration::from_secs(1);
/// The ceiling of all delays.
pub const CEILING: Duration = Duration::from_secs(60);

/// As many attempts in vain as are still held against a link once a stream was resumed over it: the ceiling is 4 s.
const EASED: u32 = 2;

/// How often it was tried in vain.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Backoff {
    attempts: u32,
}

impl Backoff {
    /// The delay before the next attempt: anything from nothing to a ceiling that doubles every time.
    pub(super) fn next(&mut self, dice: &Dice) -> Duration {
        let ceiling = FIRST.saturating_mul(2u32.saturating_pow(self.attempts)).min(CEILING);
        self.attempts = self.attempts.saturating_add(1);
        let milliseconds = u64::from(dice.number()).saturating_mul(ceiling.as_secs()).saturating_mul(1000) >> 32;
        Duration::from_millis(milliseconds)
    }

    /// The server has kept the session: it is the link that breaks, and the next one may be as short.
    pub(super) fn ease(&mut self) {
        self.attempts = self.attempts.min(EASED);
    }

    /// It worked.
    pub(super) fn reset(&mut self) {
        self.attempts = 0;
    }
}
