//! `fetch()`, for POST requests whose answer is text.

use std::{cell::RefCell, rc::Rc};

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, RequestInit, Response};

/// A request under way; dropping it gives it up, and nothing of it is heard afterwards.
pub struct Request {
    controller: AbortController,
}

/// The answer to a request.
pub struct Answer {
    pub status: u16,
    pub body: String,
}

impl Request {
    /// Sends `body` to `url` and calls `handler` once, with `None` if there is no answer.
    pub fn post(url: &str, body: &str, handler: impl FnOnce(Option<Answer>) + 'static) -> Result<Self, JsValue> {
        let controller = AbortController::new()?;
        let signal = controller.signal();
        let init = RequestInit::new();
        init.set_method("POST");
        init.set_body(&JsValue::from_str(body));
        init.set_signal(Some(&signal));
        let request = web_sys::Request::new_with_str_and_init(url, &init)?;
        request.headers().set("Content-Type", "text/xml; charset=utf-8")?;
        let window = super::window().ok_or(JsValue::UNDEFINED)?;

        let status = Rc::new(RefCell::new(0));
        todo!()
    }
}
