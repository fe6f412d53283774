//! The settings that change what the core does. `settings.rs` says what each means.

use std::{fmt, time::Duration};

use crate::jid::Jid;

use crate::{jid::BareJid, session::DEFAULT_TIMEOUT};

/// One field for each setting, under its name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Options {
    pub allow_bookmarks: bool,
    pub allow_contact_requests: bool,
    pub allow_muc: bool,
    pub allow_muc_invitations: bool,
    pub allow_non_roster_messaging: bool,
    pub allow_public_bookmarks: bool,
    /// Whether archives are read by themselves. Every page does; tests of something else may be spared it.
    pub archive: bool,
    pub archived_messages_page_size: u32,
    /// How long the user does nothing until the status becomes `away`.
    pub auto_away: Option<Duration>,
    pub auto_join_on_invite: bool,
    /// Rooms to enter after the log-in, each with the nickname there.
    pub auto_join_rooms: Vec<(BareJid, Option<String>)>,
    pub auto_register_muc_nickname: bool,
    pub auto_subscribe: bool,
    /// The same until it becomes `xa`.
    pub auto_xa: Option<Duration>,
    /// The same until the server is told.
    pub csi_waiting_time: Option<Duration>,
    /// One of `store::SHOWS`.
    pub default_state: &'static str,
    /// Whether others are asked what they can do, and told what this client can. Every page does; tests of something
    /// else may be spared it.
    pub discovery: bool,
    /// Whether the services of rooms are to push, too.
    pub enable_muc_push: bool,
    pub filter_by_resource: bool,
    pub forward_messages: bool,
    /// Only one conversation is seen at a time, and others that begin by themselves do not take its place.
    pub hides_new_chats: bool,
    /// The same until contacts are told.
    pub idle_presence_timeout: Option<Duration>,
    /// One of `always`, `never` and `roster`.
    pub message_archiving: Option<&'static str>,
    pub message_archiving_timeout: Duration,
    pub message_carbons: bool,
    pub muc_history_max_stanzas: Option<u32>,
    pub muc_instant_rooms: bool,
    pub muc_nickname_from_jid: bool,
    pub nickname: Option<String>,
    pub notify_all_room_messages: WhichRooms,
    pub priority: i8,
    /// Services that the account's server is to tell of what arrives, or not any more.
    pub push_app_servers: Vec<PushServer>,
    /// Whether contacts are shown in the groups of the roster.
    pub roster_groups: bool,
    pub send_chat_state_notifications: bool,
    pub synchronize_availability: Synchronize,
}

/// A push service (XEP-0357 §5).
#[derive(Clone, Eq, PartialEq)]
pub struct PushServer {
    pub jid: Jid,
    pub node: Option<String>,
    /// Lets the server publish at the node.
    pub secret: Option<String>,
    pub disabled: bool,
}

impl fmt::Debug for PushServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.jid.as_str())
    }
}

/// Rooms.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum WhichRooms {
    None,
    All,
    These(Vec<BareJid>),
}

/// Whose status the user's own one follows.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Synchronize {
    Nobody,
    /// That of every other client of the account.
    All,
    /// That of the client with this resource.
    Resource(String),
}

impl Default for Options {
    fn default() -> Self {
        Self {
            allow_bookmarks: true,
            allow_contact_requests: true,
            allow_muc: true,
            allow_muc_invitations: true,
            allow_non_roster_messaging: false,
            allow_public_bookmarks: false,
            archive: true,
            archived_messages_page_size: 50,
            auto_away: None,
            auto_join_on_invite: false,
            auto_join_rooms: Vec::new(),
            auto_register_muc_nickname: false,
            auto_subscribe: false,
            auto_xa: None,
            csi_waiting_time: None,
            default_state: "online",
            discovery: true,
            enable_muc_push: false,
            filter_by_resource: false,
            forward_messages: false,
            hides_new_chats: false,
            idle_presence_timeout: Some(Duration::from_secs(300)),
            message_archiving: None,
            message_archiving_timeout: DEFAULT_TIMEOUT,
            message_carbons: true,
            muc_history_max_stanzas: None,
            muc_instant_rooms: true,
            muc_nickname_from_jid: false,
            nickname: None,
            notify_all_room_messages: WhichRooms::None,
            priority: 0,
            push_app_servers: Vec::new(),
            roster_groups: true,
            send_chat_state_notifications: true,
            synchronize_availability: Synchronize::All,
        }
    }
}
