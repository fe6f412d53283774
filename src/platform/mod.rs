//! The browser, one small file for each thing it can do. Nothing here knows XMPP.

pub mod activity;
pub mod attention;
pub mod clock;
pub mod http;
pub mod locks;
pub mod normalizer;
pub mod random;
pub mod socket;
pub mod storage;
pub mod timer;
pub mod turn;

/// The page's global object. There is one wherever this code can run.
fn window() -> Option<web_sys::Window> {
    web_sys::window()
}
