//! What was said before what is here: read out of the archive page by page, as far back as somebody looks.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{
    feature::archive,
    jid::BareJid,
    store::{Message, Past, What},
};

use support::{
    archive::{
        MAM, SID, asked, empty_fin, expect_asked, fin, live, message, online, reconnecting, result, result_from, romeo,
        said, with, with_newest,
    },
    peer::{Script, seconds},
    room::{MODERN, ROOM, room_jid},
};

/// Somebody has come to the top of all that is here.
fn look_back(script: &mut Script, with: &BareJid) {
    script.act(|client, now| client.in_context(now, |context| archive::fetch_older(context, with)));
}

fn past(script: &Script) -> Past {
    script.client.store().timeline(romeo().as_str()).unwrap().past()
}

/// The page of the conversation with Romeo before the message `before`.
fn page_before(before: &str) -> String {
    let before = if before.is_empty() { "<before/>".to_owned() } else { format!("<before>{before}</before>") };
    asked(&with("romeo@montague.lit"), &format!("<max>50</max>{before}"))
}

/// A conversation of which the newest two messages are here, `a5` and `a6`.
fn with_two() -> Script {
    let mut script = with_newest(reconnecting());
    script.recv(&live("6", "six", "a6"));
    expect_asked(&mut script, &page_before(""));
    recv_page(&mut script, &[("a5", "five"), ("a6", "six")], "false");
    assert_eq!(said(&script), ["five", "six"]);
    script
}

fn recv_page(script: &mut Script, results: &[(&str, &str)], complete: &str) {
    for (id, body) in results {
        script.recv(&result("$query", id, &message("romeo@montague.lit/orchard", id.trim_start_matches('a'), body)));
    }
    script.recv(&fin(complete, results.first().unwrap().0, results.last().unwrap().0));
}

#[test]
fn a_conversation_is_read_page_by_page_to_its_beginning() {
    let mut script = with_two();
    look_back(&mut script, &romeo());
    expect_asked(&mut script, &page_before("a5"));
    assert_eq!(past(&script), Past::Asked);
    // While it is being read, nobody asks again.
    look_back(&mut script, &romeo());
    script.expect_nothing_sent();
    // All of them bear the same time: their order is the archive's.
    recv_page(&mut script, &[("a3", "three"), ("a4", "four")], "false");
    assert_eq!(
        (said(&script), past(&script)),
        (["three", "four", "five", "six"].map(str::to_owned).into(), Past::Open)
    );
    look_back(&mut script, &romeo());
    expect_asked(&mut script, &page_before("a3"));
    recv_page(&mut script, &[("a1", "one"), ("a2", "two")], "true");
    assert_eq!(said(&script), ["one", "two", "three", "four", "five", "six"]);
    assert_eq!(past(&script), Past::Whole);
    look_back(&mut script, &romeo());
    script.expect_nothing_sent();
    // What is old was seen.
    assert_eq!(script.client.store().chats.get(&romeo()).unwrap().unread, 0);
}

/// What an archive has of a correction of the message `of`.
fn correction(from: &str, id: &str, body: &str, of: &str) -> String {
    let replace = format!("<replace xmlns='urn:xmpp:message-correct:0' id='{of}'/></message>");
    message(from, id, body).replace("</message>", &replace)
}

#[test]
fn a_correction_joins_its_message_when_that_comes() {
    let friend = "romeo@montague.lit/orchard";
    let mut script = with_newest(reconnecting());
    script.recv(&live("6", "six", "a6"));
    expect_asked(&mut script, &page_before(""));
    // They correct what is on an older page; that of somebody else does not count.
    script.recv(&result("$query", "a3", &correction(friend, "3", "three", "1")));
    script.recv(&result("$query", "a4", &correction(friend, "4", "four", "1")));
    script.recv(&result("$query", "a5", &correction(friend, "5", "five", "other")));
    script.recv(&result("$query", "a6", &message(friend, "6", "six")));
    script.recv(&fin("false", "a3", "a6"));
    assert_eq!(said(&script), ["three", "four", "five", "six"]);
    look_back(&mut script, &romeo());
    expect_asked(&mut script, &page_before("a3"));
    script.take_changes();
    recv_page(&mut script, &[("a1", "one"), ("a2", "two")], "true");
    assert_eq!(said(&script), ["four", "two", "five", "six"]);
    let (_, joined) = script.client.store().chats.get(&romeo()).unwrap().messages.iter().next().unwrap();
    assert_eq!(
        (joined.rare.older_versions.join(" "), joined.rare.corrected_by.as_deref()),
        ("one three".to_owned(), Some("4"))
    );
    assert!(joined.rare.edited.is_some());
    let gone = script.take_changes().iter().filter(|change| change.what == What::Removed).count();
    assert_eq!(gone, 2);
    // Who tells it again tells nothing new.
    script.recv(&live("4", "four", "a4"));
    assert_eq!(said(&script), ["four", "two", "five", "six"]);
}

