//! **send**: stanzas that a plugin made.

use std::time::Duration;

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

use super::{
    calls::call,
    error::{send_error, wrong_argument},
    page::{Page, page},
};
use crate::{
    driver,
    session::DEFAULT_TIMEOUT,
    xml::{Element, ns},
};

/// Sends a stanza: a builder, an element, a text of XML, or an array of these. Nothing is sent unless all can be read.
#[wasm_bindgen(js_namespace = ["api"], js_name = send)]
pub fn send(stanza: &JsValue) -> Result<(), JsValue> {
    let page = page()?;
    if stanza.is_null() || stanza.is_undefined() {
        return Ok(());
    }
    let stanzas: Vec<JsValue> = match stanza.dyn_ref::<Array>() {
        Some(stanzas) => stanzas.iter().collect(),
        None => vec![stanza.clone()],
    };
    let elements = stanzas.iter().map(|stanza| page.read_stanza(stanza)).collect::<Result<Vec<_>, _>>()?;
    for element in elements {
        let id = element.attribute("id").filter(|_| element.is("message", &ns::CLIENT)).map(str::to_owned);
        driver::with(|client, now| client.send(now, element)).map_err(send_error)?;
        if let Some(id) = id {
            page.tell_delivery(&id, "pending", None);
        }
    }
    page.trigger("send", &Array::of1(stanza));
    Ok(())
}

/// Sends a request and promises its answer: the result, or as a rejection the error that came in its place, or that
/// nobody answered within `timeout` milliseconds. It gets an id if it has none.
#[wasm_bindgen(js_namespace = ["api"], js_name = sendIQ)]
pub fn send_iq(stanza: &JsValue, timeout: &JsValue) -> Result<Promise, JsValue> {
    let page = page()?;
    let promise = request(&page, stanza, timeout)?;
    page.trigger("send", &Array::of1(stanza));
    Ok(promise)
}

/// The same without telling of it.
pub(super) fn request(page: &Page, stanza: &JsValue, timeout: &JsValue) -> Result<Promise, JsValue> {
    let timeout = match timeout.as_f64() {
        None if timeout.is_undefined() || timeout.is_null() => DEFAULT_TIMEOUT,
        Some(milliseconds) if milliseconds > 0.0 && milliseconds < f64::from(u32::MAX) => {
            Duration::from_millis(milliseconds as u64)
        }
        _ => return Err(wrong_argument("sendIQ: the timeout must be a number of milliseconds")),
    };
    let mut iq = page.read_stanza(stanza)?;
    if !is_request(&iq) {
        return Err(wrong_argument("sendIQ: the stanza must be an iq of type get or set"));
    }
    Ok(call(|client, now, call| {
        if iq.attribute("id").is_none_or(str::is_empty) {
            iq.set_attribute("id", client.random_id());
        }
        client.request(now, iq, timeout, call);
    }))
}

fn is_request(stanza: &Element) -> bool {
    stanza.is("iq", &ns::CLIENT) && matches!(stanza.attribute("type"), Some("get" | "set"))
}
