//! What only a browser can tell: its Unicode tables, its clock and storage, its own reading of XML, and whether the core
//! does there what it does elsewhere.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test that fails is to fail")]

mod dom;
mod fuzzed;
mod platform;
mod session;
#[path = "../support/mod.rs"]
mod support;
mod xml;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
