//! Runs the targets of fuzz/, which need a nightly compiler, and keeps the least of what they have reached.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use crate::{
    failure::{Result, While, fail},
    process, project,
    project::root,
    setup,
};

/// How long a target runs, unless somebody says otherwise.
const MINUTES: u64 = 30;
/// As a server may want it: the memory that a page has. In megabytes.
const RSS_LIMIT: &str = "-rss_limit_mb=2048";
const MAX_LENGTH: &str = "-max_len=4096";
/// The most files that are kept of a target, and the longest of them.
const KEPT: usize = 48;
const KEPT_BYTES: u64 = 2_048;

/// `[TARGET] [--minutes N]`: all targets one after the other, or one; `keep` makes the committed corpora of what was reached.
pub(crate) fn run(arguments: &[&str]) -> Result<ExitCode> {
    let (mut minutes, mut wanted, mut keeps) = (MINUTES, None, false);
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match *argument {
            "--minutes" => match arguments.next().and_then(|number| number.parse().ok()) {
                Some(number) => minutes = number,
                None => fail!("--minutes wants a number"),
            },
            "keep" => keeps = true,
            name => wanted = Some(name),
        }
    }
    let mut targets = targets()?;
    if let Some(wanted) = wanted {
        targets.retain(|target| target == wanted);
    }
    if targets.is_empty() {
        fail!("there is no such target: the files of fuzz/fuzz_targets name them");
    }
    let bins = setup::fuzzer()?;
    process::run(fuzz(&bins)?.args(["fuzz", "build"]))?;
    let mut failed = Vec::new();
    for target in targets {
        let (reached, kept) = folders(&target)?;
        if keeps {
            keep(&target, &reached, &kept)?;
            continue;
        }
        let mut command = fuzz(&bins)?;
        command.args(["fuzz", "run", &target]).args([&reached, &kept]).arg("--").args([RSS_LIMIT, MAX_LENGTH]);
        command.arg(format!("-max_total_time={}", minutes * 60));
        if process::run(&mut command).is_err() {
            failed.push(target);
        }
    }
    match failed.is_empty() {
        true => Ok(ExitCode::SUCCESS),
        false => fail!("found something: {} (see fuzz/artifacts/)", failed.join(", ")),
    }
}

fn targets() -> Result<Vec<String>> {
    let files = fs::read_dir(root().join("fuzz/fuzz_targets")).while_("cannot read fuzz/fuzz_targets")?;
    let names = files.flatten().filter_map(|file| file.file_name().into_string().ok());
    let mut targets: Vec<String> = names.filter_map(|name| name.strip_suffix(".rs").map(str::to_owned)).collect();
    targets.sort();
    Ok(targets)
}

/// What has been reached so far, and what of it is committed.
fn folders(target: &str) -> Result<(PathBuf, PathBuf)> {
    let reached = project::target().join("fuzz/corpus").join(target);
    let kept = root().join("fuzz/corpus").join(target);
    for folder in [&reached, &kept] {
        fs::create_dir_all(folder).while_(format_args!("cannot make {}", folder.display()))?;
    }
    Ok((reached, kept))
}

/// A cargo of the nightly compiler, in the fuzzers' own target directory.
fn fuzz(bins: &Path) -> Result<Command> {
    let mut command = Command::new("rustup");
    process::without_cargo_variables(&mut command).env_remove("RUSTUP_TOOLCHAIN").current_dir(root().join("fuzz"));
    command.env("PATH", process::path_with([bins])?).env("CARGO_TARGET_DIR", project::target().join("fuzz"));
    command.args(["run", "nightly", "cargo"]);
    Ok(command)
}

/// Takes as few small files as reach what all reach, the one that adds most first, and no more than [`KEPT`].
fn keep(target: &str, reached: &Path, kept: &Path) -> Result {
    let program = project::target().join("fuzz").join(host()?).join("release").join(target);
    let (merged, control) = (project::target().join("fuzz/merged"), project::target().join("fuzz/merged.txt"));
    fs::remove_dir_all(&merged).ok();
    fs::remove_file(&control).ok();
    fs::create_dir_all(&merged).while_(format_args!("cannot make {}", merged.display()))?;
    let mut merge = Command::new(program);
    merge.args(["-set_cover_merge=1", RSS_LIMIT]).arg(format!("-merge_control_file={}", control.display()));
    let log = project::log(&format!("fuzz-{target}"))?;
    process::run_logged(merge.args([&merged, kept, reached]), &log)?;
    let mut rest = read_control(&project::read(&control)?);
    rest.retain(|file, _| fs::metadata(file).is_ok_and(|file| file.len() <= KEPT_BYTES));
    let (mut covered, mut chosen) = (BTreeSet::new(), Vec::new());
    while chosen.len() < KEPT {
        let news = |places: &BTreeSet<u64>| places.difference(&covered).count();
        let Some((file, count)) =
            rest.iter().map(|(file, places)| (file.clone(), news(places))).max_by_key(|(_, count)| *count)
        else {
            break;
        };
        if count == 0 {
            break;
        }
        covered.extend(rest.remove(&file).unwrap_or_default());
        chosen.push(fs::read(&file).while_(format_args!("cannot read {}", file.display()))?);
    }
    fs::remove_dir_all(kept).while_(format_args!("cannot empty {}", kept.display()))?;
    fs::create_dir_all(kept).while_(format_args!("cannot make {}", kept.display()))?;
    for (number, data) in chosen.iter().enumerate() {
        let file = kept.join(format!("{number:02}"));
        fs::write(&file, data).while_(format_args!("cannot write {}", file.display()))?;
    }
    println!("{target}: {} files, which reach {} places", chosen.len(), covered.len());
    Ok(())
}

/// The files that libFuzzer has merged, and the places in the code that each reached. There are eight features for each
/// place: how often it was reached.
fn read_control(text: &str) -> BTreeMap<PathBuf, BTreeSet<u64>> {
    let mut lines = text.lines();
    let count = |line: Option<&str>| line.and_then(|line| line.parse().ok()).unwrap_or(0_usize);
    let number = count(lines.next());
    let _: usize = count(lines.next());
    let files: Vec<PathBuf> = lines.by_ref().take(number).map(PathBuf::from).collect();
    let mut reached = BTreeMap::new();
    for line in lines {
        let mut words = line.split(' ');
        let file = (words.next() == Some("FT")).then(|| files.get(words.next()?.parse::<usize>().ok()?)).flatten();
        if let Some(file) = file {
            reached.insert(file.clone(), words.filter_map(|feature| Some(feature.parse::<u64>().ok()? >> 3)).collect());
        }
    }
    reached
}

fn host() -> Result<String> {
    let rustc = process::output(Command::new("rustc").arg("-vV")).unwrap_or_default();
    match rustc.lines().find_map(|line| line.strip_prefix("host: ")) {
        Some(host) => Ok(host.to_owned()),
        None => fail!("`rustc -vV` names no host"),
    }
}
