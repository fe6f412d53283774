//! The **chatviews** grouping where nothing is shown, and so no view is ever open. `www/views/` has the other one.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::error::wrong_argument;

/// The view of the open conversation with the address `jids`, or undefined; for an array the array of them.
#[wasm_bindgen(js_namespace = ["api", "chatviews"], js_name = get)]
pub fn get(jids: &JsValue) -> Result<JsValue, JsValue> {
    let view = |jid: &JsValue| match jid.is_string() {
        true => Ok(JsValue::UNDEFINED),
        false => Err(wrong_argument("chatviews.get: You need to provide at least one JID")),
    };
    match jids.dyn_ref::<Array>() {
        Some(jids) => Ok(jids.iter().map(|jid| view(&jid)).collect::<Result<Array, JsValue>>()?.into()),
        None => view(jids),
    }
}