#[test]
fn what_is_here_already_comes_once() {
    let mut script = with_two();
    look_back(&mut script, &romeo());
    expect_asked(&mut script, &page_before("a5"));
    recv_page(&mut script, &[("a4", "four"), ("a5", "five"), ("a6", "six")], "false");
    assert_eq!(said(&script), ["four", "five", "six"]);
}

#[test]
fn pages_with_nothing_to_show_are_passed_over_but_not_without_end() {
    let mut script = with_two();
    let empty = |id: &str| format!("<message xmlns='jabber:client' from='romeo@montague.lit' type='chat' id='{id}'/>");
    look_back(&mut script, &romeo());
    let mut before = "a5".to_owned();
    for page in 0..11 {
        expect_asked(&mut script, &page_before(&before));
        before = format!("e{page}");
        script.recv(&result("$query", &before, &empty(&before)));
        script.recv(&fin("false", &before, &before));
    }
    script.expect_nothing_sent();
    assert_eq!(past(&script), Past::Open);
    // Who looks on, goes on from there.
    look_back(&mut script, &romeo());
    expect_asked(&mut script, &page_before("e10"));
    // An archive that does not get on has no more to say.
    script.recv(&fin("false", "e10", "e10"));
    assert_eq!(past(&script), Past::Whole);
}

#[test]
fn an_archive_that_refuses_is_not_asked_again_and_one_that_is_busy_is() {
    for (error, left) in [("type='cancel'", Past::Whole), ("type='wait'", Past::Open)] {
        let mut script = with_two();
        look_back(&mut script, &romeo());
        expect_asked(&mut script, &page_before("a5"));
        script.recv(&format!(
            "<iq type='error' id='$query'><error {error}>\
             <item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
        ));
        assert_eq!((past(&script), said(&script).len()), (left, 2));
    }
    let mut script = with_two();
    look_back(&mut script, &romeo());
    expect_asked(&mut script, &page_before("a5"));
    script.advance(seconds(20));
    assert_eq!(past(&script), Past::Open);
}

#[test]
fn the_page_size_is_the_settings() {
    let mut script = with_two();
    script
        .client
        .set_options(converse_wasm::client::Options { archived_messages_page_size: 7, ..script.options.clone() });
    look_back(&mut script, &romeo());
    expect_asked(&mut script, &page_before("a5").replace("<max>50</max>", "<max>7</max>"));
}

#[test]
fn without_an_archive_there_is_nothing_to_read() {
    let mut script = online(reconnecting(), &[SID]);
    script.recv(&live("6", "six", "a6"));
    look_back(&mut script, &romeo());
    look_back(&mut script, &BareJid::new("nobody@montague.lit").unwrap());
    script.expect_nothing_sent();
}

#[test]
fn a_conversation_that_was_closed_meanwhile_stays_closed() {
    let mut script = with_two();
    look_back(&mut script, &romeo());
    expect_asked(&mut script, &page_before("a5"));
    script.act(|client, now| {
        client.in_context(now, |context| converse_wasm::feature::chat::close(context, &romeo()));
    });
    recv_page(&mut script, &[("a4", "four")], "false");
    assert!(script.client.store().chats.get(&romeo()).is_none());
}

#[test]
fn nobody_but_the_archive_tells_what_was_said() {
    let mut script = with_two();
    look_back(&mut script, &romeo());
    expect_asked(&mut script, &page_before("a5"));
    let forged = message("romeo@montague.lit/orchard", "4", "forged");
    script.recv(&result_from("mallory@montague.lit", "$query", "a4", &forged));
    script.recv(&result_from("juliet@capulet.lit", "another", "a4", &forged));
    script.recv(empty_fin());
    assert_eq!((said(&script).len(), past(&script)), (2, Past::Whole));
}

