//! Every check and every test, one after the other; none stops the next.

mod counts;
mod steps;

use std::{
    fs,
    io::{self, Write},
    process::{Command, ExitCode},
    time::Instant,
};

use self::counts::{Counts, flaky};
use crate::{
    build::{self, Profile},
    failure::Result,
    process, project,
    setup::Tools,
};

struct Step {
    name: &'static str,
    command: Command,
    /// Reads from the output what passed; a step without it is not made of tests and counts as one, by how it ends.
    count: Option<fn(&str) -> Counts>,
}

/// Runs everything, or only the tests whose names contain `filter`.
pub(crate) fn run(tools: &Tools, filter: Option<&str>) -> Result<ExitCode> {
    if filter.is_some() {
        // The end-to-end tests need it; it is no test that somebody asked for.
        build::run(tools, Profile::Release)?;
    }
    let mut total = Counts::default();
    let mut failed = Vec::new();
    for step in steps::all(tools, filter)? {
        let name = step.name;
        let counts = if steps::needs_package(name) && failed.contains(&"build") {
            println!("{name:<24}not run, because the build failed");
            Counts::FAILED
        } else {
            run_step(step)?
        };
        if counts.failed > 0 {
            failed.push(name);
        }
        total.add(counts);
    }
    if !failed.is_empty() {
        println!("\nfailed: {}", failed.join(", "));
    } else if total.passed == 0 {
        println!("\nno test ran");
    }
    // The last line of all, and alone: machines read it.
    println!("\n{} passed, {} failed", total.passed, total.failed);
    Ok(if total.failed == 0 && total.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn run_step(mut step: Step) -> Result<Counts> {
    print!("{:<24}", step.name);
    io::stdout().flush().ok();
    let start = Instant::now();
    let log = project::log(&format!("test-{}", step.name.replace(' ', "-")))?;
    step.command.env("NO_COLOR", "1").env("CARGO_TERM_COLOR", "never").env_remove("FORCE_COLOR");
    let success = process::run_logged(&mut step.command, &log).is_ok_and(|status| status.success());
    let output = String::from_utf8_lossy(&fs::read(&log).unwrap_or_default()).into_owned();
    let counts = match step.count {
        Some(count) => count(&output).or_failed(success),
        None if success => Counts::PASSED,
        None => Counts::FAILED,
    };
    let seconds = start.elapsed().as_secs_f32();
    if counts.failed == 0 {
        println!("{:>4} passed {seconds:>19.1} s", counts.passed);
        if let Some(said) = flaky(&output) {
            println!(
                "Passed only when run again; each of these is a bug to be found, in the test or in the product:\n{said}\n"
            );
        }
    } else {
        println!("{:>4} passed {:>4} FAILED {seconds:>7.1} s", counts.passed, counts.failed);
        println!("$ {}\n{}\n", process::line(&step.command), output.trim_end());
    }
    Ok(counts)
}
