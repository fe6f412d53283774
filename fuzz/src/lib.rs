//! What fuzzing checks, one file for each target: any bytes in, and what must be true of whatever comes of them.
//!
//! `fuzz_targets/` hands these functions to libFuzzer, `tests/fuzz_corpora.rs` plays what was found before. No target may
//! panic, here or in the library; what else must be true stands in each.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what is not as it should be is what is looked for"
)]

pub mod cache;
pub mod forms;
pub mod host_meta;
pub mod jid;
pub mod sasl;
pub mod session;
pub mod stanza;
pub mod text;
pub mod xml;

use std::borrow::Cow;

#[path = "../../tests/support/mod.rs"]
#[allow(unused_imports, reason = "scripts of tests use more of it")]
mod support;

/// Bytes as text: what is no UTF-8 becomes U+FFFD, as in a browser.
fn text_of(data: &[u8]) -> Cow<'_, str> {
    support::lend_unicode();
    String::from_utf8_lossy(data)
}
