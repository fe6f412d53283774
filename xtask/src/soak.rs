//! Builds, and runs tests/soak: numbered messages through everything that can happen to a connection.

use std::process::ExitCode;

use crate::{
    build::{self, Profile},
    failure::{Result, While, fail},
    setup::Tools,
};

/// `arguments` are those of tests/soak/soak.mjs.
pub(crate) fn run(tools: &Tools, arguments: &[&str]) -> Result<ExitCode> {
    build::run(tools, Profile::Release)?;
    let Some(chromium) = tools.chromium() else {
        fail!("chromium is not on PATH: run `cargo xtask setup` and start again");
    };
    let mut node = tools.node();
    node.env("CHROMIUM", chromium).arg("tests/soak/soak.mjs").args(arguments);
    let status = node.status().while_("node cannot be started")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
