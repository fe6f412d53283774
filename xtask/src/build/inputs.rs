//! What the output depends on, as one hash of contents: times change with every checkout.

use std::{
    env, fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
};

use super::Profile;
use crate::{
    failure::{Result, While},
    project::root,
    setup::Tools,
};

/// Files and folders.
const INPUTS: [&str; 13] = [
    "Cargo.toml",
    "Cargo.lock",
    ".cargo",
    "src",
    "www",
    "locales",
    "xtask/src",
    "package.json",
    "package-lock.json",
    "README.md",
    "CHANGELOG.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
];

pub(super) fn hash(tools: &Tools, profile: Profile) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    (profile == Profile::Release).hash(&mut hasher);
    tools.rust_version().hash(&mut hasher);
    env::var_os("RUSTFLAGS").hash(&mut hasher);
    for input in INPUTS {
        add(&root().join(input), &mut hasher)?;
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn add(path: &Path, hasher: &mut DefaultHasher) -> Result {
    path.hash(hasher);
    if path.is_dir() {
        let entries = fs::read_dir(path).while_(format_args!("cannot read {}", path.display()))?;
        let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        paths.iter().try_for_each(|path| add(path, hasher))
    } else {
        fs::read(path).while_(format_args!("cannot read {}", path.display()))?.hash(hasher);
        Ok(())
    }
}
