//! What stanzas carry: one file per protocol.

pub mod bob;
pub mod bookmarks;
pub mod caps;
pub mod carbons;
pub mod chat_states;
pub mod correction;
pub mod delay;
pub mod disco;
pub mod hints;
pub mod mam;
pub mod markers;
pub mod muc;
pub mod oob;
pub mod ping;
pub mod pubsub;
pub mod push;
pub mod receipts;
pub mod references;
pub mod register;
pub mod roster;
pub mod rosterx;
pub mod rsm;
pub mod spoiler;
pub mod stanza_ids;
pub mod upload;
pub mod vcard;
