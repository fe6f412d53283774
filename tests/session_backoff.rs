//! How long a client waits before it tries again, where a plain count of its losses would make it too patient.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::time::Duration;

use converse_wasm::{
    client::{Client, Event},
    random::Random,
    session::{Account, LOGIN_TIMEOUT},
    stream::Endpoint,
};

use support::{
    managed::steadfast,
    peer::{BOSH_URL, Script},
};

/// Throws the highest number whenever it is a number of four bytes; ids have more, and differ.
struct High(u8);

impl Random for High {
    fn fill(&mut self, bytes: &mut [u8]) {
        bytes.fill(0xff);
        if let Some(byte) = bytes.get_mut(4) {
            self.0 = self.0.wrapping_add(1);
            *byte = self.0;
        }
    }
}

fn script() -> Script {
    let mut script = Script::offline();
    script.client = Client::new(High(0));
    script
}

/// The ceiling, in seconds, below which the next attempt is made; the delay is right below it.
fn ceiling(script: &Script) -> u64 {
    let due = script.client.poll_timeout().unwrap();
    (due.saturating_duration_since(script.now) + Duration::from_millis(1)).as_secs()
}

#[test]
fn a_link_that_breaks_again_and_again_is_not_left_alone_for_long() {
    let mut script = script();
    script.connect(steadfast());
    script.log_in_managed(support::managed::ENABLED);
    for expected in [1, 2, 4, 4, 4] {
        script.drop_link();
        script.forget();
        assert_eq!(ceiling(&script), expected);
        script.wait();
        script.expect_resume(1);
        script.resume(2);
    }
    // A server that is not there is.
    script.drop_link();
    for expected in [4, 8, 16, 32, 60] {
        assert_eq!(ceiling(&script), expected);
        script.wait();
        script.refuse();
    }
}

#[test]
fn another_program_that_has_no_session_is_asked_again_soon() {
    let endpoint = Endpoint::Bosh(BOSH_URL.to_owned());
    let mut script = script();
    script.connect(Account { endpoint, credentials: None, prebinds: true, ..steadfast() });
    for expected in [1, 2, 4] {
        while script.next_event() != Event::Unbound {}
        assert_eq!(ceiling(&script), LOGIN_TIMEOUT.as_secs());
        script.act(Client::prebind_in_vain);
        assert_eq!(ceiling(&script), expected);
        script.wait();
    }
}
