//! Builds, and lets benches/flights.mjs count how often a client awaits the server until it is of use.

use crate::{
    build::{self, Profile},
    failure::Result,
    process,
    project::wasm_target,
    setup::Tools,
};

pub(crate) fn run(tools: &Tools) -> Result {
    build::run(tools, Profile::Release)?;
    let folder = wasm_target().with_file_name("flights");
    let mut node = tools.node();
    process::run(node.arg("benches/flights.mjs").env("CHROMIUM", tools.chromium()?).env("FLIGHTS_DIR", folder))
}
