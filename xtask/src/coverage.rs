//! Lets tests/e2e/coverage.mjs write docs/api-coverage.md from what the last run of the end-to-end tests left.

use crate::{
    failure::{Result, fail},
    process,
    project::root,
    setup::Tools,
};

pub(crate) fn run(tools: &Tools) -> Result {
    if !root().join("test-results/e2e.json").is_file() {
        fail!("there is no test-results/e2e.json: run `cargo xtask test` first");
    }
    process::run(tools.node().arg("tests/e2e/coverage.mjs"))
}
