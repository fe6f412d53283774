//! What the handles of plugins, which are JavaScript (`www/models/`), read and write of the core's entities.

use std::cell::RefCell;

use js_sys::{Array, Function, Object};
use wasm_bindgen::prelude::*;

use super::{
    js,
    page::Page,
    value::{attributes_from_js, attributes_to_js},
};
use crate::{
    driver,
    store::{Change, Key, Kind, Table, entity_name},
};

/// The loader's half: handles and what they are told.
pub(super) struct Models {
    /// From kind, owner and id to the handle.
    handle: Function,
    /// Takes a change: what, kind, owner, id.
    changed: Function,
    /// Takes in that everything may have changed.
    reset: Function,
    /// The class of what leads through pages of results.
    pub(super) rsm: Function,
    /// Makes a promise that plugins can settle and look at.
    pub(super) promise: Function,
    /// What plugins find on `_converse`, by name.
    properties: Object,
    /// All of the loader's half.
    all: JsValue,
}

thread_local! {
    /// Handles outlive the `initialize` they were made in.
    static WATCHED: RefCell<Watched> = RefCell::default();
}

/// Which entities handles exist of, and which collections somebody listens to.
#[derive(Default)]
struct Watched {
    /// How many there are of each kind.
    counts: [u32; Kind::ALL.len()],
    entities: Table<()>,
}

/// The attributes of an entity; undefined if there is no such one.
#[wasm_bindgen(js_namespace = ["core"])]
pub fn attributes(kind: u8, of: &str, id: &str) -> Option<Object> {
    let key = key(kind, of, id)?;
    driver::peek(|client| client.store().attributes(&key)).map(|attributes| attributes_to_js(&attributes))
}

/// The ids of a collection, in its order.
#[wasm_bindgen(js_namespace = ["core"])]
pub fn ids(kind: u8, of: &str) -> Array {
    let ids = kind_of(kind).map(|kind| driver::peek(|client| client.store().ids(kind, of)));
    ids.unwrap_or_default().iter().map(|id| JsValue::from_str(id)).collect()
}

/// The ids of those to whom a plugin, or the client, has given an attribute: few, of however many there are.
#[wasm_bindgen(js_namespace = ["core"])]
pub fn given(kind: u8, of: &str, attribute: &str) -> Array {
    let ids = kind_of(kind).map(|kind| driver::peek(|client| client.store().extras.given(kind, of, attribute)));
    ids.unwrap_or_default().iter().map(|id| JsValue::from_str(id)).collect()
}

/// How many they are.
#[wasm_bindgen(js_namespace = ["core"])]
pub fn count(kind: u8, of: &str) -> usize {
    kind_of(kind).map_or(0, |kind| driver::peek(|client| client.store().count(kind, of)))
}

/// Whether an entity is in the collection of its kind.
#[wasm_bindgen(js_namespace = ["core"])]
pub fn has(kind: u8, of: &str, id: &str) -> bool {
    key(kind, of, id).is_some_and(|key| driver::peek(|client| client.store().has(&key)))
}

/// Gives an entity attributes of a plugin's.
#[wasm_bindgen(js_namespace = ["core"])]
pub fn write(kind: u8, of: &str, id: &str, attributes: &Object) {
    if let Some(key) = key(kind, of, id) {
        let attributes = attributes_from_js(attributes);
        driver::with(|client, now| client.write(now, &key, &attributes));
    }
}

/// Says that there is a handle of an entity, or with an empty id, that somebody listens to a collection; or that this
/// is over.
#[wasm_bindgen(js_namespace = ["core"])]
pub fn watch(kind: u8, of: &str, id: &str, watched: bool) {
    WATCHED.with(|all| all.borrow_mut().set(kind, of, id, watched));
}

