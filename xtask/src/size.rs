//! What the shipped files weigh, and whether that is within budget.toml.
//!
//! Node's zlib measures: it is there anyway, while a brotli crate would double the time it takes to compile xtask.

use std::{fs, process::Command};

use crate::{
    failure::{Result, While, fail},
    process,
    project::{pkg, read, root},
};

/// What a page loads that has the classic script; the style sheet may not be there.
const PAGE: [&str; 3] = ["converse.js", "converse_wasm_bg.wasm", "converse.css"];

const MEASURE: &str = include_str!("measure.mjs");

#[derive(Default, Clone, Copy)]
struct Weight {
    raw: u64,
    gzip: u64,
    brotli: u64,
}

pub(crate) fn run() -> Result {
    let files = shipped()?;
    if !PAGE[..2].iter().all(|needed| files.iter().any(|file| file == needed)) {
        fail!("pkg/ is not complete: run `cargo xtask build` and start again");
    }
    let weights = measure(&files)?;
    let mut page = Weight::default();
    println!("{:<24}{:>10}{:>10}{:>10}", "file", "raw", "gzip", "brotli");
    for (file, weight) in files.iter().zip(weights) {
        print_row(file, weight);
        if PAGE.contains(&file.as_str()) {
            page = page.and(weight);
        }
    }
    print_row("a page, in all", page);
    let budget = budget()?;
    if page.brotli > budget {
        fail!("a page loads {} bytes, {} more than budget.toml allows", page.brotli, page.brotli - budget);
    }
    println!("budget {budget}: {} bytes are left", budget - page.brotli);
    Ok(())
}

impl Weight {
    fn and(self, other: Self) -> Self {
        Self { raw: self.raw + other.raw, gzip: self.gzip + other.gzip, brotli: self.brotli + other.brotli }
    }
}

/// The names of the files in pkg/ that a browser can load, sorted.
fn shipped() -> Result<Vec<String>> {
    let entries = fs::read_dir(pkg()).while_("cannot read pkg/ (run `cargo xtask build` first)")?;
    let mut names: Vec<_> = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.retain(|name| [".wasm", ".js", ".css"].iter().any(|end| name.ends_with(end)));
    names.sort();
    Ok(names)
}

fn measure(files: &[String]) -> Result<Vec<Weight>> {
    let mut node = Command::new("node");
    node.current_dir(pkg()).args(["--input-type=module", "--eval", MEASURE, "--"]).args(files);
    let lines = process::output(&mut node).unwrap_or_default();
    let weights: Vec<_> = lines.lines().filter_map(weight).collect();
    if weights.len() != files.len() {
        fail!("node could not measure the files of pkg/: run `cargo xtask build` and start again");
    }
    Ok(weights)
}

/// Reads `raw gzip brotli`.
fn weight(line: &str) -> Option<Weight> {
    let mut numbers = line.split(' ').map(|word| word.parse().ok());
    Some(Weight { raw: numbers.next()??, gzip: numbers.next()??, brotli: numbers.next()?? })
}

fn budget() -> Result<u64> {
    let text = read(&root().join("budget.toml"))?;
    let value = text.lines().find_map(|line| line.strip_prefix("page = "));
    match value.and_then(|value| value.replace('_', "").parse().ok()) {
        Some(budget) => Ok(budget),
        None => fail!("budget.toml has no line `page = NUMBER`"),
    }
}

fn print_row(name: &str, weight: Weight) {
    println!("{name:<24}{:>10}{:>10}{:>10}", weight.raw, weight.gzip, weight.brotli);
}
