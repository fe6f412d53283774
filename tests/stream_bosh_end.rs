//! How a BOSH session ends, and who says so.

#[path = "support/bosh.rs"]
mod support;

use converse_wasm::{
    stream::{
        Closed, StreamError,
        bosh::{CLOSE_TIMEOUT, Delivery, MAX_BODY_BYTES},
    },
    xml::{ReadError, Restricted, ns, read},
};

use support::*;

#[test]
fn this_side_ends_the_session_with_what_it_has_to_say() {
    let (mut script, parked) = Script::idle();
    script.send(&message("1"));
    script.expect_post(FIRST_RID + 2);
    script.send("<presence xmlns='jabber:client' type='unavailable'/>");
    script.expect_silence();
    script.close();
    // One more than the server keeps may leave, if it is the last.
    let end = script.expect_post(FIRST_RID + 3);
    assert_eq!(end.body.attribute("type"), Some("terminate"));
    assert_eq!(end.body.children().next().unwrap().attribute("type"), Some("unavailable"));
    script.send(&message("too late"));
    script.expect_silence();
    script.answer(&parked, &messages(&["crossed"]));
    script.expect_message("crossed");
    script.answer(&end, "<body xmlns='http://jabber.org/protocol/httpbind' type='terminate'/>");
    script.expect_silence();
    assert_eq!(script.bosh.delivery().unsent, 0);
    script.wait(CLOSE_TIMEOUT);
    script.expect_closed(Closed::ByUs);
}

#[test]
fn the_end_of_a_session_is_agreed_on() {
    let (mut script, parked) = Script::idle();
    script.close();
    let end = script.expect_post(FIRST_RID + 2);
    // ejabberd says so to the request it was holding.
    script.answer(&parked, &terminate("other-request"));
    script.expect_closed(Closed::ByUs);
    script.expect_abort(&end);
    script.expect_silence();
}

#[test]
fn a_server_that_does_not_agree_to_the_end_is_not_waited_for() {
    let (mut script, _) = Script::idle();
    script.close();
    script.expect_post(FIRST_RID + 2);
    script.wait(CLOSE_TIMEOUT);
    script.expect_closed(Closed::ByUs);
}

#[test]
fn a_session_that_is_not_there_yet_ends_at_once() {
    let (mut script, creation) = Script::creating();
    script.close();
    script.expect_abort(&creation);
    script.expect_closed(Closed::ByUs);

    let mut script = Script::new(bosh());
    script.close();
    script.expect_closed(Closed::ByUs);
    script.open();
    script.expect_silence();
}

#[test]
fn more_than_fits_one_body_is_sent_before_the_end() {
    let (mut script, parked) = Script::idle();
    let long = "x".repeat(MAX_BODY_BYTES);
    script.bosh.send(script.now, &read(&message("first")).unwrap()).unwrap();
    script.bosh.send(script.now, &read(&message(&long)).unwrap()).unwrap();
    script.close();
    assert_eq!(script.expect_post(FIRST_RID + 2).body.attribute("type"), None);
    let end = script.expect_post(FIRST_RID + 3);
    assert_eq!((end.body.attribute("type"), bodies(&end)), (Some("terminate"), vec![long]));
    script.answer(&parked, EMPTY);
    script.expect_silence();
}

#[test]
fn the_server_ends_the_session() {
    let ends = [
        ("type='terminate'", "", Closed::ByPeer),
        ("type='terminate' condition='policy-violation'", "", stream_error("policy-violation")),
        (
            "type='terminate' condition='see-other-uri'",
            "<uri> https://other.lit/http-bind </uri>",
            Closed::StreamError(StreamError {
                condition: "see-other-uri".into(),
                text: None,
                other: Some("https://other.lit/http-bind".into()),
            }),
        ),
        (
            "type='terminate' condition='remote-stream-error'",
            "<error xmlns='http://etherx.jabber.org/streams'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>\
             <text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>Replaced</text></error>",
            Closed::StreamError(StreamError {
                condition: "conflict".into(),
                text: Some("Replaced".into()),
                other: None,
            }),
        ),
        ("type='terminate' condition='remote-stream-error'", "", stream_error("remote-stream-error")),
    ];
    for (attributes, payload, reason) in ends {
        let (mut script, parked) = Script::idle();
        let last = message("last");
        script.answer(
            &parked,
            &format!("<body xmlns='http://jabber.org/protocol/httpbind' {attributes}>{last}{payload}</body>"),
        );
        script.expect_message("last");
        script.expect_closed(reason);
        script.expect_silence();
    }
}

