//! Conversations as others write them: each message once, by whom it is, and nothing that anybody could forge.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::time::Duration;

use converse_wasm::{
    feature::{Outgoing, chat},
    jid::BareJid,
    stanza::payload::references::MAX_REFERENCES,
    store::{Key, Kind, MAX_CACHED, MAX_VERSIONS, Message, Value, cache::Part},
    time::Timestamp,
};

use support::peer::{Script, juliet, on_both, online_on_both, seconds};

const CORRECT: &str = "urn:xmpp:message-correct:0";
const SID: &str = "urn:xmpp:sid:0";

fn romeo() -> BareJid {
    BareJid::new("romeo@montague.lit").unwrap()
}

fn messages(script: &Script) -> Vec<&Message> {
    let chat = script.client.store().chats.get(&romeo());
    chat.into_iter().flat_map(|chat| chat.messages.iter()).map(|(_, message)| message).collect()
}

fn said(script: &Script) -> Vec<&str> {
    messages(script).iter().map(|message| message.body.as_deref().unwrap_or("-")).collect()
}

/// A message from Romeo with this id, text and more.
fn from_romeo(id: &str, body: &str, more: &str) -> String {
    format!("<message from='romeo@montague.lit/orchard' type='chat' id='{id}'><body>{body}</body>{more}</message>")
}

fn replace(id: &str) -> String {
    format!("<replace xmlns='{CORRECT}' id='{id}'/>")
}

/// A client with Romeo in its roster, of this subscription.
fn with_romeo(subscription: &str, conversation: impl Fn(Script)) {
    on_both(|mut script| {
        script.log_in();
        script.expect_sent("<iq type='get' id='$roster'><query xmlns='jabber:iq:roster'/></iq>");
        script.recv(&format!(
            "<iq type='result' id='$roster'><query xmlns='jabber:iq:roster'>\
             <item jid='romeo@montague.lit' subscription='{subscription}'/></query></iq>"
        ));
        script.settle();
        conversation(script);
    });
}

fn carbon(kind: &str, message: &str) -> String {
    let message = message.replacen("<message ", "<message xmlns='jabber:client' ", 1);
    format!(
        "<message from='juliet@capulet.lit' type='chat'><{kind} xmlns='urn:xmpp:carbons:2'>\
         <forwarded xmlns='urn:xmpp:forward:0'>{message}</forwarded></{kind}></message>"
    )
}

// What a message says

#[test]
fn a_message_is_kept_with_what_it_says() {
    online_on_both(|mut script| {
        script.recv(&from_romeo(
            "1",
            "He jests at scars",
            &format!(
                "<subject>s</subject><thread>t</thread><spoiler xmlns='urn:xmpp:spoiler:0'>hint</spoiler><unstyled xmlns='urn:xmpp:styling:0'/>\
                 <origin-id xmlns='{SID}' id='o1'/><x xmlns='jabber:x:oob'><url>https://a/b</url><desc>d</desc></x>\
                 <reference xmlns='urn:xmpp:reference:0' type='mention' begin='0' end='2' uri='xmpp:mercutio@capulet.lit'/>"
            ),
        ));
        let message = messages(&script)[0];
        assert_eq!((message.kind, message.mine, &*message.from), ("chat", false, "romeo@montague.lit"));
        assert_eq!((message.msgid.as_deref(), message.origin_id.as_deref()), (Some("1"), Some("o1")));
        assert_eq!((message.rare.subject.as_deref(), message.rare.thread.as_deref()), (Some("s"), Some("t")));
        assert_eq!(
            (message.rare.spoiler.as_deref(), message.rare.oob_url.as_deref(), message.rare.oob_desc.as_deref()),
            (Some("hint"), Some("https://a/b"), Some("d"))
        );
        assert!(message.unstyled);
        assert_eq!((message.rare.references.len(), message.rare.references[0].end), (1, Some(2)));
        let key = Key::within(Kind::Message, "romeo@montague.lit", "0");
        let attributes = script.client.store().attributes(&key).unwrap();
        let Some(Value::List(references)) = attributes.get("references") else { panic!("no references") };
        let Some(Value::Map(reference)) = references.first() else { panic!("no reference") };
        let value = reference.iter().find(|(name, _)| &**name == "value");
        assert_eq!(value.map(|(_, value)| value.clone()), Some(Value::from("He")));
        assert_eq!(script.client.store().chats.get(&romeo()).unwrap().unread, 0);
    });
}

