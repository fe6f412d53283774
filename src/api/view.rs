//! What the elements show, which are JavaScript (`www/elements/`): they say what of it they can see, and are told when
//! something of it may have changed.

use std::{cell::RefCell, rc::Rc};

use js_sys::{Array, Date, Function, Object};
use wasm_bindgen::prelude::*;

use super::{
    js,
    page::Page,
    value::{attributes_from_js, attributes_to_js},
    view_rooms,
};
use crate::{
    driver,
    feature::archive,
    jid::BareJid,
    store::{Attributes, Change, Kind, Past, Timeline, Value},
    time::Timestamp,
    view::{boxes, conversation, names, roster},
};

/// Milliseconds of a day.
const DAY: i64 = 24 * 60 * 60 * 1_000;

/// How many changes may have been noted for the next vCard to be noted by whose it is.
const NAMED: usize = 100;

thread_local! {
    static SHOWN: RefCell<Shown> = RefCell::default();
}

/// What the elements were shown last, and what has changed since.
#[derive(Default)]
struct Shown {
    /// Told once when something changes, until the changes are taken.
    wake: Option<Function>,
    roster: roster::Roster,
    /// What the list of contacts was narrowed to, unless it must be made anew.
    listed: Option<roster::Filter>,
    /// The kinds that have changed, each with which entities.
    changes: Vec<(Kind, Rc<str>)>,
}

/// Has `wake` called when something changes that is shown. Once; then the changes must be taken.
#[wasm_bindgen(js_namespace = ["core"], js_name = onShown)]
pub fn on_shown(wake: &Function) {
    SHOWN.with(|shown| shown.borrow_mut().wake = Some(wake.clone()));
}

/// The kinds of entities that have changed since this was asked last, each followed by whom messages and occupants belong to,
/// and by whose vCard it is: of these, elements look at one owner's. It is empty for others, and where it may be anyone's.
#[wasm_bindgen(js_namespace = ["core"], js_name = takeShown)]
pub fn take_shown() -> Array {
    let changes = SHOWN.with(|shown| std::mem::take(&mut shown.borrow_mut().changes));
    let pairs = changes.into_iter().flat_map(|(kind, of)| [JsValue::from(kind as u8), JsValue::from_str(&of)]);
    pairs.collect()
}

/// Lists the contacts, anew if something of it has changed, and says how many rows that makes.
#[wasm_bindgen(js_namespace = ["core"], js_name = listContacts)]
pub fn list_contacts(filter: &Object) -> u32 {
    let given = attributes_from_js(filter);
    let text = |name| given.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let filter = roster::Filter {
        name: text("name"),
        group: text("group"),
        state: text("state"),
        hides_offline: given.get("hides_offline").is_some_and(Value::is_truthy),
        closed: match given.get("closed") {
            Some(Value::List(names)) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        },
    };
    SHOWN.with(|shown| {
        let mut shown = shown.borrow_mut();
        if shown.listed.as_ref() != Some(&filter) {
            shown.roster = driver::peek(|client| roster::Roster::new(client.store(), &filter));
            shown.listed = Some(filter);
        }
        u32::try_from(shown.roster.len()).unwrap_or(u32::MAX)
    })
}

/// The rows of the last list from one place to before another.
#[wasm_bindgen(js_namespace = ["core"], js_name = contactRows)]
pub fn contact_rows(from: u32, to: u32) -> Array {
    SHOWN.with(|shown| {
        let shown = shown.borrow();
        let rows = shown.roster.slice(from as usize, to as usize);
        driver::peek(|client| objects(rows.iter().map(|row| row.attributes(client.store()))))
    })
}

/// The version of the library.
#[wasm_bindgen(js_namespace = ["core"])]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// The open conversations.
#[wasm_bindgen(js_namespace = ["core"])]
pub fn boxes() -> Array {
    driver::peek(|client| {
        let store = client.store();
        objects(boxes::all(store).iter().map(|open| open.attributes(store)))
    })
}

