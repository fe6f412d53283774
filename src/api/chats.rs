//! The **chats** grouping: conversations with single persons, and with single occupants of open rooms.

use js_sys::{Array, Object, Promise};
use wasm_bindgen::prelude::*;

use super::{
    error::{error, wrong_argument},
    js,
    page::{Deferred, Page, allow_unhandled, page},
    value::{attributes_from_js, from_js},
};
use crate::{
    driver,
    feature::{Context, Outgoing, archive, chat, room},
    jid::{BareJid, Jid},
    store::{Attributes, Key, Kind, MessageReference, Private, Value},
};

/// The open conversation with the address `jids`, or undefined; for an array the array of them; without argument all.
#[wasm_bindgen(js_namespace = ["api", "chats"], js_name = get)]
pub fn get(jids: &JsValue) -> Result<JsValue, JsValue> {
    let page = page()?;
    if jids.is_undefined() {
        let all = driver::peek(|client| client.store().ids(Kind::Chat, ""));
        let all = all.into_iter().map(|jid| page.handle_of(&Key::new(Kind::Chat, jid)));
        return Ok(all.collect::<Array>().into());
    }
    let find = |jid: &JsValue| {
        let jid = address(jid, "chats.get")?;
        let open = driver::peek(|client| match jid.resource() {
            Some(nick) => client.store().rooms.get(jid.bare())?.private_named(nick).map(Private::key),
            None => client.store().chats.get(jid.bare()).map(|_| Key::of_jid(Kind::Chat, jid.bare())),
        });
        Ok(open.map_or(JsValue::UNDEFINED, |chat| page.handle_of(&chat)))
    };
    match jids.dyn_ref::<Array>() {
        Some(jids) => Ok(jids.iter().map(|jid| find(&jid)).collect::<Result<Array, JsValue>>()?.into()),
        None => find(jids),
    }
}

/// Opens the conversation with the address `jids`, or those with the addresses in an array, as soon as it is known who the
/// contacts are. The promise resolves with the handle, or the array of them.
#[wasm_bindgen(js_namespace = ["api", "chats"], js_name = open)]
pub fn open(jids: &JsValue, attributes: &JsValue) -> Promise {
    match page().and_then(|page| page.open_when_fetched(jids, attributes)) {
        Ok(promise) => promise,
        Err(error) => Promise::reject(&error),
    }
}

/// The same at once, and without telling anybody that it is to be shown.
#[wasm_bindgen(js_namespace = ["api", "chats"], js_name = create)]
pub fn create(jids: &JsValue, attributes: &JsValue) -> Result<JsValue, JsValue> {
    if jids.is_undefined() {
        return Ok(JsValue::NULL);
    }
    page()?.open_chats("chats.create", jids, attributes, false)
}

/// [`create`] for the collection of conversations.
#[wasm_bindgen(js_namespace = ["core"], js_name = createChat)]
pub fn create_chat(jid: &JsValue, attributes: &JsValue) -> Result<JsValue, JsValue> {
    create(jid, attributes)
}

/// Says what the object `message` holds in the conversation `id`: its text, and what goes with it. The message comes back.
#[wasm_bindgen(js_namespace = ["core"], js_name = sendMessage)]
pub fn send_message(id: &str, message: &Object) -> Result<JsValue, JsValue> {
    let outgoing = outgoing(message)?;
    let key = in_context(|context| match BareJid::new(id) {
        Ok(jid) => chat::send(context, &jid, outgoing),
        Err(_) => room::send_private(context, id, outgoing),
    });
    match key {
        Some(Some(key)) => Ok(page()?.handle_of(&key)),
        Some(None) => Err(wrong_argument(
            "sendMessage: the chat is not open any more, or the message to correct is not the user's",
        )),
        None => Err(super::calls::not_connected()),
    }
}

/// Sends the message `number`, which did not arrive, once more in the conversation `id`.
#[wasm_bindgen(js_namespace = ["core"], js_name = sendMessageAgain)]
pub fn send_message_again(id: &str, number: &str) -> bool {
    let Ok(number) = number.parse() else { return false };
    let sent = in_context(|context| match BareJid::new(id) {
        Ok(jid) => chat::send_again(context, &jid, number),
        Err(_) => room::send_private_again(context, id, number),
    });
    sent.flatten().is_some()
}

