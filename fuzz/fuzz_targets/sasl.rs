#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| converse_wasm_fuzz::sasl::check(data));
