//! Whether anybody looks at the page, and whether there is a network: `visibilitychange`, `pageshow`, `online`.

use std::{cell::Cell, rc::Rc};

use wasm_bindgen::prelude::*;
use web_sys::PageTransitionEvent;

/// What may have changed while nobody looked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Attention {
    /// The page can be seen again, or has a network again.
    Regained,
    /// The page is shown again after it was left: the browser kept it as it was.
    Returned,
    /// The page cannot be seen any more.
    Lost,
    /// The page is being left.
    Leaving,
}

/// Calls `handler` from now on, as long as the page lives.
pub fn watch(handler: impl Fn(Attention) + 'static) {
    let Some(window) = super::window() else { return };
    let Some(document) = window.document() else { return };
    let handler = Rc::new(handler);
    let leaving = Rc::new(Cell::new(false));
    let (on_change, page, left) = (handler.clone(), document.clone(), leaving.clone());
    let change = Closure::<dyn FnMut()>::new(move || match (page.hidden(), left.get()) {
        (false, _) => on_change(Attention::Regained),
        (true, false) => on_change(Attention::Lost),
        // A page that is being left becomes hidden too: what it would say then, nobody could hear the answer to.
        (true, true) => {}
    });
    let (left, on_leave) = (leaving.clone(), handler.clone());
    let leave = Closure::<dyn FnMut()>::new(move || {
        left.set(true);
        on_leave(Attention::Leaving);
    });
    let (left, on_show) = (leaving, handler.clone());
    let show = Closure::<dyn FnMut(PageTransitionEvent)>::new(move |event: PageTransitionEvent| {
        left.set(false);
        on_show(if event.persisted() { Attention::Returned } else { Attention::Regained });
    });
    let regained = Closure::<dyn FnMut()>::new(move || handler(Attention::Regained));
    let (change, leave) = (change.into_js_value(), leave.into_js_value());
    let (show, regained) = (show.into_js_value(), regained.into_js_value());
    // Neither fails: the types are known events, the handlers are functions.
    let _: Result<(), JsValue> = document.add_event_listener_with_callback("visibilitychange", change.unchecked_ref());
    let _: Result<(), JsValue> = window.add_event_listener_with_callback("pagehide", leave.unchecked_ref());
    let _: Result<(), JsValue> = window.add_event_listener_with_callback("pageshow", show.unchecked_ref());
    let _: Result<(), JsValue> = window.add_event_listener_with_callback("online", regained.unchecked_ref());
}
