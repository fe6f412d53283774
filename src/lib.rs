//! A chat library for web pages: the converse.js API over an XMPP core in Rust.
//!
//! The core, from [`xml`] up to [`client`], knows no browser: input goes in, output is polled, time is an argument.
//! What joins it to a page, and what the page's plugins see, exists for WebAssembly only. `docs/architecture.md` draws
//! the layers and follows a stanza through them.
//!
//! Pages load what is built of this crate, the npm package `converse-wasm`. Natively it is an XMPP client without a socket
//! and a clock, to be driven by whoever has them:
//!
//! ```
//! use converse_wasm::{
//!     client::Client,
//!     jid::BareJid,
//!     random::Random,
//!     session::Account,
//!     stream::{
//!         Endpoint, Input, Transmit,
//!         sasl::{Credentials, Policy, Secret},
//!     },
//!     time::Instant,
//! };
//!
//! /// In earnest: bytes that nobody else can guess.
//! struct Seven;
//!
//! impl Random for Seven {
//!     fn fill(&mut self, bytes: &mut [u8]) {
//!         bytes.fill(7);
//!     }
//! }
//!
//! let now = Instant::default();
//! let mut client = Client::new(Seven);
//! client.log_in(
//!     now,
//!     Account {
//!         endpoint: Endpoint::WebSocket("wss://example.org/xmpp-websocket".to_owned()),
//!         jid: BareJid::new("romeo@example.org").ok(),
//!         domain: "example.org".to_owned(),
//!         resource: None,
//!         credentials: Some(Credentials::Password { username: "romeo".to_owned(), password: Secret::from("secret") }),
//!         prebound: None,
//!         prebinds: false,
//!         policy: Policy::default(),
//!         wants_token: false,
//!         reconnect: true,
//!         carbons: true,
//!         ping_interval: None,
//!     },
//! );
//!
//! // What is to be done is polled, and what happened is handed in.
//! let url = "wss://example.org/xmpp-websocket".to_owned();
//! assert_eq!(client.poll_transmit(now), Some(Transmit::SocketOpen { url }));
//! client.handle_input(now, Input::SocketOpened);
//! let Some(Transmit::SocketSend(frame)) = client.poll_transmit(now) else { panic!("nothing is said") };
//! assert!(frame.starts_with("<open "));
//! ```

#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

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
