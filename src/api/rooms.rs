//! The **rooms** grouping, and what handles of rooms do (`www/models/room.ts`).

use js_sys::{Array, Object, Promise};
use wasm_bindgen::prelude::*;

use super::{
    calls::{call, not_connected},
    chats::outgoing,
    error::wrong_argument,
    js,
    page::{Page, page},
    stanza::to_dom,
    value::attributes_from_js,
};
use crate::{
    client::{Call, Event},
    driver,
    feature::{Context, room},
    jid::{BareJid, Jid},
    stanza::payload::muc::{AFFILIATIONS, ROLES, Wish},
    store::{Attributes, Key, Kind, Value},
    xml::Element,
};

/// The open room with the address `jids`, or undefined; for an array the array of them; without argument all. Where
/// `create` is true, rooms that are not open are opened and entered.
#[wasm_bindgen(js_namespace = ["api", "rooms"], js_name = get)]
pub fn get(jids: &JsValue, attributes: &JsValue, create: &JsValue) -> Result<JsValue, JsValue> {
    let page = page()?;
    if jids.is_undefined() {
        return Ok(page.all_rooms().into());
    }
    let create = create.as_bool() == Some(true);
    let attributes = attributes_of(attributes);
    each("rooms.get", jids, |jid| {
        let open = driver::peek(|client| client.store().rooms.get(jid).is_some());
        match (open, create) {
            (true, _) => Ok(page.handle_of(&Key::of_jid(Kind::Room, jid))),
            (false, true) => page.open_room(jid, &attributes, false),
            (false, false) => Ok(JsValue::UNDEFINED),
        }
    })
}

/// Opens and enters the room with the address `jids`, or those with the addresses in an array. The promise resolves with
/// the handle, or the array of them, as soon as the room is open, which is before the user is in. Without argument it
/// resolves with all open rooms.
#[wasm_bindgen(js_namespace = ["api", "rooms"], js_name = open)]
pub fn open(jids: &JsValue, attributes: &JsValue) -> Promise {
    let opened = page().and_then(|page| {
        if jids.is_undefined() {
            return Ok(page.all_rooms().into());
        }
        let attributes = attributes_of(attributes);
        each("rooms.open", jids, |jid| page.open_room(jid, &attributes, true))
    });
    opened.map_or_else(|error| Promise::reject(&error), |rooms| Promise::resolve(&rooms))
}

/// The same at once, and without telling anybody that it is to be shown.
#[wasm_bindgen(js_namespace = ["api", "rooms"], js_name = create)]
pub fn create(jids: &JsValue, attributes: &JsValue) -> Result<JsValue, JsValue> {
    let page = page()?;
    let attributes = attributes_of(attributes);
    each("rooms.create", jids, |jid| page.open_room(jid, &attributes, false))
}

/// Leaves and closes the room with the address `jids`, those in an array, or without argument all. Unknown ones are
/// none.
#[wasm_bindgen(js_namespace = ["api", "rooms"], js_name = close)]
pub fn close(jids: &JsValue) -> Result<(), JsValue> {
    let page = page()?;
    let jids: Vec<BareJid> = match jids.is_undefined() {
        true => driver::peek(|client| client.store().rooms.iter().map(|room| room.jid.clone()).collect()),
        false => {
            let jids = jids.dyn_ref::<Array>().map_or_else(|| vec![jids.clone()], |jids| jids.iter().collect());
            jids.iter().map(|jid| address(jid, "rooms.close")).collect::<Result<_, _>>()?
        }
    };
    jids.iter().for_each(|jid| page.close_room(jid));
    Ok(())
}

/// [`close`], as 4.x calls it.
#[wasm_bindgen(js_namespace = ["api", "roomviews"], js_name = close)]
pub fn close_views(jids: &JsValue) -> Result<(), JsValue> {
    close(jids)
}

// What handles call. They know that their address is one.

