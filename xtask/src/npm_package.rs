//! Makes an npm package of what the build has put into pkg/.

use std::fs;

use crate::{
    failure::{Result, While},
    process,
    project::{package_field, pkg, root, write},
    setup::Tools,
};

/// Copied as they are.
const COPIES: [&str; 4] = ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"];
/// The licences of what others have written, made by licences.mjs.
const THIRD_PARTY: &str = "THIRD-PARTY-LICENSES.txt";
/// The folder of the types, here and in the package.
const TYPES: (&str, &str) = ("www/types", "types");

/// The scripts must be there already, with their source maps: these say what is in them.
pub(crate) fn complete(tools: &Tools) -> Result {
    for name in COPIES {
        fs::copy(root().join(name), pkg().join(name)).while_(format_args!("cannot copy {name} to pkg/"))?;
    }
    copy_types()?;
    process::run(tools.node().arg("xtask/src/licences.mjs").arg(pkg().join(THIRD_PARTY)))?;
    // wasm-pack's says that nothing here is for git, and npm would take it to mean that nothing is for the package.
    let _ = fs::remove_file(pkg().join(".gitignore"));
    write(&pkg().join("package.json"), &manifest()?)
}

fn copy_types() -> Result {
    let (from, to) = (root().join(TYPES.0), pkg().join(TYPES.1));
    // Anew each time: what has another name now must not stay.
    let _ = fs::remove_dir_all(&to);
    fs::create_dir_all(&to).while_("cannot make the folder for the types in pkg/")?;
    for entry in fs::read_dir(&from).while_("cannot read www/types/")? {
        let entry = entry.while_("cannot read www/types/")?;
        fs::copy(entry.path(), to.join(entry.file_name())).while_("cannot copy the types to pkg/")?;
    }
    Ok(())
}

fn manifest() -> Result<String> {
    let name = package_field("name")?;
    let version = package_field("version")?;
    let description = package_field("description")?.replace('\\', "\\\\").replace('"', "\\\"");
    let license = package_field("license")?;
    let repository = package_field("repository")?;
    // The scripts act when they are loaded, and a style sheet does nothing else: a bundler must keep both. What wasm-pack
    // makes besides the wasm is inside the scripts, so that no page can reach into the instance by it.
    Ok(format!(
        r#"{{
  "name": "{name}",
  "version": "{version}",
  "description": "{description}",
  "keywords": ["xmpp", "jabber", "chat", "converse", "converse.js", "webassembly"],
  "license": "{license}",
  "homepage": "{repository}#readme",
  "bugs": "{repository}/issues",
  "repository": {{ "type": "git", "url": "git+{repository}.git" }},
  "type": "module",
  "main": "./index.js",
  "types": "./types/index.d.ts",
  "exports": {{
    ".": {{ "types": "./types/index.d.ts", "default": "./index.js" }},
    "./headless": {{ "types": "./types/index.d.ts", "default": "./headless.js" }},
    "./converse.js": {{ "types": "./types/global.d.ts", "default": "./converse.js" }},
    "./converse.compat.js": {{ "types": "./types/global.d.ts", "default": "./converse.compat.js" }},
    "./converse.headless.js": {{ "types": "./types/global.d.ts", "default": "./converse.headless.js" }},
    "./converse.later.js": "./converse.later.js",
    "./converse.css": {{ "types": "./types/global.d.ts", "default": "./converse.css" }},
    "./converse_wasm_bg.wasm": "./converse_wasm_bg.wasm",
    "./converse_wasm_later.wasm": "./converse_wasm_later.wasm",
    "./locales/*": "./locales/*",
    "./emoji/*": "./emoji/*",
    "./package.json": "./package.json"
  }},
  "sideEffects": [
    "./index.js", "./headless.js", "./converse.js", "./converse.compat.js", "./converse.headless.js", "./converse.later.js",
    "./converse.css"
  ],
  "files": [
    "converse.js",
    "converse.js.map",
    "converse.compat.js",
    "converse.compat.js.map",
    "converse.headless.js",
    "converse.headless.js.map",
    "converse.later.js",
    "converse.later.js.map",
    "converse.css",
    "converse.css.map",
    "index.js",
    "index.js.map",
    "headless.js",
    "headless.js.map",
    "converse_wasm_bg.wasm",
    "converse_wasm_later.wasm",
    "emoji",
    "locales",
    "types",
    "CHANGELOG.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "{THIRD_PARTY}"
  ]
}}
"#
    ))
}
