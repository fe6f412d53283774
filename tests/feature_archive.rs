//! The archive as a conversation: what was missed comes back once, in its order, and from nobody else (XEP-0313).

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::rc::Rc;

use converse_wasm::{
    client::{Call, Event, Outcome},
    feature::archive::{self, Query},
    jid::BareJid,
    stanza::payload::{mam::Filter, rsm::Wanted},
    store::{Sending, cache::Part},
};

use support::{
    archive::{
        INFO, MAM, ROSTER, SID, arrive, asked, connecting, expect_asked, expect_history, expect_newest, fin, live,
        message, online, outcomes, reconnect, reconnecting, result, result_from, romeo, said, say, with, with_archive,
    },
    managed::{ENABLE, ENABLED, R, a},
    peer::{Script, seconds},
};

// What was missed

#[test]
fn without_an_archive_nothing_is_asked() {
    let mut script = online(reconnecting(), &[SID]);
    script.expect_silence();
    reconnect(&mut script);
    script.expect_sent("<presence/>");
    script.expect_nothing_sent();
}

#[test]
fn a_conversation_that_begins_gets_its_newest_page() {
    with_archive(|mut script| {
        script.expect_silence();
        script.recv(&live("1", "third", "a3"));
        expect_asked(&mut script, &asked(&with("romeo@montague.lit"), "<max>50</max><before/>"));
        for (id, body, archive_id) in [("0", "first", "a1"), ("x", "second", "a2"), ("1", "third", "a3")] {
            script.recv(&result("$query", archive_id, &message("romeo@montague.lit/orchard", id, body)));
        }
        script.recv(&fin("false", "a1", "a3"));
        assert_eq!(said(&script), ["first", "second", "third"]);
        // What was said long ago was seen.
        assert_eq!(script.client.store().chats.get(&romeo()).unwrap().unread, 0);
        script.expect_nothing_sent();
    });
}

#[test]
fn what_was_missed_is_read_to_its_end() {
    with_archive(|mut script| {
        script.recv(&live("1", "one", "a1"));
        expect_history(&mut script);
        reconnect(&mut script);
        expect_asked(&mut script, &asked("", "<max>50</max><after>a1</after>"));
        script.expect_sent("<presence/>");
        script.recv(&result("$query", "a2", &message("romeo@montague.lit/orchard", "2", "two")));
        script.recv(&fin("false", "a2", "a2"));
        expect_asked(&mut script, &asked("", "<max>50</max><after>a2</after>"));
        script.recv(&result("$query", "a3", &message("romeo@montague.lit/orchard", "3", "three")));
        script.recv(&fin("true", "a3", "a3"));
        assert_eq!(said(&script), ["one", "two", "three"]);
        script.expect_nothing_sent();
    });
}

#[test]
fn what_comes_by_itself_meanwhile_is_neither_doubled_nor_out_of_place() {
    with_archive(|mut script| {
        script.recv(&live("1", "one", "a1"));
        expect_history(&mut script);
        reconnect(&mut script);
        expect_asked(&mut script, &asked("", "<max>50</max><after>a1</after>"));
        script.recv(&live("3", "three", "a3"));
        script.recv(&result("$query", "a2", &message("romeo@montague.lit/orchard", "2", "two")));
        script.recv(&result("$query", "a3", &message("romeo@montague.lit/orchard", "3", "three")));
        script.recv(&live("4", "four", "a4"));
        script.recv(&fin("true", "a2", "a3"));
        script.recv(&live("4", "four", "a4"));
        assert_eq!(said(&script), ["one", "two", "three", "four"]);
        // Nothing is missing before the fourth.
        reconnect(&mut script);
        expect_asked(&mut script, &asked("", "<max>50</max><after>a4</after>"));
    });
}

