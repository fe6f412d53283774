//! The **settings** grouping. The values live on `_converse` itself, where plugins also read them.

use std::time::Duration;

use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;

use super::{
    error::{string_argument, wrong_argument},
    js,
    page::{Page, page},
};
use crate::{
    driver,
    settings::{SETTINGS, Value},
};

/// Adds settings, or gives settings that are there new defaults; what the user passed to `initialize` goes before.
#[wasm_bindgen(js_namespace = ["api", "settings"], js_name = update)]
pub fn update(settings: &JsValue) -> Result<(), JsValue> {
    let settings: &Object =
        settings.dyn_ref().ok_or_else(|| wrong_argument("settings.update: the settings must be an object"))?;
    let page = page()?;
    page.update_settings(settings);
    page.apply_settings();
    Ok(())
}

/// The value of the setting `key`; undefined if there is no such setting.
#[wasm_bindgen(js_namespace = ["api", "settings"], js_name = get)]
pub fn get(key: &JsValue) -> Result<JsValue, JsValue> {
    let key = string_argument(key, "settings.get: the key must be a string")?;
    let page = page()?;
    Ok(if js::has_own(&page.default_settings, &key) { page.setting(&key) } else { JsValue::UNDEFINED })
}

/// Sets one setting, or all those in an object. Settings that do not exist are left out.
#[wasm_bindgen(js_namespace = ["api", "settings"], js_name = set)]
pub fn set(key: &JsValue, value: &JsValue) -> Result<(), JsValue> {
    let page = page()?;
    if let Some(key) = key.as_string() {
        page.change_setting(&key, value);
    } else if let Some(settings) = key.dyn_ref::<Object>() {
        js::keys(settings).iter().for_each(|key| page.change_setting(key, &js::get(settings, key)));
    } else {
        return Err(wrong_argument("settings.set: the first argument must be a setting's name or an object"));
    }
    page.apply_settings();
    Ok(())
}

impl Page {
    /// The value of a setting.
    pub(super) fn setting(&self, key: &str) -> JsValue {
        js::get(&self.converse, key)
    }

    /// The value of a setting that must be a text to mean anything.
    pub(super) fn text_setting(&self, key: &str) -> Option<String> {
        self.setting(key).as_string().filter(|text| !text.is_empty())
    }

    /// Whether a setting is switched on.
    pub(super) fn is_set(&self, key: &str) -> bool {
        self.setting(key).is_truthy()
    }

    /// The value of a setting that is a number; some write it as a text.
    pub(super) fn number_setting(&self, key: &str) -> Option<f64> {
        let value = self.setting(key);
        value.as_f64().or_else(|| value.as_string()?.trim().parse::<i32>().ok().map(f64::from))
    }

    /// The time in a setting that is a number of seconds; none if it is zero or less.
    pub(super) fn seconds_setting(&self, key: &str) -> Option<Duration> {
        let seconds = self.number_setting(key).filter(|seconds| *seconds > 0.0)?;
        Some(Duration::from_secs(seconds as u64))
    }

    /// Whether the device is the user's own, so that a key to the account may lie on it.
    pub(super) fn is_trusted(&self) -> bool {
        self.is_set("trusted") && self.text_setting("trusted").as_deref() != Some("off")
    }

    /// Takes in what the user says of the device. On one that is not the user's own nothing is kept from now on, not even for
    /// a reload, and what was kept is taken out.
    pub(super) fn trust_device(&self, trusted: bool) {
        js::set(&self.converse, "trusted", &trusted.into());
        driver::set_stores(trusted && self.is_set("keepalive"));
        if !trusted {
            driver::with(|client, now| client.log_out(now));
        }
    }

    /// Takes the defaults of `settings` in, and what the user says about them.
    pub(super) fn update_settings(&self, settings: &Object) {
        merge(&self.default_settings, settings);
        merge(&self.converse, settings);
        for key in js::keys(settings) {
            let given = js::get(&self.user_settings, &key);
            if js::has_own(&self.user_settings, &key) && self.is_fit(&key, &given) {
                assign(&self.converse, &key, &js::get(settings, &key), &given);
            }
        }
    }

    fn change_setting(&self, key: &str, value: &JsValue) {
        if js::has_own(&self.default_settings, key) {
            js::set(&self.converse, key, value);
        }
    }

    /// Has the core work by what the settings say now.
    fn apply_settings(&self) {
        let options = self.options();
        driver::with(|client, _| client.set_options(options));
    }
}

/// The settings of this library with their defaults.
pub(super) fn defaults() -> Object {
    let defaults = Object::new();
    for setting in SETTINGS {
        js::set(&defaults, setting.name, &value(setting.default));
    }
    defaults
}

fn value(default: Value) -> JsValue {
    match default {
        Value::None => JsValue::UNDEFINED,
        Value::Bool(value) => value.into(),
        Value::Number(value) => value.into(),
        Value::Text(value) => value.into(),
        Value::List => Array::new().into(),
        Value::Map => Object::new().into(),
        Value::Switches(switches) => {
            let object = Object::new();
            switches.iter().for_each(|(name, on)| js::set(&object, name, &(*on).into()));
            object.into()
        }
    }
}

/// Copies what is in `from` into `into`, objects into objects, so that neither sees changes of the other.
fn merge(into: &Object, from: &Object) {
    for key in js::keys(from).into_iter().filter(|key| !is_prototype_key(key)) {
        let (old, new) = (js::get(into, &key), js::get(from, &key));
        if !js::is_plain_object(&new) {
            js::set(into, &key, &new);
        } else if js::is_plain_object(&old) {
            merge(old.unchecked_ref(), new.unchecked_ref());
        } else {
            let copy = Object::new();
            merge(&copy, new.unchecked_ref());
            js::set(into, &key, &copy);
        }
    }
}

/// Sets `object[key]` to what the user wants. Of an object only those keys count that the default has, if it has any.
fn assign(object: &Object, key: &str, default: &JsValue, wanted: &JsValue) {
    if !js::is_plain_object(default) || !js::is_plain_object(wanted) {
        return js::set(object, key, wanted);
    }
    let (target, wanted): (JsValue, &Object) = (js::get(object, key), wanted.unchecked_ref());
    if js::keys(default.unchecked_ref()).is_empty() {
        return merge(target.unchecked_ref(), wanted);
    }
    for key in js::keys(wanted) {
        if js::has_own(default.unchecked_ref(), &key) {
            assign(target.unchecked_ref(), &key, &js::get(default, &key), &js::get(wanted, &key));
        }
    }
}

/// Whether writing `key` could reach beyond the object it is written to.
fn is_prototype_key(key: &str) -> bool {
    matches!(key, "__proto__" | "constructor" | "prototype")
}
