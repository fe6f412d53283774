//! Messages as a conversation: which of them the page is told of.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::rc::Rc;

use converse_wasm::{client::Event, session::SendError, xml::WriteError};

use support::{
    pattern::stanza,
    peer::{Script, online_on_both},
};

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
            script.expect_event(Event::Message(Rc::new(stanza(message))));
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
            "<message from='capulet.lit' type='headline'><body>hi</body></message>",
            "<message from='romeo@montague.lit' type='chat'/>",
            "<message from='romeo@montague.lit' type='chat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>",
            "<message from='romeo@montague.lit'><body xmlns='urn:example'>hi</body></message>",
            "<message from='romeo@montague.lit'><x xmlns='urn:example'><body xmlns='jabber:client'>hi</body></x></message>",
            "<message><body>nobody</body></message>",
            "<presence from='romeo@montague.lit'/>",
        ] {
            script.recv(message);
        }
        script.expect_silence();
    });
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
            script.expect_event(Event::Message(Rc::new(stanza(&message(n)))));
        }
        script.expect_silence();
    });
}

#[test]
fn what_the_page_sends_is_sent_in_its_order() {
    online_on_both(|mut script| {
        for n in 0..10 {
            script
                .send(&format!("<message to='romeo@montague.lit'><body>{n} &lt;&amp;\"'&gt;</body></message>"))
                .unwrap();
        }
        for n in 0..10 {
            script
                .expect_sent(&format!("<message to='romeo@montague.lit'><body>{n} &lt;&amp;\"'&gt;</body></message>"));
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
        script.expect_sent("<message/>");
    });
    assert_eq!(Script::offline().send("<message/>"), Err(SendError::NotConnected));
}
