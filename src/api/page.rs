//! The state of one `converse.initialize`: the closured `_converse` object and what hangs on it.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use js_sys::{Function, Object, Promise, Set};
use wasm_bindgen::prelude::*;

use super::{calls::Calls, error::configuration_error, js, listen::Listeners, lookup::Lookup, model::Models, tap::Tap};
use crate::{jid::FullJid, session::Arrival, stream::Endpoint};

/// What belongs to one `converse.initialize`.
pub(super) struct Page {
    /// The closured `_converse`.
    pub(super) converse: Object,
    /// `_converse.api`. Plugins may have replaced functions in it.
    pub(super) api: Object,
    /// The loader's half of everything. What is set on it the loader has when this instance has failed.
    pub(super) host: JsValue,
    /// What plugins have registered and wait for, for the loader to register with the next instance if this one fails.
    pub(super) kept: Set,
    /// An instance before this one has failed, and plugins have not been told that stanzas can be exchanged again.
    pub(super) revives: Cell<bool>,
    /// The loader's function from builders and elements to text.
    pub(super) serialize: Function,
    /// What `initialize` was called with.
    pub(super) user_settings: Object,
    /// The defaults of all settings there are, those of plugins included.
    pub(super) default_settings: Object,
    /// The loader's handles of the core's entities.
    pub(super) models: Models,
    pub(super) calls: RefCell<Calls>,
    pub(super) listeners: RefCell<Listeners>,
    /// The handlers of stanzas.
    pub(super) taps: RefCell<Vec<Rc<Tap>>>,
    pub(super) promises: RefCell<Vec<(String, Deferred)>>,
    /// Resolved by the first log-in: what `initialize` returned.
    pub(super) initialized: Deferred,
    /// The log-in that is under way.
    pub(super) login: RefCell<Option<Deferred>>,
    /// The log-in is to go on with the session that an earlier page left.
    pub(super) restores: Cell<bool>,
    /// The log-in that cannot begin before somebody has answered.
    pub(super) lookup: RefCell<Option<Rc<Lookup>>>,
    /// The loader's function from addresses to what answers there.
    pub(super) ask: Function,
    /// The last domain that was asked where its server listens.
    pub(super) discovered: RefCell<Option<(String, Endpoint)>>,
    /// The last log-in is with what `credentials_url` answered.
    pub(super) asked: Cell<bool>,
    /// How often the server has refused that in a row.
    pub(super) refusals: Cell<u32>,
    /// Stanzas can be exchanged, of which the page's plugins have not been told: as which arrival, and who the user is.
    pub(super) arrived: RefCell<Option<(FullJid, Arrival)>>,
    /// Somebody wants to see what goes over the wire.
    pub(super) wired: Cell<bool>,
    /// The number of messages that the user has not seen, when somebody looked last.
    pub(super) unread: Cell<u32>,
    /// What the log has been told that is to be told once.
    pub(super) warned: RefCell<Vec<String>>,
}

/// A promise together with what settles it.
#[derive(Clone)]
pub(super) struct Deferred {
    pub(super) promise: Promise,
    resolve: Function,
    reject: Function,
}

thread_local! {
    static PAGE: RefCell<Option<Rc<Page>>> = const { RefCell::new(None) };
}

/// What belongs to the last `converse.initialize`.
pub(super) fn page() -> Result<Rc<Page>, JsValue> {
    let page = PAGE.with(|page| page.borrow().clone());
    page.ok_or_else(|| configuration_error("not-initialized", "converse.initialize has not been called yet"))
}

/// Puts `page` in the place of the last one, which comes back.
pub(super) fn replace_page(page: Rc<Page>) -> Option<Rc<Page>> {
    PAGE.with(|current| current.replace(Some(page)))
}

impl Deferred {
    pub(super) fn new() -> Self {
        let mut parts = None;
        let promise = Promise::new(&mut |resolve, reject| parts = Some((resolve, reject)));
        // The executor has run by the time the constructor returns (ECMAScript §27.2.3.1).
        let none = || JsValue::UNDEFINED.unchecked_into::<Function>();
        let (resolve, reject) = parts.unwrap_or_else(|| (none(), none()));
        Self { promise, resolve, reject }
    }

    /// What settles `promise`, which has `resolve` and `reject` of its own, and says how it stands.
    pub(super) fn of(promise: JsValue) -> Option<Self> {
        let (resolve, reject) = (js::function(&promise, "resolve")?, js::function(&promise, "reject")?);
        Some(Self { promise: promise.dyn_into().ok()?, resolve, reject })
    }

    pub(super) fn resolve(&self) {
        self.resolve_with(&JsValue::UNDEFINED);
    }

    pub(super) fn resolve_with(&self, value: &JsValue) {
        let _: Result<JsValue, JsValue> = self.resolve.call1(&JsValue::UNDEFINED, value);
    }

    /// Whether a promise [`Self::of`] which this was made has been kept.
    pub(super) fn is_resolved(&self) -> bool {
        js::get(&self.promise, "isResolved").is_truthy()
    }

    /// What the loader calls if this instance fails before it has settled the promise.
    pub(super) fn on_failure(&self) -> &Function {
        &self.reject
    }

    pub(super) fn reject(&self, error: &JsValue) {
        let _: Result<JsValue, JsValue> = self.reject.call1(&JsValue::UNDEFINED, error);
    }

    /// Lets a rejection that nobody waits for pass without an `unhandledrejection` event: it is told otherwise too.
    pub(super) fn allow_unhandled(&self) {
        allow_unhandled(&self.promise);
    }
}

/// The same for any promise.
pub(super) fn allow_unhandled(promise: &Promise) {
    let ignore = Closure::<dyn FnMut(JsValue)>::new(|_| {});
    let _: Promise = promise.catch(&ignore);
    // The promise is short-lived and its handler is nothing: leaving it to the garbage collector costs nothing.
    let _: JsValue = ignore.into_js_value();
}
