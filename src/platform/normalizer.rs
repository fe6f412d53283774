//! `String.prototype.normalize()` and `toLowerCase()`, for text beyond ASCII.

use js_sys::JsString;

use crate::prep::{Normalizer, install};

/// Lends the browser's Unicode tables to the core.
pub fn lend() {
    install(Normalizer {
        nfc: |text| normalize(text, "NFC"),
        nfkc: |text| normalize(text, "NFKC"),
        lowercase: |text| JsString::from(text).to_lower_case().into(),
    });
}

fn normalize(text: &str, form: &str) -> String {
    JsString::from(text).normalize(form).into()
}
