//! The **user** grouping: who is logged in, logging in and out.

use std::rc::Rc;

use js_sys::{Object, Promise};
use wasm_bindgen::prelude::*;

use super::{
    error::{configuration_error, wrong_argument},
    initialize::{NO_SERVICE_URL, absolute_url},
    js,
    page::{Deferred, Page, page},
};
use crate::{
    client::Account,
    driver,
    jid::{BareJid, FullJid, Jid},
    stream::{
        Endpoint,
        sasl::{Credentials, Policy, Secret},
    },
};

/// The user's address with the resource of this client; an empty text before the log-in.
#[wasm_bindgen(js_namespace = ["api", "user"], js_name = jid)]
pub fn jid() -> String {
    driver::peek(|client| client.jid().map(|jid| jid.as_str().to_owned())).unwrap_or_default()
}

/// Logs in with `credentials`, an object with `jid` and `password`, or with what the settings say. The promise is
/// rejected with a `ConnectionError` if that fails, which the event `disconnected` tells too, and with a
/// `ConfigurationError` if there is nothing to log in with.
#[wasm_bindgen(js_namespace = ["api", "user"], js_name = login)]
pub fn login(credentials: &JsValue) -> Promise {
    let given = credentials.dyn_ref::<Object>();
    let login = if given.is_none() && !credentials.is_undefined() && !credentials.is_null() {
        Err(wrong_argument("user.login: the credentials must be an object with jid and password"))
    } else {
        page().and_then(|page| log_in(&page, given))
    };
    login.map_or_else(|error| Promise::reject(&error), |login| login.promise)
}

/// Logs out: the session ends, and nothing of it is kept for the next load of the page.
#[wasm_bindgen(js_namespace = ["api", "user"], js_name = logout)]
pub fn logout() -> Result<(), JsValue> {
    let page = page()?;
    page.emit_plain("clearSession");
    driver::with(|client, now| client.disconnect(now));
    page.renew_promises();
    page.emit_plain("logout");
    Ok(())
}

/// Begins to log in with `given`, or with what the settings say.
pub(super) fn log_in(page: &Rc<Page>, given: Option<&Object>) -> Result<Deferred, JsValue> {
    let account = account(page, given)?;
    let deferred = Deferred::new();
    deferred.allow_unhandled();
    supersede_login(page);
    // In good order, so that the server does not keep the last session for a while.
    driver::with(|client, now| client.disconnect(now));
    page.renew_promises();
    page.login.replace(Some(deferred.clone()));
    driver::with(|client, now| client.log_in(now, account));
    Ok(deferred)
}

/// Tells whoever waits for the log-in that is under way that another one takes its place.
pub(super) fn supersede_login(page: &Page) {
    if let Some(login) = page.login.take() {
        login.reject(&configuration_error("superseded", "another log-in began before this one was done"));
    }
}

/// After the session of the page's last load turned out to be gone: logs in if the settings say with what.
pub(super) fn log_in_again(page: &Rc<Page>) -> bool {
    page.emit_plain("clearSession");
    page.is_set("auto_login") && log_in(page, None).is_ok()
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

/// What it takes to log in, from `given` and the settings.
fn account(page: &Page, given: Option<&Object>) -> Result<Account, JsValue> {
    let given = |key: &str| given.and_then(|given| js::get(given, key).as_string()).filter(|text| !text.is_empty());
    let endpoint = endpoint(page)?;
    let jid = given("jid").or_else(|| page.text_setting("jid"));
    let jid = jid.ok_or_else(|| configuration_error("no-jid", "to log in, pass a jid to user.login or initialize"))?;
    let invalid = |error| configuration_error("invalid-jid", &format!("the jid to log in with is not valid: {error}"));
    let jid = Jid::new(&jid).map_err(invalid)?;
    let credentials = match page.text_setting("authentication").as_deref() {
        Some("anonymous") => Credentials::Anonymous,
        Some("external") => Credentials::External { authzid: None },
        Some("login") | None => {
            let password = given("password").or_else(|| page.text_setting("password"));
            password_credentials(jid.bare(), password)?
        }
        Some(_) => {
            return Err(configuration_error(
                "unknown-authentication",
                "the setting authentication has a value it cannot have",
            ));
        }
    };
    let plaintext_allowed = endpoint.is_confidential() || page.is_set("allow_plaintext_authentication");
    let resource = match (&jid, &credentials) {
        (_, Credentials::Anonymous) => None,
        (Jid::Full(full), _) => Some(full.resource().to_owned()),
        (Jid::Bare(_), _) => Some(format!("converse.js-{}", driver::with(|client, _| client.random_number()))),
    };
    let domain = jid.bare().domain().to_owned();
    Ok(Account { endpoint, domain, resource, credentials, policy: Policy { plaintext_allowed, ..Policy::default() } })
}

fn password_credentials(jid: &BareJid, password: Option<String>) -> Result<Credentials, JsValue> {
    let username =
        jid.local().ok_or_else(|| configuration_error("no-user", "the jid to log in with has no user name"))?;
    let missing = || configuration_error("no-password", "to log in, pass a password to user.login or initialize");
    Ok(Credentials::Password { username: username.to_owned(), password: Secret::new(password.ok_or_else(missing)?) })
}

/// The address to connect to: that of the WebSocket service if there is one. Relative addresses are the page's.
fn endpoint(page: &Page) -> Result<Endpoint, JsValue> {
    let absolute = |key: &str| page.text_setting(key).map(|url| absolute_url(&url, key)).transpose();
    if let Some(url) = absolute("websocket_url")? {
        return Ok(Endpoint::WebSocket(url));
    }
    match absolute("bosh_service_url")? {
        Some(url) => Ok(Endpoint::Bosh(url)),
        None => Err(configuration_error("no-service-url", NO_SERVICE_URL)),
    }
}
