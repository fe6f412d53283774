//! The **connection** grouping.

use js_sys::Object;
use wasm_bindgen::prelude::*;

use super::{js, login::abort_lookup, page::page};
use crate::driver;

/// Ends the connection. It was asked for, so it stays ended.
#[wasm_bindgen(js_namespace = ["api", "connection"], js_name = disconnect)]
pub fn disconnect() {
    if let Ok(page) = page() {
        abort_lookup(&page);
    }
    driver::with(|client, now| client.log_out(now));
}

/// Milliseconds until a connection that was lost is tried to be made again; undefined if none waits for that.
#[wasm_bindgen(js_namespace = ["core"], js_name = nextAttempt)]
pub fn next_attempt() -> Option<f64> {
    let due = driver::peek(|client| client.next_attempt())?;
    Some(due.saturating_duration_since(driver::now()).as_millis() as f64)
}

/// Makes such a connection again at once.
#[wasm_bindgen(js_namespace = ["core"], js_name = connectNow)]
pub fn connect_now() {
    driver::with(|client, now| client.check_link(now));
}

/// Gives `connection` its attribute `connected`.
pub(super) fn define_connected(connection: &Object) {
    js::define_getter(connection, "connected", || driver::peek(|client| client.is_connected()).into());
}
