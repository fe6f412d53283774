//! The **listen** grouping: events, as Backbone's `Events` has them.

use std::rc::Rc;

use js_sys::{Array, Function, Set};
use wasm_bindgen::prelude::*;

use super::{
    error::{string_argument, wrong_argument},
    js::report_error,
    page::{Page, page},
};

/// Handlers that want every event register under this name, and get the event's name before its arguments.
const ALL: &str = "all";

/// The registered handlers, in the order of their registration. There are some dozens: a list is as quick as a map,
/// and smaller.
#[derive(Default)]
pub(super) struct Listeners(Vec<Rc<Listener>>);

struct Listener {
    event: String,
    callback: Function,
    context: JsValue,
    once: bool,
    /// The same for the loader.
    kept: Array,
}

/// Calls `callback` whenever one of the events in `name`, which spaces separate, happens.
#[wasm_bindgen(js_namespace = ["api", "listen"], js_name = on)]
pub fn on(name: &JsValue, callback: &JsValue, context: &JsValue) -> Result<JsValue, JsValue> {
    listen(name, callback, context, false)
}

/// Calls `callback` the next time that each of the events in `name` happens.
#[wasm_bindgen(js_namespace = ["api", "listen"], js_name = once)]
pub fn once(name: &JsValue, callback: &JsValue, context: &JsValue) -> Result<JsValue, JsValue> {
    listen(name, callback, context, true)
}

/// No longer calls `callback`, or anything if there is none, for the events in `name`.
#[wasm_bindgen(js_namespace = ["api", "listen"], js_name = not)]
pub fn not(name: &JsValue, callback: &JsValue) -> Result<JsValue, JsValue> {
    let name = string_argument(name, "listen.not: the event name must be a string")?;
    if !callback.is_undefined() && !callback.is_null() && !callback.is_function() {
        return Err(wrong_argument("listen.not: the callback must be a function"));
    }
    let page = page()?;
    let callback = callback.dyn_ref::<Function>();
    for name in name.split_whitespace() {
        let is_out = |listener: &Listener| listener.event == name && callback.is_none_or(|it| listener.callback == *it);
        page.listeners.borrow_mut().remove(is_out, &page.kept);
    }
    Ok(page.converse.clone().into())
}

/// The handlers of the event `name`, each with its context, for the loader: there are events of which somebody wants to
/// know the answers.
#[wasm_bindgen(js_namespace = ["core"], js_name = handlersOf)]
pub fn handlers_of(name: &str) -> Array {
    let Ok(page) = page() else { return Array::new() };
    let handlers = page.listeners.borrow_mut().take(name, &page.kept);
    handlers.iter().map(|handler| Array::of2(&handler.callback, &page.context_of(handler))).collect()
}

fn listen(name: &JsValue, callback: &JsValue, context: &JsValue, once: bool) -> Result<JsValue, JsValue> {
    let name = string_argument(name, "listen: the event name must be a string")?;
    let callback: &Function =
        callback.dyn_ref().ok_or_else(|| wrong_argument("listen: the callback must be a function"))?;
    let page = page()?;
    for name in name.split_whitespace() {
        let (event, callback, context) = (name.to_owned(), callback.clone(), context.clone());
        let kept = Array::of4(&(if once { "once" } else { "on" }).into(), &name.into(), &callback, &context);
        page.kept.add(&kept);
        page.listeners.borrow_mut().0.push(Rc::new(Listener { event, callback, context, once, kept }));
    }
    Ok(page.converse.clone().into())
}

impl Listeners {
    /// Whether anybody would hear of the event `name`.
    pub(super) fn any(&self, name: &str) -> bool {
        self.0.iter().any(|listener| listener.event == name || listener.event == ALL)
    }

    /// The handlers of `name`; those that wanted it once are taken out.
    fn take(&mut self, name: &str, kept: &Set) -> Vec<Rc<Listener>> {
        let taken = self.0.iter().filter(|listener| listener.event == name).cloned().collect();
        self.remove(|listener| listener.once && listener.event == name, kept);
        taken
    }

    fn remove(&mut self, is_out: impl Fn(&Listener) -> bool, kept: &Set) {
        self.0.retain(|listener| {
            let is_out = is_out(listener);
            if is_out {
                kept.delete(&listener.kept);
            }
            !is_out
        });
    }
}

impl Page {
    /// Calls everybody who listens for `name`. One who throws keeps nobody else from hearing it.
    pub(super) fn trigger(&self, name: &str, arguments: &Array) {
        let (listeners, for_all) = {
            let mut listeners = self.listeners.borrow_mut();
            (listeners.take(name, &self.kept), listeners.take(ALL, &self.kept))
        };
        for listener in listeners {
            self.call(&listener, arguments);
        }
        if !for_all.is_empty() {
            let arguments = Array::of1(&JsValue::from_str(name)).concat(arguments);
            for_all.iter().for_each(|listener| self.call(listener, &arguments));
        }
    }

    fn call(&self, listener: &Listener, arguments: &Array) {
        if let Err(exception) = listener.callback.apply(&self.context_of(listener), arguments) {
            report_error(&exception);
        }
    }

    fn context_of(&self, listener: &Listener) -> JsValue {
        if listener.context.is_undefined() { self.converse.clone().into() } else { listener.context.clone() }
    }
}
