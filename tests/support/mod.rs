//! What the native tests share.

use converse_wasm::prep::{Normalizer, install};
use unicode_normalization::UnicodeNormalization;

/// Lends the core what a browser would lend it for text beyond ASCII.
pub fn lend_unicode() {
    install(Normalizer {
        nfc: |text| text.nfc().collect(),
        nfkc: |text| text.nfkc().collect(),
        lowercase: str::to_lowercase,
    });
}
