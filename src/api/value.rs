//! Values of attributes between the core and JavaScript.

use std::rc::Rc;

use js_sys::{Array, JSON, Object};
use wasm_bindgen::prelude::*;

use super::js;
use crate::store::{Attributes, Value};

/// The deepest value that is taken from JavaScript: an object may hold itself.
const MAX_DEPTH: u32 = 16;

/// The value as JavaScript has it.
pub(super) fn to_js(value: &Value) -> JsValue {
    match value {
        Value::Undefined => JsValue::UNDEFINED,
        Value::Null => JsValue::NULL,
        Value::Bool(value) => (*value).into(),
        Value::Number(number) => (*number).into(),
        Value::Text(text) => JsValue::from_str(text),
        Value::List(values) => values.iter().map(to_js).collect::<Array>().into(),
        Value::Map(entries) => object(entries.iter().map(|(name, value)| (&**name, value))).into(),
    }
}

/// The attributes as an object.
pub(super) fn attributes_to_js(attributes: &Attributes) -> Object {
    object(attributes.iter())
}

/// An object with these properties. They cross over as one text: each alone would cost more than the browser needs to read
/// all of it.
fn object<'v>(entries: impl Iterator<Item = (&'v str, &'v Value)>) -> Object {
    let mut json = String::from("{");
    let mut others = Vec::new();
    for (name, value) in entries {
        let end = json.len();
        if end > 1 {
            json.push(',');
        }
        write_text(&mut json, name);
        json.push(':');
        if !write(&mut json, value) {
            json.truncate(end);
            others.push((name, value));
        }
    }
    json.push('}');
    let object: Object = JSON::parse(&json).unwrap_or_default().unchecked_into();
    others.into_iter().for_each(|(name, value)| js::define(&object, name, &to_js(value)));
    object
}

/// Adds `value` as JSON, if JSON can hold it; what stands there if not is of no use.
fn write(json: &mut String, value: &Value) -> bool {
    match value {
        Value::Undefined => return false,
        Value::Null => json.push_str("null"),
        Value::Bool(value) => json.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => {
            // Almost all are whole; how to write others, JavaScript knows.
            let whole = *number as i64;
            if whole as f64 != *number {
                return false;
            }
            json.push_str(&whole.to_string());
        }
        Value::Text(text) => write_text(json, text),
        Value::List(values) => {
            for (n, value) in values.iter().enumerate() {
                json.push(if n == 0 { '[' } else { ',' });
                if !write(json, value) {
                    return false;
                }
            }
            json.push_str(if values.is_empty() { "[]" } else { "]" });
        }
        Value::Map(entries) => {
            for (n, (name, value)) in entries.iter().enumerate() {
                json.push(if n == 0 { '{' } else { ',' });
                write_text(json, name);
                json.push(':');
                if !write(json, value) {
                    return false;
                }
            }
            json.push_str(if entries.is_empty() { "{}" } else { "}" });
        }
    }
    true
}

/// Adds `text` as JSON (RFC 8259 §7).
fn write_text(json: &mut String, text: &str) {
    json.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => json.extend(['\\', c]),
            '\0'..='\x1F' => {
                json.push_str("\\u00");
                json.extend([c as u32 >> 4, c as u32 & 15].map(|digit| char::from_digit(digit, 16).unwrap_or('0')));
            }
            c => json.push(c),
        }
    }
    json.push('"');
}

/// The attributes in an object. What JSON could not hold is left out: it stays with whoever has the handle.
pub(super) fn attributes_from_js(object: &Object) -> Attributes {
    let mut attributes = Attributes::default();
    for name in js::keys(object) {
        if let Some(value) = from_js(&js::get(object, &name), 0) {
            attributes.set(name.as_str(), value);
        }
    }
    attributes
}

pub(super) fn from_js(value: &JsValue, depth: u32) -> Option<Value> {
    if let Some(text) = value.as_string() {
        return Some(Value::from(text));
    }
    if let Some(number) = value.as_f64() {
        return Some(Value::Number(number));
    }
    if let Some(value) = value.as_bool() {
        return Some(Value::Bool(value));
    }
    if value.is_undefined() {
        return Some(Value::Undefined);
    }
    if value.is_null() {
        return Some(Value::Null);
    }
    if depth > MAX_DEPTH {
        return None;
    }
    if let Some(array) = value.dyn_ref::<Array>() {
        return Some(Value::List(
            array.iter().map(|item| from_js(&item, depth.saturating_add(1)).unwrap_or(Value::Null)).collect(),
        ));
    }
    if !js::is_plain_object(value) {
        return None;
    }
    let entry =
        |name: String| Some((Rc::from(name.as_str()), from_js(&js::get(value, &name), depth.saturating_add(1))?));
    Some(Value::Map(js::keys(value.unchecked_ref()).into_iter().filter_map(entry).collect()))
}
