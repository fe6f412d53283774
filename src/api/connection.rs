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

/// Gives `connection` its attribute `connected`.
pub(super) fn define_connected(connection: &Object) {
    js::define_getter(connection, "connected", || driver::peek(|client| client.is_connected()).into());
}
