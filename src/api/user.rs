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
    driver,
    jid::{FullJid, Jid},
    session::Account,
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
    driver::with(|client, now| client.log_out(now));
    page.renew_promises();
    page.emit_plain("logout");
    Ok(())
}

/// Begins to log in with `given`, or with what the settings say.
pub(super) fn log_in(page: &Rc<Page>, given: Option<&Object>) -> Result<Deferred, JsValue> {
    let account = account(page, given)?;
    let leads_in = account.credentials.is_some() || driver::peek(|client| client.can_go_on(&account));
    if !leads_in {
        return Err(configuration_error("no-password", "to log in, pass a password to user.login or initialize"));
    }
    let deferred = Deferred::new();
    deferred.allow_unhandled();
    supersede_login(page);
    // In good order, so that the server does not keep the last session for a while.
    driver::with(|client, now| client.end(now));
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

/// Goes on with the session of an earlier page, if there is one that can be gone on with.
pub(super) fn go_on(page: &Rc<Page>) -> Result<(), JsValue> {
    let saved = driver::peek(|client| client.saved_account().map(|jid| jid.as_str().to_owned()));
    let Some(jid) = page.text_setting("jid").or(saved) else { return Ok(()) };
    let given = Object::new();
    js::set(&given, "jid", &jid.into());
    let account = account(page, Some(&given))?;
    if driver::peek(|client| client.can_go_on(&account)) {
        driver::with(|client, now| client.log_in(now, account));
    }
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

/// What it takes to log in, from `given` and the settings.
fn account(page: &Page, given: Option<&Object>) -> Result<Account, JsValue> {
    let given = |key: &str| given.and_then(|given| js::get(given, key).as_string()).filter(|text| !text.is_empty());
    let endpoint = endpoint(page)?;
    let jid = given("jid").or_else(|| page.text_setting("jid"));
    let jid = jid.ok_or_else(|| configuration_error("no-jid", "to log in, pass a jid to user.login or initialize"))?;
    let invalid = |error| configuration_error("invalid-jid", &format!("the jid to log in with is not valid: {error}"));
    let jid = Jid::new(&jid).map_err(invalid)?;
    let credentials = match page.text_setting("authentication").as_deref() {
        Some("anonymous") => Some(Credentials::Anonymous),
        Some("external") => Some(Credentials::External { authzid: None }),
        Some("login") | None => password(&jid, given("password").or_else(|| page.text_setting("password")))?,
        Some(_) => {
            let message = "the setting authentication has a value it cannot have";
            return Err(configuration_error("unknown-authentication", message));
        }
    };
    let anonymous = matches!(credentials, Some(Credentials::Anonymous));
    let resource = match &jid {
        _ if anonymous => None,
        Jid::Full(full) => Some(full.resource().to_owned()),
        Jid::Bare(_) => Some(format!("converse.js-{}", driver::peek(|client| client.random_number()))),
    };
    let plaintext_allowed = endpoint.is_confidential() || page.is_set("allow_plaintext_authentication");
    Ok(Account {
        endpoint,
        domain: jid.bare().domain().to_owned(),
        jid: Some(jid.bare().clone()).filter(|_| !anonymous),
        resource,
        credentials,
        policy: Policy { plaintext_allowed, ..Policy::default() },
        wants_token: page.is_set("keepalive") && page.is_trusted(),
        reconnect: page.is_set("auto_reconnect"),
        carbons: page.is_set("message_carbons"),
        ping_interval: page.seconds_setting("ping_interval"),
    })
}

fn password(jid: &Jid, password: Option<String>) -> Result<Option<Credentials>, JsValue> {
    let Some(password) = password else { return Ok(None) };
    match jid.bare().local() {
        Some(user) => Ok(Some(Credentials::Password { username: user.to_owned(), password: Secret::new(password) })),
        None => Err(configuration_error("no-user", "the jid to log in with has no user name")),
    }
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