#[test]
fn a_hostile_message_is_a_message() {
    online_on_both(|mut script| {
        let many: String =
            (0..1000).map(|n| format!("<reference xmlns='urn:xmpp:reference:0' type='data' uri='{n}'/>")).collect();
        let long = "x".repeat(2000);
        for (n, more) in [
            format!("<origin-id xmlns='{SID}'/><origin-id xmlns='{SID}' id=''/>"),
            format!("<origin-id xmlns='{SID}' id='{long}'/>"),
            "<reference xmlns='urn:xmpp:reference:0' begin='5' end='2' type='mention' uri=''/>".to_owned(),
            "<reference xmlns='urn:xmpp:reference:0' begin='-1' end='99999999999' type='mention' uri='x'/>".to_owned(),
            "<x xmlns='jabber:x:oob'/><x xmlns='jabber:x:oob'><url> </url></x>".to_owned(),
            "<delay xmlns='urn:xmpp:delay'/><delay xmlns='urn:xmpp:delay' stamp='+999999-13-45T99:99:99'/>".to_owned(),
            "<replace xmlns='urn:xmpp:message-correct:0'/>".to_owned(),
            "<received xmlns='urn:xmpp:receipts'/><active xmlns='http://jabber.org/protocol/chatstates'/>".to_owned(),
            many,
        ]
        .iter()
        .enumerate()
        {
            script.recv(&from_romeo(&n.to_string(), &n.to_string(), more));
        }
        assert_eq!(said(&script), ["0", "1", "2", "3", "4", "5", "6", "7", "8"]);
        assert_eq!(messages(&script)[1].origin_id, None);
        assert_eq!(messages(&script)[8].rare.references.len(), MAX_REFERENCES);
        script.expect_nothing_sent();
    });
}

/// A message inside a message says nothing by itself (attacks.md F4).
#[test]
fn what_somebody_forwards_is_not_said_by_whom_they_say() {
    online_on_both(|mut script| {
        script.recv(
            "<message from='paris@capulet.lit/x' type='chat'><forwarded xmlns='urn:xmpp:forward:0'>\
             <message xmlns='jabber:client' from='romeo@montague.lit/orchard' type='chat'><body>forged</body></message>\
             </forwarded></message>",
        );
        assert_eq!(said(&script), [""; 0]);
    });
}

// Each once (attacks.md F17, F18)

#[test]
fn two_messages_with_one_id_are_two() {
    online_on_both(|mut script| {
        for body in ["one", "two", "two"] {
            script.recv(&from_romeo("1", body, ""));
        }
        assert_eq!(said(&script), ["one", "two", "two"]);
    });
}

#[test]
fn a_message_that_its_author_repeats_as_the_same_is_one() {
    online_on_both(|mut script| {
        let origin = format!("<origin-id xmlns='{SID}' id='o1'/>");
        script.recv(&from_romeo("1", "one", &origin));
        script.recv(&from_romeo("2", "one", &origin));
        // What says something else is something else, whatever it is called.
        script.recv(&from_romeo("3", "two", &origin));
        assert_eq!(said(&script), ["one", "two"]);
    });
}

#[test]
fn nobody_hides_what_another_says_by_calling_theirs_the_same() {
    online_on_both(|mut script| {
        let origin =
            format!("<origin-id xmlns='{SID}' id='o1'/><stanza-id xmlns='{SID}' by='juliet@capulet.lit' id='a1'/>");
        script.recv(&from_romeo("1", "one", &origin).replace("romeo@montague.lit", "mallory@evil.lit"));
        script.recv(&from_romeo("1", "one", &origin));
        assert_eq!(said(&script), ["one"]);
        assert_eq!(messages(&script)[0].archive_id, None);
    });
}

#[test]
fn a_copy_of_what_was_delivered_late_is_no_second_one() {
    online_on_both(|mut script| {
        let late = "<delay xmlns='urn:xmpp:delay' from='capulet.lit' stamp='1970-01-01T00:00:00Z'/>";
        script.recv(&from_romeo("1", "one", late));
        script.recv(&from_romeo("1", "one", late));
        script.recv(&carbon("received", &from_romeo("1", "one", "")));
        assert_eq!(said(&script), ["one"]);
    });
}