/// Closes the conversation `id`.
#[wasm_bindgen(js_namespace = ["core"], js_name = closeChat)]
pub fn close_chat(id: &str) {
    let _: Option<()> = in_context(|context| match BareJid::new(id) {
        Ok(jid) => chat::close(context, &jid),
        Err(_) => room::close_private(context, id),
    });
}

impl Page {
    /// Opens what the setting `auto_join_private_chats` says.
    pub(super) fn join_private_chats(&self) {
        for jid in js::strings(&self.setting("auto_join_private_chats")) {
            match self.open_when_fetched(&JsValue::from_str(&jid), &JsValue::UNDEFINED) {
                Ok(opening) => allow_unhandled(&opening),
                Err(_) => self.warn(&["auto_join_private_chats: ", &jid, " is not an address"].concat()),
            }
        }
    }

    fn open_when_fetched(&self, jids: &JsValue, attributes: &JsValue) -> Result<Promise, JsValue> {
        match jids.dyn_ref::<Array>() {
            Some(jids) => jids.iter().try_for_each(|jid| address(&jid, OPEN).map(drop))?,
            None if jids.is_undefined() || jids.is_null() => return Err(nobody(OPEN)),
            None => drop(address(jids, OPEN)?),
        }
        let fetched = self.promise("rosterContactsFetched").filter(|fetched| !fetched.is_resolved());
        let Some(fetched) = fetched else {
            return Ok(Promise::resolve(&self.open_chats(OPEN, jids, attributes, true)?));
        };
        let opened = Deferred::new();
        let (waiting, jids, attributes) = (opened.clone(), jids.clone(), attributes.clone());
        let then = move |_: JsValue| match page().and_then(|page| page.open_chats(OPEN, &jids, &attributes, true)) {
            Ok(chats) => waiting.resolve_with(&chats),
            Err(error) => waiting.reject(&error),
        };
        let then = Closure::<dyn FnMut(JsValue)>::new(then);
        let _: Promise = fetched.promise.then(&then);
        // The promise is kept as long as it may come true, and its handler with it.
        let _: JsValue = then.into_js_value();
        Ok(opened.promise)
    }

    fn open_chats(&self, caller: &str, jids: &JsValue, attributes: &JsValue, show: bool) -> Result<JsValue, JsValue> {
        if !attributes.is_undefined() && !attributes.is_null() && !attributes.is_object() {
            return Err(wrong_argument(&[caller, ": the attributes must be an object"].concat()));
        }
        let attributes = attributes.dyn_ref().map(attributes_from_js).unwrap_or_default();
        if let Some(jids) = jids.dyn_ref::<Array>() {
            let jids = jids.iter().map(|jid| self.may_chat_with(caller, &jid)).collect::<Result<Vec<_>, _>>()?;
            let opened = jids.iter().map(|jid| self.open_chat(jid, &attributes, show));
            return Ok(opened.collect::<Result<Array, JsValue>>()?.into());
        }
        if jids.is_undefined() || jids.is_null() {
            return Err(nobody(caller));
        }
        self.open_chat(&self.may_chat_with(caller, jids)?, &attributes, show)
    }

    fn open_chat(&self, jid: &Jid, attributes: &Attributes, show: bool) -> Result<JsValue, JsValue> {
        // A plugin may not want it.
        let refusal = self.models.function("refusal").call1(&JsValue::UNDEFINED, &jid.as_str().into())?;
        if refusal.is_truthy() {
            let reason = refusal.as_string().unwrap_or_default();
            return Err(error("ChatError", "refused", &[jid.as_str(), " is refused by a plugin: ", &reason].concat()));
        }
        let key = driver::with(|client, now| {
            let before = client.store().count(Kind::Chat, "");
            let key = client.in_context(now, |context| match jid.resource() {
                Some(nick) => room::open_private(context, jid.bare(), nick),
                None => {
                    let key = chat::open(context, jid.bare());
                    archive::fill(context, jid.bare());
                    Some(key)
                }
            });
            let is_new = client.store().count(Kind::Chat, "") > before;
            if let Some(Some(key)) = key.as_ref().filter(|_| is_new && !attributes.is_empty()) {
                client.write(now, key, attributes);
            }
            key
        });
        let key = key.ok_or_else(super::calls::not_connected)?;
        let nobody = || error("ChatError", "not-in-room", &[jid.as_str(), " is nobody in the room"].concat());
        let chat = self.handle_of(&key.ok_or_else(nobody)?);
        if let Some(trigger) = js::function(&chat, "trigger").filter(|_| show) {
            trigger.call1(&chat, &JsValue::from_str("show"))?;
        }
        Ok(chat)
    }

