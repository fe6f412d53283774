//! What the addresses answer that settings name, and the user's domain. Nothing of an answer is in an error.
//!
//! Whoever needs an answer that is not there yet stops with the question, and is called again when it is there.

use std::cell::RefCell;

use js_sys::{Array, JSON, Object};
use wasm_bindgen::prelude::*;

use super::{
    error::error,
    js,
    login::text,
    page::{Deferred, Page},
};
use crate::{
    jid::FullJid,
    session::Prebound,
    stream::{
        Endpoint,
        bosh::MAX_RID,
        discovery::{DiscoveryError, Link, choose, from_xrd},
        sasl::Secret,
    },
    xml::read,
};

/// A log-in that the core does not know of yet.
pub(super) struct Lookup {
    pub(super) given: Option<Object>,
    pub(super) deferred: Deferred,
    /// It is to go on with what there is, without new credentials.
    pub(super) goes_on: bool,
    /// What was answered so far, in the order of the questions.
    pub(super) answers: RefCell<Vec<JsValue>>,
}

/// What is to be asked: it answers with text, or, if nobody does, undefined.
pub(super) struct Question {
    url: String,
    accept: &'static str,
    /// It goes to somebody the page's author has not named.
    is_foreign: bool,
}

/// Why a log-in cannot be handed over.
pub(super) enum Stop {
    Asks(Question),
    Failed(JsValue),
}

/// What `credentials_url` answers: an object with `jid` and `password`.
pub(super) fn ask_for_credentials(page: &Page, lookup: &Lookup, url: &str) -> Result<JsValue, Stop> {
    let answer = json(lookup.answer(0, || Question::about_json(url))?);
    if text(&answer, "jid").is_some() && text(&answer, "password").is_some() {
        return Ok(answer);
    }
    Err(fail(page, "credentials-failed", "credentials_url did not answer with a jid and a password").into())
}

/// The session that `prebind_url` answers.
pub(super) fn ask_for_session(page: &Page, lookup: &Lookup, url: &str) -> Result<Prebound, Stop> {
    Ok(read_session(page, lookup.answer(0, || Question::about_json(url))?)?)
}

/// The same, once it is there.
pub(super) fn read_session(page: &Page, answer: JsValue) -> Result<Prebound, JsValue> {
    let failed = || fail(page, "prebind-failed", "prebind_url did not answer with a full jid, a sid and a rid");
    read_prebound(&json(answer)).ok_or_else(failed)
}

/// The session in `object`, if it has the properties `jid`, with a resource, `sid` and `rid`.
pub(super) fn read_prebound(object: &JsValue) -> Option<Prebound> {
    let rid = js::get(object, "rid");
    let rid = rid.as_f64().map(|rid| rid as u64).or_else(|| rid.as_string()?.parse().ok());
    Some(Prebound {
        jid: FullJid::new(&text(object, "jid")?).ok()?,
        sid: Secret::new(text(object, "sid")?),
        rid: rid.filter(|rid| (1..=MAX_RID).contains(rid))?,
    })
}

/// Where the server of `domain` listens (XEP-0156). It is asked once in the life of a page.
pub(super) fn discover(page: &Page, lookup: &Lookup, domain: &str) -> Result<Endpoint, Stop> {
    let known = page.discovered.borrow().clone();
    if let Some((_, endpoint)) = known.filter(|(known, _)| known == domain) {
        return Ok(endpoint);
    }
    let failed = |code, message| Err(error("ConnectionError", code, message).into());
    // Nothing of the address but the host is the domain's to say.
    let host_meta = format!("https://{domain}/.well-known/host-meta");
    let links = match web_sys::Url::new(&host_meta) {
        Ok(url) if url.pathname() == "/.well-known/host-meta" && url.username().is_empty() => {
            find_links(lookup, page.asked.get(), &host_meta)?
        }
        _ => None,
    };
    match choose(&links.unwrap_or_default()) {
        Ok(endpoint) => {
            page.discovered.replace(Some((domain.to_owned(), endpoint.clone())));
            Ok(endpoint)
        }
        Err(DiscoveryError::NoSecureEndpoint) => {
            failed("no-secure-endpoint", "the domain names no service for web clients that is encrypted")
        }
        Err(DiscoveryError::NoEndpoint) => failed(
            "discovery-failed",
            "the domain does not say where its server listens: pass websocket_url to initialize",
        ),
    }
}

fn find_links(lookup: &Lookup, asked: bool, host_meta: &str) -> Result<Option<Vec<Link>>, Stop> {
    // After what `credentials_url` may have answered.
    let at = usize::from(asked);
    let question = |url: String, accept| Question { url, accept, is_foreign: true };
    let jrd = json(lookup.answer(at, || question(format!("{host_meta}.json"), JSON_TYPE))?);
    if let Ok(links) = js::get(&jrd, "links").dyn_into::<Array>() {
        let part = |link: &JsValue, key| text(link, key).unwrap_or_default();
        return Ok(Some(links.iter().map(|link| (part(&link, "rel"), part(&link, "href"))).collect()));
    }
    let xrd = lookup.answer(at.saturating_add(1), || question(host_meta.to_owned(), "application/xrd+xml"))?;
    Ok(xrd.as_string().and_then(|xrd| from_xrd(&read(&xrd).ok()?)))
}

/// What is in `answer`; undefined if it is no JSON.
fn json(answer: JsValue) -> JsValue {
    answer.as_string().and_then(|text| JSON::parse(&text).ok()).unwrap_or_default()
}

fn fail(page: &Page, code: &str, message: &str) -> JsValue {
    let error = error("ConnectionError", code, message);
    page.emit("noResumeableSession", &Array::of1(&error));
    error
}

impl Lookup {
    fn answer(&self, at: usize, question: impl FnOnce() -> Question) -> Result<JsValue, Stop> {
        let answer = self.answers.borrow().get(at).cloned();
        answer.ok_or_else(|| Stop::Asks(question()))
    }
}

impl Question {
    /// A question to an address that the page's author has named.
    pub(super) fn about_json(url: &str) -> Self {
        Self { url: url.to_owned(), accept: JSON_TYPE, is_foreign: false }
    }
}

impl From<JsValue> for Stop {
    fn from(error: JsValue) -> Self {
        Self::Failed(error)
    }
}

impl Page {
    /// Asks, and calls `handler` with the answer.
    pub(super) fn ask(&self, question: &Question, handler: impl FnOnce(JsValue) + 'static) {
        let Question { url, accept, is_foreign } = question;
        let arguments = [&url.into(), &(*accept).into(), &(*is_foreign).into(), &Closure::once_into_js(handler)];
        // It reports whatever goes wrong as no answer.
        let _: Result<JsValue, JsValue> = self.ask.apply(&JsValue::UNDEFINED, &arguments.into_iter().collect());
    }
}

const JSON_TYPE: &str = "application/json";
