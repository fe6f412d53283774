//! What is known to be wrong with what this is made of: RustSec's database, and npm's. Both are on other machines, and change
//! without anything here changing, so this is no part of the tests.

use std::process::{Command, ExitCode};

use crate::{failure::Result, process, project::root, setup::deny};

pub(crate) fn run() -> Result<ExitCode> {
    let mut cargo = Command::new(deny::ensure()?);
    cargo.current_dir(root()).args(["--locked", "check", "advisories"]);
    // Of what only builds and tests, nothing reaches a page.
    let mut npm = Command::new("npm");
    npm.current_dir(root()).args(["audit", "--omit=dev"]);
    let mut code = ExitCode::SUCCESS;
    for command in [&mut cargo, &mut npm] {
        println!("$ {}", process::line(command));
        if let Err(failure) = process::run(command) {
            println!("{failure}: there is an advisory, or the database cannot be reached from here");
            code = ExitCode::FAILURE;
        }
    }
    Ok(code)
}
