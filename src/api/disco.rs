//! The **disco** grouping: what this client says it can do, and what others can.

use std::rc::Rc;

use js_sys::{Array, Object, Promise};
use wasm_bindgen::prelude::*;

use super::{
    calls::{after, call, call_then, not_connected},
    error::{optional_argument, string_argument, wrong_argument},
    js,
    page::{Page, page},
};
use crate::{
    client::Outcome,
    driver,
    feature::disco,
    jid::Jid,
    stanza::payload::disco::{Identity, info as info_query, items as items_query},
    store::{Key, Kind},
    xml::Element,
};

/// Adds a feature of this client; false if it is there. Others are told at once.
#[wasm_bindgen(js_namespace = ["api", "disco", "own", "features"], js_name = add)]
pub fn add_feature(name: &JsValue) -> Result<JsValue, JsValue> {
    let name = string_argument(name, "disco.own.features.add: the name must be a string")?;
    Ok(unless_new(driver::with(|client, now| client.own_profile_mut().add_feature(now, &name))))
}

/// The features of this client.
#[wasm_bindgen(js_namespace = ["api", "disco", "own", "features"], js_name = get)]
pub fn features() -> Array {
    driver::peek(|client| client.own_profile().features().iter().map(|var| JsValue::from_str(var)).collect())
}

/// Takes all features of this client out. The next log-in brings back those of the library.
#[wasm_bindgen(js_namespace = ["api", "disco", "own", "features"], js_name = clear)]
pub fn clear_features() {
    driver::with(|client, now| client.own_profile_mut().clear_features(now));
}

/// Adds an identity of this client; false if it is there. Others are told at once.
#[wasm_bindgen(js_namespace = ["api", "disco", "own", "identities"], js_name = add)]
pub fn add_identity(category: &JsValue, kind: &JsValue, name: &JsValue, lang: &JsValue) -> Result<JsValue, JsValue> {
    let category = string_argument(category, "disco.own.identities.add: the category must be a string")?;
    let kind = string_argument(kind, "disco.own.identities.add: the type must be a string")?;
    let name = optional_argument(name, "disco.own.identities.add: the name must be a string")?;
    let lang = optional_argument(lang, "disco.own.identities.add: the lang must be a string")?;
    let identity = Identity { category, kind, name, lang };
    Ok(unless_new(driver::with(|client, now| client.own_profile_mut().add_identity(now, identity))))
}

/// The identities of this client.
#[wasm_bindgen(js_namespace = ["api", "disco", "own", "identities"], js_name = get)]
pub fn identities() -> Array {
    let to_object = |Identity { category, kind, name, lang }: &Identity| {
        let object = Object::new();
        let parts =
            [("category", Some(category)), ("type", Some(kind)), ("name", name.as_ref()), ("lang", lang.as_ref())];
        parts.into_iter().for_each(|(key, part)| js::set(&object, key, &part.map(String::as_str).into()));
        object
    };
    driver::peek(|client| client.own_profile().identities().iter().map(to_object).collect())
}

/// Takes all identities of this client out. The next log-in brings back that of the library.
#[wasm_bindgen(js_namespace = ["api", "disco", "own", "identities"], js_name = clear)]
pub fn clear_identities() {
    driver::with(|client, now| client.own_profile_mut().clear_identities(now));
}

/// A promise of the entity's identity with this category and type; undefined if it has none.
#[wasm_bindgen(js_namespace = ["api", "disco"], js_name = getIdentity)]
pub fn identity(category: &JsValue, kind: &JsValue, jid: &JsValue) -> Promise {
    let category = string_argument(category, "disco.getIdentity: the category must be a string");
    let kind = string_argument(kind, "disco.getIdentity: the type must be a string");
    let (category, kind) = match (category, kind) {
        (Ok(category), Ok(kind)) => (category, kind),
        (Err(wrong), _) | (_, Err(wrong)) => return Promise::reject(&wrong),
    };
    discover(jid, "disco.getIdentity: the jid must be an XMPP address", false, move |page, id| {
        let place = driver::peek(|client| client.store().disco.get(id)?.profile.identity(&category, &kind));
        let key = place.map(|place| Key::within(Kind::Identity, id, place.to_string()));
        key.map_or(JsValue::UNDEFINED, |key| page.handle_of(&key))
    })
}

