//! What it takes to log in, from what was given, the settings, and the addresses that they name.

use std::{cell::RefCell, rc::Rc};

use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;

use super::{
    error::{configuration_error, login_aborted},
    initialize::{NO_SERVICE_URL, absolute_url},
    js,
    lookup::{Lookup, Question, Stop, ask_for_credentials, ask_for_session, discover, read_prebound, read_session},
    page::{Deferred, Page},
};
use crate::{
    client::Status,
    driver,
    jid::{BareJid, Jid},
    session::Account,
    stream::{
        Endpoint,
        sasl::{Credentials, Policy, Secret},
    },
};

/// How often credentials that the server refused are asked for again.
const MAX_REFUSALS: u32 = 2;

/// Begins to log in with `given`, or with what the settings say. What is wrong with them is told at once.
pub(super) fn log_in(page: &Rc<Page>, given: Option<&Object>) -> Result<Deferred, JsValue> {
    page.refusals.set(0);
    if let Some(trusted) = given.and_then(|given| js::get(given, "trusted").as_bool()) {
        page.trust_device(trusted);
    }
    begin(page, given.cloned(), Deferred::new(), false)
}

/// Goes on with the session of an earlier page, if there is one that can be gone on with.
pub(super) fn go_on(page: &Rc<Page>) -> Result<(), JsValue> {
    if page.login.borrow().is_some() || page.lookup.borrow().is_some() || !driver::peek(|client| client.remembers()) {
        return Ok(());
    }
    let saved = driver::peek(|client| client.saved_account().map(|jid| jid.as_str().to_owned()));
    let Some(jid) = page.text_setting("jid").or(saved) else { return Ok(()) };
    let given = Object::new();
    js::set(&given, "jid", &jid.into());
    begin(page, Some(given), Deferred::new(), true).map(drop)
}

/// Asks for credentials again, if those that the server has just refused were asked for. `false` if there is no sense
/// in that.
pub(super) fn log_in_after_refusal(page: &Rc<Page>) -> bool {
    let refusals = page.refusals.replace(page.refusals.get().saturating_add(1));
    let again = page.asked.get() && refusals < MAX_REFUSALS && page.is_set("auto_reconnect");
    let deferred = || page.login.take().unwrap_or_else(Deferred::new);
    again && begin(page, None, deferred(), false).is_ok()
}

/// Takes up a session that another program begins now, for the one that was lost.
pub(super) fn prebind_again(page: &Rc<Page>) {
    let Some(url) = page.text_setting("prebind_url") else { return };
    let asking = page.clone();
    page.ask(&Question::about_json(&url), move |answer| match read_session(&asking, answer) {
        Ok(prebound) => driver::with(|client, now| client.prebind(now, prebound)),
        Err(error) => {
            asking.warn(&js::get(&error, "message").as_string().unwrap_or_default());
            driver::with(|client, now| client.prebind_in_vain(now));
        }
    });
}

/// Tells whoever waits for the log-in that is under way that another one takes its place.
pub(super) fn supersede_login(page: &Page) {
    let lookup = page.lookup.take().map(|lookup| lookup.deferred.clone());
    for login in [lookup, page.login.take()].into_iter().flatten() {
        login.reject(&configuration_error("superseded", "another log-in began before this one was done"));
    }
}

/// Gives up a log-in that the core does not know of yet.
pub(super) fn abort_lookup(page: &Page) {
    if let Some(lookup) = page.lookup.take() {
        lookup.deferred.reject(&login_aborted());
    }
}

/// Goes on with the session of an instance that has failed: with what was given to log in, or what it has left in the cache.
/// `false` if there is nothing of the kind.
pub(super) fn log_in_after_failure(page: &Rc<Page>) -> bool {
    let given = js::get(&page.host, "given").dyn_into::<Object>().ok();
    driver::with(|client, _| client.doubt_cache());
    if begin(page, given, Deferred::new(), false).is_ok() {
        return true;
    }
    let _: Result<(), JsValue> = go_on(page);
    page.login.borrow().is_some() || page.lookup.borrow().is_some()
}

/// Begins to log in for whoever waits for `deferred`; with `goes_on` only if that needs no credentials.
fn begin(page: &Rc<Page>, given: Option<Object>, deferred: Deferred, goes_on: bool) -> Result<Deferred, JsValue> {
    deferred.allow_unhandled();
    let lookup = Rc::new(Lookup { given, deferred: deferred.clone(), goes_on, answers: RefCell::default() });
    proceed(page, lookup).map(|()| deferred)
}

