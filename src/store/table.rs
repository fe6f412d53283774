//! Entities of one kind, by their ids.

use std::{collections::BTreeMap, rc::Rc};

/// A map from ids to entities that iterates in the order of the ids. The tree holds places in a list, not the entities:
/// so one tree serves all kinds, where each of its own would cost some kilobytes of code.
#[derive(Clone, Debug)]
pub struct Table<V> {
    places: BTreeMap<Rc<str>, usize>,
    entities: Vec<Option<V>>,
    free: Vec<usize>,
}

impl<V> Default for Table<V> {
    fn default() -> Self {
        Self { places: BTreeMap::new(), entities: Vec::new(), free: Vec::new() }
    }
}

impl<V> Table<V> {
    /// Puts `entity` under `id`. What was there comes back.
    pub fn insert(&mut self, id: Rc<str>, entity: V) -> Option<V> {
        if let Some(old) = self.get_mut(&id) {
            return Some(std::mem::replace(old, entity));
        }
        let place = self.free.pop().unwrap_or(self.entities.len());
        match self.entities.get_mut(place) {
            Some(slot) => *slot = Some(entity),
            None => self.entities.push(Some(entity)),
        }
        self.places.insert(id, place);
        None
    }

    /// Takes out what is under `id`.
    pub fn remove(&mut self, id: &str) -> Option<V> {
        let place = self.places.remove(id)?;
        self.free.push(place);
        self.entities.get_mut(place)?.take()
    }

    /// What is under `id`.
    pub fn get(&self, id: &str) -> Option<&V> {
        self.entities.get(*self.places.get(id)?)?.as_ref()
    }

    /// What is under `id`, to be changed.
    pub fn get_mut(&mut self, id: &str) -> Option<&mut V> {
        self.entities.get_mut(*self.places.get(id)?)?.as_mut()
    }

    /// What is under `id`; `make` makes it if there is nothing.
    pub fn get_or_insert(&mut self, id: &Rc<str>, make: impl FnOnce() -> V) -> &mut V {
        let place = match self.places.get(id) {
            Some(place) => *place,
            None => {
                let place = self.free.pop().unwrap_or(self.entities.len());
                self.places.insert(id.clone(), place);
                place
            }
        };
        if place >= self.entities.len() {
            self.entities.push(None);
        }
        // The place is one of the list's: it was there, or has just been made.
        #[allow(clippy::indexing_slicing, reason = "see above")]
        self.entities[place].get_or_insert_with(make)
    }

    /// All entities, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (&Rc<str>, &V)> {
        self.places.iter().filter_map(|(id, place)| Some((id, self.entities.get(*place)?.as_ref()?)))
    }

    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.iter().map(|(_, entity)| entity)
    }

    /// The ids, in order.
    pub fn ids(&self) -> impl Iterator<Item = &Rc<str>> {
        self.places.keys()
    }

    pub fn len(&self) -> usize {
        self.places.len()
    }

    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Takes everything out.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}
