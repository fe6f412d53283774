//! The **promises** grouping and **waitUntil**: events that stay true once they have happened.

use js_sys::{Array, Object, Promise};
use wasm_bindgen::prelude::*;

use super::{
    error::string_argument,
    js,
    page::{Deferred, Page, page},
};

/// The promises that are there from the beginning, and come true once.
pub(super) const PROMISES: &[&str] =
    &["chatBoxViewsInitialized", "chatBoxesInitialized", "connectionInitialized", "pluginsInitialized"];

/// Those that come true with a session, and are open again when it is over. They are there from the beginning, too.
pub(super) const PROMISES_OF_A_SESSION: &[&str] = &[
    "bookmarksInitialized",
    "cachedRoster",
    "chatBoxesFetched",
    "discoInitialized",
    "initialized",
    "privateChatsAutoJoined",
    "roomsAutoJoined",
    "roomsPanelRendered",
    "roster",
    "rosterContactsFetched",
    "rosterGroupsFetched",
    "rosterInitialized",
    "statusInitialized",
];

/// Makes a promise of each name in `names`, a text or an array of texts, that `emit` resolves.
#[wasm_bindgen(js_namespace = ["api", "promises"], js_name = add)]
pub fn add(names: &JsValue) -> Result<(), JsValue> {
    let wrong = "promises.add: the promise must be a string or an array of strings";
    let names = match names.dyn_ref::<Array>() {
        Some(names) => names.iter().map(|name| string_argument(&name, wrong)).collect::<Result<Vec<_>, _>>()?,
        None => vec![string_argument(names, wrong)?],
    };
    let page = page()?;
    names.iter().for_each(|name| page.add_promise(name));
    Ok(())
}

/// The promise `name`, or null if there is none.
#[wasm_bindgen(js_namespace = ["api"], js_name = waitUntil)]
pub fn wait_until(name: &JsValue) -> Result<JsValue, JsValue> {
    let name = string_argument(name, "waitUntil: the name must be a string")?;
    let deferred = page()?.promise(&name);
    Ok(deferred.map_or(JsValue::NULL, |deferred| deferred.promise.into()))
}

impl Page {
    /// Makes a promise, in the place of the one that has this name.
    pub(super) fn add_promise(&self, name: &str) {
        let mut promises = self.promises.borrow_mut();
        promises.retain(|(other, _)| other != name);
        let made = self.models.promise.call0(&JsValue::UNDEFINED).unwrap_or_default();
        let deferred = Deferred::of(made).unwrap_or_else(Deferred::new);
        if let Ok(all) = js::get(&self.converse, "promises").dyn_into::<Object>() {
            js::define(&all, name, &deferred.promise);
        }
        promises.push((name.to_owned(), deferred));
    }

    /// Makes new promises for the next session, where the last one kept them. Whoever waits still goes on waiting.
    pub(super) fn renew_promises(&self) {
        for name in PROMISES_OF_A_SESSION {
            let kept = self.promise(name).is_some_and(|deferred| deferred.is_resolved());
            if kept {
                self.add_promise(name);
            }
        }
    }

    pub(super) fn resolve_promise(&self, name: &str) {
        if let Some(deferred) = self.promise(name) {
            deferred.resolve();
        }
    }

    /// The promise `name`, to wait for.
    pub(super) fn promise_of(&self, name: &str) -> Option<Promise> {
        self.promise(name).map(|deferred| deferred.promise)
    }

    pub(super) fn promise(&self, name: &str) -> Option<Deferred> {
        self.promises.borrow().iter().find(|(other, _)| other == name).map(|(_, deferred)| deferred.clone())
    }
}
