//! Conversations as the user writes them: what leaves, what becomes of it, and what others are told of the user.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{
    feature::{Outgoing, chat},
    jid::BareJid,
    session::Account,
    store::{Attributes, Key, Kind, Message, MessageReference, Sending, Value, cache::Part},
};

use support::peer::{Script, juliet, online_on_both, seconds};

const STATES: &str = "http://jabber.org/protocol/chatstates";
const SID: &str = "urn:xmpp:sid:0";

fn romeo() -> BareJid {
    BareJid::new("romeo@montague.lit").unwrap()
}

fn text(body: &str) -> Outgoing {
    Outgoing { body: body.to_owned(), ..Outgoing::default() }
}

fn say(script: &mut Script, outgoing: Outgoing) -> Option<Key> {
    script.act(|client, now| client.in_context(now, |context| chat::send(context, &romeo(), outgoing))).unwrap()
}

fn say_again(script: &mut Script, number: u32) -> Option<Key> {
    script.act(|client, now| client.in_context(now, |context| chat::send_again(context, &romeo(), number))).unwrap()
}

fn set_state(script: &mut Script, state: &'static str) {
    script.act(|client, now| client.in_context(now, |context| chat::set_state(context, &romeo(), state))).unwrap();
}

fn messages(script: &Script) -> Vec<&Message> {
    let chat = script.client.store().chats.get(&romeo()).unwrap();
    chat.messages.iter().map(|(_, message)| message).collect()
}

fn failed(reason: &'static str) -> Option<Sending> {
    Some(Sending::Failed { reason, text: None })
}

/// A message to Romeo with the id `$name`, and this between its text and its origin id.
fn sent(name: &str, body: &str, between: &str) -> String {
    format!(
        "<message from='juliet@capulet.lit/balcony' to='romeo@montague.lit' type='chat' id='${name}'><body>{body}</body>\
         <active xmlns='{STATES}'/><request xmlns='urn:xmpp:receipts'/>{between}<origin-id xmlns='{SID}' id='${name}'/></message>"
    )
}

fn state(state: &str) -> String {
    format!(
        "<message to='romeo@montague.lit' type='chat' id='*'><{state} xmlns='{STATES}'/>\
         <no-store xmlns='urn:xmpp:hints'/><no-permanent-store xmlns='urn:xmpp:hints'/></message>"
    )
}

// What leaves

#[test]
fn a_message_is_there_at_once_and_says_what_became_of_it() {
    online_on_both(|mut script| {
        let key = say(&mut script, text("hi <&>")).unwrap();
        assert_eq!((key.kind, &*key.of, &*key.id), (Kind::Message, "romeo@montague.lit", "0"));
        script.expect_sent(&sent("id", "hi &lt;&amp;&gt;", ""));
        let id = script.expect_name("id");
        let message = messages(&script)[0];
        assert_eq!((message.msgid.as_deref(), message.origin_id.as_deref()), (Some(&*id), Some(&*id)));
        assert!(message.mine);
        // Whatever the server sends next says that it has it.
        script.recv("<message from='romeo@montague.lit' type='headline'/>");
        script.skip_events();
        let message = messages(&script)[0];
        assert_eq!(message.outcome, Some(Sending::Sent));
        script.expect_silence();
    });
}

#[test]
fn what_becomes_of_a_message_goes_before_what_a_plugin_has_written_there() {
    online_on_both(|mut script| {
        let written = Attributes::default().with("delivery", "mine").with("more", "mine");
        // Before the server has heard of it.
        let key = script.act(|client, now| {
            let key = client.in_context(now, |context| chat::send(context, &romeo(), text("hi")))??;
            client.write(now, &key, &written);
            assert_eq!(client.store().attributes(&key)?.get("delivery"), Some(&Value::from("mine")));
            Some(key)
        });
        let key = key.unwrap();
        // Whatever the server sends next says that it has it.
        script.recv("<message from='romeo@montague.lit' type='headline'/>");
        let attributes = script.client.store().attributes(&key).unwrap();
        assert_eq!(attributes.get("delivery"), Some(&Value::from("sent")));
        assert_eq!(attributes.get("more"), Some(&Value::from("mine")));
    });
}