/// [`create`] for the collection of conversations.
#[wasm_bindgen(js_namespace = ["core"], js_name = createRoom)]
pub fn create_room(jid: &JsValue, attributes: &JsValue) -> Result<JsValue, JsValue> {
    create(jid, attributes)
}

#[wasm_bindgen(js_namespace = ["core"], js_name = joinRoom)]
pub fn join_room(jid: &str, nick: Option<String>, password: Option<String>) -> Result<(), JsValue> {
    if nick.as_deref().is_some_and(|nick| room_jid(jid).is_ok_and(|jid| jid.with_resource(nick).is_err())) {
        return Err(wrong_argument("join: the nickname cannot stand in an address"));
    }
    in_room(jid, |context, jid| room::join(context, jid, nick.as_deref(), password.as_deref()))
}

/// Says whether the room's handle wants to see what the room sends before the room takes it in.
#[wasm_bindgen(js_namespace = ["core"], js_name = hookRoom)]
pub fn hook_room(jid: &str, hooked: bool) -> Result<(), JsValue> {
    let jid = room_jid(jid)?;
    driver::with(|client, _| client.hook_room(&jid, hooked));
    Ok(())
}

#[wasm_bindgen(js_namespace = ["core"], js_name = leaveRoom)]
pub fn leave_room(jid: &str, message: Option<String>) -> Result<(), JsValue> {
    in_room(jid, |context, jid| room::leave(context, jid, message.as_deref()))
}

#[wasm_bindgen(js_namespace = ["core"], js_name = closeRoom)]
pub fn close_room(jid: &str) -> Result<(), JsValue> {
    page()?.close_room(&room_jid(jid)?);
    Ok(())
}

/// Says what the object `message` holds in the room. The message comes back.
#[wasm_bindgen(js_namespace = ["core"], js_name = sendRoomMessage)]
pub fn send_room_message(jid: &str, message: &Object) -> Result<JsValue, JsValue> {
    let outgoing = outgoing(message)?;
    match in_room(jid, |context, jid| room::send(context, jid, outgoing))? {
        Some(key) => Ok(page()?.handle_of(&key)),
        None => Err(wrong_argument("sendMessage: the room is not open, or the message to correct is not the user's")),
    }
}

/// Sends the message `id`, which did not arrive, to the room once more.
#[wasm_bindgen(js_namespace = ["core"], js_name = sendRoomMessageAgain)]
pub fn send_room_message_again(jid: &str, id: &str) -> bool {
    let Ok(number) = id.parse() else { return false };
    in_room(jid, |context, jid| room::send_again(context, jid, number).is_some()).unwrap_or(false)
}

#[wasm_bindgen(js_namespace = ["core"], js_name = setRoomSubject)]
pub fn set_room_subject(jid: &str, subject: &str) -> Result<(), JsValue> {
    in_room(jid, |context, jid| room::set_subject(context, jid, subject))
}

/// The promise resolves with the room once it has said what it is.
#[wasm_bindgen(js_namespace = ["core"], js_name = refreshRoom)]
pub fn refresh_room(jid: &str) -> Promise {
    ask(jid, |context, jid, call| room::refresh(context, jid, Some(call)))
}

/// The promise resolves with the answer that holds the form.
#[wasm_bindgen(js_namespace = ["core"], js_name = fetchRoomConfig)]
pub fn fetch_room_config(jid: &str) -> Promise {
    ask(jid, |context, jid, call| room::fetch_config(context, call, jid))
}

/// Submits the form `form`, an element or a text of XML; without one the service decides.
#[wasm_bindgen(js_namespace = ["core"], js_name = submitRoomConfig)]
pub fn submit_room_config(jid: &str, form: &JsValue) -> Promise {
    let form = match form.is_undefined() {
        true => None,
        false => match page().and_then(|page| page.read_stanza(form)) {
            Ok(form) => Some(form),
            Err(error) => return Promise::reject(&error),
        },
    };
    ask(jid, |context, jid, call| room::submit_config(context, call, jid, form))
}

