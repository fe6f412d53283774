//! Promises of what the core is to find out or do.

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

use super::{
    error::{connection_error, error, send_error},
    js,
    page::{Deferred, Page, page},
    stanza::to_dom,
    value::to_js,
};
use crate::{
    client::{Call, Client, Outcome},
    driver,
    time::Instant,
};

/// What the page waits for.
#[derive(Default)]
pub(super) struct Calls {
    last: u32,
    open: Vec<(Call, Deferred, Then, Array)>,
}

/// Makes what the promise resolves with of what came of the call. An error rejects it.
pub(super) type Then = Box<dyn FnOnce(&Page, Outcome) -> Result<JsValue, JsValue>>;

/// Starts something with the core. The promise settles with its outcome, in the API's words.
pub(super) fn call(start: impl FnOnce(&mut Client, Instant, Call)) -> Promise {
    call_then(start, Box::new(|page, outcome| page.result_of(outcome)))
}

/// The same; `then` makes the result.
pub(super) fn call_then(start: impl FnOnce(&mut Client, Instant, Call), then: Then) -> Promise {
    let page = match page() {
        Ok(page) => page,
        Err(error) => return Promise::reject(&error),
    };
    let deferred = Deferred::new();
    let call = {
        let mut calls = page.calls.borrow_mut();
        calls.last = calls.last.wrapping_add(1);
        let call = Call(calls.last);
        let kept = Array::of2(&"call".into(), deferred.on_failure());
        page.kept.add(&kept);
        calls.open.push((call, deferred.clone(), then, kept));
        call
    };
    driver::with(|client, now| start(client, now, call));
    deferred.promise
}

/// The promise of what `then` makes of what `promise` resolves with.
pub(super) fn after(promise: &Promise, then: impl FnOnce(JsValue) -> JsValue + 'static) -> Promise {
    let then: Box<dyn FnOnce(JsValue) -> JsValue> = Box::new(then);
    let next = js::function(promise, "then").and_then(|next| next.call1(promise, &Closure::once_into_js(then)).ok());
    next.and_then(|next| next.dyn_into().ok()).unwrap_or_else(|| promise.clone())
}

impl Page {
    /// Settles the promise of a call.
    pub(super) fn handle_finished(&self, call: Call, outcome: Outcome) {
        let open = {
            let mut calls = self.calls.borrow_mut();
            let at = calls.open.iter().position(|(other, ..)| *other == call);
            at.map(|at| calls.open.remove(at))
        };
        let Some((_, deferred, then, kept)) = open else { return };
        self.kept.delete(&kept);
        match then(self, outcome) {
            Ok(value) => deferred.resolve_with(&value),
            Err(error) => deferred.reject(&error),
        }
    }

    /// What came of a call, as the API has it: a refusal is the stanza that says so.
    pub(super) fn result_of(&self, outcome: Outcome) -> Result<JsValue, JsValue> {
        match outcome {
            Outcome::Done => Ok(JsValue::UNDEFINED),
            Outcome::Stanza(stanza) => to_dom(&stanza).map(Into::into),
            Outcome::Entity(key) => Ok(self.handle_of(&key)),
            Outcome::Value(value) => Ok(to_js(&value)),
            Outcome::Archived { messages, .. } => {
                let messages = messages.iter().map(|message| to_dom(message).map(JsValue::from));
                Ok(messages.collect::<Result<Array, JsValue>>()?.into())
            }
            Outcome::Refused(stanza) => Err(to_dom(&stanza).map_or_else(|error| error, Into::into)),
            Outcome::Unsupported => Err(error("PubSubError", "unsupported", UNSUPPORTED)),
            Outcome::Failed(cause) => Err(connection_error(&cause)),
            Outcome::Unsent(cause) => Err(send_error(cause)),
            Outcome::TimedOut => Err(error("TimeoutError", "timed-out", "nobody answered in time")),
            Outcome::Disconnected => Err(not_connected()),
        }
    }
}

/// There is no session to ask over.
pub(super) fn not_connected() -> JsValue {
    error("SendError", "not-connected", "there is no connection to the server")
}

const UNSUPPORTED: &str = "the server cannot keep this as it must be kept, and so it was not published";