    /// The address, if the settings allow to chat with whom it is of.
    fn may_chat_with(&self, caller: &str, jid: &JsValue) -> Result<Jid, JsValue> {
        let jid = address(jid, caller)?;
        let known = driver::peek(|client| {
            let (store, bare) = (client.store(), jid.bare());
            let own = store.account.as_ref() == Some(bare);
            // Who is in a room with the user can be spoken to there.
            own || !jid.is_bare() || store.contacts.get(bare).is_some() || store.chats.get(bare).is_some()
        });
        if known || self.is_set("allow_non_roster_messaging") {
            return Ok(jid);
        }
        let message = [
            caller,
            ": ",
            jid.as_str(),
            " is not in the roster; the setting allow_non_roster_messaging lets you write to others too",
        ];
        Err(error("ChatError", "not-in-roster", &message.concat()))
    }
}

fn nobody(caller: &str) -> JsValue {
    wrong_argument(&[caller, ": You need to provide at least one JID"].concat())
}

const OPEN: &str = "chats.open";

/// The address of a person without, or that of an occupant of an open room with the part after the `/`.
fn address(jid: &JsValue, caller: &str) -> Result<Jid, JsValue> {
    let jid = jid.as_string().and_then(|jid| Jid::new(jid.trim()).ok());
    let jid = jid.filter(|jid| jid.bare().local().is_some() || !caller.ends_with("open"));
    let jid = jid.ok_or_else(|| wrong_argument(&[caller, ": the jid must be an XMPP address"].concat()))?;
    let of_room = driver::peek(|client| client.store().rooms.get(jid.bare()).is_some());
    Ok(if of_room { jid } else { jid.bare().clone().into() })
}

fn in_context<R>(work: impl FnOnce(&mut Context<'_>) -> R) -> Option<R> {
    driver::with(|client, now| client.in_context(now, work))
}

pub(super) fn outgoing(message: &Object) -> Result<Outgoing, JsValue> {
    let text = |name| js::get(message, name).as_string();
    let oob_url = text("oob_url").filter(|url| !url.is_empty());
    let body = text("message").or_else(|| text("body")).filter(|body| !body.is_empty()).or_else(|| oob_url.clone());
    let body = body.ok_or_else(|| wrong_argument("sendMessage: the message must have a text"))?;
    let spoiler = js::get(message, "is_spoiler").is_truthy().then(|| text("spoiler_hint").unwrap_or_default());
    let references = from_js(&js::get(message, "references"), 0).map(references).unwrap_or_default();
    let correcting = text("correcting").and_then(|id| id.parse().ok());
    Ok(Outgoing { body, spoiler, references, oob_url, correcting })
}

fn references(value: Value) -> Vec<MessageReference> {
    let Value::List(values) = value else { return Vec::new() };
    let reference = |value: Value| {
        let Value::Map(entries) = value else { return None };
        let entry = |name: &str| entries.iter().find(|(other, _)| **other == *name).map(|(_, value)| value);
        let place = |name| match entry(name) {
            Some(Value::Number(place)) => Some(*place as u32),
            _ => None,
        };
        Some(MessageReference {
            begin: place("begin"),
            end: place("end"),
            kind: entry("type")?.as_str()?.to_owned(),
            uri: entry("uri").and_then(Value::as_str).unwrap_or_default().to_owned(),
        })
    };
    values.into_iter().filter_map(reference).collect()
}
