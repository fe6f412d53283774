//! What entities are and can do (XEP-0030), as far as it was asked for.

use std::rc::Rc;

use super::{
    Attributes, Change, Key, Kind, Table, Value,
    saved::{child_texts, optional, texts},
};
use crate::xml::{Element, ns};

/// The most entities that are remembered. Beyond that, single clients of people are forgotten.
pub const MAX_ENTITIES: usize = 1_000;
/// The most answers that are kept for whoever announces the same (XEP-0115), and the most announcements.
pub const MAX_CAPS: usize = 300;
pub const MAX_CLAIMS: usize = 5_000;

/// What is known of entities, by address.
#[derive(Clone, Debug, Default)]
pub struct Disco {
    entities: Table<Entity>,
    /// What those who announce a hash can do, by hash. Each was found to be what its hash stands for.
    caps: Table<Profile>,
    /// The node that a client announces with its presence, by its full address.
    claims: Table<String>,
    /// The names and namespaces of what the server offered when the stream began.
    pub stream: Vec<(String, String)>,
}

/// One entity.
#[derive(Clone, Debug, Default)]
pub struct Entity {
    pub name: Option<String>,
    pub info: Asked,
    pub profile: Profile,
    pub items: Asked,
    /// The addresses of what belongs to it.
    pub item_ids: Vec<Rc<str>>,
}

/// What became of a question.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Asked {
    /// It has not been asked, or nobody answered.
    #[default]
    No,
    Pending,
    Refused,
    Answered,
}

