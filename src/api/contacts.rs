//! The **contacts** grouping.

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

use super::{
    calls::{call, not_connected},
    error::{optional_argument, wrong_argument},
    page::{Page, page},
};
use crate::{
    driver,
    feature::roster::{self, Wanted},
    jid::{BareJid, Jid},
    store::{Key, Kind},
};

/// The contact with the address `jids`, or null; for an array the array of them; without argument all contacts.
#[wasm_bindgen(js_namespace = ["api", "contacts"], js_name = get)]
pub fn get(jids: &JsValue) -> Result<JsValue, JsValue> {
    let page = page()?;
    if jids.is_undefined() {
        let all = driver::peek(|client| client.store().ids(Kind::Contact, ""));
        let all = all.into_iter().map(|jid| page.handle_of(&Key::new(Kind::Contact, jid)));
        return Ok(all.collect::<Array>().into());
    }
    match jids.dyn_ref::<Array>() {
        Some(jids) => Ok(jids.iter().map(|jid| find(&page, &jid)).collect::<Result<Array, _>>()?.into()),
        None => find(&page, jids),
    }
}

/// Puts somebody into the roster under `name`, or their address, and asks to see their presence. The promise resolves
/// with the contact; a refusal of the server rejects it with its stanza.
#[wasm_bindgen(js_namespace = ["api", "contacts"], js_name = add)]
pub fn add(jid: &JsValue, name: &JsValue) -> Result<Promise, JsValue> {
    let invalid = || wrong_argument("contacts.add: invalid jid");
    let jid = jid.as_string().and_then(|jid| BareJid::new(jid.trim()).ok()).ok_or_else(invalid)?;
    if jid.local().is_none() {
        return Err(invalid());
    }
    let name = optional_argument(name, "contacts.add: the name must be a string")?;
    if !driver::peek(|client| client.is_connected()) {
        return Ok(Promise::reject(&not_connected()));
    }
    let name = name.filter(|name| !name.is_empty()).unwrap_or_else(|| jid.as_str().to_owned());
    Ok(call(|client, now, call| {
        let wanted = Wanted { jid, name: Some(name), groups: Vec::new(), subscribe: Some(None) };
        client.in_context(now, |context| roster::add(context, call, wanted));
    }))
}

fn find(page: &Page, jid: &JsValue) -> Result<JsValue, JsValue> {
    let jid = jid.as_string().and_then(|jid| Jid::new(&jid).ok());
    let jid = jid.ok_or_else(|| wrong_argument("contacts.get: the jid must be an XMPP address"))?;
    let known = driver::peek(|client| client.store().contacts.get(jid.bare()).is_some());
    Ok(if known { page.handle_of(&Key::of_jid(Kind::Contact, jid.bare())) } else { JsValue::NULL })
}
