//! Push notifications as a conversation (XEP-0357).

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{
    client::{Options, PushServer},
    feature::room,
    jid::{BareJid, Jid},
};

use support::peer::{Script, on_both};

const ENABLE: &str = "<iq type='set' id='*'><enable xmlns='urn:xmpp:push:0' jid='push.lit' node='n'>\
    <x xmlns='jabber:x:data' type='submit'>\
    <field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/pubsub#publish-options</value></field>\
    <field var='secret'><value>s3cret</value></field></x></enable></iq>";

fn server(node: Option<&str>, secret: Option<&str>, disabled: bool) -> PushServer {
    let (node, secret) = (node.map(str::to_owned), secret.map(str::to_owned));
    PushServer { jid: Jid::new("push.lit").unwrap(), node, secret, disabled }
}

/// A client with these services, whose account says this about itself.
fn with_servers(servers: &[PushServer], features: &str, conversation: impl Fn(Script)) {
    client(servers, false, features, conversation);
}

/// The same, which has rooms push if `with_rooms`.
fn client(servers: &[PushServer], with_rooms: bool, features: &str, conversation: impl Fn(Script)) {
    on_both(|mut script| {
        script.client.set_options(Options {
            message_carbons: false,
            allow_bookmarks: false,
            push_app_servers: servers.to_vec(),
            enable_muc_push: with_rooms,
            ..Options::default()
        });
        script.log_in();
        for _ in 0..5 {
            let sent = script.expect_sent_any();
            if sent.attribute("to") == Some("juliet@capulet.lit") {
                let id = sent.attribute("id").unwrap();
                script.recv(&format!(
                    "<iq type='result' id='{id}' from='juliet@capulet.lit'>\
                     <query xmlns='http://jabber.org/protocol/disco#info'>{features}</query></iq>"
                ));
            }
        }
        conversation(script);
    });
}

const PUSH: &str = "<feature var='urn:xmpp:push:0'/>";

#[test]
fn the_services_are_registered_after_the_log_in() {
    with_servers(&[server(Some("n"), Some("s3cret"), false)], PUSH, |mut script| {
        script.expect_sent(ENABLE);
        script.expect_nothing_sent();
    });
}

#[test]
fn without_a_secret_there_is_no_form() {
    with_servers(&[server(Some("n"), None, false)], PUSH, |mut script| {
        script.expect_sent("<iq type='set' id='*'><enable xmlns='urn:xmpp:push:0' jid='push.lit' node='n'/></iq>");
    });
}

#[test]
fn what_is_disabled_is_taken_out() {
    with_servers(&[server(Some("n"), Some("s3cret"), true), server(None, None, true)], PUSH, |mut script| {
        script.expect_sent("<iq type='set' id='*'><disable xmlns='urn:xmpp:push:0' jid='push.lit' node='n'/></iq>");
        script.expect_sent("<iq type='set' id='*'><disable xmlns='urn:xmpp:push:0' jid='push.lit'/></iq>");
        script.expect_nothing_sent();
    });
}

#[test]
fn a_service_without_a_node_and_a_server_that_cannot_push_are_left() {
    with_servers(&[server(None, Some("s3cret"), false)], PUSH, |script| script.expect_nothing_sent());
    with_servers(&[server(Some("n"), Some("s3cret"), false)], "", |script| script.expect_nothing_sent());
}

/// The client enters a room.
fn enter(script: &mut Script, room: &str) {
    let jid = BareJid::new(room).unwrap();
    script.act(|client, now| client.in_context(now, |context| room::open_and_join(context, &jid, Some("j"), false)));
    let id = script
        .expect_sent(&format!("<iq type='get' id='*' to='{room}'>{INFO}</iq>"))
        .attribute("id")
        .unwrap()
        .to_owned();
    script.recv(&format!("<iq type='error' id='{id}' from='{room}'/>"));
    script.expect_sent(&format!(
        "<presence from='*' to='{room}/j' id='*'>\
         <c xmlns='http://jabber.org/protocol/caps' hash='*' node='*' ver='*'/>\
         <x xmlns='http://jabber.org/protocol/muc'/></presence>"
    ));
    script.recv(&format!(
        "<presence from='{room}/j'><x xmlns='http://jabber.org/protocol/muc#user'><item role='participant'/>\
         <status code='110'/></x></presence>"
    ));
}

const INFO: &str = "<query xmlns='http://jabber.org/protocol/disco#info'/>";

/// A service of rooms says this about itself.
fn describe_service(script: &mut Script, features: &str) {
    script.expect_sent(&format!("<iq type='get' id='$service' to='rooms.lit'>{INFO}</iq>"));
    let query = INFO.replace("/>", &format!(">{features}</query>"));
    script.recv(&format!("<iq type='result' id='$service' from='rooms.lit'>{query}</iq>"));
}

#[test]
fn the_services_of_rooms_push_if_they_are_to() {
    client(&[server(Some("n"), None, false)], true, "", |mut script| {
        enter(&mut script, "a@rooms.lit");
        describe_service(&mut script, PUSH);
        script.expect_sent(
            "<iq type='set' id='*' to='rooms.lit'><enable xmlns='urn:xmpp:push:0' jid='push.lit' node='n'/></iq>",
        );
        // Once for all of its rooms.
        enter(&mut script, "b@rooms.lit");
        script.expect_nothing_sent();
    });
    client(&[server(Some("n"), None, false)], true, "", |mut script| {
        enter(&mut script, "a@rooms.lit");
        describe_service(&mut script, "");
        script.expect_nothing_sent();
    });
}

#[test]
fn unless_the_page_wants_it_they_do_not() {
    client(&[server(Some("n"), None, false)], false, "", |mut script| {
        enter(&mut script, "a@rooms.lit");
        script.expect_nothing_sent();
    });
    client(&[], true, "", |mut script| {
        enter(&mut script, "a@rooms.lit");
        script.expect_nothing_sent();
    });
}

#[test]
fn the_secret_is_in_no_log() {
    let options = Options { push_app_servers: vec![server(Some("n"), Some("s3cret"), false)], ..Options::default() };
    assert!(!format!("{options:?}").contains("s3cret"));
}
