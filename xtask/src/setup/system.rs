//! Packages of the operating system: installed with apt where that can be done, named for the person otherwise.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::say;
use crate::{
    failure::{Result, fail},
    process, project,
};

/// Something the operating system provides, and what it is called in each place.
pub(crate) struct Package {
    /// It is there when one of these programs is on PATH, or one of these absolute paths exists.
    signs: &'static [&'static str],
    apt: &'static str,
    dnf: &'static str,
    brew: &'static str,
}

pub(crate) static CHROMIUM: Package = Package {
    signs: &["chromium", "chromium-browser", "google-chrome"],
    apt: "chromium",
    dnf: "chromium",
    brew: "--cask chromium",
};

pub(crate) static CHROMEDRIVER: Package =
    Package { signs: &["chromedriver"], apt: "chromium-driver", dnf: "chromedriver", brew: "--cask chromedriver" };

pub(crate) static FIREFOX: Package = Package {
    signs: &["firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"],
    apt: "firefox-esr",
    dnf: "firefox",
    brew: "--cask firefox",
};

pub(crate) static PROSODY: Package =
    Package { signs: &["prosody"], apt: "prosody", dnf: "prosody", brew: "prosody/prosody/prosody" };

/// Community modules; only Debian packages them, elsewhere the tests that want one say so.
pub(crate) static PROSODY_MODULES: Package =
    Package { signs: &["/usr/lib/prosody/modules/mod_sasl2"], apt: "prosody-modules", dnf: "", brew: "" };

pub(crate) static EJABBERD: Package = Package {
    // Debian keeps it where only root looks for programs.
    signs: &["ejabberdctl", "/usr/sbin/ejabberdctl"],
    apt: "ejabberd",
    dnf: "ejabberd",
    brew: "ejabberd",
};

pub(crate) static RUSTC_WEB: Package =
    Package { signs: &["/usr/share/doc/rustc-web"], apt: "rustc-web", dnf: "", brew: "" };

pub(crate) static CARGO_WEB: Package =
    Package { signs: &["/usr/share/doc/cargo-web"], apt: "cargo-web", dnf: "", brew: "" };

pub(crate) static RUST_WEB_SRC: Package =
    Package { signs: &["/usr/share/doc/rust-web-src"], apt: "rust-web-src", dnf: "", brew: "" };

pub(crate) static RUST_WEB_CLIPPY: Package =
    Package { signs: &["/usr/share/doc/rust-web-clippy"], apt: "rust-web-clippy", dnf: "", brew: "" };

pub(crate) static RUSTFMT_WEB: Package =
    Package { signs: &["/usr/share/doc/rustfmt-web"], apt: "rustfmt-web", dnf: "", brew: "" };

pub(crate) static LLD: Package = Package { signs: &["wasm-ld-19"], apt: "lld-19", dnf: "", brew: "" };

impl Package {
    pub(crate) fn found(&self) -> Option<PathBuf> {
        process::find(self.signs)
            .or_else(|| self.signs.iter().map(PathBuf::from).find(|sign| sign.is_absolute() && sign.exists()))
    }
}

/// Installs those that are missing, or says how to.
pub(crate) fn ensure(packages: &[&Package]) -> Result {
    let missing: Vec<_> = packages.iter().copied().filter(|package| package.found().is_none()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    match Installer::here() {
        Installer::Apt => apt_install(&missing),
        Installer::Dnf => ask("sudo dnf install", missing.iter().map(|package| package.dnf)),
        Installer::Brew => ask("brew install", missing.iter().map(|package| package.brew)),
        Installer::Unknown => {
            let names: Vec<_> = missing.iter().map(|package| package.apt).collect();
            fail!("install what Debian calls {} the way this system does it, and start again", names.join(", "))
        }
    }
}

/// Whether packages can be installed with apt, by root or through sudo without a password.
pub(crate) fn has_apt() -> bool {
    matches!(Installer::here(), Installer::Apt)
}

/// A command that is run by root: plain for root, through sudo for others.
pub(crate) fn as_root(program: &str) -> Option<Command> {
    if process::output(Command::new("id").arg("-u")).as_deref() == Some("0") {
        return Some(Command::new(program));
    }
    process::succeeds(Command::new("sudo").args(["-n", "true"])).then(|| {
        let mut command = Command::new("sudo");
        command.args(["-n", program]);
        command
    })
}

/// Without questions, and waiting for another apt-get to end.
const APT_GET: [&str; 5] = ["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=120"];

enum Installer {
    Apt,
    Dnf,
    Brew,
    Unknown,
}

impl Installer {
    fn here() -> Self {
        if cfg!(target_os = "macos") {
            Self::Brew
        } else if Path::new("/etc/debian_version").exists() && process::find(&["apt-get"]).is_some() {
            Self::Apt
        } else if process::find(&["dnf"]).is_some() {
            Self::Dnf
        } else {
            Self::Unknown
        }
    }
}

fn apt_install(missing: &[&Package]) -> Result {
    let names: Vec<_> = missing.iter().map(|package| package.apt).collect();
    let by_hand = format!("sudo apt-get update && sudo apt-get install -y --no-install-recommends {}", names.join(" "));
    // Set through env, because sudo need not pass variables on.
    let (Some(mut update), Some(mut install)) = (as_root("env"), as_root("env")) else {
        fail!("only root can install packages: run `{by_hand}` and start again");
    };
    say(&format!("installing {} with apt-get", names.join(", ")));
    let log = project::log("apt-get")?;
    // A failing update is not the end: the lists that are there may do, and the install tells.
    process::run_logged(update.args(APT_GET).arg("update"), &log)?;
    install.args(APT_GET).args(["install", "-y", "--no-install-recommends"]).args(&names);
    if !process::run_logged(&mut install, &log)?.success() {
        let reason = reason(&log);
        fail!("apt-get failed ({reason}): run `{by_hand}` and start again");
    }
    if Path::new("/run/systemd/system").exists() {
        for service in [PROSODY.apt, EJABBERD.apt].into_iter().filter(|service| names.contains(service)) {
            say(&format!("the system's own {service} is not needed: `sudo systemctl disable --now {service}` ends it"));
        }
    }
    Ok(())
}

/// The line of apt's log that says why it failed.
fn reason(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with("E: "));
    line.map_or_else(|| format!("see {}", log.display()), |line| line.trim_start_matches("E: ").to_owned())
}

fn ask(command: &str, names: impl Iterator<Item = &'static str>) -> Result {
    let names: Vec<_> = names.filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        return Ok(());
    }
    fail!("some tools are missing: run `{command} {}` and start again", names.join(" "))
}
