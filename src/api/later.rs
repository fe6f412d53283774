//! The second half of the WebAssembly, which a release build loads after the first one (`xtask/src/build/split.rs`).

use wasm_bindgen::prelude::*;

use crate::driver;

#[wasm_bindgen]
extern "C" {
    /// Loads it before it returns: `www/later.ts`. The name is known to the glue as `xtask/src/build/glue.rs` leaves it.
    #[wasm_bindgen(js_namespace = hooks, js_name = later)]
    fn load();
}

/// Is called wherever the first half needs the second, until that is there: by the code that the build puts into the first.
#[wasm_bindgen]
pub fn later() {
    load();
}

/// Says whether the second half is on its way. Until it has come, what the server sends after the contacts waits for it.
#[wasm_bindgen(js_name = awaitLater)]
pub fn await_later(awaited: bool) {
    driver::await_later(awaited);
}
