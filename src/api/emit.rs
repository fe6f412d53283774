//! **emit**: events of plugins and of this library.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::{
    error::string_argument,
    page::{Page, page},
};

/// Tells everybody who listens of the event `name`, and resolves the promise of that name if there is one.
#[wasm_bindgen(js_namespace = ["api"], js_name = emit, variadic)]
pub fn emit(name: &JsValue, arguments: &JsValue) -> Result<(), JsValue> {
    let name = string_argument(name, "emit: the event name must be a string")?;
    page()?.emit(&name, arguments.dyn_ref().unwrap_or(&Array::new()));
    Ok(())
}

impl Page {
    /// Tells everybody who listens, then resolves the promise of that name.
    pub(super) fn emit(&self, name: &str, arguments: &Array) {
        self.trigger(name, arguments);
        self.resolve_promise(name);
    }

    /// [`Self::emit`] without arguments.
    pub(super) fn emit_plain(&self, name: &str) {
        self.emit(name, &Array::new());
    }
}
