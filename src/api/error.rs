//! Errors as JavaScript has them: an `Error` with a `name`, a `code` for programs and a message for people.

use js_sys::{Error, TypeError};
use wasm_bindgen::prelude::*;

use super::js;
use crate::session::{ConnectionError, SendError};

/// A call that cannot be right, whatever the server does: `what` names the argument and what it must be.
pub(super) fn wrong_argument(what: &str) -> JsValue {
    TypeError::new(what).into()
}

/// An error of this library.
pub(super) fn error(name: &str, code: &str, message: &str) -> JsValue {
    let error: JsValue = Error::new(message).into();
    js::set(&error, "name", &JsValue::from_str(name));
    js::set(&error, "code", &JsValue::from_str(code));
    error
}

/// Settings that do not suffice, or contradict each other.
pub(super) fn configuration_error(code: &str, message: &str) -> JsValue {
    error("ConfigurationError", code, message)
}

/// There is no session.
pub(super) fn connection_error(cause: &ConnectionError) -> JsValue {
    let error = error("ConnectionError", cause.code(), &cause.to_string());
    if let Some(condition) = cause.condition() {
        js::set(&error, "condition", &JsValue::from_str(condition));
    }
    error
}

/// There is no session, because somebody ended it before it was one.
pub(super) fn login_aborted() -> JsValue {
    error("ConnectionError", "aborted", "the connection was ended before the log-in was done")
}

/// A stanza was not sent.
pub(super) fn send_error(cause: SendError) -> JsValue {
    error("SendError", cause.code(), &cause.to_string())
}

/// The text in `value`, or a `TypeError` that says `what`.
pub(super) fn string_argument(value: &JsValue, what: &str) -> Result<String, JsValue> {
    value.as_string().filter(|text| !text.is_empty()).ok_or_else(|| wrong_argument(what))
}

/// The text in `value` if there is one, or a `TypeError` that says `what`.
pub(super) fn optional_argument(value: &JsValue, what: &str) -> Result<Option<String>, JsValue> {
    match value.as_string() {
        None if !value.is_undefined() && !value.is_null() => Err(wrong_argument(what)),
        text => Ok(text),
    }
}
