//! The **user.status** grouping: how the user can be reached, and what they say about it.

use wasm_bindgen::prelude::*;

use super::{calls::not_connected, error::wrong_argument, stanza::to_dom};
use crate::{
    driver,
    feature::{Context, presence},
    store::OwnStatus,
};

/// The user's status.
#[wasm_bindgen(js_namespace = ["api", "user", "status"], js_name = get)]
pub fn get() -> String {
    driver::peek(|client| client.store().status.show.to_owned())
}

/// Changes the user's status to `value`, and what they say about it to `message` if there is one. Others are told once.
#[wasm_bindgen(js_namespace = ["api", "user", "status"], js_name = set)]
pub fn set(value: &JsValue, message: &JsValue) -> Result<(), JsValue> {
    let show = value.as_string().and_then(|value| OwnStatus::show_of(&value));
    let show = show.ok_or_else(|| wrong_argument(INVALID_VALUE))?;
    let message = match message {
        message if message.is_undefined() || message.is_null() => None,
        message => Some(text(message, "user.status.set: the message must be a string")?),
    };
    with_context(|context| presence::set_status(context, show, message.as_deref()))
}

/// What the user says about their status; undefined if that is nothing.
#[wasm_bindgen(js_namespace = ["api", "user", "status", "message"], js_name = get)]
pub fn get_message() -> Option<String> {
    driver::peek(|client| client.store().status.message.clone())
}

/// Changes what the user says about their status; an empty text is nothing.
#[wasm_bindgen(js_namespace = ["api", "user", "status", "message"], js_name = set)]
pub fn set_message(message: &JsValue) -> Result<(), JsValue> {
    let message = text(message, "user.status.message.set: the message must be a string")?;
    with_context(|context| presence::set_message(context, &message))
}

/// The presence that tells the user's status, or with `show` and `message` another one.
#[wasm_bindgen(js_namespace = ["core"], js_name = presence)]
pub fn own_presence(show: Option<String>, message: Option<String>) -> Result<web_sys::Element, JsValue> {
    let presence = driver::with(|client, now| {
        client.in_context(now, |context| context.own_presence(show.as_deref(), message.as_deref()))
    });
    to_dom(&presence.ok_or_else(not_connected)?)
}

fn with_context(work: impl FnOnce(&mut Context<'_>)) -> Result<(), JsValue> {
    driver::with(|client, now| client.in_context(now, work)).ok_or_else(not_connected)
}

fn text(value: &JsValue, what: &str) -> Result<String, JsValue> {
    value.as_string().ok_or_else(|| wrong_argument(what))
}

const INVALID_VALUE: &str = "user.status.set: the value must be online, chat, away, xa, dnd, unavailable or offline";
