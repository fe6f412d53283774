//! What plugins hold of an entity: a handle with the methods of a Backbone model. The state stays in the core.

use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;

use super::js;
use crate::{driver, jid::BareJid, store::Contact};

/// A handle of a contact. Once the contact is gone its attributes are undefined.
#[wasm_bindgen]
pub struct Model {
    jid: BareJid,
}

#[wasm_bindgen]
impl Model {
    /// The value of the attribute `name`.
    pub fn get(&self, name: &str) -> JsValue {
        self.read(|contact| attribute(contact, name)).unwrap_or_default()
    }

    /// Whether the attribute `name` has a value.
    pub fn has(&self, name: &str) -> bool {
        let value = self.get(name);
        !value.is_undefined() && !value.is_null()
    }

    /// A copy of all attributes.
    #[wasm_bindgen(js_name = toJSON)]
    pub fn to_json(&self) -> Object {
        let attributes = Object::new();
        for name in ATTRIBUTES {
            js::set(&attributes, name, &self.get(name));
        }
        attributes
    }

    /// A copy of all attributes.
    #[wasm_bindgen(getter)]
    pub fn attributes(&self) -> Object {
        self.to_json()
    }

    /// What tells this entity from all others of its kind.
    #[wasm_bindgen(getter)]
    pub fn id(&self) -> String {
        self.jid.as_str().to_owned()
    }
}

impl Model {
    pub(super) fn contact(jid: BareJid) -> Self {
        Self { jid }
    }

    fn read<R>(&self, f: impl FnOnce(&Contact) -> R) -> Option<R> {
        driver::peek(|client| client.contacts().get(&self.jid).map(f))
    }
}

/// The attributes a contact has so far.
const ATTRIBUTES: &[&str] = &["id", "jid", "user_id", "nickname", "fullname", "subscription", "ask", "groups"];

fn attribute(contact: &Contact, name: &str) -> JsValue {
    match name {
        "id" | "jid" => contact.jid.as_str().into(),
        "user_id" => contact.jid.local().into(),
        "nickname" | "fullname" => contact.name.as_deref().into(),
        "subscription" => contact.subscription.into(),
        "ask" if contact.ask => "subscribe".into(),
        "ask" => JsValue::NULL,
        "groups" => contact.groups.iter().map(|group| JsValue::from_str(group)).collect::<Array>().into(),
        _ => JsValue::UNDEFINED,
    }
}
