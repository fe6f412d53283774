//! Values of attributes between the core and JavaScript.

use std::rc::Rc;

use js_sys::{Array, Object};
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
        Value::Map(entries) => {
            let object = Object::new();
            entries.iter().for_each(|(name, value)| js::define(&object, name, &to_js(value)));
            object.into()
        }
    }
}

/// The attributes as an object.
pub(super) fn attributes_to_js(attributes: &Attributes) -> Object {
    let object = Object::new();
    attributes.iter().for_each(|(name, value)| js::define(&object, name, &to_js(value)));
    object
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
        return Some(Value::List(array.iter().map(|item| from_js(&item, depth + 1).unwrap_or(Value::Null)).collect()));
    }
    if !js::is_plain_object(value) {
        return None;
    }
    let entry = |name: String| Some((Rc::from(name.as_str()), from_js(&js::get(value, &name), depth + 1)?));
    Some(Value::Map(js::keys(value.unchecked_ref()).into_iter().filter_map(entry).collect()))
}