// Corrections (attacks.md F13, F14)

#[test]
fn a_correction_changes_what_its_author_said_from_any_client() {
    online_on_both(|mut script| {
        script.recv(&from_romeo("1", "wrong", ""));
        script.recv(&from_romeo("2", "right", &replace("1")).replace("/orchard", "/phone"));
        script.recv(&from_romeo("2", "right", &replace("1")).replace("/orchard", "/phone"));
        assert_eq!(said(&script), ["right"]);
        assert_eq!(messages(&script)[0].rare.older_versions, ["wrong"]);
        assert!(messages(&script)[0].rare.edited.is_some());
        assert_eq!(messages(&script)[0].msgid.as_deref(), Some("1"));
    });
}

#[test]
fn nobody_corrects_what_another_said() {
    online_on_both(|mut script| {
        script.recv(&from_romeo("1", "true", ""));
        let paris = from_romeo("2", "forged", &replace("1")).replace("romeo@montague.lit", "paris@capulet.lit");
        script.recv(&paris);
        assert_eq!(said(&script), ["true"]);
        // Nor what the user said.
        let outgoing = Outgoing { body: "mine".to_owned(), ..Outgoing::default() };
        script.act(|client, now| client.in_context(now, |context| chat::send(context, &romeo(), outgoing))).unwrap();
        let id = messages(&script)[1].msgid.clone().unwrap();
        script.recv(&from_romeo("3", "forged", &replace(&id)));
        assert_eq!(said(&script), ["true", "mine", "forged"]);
    });
}

#[test]
fn corrections_of_nothing_and_of_themselves_are_messages() {
    online_on_both(|mut script| {
        script.recv(&from_romeo("1", "itself", &replace("1")));
        script.recv(&from_romeo("a", "cycle", &replace("b")));
        script.recv(&from_romeo("b", "cycled", &replace("a")));
        assert_eq!(said(&script), ["itself", "cycled"]);
    });
}

#[test]
fn what_is_remembered_of_corrections_has_a_bound() {
    let mut script = Script::online();
    script.recv(&from_romeo("first", "first", ""));
    for n in 0..1000 {
        script.recv(&from_romeo(&format!("c{n}"), &n.to_string(), &replace("first")));
    }
    let message = messages(&script)[0];
    assert_eq!(message.body.as_deref(), Some("999"));
    assert_eq!(message.rare.older_versions.len(), MAX_VERSIONS);
    assert_eq!(message.rare.older_versions[0], "first");
}

// When it was said (attacks.md F25)

const STAMPS: [&str; 3] = ["1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z"];

fn delay(by: &str, stamp: &str) -> String {
    format!("<delay xmlns='urn:xmpp:delay'{by} stamp='{stamp}'/>")
}

#[test]
fn only_the_own_server_says_that_something_is_late() {
    online_on_both(|mut script| {
        script.client.set_epoch(Timestamp::new(1_000_000));
        for (id, by) in [
            ("0", ""),
            ("1", " from='romeo@montague.lit'"),
            ("2", " from='montague.lit'"),
            ("3", " from='capulet.lit.evil.lit'"),
        ] {
            for stamp in STAMPS {
                script.recv(&from_romeo(id, id, &delay(by, stamp)));
                let message = *messages(&script).last().unwrap();
                assert_eq!((message.delayed, message.time.milliseconds() / 10_000), (false, 100), "{by}");
            }
        }
        // The future is not believed even of it.
        script.recv(&from_romeo("4", "4", &delay(" from='capulet.lit'", "9999-12-31T23:59:59Z")));
        let message = *messages(&script).last().unwrap();
        assert_eq!((message.delayed, message.time.milliseconds() / 10_000), (true, 100));
        // What the author wrote before the server did, in its name, is not it.
        let forged = delay(" from='capulet.lit'", "1970-01-01T00:00:00Z");
        let late = forged + &delay(" from='capulet.lit'", "1970-01-01T00:10:00Z");
        script.recv(&from_romeo("5", "5", &late));
        assert_eq!(messages(&script)[0].body.as_deref(), Some("5"));
        assert_eq!(messages(&script)[0].time.milliseconds(), 600_000);
    });
}

