//! `setTimeout`, one at a time.

use std::time::Duration;

use wasm_bindgen::prelude::*;

/// A timeout that is under way; dropping it cancels it.
pub struct Timer {
    id: i32,
    _callback: Closure<dyn FnMut()>,
}

impl Timer {
    /// Calls `callback` after `delay`, or never if the page is gone.
    pub fn start(delay: Duration, callback: impl FnMut() + 'static) -> Option<Self> {
        let callback = Closure::<dyn FnMut()>::new(callback);
        // Rounded up, lest the timeout comes before it is due. Browsers take a delay above 2^31 - 1 for zero.
        let seconds = i32::try_from(delay.as_secs()).unwrap_or(i32::MAX);
        let rest = delay.subsec_nanos().div_ceil(1_000_000) as i32;
        let milliseconds = seconds.saturating_mul(1000).saturating_add(rest);
        let function = callback.as_ref().unchecked_ref();
        let id = super::window()?.set_timeout_with_callback_and_timeout_and_arguments_0(function, milliseconds).ok()?;
        Some(Self { id, _callback: callback })
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(window) = super::window() {
            window.clear_timeout_with_handle(self.id);
        }
    }
}
