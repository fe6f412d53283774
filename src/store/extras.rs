//! Attributes that plugins gave to entities: theirs to name, kept and cached like those of the core.

use super::{
    Attributes, Key, Kind, Table, Value,
    saved::{decode_attributes, encode_attributes},
};
use crate::xml::{Element, ns};

/// The attributes of plugins, by entity. They go before what the core says.
#[derive(Clone, Debug, Default)]
pub struct Extras {
    by_entity: Table<(Key, Attributes)>,
}

impl Extras {
    /// The attributes of `key`.
    pub fn get(&self, key: &Key) -> Option<&Attributes> {
        if self.by_entity.is_empty() {
            return None;
        }
        self.by_entity.get(&name(key)).map(|(_, attributes)| attributes)
    }

    /// Gives an attribute a value; [`Value::Undefined`] takes it out.
    pub fn set(&mut self, key: &Key, attribute: &str, value: Value) {
        let id = name(key).into();
        let (_, attributes) = self.by_entity.get_or_insert(&id, || (key.clone(), Attributes::default()));
        match value {
            Value::Undefined => drop(attributes.take(attribute)),
            value => attributes.set(attribute, value),
        }
        if attributes.is_empty() {
            self.by_entity.remove(&id);
        }
    }

    /// Forgets the attributes of an entity that is gone.
    pub fn remove(&mut self, key: &Key) {
        if !self.by_entity.is_empty() {
            self.by_entity.remove(&name(key));
        }
    }

    pub(super) fn encode(&self) -> Option<Element> {
        let mut extras = Element::new("extras", ns::CACHE);
        let mut empty = true;
        for (key, attributes) in self.by_entity.values().filter(|(key, _)| is_lasting(key.kind)) {
            let mut entity = Element::new("entity", ns::CACHE).with_attribute("kind", (key.kind as u8).to_string());
            entity.set_attribute("of", &*key.of);
            entity.set_attribute("id", &*key.id);
            encode_attributes(&mut entity, attributes);
            extras.push(entity);
            empty = false;
        }
        (!empty).then_some(extras)
    }

    pub(super) fn decode(saved: &Element) -> Self {
        let mut extras = Self::default();
        for entity in saved.children() {
            let kind = entity.attribute("kind").and_then(|kind| Kind::ALL.get(kind.parse::<usize>().ok()?));
            let (Some(kind), Some(of), Some(id)) = (kind, entity.attribute("of"), entity.attribute("id")) else {
                continue;
            };
            let key = Key::within(*kind, of, id);
            extras.by_entity.insert(name(&key).into(), (key, decode_attributes(entity)));
        }
        extras
    }
}

/// The entity as one text. A line break stands in no address and no id.
fn name(key: &Key) -> String {
    let mut name = String::with_capacity(key.of.len() + key.id.len() + 3);
    name.push(char::from(b'a' + key.kind as u8));
    name.push_str(&key.of);
    name.push('\n');
    name.push_str(&key.id);
    name
}

/// Whose attributes are worth keeping over a reload: those of entities that are.
fn is_lasting(kind: Kind) -> bool {
    !matches!(kind, Kind::Presence | Kind::Resource | Kind::Occupant)
}
