//! Every namespace this library knows, by the name its specification's prefix or title suggests.

use super::Namespace;

/// Bound to the prefix `xml` in every document (Namespaces in XML 1.0 §3).
pub const XML: Namespace = Namespace::known("http://www.w3.org/XML/1998/namespace");
/// Bound to the prefix `xmlns` in every document (Namespaces in XML 1.0 §3).
pub const XMLNS: Namespace = Namespace::known("http://www.w3.org/2000/xmlns/");

/// Stanzas between a client and its server (RFC 6120 §4.8.2).
pub const CLIENT: Namespace = Namespace::known("jabber:client");
/// Stream features and errors (RFC 6120 §4.8.1).
pub const STREAM: Namespace = Namespace::known("http://etherx.jabber.org/streams");
/// Stream error conditions (RFC 6120 §4.9).
pub const STREAM_ERRORS: Namespace = Namespace::known("urn:ietf:params:xml:ns:xmpp-streams");
/// Stanza error conditions (RFC 6120 §8.3).
pub const STANZA_ERRORS: Namespace = Namespace::known("urn:ietf:params:xml:ns:xmpp-stanzas");
/// STARTTLS, which no browser can do; a server may demand it (RFC 6120 §5).
pub const TLS: Namespace = Namespace::known("urn:ietf:params:xml:ns:xmpp-tls");
/// SASL negotiation (RFC 6120 §6).
pub const SASL: Namespace = Namespace::known("urn:ietf:params:xml:ns:xmpp-sasl");
/// Resource binding (RFC 6120 §7).
pub const BIND: Namespace = Namespace::known("urn:ietf:params:xml:ns:xmpp-bind");
/// The session of RFC 3921 §3, which old servers still demand.
pub const SESSION: Namespace = Namespace::known("urn:ietf:params:xml:ns:xmpp-session");
/// Framing over WebSocket (RFC 7395 §3.3).
pub const FRAMING: Namespace = Namespace::known("urn:ietf:params:xml:ns:xmpp-framing");
/// The `body` wrapper of BOSH (XEP-0124).
pub const HTTP_BIND: Namespace = Namespace::known("http://jabber.org/protocol/httpbind");
/// XMPP over BOSH (XEP-0206).
pub const XBOSH: Namespace = Namespace::known("urn:xmpp:xbosh");
/// The roster (RFC 6121 §2).
pub const ROSTER: Namespace = Namespace::known("jabber:iq:roster");
/// Roster versioning, as a stream feature (RFC 6121 §2.6).
pub const ROSTER_VERSIONING: Namespace = Namespace::known("urn:xmpp:features:rosterver");
/// Contacts that others suggest (XEP-0144).
pub const ROSTERX: Namespace = Namespace::known("http://jabber.org/protocol/rosterx");
/// Stream management (XEP-0198).
pub const SM: Namespace = Namespace::known("urn:xmpp:sm:3");
/// Client state indication (XEP-0352).
pub const CSI: Namespace = Namespace::known("urn:xmpp:csi:0");
/// Message carbons (XEP-0280).
pub const CARBONS: Namespace = Namespace::known("urn:xmpp:carbons:2");
/// Messages inside messages (XEP-0297).
pub const FORWARD: Namespace = Namespace::known("urn:xmpp:forward:0");
/// Chat states (XEP-0085).
pub const CHAT_STATES: Namespace = Namespace::known("http://jabber.org/protocol/chatstates");
/// Delivery receipts (XEP-0184).
pub const RECEIPTS: Namespace = Namespace::known("urn:xmpp:receipts");
/// Displayed markers (XEP-0333).
pub const MARKERS: Namespace = Namespace::known("urn:xmpp:chat-markers:0");
/// Corrections of messages (XEP-0308).
pub const CORRECTION: Namespace = Namespace::known("urn:xmpp:message-correct:0");
/// Delayed delivery (XEP-0203).
pub const DELAY: Namespace = Namespace::known("urn:xmpp:delay");
/// Unique and stable ids (XEP-0359).
pub const STANZA_IDS: Namespace = Namespace::known("urn:xmpp:sid:0");
/// Out of band data (XEP-0066).
pub const OOB: Namespace = Namespace::known("jabber:x:oob");
/// References (XEP-0372).
pub const REFERENCES: Namespace = Namespace::known("urn:xmpp:reference:0");
/// Spoilers (XEP-0382).
pub const SPOILER: Namespace = Namespace::known("urn:xmpp:spoiler:0");
/// What characters of a text mean (XEP-0393).
pub const STYLING: Namespace = Namespace::known("urn:xmpp:styling:0");
/// Hints about what to do with a message (XEP-0334).
pub const HINTS: Namespace = Namespace::known("urn:xmpp:hints");
/// Rooms: what those in a room are told (XEP-0045).
pub const MUC_USER: Namespace = Namespace::known("http://jabber.org/protocol/muc#user");
/// Results by the page (XEP-0059).
pub const RSM: Namespace = Namespace::known("http://jabber.org/protocol/rsm");
/// Rooms: roles and affiliations, asked for and changed (XEP-0045).
pub const MUC_ADMIN: Namespace = Namespace::known("http://jabber.org/protocol/muc#admin");
/// Rooms: their configuration and their end (XEP-0045).
pub const MUC_OWNER: Namespace = Namespace::known("http://jabber.org/protocol/muc#owner");
/// Rooms: the form with which a nickname is registered (XEP-0045 §15.5.1).
pub const MUC_REGISTER: Namespace = Namespace::known("http://jabber.org/protocol/muc#register");
/// Registrations: here, of nicknames with rooms (XEP-0077).
pub const REGISTER: Namespace = Namespace::known("jabber:iq:register");
/// Who somebody in a room is, whatever the nickname is (XEP-0421).
pub const OCCUPANT_ID: Namespace = Namespace::known("urn:xmpp:occupant-id:0");
/// SASL2, the extensible profile (XEP-0388).
pub const SASL2: Namespace = Namespace::known("urn:xmpp:sasl:2");
/// Bind 2 (XEP-0386).
pub const BIND2: Namespace = Namespace::known("urn:xmpp:bind:0");
/// Fast authentication with tokens (XEP-0484).
pub const FAST: Namespace = Namespace::known("urn:xmpp:fast:0");
/// Channel binding types that the server can check (XEP-0440).
pub const CHANNEL_BINDING: Namespace = Namespace::known("urn:xmpp:sasl-cb:0");
/// Nicknames that people give themselves (XEP-0172).
pub const NICK: Namespace = Namespace::known("http://jabber.org/protocol/nick");
/// Since when somebody has done nothing (XEP-0319).
pub const IDLE: Namespace = Namespace::known("urn:xmpp:idle:1");
/// Pings (XEP-0199).
pub const PING: Namespace = Namespace::known("urn:xmpp:ping");
/// Links to what belongs to a domain, as in host-meta (RFC 6415).
pub const XRD: Namespace = Namespace::known("http://docs.oasis-open.org/ns/xri/xrd-1.0");
/// The relation of a host to its WebSocket endpoint (XEP-0156).
pub const ALT_WEBSOCKET: Namespace = Namespace::known("urn:xmpp:alt-connections:websocket");
/// The relation of a host to its BOSH endpoint (XEP-0156).
pub const ALT_BOSH: Namespace = Namespace::known("urn:xmpp:alt-connections:xbosh");
/// What an entity is and can do (XEP-0030 §3).
pub const DISCO_INFO: Namespace = Namespace::known("http://jabber.org/protocol/disco#info");
/// What belongs to an entity (XEP-0030 §4).
pub const DISCO_ITEMS: Namespace = Namespace::known("http://jabber.org/protocol/disco#items");
/// What an entity can do, told with its presence (XEP-0115).
pub const CAPS: Namespace = Namespace::known("http://jabber.org/protocol/caps");
/// What programs are called by XEP-0115: this one's address on the web.
pub const CAPS_NODE: Namespace = Namespace::known("https://github.com/converse-wasm/converse-wasm");
/// Data forms (XEP-0004).
pub const DATA_FORM: Namespace = Namespace::known("jabber:x:data");
/// Pictures and sounds in data forms (XEP-0221).
pub const MEDIA: Namespace = Namespace::known("urn:xmpp:media-element");
/// Bits of binary (XEP-0231).
pub const BOB: Namespace = Namespace::known("urn:xmpp:bob");
/// vCards (XEP-0054).
pub const VCARD: Namespace = Namespace::known("vcard-temp");
/// Publish-subscribe (XEP-0060).
pub const PUBSUB: Namespace = Namespace::known("http://jabber.org/protocol/pubsub");
/// What happened at a node (XEP-0060 §7.1.2.1).
pub const PUBSUB_EVENT: Namespace = Namespace::known("http://jabber.org/protocol/pubsub#event");
/// Why a node said no (XEP-0060).
pub const PUBSUB_ERRORS: Namespace = Namespace::known("http://jabber.org/protocol/pubsub#errors");
/// A node's owner at work, such as its configuration (XEP-0060 §8).
pub const PUBSUB_OWNER: Namespace = Namespace::known("http://jabber.org/protocol/pubsub#owner");
/// The form that configures a node (XEP-0060 §16.4.4).
pub const PUBSUB_NODE_CONFIG: Namespace = Namespace::known("http://jabber.org/protocol/pubsub#node_config");
/// What must be true of a node for something to be published there (XEP-0060 §7.1.5); the feature and its form.
pub const PUBLISH_OPTIONS: Namespace = Namespace::known("http://jabber.org/protocol/pubsub#publish-options");
/// Bookmarks, one item for each (XEP-0402).
pub const BOOKMARKS: Namespace = Namespace::known("urn:xmpp:bookmarks:1");
/// A server that keeps those and the older ones the same (XEP-0402 §5).
pub const BOOKMARKS_COMPAT: Namespace = Namespace::known("urn:xmpp:bookmarks:1#compat");
/// The same, where the older ones are in PEP too.
pub const BOOKMARKS_COMPAT_PEP: Namespace = Namespace::known("urn:xmpp:bookmarks:1#compat-pep");
/// Bookmarks, all in one item (XEP-0048).
pub const OLD_BOOKMARKS: Namespace = Namespace::known("storage:bookmarks");
/// Push notifications (XEP-0357).
pub const PUSH: Namespace = Namespace::known("urn:xmpp:push:0");
/// Uploads (XEP-0363).
pub const UPLOAD: Namespace = Namespace::known("urn:xmpp:http:upload:0");
/// Rooms (XEP-0045).
pub const MUC: Namespace = Namespace::known("http://jabber.org/protocol/muc");
/// Invitations to rooms (XEP-0249).
pub const INVITATION: Namespace = Namespace::known("jabber:x:conference");
/// Archives (XEP-0313).
pub const MAM: Namespace = Namespace::known("urn:xmpp:mam:2");
/// What this library keeps in the page's storage.
pub const CACHE: Namespace = Namespace::known("urn:converse-wasm:cache");