#[test]
fn a_message_carries_what_goes_with_it() {
    online_on_both(|mut script| {
        let reference = MessageReference {
            begin: Some(0),
            end: Some(5),
            kind: "mention".to_owned(),
            uri: "xmpp:nurse@capulet.lit".to_owned(),
        };
        let outgoing = Outgoing {
            spoiler: Some("the end".to_owned()),
            references: vec![reference],
            oob_url: Some("https://capulet.lit/1".to_owned()),
            ..text("Nurse dies")
        };
        say(&mut script, outgoing);
        script.expect_sent(&sent(
            "id",
            "Nurse dies",
            "<spoiler xmlns='urn:xmpp:spoiler:0'>the end</spoiler>\
             <reference xmlns='urn:xmpp:reference:0' type='mention' begin='0' end='5' uri='xmpp:nurse@capulet.lit'/>\
             <x xmlns='jabber:x:oob'><url>https://capulet.lit/1</url></x>",
        ));
        script.expect_nothing_sent();
    });
}

#[test]
fn a_correction_takes_the_place_of_the_first_one_always() {
    online_on_both(|mut script| {
        say(&mut script, text("but soft"));
        script.expect_sent(&sent("first", "but soft", ""));
        let first = script.expect_name("first");
        for (name, body) in [("second", "But soft!"), ("third", "But soft, what light?")] {
            assert!(say(&mut script, Outgoing { correcting: Some(0), ..text(body) }).is_some());
            let replace = format!("<replace xmlns='urn:xmpp:message-correct:0' id='{first}'/>");
            // The origin id stays the first one's, and the stanza's is new.
            let expected = sent(name, body, &replace).replace(
                &format!("<origin-id xmlns='{SID}' id='${name}'/>"),
                &format!("<origin-id xmlns='{SID}' id='*'/>"),
            );
            script.expect_sent(&expected);
            assert_ne!(script.expect_name(name), first);
        }
        script.recv("<message from='romeo@montague.lit' type='headline'/>");
        let message = messages(&script)[0];
        assert_eq!(message.body.as_deref(), Some("But soft, what light?"));
        assert_eq!(message.rare.older_versions, ["but soft", "But soft!"]);
        assert_eq!(message.msgid.as_deref(), Some(&*first));
        assert_eq!(message.outcome, Some(Sending::Sent));
        assert_eq!(messages(&script).len(), 1);
    });
}

#[test]
fn nobody_corrects_what_others_wrote() {
    online_on_both(|mut script| {
        script.recv("<message from='romeo@montague.lit/orchard' type='chat' id='1'><body>hi</body></message>");
        assert_eq!(say(&mut script, Outgoing { correcting: Some(0), ..text("ho") }), None);
        assert_eq!(say(&mut script, Outgoing { correcting: Some(7), ..text("ho") }), None);
        assert_eq!(messages(&script)[0].body.as_deref(), Some("hi"));
        script.expect_nothing_sent();
    });
}

#[test]
fn a_copy_goes_to_the_other_clients_where_that_is_wanted() {
    let mut script = Script::offline();
    script.options.forward_messages = true;
    script.connect(juliet());
    script.log_in();
    script.settle();
    say(&mut script, text("hi"));
    script.expect_sent(&sent("id", "hi", ""));
    let original = sent("id", "hi", "").replace("<message ", "<message xmlns='jabber:client' ");
    script.expect_sent(&format!(
        "<message to='juliet@capulet.lit' type='chat' id='*'><forwarded xmlns='urn:xmpp:forward:0'>{original}</forwarded></message>"
    ));
    script.expect_nothing_sent();
}

// What becomes of it

fn reconnecting() -> Account {
    Account { reconnect: true, ..juliet() }
}

#[test]
fn what_is_written_without_a_connection_waits_for_one() {
    for mut script in [Script::websocket(reconnecting()), Script::bosh(reconnecting())] {
        script.log_in();
        script.settle();
        script.recv_close();
        script.forget();
        say(&mut script, text("hi"));
        assert_eq!(messages(&script)[0].outcome, Some(Sending::Pending));
        script.throw(0);
        script.advance(seconds(2));
        script.log_in();
        let sent: Vec<String> = std::iter::from_fn(|| script.poll_sent()).map(|sent| format!("{sent:?}")).collect();
        assert_eq!(sent.iter().filter(|sent| sent.contains("\"hi\"")).count(), 1);
        script.recv("<message from='romeo@montague.lit' type='headline'/>");
        assert_eq!(messages(&script)[0].outcome, Some(Sending::Sent));
    }
}

