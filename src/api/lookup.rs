//! What the addresses answer that settings name, and the user's domain. Nothing of an answer is in an error.

use js_sys::{Array, JSON, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::{error::error, js, login::text, page::Page};
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

/// What `credentials_url` answers: an object with `jid` and `password`.
pub(super) async fn ask_for_credentials(page: &Page, url: &str) -> Result<JsValue, JsValue> {
    let answer = ask_for_json(page, url, false).await.filter(|answer| text(answer, "password").is_some());
    let failed = || fail(page, "credentials-failed", "credentials_url did not answer with a jid and a password");
    answer.filter(|answer| text(answer, "jid").is_some()).ok_or_else(failed)
}

/// The session that `prebind_url` answers.
pub(super) async fn ask_for_session(page: &Page, url: &str) -> Result<Prebound, JsValue> {
    let answer = ask_for_json(page, url, false).await;
    let failed = || fail(page, "prebind-failed", "prebind_url did not answer with a full jid, a sid and a rid");
    answer.as_ref().and_then(read_prebound).ok_or_else(failed)
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
pub(super) async fn discover(page: &Page, domain: &str) -> Result<Endpoint, JsValue> {
    let known = page.discovered.borrow().clone();
    if let Some((_, endpoint)) = known.filter(|(known, _)| known == domain) {
        return Ok(endpoint);
    }
    let failed = |code, message| Err(error("ConnectionError", code, message));
    // Nothing of the address but the host is the domain's to say.
    let host_meta = format!("https://{domain}/.well-known/host-meta");
    let links = match web_sys::Url::new(&host_meta) {
        Ok(url) if url.pathname() == "/.well-known/host-meta" && url.username().is_empty() => {
            find_links(page, &host_meta).await
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

async fn find_links(page: &Page, host_meta: &str) -> Option<Vec<Link>> {
    if let Some(answer) = ask_for_json(page, &format!("{host_meta}.json"), true).await
        && let Ok(links) = js::get(&answer, "links").dyn_into::<Array>()
    {
        let part = |link: &JsValue, key| text(link, key).unwrap_or_default();
        return Some(links.iter().map(|link| (part(&link, "rel"), part(&link, "href"))).collect());
    }
    let xrd = ask(page, host_meta, "application/xrd+xml", true).await?.as_string()?;
    from_xrd(&read(&xrd).ok()?)
}

async fn ask_for_json(page: &Page, url: &str, is_foreign: bool) -> Option<JsValue> {
    JSON::parse(&ask(page, url, "application/json", is_foreign).await?.as_string()?).ok()
}

/// What answers at `url`, as text.
async fn ask(page: &Page, url: &str, accept: &str, is_foreign: bool) -> Option<JsValue> {
    let answer = page.ask.call3(&JsValue::UNDEFINED, &url.into(), &accept.into(), &is_foreign.into());
    JsFuture::from(answer.ok()?.dyn_into::<Promise>().ok()?).await.ok()
}

fn fail(page: &Page, code: &str, message: &str) -> JsValue {
    let error = error("ConnectionError", code, message);
    page.emit("noResumeableSession", &Array::of1(&error));
    error
}
