//! What the page's storage holds, which other scripts of the page may have written: it is taken in or dropped, and what is
//! written of it is taken in as the same.
//!
//! Each line is a letter, which says for which part of the state, and an entry; or, as most are, what stands inside one.

use std::collections::BTreeMap;

use converse_wasm::{
    client::Client,
    random::Random,
    session::Account,
    store::cache::{Part, VERSION, decode},
    stream::Endpoint,
    time::{Instant, Timestamp},
};

use super::support::peer::{BOSH_URL, juliet};

pub fn check(data: &[u8]) {
    let text = super::text_of(data);
    let lines = text.lines().take(40).filter_map(|line| Some((line.chars().next()?, line)));
    let entries = lines.filter_map(|(letter, line)| {
        let content = line.get(letter.len_utf8()..)?;
        let entry = match content.starts_with("<cache") {
            true => content.to_owned(),
            false => wrap(content),
        };
        Some((part(letter)?, entry))
    });
    let entries: BTreeMap<String, String> = entries.map(|(part, entry)| (part.key().into_owned(), entry)).collect();
    let first = reload(&entries);
    // What was garbage is gone by now: from here on nothing is lost any more.
    let second = reload(&first);
    assert_eq!(without_session(reload(&second)), without_session(second));
}

/// What is of this moment: request ids, and how often something was tried.
fn without_session(mut stored: BTreeMap<String, String>) -> BTreeMap<String, String> {
    stored.remove(&*Part::Session.key());
    stored
}

/// An entry of this version and of the account that logs in.
fn wrap(content: &str) -> String {
    format!("<cache xmlns='urn:converse-wasm:cache' version='{VERSION}' account='juliet@capulet.lit'>{content}</cache>")
}

fn part(letter: char) -> Option<Part> {
    Some(match letter {
        's' => Part::Session,
        'm' => Part::Memory,
        'r' => Part::Roster,
        'o' => Part::Status,
        'v' => Part::VCards,
        'd' => Part::Disco,
        'b' => Part::Bookmarks,
        'e' => Part::Extras,
        'c' => Part::Chats,
        'a' => Part::Archives,
        'g' => Part::Rooms,
        '1' => Part::Messages("romeo@montague.lit".into()),
        '2' => Part::Messages("orchard@rooms.capulet.lit".into()),
        '3' => Part::Messages("orchard@rooms.capulet.lit 1".into()),
        _ => return None,
    })
}

/// A page that finds these entries, logs in, and leaves; and what it leaves.
fn reload(entries: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut stored = entries.clone();
    let mut client = Client::new(Zeros);
    client.set_epoch(Timestamp::new(1_795_000_000_000));
    for (key, entry) in entries {
        let part = Part::from_key(key).expect("a key that was written");
        assert_eq!(part.key(), key.as_str());
        let _: Result<_, _> = decode(entry);
        client.load(part, entry);
    }
    let now = Instant::default();
    client.log_in(now, Account { endpoint: Endpoint::Bosh(BOSH_URL.to_owned()), ..juliet() });
    let mut transmits = 0;
    while client.poll_transmit(now).is_some() {
        transmits += 1;
        assert!(transmits < 1_000, "more and more is to be sent");
    }
    let bytes: usize = entries.values().map(String::len).sum();
    read_everything(&client);
    client.flush();
    while let Some(write) = client.poll_write() {
        // Every attribute and every escape may be written out, and no more.
        assert!(write.content.as_ref().is_none_or(|content| content.len() < 10_000 + 50 * bytes));
        match write.content {
            Some(content) => {
                decode(&content).expect("what is written can be read");
                stored.insert(write.part.key().into_owned(), content)
            }
            None => stored.remove(&*write.part.key()),
        };
    }
    while client.poll_event().is_some() {}
    stored
}

/// Reads all that plugins may read.
fn read_everything(client: &Client) {
    super::session::read_everything(client.store());
}

struct Zeros;

impl Random for Zeros {
    fn fill(&mut self, bytes: &mut [u8]) {
        bytes.fill(0);
    }
}