// Rooms

/// The page has entered a room with an archive, and has asked that for the newest.
fn entered() -> Script {
    let mut script = with_newest(reconnecting());
    script.forget_name("info");
    script.open_room(&[("nick", "juliet".into())]);
    script.describe_room(&format!("{MODERN}<feature var='{MAM}'/>"));
    script.expect_sent(&format!(
        "<presence from='juliet@capulet.lit/balcony' to='{ROOM}/juliet' id='*'>\
         <x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>"
    ));
    script.let_in("juliet", &["romeo"]);
    expect_asked(&mut script, &of_room(""));
    script
}

/// The page is in a room with an archive, whose newest message is here: `r3`.
fn in_room() -> Script {
    let mut script = entered();
    recv_room_page(&mut script, &[("r3", "three")], "false");
    script
}

fn of_room(before: &str) -> String {
    let before = if before.is_empty() { "<before/>".to_owned() } else { format!("<before>{before}</before>") };
    asked("", &format!("<max>50</max>{before}")).replace("<iq ", &format!("<iq to='{ROOM}' "))
}

fn recv_room_page(script: &mut Script, results: &[(&str, &str)], complete: &str) {
    for (id, body) in results {
        let said = message(&format!("{ROOM}/romeo"), id, body).replace("'chat'", "'groupchat'");
        script.recv(&result_from(ROOM, "$query", id, &said));
    }
    let fin = fin(complete, results.first().unwrap().0, results.last().unwrap().0);
    script.recv(&fin.replace("<iq ", &format!("<iq from='{ROOM}' ")));
}

fn past_of_room(script: &Script) -> Past {
    script.room().messages.past()
}

#[test]
fn a_room_is_read_to_its_beginning_in_its_own_archive() {
    let mut script = in_room();
    assert_eq!((script.said(), past_of_room(&script)), (vec!["three"], Past::Open));
    look_back(&mut script, &room_jid());
    expect_asked(&mut script, &of_room("r3"));
    recv_room_page(&mut script, &[("r1", "one"), ("r2", "two")], "true");
    assert_eq!((script.said(), past_of_room(&script)), (vec!["one", "two", "three"], Past::Whole));
    let is_new = |message: &Message| message.nick.as_deref() == Some("romeo") && message.archived;
    assert!(script.room().messages.iter().all(|(_, message)| is_new(message)));
    assert_eq!((script.room().unread, script.room().unread_general), (0, 0));
}

#[test]
fn a_room_that_the_user_is_not_in_is_not_asked() {
    let mut script = in_room();
    script.act(|client, now| {
        client.in_context(now, |context| converse_wasm::feature::room::leave(context, &room_jid(), None));
    });
    script.forget();
    look_back(&mut script, &room_jid());
    script.expect_nothing_sent();
}

#[test]
fn a_correction_in_a_room_joins_what_the_same_occupant_said() {
    let mut script = entered();
    let said = |id: &str, who: &str, body: &str, of: &str| {
        let replace = match of {
            "" => String::new(),
            of => format!("<replace xmlns='urn:xmpp:message-correct:0' id='{of}'/>"),
        };
        format!(
            "<message xmlns='jabber:client' from='{ROOM}/romeo' type='groupchat' id='{id}'><body>{body}</body>{replace}\
             <occupant-id xmlns='urn:xmpp:occupant-id:0' id='{who}'/></message>"
        )
    };
    let page = |script: &mut Script, results: &[(&str, &str)]| {
        for (id, message) in results {
            script.recv(&result_from(ROOM, "$query", id, message));
        }
        let fin = fin("false", results.first().unwrap().0, results.last().unwrap().0);
        script.recv(&fin.replace("type='result' ", &format!("type='result' from='{ROOM}' ")));
    };
    // Whoever took the nickname over corrects nothing.
    let corrections = [("r3", said("3", "mallory", "forged", "1")), ("r4", said("4", "romeo", "mended", "1"))];
    page(&mut script, &corrections.each_ref().map(|(id, message)| (*id, message.as_str())));
    assert_eq!(script.said(), ["forged", "mended"]);
    look_back(&mut script, &room_jid());
    expect_asked(&mut script, &of_room("r3"));
    page(&mut script, &[("r1", &said("1", "romeo", "wrong", ""))]);
    assert_eq!(script.said(), ["mended", "forged"]);
}
