//! Which functions of the wasm are needed first: lets `first.mjs` log in, and notes what ran.

use std::{collections::BTreeSet, process::Stdio};

use super::{
    Profile,
    module::{function_names, plain, sections_of},
    read_whole, run as build, whole,
};
use crate::{
    failure::{Result, While, fail},
    project::{root, write},
    setup::Tools,
};

/// The names of the functions that run until a user is logged in and sees the contacts, one in each line, as [`plain`] has
/// them. A function that it does not know is in the second half, which is no mistake.
pub(super) const LIST: &str = "xtask/src/build/first.txt";

/// Builds, makes [`LIST`] anew, and builds with that.
pub(crate) fn run(tools: &Tools) -> Result {
    build(tools, Profile::Release)?;
    let mut node = tools.node();
    node.arg("xtask/src/build/first.mjs").arg(whole()).env("CHROMIUM", tools.chromium()?).stderr(Stdio::inherit());
    let output = node.output().while_("cannot start node")?;
    if !output.status.success() {
        fail!("xtask/src/build/first.mjs failed with {}", output.status);
    }
    let module = read_whole()?;
    let Some(names) = sections_of(&module).and_then(|sections| function_names(&sections)) else {
        fail!("{} has no names of functions: run `cargo xtask build` and start again", whole().display());
    };
    let ran: BTreeSet<_> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|index| Some(plain(names.get(&index.parse().ok()?)?)))
        .collect();
    println!("{} functions run first", ran.len());
    write(&root().join(LIST), &ran.iter().fold(String::new(), |list, name| list + name + "\n"))?;
    build(tools, Profile::Release)
}
