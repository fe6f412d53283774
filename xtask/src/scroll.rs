//! Builds, and lets benches/scroll.mjs measure how smoothly long lists are scrolled.

use crate::{
    build::{self, Profile},
    failure::Result,
    process,
    setup::Tools,
};

pub(crate) fn run(tools: &Tools) -> Result {
    build::run(tools, Profile::Release)?;
    process::run(tools.node().arg("benches/scroll.mjs").env("CHROMIUM", tools.chromium()?))
}
