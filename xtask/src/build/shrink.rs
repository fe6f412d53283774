//! Makes the release build of the wasm smaller where rustc, wasm-bindgen and wasm-opt leave something.
//!
//! - A panic in the browser is a trap: std has nowhere to print to. So the functions that make up its message are
//!   traps from their first instruction on, and wasm-opt takes out what led up to them.
//! - wasm-bindgen names every import after what it imports and a hash, and every export after what it is in the API. Nobody
//!   sees those names but the glue, which gets the same short ones.

use std::{collections::HashMap, fs};

use super::{
    GLUE, WASM,
    module::{
        CODE, CUSTOM, EXPORTS, HEAD, IMPORTS, content, function_names, plain, put_bytes, put_number, sections_of,
        take_byte, take_bytes, take_number,
    },
    whole,
};
use crate::{
    failure::{Failure, Result, While, fail},
    process,
    project::{read, root, write},
    setup::Tools,
};

/// How the names of functions begin that never return and do nothing but make up the message of a panic. One that a
/// newer std names otherwise costs bytes and breaks nothing.
const PANICS: [&str; 14] = [
    "alloc::alloc::handle_alloc_error",
    "alloc::raw_vec::capacity_overflow",
    "alloc::raw_vec::handle_error",
    "core::cell::panic_already_",
    "core::option::expect_failed",
    "core::option::unwrap_failed",
    "core::panicking::",
    "core::result::unwrap_failed",
    "core::slice::copy_from_slice_impl::len_mismatch_fail",
    "core::slice::index::slice_index_fail",
    "core::str::slice_error_fail",
    "std::panicking::panic_handler",
    "std::panicking::panic_with_hook",
    "std::thread::local::panic_access_error",
];

/// No locals, `unreachable`, `end`: a body that is valid for a function of any type.
const TRAP: &[u8] = &[0, 0, 0x0B];

/// The module that wasm-bindgen imports everything from.
const MODULE: &str = "./converse_wasm_bg.js";

/// What counts is the size after brotli: functions that stay whole and stand beside their like have more in common than
/// those that wasm-opt would put into one another, and so do data that keep their zeros.
const WASM_OPT: [&str; 6] = [
    "-Os",
    "--one-caller-inline-max-function-size",
    "20",
    "--skip-pass=local-cse",
    "--skip-pass=memory-packing",
    "--reorder-functions-by-name",
];

/// How the names of exports begin that get short ones.
const GROUPS: [&str; 2] = ["api__", "core__"];

/// What the glue is to say in the place of what it says once.
type Renamed = Vec<(String, String)>;

/// Makes of wasm-pack's module [`whole`].
pub(super) fn run(tools: &Tools) -> Result {
    let wasm = root().join(WASM);
    let module = fs::read(&wasm).while_(format_args!("cannot read {WASM}"))?;
    let Some((module, renamed)) = shrink(&module) else {
        fail!(
            "{WASM} is not laid out as wasm-bindgen lays it out: xtask/src/build/shrink.rs must be told how it is now"
        );
    };
    fs::write(&wasm, &module).while_(format_args!("cannot write {WASM}"))?;
    write(&root().join(GLUE), &rename_in_glue(read(&root().join(GLUE))?, &renamed)?)?;
    // Panics are told nothing any more; so their functions take nothing. That is a step of its own: what comes of it is what
    // data.rs compares the whole with.
    process::run(tools.node_bin("wasm-opt").args(["--dae", "-g", WASM, "-o", WASM]))?;
    process::run(tools.node_bin("wasm-opt").args(WASM_OPT).args(["-g", WASM, "-o"]).arg(whole()))
}

fn rename_in_glue(mut glue: String, renamed: &[(String, String)]) -> Result<String> {
    for (old, new) in renamed {
        if glue.matches(old).count() != 1 {
            return Err(Failure::new(format!("{GLUE} does not have `{old}` once: is it that of {WASM}?")));
        }
        glue = glue.replace(old, new);
    }
    Ok(glue)
}

/// The smaller module, and what that changes in the glue. `None` if it is not what this expects.
fn shrink(module: &[u8]) -> Option<(Vec<u8>, Renamed)> {
    let sections = sections_of(module)?;
    let (imports, mut renamed) = rename_imports(content(&sections, IMPORTS)?)?;
    let imported = renamed.len();
    let exports = rename_exports(content(&sections, EXPORTS)?, &mut renamed)?;
    let names = function_names(&sections)?;
    let code = trap_panics(content(&sections, CODE)?, imported, &names)?;
    let mut out = HEAD.to_vec();
    for (id, content) in sections {
        let content = match id {
            CUSTOM if is_linking(content)? => continue,
            IMPORTS => &imports,
            EXPORTS => &exports,
            CODE => &code,
            _ => content,
        };
        out.push(id);
        put_bytes(&mut out, content);
    }
    Some((out, renamed))
}

/// Whether a custom section is about what the linker has been given and made, which is no longer so.
fn is_linking(mut section: &[u8]) -> Option<bool> {
    let name = take_bytes(&mut section)?;
    Some(name == b"linking" || name.starts_with(b"reloc."))
}

