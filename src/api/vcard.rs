//! The **vcard** grouping: what people say about themselves.

use std::rc::Rc;

use js_sys::{Date, Object, Promise};
use wasm_bindgen::prelude::*;

use super::{
    calls::{after, call, call_then},
    disco::{address, ready},
    error::{optional_argument, wrong_argument},
    js,
    page::{Page, page},
    stanza::to_dom,
    value::attributes_from_js,
};
use crate::{
    client::Outcome,
    driver,
    feature::vcard::{self, entry, vcard_in},
    jid::{BareJid, Jid},
    stanza::payload::vcard::Changes,
    time::Timestamp,
    xml::Element,
};

/// A promise of the vCard of an address, or of a model's `jid` or `muc_jid`. An address is always asked for; a model
/// whose vCard is known only if `force` is true, otherwise the result is an empty object. A vCard that cannot be had is
/// an object with `vcard_error`.
#[wasm_bindgen(js_namespace = ["api", "vcard"], js_name = get)]
pub fn get(who: &JsValue, force: &JsValue) -> Result<Promise, JsValue> {
    let jid = jid_of(who).ok_or_else(|| wrong_argument("vcard.get: No JID to get vcard for!"))?;
    if !who.is_string() && !force.is_truthy() && is_known(who) {
        return Ok(Promise::resolve(&JsValue::from(Object::new())));
    }
    Ok(ready(move |_| {
        let asked = jid.clone();
        call_then(
            move |client, now, call| {
                client.in_context(now, |context| vcard::fetch(context, call, asked));
            },
            Box::new(move |page, outcome| result(page, &jid, outcome)),
        )
    }))
}

/// Changes a vCard, with `data` that has a `jid`, or with an address before it. What it does not name stays as it is. The
/// promise resolves with the server's answer, and a refusal rejects it.
#[wasm_bindgen(js_namespace = ["api", "vcard"], js_name = set)]
pub fn set(jid: &JsValue, data: &JsValue) -> Result<Promise, JsValue> {
    let (jid, data) = if jid.is_object() { (js::get(jid, "jid"), jid) } else { (jid.clone(), data) };
    let jid = address(&jid).ok_or_else(|| wrong_argument("vcard.set: No jid provided for the VCard data"))?;
    if !data.is_object() {
        return Err(wrong_argument("vcard.set: the data must be an object"));
    }
    let text = |name| optional_argument(&js::get(data, name), &["vcard.set: the ", name, " must be a string"].concat());
    let changes = Changes {
        fullname: text("fn")?.or(text("fullname")?),
        nickname: text("nickname")?,
        url: text("url")?,
        role: text("role")?,
        email: text("email")?,
        image: text("image")?,
        image_type: text("image_type")?,
    };
    Ok(ready(move |_| {
        if is_neighbour(&jid) {
            return Promise::reject(&wrong_argument("vcard.set: the vCard of somebody else cannot be changed"));
        }
        call(move |client, now, call| {
            client.in_context(now, |context| vcard::set(context, call, jid, changes));
        })
    }))
}

/// Fetches a model's vCard as `get` does, and saves it as attributes of the model.
#[wasm_bindgen(js_namespace = ["api", "vcard"], js_name = update)]
pub fn update(model: &JsValue, force: &JsValue) -> Result<Promise, JsValue> {
    let save = js::function(model, "save").ok_or_else(|| wrong_argument("vcard.update: the model must be a model"))?;
    // A plugin may have put a function of its own there.
    let get = js::function(&js::get(&page()?.api, "vcard"), "get");
    let got = get.map_or_else(|| Ok(JsValue::UNDEFINED), |get| get.call2(&JsValue::UNDEFINED, model, force))?;
    let model = model.clone();
    Ok(after(&Promise::resolve(&got), move |vcard| {
        let attributes = Object::new();
        if let Some(vcard) = vcard.dyn_ref::<Object>() {
            for name in js::keys(vcard).iter().filter(|name| *name != "stanza") {
                js::define(&attributes, name, &js::get(vcard, name));
            }
        }
        match save.call1(&model, &attributes) {
            Ok(_) => JsValue::UNDEFINED,
            Err(exception) => Promise::reject(&exception).into(),
        }
    }))
}

/// Has the vCard of an address fetched when there is time, unless it is known. `false` if whose address it is will not be
/// asked.
#[wasm_bindgen(js_namespace = ["core"], js_name = wantVCard)]
pub fn want(jid: &str) -> bool {
    let Ok(jid) = BareJid::new(jid) else { return false };
    let wanted = driver::peek(|client| client.is_connected())
        .then(|| driver::with(|client, now| client.in_context(now, |context| vcard::want(context, &jid))));
    wanted.flatten().unwrap_or(true)
}

/// Takes in what a plugin knows of somebody, under the names of a vCard's attributes.
#[wasm_bindgen(js_namespace = ["core"], js_name = keepVCard)]
pub fn keep(jid: &str, attributes: &Object) {
    let Ok(jid) = BareJid::new(jid) else { return };
    let attributes = attributes_from_js(attributes);
    let _: Option<()> =
        driver::with(|client, now| client.in_context(now, |context| vcard::keep(context, &jid, &attributes)));
}

/// Whether this is another account of the user's server. ejabberd takes what is to be set there for the user's own.
fn is_neighbour(jid: &Jid) -> bool {
    let jid = jid.bare();
    let is_other = |me: &BareJid| me != jid && me.domain() == jid.domain() && jid.local().is_some();
    driver::peek(|client| client.jid().is_some_and(|me| is_other(me.bare())))
}

fn jid_of(who: &JsValue) -> Option<Jid> {
    if who.is_string() {
        return address(who);
    }
    ["jid", "muc_jid"].into_iter().find_map(|name| address(&attribute(who, name)))
}

/// Whether a model's vCard has been fetched, or could not be today.
fn is_known(model: &JsValue) -> bool {
    let fetched = attribute(model, "vcard_updated").is_truthy();
    let failed = attribute(model, "vcard_error").as_string();
    let today = String::from(Date::new_0().to_iso_string());
    fetched && failed.is_none_or(|failed| failed.get(..10) == today.get(..10))
}

fn attribute(model: &JsValue, name: &str) -> JsValue {
    let get = js::function(model, "get");
    get.and_then(|get| get.call1(model, &JsValue::from_str(name)).ok()).unwrap_or_default()
}

fn result(page: &Page, jid: &Jid, outcome: Outcome) -> Result<JsValue, JsValue> {
    let object = Object::new();
    let time = JsValue::from(Date::new_0().to_iso_string());
    let stanza: Option<Rc<Element>> = match outcome {
        Outcome::Stanza(iq) => {
            let Some(element) = vcard_in(&iq) else { return Ok(object.into()) };
            let vcard = entry(element, Timestamp::new(Date::now() as i64));
            for (name, text) in vcard.fields() {
                js::set(&object, name, &text.into());
            }
            Some(iq)
        }
        Outcome::Refused(iq) => {
            js::set(&object, "jid", &jid.as_str().into());
            js::set(&object, "vcard_error", &time);
            Some(iq)
        }
        Outcome::TimedOut => {
            js::set(&object, "jid", &jid.as_str().into());
            js::set(&object, "vcard_error", &time);
            None
        }
        other => return page.result_of(other),
    };
    if let Some(stanza) = stanza {
        js::set(&object, "stanza", &to_dom(&stanza)?.into());
    }
    Ok(object.into())
}
