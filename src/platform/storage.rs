//! `sessionStorage`: what survives a reload of this tab and nothing else.

use web_sys::Storage;

/// The text under `key`. `None` also where the browser keeps nothing at all.
pub fn get(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Stores `value` under `key`; `false` if there is no room or no storage.
pub fn set(key: &str, value: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(key, value).is_ok())
}

/// Whether the browser keeps anything.
pub fn is_there() -> bool {
    storage().is_some()
}

/// Takes out what is under `key`.
pub fn remove(key: &str) {
    if let Some(storage) = storage() {
        let _: Result<(), _> = storage.remove_item(key);
    }
}

/// The keys of all that is stored, by whomever.
pub fn keys() -> Vec<String> {
    let Some(storage) = storage() else { return Vec::new() };
    let count = storage.length().unwrap_or(0);
    (0..count).filter_map(|index| storage.key(index).ok().flatten()).collect()
}

fn storage() -> Option<Storage> {
    super::window()?.session_storage().ok()?
}
