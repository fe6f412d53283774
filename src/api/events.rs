//! What the core tells, in the words of the API's events and in their order.

use std::rc::Rc;

use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;

use super::{
    error::{connection_error, login_aborted},
    js,
    login::{log_in_after_refusal, prebind_again},
    model::is_watched,
    page::Page,
    stanza::to_dom,
    user::set_user_jid,
    value::to_js,
};
use crate::{
    client::{Event, Status},
    driver,
    jid::{BareJid, FullJid},
    session::{Arrival, ConnectionError, Delivery},
    stanza::payload::rosterx::Suggestion,
    store::{Change, Key, Kind, STATUS_ID, Value, What},
    xml::Element,
};

impl Page {
    /// Tells the page's plugins of what happened in the core.
    pub(super) fn handle(self: &Rc<Self>, event: Event) {
        match event {
            // Told with the loss.
            Event::Status(Status::Reconnecting) => {}
            Event::Status(status) => self.handle_status(status),
            Event::Online { jid, arrival } => self.handle_online(jid, arrival),
            Event::Visibility(visible) => self.handle_visibility(visible),
            Event::StorageFull => self.warn("the page's storage is full: not everything will be there after a reload"),
            Event::Lost(cause) => self.handle_lost(&cause),
            Event::Unbound => prebind_again(self),
            Event::Delivery { id, delivery } => self.handle_delivery(&id, delivery),
            Event::Reset => {
                self.look_at_unread();
                self.handle_reset();
            }
            Event::Restored => self.handle_restored(),
            Event::Changed(change) => {
                self.count_unread(&change.key);
                self.handle_change(&change);
                self.note_shown(&change);
                self.handle_message_added(&change);
            }
            Event::Finished { call, outcome } => self.handle_finished(call, outcome),
            Event::Roster(iq) => self.emit_stanza("roster", &iq),
            Event::CachedRoster => self.emit("cachedRoster", &Array::of1(&js::get(&self.converse, "roster"))),
            Event::ContactsFetched => self.emit_plain("rosterContactsFetched"),
            Event::ContactRequest(key) => {
                self.emit_entity("contactRequest", &key);
                self.tell_request(&key);
            }
            Event::ContactRemoved(key) => self.emit_entity("contactRemoved", &key),
            Event::Suggested { from, items } => self.handle_suggested(&from, &items),
            Event::ContactPresence(key) => {
                self.handle_contact_presence(&key);
                self.tell_presence(&key);
            }
            Event::ContactStatusMessage(key) => self.handle_contact_status_message(&key),
            Event::OwnStatus => self.emit("statusChanged", &Array::of1(&self.own_status("status"))),
            Event::OwnStatusMessage => {
                self.emit("statusMessageChanged", &Array::of1(&self.own_status("status_message")));
            }
            Event::RosterPush(iq) => self.emit_stanza("rosterPush", &iq),
            Event::ServiceDiscovered(key) => self.emit_entity("serviceDiscovered", &key),
            Event::FieldDiscovered(key) => self.emit_entity("discoExtensionFieldDiscovered", &key),
            Event::BookmarksInitialized { kept } => {
                if kept {
                    self.publish(&["bookmarks"]);
                }
                self.emit_plain("bookmarksInitialized");
            }
            Event::Message { stanza, chat } => self.handle_message(&stanza, chat.as_ref()),
            Event::UploadFailed(key) => self.handle_upload_failed(&key),
            Event::Notice { stanza, chat, number } => {
                self.emit_stanza("messageNotification", &stanza);
                self.tell_message(&chat, number);
            }
            Event::Stanza(stanza) => self.handle_stanza(&stanza),
            Event::Incoming { stanza, room } => self.handle_incoming(&stanza, room.as_ref()),
            Event::Outgoing { of, stanza } => self.handle_outgoing(&of, &stanza),
            Event::OwnPresence { changed } => self.handle_own_presence(changed),
            event @ (Event::RoomOpened(_)
            | Event::RoomConfigurationNeeded(_)
            | Event::RoomStanza { .. }
            | Event::RoomInvitation { .. }
            | Event::RoomInvitationSent { .. }
            | Event::RoomInvitationDeclined { .. }) => self.handle_room_event(event),
            Event::Full(what) => self.warn_once(what),
            Event::Ignored(error) => self.warn_once(&format!("a stanza was left unread: {error}")),
            Event::Disconnected(cause) => self.handle_disconnected(cause.as_ref()),
        }
    }

