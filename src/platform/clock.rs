//! `performance.now()`: a clock that never goes back.

use std::time::Duration;

use crate::time::Instant;

/// The time since the page began to load.
pub fn now() -> Instant {
    let milliseconds = super::window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now());
    Instant::new(Duration::try_from_secs_f64(milliseconds / 1000.0).unwrap_or_default())
}