#[test]
fn clocks_that_differ_change_no_order() {
    with_archive(|mut script| {
        // The client's clock is ahead of the server's, whose stamps are all the same.
        script.advance(seconds(15));
        script.recv(&live("1", "one", "a1"));
        expect_history(&mut script);
        reconnect(&mut script);
        expect_asked(&mut script, &asked("", "<max>50</max><after>a1</after>"));
        script.recv(&live("4", "four", "a4"));
        for (id, body) in [("2", "two"), ("3", "three"), ("4", "four"), ("5", "five")] {
            let archived = message("romeo@montague.lit/orchard", id, body);
            script.recv(&result("$query", &format!("a{id}"), &archived));
        }
        script.recv(&fin("true", "a2", "a5"));
        assert_eq!(said(&script), ["one", "two", "three", "four", "five"]);
    });
}

#[test]
fn a_hole_that_could_not_be_filled_is_remembered() {
    with_archive(|mut script| {
        script.recv(&live("1", "one", "a1"));
        expect_history(&mut script);
        reconnect(&mut script);
        expect_asked(&mut script, &asked("", "<max>50</max><after>a1</after>"));
        script.recv(&live("3", "three", "a3"));
        // The archive does not answer.
        reconnect(&mut script);
        expect_asked(&mut script, &asked("", "<max>50</max><after>a1</after>"));
        script.recv(&result("$query", "a2", &message("romeo@montague.lit/orchard", "2", "two")));
        script.recv(&fin("false", "a2", "a2"));
        // Nor is it forgotten over a reload.
        script.client.flush();
        script.act(|_, _| ());
        assert!(script.stored_of(&Part::Archives).unwrap().contains("a2"));
        script.forget();
        script.reload(reconnecting());
        script.log_in_again();
        script.expect_sent(ROSTER);
        expect_asked(&mut script, &asked("", "<max>50</max><after>a2</after>"));
        script.recv(&result("$query", "a3", &message("romeo@montague.lit/orchard", "3", "three")));
        script.recv(&fin("true", "a3", "a3"));
        assert_eq!(said(&script), ["one", "two", "three"]);
    });
}

#[test]
fn a_message_that_is_not_kept_any_more_is_no_place_to_go_on_from() {
    with_archive(|mut script| {
        script.recv(&live("1", "one", "a1"));
        expect_history(&mut script);
        reconnect(&mut script);
        expect_asked(&mut script, &asked("", "<max>50</max><after>a1</after>"));
        script.expect_sent("<presence/>");
        script.recv(
            "<iq type='error' id='$query'><error type='cancel'>\
         <item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
        );
        expect_newest(&mut script, "a9");
        reconnect(&mut script);
        expect_asked(&mut script, &asked("", "<max>50</max><after>a9</after>"));
    });
}

#[test]
fn an_archive_that_does_not_get_on_is_not_asked_for_ever() {
    with_archive(|mut script| {
        reconnect(&mut script);
        expect_asked(&mut script, &asked("", "<max>50</max><after>start</after>"));
        script.expect_sent("<presence/>");
        script.recv(&fin("false", "start", "start"));
        script.expect_nothing_sent();
    });
}

/// A client of a server with stream management, which knows the archive's newest message. It has sent four stanzas and
/// received four.
fn managed_with_archive() -> Script {
    let mut script = connecting(reconnecting());
    script.authenticate();
    script.bound();
    script.expect_sent(ENABLE);
    script.expect_sent(ROSTER);
    script.expect_sent(INFO);
    script.expect_sent("<presence/>");
    script.recv(ENABLED);
    script.recv("<iq type='result' id='$roster'><query xmlns='jabber:iq:roster'/></iq>");
    script.recv(&format!(
        "<iq type='result' id='$info' from='juliet@capulet.lit'>\
         <query xmlns='http://jabber.org/protocol/disco#info'><feature var='{MAM}'/><feature var='{SID}'/></query></iq>"
    ));
    script.expect_sent(R);
    expect_newest(&mut script, "start");
    script.recv(&a(4));
    script.forget();
    script
}

