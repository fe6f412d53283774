//! The compiler that makes WebAssembly: the one on PATH, or Debian's beside it.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    Need, say, std_for_wasm,
    system::{self, Package},
};
use crate::{
    failure::{Result, fail},
    process, project,
};

pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// `path` or `debian`: the choice made by hand, mostly to test the other way.
const OVERRIDE: &str = "CONVERSE_WASM_RUST";

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum WasmRust {
    /// cargo and rustc of PATH, which have the target.
    Path,
    /// Debian's, for machines where rustup cannot get the target.
    Debian,
}

impl WasmRust {
    /// The ordinary way where it works, Debian's way where that works, and one sentence where nothing does.
    pub(super) fn choose() -> Result<Self> {
        match env::var(OVERRIDE).as_deref() {
            Ok("path") => return Ok(Self::Path),
            Ok("debian") => return Ok(Self::Debian),
            _ => {}
        }
        if path_has_target() {
            return Ok(Self::Path);
        }
        if std_for_wasm::is_installed() {
            return Ok(Self::Debian);
        }
        if process::find(&["rustup"]).is_some() {
            say(&format!("adding the target {TARGET} with rustup"));
            let log = project::log("rustup")?;
            process::run_logged(Command::new("rustup").args(["target", "add", TARGET]), &log)?;
            if path_has_target() {
                return Ok(Self::Path);
            }
            if system::has_apt() {
                say("rustup cannot get it, so the compiler comes from Debian");
            }
        }
        if system::has_apt() {
            return Ok(Self::Debian);
        }
        fail!("Rust cannot compile for the web here: run `rustup target add {TARGET}` and start again")
    }

    pub(super) fn packages(self, need: Need) -> Vec<&'static Package> {
        let mut packages = Vec::new();
        if self == Self::Debian {
            packages.extend([&system::RUSTC_WEB, &system::CARGO_WEB, &system::RUST_WEB_SRC, &system::LLD]);
            if need == Need::Everything {
                packages.push(&system::RUST_WEB_CLIPPY);
            }
        }
        packages
    }

    /// The folder that has to be on PATH before all others but our tools'.
    pub(super) fn bin(self) -> Option<&'static Path> {
        (self == Self::Debian).then(|| Path::new("/usr/bin"))
    }

    /// Makes `command` and the cargo it may call use this compiler.
    pub(super) fn select(self, command: &mut Command) {
        if self == Self::Debian {
            select_debian(command);
        }
    }

    pub(super) fn version(self) -> String {
        let rustc = match self {
            Self::Path => "rustc",
            Self::Debian => "/usr/bin/rustc",
        };
        process::output(Command::new(rustc).arg("-vV")).unwrap_or_default()
    }
}

/// Makes sure that `cargo fmt` and `cargo clippy` of PATH work.
pub(super) fn ensure_linters() -> Result {
    let has = |tool: &str| process::succeeds(Command::new("cargo").args([tool, "--version"]));
    if has("clippy") && has("fmt") {
        return Ok(());
    }
    if process::find(&["rustup"]).is_some() {
        say("adding clippy and rustfmt with rustup");
        let log = project::log("rustup")?;
        process::run_logged(Command::new("rustup").args(["component", "add", "clippy", "rustfmt"]), &log)?;
    }
    if process::find(&["cargo"]).as_deref() == Some(Path::new("/usr/bin/cargo")) && system::CARGO_WEB.found().is_some()
    {
        system::ensure(&[&system::RUST_WEB_CLIPPY, &system::RUSTFMT_WEB])?;
    }
    if has("clippy") && has("fmt") {
        return Ok(());
    }
    fail!("clippy or rustfmt is missing: run `rustup component add clippy rustfmt` and start again")
}

/// Makes sure that rustup has a nightly compiler, without which there are no sanitizers.
pub(super) fn ensure_nightly() -> Result {
    let has = || process::succeeds(Command::new("rustup").args(["run", "nightly", "rustc", "--version"]));
    if has() {
        return Ok(());
    }
    if process::find(&["rustup"]).is_some() {
        say("adding a nightly compiler with rustup");
        let log = project::log("rustup")?;
        let mut rustup = Command::new("rustup");
        process::run_logged(rustup.args(["toolchain", "install", "nightly", "--profile", "minimal"]), &log)?;
    }
    if has() {
        return Ok(());
    }
    fail!("fuzzing needs a nightly compiler: run `rustup toolchain install nightly` and start again")
}

/// Makes `command` use Debian's compiler, whatever rustup and `cargo run` have set.
pub(super) fn select_debian(command: &mut Command) {
    command
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTDOC", "/usr/bin/rustdoc")
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-19")
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("LD_LIBRARY_PATH");
}

/// Whether the compiler on PATH has the standard library for the target, and it is not Debian's.
fn path_has_target() -> bool {
    let print = |what: &str| {
        process::output(Command::new("rustc").args(["--print", what, "--target", TARGET])).map(PathBuf::from)
    };
    match print("target-libdir") {
        Some(libdir) => has_core(&libdir) && print("sysroot").is_none_or(|sysroot| sysroot != Path::new("/usr")),
        None => false,
    }
}

/// Whether the folder holds a standard library.
pub(super) fn has_core(libdir: &Path) -> bool {
    fs::read_dir(libdir).is_ok_and(|files| {
        files.flatten().any(|file| {
            let name = file.file_name();
            name.to_string_lossy().starts_with("libcore-") && name.to_string_lossy().ends_with(".rlib")
        })
    })
}
