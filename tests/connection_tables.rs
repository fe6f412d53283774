//! The transition tables of `docs/architecture.md`: every arrow has a test, and the test is there.

#![allow(clippy::unwrap_used, reason = "what cannot be read fails the test")]

use std::{fs, path::Path};

/// What the last column of each table is called.
const TEST: &str = "Test";

/// What is wrong with the tables in `section`, as `line: what`; and how many rows there are.
fn check(section: &str, exists: impl Fn(&str, &str) -> bool) -> (Vec<String>, usize) {
    let (mut wrong, mut rows) = (Vec::new(), 0);
    let lines: Vec<&str> = section.lines().collect();
    for (i, line) in lines.iter().enumerate().filter(|(_, line)| line.starts_with('|')) {
        let Some(cell) = line.trim_end().strip_suffix('|').and_then(|line| line.rsplit('|').next()) else {
            wrong.push(format!("{line}: no end"));
            continue;
        };
        let is_head = lines.get(i + 1).is_some_and(|next| next.starts_with("|---"));
        if is_head && cell.trim() != TEST {
            wrong.push(format!("{line}: no column for tests"));
        }
        if is_head || line.starts_with("|---") {
            continue;
        }
        rows += 1;
        if cell.trim().is_empty() {
            wrong.push(format!("{line}: no test"));
        }
        for name in cell.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            let test = name.strip_prefix('`').and_then(|name| name.strip_suffix('`'));
            match test.and_then(|test| test.split_once("::")) {
                Some((file, function)) if exists(file, function) => {}
                _ => wrong.push(format!("{name}: there is no such test")),
            }
        }
    }
    (wrong, rows)
}

/// Whether `tests/<file>.rs` has the test `function`.
fn exists(file: &str, function: &str) -> bool {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(file).with_extension("rs");
    let source = fs::read_to_string(path).unwrap_or_default();
    source.contains(&format!("#[test]\nfn {function}()"))
}

#[test]
fn every_arrow_has_a_test() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/architecture.md");
    let text = fs::read_to_string(path).unwrap();
    let section = text.split("\n## ").find(|section| section.starts_with("State machines")).unwrap();
    let (wrong, rows) = check(section, exists);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(rows > 100, "{rows} rows");
}

#[test]
fn what_is_wrong_is_found() {
    let head = "| State | Test |\n|---|---|\n";
    let check = |rows: &str| check(&[head, rows].concat(), |file, function| (file, function) == ("a", "b"));
    assert_eq!(check("| Idle | `a::b` |\n| | `a::b`, `a::b` |\n"), (Vec::new(), 2));
    for row in
        ["| Idle | |", "| Idle | `a::c` |", "| Idle | `c::b` |", "| Idle | a::b |", "| Idle | `a::b`, `b` |", "| Idle"]
    {
        assert_eq!(check(row).0.len(), 1, "{row}");
    }
    assert_eq!(faults("| State | Next |\n|---|---|\n| Idle | `a::b` |\n"), 1);
}

fn faults(table: &str) -> usize {
    check(table, |_, _| true).0.len()
}
