//! Makes the pages of docs/ that the sources have already, and the book of all of them.

use std::process::Command;

use crate::{
    failure::Result,
    process,
    project::{root, target},
    setup,
};

pub(crate) fn run() -> Result {
    process::run(Command::new("node").current_dir(root()).arg("xtask/src/docs.mjs"))?;
    let book = target().join("book");
    process::run(Command::new(setup::mdbook()?).current_dir(root()).arg("build").arg("--dest-dir").arg(&book))?;
    println!("docs: the book is {}", book.join("index.html").display());
    Ok(())
}
