//! **initialize**: from settings to a page that is ready to log in, or has done so.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use js_sys::{Object, Promise};
use wasm_bindgen::prelude::*;

use super::{
    connection::define_connected,
    error::configuration_error,
    js,
    listen::Listeners,
    login::{go_on, log_in, log_in_after_failure, supersede_login},
    model::Models,
    page::{Deferred, Page, replace_page},
    promises::{PROMISES, PROMISES_OF_A_SESSION},
    settings::defaults,
};
use crate::{client::Status, driver, feature::OwnProfile};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = console, js_name = warn)]
    fn console_warn(message: &str) -> Result<(), JsValue>;
}

/// Has the plugins initialised with a new `_converse` and logs in if the settings say so. The promise resolves with the
/// first log-in, and rejects if the settings do not suffice or a plugin throws.
///
/// `host` is the loader's half: `startPlugins`, which initialises the plugins; `api`, the exported namespace; `env`;
/// `serialize`, from builders and elements to text; `ask`, from addresses to what answers there; `showWire`, which logs
/// what was sent or came; `models`, the handles of the core's entities; `client`, which shows them, where something is
/// to be seen; and `kept`, a set for what the loader must know if this instance fails. If one has failed, `converse` is the
/// closured object that there is, `online` says whether there was a session, and `startPlugins` registers again what was.
#[wasm_bindgen]
pub fn initialize(settings: &JsValue, host: &JsValue) -> Promise {
    let page = Page::new(settings, host);
    if let Some(last) = replace_page(page.clone()) {
        supersede_login(&last);
    }
    driver::with(|client, _| client.set_taps(false));
    let sink = page.clone();
    driver::start(Rc::new(move |event| sink.handle(event)), page.is_set("keepalive"));
    let (watching, show) = (page.clone(), js::own_function(host, "showWire"));
    driver::watch_wire(Rc::new(move |sent, text| {
        if watching.wired.get() || watching.is_set("debug") {
            // What the page has put in the place of the console's functions is not to stop the wire.
            let debug = watching.is_set("debug").into();
            let _: Result<JsValue, JsValue> = show.call3(&JsValue::UNDEFINED, &sent.into(), &text.into(), &debug);
        }
    }));
    driver::with(|client, _| *client.own_profile_mut() = OwnProfile::default());
    if page.revives.get() {
        page.revive(host);
        return page.initialized.promise.clone();
    }
    if driver::peek(|client| client.status().is_under_way()) {
        driver::with(|client, now| client.end(now));
    }
    let (starting, host) = (page.clone(), host.clone());
    driver::claim(move || {
        if let Err(error) = starting.start(&host) {
            starting.initialized.reject(&error);
        }
    });
    page.initialized.promise.clone()
}

/// The address `url`, relative to the page if it is not absolute; `setting` is where it came from.
pub(super) fn absolute_url(url: &str, setting: &str) -> Result<String, JsValue> {
    let base =
        web_sys::window().and_then(|window| window.document()).and_then(|document| document.base_uri().ok().flatten());
    let parsed = match base {
        Some(base) => web_sys::Url::new_with_base(url, &base),
        None => web_sys::Url::new(url),
    };
    let invalid = |_| configuration_error("invalid-service-url", &format!("the setting {setting} is not an address"));
    let parsed = parsed.map_err(invalid)?;
    let href = parsed.href();
    // `new WebSocket` takes http: for ws: too, but not every browser that people use does.
    match (setting, href.strip_prefix("http")) {
        ("websocket_url", Some(rest)) => Ok(format!("ws{rest}")),
        _ => Ok(href),
    }
}

impl Page {
    fn new(settings: &JsValue, host: &JsValue) -> Rc<Self> {
        let object = |value: JsValue| value.dyn_into::<Object>().unwrap_or_default();
        let api = object(js::get(host, "api"));
        let converse = js::get(host, "converse");
        let revives = converse.is_object();
        let page = Self {
            host: host.clone(),
            kept: js::get(host, "kept").dyn_into().unwrap_or_default(),
            revives: Cell::new(revives),
            default_settings: object(js::get(&converse, "default_settings")),
            converse: object(converse),
            user_settings: object(settings.clone()),
            models: Models::new(&js::get(host, "models")),
            calls: RefCell::default(),
            listeners: RefCell::new(Listeners::default()),
            taps: RefCell::default(),
            promises: RefCell::default(),
            initialized: Deferred::new(),
            login: RefCell::default(),
            restores: Cell::default(),
            lookup: RefCell::default(),
            ask: js::own_function(host, "ask"),
            discovered: RefCell::default(),
            asked: Cell::default(),
            refusals: Cell::default(),
            arrived: RefCell::default(),
            wired: Cell::default(),
            unread: Cell::default(),
            warned: RefCell::default(),
            serialize: js::own_function(host, "serialize"),
            api,
        };
        if revives {
            page.take_over();
        } else {
            page.furnish(host);
        }
        Rc::new(page)
    }

