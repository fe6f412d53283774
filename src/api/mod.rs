//! What plugins see: one file for each grouping of the API documentation, in its words.
//!
//! The functions are exported under the namespace `api`; the loader in `www/` hands that object back to
//! [`initialize`], which makes it `_converse.api`. They are plain functions of plain objects: a plugin may detach one,
//! or replace one with its own.

mod archive;
mod bookmarks;
mod calls;
mod chats;
mod chatviews;
mod connection;
mod contacts;
mod disco;
mod emit;
mod error;
mod events;
mod initialize;
mod js;
mod later;
mod listen;
mod login;
mod lookup;
mod model;
mod notices;
mod options;
mod page;
mod promises;
mod pubsub;
mod registration;
mod replaced;
mod rooms;
mod roster;
mod send;
mod settings;
mod settings_check;
mod stanza;
mod status;
mod tap;
mod tokens;
mod upload;
mod user;
mod value;
mod vcard;
mod view;
mod view_rooms;

pub use stanza::to_dom;
