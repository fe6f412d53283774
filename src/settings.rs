//! Every setting: its name, its default, and what it is for.

/// A setting as `converse.initialize` takes it.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    pub name: &'static str,
    pub default: Value,
    /// What it is for, in one line. It is for the documentation, and does not weigh on the page.
    #[cfg(not(target_arch = "wasm32"))]
    pub about: &'static str,
}

/// The value of a setting that nobody has set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// `undefined`; the setting is a text, a number or an object, as its line says.
    None,
    Bool(bool),
    Number(i32),
    Text(&'static str),
    /// An empty array.
    List,
    /// An object of switches.
    Switches(&'static [(&'static str, bool)]),
    /// An empty object.
    Map,
}

use Value::{Bool, List, Map, None, Number, Switches, Text};

macro_rules! settings {
    ($($name:ident = $default:expr, $about:literal;)*) => {
        /// All settings, by name.
        pub const SETTINGS: &[Setting] = &[$(Setting {
            name: stringify!($name),
            default: $default,
            #[cfg(not(target_arch = "wasm32"))]
            about: $about,
        }),*];
    };
}

settings! {
    allow_bookmarks = Bool(true), "Rooms can be bookmarked.";
    allow_chat_pending_contacts = Bool(true), "Contacts who have not answered yet can be written to. Taken for the sake of older pages, and changes nothing.";
    allow_contact_removal = Bool(true), "Contacts can be removed.";
    allow_contact_requests = Bool(true), "Others may ask to become contacts, and the user may ask them.";
    allow_dragresize = Bool(true), "Chat boxes can be resized.";
    allow_logout = Bool(true), "There is a way to log out.";
    allow_muc = Bool(true), "Rooms are offered.";
    allow_muc_invitations = Bool(true), "Invitations to rooms are sent and received; not by default where view_mode is embedded.";
    allow_non_roster_messaging = Bool(false), "People who are not contacts can be written to, and can write.";
    allow_plaintext_authentication = Bool(false), "Passwords may be sent readably over connections that are not encrypted.";
    allow_public_bookmarks = Bool(false), "Bookmarks are kept even where others could read them.";
    allow_registration = Bool(true), "New accounts can be made.";
    animate = Bool(true), "Changes are animated. Taken for the sake of older pages, and changes nothing.";
    archived_messages_page_size = Number(50), "How many archived messages are asked for at once, from 1 to 10,000.";
    assets_path = None, "The folder of locales/ and emoji/, and of the WebAssembly, where they do not lie beside the script.";
    authentication = Text("login"), "How to log in: login, anonymous, external or prebind.";
    auto_away = Number(0), "Seconds without activity until the status becomes away; 0 never.";
    auto_join_on_invite = Bool(false), "Invitations to rooms are followed without asking.";
    auto_join_private_chats = List, "Addresses of contacts whose chats open after the log-in.";
    auto_join_rooms = List, "Rooms to enter after the log-in: addresses, or objects with jid and nick.";
    auto_list_rooms = Bool(false), "The rooms of the service are listed without asking.";
    auto_login = Bool(false), "Log in at once, with the credentials given.";
    auto_reconnect = Bool(true), "Connect again when the connection is lost.";
    auto_register_muc_nickname = Bool(false), "Register the nickname with every room entered.";
    auto_subscribe = Bool(false), "Requests to become contacts are granted and returned.";
    auto_xa = Number(0), "Seconds without activity until the status becomes xa; 0 never.";
    blacklisted_plugins = List, "Names of plugins that are not to be used.";
    bosh_service_url = None, "The address of the server's BOSH service.";
    chatstate_notification_blacklist = List, "Addresses whose chat states cause no notification.";
    connection_options = Map, "Options for the connection. Taken for the sake of older pages, and changes nothing.";
    credentials_url = None, "An address that returns jid and password as JSON.";
    csi_waiting_time = Number(0), "Seconds without activity until the server is told so; 0 never.";
    debug = Bool(false), "Log what happens.";
    default_domain = None, "The domain of addresses typed without one.";
    default_state = Text("online"), "The status after the log-in.";
    discover_connection_methods = Bool(true), "Without websocket_url and bosh_service_url, the user's domain is asked for them.";
    domain_placeholder = Text(" e.g. conversejs.org"), "What the domain field shows while it is empty.";
    emoji_image_path = None, "Where emoji images are, if images are to be used. Taken for the sake of older pages, and changes nothing.";
    enable_muc_push = Bool(false), "The services of rooms that are entered may cause push notifications, too.";
    expose_rid_and_sid = Bool(false), "Plugins may read the BOSH session's tokens.";
    filter_by_resource = Bool(false), "Messages to other clients of the account are left out.";
    forward_messages = Bool(false), "Sent messages are forwarded to the account's other clients.";
    geouri_regex = None, "What links to a place look like.";
    geouri_replacement = None, "What geo: links become.";
    hide_offline_users = Bool(false), "Contacts who are offline are not shown.";
    hide_open_bookmarks = Bool(true), "Bookmarks of rooms that are open are not shown.";
    idle_presence_timeout = Number(300), "Seconds without activity until contacts are told so; 0 never.";
    jid = None, "The address to log in as; for anonymous log-ins, the domain.";
    keepalive = Bool(true), "A reload of the page goes on with the session.";
    locales = List, "The languages offered.";
    locales_url = Text("locale/{{{locale}}}/LC_MESSAGES/converse.json"), "Where translations are. Taken for the sake of older pages, and changes nothing.";
    locked_domain = None, "The only domain that can be logged in to.";
    message_archiving = None, "What the server is asked to archive: always, never or roster.";
    message_archiving_timeout = Number(20_000), "Milliseconds until a query to the archive is given up.";
    message_carbons = Bool(true), "Messages of the account's other clients are shown.";
    muc_disable_moderator_commands = Bool(false), "Moderators' commands are not offered; or an array of those that are not.";
    muc_domain = None, "The room service that is filled in.";
    muc_history_max_stanzas = None, "The most messages a room is asked for on entering.";
    muc_instant_rooms = Bool(true), "New rooms take the service's default configuration.";
    muc_nickname_from_jid = Bool(false), "The nickname in rooms is the part of the address before the @.";
    muc_show_join_leave = Bool(true), "Rooms show who comes and goes.";
    nickname = None, "The nickname in rooms.";
    no_trimming = Bool(false), "Chat boxes that do not fit are not minimised.";
    notification_delay = Number(5_000), "Milliseconds until a desktop notification goes away.";
    notification_icon = None, "The image of desktop notifications.";
    notify_all_room_messages = Bool(false), "Every message in a room notifies; or an array of rooms where it does.";
    oauth_providers = Map, "OAuth providers to log in with. Taken for the sake of older pages, and changes nothing.";
    password = None, "The password to log in with.";
    ping_interval = Number(180), "Seconds of silence until the server is asked whether it is there; 0 never.";
    play_sounds = Bool(false), "Notifications can be heard.";
    prebind_url = None, "An address that returns jid, sid and rid as JSON.";
    priority = Number(0), "The priority of this client's presence.";
    providers_link = Text("https://compliance.conversations.im/"), "Where to find a server.";
    push_app_servers = List, "Push services to register with.";
    registration_domain = Text(""), "The server whose registration form is shown at once.";
    rid = None, "The request id of a prebound BOSH session.";
    roomconfig_whitelist = List, "The fields a room's configuration shows; all if empty.";
    root = None, "The document or shadow root to show everything in.";
    roster_groups = Bool(true), "Contacts are shown in their groups.";
    send_chat_state_notifications = Bool(true), "Others see when the user is typing.";
    show_chatstate_notifications = Bool(false), "Chat states cause desktop notifications.";
    show_client_info = Bool(true), "The control box says which program this is, and which version.";
    show_controlbox_by_default = Bool(false), "The control box is open at first.";
    show_desktop_notifications = Bool(true), "Messages cause desktop notifications.";
    show_images_inline = Bool(true), "Images are shown in place of their links.";
    show_only_online_users = Bool(false), "Only contacts who are online are shown.";
    show_send_button = Bool(false), "There is a button to send.";
    show_toolbar = Bool(true), "Chats have a toolbar.";
    sid = None, "The session id of a prebound BOSH session.";
    sounds_path = Text("sounds/"), "Where sounds are.";
    sticky_controlbox = Bool(false), "The control box cannot be closed.";
    strict_plugin_dependencies = Bool(false), "A plugin whose dependency is missing is an error.";
    synchronize_availability = Bool(true), "The status follows that of the account's other clients.";
    theme = Text("default"), "The theme.";
    time_format = Text("HH:mm"), "How times are written. Taken for the sake of older pages, and changes nothing.";
    trusted = Bool(true), "The device is the user's own: a session that breaks off leaves contacts and chats for the next, as long as the tab is there.";
    use_system_emojis = Bool(true), "Emoji are text, not images. Taken for the sake of older pages, and changes nothing.";
    view_mode = Text("overlayed"), "How chats are shown: overlayed, fullscreen, mobile or embedded.";
    visible_toolbar_buttons = Switches(&[("call", false), ("clear", true), ("emoji", true), ("spoiler", true), ("toggle_occupants", true)]), "The buttons of the toolbar.";
    websocket_url = None, "The address of the server's WebSocket service.";
    whitelisted_plugins = List, "Names of plugins that may be used besides the library's own.";
    xhr_user_search_url = None, "An address that finds people to add. Taken for the sake of older pages, and changes nothing.";
}
