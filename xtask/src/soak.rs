//! Builds, and runs tests/soak: numbered messages through everything that can happen to a connection.

use std::process::ExitCode;

use crate::{
    build::{self, Profile},
    failure::{Result, While},
    setup::Tools,
};

/// `arguments` are those of tests/soak/soak.mjs.
pub(crate) fn run(tools: &Tools, arguments: &[&str]) -> Result<ExitCode> {
    build::run(tools, Profile::Release)?;
    let mut node = tools.node();
    node.env("CHROMIUM", tools.chromium()?).arg("tests/soak/soak.mjs").args(arguments);
    let status = node.status().while_("node cannot be started")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
