//! The settings that change what the core does. `settings.rs` says what each means.

/// One field for each setting, under its name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Options {
    pub allow_bookmarks: bool,
    pub allow_contact_requests: bool,
    pub allow_muc: bool,
    pub allow_muc_invitations: bool,
    pub allow_non_roster_messaging: bool,
    pub allow_public_bookmarks: bool,
    pub auto_subscribe: bool,
    /// One of `store::SHOWS`.
    pub default_state: &'static str,
    /// Whether others are asked what they can do, and told what this client can. Every page does; tests of something
    /// else may be spared it.
    pub discovery: bool,
    pub filter_by_resource: bool,
    pub forward_messages: bool,
    pub message_carbons: bool,
    pub nickname: Option<String>,
    pub priority: i8,
    pub send_chat_state_notifications: bool,
    pub synchronize_availability: Synchronize,
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
            auto_subscribe: false,
            default_state: "online",
            discovery: true,
            filter_by_resource: false,
            forward_messages: false,
            message_carbons: true,
            nickname: None,
            priority: 0,
            send_chat_state_notifications: true,
            synchronize_availability: Synchronize::All,
        }
    }
}
