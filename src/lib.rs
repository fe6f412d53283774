//! A chat library for web pages: the converse.js API over an XMPP core in Rust.

pub mod prep;
pub mod stream;
