//! Makes pkg/: wasm-pack's output, and beside it the bundled scripts that pages include.

pub(crate) mod data;
pub(crate) mod first;
mod glue;
mod inputs;
pub(crate) mod module;
mod shrink;
mod split;

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    failure::{Result, While, fail},
    npm_package, process,
    project::{cargo_home, pkg, read, root, wasm_target, write},
    setup::{TARGET, Tools},
};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Small: optimised by rustc and wasm-opt, minified.
    Release,
    /// Quick to build, with debug assertions and names.
    Dev,
}

/// A script of www/ that is bundled with its own copy of the wasm glue, so that a page cannot reach into the instance.
struct Entry {
    source: &'static str,
    output: &'static str,
    format: &'static str,
}

const ENTRIES: [Entry; 5] = [
    // Classic, because it is found by document.currentScript and `window.converse` exists when its tag has run.
    Entry { source: "www/converse.ts", output: "pkg/converse.js", format: "iife" },
    Entry { source: "www/drop-in.ts", output: "pkg/converse.compat.js", format: "iife" },
    Entry { source: "www/headless.ts", output: "pkg/converse.headless.js", format: "iife" },
    Entry { source: "www/index.ts", output: "pkg/index.js", format: "esm" },
    Entry { source: "www/headless-module.ts", output: "pkg/headless.js", format: "esm" },
];

/// What wasm-pack makes.
const WASM: &str = "pkg/converse_wasm_bg.wasm";
/// What release builds have of it in a file of its own.
const LATER: &str = "pkg/converse_wasm_later.wasm";
const GLUE: &str = "pkg/converse_wasm.js";
/// What those scripts that show something load when nobody waits, made by later.mjs.
const SCRIPT: &str = "pkg/converse.later.js";

/// The style sheet that imports all others.
const THEME: &str = "www/theme/converse.css";
const STYLE: &str = "pkg/converse.css";

pub(crate) fn run(tools: &Tools, profile: Profile) -> Result {
    let inputs = inputs::hash(tools, profile)?;
    let stamp = wasm_target().join("pkg.stamp");
    let kept = profile == Profile::Dev || whole().is_file();
    if kept && outputs().all(|output| output.is_file()) && fs::read_to_string(&stamp).is_ok_and(|last| last == inputs) {
        println!("build: pkg/ is up to date");
        return Ok(());
    }
    // A build that stops half-way must not count as an earlier one that did not.
    let _ = fs::remove_file(&stamp);
    wasm(tools, profile)?;
    check_types(tools)?;
    scripts(tools, profile, &inputs)?;
    process::run(tools.node().args(["locales/compile.mjs", "pkg/locales"]))?;
    process::run(tools.node().args(["locales/emoji.mjs", "pkg/emoji"]))?;
    npm_package::complete(tools)?;
    fs::write(&stamp, inputs).while_(format_args!("cannot write {}", stamp.display()))?;
    println!("build: pkg/ is made");
    Ok(())
}

/// The module of the last release build before it is cut in two, with the names of its functions.
fn whole() -> PathBuf {
    wasm_target().join("whole.wasm")
}

pub(crate) fn read_whole() -> Result<Vec<u8>> {
    fs::read(whole()).while_(format_args!("cannot read {} (run `cargo xtask build` first)", whole().display()))
}

/// Compiles the TypeScript without writing anything.
pub(crate) fn check_types(tools: &Tools) -> Result {
    process::run(tools.node_bin("tsc").args(["--noEmit", "-p", "www"]))
}

fn wasm(tools: &Tools, profile: Profile) -> Result {
    // What an older version has made there must not be shipped.
    if pkg().exists() {
        fs::remove_dir_all(pkg()).while_("cannot clear pkg/")?;
    }
    let mut command = tools.wasm("wasm-pack")?;
    // --no-pack: its package.json knows nothing of the scripts beside the wasm, so npm_package writes it.
    command.args([
        "--log-level",
        "error",
        "build",
        "--target",
        "web",
        "--mode",
        "no-install",
        "--no-pack",
        "--out-name",
        "converse_wasm",
    ]);
    command.arg(match profile {
        Profile::Release => "--release",
        Profile::Dev => "--dev",
    });
    if profile == Profile::Release {
        command.args(["--", "--config"]).arg(flags()?);
    }
    process::run(&mut command)?;
    if !root().join(WASM).is_file() {
        fail!("wasm-pack ended well but left no {WASM}: look at what it printed above");
    }
    glue::run()?;
    match profile {
        Profile::Release => {
            shrink::run(tools)?;
            split::run(tools)
        }
        Profile::Dev => Ok(()),
    }
}

