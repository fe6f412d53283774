//! `performance.now()`: a clock that never goes back.

use std::time::Duration;

use crate::time::{Instant, Timestamp};

/// The time since the page began to load.
pub fn now() -> Instant {
    let milliseconds = super::window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now());
    // In whole microseconds, finer than any browser tells; `as` takes what no clock says for zero.
    Instant::new(Duration::from_micros((milliseconds * 1000.0) as u64))
}

/// The time of day when [`now`] was zero. People set their clocks: it is asked for anew now and then.
pub fn epoch() -> Timestamp {
    let passed = Instant::saturating_duration_since(now(), Instant::default());
    let passed = i64::try_from(passed.as_millis()).unwrap_or_default();
    Timestamp::new(js_sys::Date::now() as i64 - passed)
}
