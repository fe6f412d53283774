//! The standard library for WebAssembly, built from Debian's source, because Debian packages none for this compiler.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    rust::{self, TARGET},
    say, system,
};
use crate::{
    failure::{Result, While, fail},
    process,
    project::{self, log, wasm_target},
};

const RUSTC: &str = "/usr/bin/rustc";

/// Whether Debian's compiler is there and has the library, built by this very compiler.
pub(super) fn is_installed() -> bool {
    let Some(libdir) = libdir() else { return false };
    if !rust::has_core(&libdir) {
        return false;
    }
    match fs::read_to_string(stamp(&libdir)) {
        Ok(built_by) => Some(built_by.trim()) == version().as_deref(),
        // Somebody else's, a package's perhaps: theirs to keep in step.
        Err(_) => true,
    }
}

pub(super) fn ensure() -> Result {
    if is_installed() {
        return Ok(());
    }
    let (Some(libdir), Some(version)) = (libdir(), version()) else {
        fail!("{RUSTC} does not work: run `apt-get install --reinstall rustc-web` and start again");
    };
    say("building the standard library for the web (about a minute, once)");
    let rlibs = build()?;
    say(&format!("copying it to {}", libdir.display()));
    install(&rlibs, &libdir, &version)
}

/// Builds an empty crate with its standard library and gives the library's files.
fn build() -> Result<Vec<PathBuf>> {
    let dir = wasm_target().join("std");
    // The remains of another compiler's build would be copied along.
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(dir.join("src")).while_(format_args!("cannot make {}", dir.display()))?;
    project::write(
        &dir.join("Cargo.toml"),
        "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n",
    )?;
    project::write(&dir.join("src/lib.rs"), "#![no_std]\n")?;

    let log = log("std")?;
    let mut cargo = Command::new("/usr/bin/cargo");
    process::without_cargo_variables(&mut cargo);
    rust::select_debian(&mut cargo);
    cargo
        .current_dir(&dir)
        .env("RUSTC_BOOTSTRAP", "1")
        // The release profile links with LTO, which needs the bitcode of the library too.
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env("CARGO_TARGET_DIR", dir.join("target"))
        .args(["build", "--release", "-Zbuild-std=std,panic_abort,test", "--target", TARGET]);
    if !process::run_logged(&mut cargo, &log)?.success() {
        fail!("the standard library could not be built: see {} and start again", log.display());
    }
    let deps = dir.join("target").join(TARGET).join("release/deps");
    let files = fs::read_dir(&deps).while_(format_args!("cannot read {}", deps.display()))?;
    let is_library = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".rlib") && !name.starts_with("libempty-")
    };
    Ok(files.flatten().map(|file| file.path()).filter(is_library).collect())
}

fn install(rlibs: &[PathBuf], libdir: &Path, version: &str) -> Result {
    let note = wasm_target().join("std/version");
    project::write(&note, version)?;
    let stamp = stamp(libdir);
    let by_root = |program: &str, arguments: &[&Path]| -> Result {
        let Some(mut command) = system::as_root(program) else {
            fail!("only root can write to {}: run `sudo cargo xtask setup` once", libdir.display());
        };
        process::run(command.args(arguments))
    };
    by_root("rm", &[Path::new("-rf"), libdir])?;
    by_root("mkdir", &[Path::new("-p"), libdir])?;
    let mut arguments: Vec<_> = rlibs.iter().map(PathBuf::as_path).collect();
    arguments.push(libdir);
    by_root("cp", &arguments)?;
    // Last: with it, the library counts as complete.
    by_root("cp", &[&note, &stamp])
}

/// Tells which compiler built the library, so that an upgraded one gets a new library.
fn stamp(libdir: &Path) -> PathBuf {
    libdir.join("built-by-converse-wasm")
}

fn libdir() -> Option<PathBuf> {
    process::output(Command::new(RUSTC).args(["--print", "target-libdir", "--target", TARGET])).map(PathBuf::from)
}

fn version() -> Option<String> {
    process::output(Command::new(RUSTC).arg("-vV"))
}