/// What LLVM puts into its caller: what makes that smaller. All costs are forty times what they are by default, other than the
/// bonus for a function's only call. So a large function stays one, and is not needed first because a part of its caller is.
const INLINING: [&str; 4] =
    ["-inline-threshold=0", "-inline-instr-cost=200", "-inline-call-penalty=1000", "-inlinehint-threshold=13000"];

/// What data.rs has to know of the data; and a stack of 256 KB, where it is 1 MB by default, of the memory of every page. The
/// deepest that the core goes is into elements, of which there are `xml::MAX_DEPTH`. Below the stack is nothing: where it
/// ends, the core traps.
const LINKING: [&str; 3] = ["--no-merge-data-segments", "--emit-relocs", "-zstack-size=262144"];

/// Configuration for cargo, added to .cargo/config.toml. The places of panics are told without the folder that holds the
/// source of the crates, which is long, and differs from machine to machine. The names of functions have the types that these
/// are made for, so that split.rs and `cargo xtask size parts` can tell one from another.
fn flags() -> Result<String> {
    let sources = cargo_home()?.join("registry/src");
    let registries = fs::read_dir(&sources).into_iter().flatten().flatten().map(|entry| entry.path());
    let remapped = registries.map(|path| format!("'--remap-path-prefix={}/='", path.display()));
    let inlining = INLINING.iter().map(|option| format!("'-Cllvm-args={option}'"));
    let linking = LINKING.iter().map(|option| format!("'-Clink-arg={option}'"));
    let naming = ["'-Csymbol-mangling-version=v0'".to_owned()];
    let flags: Vec<_> = remapped.chain(naming).chain(inlining).chain(linking).collect();
    Ok(format!("target.{TARGET}.rustflags=[{}]", flags.join(",")))
}

/// Moment.js as it ships minified, which is smaller than what is made of its source here. It would look for languages
/// beside itself: there are none in a bundle, and without this no bundle could be made. Below a package of modules a script
/// is called `.cjs`.
fn moment() -> Result<PathBuf> {
    let shipped = read(&root().join("node_modules/moment/min/moment.min.js"))?;
    let looks = "require(\"./locale/\"+t)";
    if !shipped.contains(looks) {
        fail!("moment.min.js has no {looks}: see where it looks for languages now, and say so in xtask/src/build.rs");
    }
    let path = wasm_target().with_file_name("moment.cjs");
    write(&path, &shipped.replace(looks, "t.missing.language"))?;
    Ok(path)
}

/// `id` is the build's, so that scripts of two builds do not run together.
fn scripts(tools: &Tools, profile: Profile, id: &str) -> Result {
    let moment = moment()?;
    for entry in ENTRIES {
        let mut esbuild = tools.node_bin("esbuild");
        esbuild.arg(entry.source).args(["--bundle", "--sourcemap", "--target=es2022", "--charset=utf8"]);
        esbuild.args([&format!("--format={}", entry.format), &format!("--outfile={}", entry.output)]);
        // The libraries of others want underscore, for which lodash stands in, and would give themselves to an AMD loader
        // of the page, if it has one.
        esbuild.args(["--alias:underscore=lodash/lodash.min.js", "--define:define=undefined"]);
        esbuild.arg(format!("--alias:moment={}", moment.display()));
        esbuild.arg(format!("--define:BUILD='{id}'")).arg("--external:./converse.later.js");
        // The glue names import.meta.url as the default place of the wasm; the classic script passes the place itself.
        esbuild.args(["--log-level=warning", "--log-override:empty-import-meta=silent"]);
        if profile == Profile::Release {
            esbuild.arg("--minify");
        }
        process::run(&mut esbuild)?;
    }
    let mut later = tools.node();
    later.args(["xtask/src/build/later.mjs", id]).args((profile == Profile::Release).then_some("--minify"));
    process::run(&mut later)?;
    let mut esbuild = tools.node_bin("esbuild");
    esbuild.arg(format!("--outfile={STYLE}")).args([THEME, "--bundle", "--sourcemap", "--log-level=warning"]);
    if profile == Profile::Release {
        esbuild.arg("--minify");
    }
    process::run(&mut esbuild)
}

fn outputs() -> impl Iterator<Item = std::path::PathBuf> {
    let always = [GLUE, WASM, SCRIPT, STYLE, "pkg/package.json"].map(Path::new);
    always.into_iter().chain(ENTRIES.iter().map(|entry| Path::new(entry.output))).map(|output| root().join(output))
}
