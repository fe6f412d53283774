//! What the elements show of rooms, and what is typed into them.

use std::cell::RefCell;

use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;

use super::{
    page::page,
    value::{attributes_to_js, to_js},
};
use crate::{
    driver,
    jid::BareJid,
    session::shown,
    stanza::questions,
    store::{Room, Value},
    view::{commands, conversation, occupants::Occupants},
    xml::{Element, ns},
};

thread_local! {
    /// Those in each room, as they were listed last.
    static LISTED: RefCell<Vec<(BareJid, Occupants)>> = RefCell::default();
}

/// Lists those in a room anew, as `filter` says, and says how many rows that makes, and how many of them are of people who
/// are there.
#[wasm_bindgen(js_namespace = ["core"], js_name = listOccupants)]
pub fn list_occupants(jid: &str, filter: &str) -> Array {
    let count = |count: usize| JsValue::from_f64(count as f64);
    let listed = in_room(jid, |room| Occupants::new(room, filter));
    let (Some(listed), Ok(jid)) = (listed, BareJid::new(jid)) else { return Array::of2(&count(0), &count(0)) };
    let counts = Array::of2(&count(listed.len()), &count(listed.here()));
    LISTED.with(|all| {
        let mut all = all.borrow_mut();
        // Rooms that are closed are listed no more.
        all.retain(|(other, _)| *other != jid && driver::peek(|client| client.store().rooms.get(other).is_some()));
        all.push((jid, listed));
    });
    counts
}

/// The rows of the last list of a room from one place to before another.
#[wasm_bindgen(js_namespace = ["core"], js_name = occupantRows)]
pub fn occupant_rows(jid: &str, from: u32, to: u32) -> Array {
    let rows = in_room(jid, |room| {
        LISTED.with(|all| {
            let all = all.borrow();
            let (_, listed) = all.iter().find(|(other, _)| *other == room.jid)?;
            Some(listed.rows(room, from as usize, to as usize))
        })
    });
    rows.flatten().unwrap_or_default().iter().map(attributes_to_js).collect()
}

/// What is typed into a room, if it is a command and no message. `disabled` names commands that are switched off.
#[wasm_bindgen(js_namespace = ["core"], js_name = roomCommand)]
pub fn room_command(jid: &str, text: &str, disabled: &Array) -> Option<Object> {
    let disabled: Vec<String> = disabled.iter().filter_map(|name| name.as_string()).collect();
    let command = in_room(jid, |room| commands::parse(room, text, &disabled)).flatten()?;
    Some(attributes_to_js(&command.attributes()))
}

/// The fields of the form in the stanza `stanza`, as they are shown.
#[wasm_bindgen(js_namespace = ["core"], js_name = formFields)]
pub fn form_fields(stanza: &JsValue) -> Result<JsValue, JsValue> {
    let stanza = page()?.read_stanza(stanza)?;
    let fields = form_in(&stanza).map(|form| questions(form).iter().map(|question| shown(question, &[])).collect());
    Ok(to_js(&Value::List(fields.unwrap_or_default())))
}

/// What has happened in a room before anything was said.
#[wasm_bindgen(js_namespace = ["core"], js_name = firstNotices)]
pub fn first_notices(of: &str) -> JsValue {
    driver::peek(|client| to_js(&conversation::notices(client.store(), of, None)))
}

fn form_in(stanza: &Element) -> Option<&Element> {
    stanza.children().find_map(|child| child.child("x", &ns::DATA_FORM))
}

fn in_room<T>(jid: &str, read: impl FnOnce(&Room) -> T) -> Option<T> {
    let jid = BareJid::new(jid).ok()?;
    driver::peek(|client| client.store().rooms.get(&jid).map(read))
}