#[wasm_bindgen(js_namespace = ["core"], js_name = autoConfigureRoom)]
pub fn auto_configure_room(jid: &str) -> Promise {
    ask(jid, |context, jid, call| room::auto_configure(context, jid, Some(call)))
}

#[wasm_bindgen(js_namespace = ["core"], js_name = destroyRoom)]
pub fn destroy_room(jid: &str, instead: Option<String>, reason: Option<String>) -> Promise {
    let instead = instead.and_then(|jid| BareJid::new(&jid).ok());
    ask(jid, |context, jid, call| room::destroy(context, call, jid, instead.as_ref(), reason.as_deref()))
}

/// The promise resolves with the answer that lists them.
#[wasm_bindgen(js_namespace = ["core"], js_name = fetchRoomMembers)]
pub fn fetch_room_members(jid: &str, affiliation: &str) -> Promise {
    if !AFFILIATIONS.contains(&affiliation) {
        return Promise::reject(&wrong_argument("requestMemberList: there is no such affiliation"));
    }
    ask(jid, |context, jid, call| room::fetch_members(context, jid, affiliation, Some(call)))
}

/// Gives somebody the role or affiliation that the object `wish` names.
#[wasm_bindgen(js_namespace = ["core"], js_name = changeRoomPlace)]
pub fn change_room_place(jid: &str, wish: &Object) -> Promise {
    match wish_of(wish) {
        Ok(wish) => ask(jid, |context, jid, call| room::change_place(context, call, jid, wish)),
        Err(error) => Promise::reject(&error),
    }
}

/// Invites somebody; `through` the room, or directly.
#[wasm_bindgen(js_namespace = ["core"], js_name = inviteToRoom)]
pub fn invite_to_room(jid: &str, recipient: &str, reason: Option<String>, through: bool) -> Promise {
    let Ok(recipient) = Jid::new(recipient.trim()) else {
        let name = if through { "mediatedInvite" } else { "directInvite" };
        return Promise::reject(&wrong_argument(&[name, ": the recipient must be an XMPP address"].concat()));
    };
    let invite = if through { room::invite_through } else { room::invite };
    ask(jid, |context, jid, call| invite(context, call, jid, recipient.bare().clone(), reason))
}

/// Tells whoever had the room `jid` invite the user that they do not come.
#[wasm_bindgen(js_namespace = ["core"], js_name = declineInvitation)]
pub fn decline_invitation(jid: &str, reason: Option<String>) -> Result<(), JsValue> {
    in_room(jid, |context, jid| room::decline(context, jid, reason.as_deref()))
}

#[wasm_bindgen(js_namespace = ["core"], js_name = registerRoomNick)]
pub fn register_room_nick(jid: &str) -> Promise {
    ask(jid, |context, jid, call| room::register(context, jid, Some(call)))
}

#[wasm_bindgen(js_namespace = ["core"], js_name = fetchReservedNick)]
pub fn fetch_reserved_nick(jid: &str) -> Promise {
    ask(jid, room::fetch_reserved_nick)
}

/// The id of the occupant with this nickname, or else of the one with this address.
#[wasm_bindgen(js_namespace = ["core"], js_name = findOccupant)]
pub fn find_occupant(jid: &str, nick: Option<String>, real: Option<String>) -> Option<String> {
    let (jid, real) = (room_jid(jid).ok()?, real.and_then(|real| Jid::new(&real).ok()));
    driver::peek(|client| {
        let room = client.store().rooms.get(&jid)?;
        room.occupants.find(nick.as_deref(), real.as_ref().map(Jid::bare)).map(|id| id.to_string())
    })
}

impl Page {
    fn all_rooms(&self) -> Array {
        let all = driver::peek(|client| client.store().ids(Kind::Room, ""));
        all.into_iter().map(|jid| self.handle_of(&Key::new(Kind::Room, jid))).collect()
    }

