//! What each crate, and each module of our own, costs in the shipped wasm: the bytes of its functions, by their names.
//!
//! Code that is compiled for a type of ours is ours, such as that of a `Vec` of them.

use std::{collections::BTreeMap, fmt};

use crate::{
    build::{
        self, data,
        module::{CODE, CUSTOM, DATA, IMPORTS, content, function_names, plain, sections_of, take_bytes, take_number},
    },
    failure::{Result, fail},
};

/// The crate in this repository, as its functions' names have it.
const OURS: &str = "converse_wasm";

/// What wasm-bindgen makes of each function that pages call: it is named as they name it.
const EXPORTS: &str = "(exports)";

/// What comes with the compiler: arithmetic, and copying of memory.
const BUILTINS: &str = "compiler_builtins";

/// How deep the modules are told apart.
const DEPTH: usize = 2;

#[derive(Default)]
struct Report {
    crates: BTreeMap<String, Cost>,
    /// Of ours.
    modules: BTreeMap<String, Cost>,
    code: Cost,
    data: usize,
    /// Types, imports, exports, tables.
    rest: usize,
}

#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
struct Cost {
    bytes: usize,
    functions: usize,
}

pub(super) fn run() -> Result {
    let module = build::read_whole()?;
    let Some(report) = Report::of(&module) else {
        fail!("the wasm cannot be read: xtask/src/build/module.rs must be told how it is laid out now");
    };
    print!("{report}");
    Ok(())
}

impl Report {
    fn of(module: &[u8]) -> Option<Self> {
        let sections = sections_of(module)?;
        let names = function_names(&sections)?;
        // All imports are functions: see shrink.rs.
        let imports = take_number(&mut content(&sections, IMPORTS)?)?;
        let mut code = content(&sections, CODE)?;
        let mut report = Self { data: data::bytes_in(&sections)?, ..Self::default() };
        for index in imports..imports + take_number(&mut code)? {
            let before = code.len();
            take_bytes(&mut code)?;
            report.add(names.get(&index).copied().unwrap_or_default(), before - code.len());
        }
        for (id, content) in sections {
            match id {
                CODE | CUSTOM | DATA => {}
                _ => report.rest += content.len(),
            }
        }
        Some(report)
    }

    fn add(&mut self, name: &str, bytes: usize) {
        let name = plain(name);
        let (owner, module) = owner(&name);
        if owner == OURS {
            self.modules.entry(module).or_default().add(bytes);
        }
        self.crates.entry(owner.to_owned()).or_default().add(bytes);
        self.code.add(bytes);
    }
}

impl Cost {
    fn add(&mut self, bytes: usize) {
        self.bytes += bytes;
        self.functions += 1;
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<28}{:>10}{:>10}{:>11}", "crate", "raw", "of code", "functions")?;
        self.rows(f, &self.crates)?;
        row(f, "code, in all", self.code, self.code)?;
        writeln!(f, "{:<28}{:>10}\n{:<28}{:>10}", "data", self.data, "other sections", self.rest)?;
        writeln!(f, "\n{:<28}{:>10}{:>10}{:>11}", format!("module of {OURS}"), "raw", "of code", "functions")?;
        self.rows(f, &self.modules)
    }
}

impl Report {
    /// The largest first.
    fn rows(&self, f: &mut fmt::Formatter<'_>, costs: &BTreeMap<String, Cost>) -> fmt::Result {
        let mut costs: Vec<_> = costs.iter().collect();
        costs.sort_by_key(|(_, cost)| std::cmp::Reverse(**cost));
        costs.into_iter().try_for_each(|(name, cost)| row(f, name, *cost, self.code))
    }
}

fn row(f: &mut fmt::Formatter<'_>, name: &str, cost: Cost, all: Cost) -> fmt::Result {
    let share = 100.0 * cost.bytes as f64 / all.bytes.max(1) as f64;
    writeln!(f, "{name:<28}{:>10}{share:>8.1} %{:>11}", cost.bytes, cost.functions)
}

/// The crate, and the module in it, that a function with this name belongs to.
fn owner(name: &str) -> (&str, String) {
    let paths = paths(name);
    if let Some(path) = paths.iter().find(|path| path[0] == OURS).or(paths.first()) {
        let modules = &path[1..path.len().min(1 + DEPTH)];
        return (path[0], modules.join("::"));
    }
    let owner = match name {
        _ if name.starts_with("__wbindgen_") || name.starts_with("__externref_") => "wasm_bindgen",
        _ if name.ends_with(" shim") => "wasm_bindgen",
        _ if name.starts_with("__") || name.starts_with("mem") => BUILTINS,
        _ => return (OURS, EXPORTS.to_owned()),
    };
    (owner, String::new())
}

