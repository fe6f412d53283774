//! Settings that decide what is sent, each on and off.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{
    client::Options,
    feature::presence::subscriptions::{self, Word},
    jid::BareJid,
    session::Account,
};

use support::peer::{BIND, BOUND, Script, juliet, mechanisms, on_both, online_on_both, seconds};

/// Whether the client sends this element in the middle of others.
fn sends(script: &mut Script, name: &str, namespace: &str) -> bool {
    let mut found = false;
    while let Some((sent, _)) = script.poll_sent() {
        if let support::link::Sent::Element(element) = sent {
            found |= element.children().any(|child| child.name() == name && child.namespace().as_str() == namespace);
        }
    }
    found
}

#[test]
fn message_carbons_are_asked_for_if_wanted() {
    for wanted in [true, false] {
        for account in [Script::websocket, Script::bosh] {
            let mut script = account(Account { carbons: wanted, ..juliet() });
            script.log_in();
            assert_eq!(sends(&mut script, "enable", "urn:xmpp:carbons:2"), wanted);
        }
    }
}

#[test]
fn the_nickname_goes_with_a_subscription() {
    for (nickname, nick) in
        [(Some("Jule".to_owned()), "<nick xmlns='http://jabber.org/protocol/nick'>Jule</nick>"), (None, "")]
    {
        online_on_both(|mut script| {
            script.client.set_options(Options { nickname: nickname.clone(), ..Options::default() });
            let romeo = BareJid::new("romeo@montague.lit").unwrap();
            script.act(|client, now| {
                client.in_context(now, |context| subscriptions::tell(context, Word::Subscribe, &romeo, None))
            });
            script.expect_sent(&format!("<presence type='subscribe' to='romeo@montague.lit'>{nick}</presence>"));
        });
    }
}

#[test]
fn csi_waiting_time_is_how_long_the_user_does_nothing_until_the_server_is_told() {
    on_both(|mut script| {
        script.client.set_options(Options {
            message_carbons: false,
            discovery: false,
            idle_presence_timeout: None,
            csi_waiting_time: Some(seconds(60)),
            ..Options::default()
        });
        script.accept();
        script.open_stream(&mechanisms(&["PLAIN"]));
        script.expect_sent_any();
        script.recv("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
        script.expect_open();
        script.open_stream(&BIND.replace("</stream:features>", "<csi xmlns='urn:xmpp:csi:0'/></stream:features>"));
        script.expect_sent("<iq type='set' id='$bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
        script.recv(BOUND);
        script.settle();
        script.advance(seconds(59));
        script.expect_nothing_sent();
        script.advance(seconds(1));
        script.expect_sent("<inactive xmlns='urn:xmpp:csi:0'/>");
        script.act(|client, now| client.handle_activity(now));
        script.expect_sent("<active xmlns='urn:xmpp:csi:0'/>");
        // Without it, the server is never told.
        script.client.set_options(Options { idle_presence_timeout: None, ..Options::default() });
        script.advance(seconds(600));
        script.expect_nothing_sent();
    });
}

#[test]
fn bookmarks_that_others_could_read_need_allow_public_bookmarks() {
    for allow_public_bookmarks in [true, false] {
        on_both(|mut script| {
            script.client.set_options(Options { message_carbons: false, allow_public_bookmarks, ..Options::default() });
            script.log_in();
            for _ in 0..5 {
                let sent = script.expect_sent_any();
                if sent.attribute("to") == Some("juliet@capulet.lit") {
                    let id = sent.attribute("id").unwrap();
                    script.recv(&format!(
                        "<iq type='result' id='{id}' from='juliet@capulet.lit'>\
                         <query xmlns='http://jabber.org/protocol/disco#info'>\
                         <identity category='pubsub' type='pep'/></query></iq>"
                    ));
                }
            }
            assert_eq!(sends(&mut script, "pubsub", "http://jabber.org/protocol/pubsub"), allow_public_bookmarks);
        });
    }
}
