//! What the handles of contacts do (`www/models/contact.ts`).

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::{
    calls::{call, not_connected},
    error::wrong_argument,
    js,
};
use crate::{
    driver,
    feature::{
        presence::subscriptions::{self, Word},
        roster::{self, Wanted},
    },
    jid::BareJid,
};

/// Tells somebody what the user says about a subscription; `word` is that of the method.
#[wasm_bindgen(js_namespace = ["core"], js_name = tellSubscription)]
pub fn tell_subscription(word: &str, jid: &str, message: Option<String>) -> Result<(), JsValue> {
    let word = match word {
        "subscribe" => Word::Subscribe,
        "authorize" => Word::Authorize,
        "unauthorize" => Word::Unauthorize,
        _ => Word::AckUnsubscribe,
    };
    let (jid, message) = (address(jid)?, message.filter(|message| !message.is_empty()));
    let told = driver::with(|client, now| {
        client.in_context(now, |context| subscriptions::tell(context, word, &jid, message.as_deref()))
    });
    told.ok_or_else(not_connected)
}

/// Puts somebody into the roster, or changes their name and groups. With `subscribe` they are asked to show their
/// presence, and told `message`.
#[wasm_bindgen(js_namespace = ["core"], js_name = setContact)]
pub fn set_contact(
    jid: &str,
    name: Option<String>,
    groups: &JsValue,
    subscribe: bool,
    message: Option<String>,
) -> Result<Promise, JsValue> {
    let subscribe = subscribe.then(|| message.filter(|message| !message.is_empty()));
    let name = name.filter(|name| !name.is_empty());
    let wanted = Wanted { jid: address(jid)?, name, groups: js::strings(groups), subscribe };
    Ok(when_connected(|| {
        call(|client, now, call| {
            client.in_context(now, |context| roster::add(context, call, wanted));
        })
    }))
}

/// Takes somebody out of the roster.
#[wasm_bindgen(js_namespace = ["core"], js_name = removeContact)]
pub fn remove_contact(jid: &str) -> Result<Promise, JsValue> {
    let jid = address(jid)?;
    Ok(when_connected(|| {
        call(|client, now, call| {
            client.in_context(now, |context| roster::remove(context, call, &jid));
        })
    }))
}

/// Asks for the roster once more.
#[wasm_bindgen(js_namespace = ["core"], js_name = fetchContacts)]
pub fn fetch_contacts() -> Promise {
    when_connected(|| {
        call(|client, now, call| {
            client.in_context(now, |context| roster::request(context, Some(call)));
        })
    })
}

/// What the server calls this state of the roster.
#[wasm_bindgen(js_namespace = ["core"], js_name = rosterVersion)]
pub fn roster_version() -> Option<String> {
    driver::peek(|client| client.store().contacts.version.clone())
}

/// The number of contacts who can be reached.
#[wasm_bindgen(js_namespace = ["core"], js_name = onlineContacts)]
pub fn online_contacts() -> usize {
    driver::peek(|client| client.store().online_contacts())
}

fn when_connected(ask: impl FnOnce() -> Promise) -> Promise {
    match driver::peek(|client| client.is_connected()) {
        true => ask(),
        false => Promise::reject(&not_connected()),
    }
}

fn address(jid: &str) -> Result<BareJid, JsValue> {
    BareJid::new(jid).map_err(|_| wrong_argument("the jid must be the address of a person"))
}
