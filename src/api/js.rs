//! JavaScript values, read and written.

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = reportError)]
    fn report(error: &JsValue) -> Result<(), JsValue>;
}

/// Hands an exception to the page as if it had been thrown in an event listener: `window.onerror` sees it.
pub(super) fn report_error(error: &JsValue) {
    // Older browsers do not have it, and pages put functions of their own in the place of the browser's.
    let _: Result<(), JsValue> = report(error);
}

/// `object[key]`; undefined where there is no such property, or reading it throws.
pub(super) fn get(object: &JsValue, key: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(key)).unwrap_or_default()
}

/// `object[key] = value`.
pub(super) fn set(object: &JsValue, key: &str, value: &JsValue) {
    // Fails on frozen objects and the like, which are nobody's but the page's.
    let _: Result<bool, JsValue> = Reflect::set(object, &JsValue::from_str(key), value);
}

/// The same on an object of our own making, whatever the key is: `__proto__` is a name like any other (ECMAScript §7.3.5).
pub(super) fn define(object: &Object, key: &str, value: &JsValue) {
    let name = JsValue::from_str(key);
    if key == "__proto__" {
        let descriptor = Object::new();
        for (name, value) in [("value", value), ("writable", &JsValue::TRUE), ("enumerable", &JsValue::TRUE)] {
            set(&descriptor, name, value);
        }
        let _: Result<bool, JsValue> = Reflect::define_property(object, &name, &descriptor);
        return;
    }
    let _: Result<bool, JsValue> = Reflect::set(object, &name, value);
}

/// A property that is computed whenever it is read.
pub(super) fn define_getter(object: &Object, key: &str, getter: impl Fn() -> JsValue + 'static) {
    let descriptor = Object::new();
    set(&descriptor, "get", &Closure::<dyn Fn() -> JsValue>::new(getter).into_js_value());
    set(&descriptor, "configurable", &JsValue::TRUE);
    set(&descriptor, "enumerable", &JsValue::TRUE);
    let _: Result<bool, JsValue> = Reflect::define_property(object, &JsValue::from_str(key), &descriptor);
}

/// `object[key]` if that is a function.
pub(super) fn function(object: &JsValue, key: &str) -> Option<Function> {
    get(object, key).dyn_into().ok()
}

/// The same of an object of the loader's, which has it. What it would be if not throws when it is called; the default that
/// `js_sys` knows is made with `new Function`, which a Content-Security-Policy forbids.
pub(super) fn own_function(object: &JsValue, key: &str) -> Function {
    function(object, key).unwrap_or_else(|| JsValue::UNDEFINED.unchecked_into())
}

/// Whether `object` itself, not its prototype, has the property `key`.
pub(super) fn has_own(object: &Object, key: &str) -> bool {
    Object::has_own(object, &JsValue::from_str(key))
}

/// Whether `value` is an object in braces: neither an array nor an instance of anything.
pub(super) fn is_plain_object(value: &JsValue) -> bool {
    let Some(object) = value.dyn_ref::<Object>() else { return false };
    let prototype = Object::get_prototype_of(object);
    prototype.is_null() || Object::get_prototype_of(&prototype).is_null()
}

/// The texts in `value`, if it is an array; others in it are left out.
pub(super) fn strings(value: &JsValue) -> Vec<String> {
    match value.dyn_ref::<Array>() {
        Some(array) => array.iter().filter_map(|item| item.as_string()).collect(),
        None => Vec::new(),
    }
}

/// The property names of `object` itself.
pub(super) fn keys(object: &Object) -> Vec<String> {
    strings(&Object::keys(object))
}
