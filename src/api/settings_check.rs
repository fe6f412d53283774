//! What is wrong with the settings that `initialize` was given: said once in the log, and the default stands.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::{js, options::ARCHIVING, page::Page};
use crate::{
    settings::{SETTINGS, Setting, Value},
    store::OwnStatus,
};

impl Page {
    /// Takes what the user gave a setting of this library, if it is of a kind that the setting can have.
    pub(super) fn is_fit(&self, name: &str, value: &JsValue) -> bool {
        let Some(setting) = SETTINGS.iter().find(|setting| setting.name == name) else { return true };
        let fit = fits(setting, value);
        if !fit {
            self.warn_once(&["the setting ", name, " cannot have this value; its default stands"].concat());
        }
        fit
    }

    /// Says which of the settings that were given nobody knows, and which change nothing. Plugins have claimed theirs by
    /// now.
    pub(super) fn warn_of_settings(&self) {
        for name in js::keys(&self.user_settings) {
            if !js::has_own(&self.default_settings, &name) && !FORMER.contains(&name.as_str()) {
                self.warn(&["nobody knows the setting ", &name].concat());
            }
            if IDLE.contains(&name.as_str()) && says_something(&self.setting(&name)) {
                self.warn(&["the setting ", &name, " changes nothing in this library"].concat());
            }
        }
    }
}

/// Whether a value is of the kind of the default, or of another one that the setting may have.
fn fits(setting: &Setting, value: &JsValue) -> bool {
    if value.is_undefined() || value.is_null() {
        return true;
    }
    match setting.default {
        Value::None => match setting.name {
            // Elements and patterns; whoever reads them looks.
            "emoji_image_path" | "geouri_regex" | "root" => true,
            "message_archiving" => value.as_string().is_some_and(|text| ARCHIVING.contains(&text.as_str())),
            "muc_history_max_stanzas" | "rid" => value.as_f64().is_some() || is_numeric(value),
            _ => value.is_string(),
        },
        Value::Bool(_) => value.as_bool().is_some() || allows_other(setting.name, value),
        Value::Number(_) => value.as_f64().is_some_and(f64::is_finite) || is_numeric(value),
        Value::Text(_) => value.as_string().is_some_and(|text| match setting.name {
            "default_state" => OwnStatus::show_of(&text).is_some(),
            "view_mode" => VIEW_MODES.contains(&text.as_str()),
            _ => true,
        }),
        Value::List => Array::is_array(value),
        Value::Switches(_) | Value::Map => value.is_object() && !Array::is_array(value),
    }
}

/// Switches that can also be something else.
fn allows_other(name: &str, value: &JsValue) -> bool {
    match name {
        "synchronize_availability" | "trusted" | "show_desktop_notifications" => value.is_string(),
        "muc_disable_moderator_commands" | "notify_all_room_messages" => Array::is_array(value),
        // Pages for 4.x write `1` for a switch that is on.
        _ => value.as_f64().is_some(),
    }
}

/// 4.x took numbers as texts, too.
fn is_numeric(value: &JsValue) -> bool {
    value.as_string().is_some_and(|text| text.trim().parse::<i64>().is_ok())
}

/// Whether a value is more than the default of a switch or a map.
fn says_something(value: &JsValue) -> bool {
    value.dyn_ref().map_or_else(|| value.is_truthy(), |object| !js::keys(object).is_empty())
}

/// Where the client stands on the page.
const VIEW_MODES: &[&str] = &["embedded", "fullscreen", "mobile", "overlayed"];
/// Settings that are not about what is shown, and change nothing here.
const IDLE: &[&str] = &["connection_options"];
/// Settings that the documentation shows, or converse.js had once: they mean nothing here, and harm nobody.
const FORMER: &[&str] = &["allow_otr", "hide_muc_server", "i18n", "prebind"];
