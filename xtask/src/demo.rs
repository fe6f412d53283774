//! Builds, and hands over to tests/support/demo.mjs, which runs the server and the page until Ctrl-C.

use std::process::Command;

use crate::{
    build::{self, Profile},
    failure::Result,
    setup::Tools,
};

pub(crate) fn run(tools: &Tools) -> Result {
    build::run(tools, Profile::Release)?;
    let mut node = tools.node();
    hand_over(node.arg("tests/support/demo.mjs"))
}

/// Becomes the other program, so that a signal for this process is a signal for that one, and nobody is orphaned.
#[cfg(unix)]
fn hand_over(command: &mut Command) -> Result {
    use std::os::unix::process::CommandExt;

    let error = command.exec();
    crate::failure::fail!("`{}` cannot be started: {error}", command.get_program().to_string_lossy())
}

#[cfg(not(unix))]
fn hand_over(command: &mut Command) -> Result {
    crate::process::run(command)
}
