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
    store::{Change, Key, Kind, Room, Value, What},
    view::{commands, conversation, occupants::Occupants},
    xml::{Element, ns},
};

thread_local! {
    /// Those in each room, as they were listed last.
    static LISTED: RefCell<Vec<Listed>> = RefCell::default();
}

struct Listed {
    room: BareJid,
    filter: String,
    occupants: Occupants,
    /// Somebody has come, gone or changed since.
    stale: bool,
}

/// Lists those in a room, as `filter` says, anew if something of it has changed. Says how many rows that makes, and how many
/// of them are of people who are there.
#[wasm_bindgen(js_namespace = ["core"], js_name = listOccupants)]
pub fn list_occupants(jid: &str, filter: &str) -> Array {
    let counts = in_room(jid, |room| {
        LISTED.with(|all| {
            let mut all = all.borrow_mut();
            let known = all.iter().find(|one| one.room == room.jid && one.filter == filter && !one.stale);
            if let Some(Listed { occupants, .. }) = known {
                return (occupants.len(), occupants.here());
            }
            let occupants = Occupants::new(room, filter);
            let counts = (occupants.len(), occupants.here());
            all.retain(|one| one.room != room.jid);
            all.push(Listed { room: room.jid.clone(), filter: filter.to_owned(), occupants, stale: false });
            counts
        })
    });
    let (all, here) = counts.unwrap_or_default();
    Array::of2(&JsValue::from_f64(all as f64), &JsValue::from_f64(here as f64))
}

/// Takes in that something has changed that may be listed. Rooms that are closed are listed no more.
pub(super) fn note(change: &Change) {
    let Key { kind, of, id } = &change.key;
    LISTED.with(|all| {
        let mut all = all.borrow_mut();
        match (kind, change.what) {
            (Kind::Occupant, _) => {
                all.iter_mut().filter(|one| one.room.as_str() == &**of).for_each(|one| one.stale = true);
            }
            (Kind::Room, What::Removed) => all.retain(|one| one.room.as_str() != &**id),
            _ => {}
        }
    });
}

/// Takes in that all is another account's, or nobody's.
pub(super) fn forget() {
    LISTED.with(|all| all.borrow_mut().clear());
}

/// The rows of the last list of a room from one place to before another.
#[wasm_bindgen(js_namespace = ["core"], js_name = occupantRows)]
pub fn occupant_rows(jid: &str, from: u32, to: u32) -> Array {
    let rows = in_room(jid, |room| {
        LISTED.with(|all| {
            let all = all.borrow();
            let listed = all.iter().find(|one| one.room == room.jid)?;
            Some(listed.occupants.rows(room, from as usize, to as usize))
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
