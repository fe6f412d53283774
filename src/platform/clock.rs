//! `performance.now()`: a clock that never goes back.

use std::time::Duration;

use crate::time::Instant;

/// The time since the page began to load.
pub fn now() -> Instant {
    let milliseconds = super::window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now());
    // In whole microseconds, finer than any browser tells; `as` takes what no clock says for zero.
    Instant::new(Duration::from_micros((milliseconds * 1000.0) as u64))
}
