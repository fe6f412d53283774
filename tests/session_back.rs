//! A page that the browser kept when it was left, and shows again: the pages in between may have gone on with the session.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod support;

use converse_wasm::{
    client::{Client, Event, Status},
    session::{Account, Delivery},
    store::cache::Part,
    stream::Endpoint,
};

use support::{
    managed::{a, message, steadfast},
    peer::{BOSH_URL, Script},
};

const HELLO: &str = "<message from='romeo@montague.lit/orchard' type='chat' id='m1'><body>Hello</body></message>";

#[test]
fn nobody_else_went_on_and_the_stream_is_resumed_as_after_any_loss() {
    let mut script = Script::managed();
    script.send(&message(1)).unwrap();
    let kept = script.leave(steadfast());
    script.forget();
    // That page is left before it had the stream.
    script.go_back(kept);
    script.expect_resume(1);
    script.resume(2);
    script.expect_sent(&message(1));
    script.recv(&a(3));
    script.expect_delivery("1", Delivery::Sent);
}

#[test]
fn another_page_went_on_and_its_counters_are_true() {
    let mut script = Script::managed();
    script.send(&message(1)).unwrap();
    script.forget();
    let kept = script.leave(steadfast());
    script.expect_resume(1);
    // The message of the first page had arrived.
    script.resume(3);
    script.settle();
    script.send(&message(2)).unwrap();
    script.recv(HELLO);
    script.act(|client, _| client.flush());
    script.forget();
    script.go_back(kept);
    // What answered that page's request for the roster counts, and the request itself.
    script.expect_resume(3);
    script.resume(5);
    script.expect_delivery("2", Delivery::Sent);
    assert!(script.client.is_connected());
    script.settle();
    script.recv(&HELLO.replace("m1", "m2").replace("Hello", "Hello again"));
    assert_eq!(bodies(&script.client), ["Hello", "Hello again"]);
}

#[test]
fn a_session_of_bosh_goes_on_with_the_requests_of_the_other_page() {
    let account = || Account { endpoint: Endpoint::Bosh(BOSH_URL.to_owned()), ..steadfast() };
    let mut script = Script::bosh(account());
    script.log_in();
    script.settle();
    let kept = script.leave(account());
    script.settle();
    script.send(&message(1)).unwrap();
    script.expect_sent(&message(1));
    script.recv(HELLO);
    let next = script.client.bosh_tokens();
    script.act(|client, _| client.flush());
    script.forget();
    script.go_back(kept);
    script.settle();
    assert!(script.client.is_connected());
    assert!(script.client.bosh_tokens() >= next);
    script.recv(&HELLO.replace("m1", "m2").replace("Hello", "Hello again"));
    assert_eq!(bodies(&script.client), ["Hello", "Hello again"]);
}

#[test]
fn who_logged_out_in_another_page_is_logged_out() {
    let mut script = Script::managed();
    let kept = script.leave(steadfast());
    script.expect_resume(1);
    script.resume(2);
    script.disconnect();
    script.forget();
    script.go_back(kept);
    script.expect_status(Status::Disconnected);
    script.expect_event(Event::Disconnected(None));
    script.expect_nothing_sent();
    assert_eq!(script.client.poll_timeout(), None);
    assert_eq!(script.stored_of(&Part::Session), None);
    assert_eq!(bodies(&script.client), [""; 0]);
}

#[test]
fn a_page_whose_storage_has_no_room_is_its_own_memory() {
    let mut script = Script::managed();
    script.send(&message(1)).unwrap();
    script.act(|client, _| {
        client.flush();
        client.handle_full(Part::Session);
    });
    assert!(!script.client.is_outdated(None));
}

fn bodies(client: &Client) -> Vec<String> {
    let timeline = client.store().timeline("romeo@montague.lit").into_iter();
    timeline
        .flat_map(|timeline| timeline.iter())
        .map(|(_, message)| message.body.clone().unwrap().to_string())
        .collect()
}
