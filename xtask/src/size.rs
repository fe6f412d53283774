//! What the shipped files weigh, and whether that is within budget.toml.
//!
//! Node's zlib measures: it is there anyway, while a brotli crate would double the time it takes to compile xtask.

mod parts;

use std::{fs, process::Command};

use crate::{
    failure::{Result, While, fail},
    process,
    project::{pkg, read, root},
};

/// What a page loads: its name in budget.toml, what that is, and the files.
const LOADS: [(&str, &str, &[&str]); 5] = [
    ("headless", "headless, until it can be used", &["converse.headless.js", "converse_wasm_bg.wasm"]),
    ("client", "client, until it can be used", &["converse.js", "converse_wasm_bg.wasm", "converse.css"]),
    ("compat", "compat, until it can be used", &["converse.compat.js", "converse_wasm_bg.wasm", "converse.css"]),
    ("headless-later", "headless, after that", &["converse_wasm_later.wasm"]),
    ("client-later", "client and compat, after that", &["converse_wasm_later.wasm", "converse.later.js"]),
];

const MEASURE: &str = include_str!("measure.mjs");

#[derive(Default, Clone, Copy)]
struct Weight {
    raw: u64,
    gzip: u64,
    brotli: u64,
}

/// What the parts of the wasm weigh.
pub(crate) fn parts() -> Result {
    parts::run()
}

pub(crate) fn run() -> Result {
    let files = shipped()?;
    let needed = LOADS.iter().flat_map(|(.., files)| *files);
    if !needed.into_iter().all(|needed| files.iter().any(|file| file == needed)) {
        fail!("pkg/ is not complete: run `cargo xtask build` and start again");
    }
    let weights = measure(&files)?;
    println!("{:<32}{:>10}{:>10}{:>10}", "file", "raw", "gzip", "brotli");
    for (file, weight) in files.iter().zip(&weights) {
        print_row(file, *weight);
    }
    for (name, what, parts) in LOADS {
        let loaded = files.iter().zip(&weights).filter(|(file, _)| parts.contains(&file.as_str()));
        let all = loaded.fold(Weight::default(), |sum, (_, weight)| sum.and(*weight));
        print_row(what, all);
        let budget = budget(name)?;
        if all.brotli > budget {
            fail!("{what}: {} bytes, {} more than budget.toml allows for `{name}`", all.brotli, all.brotli - budget);
        }
        println!("budget {budget}: {} bytes are left", budget - all.brotli);
    }
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

fn budget(page: &str) -> Result<u64> {
    let text = read(&root().join("budget.toml"))?;
    let value = text.lines().find_map(|line| line.strip_prefix(page)?.strip_prefix(" = "));
    match value.and_then(|value| value.replace('_', "").parse().ok()) {
        Some(budget) => Ok(budget),
        None => fail!("budget.toml has no line `{page} = NUMBER`"),
    }
}

fn print_row(name: &str, weight: Weight) {
    println!("{name:<32}{:>10}{:>10}{:>10}", weight.raw, weight.gzip, weight.brotli);
}
