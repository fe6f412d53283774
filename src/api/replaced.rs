//! What plugins do in the core's place, by having replaced a method of a handle (`www/models/replaced.ts`).

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

use super::{
    error::{send_error, wrong_argument},
    js,
    page::{Page, page},
    send,
    stanza::to_dom,
};
use crate::{
    client::Replaced,
    driver,
    store::{Key, Kind, STATUS_ID},
    xml::Element,
};

/// Says which steps are left to the page, as bits.
#[wasm_bindgen(js_namespace = ["core"], js_name = leave)]
pub fn leave(steps: u8) {
    driver::with(|client, _| client.set_replaced(Replaced(steps)));
}

/// Takes in a stanza that was left to the page.
#[wasm_bindgen(js_namespace = ["core"], js_name = receive)]
pub fn receive(stanza: &JsValue) -> Result<(), JsValue> {
    let element = page()?.read_stanza(stanza)?;
    let taken = driver::with(|client, now| client.receive(now, element));
    taken.map_err(|_| wrong_argument("the stanza is none that could have come here"))
}

/// Tells the page's plugins that stanzas can be exchanged, as [`Page::handle_online`] does if no plugin has replaced
/// `_converse.onConnected`.
#[wasm_bindgen(js_namespace = ["core"], js_name = tellConnected)]
pub fn tell_connected() -> Result<(), JsValue> {
    page()?.tell_online();
    Ok(())
}

/// Says whether what goes over the wire is to be shown to the loader.
#[wasm_bindgen(js_namespace = ["core"], js_name = watchWire)]
pub fn watch_wire(watched: bool) -> Result<(), JsValue> {
    page()?.wired.set(watched);
    Ok(())
}

/// Sends a stanza without telling of it.
#[wasm_bindgen(js_namespace = ["core"], js_name = transmit)]
pub fn transmit(stanza: &JsValue) -> Result<(), JsValue> {
    let element = page()?.read_stanza(stanza)?;
    driver::with(|client, now| client.send(now, element)).map(drop).map_err(send_error)
}

/// Asks something without telling of it.
#[wasm_bindgen(js_namespace = ["core"], js_name = request)]
pub fn request(stanza: &JsValue, timeout: &JsValue) -> Result<Promise, JsValue> {
    let page = page()?;
    send::request(&page, stanza, timeout)
}

/// Says that the message with this id, which was left to the page, is not sent.
#[wasm_bindgen(js_namespace = ["core"], js_name = giveUp)]
pub fn give_up(id: String) {
    driver::with(|client, now| client.give_up(now, id));
}

impl Page {
    /// Leaves a stanza to the plugins that take in such stanzas.
    pub(super) fn handle_incoming(&self, stanza: &Element, room: Option<&Key>) {
        driver::with(|client, _| client.take_held());
        match to_dom(stanza) {
            Ok(element) => {
                let room = room.map_or(JsValue::UNDEFINED, |room| self.handle_of(room));
                self.call_models("incoming", &[&element, &room]);
            }
            Err(exception) => js::report_error(&exception),
        }
    }

    /// Has a plugin make a stanza, and send it: of a message, or to those of a conversation.
    pub(super) fn handle_outgoing(&self, of: &Key, stanza: &Element) {
        match to_dom(stanza) {
            Ok(element) => self.call_models("outgoing", &[&self.handle_of(of), &self.chat_of(of), &element]),
            Err(exception) => js::report_error(&exception),
        }
    }

    /// Has a plugin tell how the user can be reached.
    pub(super) fn handle_own_presence(&self, changed: bool) {
        let status = self.handle_of(&Key::new(Kind::Status, STATUS_ID));
        self.call_models("ownPresence", &[&status, &changed.into()]);
    }

    pub(super) fn call_models(&self, name: &str, arguments: &[&JsValue]) {
        let arguments: Array = arguments.iter().copied().collect();
        if let Err(exception) = self.models.function(name).apply(&JsValue::UNDEFINED, &arguments) {
            js::report_error(&exception);
        }
    }
}