#[test]
fn what_may_or_may_not_have_arrived_is_in_doubt_and_can_be_sent_again_as_the_same() {
    let mut script = Script::online_with(reconnecting());
    script.fall_silent();
    say(&mut script, text("hi"));
    script.expect_sent(&sent("id", "hi", ""));
    let id = script.expect_name("id");
    script.forget();
    script.drop_link();
    script.throw(0);
    script.advance(seconds(2));
    script.log_in();
    script.forget();
    assert_eq!(messages(&script)[0].outcome, failed("in-doubt"));
    assert!(say_again(&mut script, 0).is_some());
    assert_eq!(messages(&script)[0].outcome, Some(Sending::Pending));
    assert_eq!(script.expect_sent(&sent("again", "hi", "")).attribute("id"), Some(&*id));
    // It is one message, and is not sent a third time.
    assert_eq!(messages(&script).len(), 1);
    assert!(say_again(&mut script, 0).is_none());
}

#[test]
fn a_correction_that_did_not_arrive_is_sent_again_as_one() {
    online_on_both(|mut script| {
        say(&mut script, text("one"));
        script.expect_sent(&sent("first", "one", ""));
        let first = script.expect_name("first");
        say(&mut script, Outgoing { correcting: Some(0), ..text("two") });
        let correction = script
            .client
            .store()
            .chats
            .get(&romeo())
            .unwrap()
            .messages
            .get(0)
            .unwrap()
            .rare
            .corrected_by
            .clone()
            .unwrap();
        script.forget();
        script.recv(&format!(
            "<message from='romeo@montague.lit' type='error' id='{correction}'><error type='wait'>\
             <recipient-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
        ));
        assert_eq!(messages(&script)[0].outcome, failed("refused"));
        assert!(say_again(&mut script, 0).is_some());
        let replace = format!("<replace xmlns='urn:xmpp:message-correct:0' id='{first}'/>");
        let expected = sent("again", "two", &replace)
            .replace(&format!("<origin-id xmlns='{SID}' id='$again'/>"), &format!("<origin-id xmlns='{SID}' id='*'/>"));
        script.expect_sent(&expected);
        assert_eq!(script.expect_name("again"), &*correction);
    });
}

#[test]
fn what_comes_back_is_refused_and_says_why_once() {
    online_on_both(|mut script| {
        say(&mut script, text("hi"));
        script.expect_sent(&sent("id", "hi", ""));
        let error = "<message from='romeo@montague.lit' type='error' id='$id'><error type='cancel'>\
            <service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>\
            <text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>Not here.</text></error></message>";
        // Somebody else cannot know (attacks.md F24).
        script.recv(&error.replace("romeo@montague.lit", "paris@capulet.lit"));
        assert_eq!(messages(&script)[0].outcome, Some(Sending::Sent));
        script.recv(error);
        script.recv(error);
        let refused = Some(Sending::Failed { reason: "refused", text: Some("Not here.".to_owned()) });
        assert_eq!(messages(&script)[0].outcome, refused);
        assert_eq!(messages(&script).len(), 2);
        let report = messages(&script)[1];
        assert_eq!((report.kind, report.body.as_deref()), ("error", Some("Not here.")));
    });
}

#[test]
fn a_page_that_cannot_know_what_became_of_a_message_says_so() {
    let mut script = Script::online();
    script.fall_silent();
    say(&mut script, text("hi"));
    script.client.flush();
    script.act(|_, _| ());
    assert!(script.stored_of(&Part::Messages("romeo@montague.lit".into())).unwrap().contains("pending"));
    // The part that knows what was sent is gone.
    script.stored.remove(&*Part::Session.key());
    script.forget();
    script.reload(juliet());
    script.log_in();
    assert_eq!(messages(&script)[0].outcome, failed("in-doubt"));
    assert!(say_again(&mut script, 0).is_some());
}

#[test]
fn receipts_count_from_the_addressee_only() {
    for receipt in [
        "<received xmlns='urn:xmpp:receipts' id='$id'/>",
        "<received xmlns='urn:xmpp:chat-markers:0' id='$id'/>",
        "<displayed xmlns='urn:xmpp:chat-markers:0' id='$id'/>",
    ] {
        online_on_both(|mut script| {
            say(&mut script, text("hi"));
            script.expect_sent(&sent("id", "hi", ""));
            for from in ["paris@capulet.lit/x", "juliet@capulet.lit", "montague.lit", "room@muc.capulet.lit/romeo"] {
                script.recv(&format!("<message from='{from}' type='chat'>{receipt}</message>"));
                assert_eq!(messages(&script)[0].received, None, "{from}");
            }
            script.recv(&format!("<message from='romeo@montague.lit/phone' type='chat'>{receipt}</message>"));
            assert!(messages(&script)[0].received.is_some());
            script.expect_nothing_sent();
        });
    }
}

// What others are told of the user

