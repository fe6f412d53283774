//! Attributes that plugins gave to entities: theirs to name, kept and cached like those of the core.

use std::rc::Rc;

use super::{
    Attributes, Key, Kind, Table, Value,
    saved::{decode_attributes, encode_attributes},
};
use crate::xml::{Element, ns};

/// The attributes of plugins, by entity. They go before what the core says.
#[derive(Clone, Debug, Default)]
pub struct Extras {
    by_entity: Table<Extra>,
}

/// Those of one entity.
#[derive(Clone, Debug)]
struct Extra {
    key: Key,
    attributes: Attributes,
    /// What the core said under the same names when they were written, where it said anything.
    covered: Attributes,
}

impl Extras {
    /// The attributes of `key`.
    pub fn get(&self, key: &Key) -> Option<&Attributes> {
        if self.by_entity.is_empty() {
            return None;
        }
        self.by_entity.get(&key.name()).map(|extra| &extra.attributes)
    }

    /// Which of the entities of `kind` that belong to `of` have been given `attribute`, by their ids.
    pub fn given(&self, kind: Kind, of: &str, attribute: &str) -> Vec<Rc<str>> {
        let within = self.by_entity.values().filter(|extra| extra.key.kind == kind && *extra.key.of == *of);
        within.filter(|extra| extra.attributes.get(attribute).is_some()).map(|extra| extra.key.id.clone()).collect()
    }

    /// Gives an attribute a value, where the core says `covered` under this name; [`Value::Undefined`] takes it out.
    pub fn set(&mut self, key: &Key, attribute: &str, value: Value, covered: Value) {
        let id = key.name().into();
        let fresh = || Extra { key: key.clone(), attributes: Attributes::default(), covered: Attributes::default() };
        let extra = self.by_entity.get_or_insert(&id, fresh);
        for (attributes, value) in [(&mut extra.attributes, value), (&mut extra.covered, covered)] {
            match value {
                Value::Undefined => drop(attributes.take(attribute)),
                value => attributes.set(attribute, value),
            }
        }
        if extra.attributes.is_empty() {
            self.by_entity.remove(&id);
        }
    }

    /// Takes out what covers something else than what the core says now: its news are to be seen. Whether there was any.
    pub(super) fn uncover(&mut self, key: &Key, own: &Attributes) -> bool {
        let id = key.name();
        let Some(extra) = self.by_entity.get_mut(&id) else { return false };
        let said = |attributes: &Attributes, name: &str| attributes.get(name).cloned().unwrap_or(Value::Undefined);
        let names: Vec<_> = extra.attributes.iter().map(|(name, _)| name.to_owned()).collect();
        let mut any = false;
        for name in &names {
            if said(own, name) != said(&extra.covered, name) {
                extra.attributes.take(name);
                extra.covered.take(name);
                any = true;
            }
        }
        if extra.attributes.is_empty() {
            self.by_entity.remove(&id);
        }
        any
    }

    /// Forgets the attributes of an entity that is gone, and of what was in it. Whether there were any.
    pub fn remove(&mut self, key: &Key) -> bool {
        if self.by_entity.is_empty() {
            return false;
        }
        let mut any = self.by_entity.remove(&key.name()).is_some();
        if matches!(key.kind, Kind::Chat | Kind::Room) {
            let within = self.by_entity.iter().filter(|(_, extra)| extra.key.of == key.id);
            let within: Vec<_> = within.map(|(id, _)| id.clone()).collect();
            any |= !within.is_empty();
            within.iter().for_each(|id| drop(self.by_entity.remove(id)));
        }
        any
    }

    pub(super) fn encode(&self) -> Option<Element> {
        let mut extras = Element::new("extras", ns::CACHE);
        let mut empty = true;
        for Extra { key, attributes, covered } in self.by_entity.values().filter(|extra| is_lasting(extra.key.kind)) {
            let mut entity = Element::new("entity", ns::CACHE).with_attribute("kind", (key.kind as u8).to_string());
            entity.set_attribute("of", &*key.of);
            entity.set_attribute("id", &*key.id);
            encode_attributes(&mut entity, attributes);
            if !covered.is_empty() {
                let mut element = Element::new("covered", ns::CACHE);
                encode_attributes(&mut element, covered);
                entity.push(element);
            }
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
            let covered = entity.child("covered", &ns::CACHE).map(decode_attributes).unwrap_or_default();
            extras.by_entity.insert(key.name().into(), Extra { key, attributes: decode_attributes(entity), covered });
        }
        extras
    }
}

/// Whose attributes are worth keeping over a reload: those of entities that are.
fn is_lasting(kind: Kind) -> bool {
    !matches!(kind, Kind::Presence | Kind::Resource | Kind::Occupant)
}
