//! `docs/security.md`: every bound in the sources is told there, and every row of the list of attacks.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "what cannot be read fails the test")]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The name in `line`, if that is the definition of a bound.
fn bound(line: &str) -> Option<&str> {
    let (before, after) = line.split_once("const MAX_")?;
    let (name, _) = after.split_once(':').filter(|_| !before.contains("//"))?;
    line.get(before.len() + "const ".len()..before.len() + "const MAX_".len() + name.len())
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { sources(&path, found) } else { found.push(path) }
    }
}

#[test]
fn every_bound_is_told() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let doc = fs::read_to_string(root.join("docs/security.md")).unwrap();
    let (mut files, mut count) = (Vec::new(), 0);
    sources(&root.join("src"), &mut files);
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        let file = path.strip_prefix(root.join("src")).unwrap().to_string_lossy().replace('\\', "/");
        for name in text.lines().filter_map(bound) {
            let (start, cell) = (format!("| `{name}` = "), format!(" | `{file}` | "));
            assert!(doc.lines().any(|line| line.starts_with(&start) && line.contains(&cell)), "{file}: {name}");
            count += 1;
        }
    }
    assert_eq!(doc.lines().filter(|line| line.starts_with("| `MAX_")).count(), count);
}

#[test]
fn every_row_is_told() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let doc = fs::read_to_string(root.join("docs/security.md")).unwrap();
    let told: Vec<String> = doc
        .lines()
        .filter_map(|line| line.strip_prefix("| "))
        .flat_map(|line| line.split([' ', ',']).take_while(|word| !word.starts_with(char::is_lowercase)))
        .map(str::to_owned)
        .collect();
    for entry in fs::read_dir(root.join("tests/corpus")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let is_row = path.extension().is_some_and(|extension| extension == "txt") && name != "world";
        assert!(!is_row || told.contains(&name), "{name}");
    }
}
