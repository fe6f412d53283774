//! What `cargo xtask test` runs, in order.

use std::{env, fs, path::Path, process::Command};

use super::{Step, counts::Counts};
use crate::{
    failure::{Result, While, fail},
    packaging,
    project::root,
    setup::{TARGET, Tools, deny},
};

pub(super) fn all(tools: &Tools, filter: Option<&str>) -> Result<Vec<Step>> {
    let mut steps = Vec::new();
    if filter.is_none() {
        steps.extend(checks(tools)?);
    }
    steps.push(Step { name: "native tests", command: native_tests(tools, filter), count: Some(Counts::of_cargo_test) });
    if filter.is_none() {
        steps.push(Step { name: "build", command: this_program("build")?, count: None });
        for (name, folder) in [("types", "www"), ("types of the tests", "tests/e2e")] {
            let mut tsc = tools.node_bin("tsc");
            tsc.args(["--noEmit", "-p", folder]);
            steps.push(Step { name, command: tsc, count: None });
        }
        steps.push(Step { name: "size", command: this_program("size")?, count: None });
    }
    steps.push(Step { name: "wasm tests", command: browser_tests(tools, filter)?, count: Some(Counts::of_cargo_test) });
    steps.push(Step {
        name: "test servers",
        command: support_tests(tools, filter)?,
        count: Some(Counts::of_node_test),
    });
    steps.push(Step {
        name: "end-to-end tests",
        command: end_to_end_tests(tools, filter)?,
        count: Some(Counts::of_playwright),
    });
    steps.push(Step { name: "Firefox", command: firefox_tests(tools, filter)?, count: Some(Counts::of_node_test) });
    if filter.is_none() {
        steps.push(Step { name: "packaging", command: packaging::command(tools)?, count: Some(Counts::of_node_test) });
        // Against what converse.js was seen to do: it is not fetched for this.
        let mut compare = tools.node();
        compare.env("CHROMIUM", tools.chromium()?).args(["tests/side-by-side/compare.mjs", "--recorded", "--short"]);
        steps.push(Step { name: "side by side", command: compare, count: None });
        let mut soak = tools.node();
        soak.env("CHROMIUM", tools.chromium()?).args(["tests/soak/soak.mjs", "--short"]);
        steps.push(Step { name: "soak", command: soak, count: None });
    }
    Ok(steps)
}

/// Whether the step is about what the build makes.
pub(super) fn needs_package(name: &str) -> bool {
    matches!(name, "types" | "size" | "end-to-end tests" | "Firefox" | "packaging" | "side by side" | "soak")
}

fn checks(tools: &Tools) -> Result<Vec<Step>> {
    let mut format = tools.cargo();
    format.args(["fmt", "--all", "--check"]);
    let mut native = tools.cargo();
    native.args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    // Not `cargo clippy`: cargo would look for the linter in its own home first, and that may be another compiler's.
    let mut wasm = tools.wasm("cargo-clippy")?;
    wasm.args(["clippy", "--package", "converse-wasm", "--target", TARGET, "--lib", "--test", "web"]);
    wasm.args(["--", "-D", "warnings"]);
    let mut locked = tools.cargo();
    locked.args(["metadata", "--locked", "--format-version", "1", "--quiet"]);
    let mut npm = Command::new("npm");
    npm.current_dir(root()).args(["ci", "--dry-run", "--no-audit", "--no-fund"]);
    let mut deny = Command::new(deny::ensure()?);
    deny.current_dir(root()).args(["--locked", "check", "licenses", "bans", "sources"]);
    let check = |name, command| Step { name, command, count: None };
    let mut doc = tools.cargo();
    doc.env("RUSTDOCFLAGS", "-D warnings").args(["doc", "--package", "converse-wasm", "--no-deps"]);
    Ok(vec![
        check("format", format),
        check("clippy", native),
        check("clippy for wasm", wasm),
        check("rustdoc", doc),
        check("Cargo.lock", locked),
        check("package-lock.json", npm),
        check("supply chain", deny),
    ])
}

fn native_tests(tools: &Tools, filter: Option<&str>) -> Command {
    let mut cargo = tools.cargo();
    cargo.args(["test", "--workspace", "--no-fail-fast"]).args(filter);
    cargo
}

/// tests/web in headless Chromium, with the flags of webdriver.json.
fn browser_tests(tools: &Tools, filter: Option<&str>) -> Result<Command> {
    let Some(driver) = tools.chromedriver() else {
        fail!("chromedriver is not on PATH: run `cargo xtask setup` and start again");
    };
    // What `wasm-pack test` does, but that one also compiles the native tests for the browser, where they need not fit.
    let mut command = tools.wasm("cargo")?;
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner");
    command.env("CHROMEDRIVER", driver).env("WASM_BINDGEN_TEST_ONLY_WEB", "1");
    command.args(["test", "--package", "converse-wasm", "--target", TARGET, "--test", "web"]).args(filter);
    Ok(command)
}

fn support_tests(tools: &Tools, filter: Option<&str>) -> Result<Command> {
    let mut node = node_tests(tools, filter);
    node.args(files("tests/support", ".test.mjs")?);
    node.args(files("locales", ".test.mjs")?);
    node.args(files("tests/docs", ".test.mjs")?);
    Ok(node)
}

/// The client in Firefox. Should that be missing, the tests say so, and fail.
fn firefox_tests(tools: &Tools, filter: Option<&str>) -> Result<Command> {
    let mut node = node_tests(tools, filter);
    node.args(files("tests/firefox", ".test.mjs")?);
    node.envs(tools.firefox().map(|firefox| ("FIREFOX", firefox)));
    node.envs(tools.geckodriver().map(|driver| ("GECKODRIVER", driver)));
    Ok(node)
}

fn node_tests(tools: &Tools, filter: Option<&str>) -> Command {
    let mut node = tools.node();
    node.args(["--test", "--test-reporter=tap"]);
    node.args(filter.map(|filter| format!("--test-name-pattern={filter}")));
    node
}

fn end_to_end_tests(tools: &Tools, filter: Option<&str>) -> Result<Command> {
    let mut command = tools.node_bin("playwright");
    command.env("CHROMIUM", tools.chromium()?).args(["test", "--config", "tests/e2e/playwright.config.ts"]);
    if let Some(filter) = filter {
        command.args(["--pass-with-no-tests", "--grep", filter]);
    }
    Ok(command)
}

/// A command of xtask's own, in a process of its own, so that its output can be kept like that of others.
fn this_program(word: &str) -> Result<Command> {
    let mut command = Command::new(env::current_exe().while_("cannot find xtask itself")?);
    command.current_dir(root()).arg(word);
    Ok(command)
}

/// The files right in the folder whose names end so, as paths from the top.
fn files(folder: &str, end: &str) -> Result<Vec<String>> {
    let entries = fs::read_dir(root().join(folder)).while_(format_args!("cannot read {folder}"))?;
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let mut files: Vec<_> = names.filter(|name| name.ends_with(end)).collect();
    files.sort();
    Ok(files.iter().map(|name| Path::new(folder).join(name).to_string_lossy().into_owned()).collect())
}
