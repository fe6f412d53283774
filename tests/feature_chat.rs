//! Messages as a conversation: which of them the page is told of.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::rc::Rc;

use converse_wasm::{
    client::Event,
    jid::BareJid,
    session::SendError,
    store::{Key, Kind},
    xml::WriteError,
};

use support::{
    pattern::stanza,
    peer::{Script, juliet, online_on_both},
};

/// What the page is told of a message in the conversation with Romeo.
fn told(message: &str) -> Event {
    let romeo = BareJid::new("romeo@montague.lit").unwrap();
    Event::Message { stanza: Rc::new(stanza(message)), chat: Some(Key::of_jid(Kind::Chat, &romeo)) }
}

#[test]
fn what_a_person_writes_is_told_as_it_came() {
    online_on_both(|mut script| {
        for message in [
            "<message from='romeo@montague.lit/orchard' type='chat'><body>hi</body></message>",
            "<message from='romeo@montague.lit/orchard' type='normal'><body>hi</body></message>",
            "<message from='romeo@montague.lit'><body>hi</body></message>",
            "<message from='romeo@montague.lit' type='unknown'><body>hi</body></message>",
            "<message from='romeo@montague.lit' type='chat' id='1'><body/><x xmlns='urn:example'>&lt;</x></message>",
        ] {
            script.recv(message);
            script.expect_event(told(message));
        }
        script.expect_silence();
    });
}

#[test]
fn what_no_person_writes_is_not() {
    online_on_both(|mut script| {
        for message in [
            "<message from='romeo@montague.lit' type='error'><body>hi</body></message>",
            "<message from='room@muc.capulet.lit/r' type='groupchat'><body>hi</body></message>",
            "<message><body>nobody</body></message>",
            "<presence from='romeo@montague.lit'/>",
        ] {
            script.recv(message);
        }
        script.expect_silence();
    });
}

#[test]
fn what_says_nothing_to_read_opens_no_conversation() {
    online_on_both(|mut script| {
        for message in [
            "<message from='capulet.lit' type='headline'/>",
            "<message from='romeo@montague.lit' type='chat'/>",
            "<message from='romeo@montague.lit' type='chat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>",
            "<message from='romeo@montague.lit'><body xmlns='urn:example'>hi</body></message>",
            "<message from='romeo@montague.lit'><x xmlns='urn:example'><body xmlns='jabber:client'>hi</body></x></message>",
        ] {
            script.recv(message);
            script.expect_event(Event::Message { stanza: Rc::new(stanza(message)), chat: None });
        }
        assert_eq!(script.take_changes(), []);
        script.expect_silence();
    });
}

#[test]
fn strangers_are_not_heard_unless_they_may() {
    let mut script = Script::offline();
    script.options.allow_non_roster_messaging = false;
    script.connect(juliet());
    script.log_in();
    script.settle();
    script.recv("<message from='paris@capulet.lit' type='chat'><body>hi</body></message>");
    script.expect_silence();
    assert_eq!(script.take_changes(), []);
}

#[test]
fn a_sender_without_an_address_is_left_unread() {
    online_on_both(|mut script| {
        for from in ["@", "", "a@", "a b@capulet.lit", "romeo@montague.lit/"] {
            script.recv(&format!("<message from='{from}'><body>hi</body></message>"));
            assert!(matches!(script.next_event(), Event::Ignored(_)), "{from}");
        }
        script.expect_silence();
    });
}

#[test]
fn messages_are_told_in_their_order() {
    online_on_both(|mut script| {
        let message = |n| format!("<message from='romeo@montague.lit'><body>{n}</body></message>");
        script.recv(&(0..100).map(message).collect::<String>());
        for n in 0..100 {
            script.expect_event(told(&message(n)));
        }
        script.expect_silence();
    });
}

#[test]
fn what_the_page_sends_is_sent_in_its_order() {
    online_on_both(|mut script| {
        let message =
            |n| format!("<message to='romeo@montague.lit' id='{n}'><body>{n} &lt;&amp;\"'&gt;</body></message>");
        for n in 0..10 {
            script.send(&message(n)).unwrap();
        }
        for n in 0..10 {
            script.expect_sent(&message(n));
        }
        script.expect_silence();
    });
}

#[test]
fn what_cannot_be_sent_is_refused() {
    let unwritable = stanza("<message/>").with_text("\u{1}");
    online_on_both(|mut script| {
        let refused = script.act(|client, now| client.send(now, unwritable.clone()));
        assert_eq!(refused, Err(SendError::Write(WriteError::Character('\u{1}'))));
        script.expect_silence();
        script.send("<message/>").unwrap();
        script.expect_sent("<message id='*'/>");
    });
    assert_eq!(Script::offline().send("<presence/>"), Err(SendError::NotConnected));
}

// Carbons (XEP-0280)

/// A carbon of a message from Romeo, sent by `from`.
fn carbon(from: &str, kind: &str, message: &str) -> String {
    format!(
        "<message from='{from}' type='chat'><{kind} xmlns='urn:xmpp:carbons:2'>\
         <forwarded xmlns='urn:xmpp:forward:0'>{message}</forwarded></{kind}></message>"
    )
}

const COPIED: &str = "<message xmlns='jabber:client' from='romeo@montague.lit/orchard' to='juliet@capulet.lit/chamber' \
    type='chat'><body>hi</body></message>";

#[test]
fn what_another_client_of_the_account_wrote_or_got_is_told() {
    online_on_both(|mut script| {
        for kind in ["received", "sent"] {
            let carbon = carbon("juliet@capulet.lit", kind, COPIED);
            script.recv(&carbon);
            script.expect_event(told(&carbon));
        }
        script.expect_silence();
    });
}

/// CVE-2017-5589 and its kin: the words of a carbon by anybody else would be words of Romeo.
#[test]
fn a_carbon_of_anybody_else_is_not_told() {
    online_on_both(|mut script| {
        for from in [
            "romeo@montague.lit",
            "evil@evil.lit/juliet@capulet.lit",
            "juliet@capulet.lit/chamber",
            "juliet@capulet.lit/balcony",
            "juliet@capulet.lit.evil.lit",
            "capulet.lit",
        ] {
            for kind in ["received", "sent"] {
                script.recv(&carbon(from, kind, COPIED));
                // Nor is it a message with a body of its own.
                let body =
                    carbon(from, kind, COPIED).replace("</message></message>", "</message><body>hi</body></message>");
                script.recv(&body);
            }
        }
        script.recv(&carbon("", "received", COPIED).replace(" from=''", ""));
        script.expect_silence();
    });
}

#[test]
fn a_carbon_of_what_no_person_writes_is_not_told() {
    online_on_both(|mut script| {
        let nested =
            carbon("juliet@capulet.lit", "received", COPIED).replace("<message ", "<message xmlns='jabber:client' ");
        for message in [
            COPIED.replace("'chat'", "'groupchat'").as_str(),
            &COPIED.replace("'chat'", "'error'"),
            &COPIED.replace("jabber:client", "jabber:server"),
            &nested,
            "",
        ] {
            script.recv(&carbon("juliet@capulet.lit", "received", message));
        }
        script.recv(&carbon("juliet@capulet.lit", "unknown", COPIED));
        script.expect_silence();
    });
}
