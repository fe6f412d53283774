//! The **plugin** grouping: which plugins are used, and in which order.

use std::rc::Rc;

use js_sys::{Array, Function, Map, Object};
use wasm_bindgen::prelude::*;

use super::{error::configuration_error, js, page::Page};

/// Initialises the plugins one after another, each after those it depends on.
struct Loader<'a> {
    page: &'a Rc<Page>,
    plugins: &'a Map,
    /// The names of the plugins that converse.js is made of. What they do is part of this library; as dependencies they
    /// are there.
    built_in: Vec<String>,
    /// What plugins get as the argument of `initialize`.
    socket: Object,
    initialized: Array,
    allowed: Vec<String>,
    /// The plugins whose turn has come.
    begun: Vec<String>,
    /// Those of them with which nothing more is to be done.
    done: Vec<String>,
}

/// Initialises those of the host's `plugins`, a map from name to plugin, that are allowed.
pub(super) fn initialize_plugins(page: &Rc<Page>, host: &JsValue) -> Result<(), JsValue> {
    let plugins: Map = js::get(host, "plugins").dyn_into().unwrap_or_default();
    let built_in = js::strings(&js::get(host, "built_in"));
    let blacklisted = js::strings(&page.setting("blacklisted_plugins"));
    let mut allowed = js::strings(&page.setting("whitelisted_plugins"));
    allowed.retain(|name| !blacklisted.contains(name));
    let (socket, properties, initialized) = (Object::new(), Object::new(), Array::new());
    js::set(&properties, "_converse", &page.converse);
    js::set(&socket, "properties", &properties);
    js::set(&socket, "initialized_plugins", &initialized);
    js::set(&page.converse, "pluggable", &socket);
    let mut loader =
        Loader { page, plugins: &plugins, built_in, socket, initialized, allowed, begun: Vec::new(), done: Vec::new() };
    let names: Vec<String> = plugins.keys().into_iter().flatten().filter_map(|name| name.as_string()).collect();
    names.iter().try_for_each(|name| loader.load(name))
}

impl Loader<'_> {
    fn load(&mut self, name: &str) -> Result<(), JsValue> {
        let plugin = self.plugins.get(&JsValue::from_str(name));
        if contains(&self.begun, name) || !contains(&self.allowed, name) {
            return Ok(());
        }
        self.begun.push(name.to_owned());
        js::set(&plugin, "_converse", &self.page.converse);
        if self.is_enabled(&plugin)? {
            self.load_dependencies(name, &plugin)?;
            self.initialize(name, &plugin)?;
        }
        self.done.push(name.to_owned());
        Ok(())
    }

    fn is_enabled(&self, plugin: &JsValue) -> Result<bool, JsValue> {
        let enabled = js::get(plugin, "enabled");
        match enabled.dyn_ref::<Function>() {
            Some(enabled) => Ok(enabled.call1(plugin, &self.page.converse)?.is_truthy()),
            None => Ok(enabled.is_undefined() || enabled.is_truthy()),
        }
    }

    fn load_dependencies(&mut self, name: &str, plugin: &JsValue) -> Result<(), JsValue> {
        for dependency in js::strings(&js::get(plugin, "dependencies")) {
            if contains(&self.begun, &dependency) && !contains(&self.done, &dependency) {
                let message =
                    format!("Found a circular dependency between the plugins \"{name}\" and \"{dependency}\"");
                return Err(configuration_error("circular-dependency", &message));
            }
            if self.plugins.has(&JsValue::from_str(&dependency)) {
                self.load(&dependency)?;
            } else if !self.built_in.contains(&dependency) {
                self.handle_missing(name, &dependency)?;
            }
        }
        Ok(())
    }

    fn handle_missing(&self, name: &str, dependency: &str) -> Result<(), JsValue> {
        let message = format!("Could not find the dependency \"{dependency}\" of the plugin \"{name}\"");
        match self.page.is_set("strict_plugin_dependencies") {
            true => Err(configuration_error("missing-dependency", &message)),
            false => {
                self.page.warn(&message);
                Ok(())
            }
        }
    }

    fn initialize(&self, name: &str, plugin: &JsValue) -> Result<(), JsValue> {
        // Deprecated by 4.x, and still called by plugins for 3.x.
        js::set(plugin, "updateSettings", &js::get(&js::get(&self.page.api, "settings"), "update"));
        if let Some(initialize) = js::function(plugin, "initialize") {
            initialize.call1(plugin, &self.socket)?;
        }
        self.initialized.push(&JsValue::from_str(name));
        Ok(())
    }
}

fn contains(names: &[String], name: &str) -> bool {
    names.iter().any(|other| other == name)
}