/// What an entity is and can do.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Profile {
    pub identities: Vec<Identity>,
    pub features: Vec<String>,
    /// More about it (XEP-0128).
    pub forms: Vec<Vec<Field>>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Identity {
    pub category: String,
    pub kind: String,
    pub name: Option<String>,
    pub lang: Option<String>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Field {
    pub var: String,
    pub kind: Option<String>,
    pub values: Vec<String>,
}

impl Disco {
    /// The entity with this address.
    pub fn get(&self, id: &str) -> Option<&Entity> {
        self.entities.get(id)
    }

    /// The addresses of all that are known.
    pub fn ids(&self) -> impl Iterator<Item = &Rc<str>> {
        self.entities.ids()
    }

    /// Begins to know an entity.
    pub fn add(&mut self, id: &str) -> Option<Change> {
        if self.entities.get(id).is_some() {
            return None;
        }
        if self.entities.len() >= MAX_ENTITIES {
            let clients: Vec<_> = self.entities.ids().filter(|id| id.contains('/')).cloned().collect();
            clients.iter().for_each(|id| drop(self.entities.remove(id)));
        }
        if self.entities.len() >= MAX_ENTITIES {
            return None;
        }
        self.entities.insert(id.into(), Entity::default());
        Some(Key::new(Kind::Disco, id).added())
    }

    /// Notes how far the question what an entity can do has come.
    pub fn set_info(&mut self, id: &str, info: Asked) {
        if let Some(entity) = self.entities.get_mut(id) {
            entity.info = info;
        }
    }

    /// Notes how far the question what belongs to it has come.
    pub fn set_items(&mut self, id: &str, items: Asked) {
        if let Some(entity) = self.entities.get_mut(id) {
            entity.items = items;
        }
    }

    /// Takes in what an entity can do.
    pub fn set_profile(&mut self, id: &str, profile: Profile) -> Vec<Change> {
        let Some(entity) = self.entities.get_mut(id) else { return Vec::new() };
        entity.info = Asked::Answered;
        let old = std::mem::replace(&mut entity.profile, profile);
        let of: Rc<str> = id.into();
        let mut changes = vec![Key::new(Kind::Disco, of.clone()).changed()];
        let feature = |var: &String| Key::within(Kind::Feature, of.clone(), var.as_str());
        let new = &entity.profile;
        changes.extend(old.features.iter().filter(|var| !new.has(var)).map(|var| feature(var).removed()));
        changes.extend(new.features.iter().filter(|var| !old.has(var)).map(|var| feature(var).added()));
        // What has no name of its own is told apart by its place.
        let counts = [
            (Kind::Identity, old.identities.len(), new.identities.len()),
            (Kind::Field, old.fields().count(), new.fields().count()),
            (Kind::DataForm, old.forms.len(), new.forms.len()),
        ];
        for (kind, old, new) in counts {
            for place in 0..old.max(new) {
                let key = Key::within(kind, of.clone(), place.to_string());
                changes.push(match (place < old, place < new) {
                    (true, true) => key.changed(),
                    (true, false) => key.removed(),
                    (false, _) => key.added(),
                });
            }
        }
        changes
    }

    /// Takes in what belongs to an entity.
    pub fn set_item_ids(&mut self, id: &str, items: Vec<(Rc<str>, Option<String>)>) -> Vec<Change> {
        let mut changes = Vec::new();
        let mut ids = Vec::new();
        for (item, name) in items {
            changes.extend(self.add(&item));
            if let Some(entity) = self.entities.get_mut(&item) {
                entity.name = name;
                ids.push(item);
            }
        }
        if let Some(entity) = self.entities.get_mut(id) {
            entity.items = Asked::Answered;
            entity.item_ids = ids;
            changes.push(Key::new(Kind::Disco, id).changed());
        }
        changes
    }

    /// What those can do who announce `ver`.
    pub fn caps(&self, ver: &str) -> Option<&Profile> {
        self.caps.get(ver)
    }

    /// Keeps what `ver` was found to stand for.
    pub fn add_caps(&mut self, ver: &str, profile: Profile) {
        if self.caps.len() >= MAX_CAPS {
            self.caps.clear();
        }
        self.caps.insert(ver.into(), profile);
    }

    /// What a client announces.
    pub fn claim(&self, jid: &str) -> Option<&str> {
        self.claims.get(jid).map(String::as_str)
    }

    /// Notes what a client announces with its presence, or that it does so no longer.
    pub fn set_claim(&mut self, jid: &str, claim: Option<String>) {
        match claim {
            None => drop(self.claims.remove(jid)),
            Some(claim) if self.claims.len() < MAX_CLAIMS || self.claims.get(jid).is_some() => {
                self.claims.insert(jid.into(), claim);
            }
            Some(_) => {}
        }
    }

    pub(super) fn ids_of(&self, kind: Kind, of: &str) -> Vec<Rc<str>> {
        let places = |count: usize| (0..count).map(|place| place.to_string().into()).collect();
        let Some(entity) = self.get(of) else { return Vec::new() };
        match kind {
            Kind::Disco => entity.item_ids.clone(),
            Kind::Feature => entity.profile.features.iter().map(|var| var.as_str().into()).collect(),
            Kind::Identity => places(entity.profile.identities.len()),
            Kind::Field => places(entity.profile.fields().count()),
            Kind::DataForm => places(entity.profile.forms.len()),
            _ => Vec::new(),
        }
    }

    pub(super) fn attributes(&self, key: &Key) -> Option<Attributes> {
        let Key { kind, of, id } = key;
        let base = Attributes::default().with("id", id.clone());
        if *kind == Kind::Disco {
            let name = self.get(id)?.name.as_deref();
            return Some(base.with("jid", id.clone()).with("name", name));
        }
        let profile = &self.get(of)?.profile;
        let place = || id.parse::<usize>().ok();
        Some(match kind {
            Kind::Feature => {
                let var = profile.features.iter().find(|var| ***var == **id)?;
                base.with("var", var.as_str()).with("from", of.clone())
            }
            Kind::Identity => {
                let Identity { category, kind, name, lang } = profile.identities.get(place()?)?;
                let base = base.with("category", category.as_str()).with("type", kind.as_str());
                base.with("name", name.as_deref()).with("lang", lang.as_deref())
            }
            Kind::Field => {
                let field = profile.fields().nth(place()?)?;
                base.with("var", field.var.as_str()).with("value", field.value()).with("from", of.clone())
            }
            Kind::DataForm => {
                let mut attributes = base;
                for field in profile.forms.get(place()?)? {
                    let kind = ("type".into(), Value::from(field.kind.as_deref()));
                    attributes.set(field.var.as_str(), Value::Map(vec![("value".into(), field.value().into()), kind]));
                }
                attributes
            }
            _ => return None,
        })
    }

    pub(super) fn encode(&self) -> Element {
        let mut disco = Element::new("disco", ns::CACHE);
        let answered = self.entities.iter().filter(|(_, entity)| entity.info == Asked::Answered);
        for (id, entity) in answered {
            let mut element = entity.profile.encode("entity").with_attribute("jid", &**id);
            optional(&mut element, "name", entity.name.as_deref());
            if entity.items == Asked::Answered {
                element.set_attribute("items", "true");
                let items = entity.item_ids.iter();
                items.for_each(|item| element.push(Element::new("item", ns::CACHE).with_text(&**item)));
            }
            disco.push(element);
        }
        for (ver, profile) in self.caps.iter() {
            disco.push(profile.encode("caps").with_attribute("ver", &**ver));
        }
        for (name, namespace) in &self.stream {
            let feature = Element::new("stream", ns::CACHE).with_attribute("name", name.as_str());
            disco.push(feature.with_attribute("xmlns-of", namespace.as_str()));
        }
        disco
    }

    pub(super) fn decode(saved: &Element) -> Self {
        let mut disco = Self::default();
        for element in saved.children() {
            let text = |name| element.attribute(name).map(str::to_owned);
            if let Some(id) = element.attribute("jid") {
                let items = element.attribute("items").map_or(Asked::No, |_| Asked::Answered);
                let entity = Entity {
                    name: text("name"),
                    info: Asked::Answered,
                    profile: Profile::decode(element),
                    items,
                    item_ids: child_texts(element, "item").into_iter().map(Rc::from).collect(),
                };
                disco.entities.insert(id.into(), entity);
            } else if let Some(ver) = element.attribute("ver") {
                disco.caps.insert(ver.into(), Profile::decode(element));
            } else {
                disco.stream.extend(text("name").zip(text("xmlns-of")));
            }
        }
        disco
    }
}

impl Profile {
    /// Whether the entity has this feature.
    pub fn has(&self, feature: &str) -> bool {
        self.features.iter().any(|var| var == feature)
    }

    /// The place of the identity with this category and type.
    pub fn identity(&self, category: &str, kind: &str) -> Option<usize> {
        self.identities.iter().position(|identity| identity.category == category && identity.kind == kind)
    }

    /// The value of the field `var` in the form about `about` (XEP-0068).
    pub fn value_in(&self, about: &str, var: &str) -> Option<&str> {
        let form = self.forms.iter().find(|form| value_of(form, "FORM_TYPE") == Some(about))?;
        value_of(form, var)
    }

    /// The fields of all forms.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.forms.iter().flatten()
    }

    fn encode(&self, name: &'static str) -> Element {
        let mut element = Element::new(name, ns::CACHE);
        for identity in &self.identities {
            let mut child = Element::new("identity", ns::CACHE).with_attribute("category", identity.category.as_str());
            child.set_attribute("type", identity.kind.as_str());
            optional(&mut child, "name", identity.name.as_deref());
            optional(&mut child, "lang", identity.lang.as_deref());
            element.push(child);
        }
        texts(&mut element, "feature", &self.features);
        for form in &self.forms {
            let mut child = Element::new("form", ns::CACHE);
            for field in form {
                let mut one = Element::new("field", ns::CACHE).with_attribute("var", field.var.as_str());
                optional(&mut one, "type", field.kind.as_deref());
                texts(&mut one, "value", &field.values);
                child.push(one);
            }
            element.push(child);
        }
        element
    }

    fn decode(saved: &Element) -> Self {
        let mut profile = Self { features: child_texts(saved, "feature"), ..Self::default() };
        for child in saved.children() {
            let text = |name| child.attribute(name).map(str::to_owned);
            if let Some((category, kind)) = text("category").zip(text("type")) {
                profile.identities.push(Identity { category, kind, name: text("name"), lang: text("lang") });
            } else if child.name() == "form" {
                let field = |field: &Element| {
                    let kind = field.attribute("type").map(str::to_owned);
                    Some(Field { var: field.attribute("var")?.to_owned(), kind, values: child_texts(field, "value") })
                };
                profile.forms.push(child.children().filter_map(field).collect());
            }
        }
        profile
    }
}

impl Field {
    fn value(&self) -> Option<&str> {
        self.values.first().map(String::as_str)
    }
}

fn value_of<'a>(form: &'a [Field], var: &str) -> Option<&'a str> {
    form.iter().find(|field| field.var == var)?.value()
}
