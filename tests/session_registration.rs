//! An account is made before anybody logs in: what the server wants to know, the answers, and every way to fail.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{
    client::{Call, Event, Outcome, Status},
    session::{ConnectionError, LOGIN_TIMEOUT, SendError},
    stream::{Closed, Endpoint},
};

use support::peer::{BOSH_URL, Script, WEBSOCKET_URL, juliet, mechanisms, seconds};

const ASK: &str = "<iq type='get' id='$ask' to='capulet.lit'><query xmlns='jabber:iq:register'/></iq>";
const LEGACY: &str = "<iq type='result' id='$ask'><query xmlns='jabber:iq:register'>\
    <instructions>Choose a name.</instructions><username/><password/><key>k3y</key><unknown/></query></iq>";
const FORM: &str = "<iq type='result' id='$ask'><query xmlns='jabber:iq:register'>\
    <instructions>Old</instructions><username/><password/>\
    <x xmlns='jabber:x:data' type='form'><title>Join us</title><instructions>New</instructions>\
    <field type='hidden' var='FORM_TYPE'><value>jabber:iq:register</value></field>\
    <field type='text-single' var='username' label='User'><required/></field>\
    <field type='text-private' var='password'><required/><desc>Long</desc></field>\
    <field type='list-single' var='house'><option label='Ours'><value>c</value></option><option><value>m</value></option></field>\
    <field type='hidden' var='challenge'><value>42</value></field>\
    <field var='ocr' label='What do you see?'><media xmlns='urn:xmpp:media-element'>\
    <uri type='image/png'>http://elsewhere.lit/c.png</uri><uri type='image/png'>cid:sha1+f@bob.xmpp.org</uri></media></field></x>\
    <data xmlns='urn:xmpp:bob' cid='sha1+f@bob.xmpp.org' type='image/png'>iVBO\nRw0=</data></query></iq>";
const CONFLICT: &str = "<iq type='error' id='$set'><error type='cancel'>\
    <conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>";

/// Somebody asks for the questions, over both transports.
#[track_caller]
fn asking(conversation: impl Fn(Script)) {
    for endpoint in [Endpoint::WebSocket(WEBSOCKET_URL.to_owned()), Endpoint::Bosh(BOSH_URL.to_owned())] {
        let mut script = Script::offline();
        script.visit("capulet.lit", |client, now| {
            client.ask_to_register(now, &endpoint, "capulet.lit".to_owned(), Call(1));
        });
        conversation(script);
    }
}

/// The server has answered with these questions.
#[track_caller]
fn asked(offer: &str, conversation: impl Fn(Script)) {
    asking(|mut script| {
        script.accept();
        script.open_stream(&mechanisms(&["PLAIN"]));
        script.expect_sent(ASK);
        script.recv(offer);
        conversation(script);
    });
}

fn answers(all: &[(&str, &str)]) -> Vec<(String, Vec<String>)> {
    all.iter().map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()])).collect()
}

#[track_caller]
fn outcome(script: &mut Script) -> (u32, Outcome) {
    match script.poll_event() {
        Some(Event::Finished { call: Call(call), outcome }) => (call, outcome),
        other => panic!("expected an outcome, not {other:?}"),
    }
}

/// What is offered, as text.
#[track_caller]
fn offered(script: &mut Script) -> String {
    match outcome(script) {
        (1, Outcome::Value(value)) => format!("{value:?}"),
        other => panic!("expected an offer, not {other:?}"),
    }
}

#[test]
fn a_server_asks_without_a_form() {
    asked(LEGACY, |mut script| {
        let offer = offered(&mut script);
        assert!(offer.contains("Choose a name.") && offer.contains("username"), "{offer}");
        assert!(!offer.contains("k3y") && !offer.contains("unknown"), "{offer}");
        let given = answers(&[("username", "juliet"), ("password", "R0m30"), ("admin", "true")]);
        script.act(|client, now| client.register(now, &given, Call(2)));
        script.expect_sent(
            "<iq type='set' id='$set' to='capulet.lit'><query xmlns='jabber:iq:register'>\
             <username>juliet</username><password>R0m30</password><key>k3y</key></query></iq>",
        );
        script.recv("<iq type='result' id='$set'/>");
        assert_eq!(outcome(&mut script), (2, Outcome::Done));
        script.expect_close();
        assert_eq!(script.client.status(), Status::Disconnected);
    });
}