    fn open_room(&self, jid: &BareJid, attributes: &Attributes, show: bool) -> Result<JsValue, JsValue> {
        let key = Key::of_jid(Kind::Room, jid);
        let opened = driver::with(|client, now| {
            let others = client.in_context(now, |context| {
                let others = room::open(context, jid, attributes);
                room::join(context, jid, None, None);
                others
            });
            if let Some(others) = others.as_ref().filter(|others| !others.is_empty()) {
                client.write(now, &key, others);
            }
            others.is_some()
        });
        if !opened {
            return Err(not_connected());
        }
        let room = self.handle_of(&key);
        let wants = |name| show && attributes.get(name).is_some_and(Value::is_truthy);
        if wants("bring_to_foreground") {
            let shown = Attributes::default().with("hidden", false);
            driver::with(|client, now| client.write(now, &key, &shown));
        }
        if let Some(maximize) = js::function(&room, "maximize").filter(|_| wants("maximize")) {
            maximize.call0(&room)?;
        }
        if let Some(trigger) = js::function(&room, "trigger").filter(|_| show) {
            trigger.call1(&room, &JsValue::from_str("show"))?;
        }
        Ok(room)
    }

    fn close_room(&self, jid: &BareJid) {
        if !driver::peek(|client| client.store().rooms.get(jid).is_some()) {
            return;
        }
        let handle = self.handle_of(&Key::of_jid(Kind::Room, jid));
        let closed = driver::with(|client, now| client.in_context(now, |context| room::close(context, jid)));
        if closed.is_some() {
            self.emit("chatBoxClosed", &Array::of1(&self.view_of(&handle)));
        }
    }

    /// Says what happened to a room in the API's words.
    pub(super) fn handle_room_event(&self, event: Event) {
        match event {
            Event::RoomOpened(key) => self.emit_room("chatRoomOpened", &key),
            Event::RoomConfigurationNeeded(key) => {
                let room = self.handle_of(&key);
                if let Some(trigger) = js::function(&room, "trigger") {
                    report(trigger.call1(&room, &JsValue::from_str("configurationNeeded")));
                }
            }
            Event::RoomStanza { stanza, room } => self.run_room_handlers(&stanza, &room),
            Event::RoomInvitation { room, from, reason, declinable } => {
                let payload = Object::new();
                js::set(&payload, "room", &room.as_str().into());
                js::set(&payload, "from", &from.as_ref().map(Jid::as_str).into());
                js::set(&payload, "reason", &reason.into());
                js::set(&payload, "declinable", &declinable.into());
                self.emit("roomInviteReceived", &Array::of1(&payload));
            }
            Event::RoomInvitationSent { room, recipient, reason } => {
                let payload = Object::new();
                js::set(&payload, "room", &self.handle_of(&room));
                js::set(&payload, "recipient", &recipient.as_str().into());
                js::set(&payload, "reason", &reason.into());
                self.emit("roomInviteSent", &Array::of1(&payload));
            }
            Event::RoomInvitationDeclined { room, from, reason } => {
                let payload = Object::new();
                js::set(&payload, "room", &self.handle_of(&room));
                js::set(&payload, "from", &from.as_str().into());
                js::set(&payload, "reason", &reason.into());
                self.emit("roomInviteDeclined", &Array::of1(&payload));
            }
            _ => {}
        }
    }

    /// Calls what plugins have hooked into a room by `addHandler`.
    fn run_room_handlers(&self, stanza: &Element, room: &Key) {
        let room = self.handle_of(room);
        if let Some(run) = js::function(&room, "runHandlers") {
            let kind = JsValue::from_str(stanza.name());
            report(to_dom(stanza).and_then(|element| run.call2(&room, &kind, &element)));
        }
    }

    fn emit_room(&self, name: &str, key: &Key) {
        if self.listeners.borrow().any(name) {
            self.emit(name, &Array::of1(&self.view_of(&self.handle_of(key))));
        }
    }
}