/// Gives every import a short name. `None` unless all are functions of [`MODULE`], as wasm-bindgen makes them.
fn rename_imports(mut section: &[u8]) -> Option<(Vec<u8>, Renamed)> {
    let count = take_number(&mut section)?;
    let (mut out, mut renamed) = (Vec::new(), Vec::new());
    put_number(&mut out, count);
    for index in 0..count {
        let module = take_bytes(&mut section)?;
        let name = str::from_utf8(take_bytes(&mut section)?).ok()?;
        let (kind, signature) = (take_byte(&mut section)?, take_number(&mut section)?);
        if module != MODULE.as_bytes() || kind != 0 {
            return None;
        }
        let short = short_name(index);
        put_bytes(&mut out, module);
        put_bytes(&mut out, short.as_bytes());
        out.push(kind);
        put_number(&mut out, signature);
        renamed.push((format!(" {name}: function("), format!(" {short}: function(")));
    }
    Some((out, renamed))
}

/// Gives short names to the exports that stand for what is in the API, and adds them to `renamed`.
fn rename_exports(mut section: &[u8], renamed: &mut Renamed) -> Option<Vec<u8>> {
    let count = take_number(&mut section)?;
    let mut out = Vec::new();
    put_number(&mut out, count);
    for index in 0..count {
        let name = str::from_utf8(take_bytes(&mut section)?).ok()?;
        let (kind, what) = (take_byte(&mut section)?, take_number(&mut section)?);
        let is_long = GROUPS.iter().any(|group| name.starts_with(group));
        let short = if is_long { short_name(index) } else { name.to_owned() };
        put_bytes(&mut out, short.as_bytes());
        out.push(kind);
        put_number(&mut out, what);
        if is_long {
            renamed.push((format!("wasm.{name}("), format!("wasm.{short}(")));
        }
    }
    Some(out)
}

/// `a` to `z`, then `aa` and so on.
fn short_name(index: usize) -> String {
    let letter = char::from(b'a' + (index % 26) as u8);
    if index < 26 { letter.into() } else { short_name(index / 26 - 1) + &letter.to_string() }
}

fn trap_panics(mut section: &[u8], imports: usize, names: &HashMap<usize, &str>) -> Option<Vec<u8>> {
    let count = take_number(&mut section)?;
    let mut out = Vec::new();
    put_number(&mut out, count);
    for index in imports..imports + count {
        let body = take_bytes(&mut section)?;
        let panics = names.get(&index).is_some_and(|name| is_panic(name));
        put_bytes(&mut out, if panics { TRAP } else { body });
    }
    Some(out)
}

/// Whether `name` is one of [`PANICS`].
fn is_panic(name: &str) -> bool {
    let plain = plain(name);
    PANICS.iter().any(|panic| plain.starts_with(panic))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::module::{CUSTOM, FUNCTION_NAMES};

    /// A module with the import `hash` of type 0 and the functions `names`, whose bodies are all one `nop`; the first of them
    /// is exported as `api__send`.
    fn module(names: &[&str]) -> Vec<u8> {
        let mut imports = vec![1];
        put_bytes(&mut imports, MODULE.as_bytes());
        put_bytes(&mut imports, b"hash");
        imports.extend([0, 0]);
        let mut exports = vec![1];
        put_bytes(&mut exports, b"api__send");
        exports.extend([0, 1]);
        let mut code = vec![names.len() as u8];
        names.iter().for_each(|_| put_bytes(&mut code, &[0, 1, 0x0B]));
        let mut functions = vec![names.len() as u8];
        for (index, name) in names.iter().enumerate() {
            functions.push(1 + index as u8);
            put_bytes(&mut functions, name.as_bytes());
        }
        let mut custom = Vec::new();
        put_bytes(&mut custom, b"name");
        custom.push(FUNCTION_NAMES);
        put_bytes(&mut custom, &functions);
        let mut out = HEAD.to_vec();
        for (id, content) in [(IMPORTS, imports), (EXPORTS, exports), (CODE, code), (CUSTOM, custom)] {
            out.push(id);
            put_bytes(&mut out, &content);
        }
        out
    }

    fn code(module: &[u8]) -> &[u8] {
        content(&sections_of(module).unwrap(), CODE).unwrap()
    }

    #[test]
    fn panics_trap_and_names_are_short_and_nothing_else_changes() {
        let (out, renamed) = shrink(&module(&["core[12f89f2d8a73214f]::panicking::panic_fmt", "main"])).unwrap();
        assert_eq!(code(&out), [2, 3, 0, 0, 0x0B, 3, 0, 1, 0x0B]);
        assert_eq!(content(&sections_of(&out).unwrap(), EXPORTS).unwrap(), [1, 1, b'a', 0, 1]);
        let texts = [(" hash: function(", " a: function("), ("wasm.api__send(", "wasm.a(")];
        assert_eq!(renamed, texts.map(|(old, new)| (old.to_owned(), new.to_owned())));
    }

    #[test]
    fn what_is_not_expected_is_left_alone() {
        assert!(shrink(b"").is_none());
        assert!(shrink(&module(&["main"])[..40]).is_none());
    }

    #[test]
    fn short_names_differ() {
        let names: std::collections::HashSet<_> = (0..800).map(short_name).collect();
        assert_eq!(names.len(), 800);
        assert_eq!(["a", "z", "aa", "zz", "aaa"], [0, 25, 26, 701, 702].map(short_name)[..]);
    }

    #[test]
    fn the_glue_is_renamed_as_the_module() {
        let renamed = [(" hash: function(".to_owned(), " a: function(".to_owned())];
        assert_eq!(rename_in_glue("{ hash: function() {} }".to_owned(), &renamed).unwrap(), "{ a: function() {} }");
        assert!(rename_in_glue(String::new(), &renamed).is_err());
    }
}
