//! A chat library for web pages: the converse.js API over an XMPP core in Rust.
//!
//! The core, from [`xml`] up to [`client`], knows no browser: input goes in, output is polled, time is an argument.
//! What joins it to a page, and what the page's plugins see, exists for WebAssembly only. `docs/architecture.md` draws
//! the layers and follows a stanza through them.

pub mod client;
pub mod feature;
pub mod jid;
pub mod prep;
pub mod random;
pub mod session;
pub mod settings;
pub mod stanza;
pub mod store;
pub mod stream;
pub mod text;
pub mod time;
pub mod view;
pub mod xml;

#[cfg(target_arch = "wasm32")]
mod api;
#[cfg(target_arch = "wasm32")]
mod driver;
/// Public for the tests in tests/web alone: nobody depends on this crate for the browser, pages load what is built of it.
#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub mod platform;

#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub use api::to_dom;
