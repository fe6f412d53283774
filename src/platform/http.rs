//! `XMLHttpRequest`, for POST requests whose answer is text, and for files to be put somewhere.
//!
//! `fetch()` would need promises, and what runs them, for the same two lines: it weighs three times as much. Nor does it
//! say how much of a file has left.

use wasm_bindgen::prelude::*;
use web_sys::{Blob, ProgressEvent, XmlHttpRequest};

/// A request under way; dropping it gives it up, and nothing of it is heard afterwards.
pub struct Request {
    request: XmlHttpRequest,
    _ended: Closure<dyn FnMut()>,
    _progress: Option<Closure<dyn FnMut(ProgressEvent)>>,
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
        Ok(Self { request, _ended: ended, _progress: None })
    }

    /// Puts `file` to `url`, without what the browser keeps for that place. Calls `progress` with how much has left, from 0
    /// to 1, and `handler` once, with the status, or `None` if there is no answer.
    pub fn put(
        url: &str,
        headers: &[(&'static str, String)],
        file: &Blob,
        progress: impl Fn(f64) + 'static,
        handler: impl Fn(Option<u16>) + 'static,
    ) -> Result<Self, JsValue> {
        let request = XmlHttpRequest::new()?;
        request.open("PUT", url)?;
        for (name, value) in headers {
            request.set_request_header(name, value)?;
        }
        let answered = request.clone();
        let ended = Closure::<dyn FnMut()>::new(move || handler(status(&answered)));
        request.set_onloadend(Some(ended.as_ref().unchecked_ref()));
        let progress = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
            if event.length_computable() && event.total() > 0.0 {
                progress(event.loaded() / event.total());
            }
        });
        request.upload()?.set_onprogress(Some(progress.as_ref().unchecked_ref()));
        // The browser says of what type the file is, as it told the page.
        request.send_with_opt_blob(Some(file))?;
        Ok(Self { request, _ended: ended, _progress: Some(progress) })
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        self.request.set_onloadend(None);
        if let (Some(_), Ok(upload)) = (&self._progress, self.request.upload()) {
            upload.set_onprogress(None);
        }
        // On a request that has ended this does nothing.
        let _: Result<(), JsValue> = self.request.abort();
    }
}

/// What a request that has ended brought.
fn answer(request: &XmlHttpRequest) -> Option<Answer> {
    Some(Answer { status: status(request)?, body: request.response_text().ok()?? })
}

/// The status 0 is none: the network failed, or the page may not see it.
fn status(request: &XmlHttpRequest) -> Option<u16> {
    request.status().ok().filter(|status| *status != 0)
}
