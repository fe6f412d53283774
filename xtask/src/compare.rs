//! Builds, and runs the plugins of tests/side-by-side/ on this library and on converse.js.

use crate::{
    build::{self, Profile},
    failure::Result,
    process,
    project::wasm_target,
    setup::Tools,
};

pub(crate) fn run(tools: &Tools, arguments: &[&str]) -> Result {
    build::run(tools, Profile::Release)?;
    let folder = wasm_target().with_file_name("side-by-side");
    let mut node = tools.node();
    node.arg("tests/side-by-side/compare.mjs").args(arguments);
    process::run(node.env("CHROMIUM", tools.chromium()?).env("COMPARE_DIR", folder))
}