/// A promise of those of the entity and what belongs to it that have the feature: an array, with whether there are any
/// in `supported`, and the first one's feature in `feature`.
#[wasm_bindgen(js_namespace = ["api", "disco"], js_name = supports)]
pub fn supports(feature: &JsValue, jid: &JsValue) -> Promise {
    let feature = match string_argument(feature, "disco.supports: the feature must be a string") {
        Ok(feature) => feature,
        Err(wrong) => return Promise::reject(&wrong),
    };
    discover(jid, "api.disco.supports: You need to provide an entity JID", true, move |page, id| {
        let found = driver::peek(|client| {
            let disco = &client.store().disco;
            let items = disco.get(id).map(|entity| entity.item_ids.clone()).unwrap_or_default();
            let all = std::iter::once(id.into()).chain(items);
            let has = |id: &Rc<str>| disco.get(id).is_some_and(|entity| entity.profile.has(&feature));
            all.filter(has).collect::<Vec<_>>()
        });
        let entities: Array = found.iter().map(|id| page.handle_of(&Key::new(Kind::Disco, id.clone()))).collect();
        let first = found.first().map(|id| page.handle_of(&Key::within(Kind::Feature, id.clone(), feature.as_str())));
        js::set(&entities, "supported", &(!found.is_empty()).into());
        js::set(&entities, "feature", &first.unwrap_or_default());
        entities.into()
    })
}

/// Asks an entity, or a node of it, what it can do. The promise resolves with the answer, and a refusal rejects it.
#[wasm_bindgen(js_namespace = ["api", "disco"], js_name = info)]
pub fn info(jid: &JsValue, node: &JsValue) -> Promise {
    query(jid, node, info_query)
}

/// Asks an entity, or a node of it, what belongs to it.
#[wasm_bindgen(js_namespace = ["api", "disco"], js_name = items)]
pub fn items(jid: &JsValue, node: &JsValue) -> Promise {
    query(jid, node, items_query)
}

/// A promise of the entity with this address, which is begun to be known if `create` is true; without address, of all.
#[wasm_bindgen(js_namespace = ["api", "disco", "entities"], js_name = get)]
pub fn entity(jid: &JsValue, create: &JsValue) -> Promise {
    let create = create.is_truthy();
    if jid.is_undefined() || jid.is_null() {
        return ready(|page| Promise::resolve(&page.property("disco_entities")));
    }
    let Some(jid) = address(jid) else {
        return Promise::reject(&wrong_argument("disco.entities.get: the jid must be an XMPP address"));
    };
    ready(move |page| {
        if create {
            driver::with(|client, now| client.in_context(now, |context| context.ask_info(&jid)));
        }
        let known = driver::peek(|client| client.store().disco.get(jid.as_str()).is_some());
        let key = Key::new(Kind::Disco, jid.as_str());
        Promise::resolve(&if known { page.handle_of(&key) } else { JsValue::UNDEFINED })
    })
}

/// A promise of the entity's features.
#[wasm_bindgen(js_namespace = ["api", "disco"], js_name = getFeatures)]
pub fn features_of(jid: &JsValue) -> Promise {
    discover(jid, "disco.getFeatures: the jid must be an XMPP address", false, |page, id| {
        js::get(&page.handle_of(&Key::new(Kind::Disco, id)), "features")
    })
}

/// A promise of what the entity says of itself in forms.
#[wasm_bindgen(js_namespace = ["api", "disco"], js_name = getFields)]
pub fn fields_of(jid: &JsValue) -> Promise {
    discover(jid, "disco.getFields: the jid must be an XMPP address", false, |page, id| {
        js::get(&page.handle_of(&Key::new(Kind::Disco, id)), "fields")
    })
}

/// Asks the entity again what it can do. The promise resolves with it.
#[wasm_bindgen(js_namespace = ["api", "disco"], js_name = refreshFeatures)]
pub fn refresh(jid: &JsValue) -> Promise {
    let wrong = || wrong_argument("disco.refreshFeatures: the jid must be an XMPP address");
    let Some(jid) = address(jid) else { return Promise::reject(&wrong()) };
    ready(move |_| {
        let id = jid.as_str().to_owned();
        call_then(
            move |client, now, call| {
                client.in_context(now, |context| disco::refresh(context, call, &jid));
            },
            entity_then(id),
        )
    })
}

