//! Where things are, and which versions the lock file names.

use std::{
    env, fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use crate::failure::{Result, While, fail};

/// The top of the repository.
pub(crate) fn root() -> &'static Path {
    static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
        // What `cargo run` says counts more than where this was compiled: clones may share a target directory.
        let xtask = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        PathBuf::from(xtask).parent().map(Path::to_path_buf).unwrap_or_default()
    });
    &ROOT
}

pub(crate) fn pkg() -> PathBuf {
    root().join("pkg")
}

/// Cargo's target directory for the machine this runs on.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// The target directory for WebAssembly: its own, because another compiler may fill it.
pub(crate) fn wasm_target() -> PathBuf {
    target().join("wasm")
}

/// Where the output of a step that is not shown goes.
pub(crate) fn log(name: &str) -> Result<PathBuf> {
    let dir = target().join("xtask");
    fs::create_dir_all(&dir).while_(format_args!("cannot make {}", dir.display()))?;
    Ok(dir.join(format!("{name}.log")))
}

/// The per-user folder for tools, shared by all clones.
pub(crate) fn cache() -> Result<PathBuf> {
    let base = env::var_os("XDG_CACHE_HOME")
        .filter(|dir| !dir.is_empty())
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cache")));
    match base {
        Some(base) => Ok(base.join("converse-wasm")),
        None => fail!("there is no home directory to keep tools in: set XDG_CACHE_HOME and start again"),
    }
}

/// Where cargo keeps what it has fetched.
pub(crate) fn cargo_home() -> Result<PathBuf> {
    match env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| env::home_dir().map(|home| home.join(".cargo"))) {
        Some(home) => Ok(home),
        None => fail!("there is no home directory for cargo: set CARGO_HOME and start again"),
    }
}

/// The version of a crate that Cargo.lock names, if it names the crate.
pub(crate) fn locked_version(name: &str) -> Result<Option<String>> {
    let lock = read(&root().join("Cargo.lock"))?;
    let entry = format!("name = \"{name}\"");
    Ok(lock.lines().skip_while(|line| *line != entry).nth(1).and_then(|line| quoted(line, "version")))
}

/// The value of `key = "value"` in the `[package]` section of the library's Cargo.toml.
pub(crate) fn package_field(key: &str) -> Result<String> {
    let manifest = read(&root().join("Cargo.toml"))?;
    let mut lines = manifest.lines().skip_while(|line| *line != "[package]").skip(1);
    match lines.by_ref().take_while(|line| !line.starts_with('[')).find_map(|line| quoted(line, key)) {
        Some(value) => Ok(value),
        None => fail!("Cargo.toml has no `{key}` in [package]"),
    }
}

pub(crate) fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).while_(format_args!("cannot read {}", path.display()))
}

pub(crate) fn write(path: &Path, text: &str) -> Result {
    fs::write(path, text).while_(format_args!("cannot write {}", path.display()))
}

fn quoted(line: &str, key: &str) -> Option<String> {
    let value = line.strip_prefix(key)?.trim_start().strip_prefix('=')?.trim();
    Some(value.strip_prefix('"')?.strip_suffix('"')?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_value_belongs_to_its_whole_key() {
        assert_eq!(quoted("version = \"0.2.130\"", "version").as_deref(), Some("0.2.130"));
        assert_eq!(quoted("versions = \"0.2.130\"", "version"), None);
        assert_eq!(quoted("version.workspace = true", "version"), None);
    }
}