/// All paths in a name, each of them the crate and the modules below it, without the type or function that it leads to.
fn paths(name: &str) -> Vec<Vec<&str>> {
    let mut paths = Vec::new();
    let mut rest = name;
    while let Some(start) = rest.find(is_word) {
        // `<T>::new` goes on after a type, and is no path of its own.
        let goes_on = rest[..start].ends_with("::");
        let (path, after) = path(&rest[start..]);
        rest = after;
        if !goes_on && !path.is_empty() {
            paths.push(path);
        }
    }
    paths
}

/// The path at the start of `text`, and what comes after it. Modules are written small, types are not; a closure is in a
/// function, and that is no module.
fn path(text: &str) -> (Vec<&str>, &str) {
    let (mut path, mut rest) = (Vec::new(), text);
    loop {
        let (word, after) = rest.split_at(rest.find(|letter| !is_word(letter)).unwrap_or(rest.len()));
        match after.strip_prefix("::") {
            Some(below)
                if !below.starts_with(['{', '<']) && !word.starts_with(|first: char| first.is_ascii_uppercase()) =>
            {
                path.push(word);
                rest = below;
            }
            _ => return (path, after),
        }
    }
}

fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::module::{HEAD, put_bytes};

    #[test]
    fn a_function_belongs_to_its_module() {
        for (name, module) in [
            ("converse_wasm::feature::room::presence::handle_presence", "feature::room"),
            ("<converse_wasm::store::rooms::Rooms>::open", "store::rooms"),
            ("converse_wasm::driver::carry_out", "driver"),
            ("converse_wasm::api::archive::read_query::{closure#0}", "api::archive"),
            ("converse_wasm::driver::claim::<converse_wasm::api::login::Claim>", "driver"),
            ("<converse_wasm::feature::Then as core::clone::Clone>::clone", "feature"),
            ("<alloc::vec::Vec<converse_wasm::store::key::Change>>::push", "store::key"),
            ("core::ptr::drop_in_place::<core::option::Option<converse_wasm::store::Room>>", "store"),
            ("core__joinRoom", EXPORTS),
        ] {
            assert_eq!(owner(name), (OURS, module.to_owned()), "{name}");
        }
    }

    #[test]
    fn a_function_belongs_to_the_first_crate_it_names() {
        for (name, krate) in [
            ("core::panicking::panic_fmt", "core"),
            ("<alloc::string::String as core::fmt::Write>::write_fmt", "alloc"),
            ("<[u8] as core::slice::cmp::SlicePartialEq<u8>>::equal_same_length", "core"),
            ("<std::thread::local::LocalKey<u32>>::with", "std"),
            ("<&mut quick_xml::reader::Reader<&[u8]> as core::fmt::Debug>::fmt", "quick_xml"),
            ("Ref(String) -> Externref externref shim", "wasm_bindgen"),
            ("core__transmit externref shim multivalue shim", "wasm_bindgen"),
            ("__wbindgen_malloc", "wasm_bindgen"),
            ("memcmp", BUILTINS),
            ("__multi3", BUILTINS),
        ] {
            assert_eq!(owner(name).0, krate, "{name}");
        }
    }

    #[test]
    fn all_bytes_of_the_code_are_told() {
        let mut module = HEAD.to_vec();
        let names = b"\x04name\x01\x0d\x02\x00\x04core\x01\x04memx";
        for (id, content) in [
            (IMPORTS, &[0][..]),
            (CODE, &[2, 2, 0, 0x0B, 3, 0, 0, 0x0B]),
            (DATA, &[1, 0, 0x41, 0, 0x0B, 2, 1, 2]),
            (CUSTOM, names),
        ] {
            module.push(id);
            put_bytes(&mut module, content);
        }
        let report = Report::of(&module).unwrap();
        assert_eq!((report.code, report.data, report.rest), (Cost { bytes: 7, functions: 2 }, 2, 1));
        assert_eq!(report.modules[EXPORTS], Cost { bytes: 3, functions: 1 });
        assert_eq!(report.crates[BUILTINS], Cost { bytes: 4, functions: 1 });
    }
}
