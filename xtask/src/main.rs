//! `cargo xtask`: what is done around the code — set-up, build, tests, sizes, the demo.
//!
//! No dependencies: this is compiled before anything else can happen, on every machine.

mod advisories;
mod bench;
mod build;
mod compare;
mod coverage;
mod demo;
mod docs;
mod failure;
mod fuzz;
mod npm_package;
mod packaging;
mod process;
mod project;
mod screenshots;
mod setup;
mod size;
mod soak;
mod test;

use std::process::ExitCode;

use crate::{
    build::Profile,
    failure::{Failure, Result},
    setup::Need,
};

const USAGE: &str = "\
cargo xtask setup           install what is missing on this machine
cargo xtask build [--dev]   make pkg/, the npm package
cargo xtask demo            build, and show it with a server and people to talk to
cargo xtask test [FILTER]   run every check and test, or the tests whose names contain FILTER
cargo xtask packaging       the packed package in tiny projects, with each bundler
cargo xtask soak [--short] [--seed N] [--only SERVER/TRANSPORT] [--in-turn]
                            messages through faults, reloads and restarts, and what became of them
cargo xtask bench [ROW]     what this client costs beside converse.js, for docs/benchmarks.md; some rows of it
cargo xtask bench linear    the same work once, twice, four and eight times
cargo xtask bench core      the core alone, natively, in instructions
cargo xtask bench frames    the same frames for this library, strophe.js 5 and DOMParser, in the browser
cargo xtask load [--short]  an hour of 50 stanzas a second, or two minutes: memory, and how fast input is answered
cargo xtask flights         how often a client awaits the server until it is of use, ours and converse.js
cargo xtask screenshots [VIEW]
                            pictures of the client's views, or of some, in test-results/screenshots/
cargo xtask compare [--recorded] [--short] [PART…]
                            plugins on this library and on converse.js 4, and what they saw in which way
cargo xtask scroll          the longest task of the page while long lists are scrolled
cargo xtask fuzz [TARGET] [--minutes N]
                            hostile bytes for every target of fuzz/, or for one; `fuzz keep` makes the committed corpora
cargo xtask advisories      what is known to be wrong with what this is made of; asks other machines
cargo xtask coverage        write docs/api-coverage.md from the last run of the tests
cargo xtask docs            make the pages that the sources have already, and the book, in target/book/
cargo xtask first           note which functions run until a user is logged in: the rest is loaded later
cargo xtask size            what the shipped files weigh, against budget.toml
cargo xtask size parts      what each crate and module is of the wasm
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match dispatch(&words) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(words: &[&str]) -> Result<ExitCode> {
    match words {
        ["setup"] => done(setup::prepare(Need::Everything).map(drop)),
        ["build"] => done(build::run(&setup::prepare(Need::Build)?, Profile::Release)),
        ["build", "--dev"] => done(build::run(&setup::prepare(Need::Build)?, Profile::Dev)),
        ["demo"] => done(demo::run(&setup::prepare(Need::Demo)?)),
        ["test"] => test::run(&setup::prepare(Need::Everything)?, None),
        ["test", filter] => test::run(&setup::prepare(Need::Everything)?, Some(filter)),
        ["packaging"] => done(packaging::run(&setup::prepare(Need::Everything)?)),
        ["soak", arguments @ ..] => soak::run(&setup::prepare(Need::Everything)?, arguments),
        ["bench"] => done(bench::run(&setup::prepare(Need::Everything)?, None)),
        ["bench", "core"] => done(bench::core()),
        ["bench", "linear"] => done(bench::linear(&setup::prepare(Need::Everything)?)),
        ["bench", "frames"] => done(bench::frames(&setup::prepare(Need::Everything)?)),
        ["bench", row] => done(bench::run(&setup::prepare(Need::Everything)?, Some(row))),
        ["load"] => done(bench::load(&setup::prepare(Need::Everything)?, false)),
        ["load", "--short"] => done(bench::load(&setup::prepare(Need::Everything)?, true)),
        ["flights"] => done(bench::flights(&setup::prepare(Need::Everything)?)),
        ["screenshots"] => done(screenshots::run(&setup::prepare(Need::Everything)?, None)),
        ["screenshots", view] => done(screenshots::run(&setup::prepare(Need::Everything)?, Some(view))),
        ["compare", arguments @ ..] => done(compare::run(&setup::prepare(Need::Everything)?, arguments)),
        ["fuzz", arguments @ ..] => fuzz::run(arguments),
        ["advisories"] => advisories::run(),
        ["scroll"] => done(bench::scroll(&setup::prepare(Need::Everything)?)),
        ["docs"] => done(docs::run()),
        ["first"] => done(build::first::run(&setup::prepare(Need::Everything)?)),
        ["size"] => done(size::run()),
        ["size", "parts"] => done(size::parts()),
        ["coverage"] => done(coverage::run(&setup::prepare(Need::Build)?)),
        [] | ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        _ => Err(Failure::new(format!("there is no such command: `{}`\n{USAGE}", words.join(" ")))),
    }
}

fn done(result: Result) -> Result<ExitCode> {
    result.map(|()| ExitCode::SUCCESS)
}
