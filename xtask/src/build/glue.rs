//! Prepares wasm-bindgen's glue for an instance that fails: the page goes on with another one (`www/trap.ts`).

use super::GLUE;
use crate::{
    failure::{Failure, Result},
    project::{read, root, write},
};

/// What stands in the glue how often, and what is to stand there.
///
/// Whoever enters the wasm does so by what `hooks.wrap` made of its exports. What an instance has left in the page, such as
/// listeners for events of the browser, is nobody's when another one is in its place: it would reach into foreign memory.
const CHANGES: [(usize, &str, &str); 8] = [
    (
        1,
        "let wasmModule, wasmInstance, wasm;",
        "let wasmModule, wasmInstance, wasm;\nconst hooks = { wrap: (it) => it, later: () => {} };",
    ),
    (1, "wasm = instance.exports;", "wasm = hooks.wrap(instance.exports);"),
    (2, "if (wasm !== undefined) return wasm;", "if (wasm !== undefined && !wasm.isBuried) return wasm;"),
    (2, "const state = { a: arg0, b: arg1, cnt: 1 };", "const state = { a: arg0, b: arg1, cnt: 1, wasm };"),
    (2, "const real = (...args) => {", "const real = (...args) => {\nif (state.wasm !== wasm) return;"),
    (2, "if (--state.cnt === 0) {", "if (--state.cnt === 0 && state.wasm === wasm) {"),
    (1, "(state => wasm.", "(state => state.wasm === wasm && wasm."),
    (
        1,
        "export { initSync,",
        "function bury(tomb) {\nconst dead = wasm;\nwasm = tomb;\nreturn dead;\n}\n\
         export { hooks, bury, __wbg_init_once as initAgain, __wbg_get_imports as imports, initSync,",
    ),
];

/// The same for TypeScript, as `www/glue.d.ts` has it.
const TYPES: &str = "pkg/converse_wasm.d.ts";
const DECLARATIONS: &str = "
export const hooks: { wrap(exports: WebAssembly.Exports): object; later(): void };
export function imports(): WebAssembly.Imports;
export function bury(tomb: object): Record<string, unknown>;
export function initAgain(options: { module_or_path: WebAssembly.Module }): Promise<unknown>;
";

pub(super) fn run() -> Result {
    let path = root().join(GLUE);
    let mut glue = read(&path)?;
    for (count, old, new) in CHANGES {
        if glue.matches(old).count() != count {
            return Err(Failure::new(format!(
                "{GLUE} does not have `{old}` {count} times: xtask/src/build/glue.rs must be told how it is now"
            )));
        }
        glue = glue.replace(old, new);
    }
    write(&path, &glue)?;
    let types = root().join(TYPES);
    write(&types, &(read(&types)? + DECLARATIONS))
}
