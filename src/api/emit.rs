//! **emit**: events of plugins and of this library.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::{
    error::string_argument,
    js,
    page::{Page, page},
};

/// Events that a function of `_converse` tells of, which plugins replace.
const STEPS: [(&str, &str); 10] = [
    ("connectionInitialized", "initConnection"),
    ("setUserJID", "setUserJID"),
    ("sessionInitialized", "initSession"),
    ("statusInitialized", "initStatus"),
    ("rosterInitialized", "initRoster"),
    ("windowStateChanged", "saveWindowState"),
    ("clearSession", "clearSession"),
    ("beforeTearDown", "tearDown"),
    ("disconnected", "onDisconnected"),
    ("messageNotification", "handleMessageNotification"),
];

/// Tells everybody who listens of the event `name`, and resolves the promise of that name if there is one.
#[wasm_bindgen(js_namespace = ["api"], js_name = emit, variadic)]
pub fn emit(name: &JsValue, arguments: &JsValue) -> Result<(), JsValue> {
    let name = string_argument(name, "emit: the event name must be a string")?;
    page()?.announce(&name, arguments.dyn_ref().unwrap_or(&Array::new()));
    Ok(())
}

impl Page {
    /// Tells everybody who listens, or has that function do so whose step it is.
    pub(super) fn emit(&self, name: &str, arguments: &Array) {
        let step = STEPS.iter().find(|(event, _)| *event == name);
        match step.and_then(|(_, step)| js::function(&self.converse, step)) {
            None => self.announce(name, arguments),
            Some(step) => {
                if let Err(exception) = step.apply(&self.converse, arguments) {
                    js::report_error(&exception);
                }
            }
        }
    }

    /// Tells everybody who listens, then resolves the promise of that name.
    fn announce(&self, name: &str, arguments: &Array) {
        self.trigger(name, arguments);
        self.resolve_promise(name);
    }

    /// [`Self::emit`] without arguments.
    pub(super) fn emit_plain(&self, name: &str) {
        self.emit(name, &Array::new());
    }
}
