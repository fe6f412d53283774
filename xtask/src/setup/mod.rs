//! Finds out what is missing on this machine and installs it; a second run finds everything and does nothing.

mod cargo_tools;
pub(crate) mod deny;
mod node;
mod rust;
mod std_for_wasm;
mod system;

use std::{path::PathBuf, process::Command};

use self::rust::WasmRust;
pub(crate) use self::{cargo_tools::mdbook, rust::TARGET};
use crate::{
    failure::{Result, fail},
    process,
    project::{root, wasm_target},
};

/// How much of the tools a command needs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    /// Compile and bundle.
    Build,
    /// And run a server.
    Demo,
    /// And browsers, and the linters.
    Everything,
}

/// The tools of this machine, found or installed.
pub(crate) struct Tools {
    rust: WasmRust,
    /// Folders of tools, to stand first on PATH.
    bins: Vec<PathBuf>,
}

/// Makes sure that what `need` asks for is there.
pub(crate) fn prepare(need: Need) -> Result<Tools> {
    node::check()?;
    let rust = WasmRust::choose()?;
    let mut packages = rust.packages(need);
    if need >= Need::Demo {
        packages.extend([&system::PROSODY, &system::PROSODY_MODULES]);
    }
    if need >= Need::Everything {
        packages.extend([&system::EJABBERD, &system::CHROMIUM, &system::CHROMEDRIVER, &system::FIREFOX]);
    }
    system::ensure(&packages)?;
    if need == Need::Everything {
        rust::ensure_linters()?;
    }
    if rust == WasmRust::Debian {
        std_for_wasm::ensure()?;
    }
    node::ensure_modules()?;
    let mut bins = vec![root().join("node_modules/.bin")];
    bins.extend(cargo_tools::ensure(need)?);
    Ok(Tools { rust, bins })
}

/// Makes sure that there are a nightly compiler and cargo-fuzz, and gives the folder of that.
pub(crate) fn fuzzer() -> Result<PathBuf> {
    rust::ensure_nightly()?;
    cargo_tools::cargo_fuzz()
}

impl Tools {
    /// A command that compiles for the browser: cargo, wasm-pack and what they call are the right ones.
    pub(crate) fn wasm(&self, program: &str) -> Result<Command> {
        let mut bins: Vec<_> = self.bins.iter().map(PathBuf::as_path).collect();
        bins.extend(self.rust.bin());
        // Looked up here, because the child's PATH does not count for finding the child itself.
        let found = bins.iter().map(|bin| bin.join(program)).find(|file| file.is_file());
        let mut command = Command::new(found.unwrap_or_else(|| program.into()));
        process::without_cargo_variables(&mut command);
        self.rust.select(&mut command);
        command.current_dir(root()).env("CARGO_TARGET_DIR", wasm_target()).env("PATH", process::path_with(bins)?);
        Ok(command)
    }

    /// A command of node_modules/.bin.
    pub(crate) fn node_bin(&self, program: &str) -> Command {
        let mut command = Command::new(root().join("node_modules/.bin").join(program));
        command.current_dir(root());
        command
    }

    /// A cargo command for the machine itself.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = Command::new("cargo");
        process::without_cargo_variables(&mut command).current_dir(root());
        command
    }

    pub(crate) fn node(&self) -> Command {
        let mut command = Command::new("node");
        command.current_dir(root());
        command
    }

    pub(crate) fn chromium(&self) -> Result<PathBuf> {
        let Some(chromium) = system::CHROMIUM.found() else {
            fail!("chromium is not on PATH: run `cargo xtask setup` and start again");
        };
        Ok(chromium)
    }

    pub(crate) fn chromedriver(&self) -> Option<PathBuf> {
        system::CHROMEDRIVER.found()
    }

    pub(crate) fn firefox(&self) -> Option<PathBuf> {
        system::FIREFOX.found()
    }

    pub(crate) fn geckodriver(&self) -> Option<PathBuf> {
        let here = self.bins.iter().map(|bin| bin.join("geckodriver")).find(|file| file.is_file());
        here.or_else(|| process::find(&["geckodriver"]))
    }

    /// What makes up the compiler, to notice when it has changed.
    pub(crate) fn rust_version(&self) -> String {
        self.rust.version()
    }
}

/// One line for each thing that is done.
fn say(doing: &str) {
    println!("setup: {doing}");
}