impl Watched {
    fn set(&mut self, kind: u8, of: &str, id: &str, watched: bool) {
        let name = entity_name(kind, of, id);
        let changed = match watched {
            true => self.entities.insert(name.as_str().into(), ()).is_none(),
            false => self.entities.remove(&name).is_some(),
        };
        if let (true, Some(count)) = (changed, self.counts.get_mut(usize::from(kind))) {
            *count = if watched { count.saturating_add(1) } else { count.saturating_sub(1) };
        }
    }

    fn has(&self, key: &Key) -> bool {
        let kind = key.kind as u8;
        let any = self.counts.get(usize::from(kind)).is_some_and(|count| *count > 0);
        let watched = |id| self.entities.get(&entity_name(kind, &key.of, id)).is_some();
        any && (watched(&key.id) || watched(""))
    }
}

impl Models {
    /// A function of the loader's half that is called seldom.
    pub(super) fn function(&self, name: &str) -> Function {
        js::own_function(&self.all, name)
    }

    pub(super) fn new(models: &JsValue) -> Self {
        let function = |name| js::own_function(models, name);
        Self {
            handle: function("handle"),
            changed: function("changed"),
            reset: function("reset"),
            rsm: function("RSM"),
            promise: function("promise"),
            properties: js::get(models, "properties").dyn_into().unwrap_or_default(),
            all: models.clone(),
        }
    }
}

impl Page {
    /// The handle of an entity: the same as long as anyone holds it.
    pub(super) fn handle_of(&self, key: &Key) -> JsValue {
        let arguments = [&JsValue::from(key.kind as u8), &JsValue::from_str(&key.of), &JsValue::from_str(&key.id)];
        let [kind, of, id] = arguments;
        self.models.handle.call3(&JsValue::UNDEFINED, kind, of, id).unwrap_or_default()
    }

    /// What shows a conversation, where something does, or else its handle.
    pub(super) fn view_of(&self, handle: &JsValue) -> JsValue {
        self.models.function("viewOf").call1(&JsValue::UNDEFINED, handle).unwrap_or_else(|_| handle.clone())
    }

    /// Tells the handles of a change.
    pub(super) fn handle_change(&self, change: &Change) {
        let Change { key, what } = change;
        if !is_watched(key) {
            return;
        }
        let arguments = Array::new();
        arguments.push(&JsValue::from(*what as u8));
        arguments.push(&JsValue::from(key.kind as u8));
        arguments.push(&JsValue::from_str(&key.of));
        arguments.push(&JsValue::from_str(&key.id));
        if let Err(exception) = self.models.changed.apply(&JsValue::UNDEFINED, &arguments) {
            js::report_error(&exception);
        }
    }

    /// Tells the handles that everything may have changed.
    pub(super) fn handle_reset(&self) {
        super::view::forget();
        if let Err(exception) = self.models.reset.call0(&JsValue::UNDEFINED) {
            js::report_error(&exception);
        }
    }

    /// Puts what plugins find on `_converse` from now on there.
    pub(super) fn publish(&self, names: &[&str]) {
        for name in names {
            js::set(&self.converse, name, &js::get(&self.models.properties, name));
        }
    }

    /// One of these things, whether it is there already or not.
    pub(super) fn property(&self, name: &str) -> JsValue {
        js::get(&self.models.properties, name)
    }

    /// Puts the classes there.
    pub(super) fn publish_classes(&self) {
        let classes: Object = js::get(&self.models.properties, "classes").dyn_into().unwrap_or_default();
        js::keys(&classes).iter().for_each(|name| js::set(&self.converse, name, &js::get(&classes, name)));
    }
}

/// Whether anybody would notice a change of this entity.
pub(super) fn is_watched(key: &Key) -> bool {
    WATCHED.with(|watched| watched.borrow().has(key))
}

fn key(kind: u8, of: &str, id: &str) -> Option<Key> {
    kind_of(kind).map(|kind| Key::within(kind, of, id))
}

fn kind_of(kind: u8) -> Option<Kind> {
    Kind::ALL.get(usize::from(kind)).copied()
}