/// Hands a log-in over to the core, or asks for what is missing and tries again with the answer.
fn proceed(page: &Rc<Page>, lookup: Rc<Lookup>) -> Result<(), JsValue> {
    let question = match find_account(page, &lookup) {
        Ok(account) => return hand_over(page, account, &lookup),
        Err(Stop::Failed(error)) => return Err(error),
        Err(Stop::Asks(question)) => question,
    };
    if lookup.answers.borrow().is_empty() {
        supersede_login(page);
        page.renew_promises();
    }
    page.lookup.replace(Some(lookup.clone()));
    let asking = page.clone();
    page.ask(&question, move |answer| {
        // Whoever ended the log-in or began another one took it out.
        if asking.lookup.borrow_mut().take_if(|current| Rc::ptr_eq(current, &lookup)).is_some() {
            lookup.answers.borrow_mut().push(answer);
            if let Err(error) = proceed(&asking, lookup.clone()) {
                give_up(&asking, &lookup.deferred, &error);
            }
        }
    });
    Ok(())
}

fn hand_over(page: &Page, account: Account, lookup: &Lookup) -> Result<(), JsValue> {
    let with_something = account.credentials.is_some() || account.prebound.is_some();
    if (lookup.goes_on || !with_something) && !driver::peek(|client| client.can_go_on(&account)) {
        let error = configuration_error("no-password", "to log in, pass a password to user.login or initialize");
        return if lookup.goes_on { Ok(()) } else { Err(error) };
    }
    supersede_login(page);
    // In good order, so that the server does not keep the last session for a while.
    driver::with(|client, now| client.end(now));
    page.renew_promises();
    js::set(&page.host, "login", lookup.deferred.on_failure());
    js::set(&page.host, "given", &lookup.given.clone().filter(|_| !lookup.goes_on).into());
    page.login.replace(Some(lookup.deferred.clone()));
    page.restores.set(driver::peek(|client| client.has_saved_session()));
    let options = page.options();
    driver::with(|client, now| {
        client.set_options(options);
        client.log_in(now, account);
    });
    Ok(())
}

/// Tells that a log-in came to nothing before there was a connection.
fn give_up(page: &Page, login: &Deferred, error: &JsValue) {
    login.reject(error);
    if page.is_set("auto_login") {
        page.initialized.reject(error);
    }
    page.warn(&js::get(error, "message").as_string().unwrap_or_default());
    if !driver::peek(|client| client.is_connected()) {
        page.handle_status(Status::ConnectionFailed);
        page.emit("disconnected", &Array::of1(error));
    }
}

/// What it takes to log in, from `given` and the settings, and whoever they say is to be asked.
fn find_account(page: &Page, lookup: &Lookup) -> Result<Account, Stop> {
    let authentication = page.text_setting("authentication").unwrap_or_default();
    if authentication == "prebind" {
        return find_session(page, lookup);
    }
    let url = page.text_setting("credentials_url").filter(|_| lookup.given.is_none() && authentication == "login");
    page.asked.set(url.is_some());
    let given = match url {
        Some(url) => Some(ask_for_credentials(page, lookup, &url)?),
        None => lookup.given.clone().map(JsValue::from),
    };
    let given = |key: &str| text(given.as_ref()?, key);
    let jid = given("jid").or_else(|| page.text_setting("jid"));
    let jid = jid.ok_or_else(|| configuration_error("no-jid", "to log in, pass a jid to user.login or initialize"))?;
    let invalid = |error| configuration_error("invalid-jid", &format!("the jid to log in with is not valid: {error}"));
    let jid = match authentication.as_str() {
        // Of the anonymous, it is the domain.
        "anonymous" => Jid::new(&jid).map_err(invalid)?,
        _ => at_home(page, Jid::new(&with_domain(page, jid)).map_err(invalid)?)?,
    };
    let credentials = match (authentication.as_str(), given("oauth_token")) {
        ("anonymous", _) => Some(Credentials::Anonymous),
        ("external", _) => Some(Credentials::External { authzid: None }),
        ("login", Some(token)) => {
            Some(Credentials::Bearer { authzid: Some(jid.bare().as_str().to_owned()), token: Secret::new(token) })
        }
        ("login" | "", None) => password(&jid, given("password").or_else(|| page.text_setting("password")))?,
        _ => {
            let message = "the setting authentication has a value it cannot have";
            return Err(configuration_error("unknown-authentication", message).into());
        }
    };
    let anonymous = matches!(credentials, Some(Credentials::Anonymous));
    let endpoint = find_endpoint(page, lookup, jid.bare().domain())?;
    let resource = match &jid {
        _ if anonymous => None,
        Jid::Full(full) => Some(full.resource().to_owned()),
        Jid::Bare(_) => Some(format!("converse.js-{}", driver::peek(|client| client.random_number()))),
    };
    Ok(Account { credentials, resource, ..account(page, endpoint, jid.bare(), anonymous) })
}

