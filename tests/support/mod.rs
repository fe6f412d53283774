//! What the tests share.

#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a script that fails is a test that fails")]

pub mod archive;
pub mod link;
pub mod managed;
pub mod pattern;
pub mod peer;
pub mod room;
#[cfg(not(target_arch = "wasm32"))]
pub mod scram;

/// Lends the core what a browser would lend it for text beyond ASCII.
#[cfg(not(target_arch = "wasm32"))]
pub fn lend_unicode() {
    use unicode_normalization::UnicodeNormalization;

    converse_wasm::prep::install(converse_wasm::prep::Normalizer {
        nfc: |text| text.nfc().collect(),
        nfkc: |text| text.nfkc().collect(),
        lowercase: str::to_lowercase,
    });
}
