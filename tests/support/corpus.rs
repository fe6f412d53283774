//! The cases of `tests/corpus/`, as their files say them. `tests/corpus/README.md` explains the format; `tests/e2e/support/corpus.ts`
//! reads the same.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a case that cannot be read fails the test")]

use std::{fs, path::Path};

/// The cases of one row of the list of attacks.
pub struct Row {
    pub name: String,
    pub cases: Vec<Case>,
}

/// One attack: what was before, what arrives, what comes of it.
#[derive(Clone, Default)]
pub struct Case {
    pub title: String,
    pub steps: Vec<Step>,
}

/// A line of a case: its word, and what follows it.
#[derive(Clone)]
pub struct Step {
    pub word: String,
    pub text: String,
}

impl Row {
    /// Reads a file. What stands before its first case is for people.
    fn read(name: &str, text: &str) -> Self {
        let mut cases: Vec<Case> = Vec::new();
        for line in text.lines() {
            if let Some(title) = line.strip_prefix("== ") {
                cases.push(Case { title: title.to_owned(), steps: Vec::new() });
                continue;
            }
            let Some(case) = cases.last_mut().filter(|_| !line.trim().is_empty()) else { continue };
            if let Some(more) = line.strip_prefix("  ") {
                case.steps.last_mut().unwrap().text.push_str(more.trim());
                continue;
            }
            let (word, text) = line.split_once(' ').unwrap_or((line, ""));
            case.steps.push(Step { word: word.trim_end_matches(':').to_owned(), text: text.trim().to_owned() });
        }
        Self { name: name.to_owned(), cases }
    }
}

impl Case {
    /// What follows a word, wherever it stands.
    pub fn all<'a>(&'a self, word: &'a str) -> impl Iterator<Item = &'a str> {
        self.steps.iter().filter(move |step| step.word == word).map(|step| step.text.as_str())
    }

    pub fn has(&self, word: &str) -> bool {
        self.all(word).next().is_some()
    }
}

/// All rows, in the order of their names: F2 before F10.
pub fn rows() -> Vec<Row> {
    let mut rows: Vec<Row> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), fs::read_to_string(path).unwrap()))
        .filter(|(name, _)| name != "world")
        .map(|(name, text)| Row::read(&name, &text))
        .collect();
    rows.sort_by_key(|row| {
        let (letter, number) = row.name.split_at(1);
        (letter.to_owned(), number.parse::<u32>().unwrap_or_else(|_| panic!("{} is no row", row.name)))
    });
    rows
}

/// A part of the world in which cases take place.
pub fn world(part: &str) -> Case {
    let text = fs::read_to_string(folder().join("world.txt")).unwrap();
    let parts = Row::read("world", &text).cases;
    parts.into_iter().find(|one| one.title == part).unwrap_or_else(|| panic!("the world has no part {part:?}"))
}

/// A text with what stands between `«` and `»` in it written out.
pub fn write_out(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('«') {
        let (inside, after) = after.split_once('»').unwrap_or_else(|| panic!("no end: {text}"));
        out.push_str(before);
        if let Some(code) = inside.strip_prefix("U+") {
            out.push(char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap());
        } else if let Some(plain) = inside.strip_prefix("base64:") {
            out.push_str(&converse_wasm::stream::sasl::base64::encode(plain.as_bytes()));
        } else if inside.starts_with("byte:") {
            // No character begins or goes on with it: this is how a browser reads it, where it reads it.
            out.push('\u{fffd}');
        } else {
            let (count, part) = inside.split_once('×').unwrap_or_else(|| panic!("«{inside}»?"));
            let count: usize = count.parse().unwrap();
            (0..count).for_each(|number| out.push_str(&part.replace('№', &number.to_string())));
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}
