//! What things cost: the client in Chromium, beside converse.js, and the core alone.

use std::process::Command;

use crate::{
    build::{self, Profile},
    failure::{Result, While, fail},
    process,
    project::{root, wasm_target},
    setup::Tools,
};

/// What is counted of the core, and with how many items.
const WORKS: [(&str, u32); 6] =
    [("read", 1000), ("messages", 1000), ("presences", 1000), ("roster", 10_000), ("room", 1000), ("archive", 1000)];

/// Lets benches/beside.mjs measure all rows, or those whose names contain `row`.
pub(crate) fn run(tools: &Tools, row: Option<&str>) -> Result {
    process::run(script(tools, "benches/beside.mjs")?.args(row))
}

/// Lets it measure this client alone, with more and more of the same work.
pub(crate) fn linear(tools: &Tools) -> Result {
    process::run(script(tools, "benches/beside.mjs")?.env("LINEAR", "1"))
}

/// Lets benches/frames.mjs measure what the same frames cost this library and others.
pub(crate) fn frames(tools: &Tools) -> Result {
    process::run(&mut script(tools, "benches/frames.mjs")?)
}

/// Lets benches/flights.mjs count how often a client awaits the server until it is of use.
pub(crate) fn flights(tools: &Tools) -> Result {
    let folder = wasm_target().with_file_name("flights");
    process::run(script(tools, "benches/flights.mjs")?.env("FLIGHTS_DIR", folder))
}

/// Lets benches/scroll.mjs measure how smoothly long lists are scrolled.
pub(crate) fn scroll(tools: &Tools) -> Result {
    process::run(&mut script(tools, "benches/scroll.mjs")?)
}

/// Lets benches/load.mjs keep a page busy for an hour, or for two minutes.
pub(crate) fn load(tools: &Tools, short: bool) -> Result {
    process::run(script(tools, "benches/load.mjs")?.envs(short.then_some(("MINUTES", "2"))))
}

fn script(tools: &Tools, script: &str) -> Result<Command> {
    build::run(tools, Profile::Release)?;
    let folder = wasm_target().with_file_name("bench");
    let mut node = tools.node();
    node.arg(script).env("CHROMIUM", tools.chromium()?).env("BENCH_DIR", folder);
    Ok(node)
}

/// Prints how many instructions each work takes for an item.
pub(crate) fn core() -> Result {
    process::run(Command::new("cargo").current_dir(root()).args(["bench", "--quiet", "--bench", "core", "--no-run"]))?;
    // cargo has made it, and has callgrind run it.
    let out = wasm_target().with_file_name("callgrind.out");
    let runner =
        format!("valgrind --tool=callgrind --toggle-collect=core::measured --callgrind-out-file={}", out.display());
    println!("work        items   instructions for each");
    for (work, count) in WORKS {
        let output = Command::new("cargo")
            .current_dir(root())
            .args(["bench", "--quiet", "--bench", "core", "--", work, &count.to_string()])
            .env(format!("CARGO_TARGET_{}_RUNNER", host()?), &runner)
            .output()
            .while_("cannot run cargo bench")?;
        let said = String::from_utf8_lossy(&output.stderr);
        let Some(collected) =
            said.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse::<u64>().ok())
        else {
            fail!("callgrind counted nothing; is valgrind installed? It said:\n{said}");
        };
        println!("{work:<10} {count:>6} {:>15}", collected / u64::from(count));
    }
    Ok(())
}

/// This machine's target triple, as cargo writes it in the names of variables.
fn host() -> Result<String> {
    let output = Command::new("rustc").arg("-vV").output().while_("cannot run rustc")?;
    let said = String::from_utf8_lossy(&output.stdout);
    match said.lines().find_map(|line| line.strip_prefix("host: ")) {
        Some(triple) => Ok(triple.to_uppercase().replace('-', "_")),
        None => fail!("rustc -vV does not say for which machine it compiles"),
    }
}
