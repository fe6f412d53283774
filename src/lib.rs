//! A chat library for web pages: the converse.js API over an XMPP core in Rust.

pub mod jid;
pub mod prep;
pub mod random;
pub mod stanza;
pub mod stream;
pub mod time;
pub mod xml;
