//! The settings that the core works by, as they are on `_converse` now.

use std::time::Duration;

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::{js, login::text, page::Page};
use crate::{
    client::{Options, PushServer, Synchronize, WhichRooms},
    jid::{BareJid, Jid},
    store::OwnStatus,
};

impl Page {
    /// What the core is to work by.
    pub(super) fn options(&self) -> Options {
        let default = Options::default();
        let default_state = self.text_setting("default_state");
        let page_size = self.number_setting("archived_messages_page_size").unwrap_or(50.0);
        let timeout = self.number_setting("message_archiving_timeout").filter(|timeout| *timeout > 0.0);
        let priority = self.number_setting("priority").unwrap_or_default();
        Options {
            allow_bookmarks: self.is_set("allow_bookmarks"),
            allow_contact_requests: self.is_set("allow_contact_requests"),
            allow_muc: self.is_set("allow_muc"),
            allow_muc_invitations: self.is_set("allow_muc_invitations"),
            allow_non_roster_messaging: self.is_set("allow_non_roster_messaging"),
            allow_public_bookmarks: self.is_set("allow_public_bookmarks"),
            auto_away: self.seconds_setting("auto_away"),
            archive: default.archive,
            archived_messages_page_size: page_size.clamp(1.0, 10_000.0) as u32,
            auto_join_on_invite: self.is_set("auto_join_on_invite"),
            auto_join_rooms: self.rooms_to_join(),
            auto_register_muc_nickname: self.is_set("auto_register_muc_nickname"),
            auto_subscribe: self.is_set("auto_subscribe"),
            auto_xa: self.seconds_setting("auto_xa"),
            csi_waiting_time: self.seconds_setting("csi_waiting_time"),
            default_state: default_state.and_then(|s| OwnStatus::show_of(&s)).unwrap_or(default.default_state),
            discovery: default.discovery,
            enable_muc_push: self.is_set("enable_muc_push"),
            filter_by_resource: self.is_set("filter_by_resource"),
            forward_messages: self.is_set("forward_messages"),
            hides_new_chats: self.text_setting("view_mode").is_some_and(|mode| mode != "overlayed"),
            idle_presence_timeout: self.seconds_setting("idle_presence_timeout"),
            message_archiving: self
                .text_setting("message_archiving")
                .and_then(|s| ARCHIVING.into_iter().find(|a| *a == s)),
            message_archiving_timeout: timeout
                .map_or(default.message_archiving_timeout, |timeout| Duration::from_millis(timeout as u64)),
            message_carbons: self.is_set("message_carbons"),
            muc_history_max_stanzas: self.number_setting("muc_history_max_stanzas").map(|max| max as u32),
            muc_instant_rooms: self.is_set("muc_instant_rooms"),
            muc_nickname_from_jid: self.is_set("muc_nickname_from_jid"),
            nickname: self.text_setting("nickname"),
            notify_all_room_messages: self.rooms_that_notify(),
            // `as` takes what does not fit to the nearest that does.
            priority: priority as i8,
            push_app_servers: self.push_servers(),
            roster_groups: self.is_set("roster_groups"),
            send_chat_state_notifications: self.is_set("send_chat_state_notifications"),
            synchronize_availability: match self.text_setting("synchronize_availability") {
                Some(resource) => Synchronize::Resource(resource),
                None if self.is_set("synchronize_availability") => Synchronize::All,
                None => Synchronize::Nobody,
            },
        }
    }

    /// The rooms to enter after the log-in: addresses, or objects with an address and a nickname.
    fn rooms_to_join(&self) -> Vec<(BareJid, Option<String>)> {
        let rooms = self.setting("auto_join_rooms");
        let rooms = rooms.dyn_ref::<Array>().map(|rooms| rooms.iter().collect::<Vec<_>>()).unwrap_or_default();
        let room = |room: JsValue| {
            let (jid, nick) = match room.as_string() {
                Some(jid) => (Some(jid), None),
                None => (js::get(&room, "jid").as_string(), js::get(&room, "nick").as_string()),
            };
            let jid = jid.and_then(|jid| BareJid::new(jid.trim()).ok());
            if jid.is_none() {
                self.warn_once("auto_join_rooms: a room has no XMPP address");
            }
            Some((jid?, nick.filter(|nick| !nick.is_empty())))
        };
        rooms.into_iter().filter_map(room).collect()
    }

    /// The rooms in which every message causes a notification, not only those that mean the user.
    fn rooms_that_notify(&self) -> WhichRooms {
        let rooms = self.setting("notify_all_room_messages");
        if Array::is_array(&rooms) {
            return WhichRooms::These(
                js::strings(&rooms).iter().filter_map(|jid| BareJid::new(jid.trim()).ok()).collect(),
            );
        }
        if rooms.is_truthy() { WhichRooms::All } else { WhichRooms::None }
    }

    /// The services in `push_app_servers` that have an address. The old documentation says `disabled`, the old code `disable`.
    fn push_servers(&self) -> Vec<PushServer> {
        let server = |server: JsValue| {
            Some(PushServer {
                jid: Jid::new(&text(&server, "jid")?).ok()?,
                node: text(&server, "node"),
                secret: text(&server, "secret"),
                disabled: ["disable", "disabled"].into_iter().any(|key| js::get(&server, key).is_truthy()),
            })
        };
        let servers = self.setting("push_app_servers");
        servers.dyn_ref::<Array>().into_iter().flat_map(Array::iter).filter_map(server).collect()
    }
}

/// What can be archived.
pub(super) const ARCHIVING: [&str; 3] = ["always", "never", "roster"];