    /// Takes in whether the page can be seen.
    pub(super) fn handle_visibility(&self, visible: bool) {
        let state = JsValue::from_str(if visible { "visible" } else { "hidden" });
        js::set(&self.converse, "windowState", &state);
        if visible {
            js::set(&self.converse, "msg_counter", &0.into());
        }
        let payload = Object::new();
        js::set(&payload, "state", &state);
        self.emit("windowStateChanged", &Array::of1(&payload));
    }

    /// Counts in `msg_counter` what has come and was not seen, until the page is seen again.
    fn count_unread(&self, key: &Key) {
        if matches!(key.kind, Kind::Chat | Kind::Room) {
            let before = self.unread.get();
            let more = self.look_at_unread().saturating_sub(before);
            if more > 0 {
                let counted = js::get(&self.converse, "msg_counter").as_f64().unwrap_or_default();
                js::set(&self.converse, "msg_counter", &(counted + f64::from(more)).into());
            }
        }
    }

    fn look_at_unread(&self) -> u32 {
        self.unread.set(driver::peek(|client| client.store().unread()));
        self.unread.get()
    }

    pub(super) fn handle_status(&self, status: Status) {
        let feedback = js::get(&self.converse, "connfeedback");
        if let Some(Err(exception)) =
            js::function(&feedback, "tell").map(|tell| tell.call1(&feedback, &(status as u32).into()))
        {
            js::report_error(&exception);
        }
        self.emit("connfeedback", &Array::of1(&feedback));
    }

    fn handle_online(&self, jid: FullJid, arrival: Arrival) {
        self.arrived.replace(Some((jid, arrival)));
        let again = matches!(arrival, Arrival::Resumed | Arrival::Reconnected) || self.revives.get();
        let told = match js::function(&self.converse, "onConnected") {
            Some(on_connected) => on_connected.call1(&self.converse, &again.into()).map(drop),
            None => {
                self.tell_online();
                Ok(())
            }
        };
        if let Err(exception) = told {
            js::report_error(&exception);
        }
    }

    /// Tells that stanzas can be exchanged.
    pub(super) fn tell_online(&self) {
        let Some((jid, arrival)) = self.arrived.take() else { return };
        // A handler may have ended the session since, and each of the following may, to begin another one even.
        let online = || driver::peek(|client| client.is_connected());
        if !online() {
            return;
        }
        if self.restores.take() && arrival == Arrival::New {
            self.emit_plain("clearSession");
        }
        let login = self.login.take();
        set_user_jid(self, &jid);
        self.publish(&["xmppstatus", "roster", "rostergroups", "presences", "vcards", "chatboxes"]);
        self.publish(&["disco_entities", "stream_features"]);
        let revives = self.revives.take();
        if revives {
            self.handle_reset();
        }
        let again = matches!(arrival, Arrival::Resumed | Arrival::Reconnected) || revives;
        let events = if again { ONLINE_AGAIN } else { ONLINE };
        for event in events.iter().filter(|_| online()) {
            if *event == JOINED {
                self.join_private_chats();
            }
            match (again, *event) {
                (true, "statusInitialized" | "presencesInitialized") => self.emit(event, &Array::of1(&JsValue::TRUE)),
                _ => self.emit_plain(event),
            }
        }
        self.refusals.set(0);
        self.initialized.resolve();
        if let Some(login) = login {
            login.resolve();
        }
        if !again && online() {
            self.emit_plain("rosterGroupsFetched");
        }
        if online() {
            self.emit_plain("discoInitialized");
        }
    }

