//! wasm-pack, wasm-bindgen, geckodriver and mdBook: those on PATH where they fit, else installed into the user's cache, a folder for each version.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{Need, say};
use crate::{
    failure::{Result, fail},
    process, project,
};

const WASM_PACK: &str = "0.15.1";
const GECKODRIVER: &str = "0.37.1";
const MDBOOK: &str = "0.5.4";
const CARGO_FUZZ: &str = "0.13.2";

/// Makes sure that those that `need` asks for are there, and gives the folders to put on PATH. Without optimisation they are
/// there in half the time, and fast enough.
pub(super) fn ensure(need: Need) -> Result<Vec<PathBuf>> {
    let mut bins = Vec::new();
    if need == Need::Everything && process::find(&["geckodriver"]).is_none() {
        bins.push(installed("geckodriver", "geckodriver", GECKODRIVER, &["--locked", "--debug"])?);
    }
    if process::find(&["wasm-pack"]).is_none() {
        bins.push(installed("wasm-pack", "wasm-pack", WASM_PACK, &["--locked", "--debug"])?);
    }
    let Some(version) = project::locked_version("wasm-bindgen")? else {
        // Nothing to bind yet; wasm-pack says so when it is asked to build.
        return Ok(bins);
    };
    let on_path = process::output(Command::new("wasm-bindgen").arg("--version"));
    // Prints "wasm-bindgen 0.2.130"; it must be the very version of the crate.
    if on_path.is_none_or(|text| text.split(' ').nth(1) != Some(&version)) {
        // Without --locked: its lock file names a crate that registries no longer serve everywhere.
        bins.push(installed("wasm-bindgen", "wasm-bindgen-cli", &version, &["--debug"])?);
    }
    Ok(bins)
}

/// mdBook, without what it needs to watch files and to serve them.
pub(crate) fn mdbook() -> Result<PathBuf> {
    if let Some(found) = process::find(&["mdbook"]) {
        return Ok(found);
    }
    let options = ["--no-default-features", "--features", "search"];
    Ok(installed("mdbook", "mdbook", MDBOOK, &options)?.join("mdbook"))
}

/// The folder of cargo-fuzz.
pub(super) fn cargo_fuzz() -> Result<PathBuf> {
    installed("cargo-fuzz", "cargo-fuzz", CARGO_FUZZ, &["--locked"])
}

/// Installs `program` from the package `name` unless it is there, and gives its folder.
pub(super) fn installed(program: &str, name: &str, version: &str, options: &[&str]) -> Result<PathBuf> {
    let home = project::cache()?.join(format!("{program}-{version}"));
    let bin = home.join("bin");
    if !bin.join(program).is_file() {
        install(name, version, options, &home)?;
    }
    Ok(bin)
}

fn install(name: &str, version: &str, options: &[&str], home: &Path) -> Result {
    let log = project::log(name)?;
    say(&format!("installing {name} {version} with cargo: some minutes, once (see {})", log.display()));
    // Who is interrupted goes on from there.
    let made = home.join("target");
    let mut cargo = Command::new("cargo");
    process::without_cargo_variables(&mut cargo)
        .env_remove("RUSTC")
        .env("CARGO_TARGET_DIR", &made)
        .args(["install", name, "--version", version])
        .args(options)
        .arg("--root")
        .arg(home);
    if !process::run_logged(&mut cargo, &log)?.success() {
        fail!("cargo could not install it (see {}): run `{}` and start again", log.display(), process::line(&cargo));
    }
    // What is left of it is only in the way.
    let _ = fs::remove_dir_all(made);
    Ok(())
}