/// What the server offered under this name when the stream began; undefined if it did not.
#[wasm_bindgen(js_namespace = ["api", "disco", "stream"], js_name = getFeature)]
pub fn stream_feature(name: &JsValue, namespace: &JsValue) -> Result<JsValue, JsValue> {
    let name = string_argument(name, "disco.stream.getFeature: the name must be a string")?;
    let namespace = string_argument(namespace, "disco.stream.getFeature: the namespace must be a string")?;
    let offered = driver::peek(|client| client.store().disco.stream.contains(&(name.clone(), namespace.clone())));
    let key = Key::new(Kind::StreamFeature, [name.as_str(), " ", namespace.as_str()].concat());
    Ok(if offered { page()?.handle_of(&key) } else { JsValue::UNDEFINED })
}

/// The entity, when it is known what it can do.
#[wasm_bindgen(js_namespace = ["core"], js_name = discover)]
pub fn discover_entity(jid: &JsValue) -> Promise {
    discover(jid, "the jid must be an XMPP address", false, |page, id| page.handle_of(&Key::new(Kind::Disco, id)))
}

/// Makes something of an entity.
type Make = Box<dyn FnOnce(&Page, &str) -> JsValue>;

/// Makes something of an entity when it is known what it, or if `deep` also what belongs to it, can do.
fn discover(jid: &JsValue, wrong: &str, deep: bool, make: impl FnOnce(&Page, &str) -> JsValue + 'static) -> Promise {
    let Some(jid) = address(jid) else { return Promise::reject(&wrong_argument(wrong)) };
    discover_address(jid, deep, Box::new(make))
}

fn discover_address(jid: Jid, deep: bool, make: Make) -> Promise {
    ready(move |_| {
        let id = jid.as_str().to_owned();
        call_then(
            move |client, now, call| {
                client.in_context(now, |context| context.discover_for(&jid, deep, call));
            },
            Box::new(move |page, outcome| match outcome {
                Outcome::Done => Ok(make(page, &id)),
                other => page.result_of(other),
            }),
        )
    })
}

fn entity_then(id: String) -> super::calls::Then {
    Box::new(move |page, outcome| match outcome {
        Outcome::Done => Ok(page.handle_of(&Key::new(Kind::Disco, id))),
        other => page.result_of(other),
    })
}

fn query(jid: &JsValue, node: &JsValue, query: fn(Option<&str>) -> Element) -> Promise {
    let Some(jid) = address(jid) else {
        return Promise::reject(&wrong_argument("disco: the jid must be an XMPP address"));
    };
    let query = match optional_argument(node, "disco: the node must be a string") {
        Ok(node) => query(node.as_deref()),
        Err(wrong) => return Promise::reject(&wrong),
    };
    ready(move |_| {
        call(move |client, now, call| {
            client.in_context(now, |context| disco::query(context, call, &jid, query));
        })
    })
}

/// Does something as soon as there is somebody to ask: now, or after the log-in.
pub(super) fn ready(work: impl FnOnce(&Page) -> Promise + 'static) -> Promise {
    let work: Box<dyn FnOnce(&Page) -> Promise> = Box::new(work);
    let page = match page() {
        Ok(page) => page,
        Err(error) => return Promise::reject(&error),
    };
    if driver::peek(|client| client.is_connected()) {
        return work(&page);
    }
    let Some(online) = page.promise_of("discoInitialized") else { return Promise::reject(&not_connected()) };
    after(&online, move |_| match driver::peek(|client| client.is_connected()) {
        true => work(&page).into(),
        false => Promise::reject(&not_connected()).into(),
    })
}

pub(super) fn address(jid: &JsValue) -> Option<Jid> {
    Jid::new(jid.as_string()?.trim()).ok()
}

/// What 4.x returns of adding: false for what is there, nothing otherwise.
fn unless_new(new: bool) -> JsValue {
    if new { JsValue::UNDEFINED } else { JsValue::FALSE }
}
