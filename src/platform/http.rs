//! `XMLHttpRequest`, for POST requests whose answer is text.
//!
//! `fetch()` would need promises, and what runs them, for the same two lines: it weighs three times as much.

use wasm_bindgen::prelude::*;
use web_sys::XmlHttpRequest;

/// A request under way; dropping it gives it up, and nothing of it is heard afterwards.
pub struct Request {
    request: XmlHttpRequest,
    _ended: Closure<dyn FnMut()>,
}

/// The answer to a request.
pub struct Answer {
    pub status: u16,
    pub body: String,
}

impl Request {
    /// Sends `body` to `url` and calls `handler` once, with `None` if there is no answer.
    pub fn post(url: &str, body: &str, handler: impl Fn(Option<Answer>) + 'static) -> Result<Self, JsValue> {
        let request = XmlHttpRequest::new()?;
        request.open("POST", url)?;
        request.set_request_header("Content-Type", "text/xml; charset=utf-8")?;
        let answered = request.clone();
        let ended = Closure::<dyn FnMut()>::new(move || handler(answer(&answered)));
        request.set_onloadend(Some(ended.as_ref().unchecked_ref()));
        request.send_with_opt_str(Some(body))?;
        Ok(Self { request, _ended: ended })
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        self.request.set_onloadend(None);
        // On a request that has ended this does nothing.
        let _: Result<(), JsValue> = self.request.abort();
    }
}

/// What a request that has ended brought. The status 0 is none: the network failed, or the page may not see it.
fn answer(request: &XmlHttpRequest) -> Option<Answer> {
    let status = request.status().ok().filter(|status| *status != 0)?;
    Some(Answer { status, body: request.response_text().ok()?? })
}
