//! Who may import whom: the rules of `docs/architecture.md`, checked on every file under `src/`.

#![allow(clippy::unwrap_used, reason = "what cannot be read fails the test")]

#[path = "support/rust.rs"]
mod rust;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use converse_wasm::settings::SETTINGS;

use rust::{Kind, Reference, Source};

/// The rooms of the house, from the ground up. A room may import those on floors below its own.
const FLOORS: &[&[&str]] = &[
    &["time", "random", "prep"],
    &["jid", "xml"],
    &["stanza", "store", "text", "settings"],
    &["stream", "view"],
    &["session"],
    &["feature"],
    &["client"],
    &["driver"],
    &["api"],
];
/// What the platform does for the core has its interface on the ground floor.
const PLATFORM_IMPORTS: &[&str] = &["time", "random", "prep"];
/// The view shows what there is, and knows nothing of how it came.
const VIEW_IMPORTS: &[&str] = &["time", "jid", "store", "text", "settings"];
/// Crates that know a browser, by how their names begin.
const BROWSER: &[&str] = &["wasm_bindgen", "serde_wasm_bindgen", "js_sys", "web_sys", "gloo"];
/// The rooms that may know one.
const IN_THE_BROWSER: &[&str] = &["platform", "driver", "api"];

/// What breaks a rule, as `file:line: rule`.
fn check(files: &[(&str, &str)]) -> Vec<String> {
    let sources: Vec<Source> = files.iter().map(|(path, text)| Source::read(path, text)).collect();
    let modules: BTreeSet<&[String]> = sources.iter().map(|source| source.module.as_slice()).collect();
    let mut broken = Vec::new();
    for source in &sources {
        let mut report = |line: usize, rule: String| broken.push(format!("{}:{line}: {rule}", source.path));
        for Reference { line, path } in source.references() {
            broken_import(source, &path, &modules).into_iter().for_each(|rule| report(line, rule));
        }
        for token in &source.tokens {
            let rule = match &token.kind {
                Kind::Ident(name) => broken_crate(source, name),
                Kind::Text(text) => broken_text(source, text),
                Kind::Punct(_) => None,
            };
            rule.into_iter().for_each(|rule| report(token.line, rule));
        }
        for (line, name) in source.arguments_of(&["is_set", "text_setting"]) {
            if !SETTINGS.iter().any(|setting| setting.name == name) {
                report(line, format!("there is no setting `{name}` in src/settings.rs"));
            }
        }
    }
    broken
}

fn broken_import(source: &Source, path: &[String], modules: &BTreeSet<&[String]>) -> Option<String> {
    let from = source.module.first()?.as_str();
    let Some(to) = path.first().map(String::as_str) else {
        return Some("an import says which room it is from".to_owned());
    };
    let allowed = match (from, to) {
        _ if from == to => return broken_neighbourhood(source, path, modules),
        ("driver", "platform") => true,
        ("platform", to) => PLATFORM_IMPORTS.contains(&to),
        ("view", to) => VIEW_IMPORTS.contains(&to),
        _ => match (floor(from), floor(to)) {
            (None, _) => return Some(format!("`{from}` has no floor in tests/layering.rs")),
            (Some(from), Some(to)) => to < from,
            (Some(_), None) => false,
        },
    };
    (!allowed).then(|| format!("`{from}` may not import `{to}`"))
}

/// Payloads do not know each other, and neither do features: what they share stands one level up.
fn broken_neighbourhood(source: &Source, path: &[String], modules: &BTreeSet<&[String]>) -> Option<String> {
    let rules = [
        (["stanza", "payload"].as_slice(), "a payload imports no other payload"),
        (&["feature"], "a feature reaches another by an event or the store"),
    ];
    rules.into_iter().find_map(|(shelf, rule)| {
        let depth = shelf.len();
        let own = source.module.get(depth).filter(|_| source.module.starts_with(&owned(shelf)))?;
        let other = path.get(..=depth).filter(|_| path.starts_with(&owned(shelf)))?;
        let is_neighbour = other.last() != Some(own) && modules.contains(other);
        is_neighbour.then(|| rule.to_owned())
    })
}

fn broken_crate(source: &Source, name: &str) -> Option<String> {
    let room = source.module.first().map_or("the crate's root", String::as_str);
    if BROWSER.iter().any(|browser| name.starts_with(browser)) && !IN_THE_BROWSER.contains(&room) {
        return Some(format!("only platform, driver and api know a browser, and so `{name}`"));
    }
    (name == "quick_xml" && source.path != "src/xml/reader.rs")
        .then(|| "only src/xml/reader.rs knows `quick_xml`".to_owned())
}