/// How many messages a conversation has here.
#[wasm_bindgen(js_namespace = ["core"], js_name = lineCount)]
pub fn line_count(of: &str) -> u32 {
    let count = driver::peek(|client| client.store().timeline(of).map_or(0, Timeline::len));
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The place of the message `number` of a conversation.
#[wasm_bindgen(js_namespace = ["core"], js_name = linePlace)]
pub fn line_place(of: &str, number: u32) -> Option<u32> {
    let place = driver::peek(|client| client.store().timeline(of)?.place(number));
    place.and_then(|place| u32::try_from(place).ok())
}

/// How far back a conversation is here: `open` if there may be more in its archive, `asked` while that is being read, `whole`.
#[wasm_bindgen(js_namespace = ["core"])]
pub fn past(of: &str) -> String {
    let past = driver::peek(|client| client.store().timeline(of).map(Timeline::past));
    let word = match past {
        Some(Past::Open) => "open",
        Some(Past::Asked) => "asked",
        Some(Past::Whole) | None => "whole",
    };
    word.to_owned()
}

/// Has the archive read further back, if there is more to read.
#[wasm_bindgen(js_namespace = ["core"], js_name = fetchOlder)]
pub fn fetch_older(of: &str) {
    if let Ok(with) = BareJid::new(of) {
        let _: Option<()> =
            driver::with(|client, now| client.in_context(now, |context| archive::fetch_older(context, &with)));
    }
}

/// The messages of a conversation from one place to before another.
#[wasm_bindgen(js_namespace = ["core"])]
pub fn lines(of: &str, from: u32, to: u32) -> Array {
    driver::peek(|client| {
        let store = client.store();
        let Some(timeline) = store.timeline(of) else { return Array::new() };
        let lines = conversation::lines(timeline, from as usize, to as usize, local_day);
        objects(lines.iter().map(|line| line.attributes(store, of)))
    })
}

/// The message of the user's own that can be changed and comes right after the message `beside`, or before it; without one,
/// the newest of all.
#[wasm_bindgen(js_namespace = ["core"])]
pub fn correctable(of: &str, beside: Option<u32>, after: bool) -> Option<u32> {
    driver::peek(|client| conversation::correctable(client.store().timeline(of)?, beside, after))
}

/// Takes in that all is another account's, or nobody's.
pub(super) fn forget() {
    SHOWN.with(|shown| shown.borrow_mut().listed = None);
    view_rooms::forget();
}

/// The nicknames of those in a room that begin with `start`; at most `most` of them.
#[wasm_bindgen(js_namespace = ["core"])]
pub fn nicknames(of: &str, start: &str, most: u32) -> Array {
    let Ok(jid) = BareJid::new(of) else { return Array::new() };
    driver::peek(|client| {
        let room = client.store().rooms.get(&jid);
        let found = room.map(|room| names::beginning(room, start, most as usize)).unwrap_or_default();
        found.into_iter().map(JsValue::from_str).collect()
    })
}

/// The message `number` of a conversation with all of its text, as it is when it stands alone.
#[wasm_bindgen(js_namespace = ["core"], js_name = wholeLine)]
pub fn whole_line(of: &str, number: u32) -> JsValue {
    driver::peek(|client| {
        let store = client.store();
        let place = store.timeline(of).and_then(|timeline| Some((timeline, timeline.place(number)?)));
        let lines = place.map(|(timeline, at)| conversation::lines(timeline, at, at.saturating_add(1), local_day));
        let line = lines.as_deref().and_then(<[_]>::first).map(|line| conversation::Line { whole: true, ..*line });
        line.map_or(JsValue::UNDEFINED, |line| attributes_to_js(&line.attributes(store, of)).into())
    })
}

impl Page {
    /// Remembers that something has changed that may be shown.
    pub(super) fn note_shown(&self, change: &Change) {
        view_rooms::note(change);
        let wake = SHOWN.with(|shown| {
            let mut shown = shown.borrow_mut();
            if let Some(filter) = &shown.listed
                && driver::peek(|client| filter.is_about(client.store(), &change.key))
            {
                shown.listed = None;
            }
            shown.note(change)
        });
        if let Some(wake) = wake
            && let Err(exception) = wake.call0(&JsValue::UNDEFINED)
        {
            js::report_error(&exception);
        }
    }
}

impl Shown {
    /// Whom to tell, if that has not been done yet.
    fn note(&mut self, change: &Change) -> Option<Function> {
        let wake = self.wake.as_ref()?;
        let key = &change.key;
        // There are as many as open conversations, and no more vCards than this: a page that is out of sight takes no changes
        // for long, and a list of all who were heard of would be gone through for each.
        let of = match key.kind {
            Kind::Message | Kind::Occupant => &*key.of,
            Kind::VCard if self.changes.len() < NAMED => &*key.id,
            _ => "",
        };
        if self.changes.iter().any(|(kind, other)| *kind == key.kind && **other == *of) {
            return None;
        }
        let first = self.changes.is_empty();
        self.changes.push((key.kind, of.into()));
        first.then(|| wake.clone())
    }
}

fn objects(all: impl Iterator<Item = Attributes>) -> Array {
    all.map(|attributes| attributes_to_js(&attributes)).collect()
}

/// The number of the day on which `time` is where the user is.
fn local_day(time: Timestamp) -> i64 {
    let milliseconds = time.milliseconds();
    let offset = Date::new(&JsValue::from_f64(milliseconds as f64)).get_timezone_offset();
    milliseconds.saturating_sub((offset as i64).saturating_mul(60_000)).div_euclid(DAY)
}
