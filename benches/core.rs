//! The core alone, natively: what reading and routing costs in instructions, which no other program on the machine changes.
//! `cargo xtask bench core` counts those of [`measured`] with callgrind, for each work, with so and so many items.

#[path = "../tests/support/mod.rs"]
mod support;

use std::{hint::black_box, process::ExitCode};

use converse_wasm::{client::Client, stream::Input, xml};

use self::support::{
    archive,
    peer::{Script, juliet},
    room::{MODERN, occupant},
};

const BODY: &str = "But soft, what light through yonder window breaks?";

fn main() -> ExitCode {
    support::lend_unicode();
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let [name, count] = arguments.as_slice() else {
        println!("{}", WORKS.map(|(name, _)| name).join(" "));
        return ExitCode::SUCCESS;
    };
    let work = WORKS.iter().find(|(known, _)| known == name);
    let (Some((_, prepare)), Ok(count)) = (work, count.parse()) else {
        eprintln!("no such work, or no number: {name} {count}");
        return ExitCode::FAILURE;
    };
    let (mut script, frames) = prepare(count);
    measured(name, &mut script, &frames);
    ExitCode::SUCCESS
}

/// What there was before, and the frames that are counted.
type Prepare = fn(usize) -> (Script, Vec<String>);

const WORKS: [(&str, Prepare); 6] = [
    ("read", messages),
    ("messages", messages),
    ("presences", presences),
    ("roster", roster),
    ("room", room),
    ("archive", archived),
];

/// What callgrind counts.
#[inline(never)]
fn measured(name: &str, script: &mut Script, frames: &[String]) {
    match name {
        "read" => frames.iter().for_each(|frame| drop(black_box(xml::read(frame)))),
        _ => route(script, frames),
    }
}

/// How many frames the driver takes in in one turn, at least, when many have come.
const TURN: usize = 50;

/// Gives the core the frames, and takes out of it what the driver takes: what is to be stored, after each turn and before
/// something is sent.
fn route(script: &mut Script, frames: &[String]) {
    let now = script.now;
    let client = &mut script.client;
    for (n, frame) in frames.iter().enumerate() {
        client.handle_input(now, Input::SocketReceived(frame));
        while let Some(transmit) = client.poll_transmit(now) {
            store(client);
            black_box(transmit);
        }
        while let Some(event) = client.poll_event() {
            black_box(event);
        }
        if (n + 1) % TURN == 0 {
            store(client);
        }
    }
    store(client);
    black_box(client.poll_timeout());
}

fn store(client: &mut Client) {
    while let Some(write) = client.poll_write() {
        black_box(write);
    }
}

/// Messages of one contact.
fn messages(count: usize) -> (Script, Vec<String>) {
    let message = |n| {
        format!(
            "<message xmlns='jabber:client' from='romeo@montague.lit/orchard' to='juliet@capulet.lit/balcony' \
             type='chat' id='m{n}'><body>{n}: {BODY}</body><active xmlns='http://jabber.org/protocol/chatstates'/>\
             </message>"
        )
    };
    (Script::online(), (0..count).map(message).collect())
}

/// A presence of each contact, of a thousand at least.
fn presences(count: usize) -> (Script, Vec<String>) {
    let (mut script, frames) = roster(count.max(1000));
    route(&mut script, &frames);
    let presence = |n| {
        format!(
            "<presence xmlns='jabber:client' from='contact{n}@capulet.lit/phone' to='juliet@capulet.lit/balcony'>\
             <show>away</show><status>Out</status></presence>"
        )
    };
    (script, (0..count).map(presence).collect())
}

/// A roster, in one stanza.
fn roster(count: usize) -> (Script, Vec<String>) {
    let mut script = Script::websocket(juliet());
    script.log_in();
    script.expect_sent(archive::ROSTER);
    let id = script.expect_name("roster");
    script.settle();
    let item = |n| {
        let group = n % 10;
        format!(
            "<item jid='contact{n}@capulet.lit' name='Contact {n}' subscription='both'><group>Group {group}</group>\
             </item>"
        )
    };
    let items: String = (0..count).map(item).collect();
    let frame = format!(
        "<iq xmlns='jabber:client' type='result' id='{id}'><query xmlns='jabber:iq:roster'>{items}</query></iq>"
    );
    (script, vec![frame])
}

/// A room that is full.
fn room(count: usize) -> (Script, Vec<String>) {
    let mut script = Script::online();
    script.open_room(&[("nick", "juliet".into())]);
    script.describe_room(MODERN);
    script.expect_entry("juliet");
    script.forget();
    let with_namespace = |presence: String| presence.replacen(' ', " xmlns='jabber:client' ", 1);
    let somebody = |n| occupant(&format!("somebody{n}"), "affiliation='none' role='participant'", "");
    let me = occupant("juliet", "affiliation='none' role='participant'", "<status code='110'/>");
    (script, (0..count).map(somebody).chain([me]).map(with_namespace).collect())
}

/// Pages of an archive, which follow one another as they are asked for: here the results of one.
fn archived(count: usize) -> (Script, Vec<String>) {
    let mut script = archive::with_newest(archive::reconnecting());
    archive::reconnect(&mut script);
    archive::expect_asked(&mut script, &archive::asked("", "<max>*</max><after>start</after>"));
    let queryid = script.expect_name("query");
    let result = |n: usize| {
        archive::result(
            &queryid,
            &n.to_string(),
            &archive::message("romeo@montague.lit/orchard", &format!("m{n}"), BODY),
        )
        .replacen(' ', " xmlns='jabber:client' ", 1)
    };
    (script, (0..count).map(result).collect())
}
