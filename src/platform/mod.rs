//! The browser, one small file for each thing it can do. Nothing here knows XMPP.

pub mod attention;
pub mod clock;
pub mod http;
pub mod normalizer;
pub mod random;
pub mod socket;
pub mod storage;
pub mod timer;

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = reportError)]
    fn report(error: &JsValue) -> Result<(), JsValue>;
}

/// Hands an exception to the page as if it had been thrown in an event listener: `window.onerror` sees it.
pub fn report_error(error: &JsValue) {
    // Older browsers do not have it, and pages put functions of their own in the place of the browser's.
    let _: Result<(), JsValue> = report(error);
}

/// The page's global object. There is one wherever this code can run.
fn window() -> Option<web_sys::Window> {
    web_sys::window()
}