/// What it takes to carry on a BOSH session that another program began. That of an earlier page goes before, and is the
/// only one that counts where nobody is to be asked.
fn find_session(page: &Page, lookup: &Lookup) -> Result<Account, Stop> {
    let Some(Endpoint::Bosh(url)) = configured_endpoint(page)? else {
        return Err(
            configuration_error("prebind-needs-bosh", "prebind needs bosh_service_url, and no websocket_url").into()
        );
    };
    let url_to_ask = page.text_setting("prebind_url").filter(|_| !lookup.goes_on);
    let account = |jid: &BareJid, prebound| Account {
        prebound,
        prebinds: page.is_set("prebind_url"),
        ..account(page, Endpoint::Bosh(url.clone()), jid, false)
    };
    let prebound = read_prebound(&page.converse);
    let wanted = page.text_setting("jid").and_then(|jid| Jid::new(&jid).ok());
    let saved = driver::peek(|client| client.saved_account().cloned());
    let saved = saved.filter(|saved| wanted.as_ref().is_none_or(|jid| jid.bare() == saved));
    if let Some(account) = saved.map(|jid| account(&jid, prebound.clone()))
        && driver::peek(|client| client.can_go_on(&account))
    {
        return Ok(account);
    }
    let prebound = match (prebound, url_to_ask) {
        (Some(prebound), _) => prebound,
        (None, Some(url)) => ask_for_session(page, lookup, &url)?,
        (None, None) => {
            let message = "prebind needs prebind_url, or jid (with its resource), sid and rid";
            return Err(configuration_error("no-prebind", message).into());
        }
    };
    Ok(account(&prebound.jid.bare().clone(), Some(prebound)))
}

/// What is the same for all ways to log in.
fn account(page: &Page, endpoint: Endpoint, jid: &BareJid, anonymous: bool) -> Account {
    let plaintext_allowed = endpoint.is_confidential() || page.is_set("allow_plaintext_authentication");
    Account {
        endpoint,
        domain: jid.domain().to_owned(),
        jid: Some(jid.clone()).filter(|_| !anonymous),
        resource: None,
        credentials: None,
        prebound: None,
        prebinds: false,
        policy: Policy { plaintext_allowed, ..Policy::default() },
        wants_token: page.is_set("keepalive") && page.is_trusted(),
        reconnect: page.is_set("auto_reconnect"),
        carbons: page.is_set("message_carbons"),
        ping_interval: page.seconds_setting("ping_interval"),
    }
}

/// The address, with the domain of the settings if only a user's name was given.
fn with_domain(page: &Page, jid: String) -> String {
    let domain = ["locked_domain", "default_domain"].into_iter().find_map(|name| page.text_setting(name));
    match domain.filter(|_| !jid.contains('@')) {
        Some(domain) => [&jid, "@", &domain].concat(),
        None => jid,
    }
}

/// The address, unless it is of another domain than the only one that can be logged in to.
fn at_home(page: &Page, jid: Jid) -> Result<Jid, JsValue> {
    let locked = page.text_setting("locked_domain").and_then(|domain| BareJid::new(&domain).ok());
    match locked.filter(|locked| locked.domain() != jid.bare().domain()) {
        Some(_) => Err(configuration_error("wrong-domain", "the setting locked_domain allows another domain only")),
        None => Ok(jid),
    }
}

fn password(jid: &Jid, password: Option<String>) -> Result<Option<Credentials>, JsValue> {
    let Some(password) = password else { return Ok(None) };
    match jid.bare().local() {
        Some(user) => Ok(Some(Credentials::Password { username: user.to_owned(), password: Secret::new(password) })),
        None => Err(configuration_error("no-user", "the jid to log in with has no user name")),
    }
}

/// The address to connect to: what the settings say, or else the user's domain.
pub(super) fn find_endpoint(page: &Page, lookup: &Lookup, domain: &str) -> Result<Endpoint, Stop> {
    match configured_endpoint(page)? {
        Some(endpoint) => Ok(endpoint),
        None if page.is_set("discover_connection_methods") => discover(page, lookup, domain),
        None => Err(configuration_error("no-service-url", NO_SERVICE_URL).into()),
    }
}

/// The address of the WebSocket service if there is one. Relative addresses are the page's.
fn configured_endpoint(page: &Page) -> Result<Option<Endpoint>, JsValue> {
    let absolute = |key: &str| page.text_setting(key).map(|url| absolute_url(&url, key)).transpose();
    Ok(match absolute("websocket_url")? {
        Some(url) => Some(Endpoint::WebSocket(url)),
        None => absolute("bosh_service_url")?.map(Endpoint::Bosh),
    })
}

/// The text `object[key]`, if it is one that says something.
pub(super) fn text(object: &JsValue, key: &str) -> Option<String> {
    js::get(object, key).as_string().filter(|text| !text.is_empty())
}
