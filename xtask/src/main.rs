//! `cargo xtask`: what is done around the code — set-up, build, tests, sizes, the demo.
//!
//! No dependencies: this is compiled before anything else can happen, on every machine.

mod build;
mod failure;
mod npm_package;
mod process;
mod project;
mod setup;

use std::process::ExitCode;

use crate::{
    build::Profile,
    failure::{Failure, Result},
    setup::Need,
};

const USAGE: &str = "\
cargo xtask setup           install what is missing on this machine
cargo xtask build [--dev]   make pkg/, the npm package
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match dispatch(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(words: &[&str]) -> Result {
    match words {
        ["setup"] => setup::prepare(Need::Everything).map(drop),
        ["build"] => build::run(&setup::prepare(Need::Build)?, Profile::Release),
        ["build", "--dev"] => build::run(&setup::prepare(Need::Build)?, Profile::Dev),
        [] | ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            Ok(())
        }
        _ => Err(Failure::new(format!("there is no such command: `{}`\n{USAGE}", words.join(" ")))),
    }
}