    fn handle_lost(&self, cause: &ConnectionError) {
        self.warn(&cause.to_string());
        self.emit("will-reconnect", &Array::of1(&connection_error(cause)));
        self.emit("reconnecting", &Array::of1(&connection_error(cause)));
        self.handle_status(Status::Reconnecting);
        self.tear_down();
    }

    fn handle_delivery(&self, id: &str, delivery: Delivery) {
        match delivery {
            Delivery::Sent => self.tell_delivery(id, "sent", None),
            Delivery::NotSent => self.tell_delivery(id, "failed", Some("not-sent")),
            Delivery::InDoubt => self.tell_delivery(id, "failed", Some("in-doubt")),
        }
    }

    /// Tells what has become of the stanza `id` so far.
    pub(super) fn tell_delivery(&self, id: &str, state: &str, reason: Option<&str>) {
        if !self.listeners.borrow().any("stanzaDelivery") {
            return;
        }
        let payload = Object::new();
        js::set(&payload, "id", &id.into());
        js::set(&payload, "state", &state.into());
        js::set(&payload, "reason", &reason.into());
        self.emit("stanzaDelivery", &Array::of1(&payload));
    }

    pub(super) fn handle_disconnected(self: &Rc<Self>, cause: Option<&ConnectionError>) {
        if cause.is_some_and(|cause| cause.code() == "authentication-failed") && log_in_after_refusal(self) {
            return;
        }
        self.restores.set(false);
        self.revives.set(false);
        js::set(&self.host, "given", &JsValue::UNDEFINED);
        let error = cause.map_or(JsValue::UNDEFINED, connection_error);
        let login = self.login.take();
        if let Some(login) = login {
            login.reject(&cause.map_or_else(login_aborted, |_| error.clone()));
        }
        if let Some(cause) = cause {
            self.warn(&cause.to_string());
        }
        self.tear_down();
        self.emit_plain("clearSession");
        self.emit("disconnected", &Array::of1(&error));
        // On a device that is not the user's own nothing stays, however the session ended. A handler may have begun
        // another one since.
        if !self.is_trusted() && !driver::peek(|client| client.status().is_under_way()) {
            driver::with(|client, now| client.log_out(now));
        }
    }

    /// Tells that the connection and what hangs on it is no more.
    fn tear_down(&self) {
        self.emit_plain("beforeTearDown");
        self.emit_plain("afterTearDown");
    }

    /// What an earlier page knew is there again.
    fn handle_restored(&self) {
        self.look_at_unread();
        self.handle_reset();
        if self.revives.get() {
            return;
        }
        self.publish(&["roster", "chatboxes"]);
        self.emit_plain("rosterInitialized");
        self.emit("cachedRoster", &Array::of1(&js::get(&self.converse, "roster")));
        self.emit_plain("chatBoxesFetched");
    }

    fn handle_suggested(&self, from: &BareJid, items: &[Suggestion]) {
        let payload = Object::new();
        js::set(&payload, "from", &from.as_str().into());
        let item = |item: &Suggestion| {
            let object = Object::new();
            js::set(&object, "jid", &item.jid.as_str().into());
            js::set(&object, "name", &item.name.as_deref().into());
            js::set(&object, "groups", &to_js(&Value::from(item.groups.as_slice())));
            object
        };
        js::set(&payload, "items", &items.iter().map(item).collect::<Array>());
        self.emit("contactsSuggested", &Array::of1(&payload));
    }

    fn handle_contact_presence(&self, key: &Key) {
        self.emit_entity("contactPresenceChanged", key);
        if !is_watched(key) {
            return;
        }
        let contact = self.handle_of(key);
        if let Some(trigger) = js::function(&contact, "trigger") {
            let arguments = [JsValue::from_str("presenceChanged"), contact.clone()].iter().collect();
            if let Err(exception) = trigger.apply(&contact, &arguments) {
                js::report_error(&exception);
            }
        }
    }

