//! Builds, and lets tests/screenshots.mjs take pictures of what the client shows.

use crate::{
    build::{self, Profile},
    failure::Result,
    process,
    setup::Tools,
};

pub(crate) fn run(tools: &Tools, only: Option<&str>) -> Result {
    build::run(tools, Profile::Release)?;
    let mut node = tools.node();
    process::run(node.arg("tests/screenshots.mjs").args(only).env("CHROMIUM", tools.chromium()?))
}