fn broken_text(source: &Source, text: &str) -> Option<String> {
    let is_namespace = ["http://", "urn:", "jabber:"].iter().any(|scheme| {
        text.match_indices(scheme).any(|(at, _)| {
            let (before, _) = text.split_at(at);
            !before.ends_with(char::is_alphanumeric) && text.len() > at + scheme.len()
        })
    });
    if is_namespace && source.path != "src/xml/ns.rs" {
        return Some(format!("namespaces stand in src/xml/ns.rs: {text:?}"));
    }
    // Names of one word, such as `jid`, are words of the protocol too.
    let is_setting = text.contains('_') && SETTINGS.iter().any(|setting| setting.name == text);
    let knows_settings = matches!(source.module.first().map(String::as_str), Some("settings" | "api"));
    (is_setting && !knows_settings).then(|| format!("settings are named in src/settings.rs and src/api only: {text:?}"))
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&room))
}

fn owned(path: &[&str]) -> Vec<String> {
    path.iter().map(|&segment| segment.to_owned()).collect()
}

// The house as it is

#[test]
fn every_file_keeps_the_rules() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    find_sources(&root.join("src"), &mut paths);
    let files: Vec<(String, String)> = paths
        .iter()
        .map(|path| {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    assert!(files.len() > 50, "the sources were not found: {files:?}");
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let broken = check(&files);
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

fn find_sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            find_sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

// Proof that the rules can be broken

/// What is reported of one line in `path`, in a house with a few files more.
fn report(path: &str, line: &str) -> Vec<String> {
    let others = ["src/feature/chat.rs", "src/feature/roster.rs", "src/stanza/payload/ping.rs"];
    let mut files = vec![(path, line)];
    files.extend(others.into_iter().filter(|other| *other != path).map(|other| (other, "")));
    check(&files)
}

#[track_caller]
fn forbidden(path: &str, line: &str, rule: &str) {
    assert_eq!(report(path, line), [format!("{path}:1: {rule}")], "{line}");
}

#[track_caller]
fn allowed(path: &str, line: &str) {
    assert_eq!(report(path, line), [""; 0], "{line}");
}

#[test]
fn imports_go_down() {
    allowed("src/stream/bosh/mod.rs", "use crate::{time::Instant, xml::{Element, ns}};");
    allowed(
        "src/stream/bosh/mod.rs",
        "use super::{Closed, sasl::Policy}; use self::answer::Answer; use super::super::xml;",
    );
    allowed("src/api/user.rs", "use crate::{driver, client::Account};");
    allowed("src/lib.rs", "pub use client::Client; use crate::driver;");
    forbidden("src/jid.rs", "use crate::xml::Element;", "`jid` may not import `xml`");
    forbidden("src/xml/mod.rs", "use super::stanza;", "`xml` may not import `stanza`");
    forbidden("src/stream/bosh/mod.rs", "use super::super::session::Session;", "`stream` may not import `session`");
    forbidden("src/store/mod.rs", "use crate::{time::Instant, stanza::Iq as I};", "`store` may not import `stanza`");
    forbidden("src/session/mod.rs", "let x = crate::feature::Event::Online;", "`session` may not import `feature`");
    forbidden("src/client.rs", "pub use crate::driver::*;", "`client` may not import `driver`");
    forbidden("src/driver.rs", "use crate::api;", "`driver` may not import `api`");
    forbidden("src/text/links.rs", "use crate::store::Store;", "`text` may not import `store`");
    forbidden("src/view/mod.rs", "use crate::stanza::Iq;", "`view` may not import `stanza`");
    forbidden("src/stream/mod.rs", "use crate::view::Row;", "`stream` may not import `view`");
    forbidden("src/cellar.rs", "use crate::xml;", "`cellar` has no floor in tests/layering.rs");
    forbidden("src/stream/mod.rs", "use crate::cellar;", "`stream` may not import `cellar`");
    forbidden("src/stream/mod.rs", "use crate::*;", "an import says which room it is from");
}

#[test]
fn a_forbidden_import_hides_nowhere() {
    let hidden = "\n\nuse crate::{\n    xml::{Element, ns},\n    session::{\n        Session,\n    },\n};\n";
    assert_eq!(report("src/stream/mod.rs", hidden), ["src/stream/mod.rs:6: `stream` may not import `session`"]);
    let signature = "fn f<'a>(x: &'a crate :: session :: Session<'a>) {}";
    forbidden("src/stream/mod.rs", signature, "`stream` may not import `session`");
    forbidden("src/stream/mod.rs", "'\"'; crate::session::X; '\"'", "`stream` may not import `session`");
    let after_tests = "#[cfg(test)] mod tests { fn f() { {} } } use crate::session::X;";
    forbidden("src/stream/mod.rs", after_tests, "`stream` may not import `session`");
}

#[test]
fn what_is_not_code_imports_nothing() {
    allowed("src/stream/mod.rs", "// use crate::session::Session;");
    allowed("src/stream/mod.rs", "/// [`crate::session`]");
    allowed("src/stream/mod.rs", "/* /* */ use crate::session::Session; */");
    allowed("src/stream/mod.rs", r##"let x = ("\" crate::session::X", r#"" crate::session::X"#, b"\\");"##);
    allowed(
        "src/stream/mod.rs",
        "#[cfg(test)] pub(crate) mod tests { use crate::session::X; const X: &str = \"urn:x\"; }",
    );
}

#[test]
fn only_the_driver_joins_core_and_platform() {
    allowed("src/driver.rs", "use crate::{client::Client, platform::clock};");
    allowed("src/platform/random.rs", "use crate::random::Random; use super::window;");
    forbidden("src/api/listen.rs", "use crate::platform::clock;", "`api` may not import `platform`");
    forbidden("src/client.rs", "use crate::platform::clock;", "`client` may not import `platform`");
    forbidden("src/platform/clock.rs", "use crate::client::Client;", "`platform` may not import `client`");
    forbidden("src/platform/clock.rs", "use super::super::driver;", "`platform` may not import `driver`");
}

#[test]
fn only_three_rooms_know_a_browser() {
    let rule = |name| format!("only platform, driver and api know a browser, and so `{name}`");
    allowed("src/api/js.rs", "use js_sys::Object;");
    forbidden("src/client.rs", "use js_sys::Object;", &rule("js_sys"));
    forbidden("src/lib.rs", "#[wasm_bindgen(start)]", &rule("wasm_bindgen"));
    forbidden("src/view/mod.rs", "gloo_timers::callback::Timeout", &rule("gloo_timers"));
    allowed("src/xml/reader.rs", "use quick_xml::Reader;");
    forbidden("src/xml/writer.rs", "use quick_xml::Writer;", "only src/xml/reader.rs knows `quick_xml`");
}

#[test]
fn payloads_and_features_do_not_know_each_other() {
    let rule = "a payload imports no other payload";
    allowed("src/stanza/payload/roster.rs", "use crate::stanza::{Iq, payload::Shared}; use super::MAX;");
    allowed("src/stanza/mod.rs", "use payload::ping; use crate::stanza::payload::ping;");
    forbidden("src/stanza/payload/roster.rs", "use super::ping;", rule);
    forbidden("src/stanza/payload/muc/mod.rs", "use crate::stanza::payload::ping::is_ping;", rule);
    let rule = "a feature reaches another by an event or the store";
    allowed("src/feature/chat.rs", "use super::{Context, Event}; use crate::feature::chat::X;");
    allowed("src/feature/mod.rs", "use crate::feature::{chat, roster};");
    forbidden("src/feature/chat.rs", "use super::{Context, roster};", rule);
    forbidden("src/feature/room/mod.rs", "use super::super::feature::roster::request;", rule);
}

#[test]
fn names_stand_in_one_place() {
    allowed("src/xml/ns.rs", "Namespace::known(\"urn:x\")");
    allowed("src/stream/endpoint.rs", "url.starts_with(\"http://\") || \"return: 1\".is_empty()");
    for text in ["\"urn:x\"", "\"<a xmlns='jabber:client'/>\"", "r#\"http://example.org/ns\"#"] {
        let rule = format!("namespaces stand in src/xml/ns.rs: {text}");
        let rule = rule.replace("r#", "").replace("\"#", "\"");
        forbidden("src/feature/chat.rs", &format!("let x = {text};"), &rule);
    }
    allowed("src/api/user.rs", "page.is_set(\"auto_login\"); page.text_setting(\"jid\"); is_set(name)");
    allowed("src/stream/mod.rs", "element.attribute(\"jid\")");
    let rule = "settings are named in src/settings.rs and src/api only: \"auto_login\"";
    forbidden("src/client.rs", "settings.get(\"auto_login\")", rule);
    forbidden("src/api/user.rs", "page.is_set(\"auto_logn\")", "there is no setting `auto_logn` in src/settings.rs");
}
