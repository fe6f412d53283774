//! The **user** grouping: who is logged in, logging in and out.

use js_sys::{Object, Promise};
use wasm_bindgen::prelude::*;

use super::{
    error::{optional_argument, wrong_argument},
    js,
    login::{abort_lookup, log_in},
    page::{Page, page},
};
use crate::{driver, jid::FullJid};

/// The user's address with the resource of this client; an empty text before the log-in.
#[wasm_bindgen(js_namespace = ["api", "user"], js_name = jid)]
pub fn jid() -> String {
    driver::peek(|client| client.jid().map(|jid| jid.as_str().to_owned())).unwrap_or_default()
}

/// Logs in with `credentials`, an object with `jid` and `password` or `oauth_token`, or with what the settings say. `trusted`
/// in it takes the place of the setting. The promise is rejected with a `ConnectionError` if that fails, which the event
/// `disconnected` tells too, and with a `ConfigurationError` if there is nothing to log in with.
#[wasm_bindgen(js_namespace = ["api", "user"], js_name = login)]
pub fn login(credentials: &JsValue) -> Promise {
    let given = credentials.dyn_ref::<Object>();
    for key in ["jid", "password", "oauth_token"] {
        let wrong = ["user.login: the ", key, " must be a string"].concat();
        if let Err(wrong) = optional_argument(&js::get(credentials, key), &wrong) {
            return Promise::reject(&wrong);
        }
    }
    let login = if given.is_none() && !credentials.is_undefined() && !credentials.is_null() {
        Err(wrong_argument("user.login: the credentials must be an object with jid and password"))
    } else {
        page().and_then(|page| {
            let login = log_in(&page, given)?;
            let password = js::get(credentials, "password");
            if password.is_string() {
                js::set(&js::get(&page.converse, "connection"), "pass", &password);
            }
            Ok(login)
        })
    };
    login.map_or_else(|error| Promise::reject(&error), |login| login.promise)
}

/// Logs out: the session ends, and nothing of it is kept for the next load of the page.
#[wasm_bindgen(js_namespace = ["api", "user"], js_name = logout)]
pub fn logout() -> Result<(), JsValue> {
    let page = page()?;
    page.restores.set(false);
    page.emit_plain("clearSession");
    abort_lookup(&page);
    driver::with(|client, now| client.log_out(now));
    page.renew_promises();
    page.emit_plain("logout");
    Ok(())
}

/// Writes the user's address where plugins read it.
pub(super) fn set_user_jid(page: &Page, jid: &FullJid) {
    let parts = [
        ("jid", jid.as_str()),
        ("bare_jid", jid.bare().as_str()),
        ("resource", jid.resource()),
        ("domain", jid.bare().domain()),
    ];
    for (name, value) in parts {
        js::set(&page.converse, name, &JsValue::from_str(value));
    }
}
