//! Running other programs.

use std::{
    env,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
};

use crate::failure::{Failure, Result, While, fail};

/// The first of `programs` that is on PATH.
pub(crate) fn find(programs: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let dirs: Vec<_> = env::split_paths(&path).collect();
    programs.iter().find_map(|program| dirs.iter().map(|dir| dir.join(program)).find(|file| is_executable(file)))
}

/// Runs to the end with the terminal's input and output.
pub(crate) fn run(command: &mut Command) -> Result {
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    if !status.success() {
        fail!("`{}` failed with {status}", line(command));
    }
    Ok(())
}

/// Runs to the end with all output in the file `log`.
pub(crate) fn run_logged(command: &mut Command, log: &Path) -> Result<ExitStatus> {
    let file = File::create(log).while_(format_args!("cannot write {}", log.display()))?;
    let copy = file.try_clone().while_(format_args!("cannot write {}", log.display()))?;
    command.stdin(Stdio::null()).stdout(file).stderr(copy).status().map_err(|error| cannot_start(command, &error))
}

/// What the command prints, trimmed; `None` when it cannot be started or fails.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Whether the command starts and ends well; its output is not shown.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    output(command).is_some()
}

/// Forgets what `cargo run` set for this program, so that a cargo started from here begins afresh.
pub(crate) fn without_cargo_variables(command: &mut Command) -> &mut Command {
    for (name, _) in env::vars_os() {
        let name_text = name.to_string_lossy();
        if name_text == "CARGO" || name_text.starts_with("CARGO_PKG_") || name_text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// PATH with `first` before what is there.
pub(crate) fn path_with<'a>(first: impl IntoIterator<Item = &'a Path>) -> Result<std::ffi::OsString> {
    let rest = env::var_os("PATH").unwrap_or_default();
    let dirs = first.into_iter().map(Path::to_path_buf).chain(env::split_paths(&rest));
    env::join_paths(dirs).map_err(|error| Failure::new(format!("PATH cannot be set: {error}")))
}

/// The command as a person would type it.
pub(crate) fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn cannot_start(command: &Command, error: &io::Error) -> Failure {
    Failure::new(format!("`{}` cannot be started: {error}", command.get_program().to_string_lossy()))
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;

    fs::metadata(file).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(file: &Path) -> bool {
    fs::metadata(file.with_extension("exe")).is_ok_and(|found| found.is_file())
}
