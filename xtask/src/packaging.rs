//! Builds, and tries the packed package in the projects of tests/packaging/. These have packages of their own, which npm
//! installs there.

use std::process::Command;

use crate::{
    build::{self, Profile},
    failure::Result,
    process,
    setup::Tools,
};

pub(crate) fn run(tools: &Tools) -> Result {
    build::run(tools, Profile::Release)?;
    process::run(&mut command(tools)?)
}

/// The tests, without the build.
pub(crate) fn command(tools: &Tools) -> Result<Command> {
    let mut node = tools.node();
    node.env("CHROMIUM", tools.chromium()?).args([
        "--test",
        "--test-reporter=tap",
        "tests/packaging/packaging.test.mjs",
    ]);
    Ok(node)
}
