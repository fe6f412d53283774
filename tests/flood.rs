//! A flood of what anybody can send: one more stanza costs no more than those before it, and leaves nothing behind.
//!
//! What is counted is memory, which is the same on every machine: how much is asked for while stanzas are taken in, and how
//! much of it is still held. What they cost in instructions, `cargo xtask bench core` counts.

#![cfg(not(target_arch = "wasm32"))]
#![allow(unsafe_code, reason = "an allocator cannot be written without")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a conversation that does not begin is a test that fails"
)]

mod support;

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};

use converse_wasm::{
    client::Event,
    store::{MAX_NOTICES, MAX_REQUESTS, MAX_STRANGERS, MAX_UNANSWERED, MAX_UNANSWERED_BYTES},
    stream::{Input, Transmit},
};

use support::{peer::Script, room::ROOM};

/// How many there are, and in how many portions they are looked at.
const STANZAS: usize = 100_000;
const PORTION: usize = 1_000;

/// The system's allocator, which counts.
struct Counting;

/// How many bytes were asked for, and how many of them were not given back.
static ASKED: AtomicUsize = AtomicUsize::new(0);
static HELD: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static ALLOCATOR: Counting = Counting;

// SAFETY: it hands everything on as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ASKED.fetch_add(layout.size(), Relaxed);
        HELD.fetch_add(layout.size(), Relaxed);
        // SAFETY: as the caller says.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as the caller says.
        unsafe { System.dealloc(memory, layout) }
    }
}

/// The stanza `n` of the flood.
fn stanza(n: usize) -> String {
    let stranger = format!("stranger{n}@far.lit");
    let me = "to='juliet@capulet.lit/balcony' xmlns='jabber:client'";
    let message = |from: &str, kind: &str, inside: &str| {
        format!("<message {me} from='{from}/orchard' type='{kind}' id='m{n}'>{inside}</message>")
    };
    let iq =
        |kind: &str, inside: &str| format!("<iq {me} from='{stranger}/orchard' type='{kind}' id='i{n}'>{inside}</iq>");
    let occupant = |kind: &str, n: usize| {
        format!(
            "<presence {me} from='{ROOM}/somebody{n}' {kind}><x xmlns='http://jabber.org/protocol/muc#user'>\
             <item affiliation='none' role='participant'/></x></presence>"
        )
    };
    let long = "x".repeat(3_000);
    match n % KINDS {
        0 => message(&stranger, "chat", "<body>Buy</body>"),
        1 => format!("<presence {me} from='{stranger}/orchard'><status>{long}</status></presence>"),
        2 => format!("<presence {me} from='{stranger}' type='subscribe'/>"),
        3 => message(
            "friend@far.lit",
            "chat",
            &format!("<body>{n}</body><replace xmlns='urn:xmpp:message-correct:0' id='first'/>"),
        ),
        4 => message(
            &stranger,
            "chat",
            "<received xmlns='urn:xmpp:receipts' id='x'/><displayed xmlns='urn:xmpp:chat-markers:0' id='x'/>\
             <reactions xmlns='urn:xmpp:reactions:0' id='x'><reaction>x</reaction></reactions>",
        ),
        5 => iq("get", "<query xmlns='jabber:iq:private'/>"),
        6 => iq("result", "<query xmlns='jabber:iq:roster'><item jid='bot@far.lit'/></query>"),
        7 => message(
            &stranger,
            "chat",
            "<received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>\
             <message xmlns='jabber:client' from='boss@capulet.lit' type='chat'><body>forged</body></message>\
             </forwarded></received>",
        ),
        8 => occupant("", n),
        9 => occupant("type='unavailable'", n - 1),
        10 => message(
            &stranger,
            "error",
            "<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>",
        ),
        11 => message(&stranger, "normal", &format!("<x xmlns='jabber:x:conference' jid='room{n}@far.lit'/>")),
        12 => iq("set", "<query xmlns='jabber:iq:roster'><item jid='bot@far.lit'/></query>"),
        13 => format!("<presence {me} from='{stranger}/orchard' type='nonsense'/>"),
        14 => message("chatterer@far.lit", "chat", &format!("<body>{long}</body>")),
        _ => message(
            &stranger,
            "headline",
            "<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='urn:xmpp:bookmarks:1'/></event>",
        ),
    }
}

const KINDS: usize = 16;

/// Gives the core a frame, and takes out of it what the driver takes. How many events there were.
fn route(script: &mut Script, frame: &str) -> usize {
    let (now, client) = (script.now, &mut script.client);
    client.handle_input(now, Input::SocketReceived(frame));
    while client.poll_write().is_some() {}
    let mut pings = Vec::new();
    while let Some(transmit) = client.poll_transmit(now) {
        pings.extend(match transmit {
            Transmit::SocketSend(frame) if frame.contains("urn:xmpp:ping") => Some(frame),
            _ => None,
        });
    }
    // The server has it all, and says so.
    for ping in pings {
        let id = ping.split("id=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let pong = format!("<iq xmlns='jabber:client' from='capulet.lit' type='result' id='{id}'/>");
        client.handle_input(now, Input::SocketReceived(&pong));
        while client.poll_write().is_some() {}
    }
    std::iter::from_fn(|| client.poll_event()).filter(|event| !matches!(event, Event::Full(_))).count()
}

#[test]
fn one_more_stanza_costs_no_more_and_leaves_nothing() {
    let mut script = Script::online();
    script.in_room();
    script.recv("<message from='friend@far.lit/orchard' type='chat' id='first'><body>0</body></message>");
    script.forget();

    let (mut asked, mut held, mut told) = (Vec::new(), Vec::new(), Vec::new());
    for first in (0..STANZAS).step_by(PORTION) {
        let frames: Vec<String> = (first..first + PORTION).map(stanza).collect();
        let before = ASKED.load(Relaxed);
        told.push(frames.iter().map(|frame| route(&mut script, frame)).max().unwrap());
        asked.push(ASKED.load(Relaxed) - before);
        drop(frames);
        held.push(HELD.load(Relaxed));
    }

    // The first fill what is bounded; the last cost less than these, and hold nothing that those before them did not.
    let last = |of: &[usize]| *of.last().unwrap();
    assert!(last(&asked) <= asked[0], "{} after {}", last(&asked), asked[0]);
    let middle = held[STANZAS / PORTION / 2];
    assert!(last(&held) <= middle + middle / 50, "{} after {middle}", last(&held));
    // At most, a part of a stranger's conversation is forgotten at once.
    assert!(told.iter().all(|most| *most < 100), "{told:?}");

    let store = script.client.store();
    assert_eq!(store.chats.iter().count(), MAX_UNANSWERED);
    assert_eq!(store.contacts.iter().filter(|contact| contact.requesting).count(), MAX_REQUESTS);
    assert_eq!(store.presences.iter().count(), MAX_STRANGERS);
    assert_eq!(script.room().notices.len(), MAX_NOTICES);
    assert!(store.timeline("chatterer@far.lit").unwrap().len() < MAX_UNANSWERED_BYTES / 3_000);
    assert_eq!(store.timeline("friend@far.lit").unwrap().len(), 1);
}
