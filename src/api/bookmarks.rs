//! What `_converse.bookmarks` does (`www/models/bookmarks.ts`).

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::{
    calls::{call, not_connected},
    error::wrong_argument,
};
use crate::{driver, feature::bookmarks, jid::BareJid, store::Bookmark};

/// Adds a bookmark, or changes the one of the same room. The promise resolves with it when the server has it.
#[wasm_bindgen(js_namespace = ["core"], js_name = setBookmark)]
pub fn set(jid: &JsValue, name: &JsValue, nick: &JsValue, autojoin: bool) -> Result<Promise, JsValue> {
    let text = |value: &JsValue| value.as_string().filter(|text| !text.is_empty());
    let (jid, name, nick) = (room(jid)?, text(name), text(nick));
    let bookmark = Bookmark { jid, name, nick, password: None, autojoin, extensions: None };
    if !driver::peek(|client| client.is_connected()) {
        return Ok(Promise::reject(&not_connected()));
    }
    Ok(call(move |client, now, call| {
        client.in_context(now, |context| bookmarks::set(context, call, bookmark));
    }))
}

/// Takes a bookmark out. The promise resolves when the server has done so.
#[wasm_bindgen(js_namespace = ["core"], js_name = removeBookmark)]
pub fn remove(jid: &JsValue) -> Result<Promise, JsValue> {
    let jid = room(jid)?;
    if !driver::peek(|client| client.is_connected()) {
        return Ok(Promise::reject(&not_connected()));
    }
    Ok(call(move |client, now, call| {
        client.in_context(now, |context| bookmarks::remove(context, call, jid));
    }))
}

/// Asks the server for the bookmarks once more. The promise resolves when they are there.
#[wasm_bindgen(js_namespace = ["core"], js_name = fetchBookmarks)]
pub fn fetch() -> Promise {
    if !driver::peek(|client| client.is_connected()) {
        return Promise::reject(&not_connected());
    }
    call(move |client, now, call| {
        client.in_context(now, |context| bookmarks::refresh(context, call));
    })
}

fn room(jid: &JsValue) -> Result<BareJid, JsValue> {
    let jid = jid.as_string().and_then(|jid| BareJid::new(jid.trim()).ok());
    jid.ok_or_else(|| wrong_argument("bookmarks: the jid must be the address of a room"))
}
