//! Time as an argument: the core never reads a clock.

use std::{ops::Add, time::Duration};

/// A moment on a clock that never goes back. What it counts from is the driver's affair.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct Instant(Duration);

impl Instant {
    /// The moment `since_start` after the driver's clock was started.
    pub const fn new(since_start: Duration) -> Self {
        Self(since_start)
    }

    /// The time from `earlier` until this moment; zero if `earlier` is later.
    pub const fn saturating_duration_since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

impl Add<Duration> for Instant {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(duration))
    }
}