/// Does something to each of the rooms that an argument names.
fn each(
    caller: &str,
    jids: &JsValue,
    mut work: impl FnMut(&BareJid) -> Result<JsValue, JsValue>,
) -> Result<JsValue, JsValue> {
    if let Some(jids) = jids.dyn_ref::<Array>() {
        let jids = jids.iter().map(|jid| address(&jid, caller)).collect::<Result<Vec<_>, _>>()?;
        return Ok(jids.iter().map(work).collect::<Result<Array, _>>()?.into());
    }
    if jids.is_undefined() || jids.is_null() {
        return Err(wrong_argument(&[caller, ": You need to provide at least one JID"].concat()));
    }
    work(&address(jids, caller)?)
}

/// The address of a room, which a link may say too.
fn address(jid: &JsValue, caller: &str) -> Result<BareJid, JsValue> {
    let jid = jid.as_string().and_then(|jid| {
        let jid = jid.trim();
        let jid = jid.strip_prefix("xmpp:").unwrap_or(jid);
        BareJid::new(jid.split_once('?').map_or(jid, |(jid, _)| jid)).ok()
    });
    let jid = jid.filter(|jid| jid.local().is_some());
    jid.ok_or_else(|| wrong_argument(&[caller, ": the jid must be the XMPP address of a room"].concat()))
}

/// What a room is opened with: an object, or a nickname.
fn attributes_of(attributes: &JsValue) -> Attributes {
    match attributes.as_string() {
        Some(nick) => Attributes::default().with("nick", Value::from(nick)),
        None => attributes.dyn_ref().map(attributes_from_js).unwrap_or_default(),
    }
}

fn wish_of(wish: &Object) -> Result<Wish, JsValue> {
    let text = |name| js::get(wish, name).as_string().filter(|text| !text.is_empty());
    let known = |words: &[&'static str], word: &str| words.iter().find(|known| **known == word).copied();
    let reason = text("reason");
    if let Some(role) = text("role") {
        let role = known(&ROLES, &role).ok_or_else(|| wrong_argument("setRole: there is no such role"))?;
        let nick = text("nick").ok_or_else(|| wrong_argument("setRole: the occupant must have a nickname"))?;
        return Ok(Wish::Role { nick, role, reason });
    }
    let affiliation = text("affiliation").and_then(|affiliation| known(&AFFILIATIONS, &affiliation));
    let affiliation = affiliation.ok_or_else(|| wrong_argument("setAffiliation: there is no such affiliation"))?;
    let jid = text("jid").and_then(|jid| Jid::new(&jid).ok());
    let jid = jid.ok_or_else(|| wrong_argument("setAffiliation: the jid must be an XMPP address"))?;
    Ok(Wish::Affiliation { jid: jid.bare().clone(), affiliation, nick: text("nick"), reason })
}

fn ask(jid: &str, start: impl FnOnce(&mut Context<'_>, &BareJid, Call)) -> Promise {
    let jid = match room_jid(jid) {
        Ok(jid) => jid,
        Err(error) => return Promise::reject(&error),
    };
    if !driver::peek(|client| client.is_connected()) {
        return Promise::reject(&not_connected());
    }
    call(|client, now, call| {
        let _: Option<()> = client.in_context(now, |context| start(context, &jid, call));
    })
}

fn in_room<R>(jid: &str, work: impl FnOnce(&mut Context<'_>, &BareJid) -> R) -> Result<R, JsValue> {
    let jid = room_jid(jid)?;
    driver::with(|client, now| client.in_context(now, |context| work(context, &jid))).ok_or_else(not_connected)
}

fn room_jid(jid: &str) -> Result<BareJid, JsValue> {
    BareJid::new(jid).map_err(|_| wrong_argument("the room has no address"))
}

fn report(outcome: Result<JsValue, JsValue>) {
    if let Err(exception) = outcome {
        js::report_error(&exception);
    }
}
