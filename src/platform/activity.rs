//! Whether the user does anything on the page: keys, the pointer, the wheel.

use std::cell::Cell;

use wasm_bindgen::prelude::*;

use super::clock;
use crate::time::Instant;

/// Calls `handler` from now on when the user does something, at most once a second.
pub fn watch(handler: impl Fn() + 'static) {
    let Some(window) = super::window() else { return };
    let last = Cell::new(Instant::default());
    let acted = Closure::<dyn FnMut()>::new(move || {
        let now = clock::now();
        if now.saturating_duration_since(last.get()).as_secs() >= 1 {
            last.set(now);
            handler();
        }
    });
    let acted = acted.into_js_value();
    for event in ["keydown", "pointerdown", "pointermove", "wheel", "focus"] {
        // In the capturing phase, so that nobody on the page can hide it. It does not fail: these are known events.
        let _: Result<(), JsValue> =
            window.add_event_listener_with_callback_and_bool(event, acted.unchecked_ref(), true);
    }
}