#[test]
fn a_stream_that_is_resumed_has_missed_nothing() {
    let mut script = managed_with_archive();
    script.lose_and_wait();
    script.expect_resume(4);
    script.resume(4);
    script.expect_nothing_sent();
    // What the server kept for the stream is the next to be read.
    script.recv(&live("1", "one", "a1"));
    assert_eq!(said(&script), ["one"]);
}

#[test]
fn a_stream_that_is_not_resumed_is_followed_by_a_look_into_the_archive() {
    let mut script = managed_with_archive();
    script.lose_and_wait();
    script.expect_resume(4);
    script.recv("<failed xmlns='urn:xmpp:sm:3'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>");
    script.bound();
    script.expect_sent(ENABLE);
    script.forget_name("roster");
    script.expect_sent(ROSTER);
    expect_asked(&mut script, &asked("", "<max>50</max><after>start</after>"));
    script.recv(&ENABLED.replace("sm1", "sm2"));
    script.recv(&result("$query", "a1", &message("romeo@montague.lit/orchard", "1", "one")));
    script.recv(&fin("true", "a1", "a1"));
    assert_eq!(said(&script), ["one"]);
}

// What became of what was sent

#[test]
fn the_archive_says_whether_what_was_in_doubt_has_arrived() {
    with_archive(|mut script| {
        script.fall_silent();
        for body in ["arrived", "lost"] {
            say(&mut script, body);
        }
        script.expect_sent(
            "<message from='juliet@capulet.lit/balcony' to='romeo@montague.lit' type='chat' id='$sent'>\
         <body>arrived</body><active xmlns='http://jabber.org/protocol/chatstates'/>\
         <request xmlns='urn:xmpp:receipts'/><origin-id xmlns='urn:xmpp:sid:0' id='$sent'/></message>",
        );
        let sent = script.expect_name("sent");
        script.forget();
        reconnect(&mut script);
        let doubt = Some(Sending::Failed { reason: "in-doubt", text: None });
        assert_eq!(outcomes(&script), [doubt.clone(), doubt]);
        expect_asked(&mut script, &asked("", "<max>50</max><after>start</after>"));
        let echo = format!(
            "<message xmlns='jabber:client' from='juliet@capulet.lit/balcony' to='romeo@montague.lit' type='chat' id='{sent}'>\
         <body>arrived</body><origin-id xmlns='{SID}' id='{sent}'/></message>"
        );
        script.recv(&result("$query", "a1", &echo));
        script.recv(&fin("true", "a1", "a1"));
        assert_eq!(outcomes(&script), [Some(Sending::Sent), Some(Sending::Failed { reason: "not-sent", text: None })]);
        assert_eq!(said(&script), ["arrived", "lost"]);
    });
}

// Who may speak for an archive (attacks.md F2, F8)

#[test]
fn nobody_else_speaks_for_the_archive() {
    with_archive(|mut script| {
        reconnect(&mut script);
        expect_asked(&mut script, &asked("", "<max>50</max><after>start</after>"));
        let forged = message("romeo@montague.lit/orchard", "1", "forged");
        for from in ["romeo@montague.lit", "juliet@capulet.lit/balcony", "capulet.lit", "juliet@capulet.lit.evil.lit"] {
            script.recv(&result_from(from, "$query", "f1", &forged));
        }
        // Nor does it say what nobody asked it.
        script.recv(&result("guessed", "f2", &forged));
        script.recv(&result("", "f3", &forged));
        script.skip_events();
        script.recv(&fin("true", "a1", "a1"));
        assert_eq!(said(&script), [""; 0]);
        script.recv(&result("$query", "f4", &forged));
        assert_eq!(said(&script), [""; 0]);
        assert_eq!(script.poll_event(), None);
    });
}

