//! Making an account: what the log-in form leads to.

use std::{cell::RefCell, rc::Rc};

use js_sys::{Array, Object, Promise};
use wasm_bindgen::prelude::*;

use super::{
    calls::call_then,
    error::{configuration_error, error, wrong_argument},
    js,
    login::find_endpoint,
    lookup::{Lookup, Stop},
    page::{Deferred, Page, page},
    stanza::to_dom,
};
use crate::{
    client::{Client, Outcome},
    driver,
    jid::BareJid,
};

/// A promise of what the server of `domain` wants to know of somebody who would have an account there. It is rejected with a
/// `ConnectionError`, or, where the server makes no accounts in this way, a `RegistrationError`.
#[wasm_bindgen(js_namespace = ["core"], js_name = registrationForm)]
pub fn registration_form(domain: &str) -> Result<Promise, JsValue> {
    let invalid = |_| wrong_argument("registrationForm: this is no domain");
    let domain = BareJid::new(domain).map_err(invalid)?.domain().to_owned();
    let page = page()?;
    let lookup = Lookup { given: None, deferred: Deferred::new(), goes_on: false, answers: RefCell::default() };
    let lookup = Rc::new(lookup);
    let promise = lookup.deferred.promise.clone();
    ask(&page, lookup, domain);
    Ok(promise)
}

/// Sends the answers, an object with texts or arrays of texts. The promise resolves when the account is there, and is
/// rejected with a `RegistrationError` if the server did not like the answers.
#[wasm_bindgen(js_namespace = ["core"])]
pub fn register(answers: &Object) -> Promise {
    let texts = |value: JsValue| match value.dyn_ref::<Array>() {
        Some(values) => values.iter().filter_map(|value| value.as_string()).collect(),
        None => value.as_string().into_iter().collect::<Vec<_>>(),
    };
    let keys = js::keys(answers).into_iter();
    let answers: Vec<_> = keys.map(|name| (name.clone(), texts(js::get(answers, &name)))).collect();
    call_then(move |client, now, call| client.register(now, &answers, call), Box::new(result))
}

/// Gives up what was begun.
#[wasm_bindgen(js_namespace = ["core"], js_name = stopRegistering)]
pub fn stop_registering() {
    driver::with(Client::stop_registering);
}

/// Finds out where the server listens, and asks it there.
fn ask(page: &Rc<Page>, lookup: Rc<Lookup>, domain: String) {
    let question = match find_endpoint(page, &lookup, &domain) {
        Err(Stop::Asks(question)) => question,
        Err(Stop::Failed(error)) => return lookup.deferred.reject(&error),
        Ok(endpoint) if !endpoint.is_confidential() && !page.is_set("allow_plaintext_authentication") => {
            return lookup
                .deferred
                .reject(&configuration_error("insecure-channel", "a password would be sent readably"));
        }
        Ok(endpoint) => {
            let start = move |client: &mut Client, now, call| client.ask_to_register(now, &endpoint, domain, call);
            return lookup.deferred.resolve_with(&call_then(start, Box::new(result)));
        }
    };
    let asking = page.clone();
    page.ask(&question, move |answer| {
        lookup.answers.borrow_mut().push(answer);
        ask(&asking, lookup, domain);
    });
}

fn result(page: &Page, outcome: Outcome) -> Result<JsValue, JsValue> {
    let Outcome::Refused(stanza) = &outcome else { return page.result_of(outcome) };
    let refusal = error("RegistrationError", "refused", "the server refused to make an account");
    js::set(&refusal, "stanza", &to_dom(stanza)?.into());
    Err(refusal)
}
