//! What fuzzing has found or reached before, played again: `fuzz/corpus/`, on the stable compiler and without libFuzzer.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::panic, clippy::unwrap_used, reason = "what cannot be read fails the test")]

#[path = "../fuzz/src/lib.rs"]
mod targets;

use std::{fs, path::Path};

/// Plays all of a target's corpus, and says which file it was that went wrong.
fn play(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{target} has no corpus");
    files.retain(|file| {
        let data = fs::read(file).unwrap();
        std::panic::catch_unwind(|| check(&data)).is_err()
    });
    assert!(files.is_empty(), "{files:#?}");
}

macro_rules! corpora {
    ($($target:ident),*) => {$(
        #[test]
        fn $target() {
            play(stringify!($target), targets::$target::check);
        }
    )*};
}

corpora!(cache, forms, host_meta, jid, sasl, session, stanza, text, xml);

#[test]
fn the_browser_reads_all_frames_that_are_kept() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let list = fs::read_to_string(root.join("tests/web/fuzzed.rs")).unwrap();
    for entry in fs::read_dir(root.join("fuzz/corpus/xml")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(list.contains(&format!("\"{name}\"")), "tests/web/fuzzed.rs lacks {name}");
    }
}