    fn handle_contact_status_message(&self, key: &Key) {
        if !self.listeners.borrow().any("contactStatusMessageChanged") {
            return;
        }
        let contact = self.handle_of(key);
        let payload = Object::new();
        let attributes = js::get(&contact, "attributes");
        js::set(&payload, "message", &js::get(&attributes, "status"));
        js::set(&payload, "contact", &attributes);
        self.emit("contactStatusMessageChanged", &Array::of1(&payload));
    }

    /// An attribute of the user's own status.
    fn own_status(&self, attribute: &str) -> JsValue {
        let key = Key::new(Kind::Status, STATUS_ID);
        let value = driver::peek(|client| client.store().attributes(&key)?.get(attribute).cloned());
        value.map_or(JsValue::UNDEFINED, |value| to_js(&value))
    }

    /// Emits an event whose argument is the handle of an entity. It is made only if somebody listens.
    fn emit_entity(&self, name: &str, key: &Key) {
        if !self.listeners.borrow().any(name) {
            return self.resolve_promise(name);
        }
        self.emit(name, &Array::of1(&self.handle_of(key)));
    }

    /// Emits `message`. 4.x handed over an object with the element in `stanza` and the conversation in `chatbox`: here
    /// the element itself has both.
    fn handle_message(&self, stanza: &Element, chat: Option<&Key>) {
        if !self.listeners.borrow().any("message") {
            return;
        }
        match to_dom(stanza) {
            Ok(element) => {
                js::set(&element, "stanza", &element);
                js::set(&element, "chatbox", &chat.map_or(JsValue::UNDEFINED, |chat| self.handle_of(chat)));
                self.emit("message", &Array::of1(&element));
            }
            Err(exception) => js::report_error(&exception),
        }
    }

    /// Emits `messageAdded` for each message that is new in a conversation, whoever wrote it.
    fn handle_message_added(&self, Change { key, what }: &Change) {
        let added = *what == What::Added && key.kind == Kind::Message;
        if !added || !self.listeners.borrow().any("messageAdded") {
            return;
        }
        let payload = Object::new();
        js::set(&payload, "message", &self.handle_of(key));
        js::set(&payload, "chatbox", &self.chat_of(key));
        self.emit("messageAdded", &Array::of1(&payload));
    }

    /// The handle of the conversation that a message is of.
    pub(super) fn chat_of(&self, message: &Key) -> JsValue {
        let mut chats = [Kind::Chat, Kind::Room].into_iter().map(|kind| Key::new(kind, message.of.clone()));
        let chat = chats.find(|chat| driver::peek(|client| client.store().attributes(chat).is_some()));
        chat.map_or(JsValue::UNDEFINED, |chat| self.handle_of(&chat))
    }

    /// Emits an event whose argument is a stanza. The DOM element is made only if somebody listens.
    fn emit_stanza(&self, name: &str, stanza: &Element) {
        if !self.listeners.borrow().any(name) {
            return self.resolve_promise(name);
        }
        match to_dom(stanza) {
            Ok(element) => {
                // 4.x handed over an object with the element in `stanza`: both forms are the same object here.
                js::set(&element, "stanza", &element);
                self.emit(name, &Array::of1(&element));
            }
            Err(exception) => js::report_error(&exception),
        }
    }
}

/// What happens when stanzas can be exchanged, in this order.
const ONLINE: &[&str] = &[
    "setUserJID",
    "sessionInitialized",
    "streamFeaturesAdded",
    "statusInitialized",
    "presencesInitialized",
    "rosterInitialized",
    "chatBoxesFetched",
    JOINED,
    "roomsPanelRendered",
    "roomsAutoJoined",
    "initialized",
    "connected",
    "addClientFeatures",
];

/// Before this the chats that are to be open are opened.
const JOINED: &str = "privateChatsAutoJoined";

/// The same after a connection that was lost has been made again.
const ONLINE_AGAIN: &[&str] = &[
    "setUserJID",
    "sessionInitialized",
    "streamFeaturesAdded",
    "statusInitialized",
    "presencesInitialized",
    "rosterReadyAfterReconnection",
    "reconnected",
    "addClientFeatures",
];