    /// Takes up what an instance that has failed put on `_converse`.
    fn take_over(&self) {
        let all: Object = js::get(&self.converse, "promises").dyn_into().unwrap_or_default();
        let promises = js::keys(&all).into_iter().filter_map(|name| {
            let promise = Deferred::of(js::get(&all, &name))?;
            Some((name, promise))
        });
        self.promises.borrow_mut().extend(promises);
        if let Ok(connection) = js::get(&self.api, "connection").dyn_into() {
            define_connected(&connection);
        }
    }

    /// Goes on where an instance has failed.
    fn revive(self: &Rc<Self>, host: &JsValue) {
        let told = js::own_function(host, "startPlugins").call1(&JsValue::UNDEFINED, &self.converse);
        if let Err(exception) = told {
            js::report_error(&exception);
        }
        self.call_models("lookForReplaced", &[]);
        if !js::get(host, "online").is_truthy() {
            self.revives.set(false);
        } else {
            self.handle_status(Status::Reconnecting);
            self.emit_plain("reconnecting");
            if !log_in_after_failure(self) {
                self.handle_disconnected(None);
            }
        }
    }

    /// Puts on `_converse` what is there before any plugin.
    fn furnish(&self, host: &JsValue) {
        js::set(&self.converse, "api", &self.api);
        js::set(&self.converse, "env", &js::get(host, "env"));
        self.publish_classes();
        self.publish(&["connfeedback"]);
        js::set(&self.converse, "promises", &Object::new());
        js::set(&self.converse, "default_settings", &self.default_settings);
        js::set(&self.converse, "user_settings", &self.user_settings);
        let listen = js::get(&self.api, "listen");
        let emit = js::get(&self.api, "emit");
        let methods = [("on", "on"), ("bind", "on"), ("once", "once"), ("off", "not"), ("unbind", "not")]
            .map(|(name, method)| (name, js::get(&listen, method)));
        for (name, method) in methods.into_iter().chain([("emit", emit.clone()), ("trigger", emit)]) {
            js::set(&self.converse, name, &method);
        }
        if let Ok(connection) = js::get(&self.api, "connection").dyn_into() {
            define_connected(&connection);
        }
        PROMISES.iter().chain(PROMISES_OF_A_SESSION).for_each(|name| self.add_promise(name));
        self.update_settings(&defaults());
        if self.text_setting("view_mode").as_deref() == Some("embedded") {
            // A single conversation in somebody's page is no place to be invited elsewhere.
            let embedded = Object::new();
            js::set(&embedded, "allow_muc_invitations", &JsValue::FALSE);
            self.update_settings(&embedded);
        }
    }

    fn start(self: &Rc<Self>, host: &JsValue) -> Result<(), JsValue> {
        js::own_function(host, "startPlugins").call1(&JsValue::UNDEFINED, &self.converse)?;
        self.warn_of_settings();
        // What plugins have replaced by now is called from now on.
        self.call_models("lookForReplaced", &[]);
        self.emit_plain("pluginsInitialized");
        if let Some(show) = js::function(host, "client") {
            show.call1(&JsValue::UNDEFINED, &self.converse)?;
        }
        self.emit_plain("chatBoxesInitialized");
        self.emit_plain("chatBoxViewsInitialized");
        let leads_somewhere = ["websocket_url", "bosh_service_url", "discover_connection_methods"];
        if !leads_somewhere.iter().any(|setting| self.is_set(setting)) {
            return Err(configuration_error("no-service-url", NO_SERVICE_URL));
        }
        self.publish(&["connection"]);
        self.emit_plain("connectionInitialized");
        if self.is_set("auto_login") {
            log_in(self, None)?;
        } else if self.is_set("keepalive") {
            go_on(self)?;
        }
        self.emit_plain("registeredGlobalEventHandlers");
        let visible = web_sys::window().and_then(|window| window.document()).is_none_or(|document| !document.hidden());
        self.handle_visibility(visible);
        Ok(())
    }

    /// Says in the log what the page's developer may want to know.
    pub(super) fn warn(&self, message: &str) {
        // The page may have put a function of its own there, and nothing it throws may go through the core.
        let _: Result<(), JsValue> = console_warn(&format!("converse: {message}"));
    }

    /// The same, unless it has been said: settings are read whenever one of them changes.
    pub(super) fn warn_once(&self, message: &str) {
        let mut warned = self.warned.borrow_mut();
        if !warned.iter().any(|other| other == message) {
            warned.push(message.to_owned());
            drop(warned);
            self.warn(message);
        }
    }
}

/// What to do when no address is configured.
pub(super) const NO_SERVICE_URL: &str =
    "pass websocket_url or bosh_service_url to initialize: the address where your XMPP server listens for web clients";