/// What comes while one is there was not kept, whoever is said to say so.
#[test]
fn the_own_servers_name_is_worth_nothing_once_it_has_handed_over_what_it_kept() {
    online_on_both(|mut script| {
        script.advance(seconds(59));
        script.recv(&from_romeo("0", "late", &delay(" from='capulet.lit'", "1970-01-01T00:00:00Z")));
        assert!(messages(&script)[0].delayed);
        script.advance(seconds(1000));
        for (id, by) in [("1", " from='capulet.lit'"), ("2", " from='juliet@capulet.lit'")] {
            for stamp in STAMPS {
                script.recv(&from_romeo(id, id, &delay(by, stamp)));
                let message = *messages(&script).last().unwrap();
                assert_eq!((message.delayed, message.body.as_deref()), (false, Some(id)), "{by}");
                assert_eq!(message.time.milliseconds() / 1000, 1059, "{by}");
            }
        }
    });
}

#[test]
fn a_stamp_without_parts_of_a_second_puts_nothing_before_what_came_in_that_second() {
    online_on_both(|mut script| {
        script.advance(Duration::from_millis(1_700));
        script.recv(&from_romeo("1", "one", ""));
        script.advance(Duration::from_millis(200));
        // Of a server that resends what it could not deliver.
        script.recv(&from_romeo("2", "two", &delay(" from='capulet.lit'", "1970-01-01T00:00:01Z")));
        script.recv(&from_romeo("3", "three", &delay(" from='capulet.lit'", "1970-01-01T00:00:01.800Z")));
        script.recv(&from_romeo("0", "zero", &delay(" from='capulet.lit'", "1970-01-01T00:00:00Z")));
        let bodies: Vec<_> = messages(&script).iter().map(|message| message.body.clone().unwrap()).collect();
        assert_eq!(bodies.iter().map(|body| &**body).collect::<Vec<_>>(), ["zero", "one", "two", "three"]);
    });
}

// What the sender is told (attacks.md F23)

const ASKING: &str = "<request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/>";

#[test]
fn whoever_sees_that_the_user_is_there_is_told_that_a_message_has_arrived() {
    for subscription in ["both", "from"] {
        with_romeo(subscription, |mut script| {
            script.recv(&from_romeo("1", "hi", ASKING));
            for answer in
                ["<received xmlns='urn:xmpp:receipts' id='1'/>", "<received xmlns='urn:xmpp:chat-markers:0' id='1'/>"]
            {
                script.expect_sent(&format!(
                    "<message type='chat' to='romeo@montague.lit/orchard' id='*'>{answer}<store xmlns='urn:xmpp:hints'/></message>"
                ));
            }
            script.expect_nothing_sent();
        });
    }
}

#[test]
fn nobody_else_is() {
    for subscription in ["none", "to"] {
        with_romeo(subscription, |mut script| {
            script.recv(&from_romeo("1", "hi", ASKING));
            script.expect_nothing_sent();
        });
    }
    with_romeo("both", |mut script| {
        script.recv(&from_romeo("1", "hi", ASKING).replace("romeo@montague.lit", "paris@capulet.lit"));
        script.recv(&carbon("received", &from_romeo("2", "hi", ASKING)));
        script.recv(&from_romeo("3", "hi", ASKING).replace(" id='3'", ""));
        script.recv(&from_romeo("4", "hi", ASKING).replace("'chat'", "'groupchat'"));
        script.recv(&from_romeo("5", "hi", &format!("{ASKING}<x xmlns='http://jabber.org/protocol/muc#user'/>")));
        script.recv(&from_romeo("6", "hi", ASKING).replace("<body>hi</body>", ""));
        script.expect_nothing_sent();
    });
}

// Whom the user hears

#[test]
fn what_is_for_another_client_can_be_left_to_it() {
    for (filter, expected) in [(true, vec!["bare", "mine"]), (false, vec!["other", "bare", "mine"])] {
        let mut script = Script::offline();
        script.options.filter_by_resource = filter;
        script.connect(juliet());
        script.log_in();
        script.settle();
        for (to, body) in [
            ("juliet@capulet.lit/other", "other"),
            ("juliet@capulet.lit", "bare"),
            ("juliet@capulet.lit/balcony", "mine"),
        ] {
            script.recv(&from_romeo(body, body, "").replace("<message ", &format!("<message to='{to}' ")));
        }
        assert_eq!(said(&script), expected);
    }
}