/// The namespaces above, for the reader: a frame that names one of them needs no copy of it.
pub(super) const KNOWN: &[Namespace] = &[
    CLIENT,
    STREAM,
    STREAM_ERRORS,
    STANZA_ERRORS,
    TLS,
    SASL,
    BIND,
    SESSION,
    FRAMING,
    HTTP_BIND,
    XBOSH,
    ROSTER,
    ROSTER_VERSIONING,
    PING,
    NICK,
    SM,
    CSI,
    CARBONS,
    FORWARD,
    CHAT_STATES,
    RECEIPTS,
    MARKERS,
    CORRECTION,
    DELAY,
    STANZA_IDS,
    OOB,
    REFERENCES,
    SPOILER,
    STYLING,
    HINTS,
    MUC_USER,
    MAM,
    RSM,
    MUC,
    MUC_ADMIN,
    MUC_OWNER,
    OCCUPANT_ID,
    SASL2,
    BIND2,
    FAST,
    CHANNEL_BINDING,
    DISCO_INFO,
    DISCO_ITEMS,
    CAPS,
    DATA_FORM,
    MEDIA,
    BOB,
    VCARD,
    PUBSUB,
    PUBSUB_EVENT,
    CACHE,
];

/// What the namespaces begin with to which browsers give a meaning: HTML, SVG, MathML.
pub const MARKUP: &str = "http://www.w3.org/";
