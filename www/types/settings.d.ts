/** The configuration settings by their names. Unknown ones are kept for the plugins that know them. */
export interface Settings {
  /** The address of the server's WebSocket service. It goes before `bosh_service_url` where both are given. */
  websocket_url?: string;
  /** The address of the server's BOSH service. */
  bosh_service_url?: string;
  /**
   * The folder of `locales/` and `emoji/`, where these do not lie beside the script; the `*.wasm` are looked for there, too, if
   * they are not beside the script. With a bundler, which gives files other places, set it.
   */
  assets_path?: string;
  /** A connection that the page has made (`Strophe.Connection`): where to connect to, and what to log in with. */
  connection?: object;
  /** Log in at once, with `jid` and `password`. */
  auto_login?: boolean;
  /** The address to log in as; for anonymous log-ins, the domain. */
  jid?: string;
  password?: string;
  /** The domain of those who log in with a name only. */
  default_domain?: string;
  /** The same; and nobody of another domain can log in. */
  locked_domain?: string;
  authentication?: 'login' | 'anonymous' | 'external' | 'prebind';
  /** An address that answers with `jid` and `password` as JSON, to be logged in with. */
  credentials_url?: string;
  /** With prebind: an address that answers with `jid`, `sid` and `rid` of a BOSH session as JSON. */
  prebind_url?: string;
  /** With prebind: the BOSH session itself; `jid` must have a resource then. */
  sid?: string;
  rid?: number | string;
  /** Lets plugins read the ids of the BOSH session. */
  expose_rid_and_sid?: boolean;
  /** Without `websocket_url` and `bosh_service_url`, ask the user's domain for them over https (XEP-0156). On unless you say otherwise. */
  discover_connection_methods?: boolean;
  /** Send passwords readably over connections that are not encrypted, where the server knows no better way. */
  allow_plaintext_authentication?: boolean;
  /** Go on with the session when the page is reloaded. On unless you say otherwise; works over BOSH. */
  keepalive?: boolean;
  /** The status after the log-in; `online` unless you say otherwise. */
  default_state?: 'online' | 'chat' | 'away' | 'xa' | 'dnd' | 'unavailable' | 'offline';
  /** The priority of this client among the user's, from -128 to 127. */
  priority?: number;
  /** The status follows that of the account's other clients, or that of the one with this resource. */
  synchronize_availability?: boolean | string;
  /** Seconds without activity until the status becomes `away`, and `xa`; 0 never. */
  auto_away?: number;
  auto_xa?: number;
  /** Seconds without activity until contacts are told since when; 0 never. */
  idle_presence_timeout?: number;
  /** Seconds without activity until the server is told, which can save traffic then; 0 never. */
  csi_waiting_time?: number;
  /** Requests to become contacts are granted and returned without asking. */
  auto_subscribe?: boolean;
  /** Whether others may ask to become contacts. */
  allow_contact_requests?: boolean;
  /** Contacts are shown in the groups of the roster. */
  roster_groups?: boolean;
  /** Rooms to enter after the log-in. */
  auto_join_rooms?: readonly (string | { jid: string; nick?: string })[];
  /** Enter rooms to which a contact invites. Invitations of others, and those that a room sends, are told only. */
  auto_join_on_invite?: boolean;
  /** Whether rooms are offered: entered by themselves, and told others that this client knows them. */
  allow_muc?: boolean;
  /** Whether invitations to rooms are heard; unless you say otherwise, not where `view_mode` is `embedded`. */
  allow_muc_invitations?: boolean;
  /** Register `push_app_servers` also with the services of rooms that are entered, where these can push (XEP-0357). */
  enable_muc_push?: boolean;
  /** Register the nickname with every room that is entered. */
  auto_register_muc_nickname?: boolean;
  /** The most messages of what was said before that a room is asked for. */
  muc_history_max_stanzas?: number;
  /** New rooms are as the service would have them; otherwise `configurationNeeded` is triggered on the room. */
  muc_instant_rooms?: boolean;
  /** The nickname in rooms is what stands before the @ in the user's address, with a number if it is taken. */
  muc_nickname_from_jid?: boolean;
  /** Bookmark rooms: in the account's own storage, which nobody else reads. */
  allow_bookmarks?: boolean;
  /** Keep bookmarks even where the server cannot keep others from reading them. */
  allow_public_bookmarks?: boolean;
  /** Connect again when the connection is lost. On unless you say otherwise. */
  auto_reconnect?: boolean;
  /** Taken for the sake of pages for converse.js 4. No option in it changes anything here, which the log says. */
  connection_options?: object;
  /** How chats are shown: boxes above the page, over all of it, for a small screen, or one in an element of the page. */
  view_mode?: 'overlayed' | 'fullscreen' | 'mobile' | 'embedded';
  /** The document, or the shadow root, that everything is shown in. The style sheet is brought into a shadow root. */
  root?: unknown;
  /** The control box is open at first. */
  show_client_info?: boolean;
  show_controlbox_by_default?: boolean;
  /** The control box cannot be closed. */
  sticky_controlbox?: boolean;
  /** Chat boxes can be made larger and smaller. On unless you say otherwise. */
  allow_dragresize?: boolean;
  /** Chat boxes that find no room beside the others are not minimised. */
  no_trimming?: boolean;
  /** New accounts can be made (XEP-0077). On unless you say otherwise. */
  allow_registration?: boolean;
  /** The server whose registration form is shown at once. */
  registration_domain?: string;
  /** What the field for that server shows while it is empty. */
  domain_placeholder?: string;
  /** Where those who look for a server find one; a link beside that field. */
  providers_link?: string;
  /** Log what goes over the wire, and what plugins log. Passwords, tokens and what else leads in are left out. */
  debug?: boolean;
  /** Show what the account's other clients send and receive (XEP-0280). On unless you say otherwise. */
  message_carbons?: boolean;
  /** The nickname: in rooms, and for those whom the user asks to become contacts, unless their vCard has one. */
  nickname?: string;
  /** Seconds without a word from the server until it is asked whether it is there; 0 never. */
  ping_interval?: number;
  /** Push services that the account's server is to tell of what arrives (XEP-0357). */
  push_app_servers?: readonly PushServer[];
  /**
   * Whether the device is the user's own. Whatever is kept is in the tab's `sessionStorage`, and ends with the tab at the
   * latest. On a device that is not trusted nothing leads in without the password, and all of it is taken out with the
   * end of the session, however that comes; otherwise a session that breaks off leaves contacts and chats for the next.
   */
  trusted?: boolean | 'on' | 'off';
  /** Names of the plugins that may be used. */
  whitelisted_plugins?: readonly string[];
  /** Names of plugins that must not be used, whatever the whitelist says. */
  blacklisted_plugins?: readonly string[];
  /** Whether a dependency that is missing is an error; otherwise it is a warning. */
  strict_plugin_dependencies?: boolean;
  [name: string]: unknown;
}

/** A push service, where the account's server publishes that something arrived. */
export interface PushServer {
  jid: string;
  /** Where to publish. Without one, nothing is registered; with `disable`, every node is given up. */
  node?: string;
  /** Lets the server publish there. */
  secret?: string;
  /** Take the service out. `disabled` means the same. */
  disable?: boolean;
  disabled?: boolean;
}
