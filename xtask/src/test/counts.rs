//! How many tests passed and failed, as the test runners themselves say.

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) passed: u32,
    pub(super) failed: u32,
}

impl Counts {
    pub(super) const PASSED: Self = Self { passed: 1, failed: 0 };
    pub(super) const FAILED: Self = Self { passed: 0, failed: 1 };

    /// `test result: ok. 3 passed; 0 failed; …`, once for each test binary; wasm-bindgen's runner prints the same.
    pub(super) fn of_cargo_test(output: &str) -> Self {
        let mut counts = Self::default();
        for line in output.lines().filter(|line| line.starts_with("test result: ")) {
            counts.add(Self { passed: number_before(line, " passed;"), failed: number_before(line, " failed;") });
        }
        counts
    }

    /// `# pass 3` and `# fail 0` of the TAP reporter.
    pub(super) fn of_node_test(output: &str) -> Self {
        let number = |word: &str| -> u32 {
            let line = output.lines().rev().find_map(|line| line.strip_prefix(word));
            line.and_then(|number| number.trim().parse().ok()).unwrap_or(0)
        };
        Self { passed: number("# pass "), failed: number("# fail ") + number("# cancelled ") }
    }

    /// `  3 passed (4.1s)`, `  1 failed`, … at the end of the list reporter's output. What could not run has failed; what
    /// passed when it was run again is told by [`flaky`].
    pub(super) fn of_playwright(output: &str) -> Self {
        let mut counts = Self::default();
        for line in output.lines().filter_map(|line| line.strip_prefix("  ")) {
            let Some((number, rest)) = line.split_once(' ') else { continue };
            let Ok(number) = number.parse::<u32>() else { continue };
            match rest.split(" (").next() {
                Some("passed" | "flaky") => counts.passed += number,
                Some("failed" | "interrupted" | "did not run") => counts.failed += number,
                _ => {}
            }
        }
        counts
    }

    pub(super) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    /// A command that fails without naming a failed test has failed before or beside its tests.
    pub(super) fn or_failed(self, success: bool) -> Self {
        if success { self } else { Self { failed: self.failed.max(1), ..self } }
    }
}

/// What Playwright says of the tests that failed and then passed: how each failed, and their names at the end.
pub(super) fn flaky(output: &str) -> Option<&str> {
    let names = output.lines().any(|line| line.strip_prefix("  ").is_some_and(|line| line.ends_with(" flaky")));
    let from = output.find("\n  1) ").filter(|_| names)?;
    output.get(from..).map(str::trim_end)
}

/// The number that ends right before `word`.
fn number_before(line: &str, word: &str) -> u32 {
    let before = line.split(word).next().unwrap_or_default();
    before.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_test_counts_every_binary() {
        let output = "\
running 2 tests
test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
test result: ok. 12 passed; 0 failed; 3 ignored; 0 measured; 0 filtered out; finished in 0.11s
";
        assert_eq!(Counts::of_cargo_test(output), Counts { passed: 13, failed: 1 });
    }

    #[test]
    fn node_counts_cancelled_tests_as_failed() {
        let output = "1..8\n# tests 8\n# suites 0\n# pass 6\n# fail 1\n# cancelled 1\n# skipped 0\n";
        assert_eq!(Counts::of_node_test(output), Counts { passed: 6, failed: 2 });
    }

    #[test]
    fn playwright_counts_what_did_not_run_as_failed() {
        let output = "\n  1 failed\n    [chromium] › a.spec.ts:3:1 › 2 passed\n  1 skipped\n  2 did not run\n  14 passed (21.3s)\n";
        assert_eq!(Counts::of_playwright(output), Counts { passed: 14, failed: 3 });
    }

    #[test]
    fn playwright_counts_what_passed_when_run_again_as_passed_and_says_what_it_was() {
        let calm = "  ok 1 a.spec.ts:3:1 › not flaky\n\n  15 passed (21.3s)\n";
        assert_eq!((Counts::of_playwright(calm).passed, flaky(calm)), (15, None));
        let output = "  ok 1 a.spec.ts:3:1\n\n  1) a.spec.ts:4:1 › b\n    Error: c\n\n  1 flaky\n    a.spec.ts:4:1 › b\n  14 passed (21.3s)\n";
        assert_eq!(Counts::of_playwright(output), Counts { passed: 15, failed: 0 });
        assert!(flaky(output).is_some_and(|said| said.contains("Error: c") && said.contains("1 flaky")));
    }

    #[test]
    fn a_command_that_fails_without_a_failed_test_counts_as_one() {
        assert_eq!(Counts { passed: 5, failed: 0 }.or_failed(false), Counts { passed: 5, failed: 1 });
        assert_eq!(Counts { passed: 5, failed: 2 }.or_failed(false), Counts { passed: 5, failed: 2 });
        assert_eq!(Counts { passed: 5, failed: 0 }.or_failed(true), Counts { passed: 5, failed: 0 });
    }
}
