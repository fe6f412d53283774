//! The **contacts** grouping.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::{error::wrong_argument, model::Model};
use crate::{
    driver,
    jid::{BareJid, Jid},
};

/// The contact with the address `jids`, or null; for an array the array of them; without argument all contacts.
#[wasm_bindgen(js_namespace = ["api", "contacts"], js_name = get)]
pub fn get(jids: &JsValue) -> Result<JsValue, JsValue> {
    if jids.is_undefined() {
        let all: Vec<BareJid> = driver::peek(|client| client.contacts().iter().map(|c| c.jid.clone()).collect());
        return Ok(all.into_iter().map(|jid| JsValue::from(Model::contact(jid))).collect::<Array>().into());
    }
    match jids.dyn_ref::<Array>() {
        Some(jids) => Ok(jids.iter().map(|jid| find(&jid)).collect::<Result<Array, _>>()?.into()),
        None => find(jids),
    }
}

fn find(jid: &JsValue) -> Result<JsValue, JsValue> {
    let jid = jid.as_string().and_then(|jid| Jid::new(&jid).ok());
    let jid = jid.ok_or_else(|| wrong_argument("contacts.get: the jid must be an XMPP address"))?;
    let known = driver::peek(|client| client.contacts().get(jid.bare()).is_some());
    Ok(if known { Model::contact(jid.bare().clone()).into() } else { JsValue::NULL })
}
