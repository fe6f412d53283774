//! The browser behind the core.

use std::{cell::Cell, rc::Rc, time::Duration};

use converse_wasm::{
    jid::{BareJid, Jid},
    platform::{
        clock,
        locks::Claim,
        normalizer,
        random::Crypto,
        socket::{Socket, SocketEvent},
        storage,
        timer::Timer,
    },
    prep,
    random::Random,
    time::Instant,
};
use js_sys::Promise;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn the_browser_lends_its_unicode_tables() {
    normalizer::lend();
    assert_eq!(prep::nfc("Zoe\u{308}").unwrap(), "Zo\u{eb}");
    assert_eq!(prep::nfkc("\u{2168}\u{ff21}").unwrap(), "IXA");
    // The language of the page has no say: Turkish would make a dotless i of this one.
    assert_eq!(prep::lowercase("\u{c9}TIENNE").unwrap(), "\u{e9}tienne");
}

#[wasm_bindgen_test]
fn addresses_beyond_ascii_are_normalised_once() {
    normalizer::lend();
    let jid = BareJid::new("Zoe\u{308}@capulet.lit").unwrap();
    assert_eq!(jid, BareJid::new("zo\u{eb}@capulet.lit").unwrap());
    assert_eq!(jid.as_str(), "zo\u{eb}@capulet.lit");
    let full = Jid::new("\u{e9}tienne@capulet.lit/\u{1f339} Balcony").unwrap();
    assert_eq!(full.as_str(), "\u{e9}tienne@capulet.lit/\u{1f339} Balcony");
}

#[wasm_bindgen_test]
fn randomness_fills_everything_and_does_not_come_twice() {
    let (mut first, mut second) = ([0; 64], [0; 64]);
    Crypto.fill(&mut first);
    Crypto.fill(&mut second);
    assert_ne!(first, second);
    // One in 2^256 says otherwise.
    assert!(first.iter().skip(32).any(|byte| *byte != 0));
}

#[wasm_bindgen_test]
fn the_storage_keeps_overwrites_and_forgets() {
    let key = "converse-wasm/test";
    assert_eq!(storage::get(key), None);
    assert!(storage::set(key, "one"));
    assert!(storage::set(key, "two \u{1f339}"));
    assert_eq!(storage::get(key).as_deref(), Some("two \u{1f339}"));
    storage::remove(key);
    assert_eq!(storage::get(key), None);
}

#[wasm_bindgen_test]
fn a_storage_without_room_says_so() {
    let key = "converse-wasm/full";
    assert!(!storage::set(key, &"x".repeat(32 * 1024 * 1024)));
    assert_eq!(storage::get(key), None);
}

#[wasm_bindgen_test]
async fn the_clock_goes_on_and_the_timer_keeps_to_it() {
    let start = clock::now();
    let rang = Rc::new(Cell::new(None));
    let bell = rang.clone();
    let delay = Duration::from_millis(30);
    let timer = Timer::start(delay, move || bell.set(Some(clock::now())));
    let cancelled = Timer::start(delay, || panic!("it was cancelled"));
    drop(cancelled);
    while rang.get().is_none() {
        next_task().await;
    }
    let passed = rang.get().unwrap_or(Instant::default()).saturating_duration_since(start);
    // Browsers round both ways: the clock for privacy, the timer to whole milliseconds.
    assert!(passed >= delay - Duration::from_millis(2), "{passed:?}");
    drop(timer);
}

#[wasm_bindgen_test]
async fn a_socket_that_cannot_be_opened_is_reported_once() {
    let closed = Rc::new(Cell::new(0));
    let count = closed.clone();
    // The discard port: browsers refuse to connect to it.
    let socket = Socket::open("ws://127.0.0.1:9/", move || count.set(count.get() + 1));
    // A browser may refuse at once, or in the way of a connection that failed.
    if let Ok(socket) = socket {
        while closed.get() == 0 {
            next_task().await;
        }
        assert_eq!(closed.get(), 1);
        assert!(socket.has_told());
        assert!(matches!(socket.take().as_slice(), [SocketEvent::Closed]));
        assert!(socket.take().is_empty());
        assert!(!socket.has_told());
    }
    assert!(Socket::open("ws://[", || {}).is_err());
}

/// Lets everything run that is due.
async fn next_task() {
    let promise = Promise::new(&mut |resolve, _| {
        let window = web_sys::window().unwrap();
        window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, 1).unwrap();
    });
    JsFuture::from(promise).await.unwrap();
}

/// Claims this name, and resolves with what was claimed when the page has it.
async fn claim(name: &str) -> Claim {
    let mut claimed = None;
    let granted = Promise::new(&mut |resolve, _| {
        claimed = Claim::new(name, move || drop(resolve.call0(&resolve)));
    });
    JsFuture::from(granted).await.unwrap();
    claimed.unwrap()
}

#[wasm_bindgen_test]
async fn a_lock_has_one_owner_until_that_lets_go() {
    let first = claim("romeo").await;
    let had = Rc::new(Cell::new(false));
    let second = {
        let had = had.clone();
        Claim::new("romeo", move || had.set(true)).unwrap()
    };
    // Another name is free, and what was asked for before has had its answer by then.
    drop(claim("juliet").await);
    assert!(!had.get());
    // Whoever does not wait any more does not get it.
    drop(second);
    drop(first);
    assert_eq!(claim("romeo").await.name(), "romeo");
    assert!(!had.get());
}
