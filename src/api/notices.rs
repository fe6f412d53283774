//! What the user is told of when nobody looks, and where the page's address leads. `www/elements/` shows it.

use std::cell::RefCell;

use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::*;

use super::{js, page::Page, value::attributes_to_js};
use crate::{
    driver,
    jid::BareJid,
    store::{Attributes, Key, Store},
    view::{
        fragment::{self, Target},
        notice::{self, Desktop, Notice, Wishes},
    },
};

thread_local! {
    static SHOW: RefCell<Option<Function>> = const { RefCell::new(None) };
    /// To make the browser a text costs more than all else that a presence does, of which many come.
    static OF_PRESENCES: JsValue = JsValue::from_str("show_chatstate_notifications");
}

/// Has `show` called with each notice.
#[wasm_bindgen(js_namespace = ["core"], js_name = onNotice)]
pub fn on_notice(show: &Function) {
    SHOW.with(|held| *held.borrow_mut() = Some(show.clone()));
}

/// Where the fragment of the page's address leads: nothing if it is none of ours.
#[wasm_bindgen(js_namespace = ["core"], js_name = readFragment)]
pub fn read_fragment(fragment: &str) -> JsValue {
    let Some(target) = fragment::read(fragment) else { return JsValue::UNDEFINED };
    let known = driver::peek(|client| target.is_known(client.store()));
    let (kind, jid) = match &target {
        Target::Chat(jid) => ("chat", Some(jid)),
        Target::Room(jid) => ("room", Some(jid)),
        Target::Nowhere => ("nowhere", None),
    };
    let attributes = Attributes::default().with("kind", kind).with("jid", jid.map(BareJid::as_rc)).with("known", known);
    attributes_to_js(&attributes).into()
}

impl Page {
    /// Tells of a message.
    pub(super) fn tell_message(&self, chat: &Key, number: u32) {
        self.tell(|store, wishes, visible| notice::of_message(store, wishes, visible, chat, number));
    }

    /// Tells of somebody who asks to become a contact.
    pub(super) fn tell_request(&self, key: &Key) {
        let Ok(jid) = BareJid::new(&key.id) else { return };
        self.tell(|store, wishes, visible| Some(notice::of_request(store, wishes, visible, &jid)));
    }

    /// Tells of a contact who can be reached otherwise than before.
    pub(super) fn tell_presence(&self, key: &Key) {
        // Asked first: many come, and hardly anybody wants to be told.
        if !self.is_told_of_presences() {
            return;
        }
        let Ok(jid) = BareJid::new(&key.id) else { return };
        self.tell(|store, wishes, visible| notice::of_presence(store, wishes, visible, &jid));
    }

    fn is_told_of_presences(&self) -> bool {
        OF_PRESENCES.with(|setting| Reflect::get(&self.converse, setting)).is_ok_and(|value| value.is_truthy())
    }

    fn tell(&self, make: impl FnOnce(&Store, &Wishes, bool) -> Option<Notice>) {
        // Without elements nobody is told.
        let Some(show) = SHOW.with(|show| show.borrow().clone()) else { return };
        let wishes = self.wishes();
        let notice = driver::peek(|client| make(client.store(), &wishes, client.is_visible()));
        let Some(Notice { what, desktop, sound }) = notice else { return };
        let what = attributes_to_js(&what.with("desktop", desktop).with("sound", sound));
        if let Err(exception) = show.call1(&JsValue::UNDEFINED, &what) {
            js::report_error(&exception);
        }
    }

    fn wishes(&self) -> Wishes {
        let desktop = match self.text_setting("show_desktop_notifications").as_deref() {
            Some("all") => Desktop::Always,
            None if !self.is_set("show_desktop_notifications") => Desktop::Never,
            _ => Desktop::Hidden,
        };
        let not_of = js::strings(&self.setting("chatstate_notification_blacklist"));
        Wishes {
            desktop,
            sounds: self.is_set("play_sounds"),
            presences: self.is_told_of_presences(),
            not_of: not_of.iter().filter_map(|jid| BareJid::new(jid.trim()).ok()).collect(),
        }
    }
}