#[test]
fn a_form_goes_before_what_is_asked_without_one() {
    asked(FORM, |mut script| {
        let offer = offered(&mut script);
        for shown in ["Join us", "New", "User", "Long", "Ours", "data:image/png;base64,iVBORw0="] {
            assert!(offer.contains(shown), "{shown} in {offer}");
        }
        assert!(!offer.contains("challenge") && !offer.contains("elsewhere.lit"), "{offer}");
        let given =
            answers(&[("username", "juliet"), ("password", "R0m30"), ("house", "c"), ("challenge", "7"), ("ocr", "x")]);
        script.act(|client, now| client.register(now, &given, Call(2)));
        script.expect_sent(
            "<iq type='set' id='$set' to='capulet.lit'><query xmlns='jabber:iq:register'>\
             <x xmlns='jabber:x:data' type='submit'>\
             <field var='FORM_TYPE' type='hidden'><value>jabber:iq:register</value></field>\
             <field var='username'><value>juliet</value></field><field var='password'><value>R0m30</value></field>\
             <field var='house'><value>c</value></field>\
             <field var='challenge' type='hidden'><value>42</value></field>\
             <field var='ocr'><value>x</value></field></x></query></iq>",
        );
    });
}

#[test]
fn after_a_refusal_there_may_be_other_answers() {
    asked(LEGACY, |mut script| {
        offered(&mut script);
        for (call, name) in [(2, "romeo"), (3, "juliet")] {
            script.forget_name("set");
            script.act(|client, now| client.register(now, &answers(&[("username", name)]), Call(call)));
            script.expect_sent(&format!(
                "<iq type='set' id='$set' to='capulet.lit'><query xmlns='jabber:iq:register'>\
                 <username>{name}</username><key>k3y</key></query></iq>"
            ));
            // Meanwhile nothing else is sent.
            script.act(|client, now| client.register(now, &answers(&[("username", "x")]), Call(9)));
            assert_eq!(outcome(&mut script), (9, Outcome::Disconnected));
            script.recv(CONFLICT);
            assert!(matches!(outcome(&mut script), (sent, Outcome::Refused(_)) if sent == call));
        }
    });
}

#[test]
fn a_server_that_makes_no_accounts_says_so() {
    asked(
        "<iq type='error' id='$ask'><error type='cancel'>\
         <service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
        |mut script| {
            assert!(matches!(outcome(&mut script), (1, Outcome::Refused(_))));
            script.expect_close();
        },
    );
}

#[test]
fn answers_that_make_no_sense_end_it() {
    asked("<iq type='result' id='$ask'><query xmlns='jabber:iq:version'/></iq>", |mut script| {
        assert!(matches!(outcome(&mut script), (1, Outcome::Failed(ConnectionError::Login(_)))));
        script.expect_close();
    });
}

#[test]
fn a_server_that_does_not_answer_is_given_up() {
    asking(|mut script| {
        script.accept();
        script.open_stream(&mechanisms(&["PLAIN"]));
        script.expect_sent(ASK);
        script.advance(LOGIN_TIMEOUT + seconds(1));
        assert_eq!(outcome(&mut script), (1, Outcome::Failed(ConnectionError::TimedOut)));
    });
}

#[test]
fn a_server_that_cannot_be_reached() {
    asking(|mut script| {
        script.refuse();
        script.advance(LOGIN_TIMEOUT + seconds(1));
        let unreachable = ConnectionError::Closed(Closed::Unreachable);
        let (call, outcome) = outcome(&mut script);
        assert!(
            call == 1
                && matches!(&outcome, Outcome::Failed(error) if *error == unreachable || *error == ConnectionError::TimedOut),
            "{outcome:?}"
        );
    });
}

#[test]
fn the_user_may_think_as_long_as_the_server_waits() {
    asked(LEGACY, |mut script| {
        offered(&mut script);
        script.advance(LOGIN_TIMEOUT * 2);
        assert_eq!(script.poll_event(), None);
        script.act(|client, now| client.stop_registering(now));
        script.expect_close();
        script.act(|client, now| client.register(now, &[], Call(4)));
        assert_eq!(outcome(&mut script), (4, Outcome::Disconnected));
    });
}

#[test]
fn a_log_in_takes_its_place() {
    asking(|mut script| {
        script.expect_connect();
        script.connect(juliet());
        assert_eq!(outcome(&mut script), (1, Outcome::Disconnected));
    });
}

#[test]
fn nobody_who_is_logged_in_registers() {
    let mut script = Script::online();
    let endpoint = Endpoint::WebSocket(WEBSOCKET_URL.to_owned());
    script.act(|client, now| client.ask_to_register(now, &endpoint, "capulet.lit".to_owned(), Call(1)));
    assert_eq!(outcome(&mut script), (1, Outcome::Unsent(SendError::NotConnected)));
    assert!(script.client.is_connected());
}
