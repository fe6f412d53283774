//! `performance.now()`: a clock that never goes back.

use std::time::Duration;

use web_sys::Performance;

use crate::time::{Instant, Timestamp};

thread_local! {
    // To find it takes longer than to read it, and each stanza is given the time.
    static CLOCK: Option<Performance> = super::window().and_then(|window| window.performance());
}

/// The time since the page began to load.
pub fn now() -> Instant {
    let milliseconds = CLOCK.with(|clock| clock.as_ref().map_or(0.0, Performance::now));
    // In whole microseconds, finer than any browser tells; `as` takes what no clock says for zero.
    Instant::new(Duration::from_micros((milliseconds * 1000.0) as u64))
}

/// The time of day when [`now`] was zero. People set their clocks: it is asked for anew now and then.
pub fn epoch() -> Timestamp {
    let passed = Instant::saturating_duration_since(now(), Instant::default());
    let passed = i64::try_from(passed.as_millis()).unwrap_or_default();
    Timestamp::new((js_sys::Date::now() as i64).saturating_sub(passed))
}
