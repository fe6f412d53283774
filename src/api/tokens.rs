//! The **tokens** grouping.

use wasm_bindgen::prelude::*;

use super::{error::wrong_argument, page::page};
use crate::driver;

/// The next request id (`rid`) or the session id (`sid`) of BOSH; undefined over WebSocket. Null unless the setting
/// `expose_rid_and_sid` is on and there is a session.
#[wasm_bindgen(js_namespace = ["api", "tokens"], js_name = get)]
pub fn get(id: &JsValue) -> Result<JsValue, JsValue> {
    if !page()?.is_set("expose_rid_and_sid") || !driver::peek(|client| client.is_connected()) {
        return Ok(JsValue::NULL);
    }
    let id = id.as_string().ok_or_else(|| wrong_argument("tokens.get: the argument must be \"rid\" or \"sid\""))?;
    let tokens = driver::peek(|client| client.bosh_tokens());
    Ok(match tokens {
        Some((sid, _)) if id.eq_ignore_ascii_case("sid") => sid.into(),
        Some((_, rid)) if id.eq_ignore_ascii_case("rid") => JsValue::from_f64(rid as f64),
        _ => JsValue::UNDEFINED,
    })
}