#[test]
fn what_is_archived_is_unwrapped_once() {
    with_archive(|mut script| {
        reconnect(&mut script);
        expect_asked(&mut script, &asked("", "<max>50</max><after>start</after>"));
        let inner = message("romeo@montague.lit/orchard", "1", "forged");
        let wrapped = result("$query", "f1", &inner).replace("<message from", "<message xmlns='jabber:client' from");
        script.recv(&result("$query", "a1", &wrapped));
        let carbon = format!(
            "<message xmlns='jabber:client' from='juliet@capulet.lit'><received xmlns='urn:xmpp:carbons:2'>\
         <forwarded xmlns='urn:xmpp:forward:0'>{inner}</forwarded></received><body>hi</body></message>"
        );
        script.recv(&result("$query", "a2", &carbon));
        script.recv(&result("$query", "a3", &inner.replace("'chat'", "'groupchat'")));
        script.recv(&fin("true", "a1", "a3"));
        assert_eq!(said(&script), [""; 0]);
    });
}

#[test]
fn what_is_archived_is_not_acknowledged() {
    with_archive(|mut script| {
        reconnect(&mut script);
        expect_asked(&mut script, &asked("", "<max>50</max><after>start</after>"));
        script.expect_sent("<presence/>");
        let asking = message("romeo@montague.lit/orchard", "1", "hi").replace(
            "</message>",
            "<request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/></message>",
        );
        script.recv(&result("$query", "a1", &asking));
        script.recv(&fin("true", "a1", "a1"));
        expect_history(&mut script);
        assert_eq!(said(&script), ["hi"]);
        script.expect_nothing_sent();
    });
}

#[test]
fn an_id_that_anybody_could_have_written_is_none() {
    let mut script = online(reconnecting(), &[MAM]);
    expect_newest(&mut script, "start");
    script.recv(&live("1", "one", "forged"));
    expect_history(&mut script);
    reconnect(&mut script);
    expect_asked(&mut script, &asked("", "<max>50</max><after>start</after>"));
    script.recv(&result("$query", "a1", &message("romeo@montague.lit/orchard", "1", "one")));
    script.recv(&result("$query", "forged", &message("romeo@montague.lit/orchard", "2", "two")));
    script.recv(&fin("true", "a1", "forged"));
    assert_eq!(said(&script), ["one", "two"]);
}

// What is archived

#[test]
fn what_is_archived_is_as_the_settings_say() {
    for (default, changes) in [("roster", true), ("always", false)] {
        let mut script = Script::offline();
        script.reads_archives = true;
        script.options.message_archiving = Some("always");
        script.connect(reconnecting());
        arrive(&mut script, &[MAM, SID]);
        expect_asked(&mut script, &asked("", "<max>1</max><before/>"));
        script.expect_sent(&format!("<iq type='get' id='$prefs'><prefs xmlns='{MAM}'/></iq>"));
        let named = "<always><jid>romeo@montague.lit</jid></always><never/>";
        script.recv(&format!(
            "<iq type='result' id='$prefs'><prefs xmlns='{MAM}' default='{default}'>{named}</prefs></iq>"
        ));
        if changes {
            script.expect_sent(&format!(
                "<iq type='set' id='*'><prefs xmlns='{MAM}' default='always'>{named}</prefs></iq>"
            ));
        }
        script.expect_nothing_sent();
    }
}

// What the page asks for

fn ask(script: &mut Script, query: Query) {
    script.act(|client, now| client.in_context(now, |context| archive::query(context, Call(7), query))).unwrap();
}

fn bodies(outcome: Outcome) -> Vec<String> {
    let Outcome::Archived { messages, .. } = outcome else { panic!("{outcome:?}") };
    let body = |message: &Rc<converse_wasm::xml::Element>| {
        let xml = message.to_xml().unwrap();
        xml.split("<body>").nth(1).unwrap().split("</body>").next().unwrap().to_owned()
    };
    messages.iter().map(body).collect()
}

