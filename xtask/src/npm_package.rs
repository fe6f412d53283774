//! Makes an npm package of what the build has put into pkg/.

use std::fs;

use crate::{
    failure::{Result, While},
    project::{package_field, pkg, root, write},
};

/// Copied as they are.
const COPIES: [(&str, &str); 4] = [
    ("README.md", "README.md"),
    ("LICENSE-APACHE", "LICENSE-APACHE"),
    ("LICENSE-MIT", "LICENSE-MIT"),
    ("www/types/index.d.ts", "index.d.ts"),
];

pub(crate) fn complete() -> Result {
    for (from, to) in COPIES {
        fs::copy(root().join(from), pkg().join(to)).while_(format_args!("cannot copy {from} to pkg/"))?;
    }
    // wasm-pack's says that nothing here is for git, and npm would take it to mean that nothing is for the package.
    let _ = fs::remove_file(pkg().join(".gitignore"));
    write(&pkg().join("package.json"), &manifest()?)
}

fn manifest() -> Result<String> {
    let name = package_field("name")?;
    let version = package_field("version")?;
    let description = package_field("description")?.replace('\\', "\\\\").replace('"', "\\\"");
    let license = package_field("license")?;
    let repository = package_field("repository")?;
    let style = pkg().join("converse.css").is_file();
    let style_export = if style { "\n    \"./converse.css\": \"./converse.css\"," } else { "" };
    // The scripts act when they are loaded, and a style sheet does nothing else: a bundler must keep both.
    let style_effect = if style { ", \"./converse.css\"" } else { "" };
    Ok(format!(
        r#"{{
  "name": "{name}",
  "version": "{version}",
  "description": "{description}",
  "license": "{license}",
  "repository": {{ "type": "git", "url": "git+{repository}.git" }},
  "type": "module",
  "main": "./index.js",
  "types": "./index.d.ts",
  "exports": {{
    ".": {{
      "types": "./index.d.ts",
      "default": "./index.js"
    }},
    "./converse.js": "./converse.js",{style_export}
    "./converse_wasm_bg.wasm": "./converse_wasm_bg.wasm",
    "./package.json": "./package.json"
  }},
  "sideEffects": ["./index.js", "./converse.js"{style_effect}],
  "files": [
    "converse.js",
    "converse.js.map",
    "converse.css",
    "converse.css.map",
    "index.js",
    "index.js.map",
    "index.d.ts",
    "converse_wasm.js",
    "converse_wasm.d.ts",
    "converse_wasm_bg.wasm",
    "converse_wasm_bg.wasm.d.ts",
    "LICENSE-APACHE",
    "LICENSE-MIT"
  ]
}}
"#
    ))
}