#[test]
fn what_is_answered_with_the_end_has_not_arrived_for_certain() {
    // A server that was started anew does not know the session, and took nothing of it.
    let (mut script, parked) = Script::idle();
    script.send(&message("1"));
    let first = script.expect_post(FIRST_RID + 2);
    script.answer(&parked, EMPTY);
    script.answer(&first, &terminate("item-not-found"));
    script.expect_closed(stream_error("item-not-found"));
    assert_eq!(script.bosh.delivery(), Delivery { accepted: 0, in_doubt: 1, unsent: 0 });

    // One that acknowledges the request has it.
    let mut script = Script::opened_with(&CREATED.replace("ver=", "ack='1001' ver="));
    let parked = script.expect_post(FIRST_RID + 1);
    script.send(&message("1"));
    let first = script.expect_post(FIRST_RID + 2);
    script.answer(&parked, "<body xmlns='http://jabber.org/protocol/httpbind'/>");
    script.answer(&first, "<body xmlns='http://jabber.org/protocol/httpbind' type='terminate' ack='1003'/>");
    assert_eq!(script.bosh.delivery(), Delivery { accepted: 1, in_doubt: 0, unsent: 0 });

    // What goes along with the end that this side asks for has arrived when the other agrees.
    let (mut script, parked) = Script::idle();
    script.answer(&parked, EMPTY);
    script.send(&message("1"));
    script.close();
    script.run();
    while let Some(post) = script.posted.pop_front() {
        let last = post.body.attribute("type") == Some("terminate");
        script.answer(
            &post,
            if last { "<body xmlns='http://jabber.org/protocol/httpbind' type='terminate'/>" } else { EMPTY },
        );
    }
    script.expect_closed(Closed::ByUs);
    assert_eq!(script.bosh.delivery(), Delivery { accepted: 1, in_doubt: 0, unsent: 0 });
}

#[test]
fn http_errors_end_the_session_of_a_server_that_names_no_version() {
    for (status, condition) in [(400, "bad-request"), (403, "policy-violation"), (404, "item-not-found")] {
        let mut script = Script::opened_with(&CREATED.replace("ver='1.6'", ""));
        let parked = script.expect_post(FIRST_RID + 1);
        script.answer_status(&parked, status, "<html/>");
        script.expect_closed(stream_error(condition));
        // Where the server would say so in BOSH, it is a machine in between that does not work.
        let (mut script, parked) = Script::idle();
        script.answer_status(&parked, status, "<html/>");
        script.wait(seconds(1));
        script.expect_repeat(&parked);
    }
}

#[test]
fn the_end_is_announced_while_an_earlier_answer_is_lost() {
    let (mut script, parked) = Script::idle();
    script.send(&message("1"));
    let second = script.expect_post(FIRST_RID + 2);
    script.answer(&second, &terminate("system-shutdown"));
    script.expect_silence();
    script.fail(&parked);
    script.expect_closed(stream_error("system-shutdown"));

    let (mut script, parked) = Script::idle();
    script.send(&message("1"));
    let second = script.expect_post(FIRST_RID + 2);
    script.fail(&parked);
    script.answer(&second, &terminate("system-shutdown"));
    script.expect_closed(stream_error("system-shutdown"));
    script.expect_silence();
}

#[test]
fn a_bad_answer_ends_the_session_and_the_server_is_told() {
    let restricted = ReadError::Restricted(Restricted::Doctype);
    for (answer, error, condition) in [
        ("<!DOCTYPE a><body/>", restricted, "restricted-xml"),
        ("<body xmlns='http://jabber.org/protocol/httpbind'>", ReadError::NotWellFormed, "not-well-formed"),
    ] {
        let (mut script, parked) = Script::idle();
        script.send(&message("1"));
        let second = script.expect_post(FIRST_RID + 2);
        script.answer(&parked, answer);
        let end = script.expect_post(FIRST_RID + 3);
        assert_eq!(end.body.attribute("type"), Some("terminate"));
        assert!(end.body.child("error", &ns::STREAM).unwrap().child(condition, &ns::STREAM_ERRORS).is_some());
        script.expect_abort(&second);
        script.expect_closed(Closed::BadFrame(error));
        assert!(script.aborted.is_empty(), "the request that tells is not given up");
        script.answer(&end, EMPTY);
        script.expect_silence();
    }
}
