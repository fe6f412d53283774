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

/// The text between the quotes of `"name": "text"`.
fn entry(line: &str) -> Option<(&str, &str)> {
    let (name, text) = line.trim().trim_end_matches(',').split_once(": ")?;
    Some((name.trim_matches('"'), text.strip_prefix('"')?.strip_suffix('"')?))
}

#[test]
fn every_package_that_ships_is_told_and_pinned() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |file: &str| fs::read_to_string(root.join(file)).unwrap();
    let (doc, lock) = (read("docs/security.md"), read("package-lock.json"));
    let told: Vec<&str> = doc.lines().filter(|line| line.starts_with("| `") && line.contains(".js` |")).collect();
    let told = told
        .into_iter()
        .chain(doc.lines().filter(|line| line.contains("| `emoji/` |") || line.contains("| as `lit` |")));
    let told: Vec<String> = told
        .flat_map(|line| line.split('|').nth(1).unwrap().split(','))
        .map(|cell| cell.trim().replace('`', ""))
        .collect();
    let manifest = read("package.json");
    let direct = manifest.split("\"dependencies\": {").nth(1).unwrap().lines().map_while(|line| match line.trim() {
        "" => Some(None),
        "}" => None,
        line => Some(entry(line)),
    });
    for (name, version) in direct.flatten() {
        assert!(version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'), "{name} {version} is no version");
        assert!(told.contains(&format!("{name} {version}")), "{name} {version}");
    }
    // In the lock file, what only builds and tests is marked so.
    let mut shipped = Vec::new();
    for package in lock.split("\n    \"node_modules/").skip(1) {
        let name = package.split('"').next().unwrap();
        let version = package.lines().filter_map(entry).find(|(key, _)| *key == "version").unwrap().1;
        let package = package.split("\n    }").next().unwrap();
        if !package.contains("\"dev\": true") && !package.contains("\"devOptional\": true") {
            shipped.push(format!("{name} {version}"));
        }
    }
    let mut told = told;
    told.sort_unstable();
    shipped.sort_unstable();
    assert_eq!(told, shipped);
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