fn outcome(script: &mut Script) -> Outcome {
    match script.next_event() {
        Event::Finished { call: Call(7), outcome } => outcome,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_page_is_what_was_asked_for() {
    with_archive(|mut script| {
        script.skip_events();
        let filter = Filter { with: Some("romeo@montague.lit".to_owned()), start: Some("2026".to_owned()), end: None };
        let wanted = Wanted { max: Some("2".to_owned()), before: Some(String::new()), ..Wanted::default() };
        ask(&mut script, Query { filter, wanted, ..Query::default() });
        let form = with("romeo@montague.lit").replace("</x>", "<field var='start'><value>2026</value></field></x>");
        expect_asked(&mut script, &asked(&form, "<max>2</max><before/>"));
        script.recv(&result("$query", "a1", &message("romeo@montague.lit/orchard", "1", "one")));
        script.recv(&result_from("romeo@montague.lit", "$query", "a2", &message("romeo@montague.lit", "2", "forged")));
        script.recv(&fin("false", "a1", "a1"));
        assert_eq!(bodies(outcome(&mut script)), ["one"]);
        // It is the page's, and of no conversation.
        assert_eq!(said(&script), [""; 0]);
        script.expect_silence();
    });
}

#[test]
fn all_there_is_comes_in_pages_and_is_given_at_once() {
    with_archive(|mut script| {
        script.skip_events();
        ask(&mut script, Query::default());
        expect_asked(&mut script, &format!("<iq type='set' id='$query'><query xmlns='{MAM}' queryid='$query'/></iq>"));
        script.recv(&result("$query", "a1", &message("romeo@montague.lit/orchard", "1", "one")));
        script.recv(&fin("false", "a1", "a1"));
        expect_asked(&mut script, &asked("", "<after>a1</after>"));
        script.recv(&result("$query", "a2", &message("romeo@montague.lit/orchard", "2", "two")));
        script.recv(&fin("true", "a2", "a2"));
        let outcome = outcome(&mut script);
        let Outcome::Archived { set, .. } = &outcome else { panic!("{outcome:?}") };
        assert!(set.to_xml().unwrap().contains("<first>a1</first><last>a2</last>"), "{set:?}");
        assert_eq!(bodies(outcome), ["one", "two"]);
        script.expect_silence();
    });
}

#[test]
fn a_room_answers_for_itself_only() {
    with_archive(|mut script| {
        script.skip_events();
        let room = BareJid::new("room@muc.capulet.lit").ok();
        let wanted = Wanted { max: Some("9".to_owned()), ..Wanted::default() };
        ask(&mut script, Query { room, wanted, ..Query::default() });
        expect_asked(&mut script, &asked("", "<max>9</max>").replace("<iq ", "<iq to='room@muc.capulet.lit' "));
        let said = |from: &str, body: &str| message(from, "1", body).replace("'chat'", "'groupchat'");
        let genuine = said("room@muc.capulet.lit/romeo", "one");
        script.recv(&result_from("room@muc.capulet.lit", "$query", "r1", &genuine));
        script.recv(&result_from(
            "room@muc.capulet.lit",
            "$query",
            "r2",
            &said("other@muc.capulet.lit/romeo", "forged"),
        ));
        script.recv(&result_from("juliet@capulet.lit", "$query", "r3", &genuine));
        script.recv(&result_from("room@muc.capulet.lit/romeo", "$query", "r4", &genuine));
        script.recv(&fin("true", "r1", "r4").replace("<iq ", "<iq from='room@muc.capulet.lit' "));
        assert_eq!(bodies(outcome(&mut script)), ["one"]);
    });
}

#[test]
fn a_refusal_is_the_stanza_that_says_so() {
    with_archive(|mut script| {
        script.skip_events();
        ask(&mut script, Query::default());
        expect_asked(&mut script, &format!("<iq type='set' id='$query'><query xmlns='{MAM}' queryid='$query'/></iq>"));
        script.recv("<iq type='error' id='$query'><error type='cancel'/></iq>");
        assert!(matches!(outcome(&mut script), Outcome::Refused(_)));
        ask(&mut script, Query::default());
        expect_asked(&mut script, &format!("<iq type='set' id='$query'><query xmlns='{MAM}' queryid='$query'/></iq>"));
        script.advance(seconds(20));
        assert!(matches!(outcome(&mut script), Outcome::TimedOut));
    });
}
