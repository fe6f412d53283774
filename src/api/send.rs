//! **send**: stanzas that a plugin made.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::{error::send_error, page::page};
use crate::{driver, xml::ns};

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
