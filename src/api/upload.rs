//! Files that are sent in conversations.

use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;
use web_sys::File;

use super::{
    calls::not_connected,
    js,
    page::{Page, page},
    value::to_js,
};
use crate::{
    driver,
    feature::{chat, upload},
    jid::BareJid,
    store::{Key, Kind, Upload},
};

/// Sends a file in the conversation with `jid`. The message comes back that tells how far that is.
#[wasm_bindgen(js_namespace = ["core"], js_name = sendFile)]
pub fn send_file(jid: &str, file: &File) -> Result<JsValue, JsValue> {
    // Sizes are whole numbers, and no file has 2^53 bytes.
    let about = Upload::new(file.name(), file.size() as u64, file.type_());
    let key = driver::upload(file.clone().into(), |client, now| {
        client.in_context(now, |context| {
            // A conversation with a person begins when somebody says something.
            let person = BareJid::new(jid).ok().filter(|of| context.store.rooms.get(of).is_none());
            if let Some(person) = person {
                let _: Key = chat::open(context, &person);
            }
            upload::send(context, jid, about)
        })?
    });
    Ok(page()?.handle_of(&key.ok_or_else(not_connected)?))
}

/// Sends the file of the message `id` once more, if it could not be sent and is still here.
#[wasm_bindgen(js_namespace = ["core"], js_name = sendFileAgain)]
pub fn send_file_again(of: &str, id: &str) -> bool {
    let key = Key::within(Kind::Message, of, id);
    if driver::file_of(&key).is_none() {
        return false;
    }
    let sent = driver::with(|client, now| client.in_context(now, |context| upload::send_again(context, &key)));
    sent.unwrap_or(false)
}

/// The file that the message `id` is to lead to, as long as it is here.
#[wasm_bindgen(js_namespace = ["core"], js_name = fileOf)]
pub fn file_of(of: &str, id: &str) -> JsValue {
    driver::file_of(&Key::within(Kind::Message, of, id)).map_or(JsValue::UNDEFINED, Into::into)
}

impl Page {
    /// Tells that a file could not be sent.
    pub(super) fn handle_upload_failed(&self, key: &Key) {
        if !self.listeners.borrow().any("uploadFailed") {
            return;
        }
        let attributes = driver::peek(|client| client.store().attributes(key)).unwrap_or_default();
        let payload = Object::new();
        js::set(&payload, "message", &self.handle_of(key));
        js::set(&payload, "chatbox", &self.chat_of(key));
        js::set(&payload, "error", &attributes.get("upload_error").map_or(JsValue::UNDEFINED, to_js));
        self.emit("uploadFailed", &Array::of1(&payload));
    }
}