#[test]
fn who_stops_typing_has_paused_and_is_inactive_later() {
    online_on_both(|mut script| {
        script.act(|client, now| client.in_context(now, |context| chat::open(context, &romeo()))).unwrap();
        set_state(&mut script, "composing");
        script.expect_sent(&state("composing"));
        script.advance(seconds(9));
        set_state(&mut script, "composing");
        script.advance(seconds(9));
        script.expect_nothing_sent();
        script.advance(seconds(1));
        script.expect_sent(&state("paused"));
        script.advance(seconds(89));
        script.expect_nothing_sent();
        script.advance(seconds(1));
        script.expect_sent(&state("inactive"));
        script.advance(seconds(1000));
        script.expect_nothing_sent();
        // What is said says that, too.
        set_state(&mut script, "composing");
        script.expect_sent(&state("composing"));
        say(&mut script, text("hi"));
        script.expect_sent(&sent("id", "hi", ""));
        script.advance(seconds(1000));
        script.expect_nothing_sent();
    });
}

#[test]
fn nobody_is_told_where_the_settings_forbid_it() {
    let mut script = Script::offline();
    script.options.send_chat_state_notifications = false;
    script.connect(juliet());
    script.log_in();
    script.settle();
    script.act(|client, now| client.in_context(now, |context| chat::open(context, &romeo()))).unwrap();
    set_state(&mut script, "composing");
    script.advance(seconds(200));
    script.expect_nothing_sent();
    say(&mut script, text("hi"));
    script.expect_sent(&sent("id", "hi", "").replace(&format!("<active xmlns='{STATES}'/>"), ""));
}

#[test]
fn a_conversation_that_was_never_spoken_in_is_left_without_a_word() {
    online_on_both(|mut script| {
        let close = |script: &mut Script| {
            script.act(|client, now| client.in_context(now, |context| chat::close(context, &romeo()))).unwrap();
        };
        let key = script.act(|client, now| client.in_context(now, |context| chat::open(context, &romeo()))).unwrap();
        let mine = |script: &Script| script.client.store().attributes(&key)?.get("mine").cloned();
        script.act(|client, now| client.write(now, &key, &Attributes::default().with("mine", 1)));
        assert_eq!(mine(&script), Some(Value::from(1)));
        close(&mut script);
        script.expect_nothing_sent();
        assert!(script.client.store().chats.get(&romeo()).is_none());
        say(&mut script, text("hi"));
        script.expect_sent(&sent("id", "hi", ""));
        close(&mut script);
        script.expect_sent(&state("inactive"));
        // Opened anew it begins anew.
        script.act(|client, now| client.in_context(now, |context| chat::open(context, &romeo()))).unwrap();
        assert_eq!(messages(&script).len(), 0);
        assert_eq!(mine(&script), None);
        script.advance(seconds(1000));
        script.expect_nothing_sent();
    });
}

#[test]
fn what_plugins_write_into_a_conversation_counts() {
    online_on_both(|mut script| {
        let key = script.act(|client, now| client.in_context(now, |context| chat::open(context, &romeo()))).unwrap();
        let write = |script: &mut Script, name: &'static str, value: Value| {
            let mut attributes = Attributes::default();
            attributes.set(name, value);
            script.act(|client, now| client.write(now, &key, &attributes));
        };
        write(&mut script, "chat_state", Value::from("composing"));
        script.expect_sent(&state("composing"));
        write(&mut script, "num_unread", Value::from(7));
        write(&mut script, "hidden", Value::from(true));
        write(&mut script, "my_own", Value::from("kept"));
        let attributes = script.client.store().attributes(&key).unwrap();
        for (name, value) in [
            ("chat_state", Value::from("composing")),
            ("num_unread", Value::from(7)),
            ("hidden", Value::from(true)),
            ("my_own", Value::from("kept")),
        ] {
            assert_eq!(attributes.get(name), Some(&value), "{name}");
        }
        for value in [Value::from(-1), Value::from(f64::NAN), Value::from("no state")] {
            write(&mut script, "num_unread", value.clone());
            write(&mut script, "chat_state", value);
        }
        script.expect_nothing_sent();
    });
}

#[test]
fn conversations_stand_in_the_order_in_which_they_were_opened() {
    online_on_both(|mut script| {
        let addresses = ["romeo@montague.lit", "abram@montague.lit", "nurse@capulet.lit"];
        for address in addresses {
            let jid = BareJid::new(address).unwrap();
            script.act(|client, now| client.in_context(now, |context| chat::open(context, &jid))).unwrap();
        }
        let chats = script.client.store().chats.in_order();
        assert_eq!(chats.iter().map(|chat| chat.jid.as_str()).collect::<Vec<_>>(), addresses);
    });
}
