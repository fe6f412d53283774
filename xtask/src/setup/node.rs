//! Node and the npm packages of package-lock.json.

use std::{fs, process::Command, time::SystemTime};

use super::say;
use crate::{
    failure::{Result, fail},
    process,
    project::{self, root},
};

/// The oldest major version that all of the npm packages run on.
const OLDEST_NODE: u32 = 20;

pub(super) fn check() -> Result {
    let Some(version) = process::output(Command::new("node").arg("--version")) else {
        fail!("Node is missing: install version {OLDEST_NODE} or newer and start again");
    };
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < OLDEST_NODE) {
        fail!("Node {version} is too old: install version {OLDEST_NODE} or newer and start again");
    }
    Ok(())
}

/// Runs `npm ci` unless what it last installed is newer than the lock file.
pub(super) fn ensure_modules() -> Result {
    if modified("node_modules/.package-lock.json") >= modified("package-lock.json") {
        return Ok(());
    }
    if process::find(&["npm"]).is_none() {
        fail!("npm is missing: install the one that belongs to Node and start again");
    }
    say("installing the npm packages with `npm ci`");
    let log = project::log("npm")?;
    let mut npm = Command::new("npm");
    npm.current_dir(root()).args(["ci", "--no-audit", "--no-fund"]);
    // The browser is the system's.
    npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    if !process::run_logged(&mut npm, &log)?.success() {
        fail!("npm failed (see {}): run `npm ci` and start again", log.display());
    }
    Ok(())
}

/// When the file was last written; a missing file is older than all.
fn modified(path: &str) -> Option<SystemTime> {
    fs::metadata(root().join(path)).and_then(|found| found.modified()).ok()
}
