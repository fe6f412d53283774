//! Builds, and lets benches/scroll.mjs measure how smoothly long lists are scrolled.

use crate::{
    build::{self, Profile},
    failure::{Result, fail},
    process,
    setup::Tools,
};

pub(crate) fn run(tools: &Tools) -> Result {
    build::run(tools, Profile::Release)?;
    let Some(chromium) = tools.chromium() else {
        fail!("chromium is not on PATH: run `cargo xtask setup` and start again");
    };
    process::run(tools.node().arg("benches/scroll.mjs").env("CHROMIUM", chromium))
}
