//! What an earlier page left, found by two: the browser copies the storage of a tab that is duplicated.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{client::Client, random::Random, session::Account, store::cache::Part, stream::sasl::Mechanism};

use support::{
    managed::{message, steadfast},
    peer::Script,
};

const MEMORY: &str = "<cache xmlns='urn:converse-wasm:cache' version='1' account='juliet@capulet.lit'>\
    <memory client='first' pinned='SCRAM-SHA-1'><token count='3'>secret-token</token></memory></cache>";

/// A page that found this, beside another that did.
fn second(script: &Script, memory: &str) -> Client {
    let mut client = Client::new(Ones);
    client.load(Part::Session, script.stored.get(&*Part::Session.key()).unwrap());
    client.load(Part::Memory, memory);
    client
}

#[test]
fn a_page_is_the_client_whose_session_it_found() {
    let mut script = Script::managed();
    let id = script.client.id().unwrap().to_owned();
    let memory = script.stored.get(&*Part::Memory.key()).unwrap();
    assert_eq!(second(&script, memory).id(), Some(id.as_str()));
    script.reload(steadfast());
    assert_eq!(script.client.id(), Some(id.as_str()));
}

#[test]
fn a_client_without_an_account_keeps_its_id_too() {
    let account = || Account { jid: None, ..steadfast() };
    let mut script = Script::websocket(account());
    script.log_in_managed(support::managed::ENABLED);
    let id = script.client.id().unwrap().to_owned();
    assert!(!script.stored.contains_key(&*Part::Memory.key()));
    script.forget();
    script.reload(account());
    script.expect_resume(1);
    assert_eq!(script.client.id(), Some(id.as_str()));
}

#[test]
fn what_is_left_to_the_other_is_neither_used_nor_reported() {
    let mut script = Script::managed();
    script.send(&message(1)).unwrap();
    let mut client = second(&script, MEMORY);
    let account = Account { credentials: None, ..steadfast() };
    assert!(client.can_go_on(&account) && client.remembers());
    let id = client.id().unwrap().to_owned();
    client.leave_to_other();
    assert!(!client.can_go_on(&account) && !client.remembers());
    assert_eq!(client.saved_account(), None);
    assert_ne!(client.id(), Some(id.as_str()));
    // The other page says what becomes of the message.
    assert_eq!(client.poll_event(), None);
    assert_eq!(client.poll_transmit(script.now), None);
    let writes: Vec<_> = std::iter::from_fn(|| client.poll_write()).collect();
    let written = |part| writes.iter().find(|write| write.part == part).unwrap().content.as_deref();
    assert_eq!(written(Part::Session), None);
    let memory = written(Part::Memory).unwrap();
    assert!(!memory.contains("secret-token") && !memory.contains("first"), "{memory}");
    // What the server is not to be sent stays true.
    assert!(memory.contains(Mechanism::ScramSha1.name()), "{memory}");
}

/// Randomness of another kind than the script's.
struct Ones;

impl Random for Ones {
    fn fill(&mut self, bytes: &mut [u8]) {
        bytes.fill(1);
    }
}
