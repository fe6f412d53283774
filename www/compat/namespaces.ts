/**
 * `Strophe.NS`: the names that plugins know the namespaces by. The object is open, plugins add theirs with
 * `Strophe.addNamespace`. The core has its own list (`src/xml/ns.rs`) and does not read this one.
 */
export const NS: Record<string, string> = {
  // The keys of Strophe 1.3.
  HTTPBIND: 'http://jabber.org/protocol/httpbind',
  BOSH: 'urn:xmpp:xbosh',
  CLIENT: 'jabber:client',
  AUTH: 'jabber:iq:auth',
  ROSTER: 'jabber:iq:roster',
  PROFILE: 'jabber:iq:profile',
  DISCO_INFO: 'http://jabber.org/protocol/disco#info',
  DISCO_ITEMS: 'http://jabber.org/protocol/disco#items',
  MUC: 'http://jabber.org/protocol/muc',
  SASL: 'urn:ietf:params:xml:ns:xmpp-sasl',
  STREAM: 'http://etherx.jabber.org/streams',
  FRAMING: 'urn:ietf:params:xml:ns:xmpp-framing',
  BIND: 'urn:ietf:params:xml:ns:xmpp-bind',
  SESSION: 'urn:ietf:params:xml:ns:xmpp-session',
  VERSION: 'jabber:iq:version',
  STANZAS: 'urn:ietf:params:xml:ns:xmpp-stanzas',
  XHTML_IM: 'http://jabber.org/protocol/xhtml-im',
  XHTML: 'http://www.w3.org/1999/xhtml',

  // What converse.js 4 adds.
  CAPS: 'http://jabber.org/protocol/caps',
  CARBONS: 'urn:xmpp:carbons:2',
  CHATSTATES: 'http://jabber.org/protocol/chatstates',
  CSI: 'urn:xmpp:csi:0',
  DELAY: 'urn:xmpp:delay',
  FORWARD: 'urn:xmpp:forward:0',
  HINTS: 'urn:xmpp:hints',
  HTTPUPLOAD: 'urn:xmpp:http:upload:0',
  IDLE: 'urn:xmpp:idle:1',
  MAM: 'urn:xmpp:mam:2',
  MARKERS: 'urn:xmpp:chat-markers:0',
  MESSAGE_CORRECT: 'urn:xmpp:message-correct:0',
  MUC_ADMIN: 'http://jabber.org/protocol/muc#admin',
  MUC_OWNER: 'http://jabber.org/protocol/muc#owner',
  MUC_REGISTER: 'jabber:iq:register',
  MUC_ROOMCONF: 'http://jabber.org/protocol/muc#roomconfig',
  MUC_USER: 'http://jabber.org/protocol/muc#user',
  NICK: 'http://jabber.org/protocol/nick',
  OMEMO: 'eu.siacs.conversations.axolotl',
  OMEMO_BUNDLES: 'eu.siacs.conversations.axolotl.bundles',
  OMEMO_DEVICELIST: 'eu.siacs.conversations.axolotl.devicelist',
  OMEMO_VERIFICATION: 'eu.siacs.conversations.axolotl.verification',
  OMEMO_WHITELISTED: 'eu.siacs.conversations.axolotl.whitelisted',
  OUTOFBAND: 'jabber:x:oob',
  PING: 'urn:xmpp:ping',
  PUBSUB: 'http://jabber.org/protocol/pubsub',
  PUBSUB_ERROR: 'http://jabber.org/protocol/pubsub#errors',
  PUSH: 'urn:xmpp:push:0',
  RECEIPTS: 'urn:xmpp:receipts',
  REFERENCE: 'urn:xmpp:reference:0',
  REGISTER: 'jabber:iq:register',
  ROSTERX: 'http://jabber.org/protocol/rosterx',
  RSM: 'http://jabber.org/protocol/rsm',
  SID: 'urn:xmpp:sid:0',
  SPOILER: 'urn:xmpp:spoiler:0',
  VCARD: 'vcard-temp',
  VCARDUPDATE: 'vcard-temp:x:update',
  XFORM: 'jabber:x:data',
};

/** Of the XML specifications themselves; not part of `Strophe.NS`. */
export const XML = 'http://www.w3.org/XML/1998/namespace';
export const XMLNS = 'http://www.w3.org/2000/xmlns/';
export const XHTML = 'http://www.w3.org/1999/xhtml';
