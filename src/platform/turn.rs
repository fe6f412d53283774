//! `MessageChannel`: the way to a task of its own, behind those that wait already. Other than with a timer, the browser
//! does not put it off.

use wasm_bindgen::prelude::*;
use web_sys::{MessageChannel, MessagePort};

/// Calls what it was made with in a task of its own, for as long as the page lives.
pub struct Turn(Option<MessagePort>);

impl Turn {
    /// Lets [`Self::ask`] have `callback` called.
    pub fn new(callback: impl FnMut() + 'static) -> Self {
        let callback = Closure::<dyn FnMut()>::new(callback).into_js_value();
        // There is one wherever there is WebAssembly, and its constructor has no way to fail (HTML §9.4.2).
        Self(MessageChannel::new().ok().map(|channel| {
            channel.port1().set_onmessage(Some(callback.unchecked_ref()));
            channel.port2()
        }))
    }

    /// Asks for one call, as soon as the browser has done what waits before it.
    pub fn ask(&self) {
        if let Some(port) = &self.0 {
            let _: Result<(), JsValue> = port.post_message(&JsValue::NULL);
        }
    }
}
