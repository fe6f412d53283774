//! `navigator.locks` (Web Locks API): what one page of the origin has at a time.

use std::{cell::Cell, rc::Rc};

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Browsers lend locks to secure contexts only, and old ones not at all.
    #[wasm_bindgen(thread_local_v2, js_namespace = navigator, js_name = locks)]
    static LOCKS: Option<LockManager>;

    #[derive(Clone)]
    type LockManager;

    #[wasm_bindgen(method, catch)]
    fn request(this: &LockManager, name: &str, granted: &JsValue) -> Result<LockRequest, JsValue>;

    type LockRequest;

    #[wasm_bindgen(method)]
    fn catch(this: &LockRequest, handler: &JsValue);
}

/// The lock of this name, asked for or had; dropping it lets go of it.
pub struct Claim {
    name: String,
    _lock: Rc<Cell<Option<Lock>>>,
}

/// What tells the browser that a lock is not needed any more.
struct Lock(Option<Function>);

impl Claim {
    /// Waits for the lock `name`, and calls `handler` when this page has it. `None` if there are no locks here.
    pub fn new(name: &str, handler: impl FnOnce() + 'static) -> Option<Self> {
        let locks = LOCKS.with(Option::clone)?;
        let lock = Rc::<Cell<Option<Lock>>>::default();
        let claim = Rc::downgrade(&lock);
        let granted = Closure::once_into_js(move |_: JsValue| {
            let mut release = None;
            // The browser takes the lock back when this promise is settled.
            let held = Promise::new(&mut |resolve, _| release = Some(resolve));
            let lock = Lock(release);
            if let Some(claim) = claim.upgrade() {
                claim.set(Some(lock));
                handler();
            }
            held
        });
        // A page that may not have locks has no other page to keep out.
        locks.request(name, &granted).ok()?.catch(&granted);
        Some(Self { name: name.to_owned(), _lock: lock })
    }

    /// The name of the lock.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(release) = &self.0 {
            let _: Result<JsValue, JsValue> = release.call0(&JsValue::UNDEFINED);
        }
    }
}