#[test]
fn what_another_client_of_the_account_says_is_the_users() {
    online_on_both(|mut script| {
        let mine = "<message from='juliet@capulet.lit/phone' to='romeo@montague.lit' type='chat' id='1'><body>ay me</body></message>";
        script.recv(&carbon("sent", mine));
        script.recv(&carbon("received", &from_romeo("2", "she speaks", "")));
        assert_eq!(said(&script), ["ay me", "she speaks"]);
        let of: Vec<_> = messages(&script).iter().map(|message| (message.mine, message.from.to_string())).collect();
        assert_eq!(of, [(true, "juliet@capulet.lit".to_owned()), (false, "romeo@montague.lit".to_owned())]);
        script.expect_nothing_sent();
    });
}

#[test]
fn what_nobody_has_seen_is_counted() {
    with_romeo("both", |mut script| {
        script.act(|client, now| client.set_visible(now, false));
        script.recv(&from_romeo("1", "one", ""));
        script.recv(&carbon("received", &from_romeo("2", "two", "")));
        script.recv(&carbon("sent", "<message from='juliet@capulet.lit/phone' to='romeo@montague.lit' type='chat' id='3'><body>3</body></message>"));
        script.recv(&from_romeo("4", "two!", &replace("2")));
        assert_eq!(script.client.store().chats.get(&romeo()).unwrap().unread, 2);
        let contact = script.client.store().attributes(&Key::of_jid(Kind::Contact, &romeo())).unwrap();
        assert_eq!(contact.get("num_unread"), Some(&2.into()));
        script.act(|client, now| client.set_visible(now, true));
        script.recv(&from_romeo("5", "five", ""));
        assert_eq!(script.client.store().chats.get(&romeo()).unwrap().unread, 2);
    });
}

#[test]
fn what_the_other_side_is_doing_is_known_until_it_says_otherwise() {
    online_on_both(|mut script| {
        script.recv(&from_romeo("1", "one", "<active xmlns='http://jabber.org/protocol/chatstates'/>"));
        let state = |script: &Script| script.client.store().chats.get(&romeo()).unwrap().their_state;
        for doing in ["composing", "paused", "inactive", "gone"] {
            script.recv(&format!(
                "<message from='romeo@montague.lit/orchard' type='chat'><{doing} xmlns='http://jabber.org/protocol/chatstates'/></message>"
            ));
            assert_eq!(state(&script), Some(doing));
        }
        script.recv("<message from='romeo@montague.lit/orchard' type='chat'><dancing xmlns='http://jabber.org/protocol/chatstates'/></message>");
        script.recv("<message from='paris@capulet.lit/x' type='chat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>");
        assert_eq!(state(&script), Some("gone"));
        assert_eq!(said(&script), ["one"]);
    });
}

// What survives a reload

#[test]
fn the_newest_messages_survive_a_reload() {
    let mut script = Script::online();
    for n in 0..MAX_CACHED + 50 {
        script.recv(&from_romeo(&n.to_string(), &n.to_string(), ""));
    }
    // What it is of, the archive may have.
    script.recv(&from_romeo("mended", "mended", &replace("elsewhere")));
    script.client.flush();
    script.act(|_, _| ());
    let before: Vec<Message> = messages(&script).into_iter().skip(51).cloned().collect();
    assert!(before.last().is_some_and(|message| message.rare.replaces.as_deref() == Some("elsewhere")));
    script.forget();
    script.reload(juliet());
    // Before anything has been heard of the server.
    assert_eq!(messages(&script), before.iter().collect::<Vec<_>>());
    // What was said by then is found by its name.
    script.log_in_again();
    script.recv(&from_romeo("c", "corrected", &replace("249")));
    assert_eq!(said(&script).iter().rev().take(2).collect::<Vec<_>>(), [&"mended", &"corrected"]);
    script.act(|client, now| client.in_context(now, |context| chat::close(context, &romeo()))).unwrap();
    script.client.flush();
    script.act(|_, _| ());
    assert_eq!(script.stored_of(&Part::Messages("romeo@montague.lit".into())), None);
}
