//! BOSH as a conversation: what the client posts, what the connection manager answers, and what the layer above sees.

#[path = "support/bosh.rs"]
mod support;

use converse_wasm::{
    stream::{
        Closed, Input, StreamEvent,
        bosh::{Bosh, Delivery, MAX_BODY_BYTES, MAX_RID, OPEN_TIMEOUT, SPACING},
    },
    xml::{ns, read},
};

use support::*;

// Creation

#[test]
fn a_session_is_asked_for_and_granted() {
    let (mut script, creation) = Script::creating();
    for (name, value) in [("to", "capulet.lit"), ("wait", "59"), ("hold", "1"), ("ver", "1.6"), ("ack", "1")] {
        assert_eq!(creation.body.attribute(name), Some(value));
    }
    assert_eq!(creation.body.attribute("content"), Some("text/xml; charset=utf-8"));
    assert_eq!(creation.body.attribute("sid"), None);
    assert_eq!(creation.body.attribute("from"), None);
    assert_eq!(creation.body.attribute_in(&ns::XML, "lang"), Some("en"));
    assert!(creation.xml.contains(" xmlns:xmpp=\"urn:xmpp:xbosh\" xmpp:version=\"1.0\""));
    script.expect_silence();
    script.answer(&creation, CREATED);
    script.expect_opened(Some("A1"), Some("capulet.lit"));
    let parked = script.expect_post(FIRST_RID + 1);
    assert_eq!(parked.body.attribute("sid"), Some("S1"));
    assert_eq!(parked.body.children().count(), 0);
    script.expect_silence();
}

#[test]
fn request_ids_stay_exact_for_ever() {
    for random in [0, 1, MAX_RID, u64::MAX] {
        let mut script = Script::new(Bosh::new(URL.to_owned(), "capulet.lit".to_owned(), random));
        script.open();
        let rid: u64 = script.posted.pop_front().unwrap().body.attribute("rid").unwrap().parse().unwrap();
        assert!((1..=MAX_RID / 2).contains(&rid), "{rid}");
    }
}

#[test]
fn a_request_id_beyond_the_highest_is_not_sent() {
    let mut script = Script::new(attach(MAX_RID));
    script.open();
    let last = script.expect_post(MAX_RID);
    script.answer(&last, EMPTY);
    script.expect_opened(None, None);
    script.expect_closed(Closed::Lost);
    script.expect_silence();

    let mut script = Script::new(attach(u64::MAX));
    script.open();
    script.expect_closed(Closed::Lost);
    script.expect_silence();
}

#[test]
fn a_server_that_cannot_be_reached() {
    let (mut script, creation) = Script::creating();
    script.fail(&creation);
    script.expect_closed(Closed::Unreachable);

    let (mut script, creation) = Script::creating();
    script.answer_status(&creation, 503, "<html>Service Unavailable</html>");
    script.expect_closed(Closed::Unreachable);

    let (mut script, creation) = Script::creating();
    script.wait(OPEN_TIMEOUT);
    script.expect_abort(&creation);
    script.expect_closed(Closed::Unreachable);
    script.answer(&creation, CREATED);
    script.expect_silence();
}

#[test]
fn an_address_where_there_is_no_bosh() {
    for (status, answer) in [
        (200, "<!DOCTYPE html><html></html>"),
        (200, "<html xmlns='http://www.w3.org/1999/xhtml'/>"),
        (200, "<body/>"),
        (200, ""),
        (200, EMPTY),
        (200, REPEAT),
        (200, "<body xmlns='http://jabber.org/protocol/httpbind' sid=''/>"),
        (404, "<html>Not Found</html>"),
        (403, ""),
        (301, ""),
    ] {
        let (mut script, creation) = Script::creating();
        script.answer_status(&creation, status, answer);
        script.expect_closed(Closed::NotXmpp);
        script.expect_silence();
    }
}

#[test]
fn a_server_that_refuses_a_session() {
    let (mut script, creation) = Script::creating();
    script.answer(&creation, &terminate("host-unknown"));
    script.expect_closed(stream_error("host-unknown"));
}

#[test]
fn features_that_come_with_the_first_answer_follow_the_opening() {
    let (mut script, creation) = Script::creating();
    let features = "<stream:features xmlns:stream='http://etherx.jabber.org/streams'/>";
    script.answer(&creation, &CREATED.replace("/>", &format!(">{features}</body>")));
    script.expect_opened(Some("A1"), Some("capulet.lit"));
    assert_eq!(script.events.pop_front(), Some(StreamEvent::Received(read(features).unwrap())));
}

#[test]
fn what_a_hostile_server_grants_is_kept_in_bounds() {
    let terms = |attributes: &str| {
        let granted = format!("<body xmlns='http://jabber.org/protocol/httpbind' sid='S1' ver='1.6' {attributes}/>");
        let mut script = Script::opened_with(&granted);
        script.expect_post(FIRST_RID + 1);
        script.bosh.session().unwrap().terms
    };
    let huge = "9007199254740991";
    let most = terms(&format!(
        "wait='{huge}' requests='{huge}' hold='{huge}' inactivity='{huge}' polling='{huge}' maxpause='{huge}'"
    ));
    assert_eq!((most.wait, most.requests, most.hold, most.polling), (seconds(59), 2, 1, seconds(30)));
    let least = terms("wait='0' requests='0' hold='0' inactivity='0' polling='0' maxpause='0'");
    assert_eq!((least.wait, least.requests, least.hold, least.polling), (seconds(0), 1, 0, seconds(1)));
    for odd in ["-1", "+5", "1.5", " 5", "5s", "", "0x5", "1e3", "99999999999999999999999"] {
        let terms = terms(&format!("wait='{odd}' requests='{odd}' hold='{odd}' inactivity='{odd}' polling='{odd}'"));
        assert_eq!((terms.wait, terms.requests, terms.hold), (seconds(59), 2, 1), "{odd:?}");
        assert_eq!((terms.inactivity, terms.polling), (None, seconds(1)), "{odd:?}");
    }
}

// Sending and receiving

#[test]
fn one_request_is_parked_while_nothing_happens() {
    let (mut script, mut parked) = Script::idle();
    for rid in FIRST_RID + 2..FIRST_RID + 10 {
        script.wait(seconds(59));
        script.expect_silence();
        script.answer(&parked, EMPTY);
        parked = script.expect_post(rid);
        script.expect_silence();
    }
}

#[test]
fn two_requests_are_under_way_and_the_rest_waits_for_the_next() {
    let (mut script, parked) = Script::idle();
    script.send(&message("1"));
    let first = script.expect_post(FIRST_RID + 2);
    assert_eq!(bodies(&first), ["1"]);
    assert!(first.xml.contains("<message xmlns=\"jabber:client\""));
    script.send(&message("2"));
    script.send(&message("3"));
    script.expect_silence();
    script.answer(&parked, EMPTY);
    let second = script.expect_post(FIRST_RID + 3);
    assert_eq!(bodies(&second), ["2", "3"]);
    script.answer(&first, EMPTY);
    script.expect_silence();
    script.answer(&second, EMPTY);
    script.expect_post(FIRST_RID + 4);
    script.expect_silence();
}

#[test]
fn no_request_can_overtake_the_one_before_it() {
    let (mut script, _) = Script::idle();
    script.bosh.send(script.now, &read(&message("1")).unwrap()).unwrap();
    script.run();
    script.bosh.send(script.now, &read(&message("2")).unwrap()).unwrap();
    script.run();
    script.expect_silence();
    script.wait(SPACING);
    assert_eq!(bodies(&script.expect_post(FIRST_RID + 2)), ["1", "2"]);
}

#[test]
fn what_is_sent_in_answer_to_an_answer_takes_the_place_of_the_idle_request() {
    let (mut script, parked) = Script::idle();
    let body = messages(&["hi"]);
    script.bosh.handle_input(script.now, Input::HttpAnswered { id: parked.id, status: 200, body: &body });
    script.bosh.send(script.now, &read(&message("hi yourself")).unwrap()).unwrap();
    script.run();
    assert_eq!(bodies(&script.expect_post(FIRST_RID + 2)), ["hi yourself"]);
    script.expect_message("hi");
    script.expect_silence();
}

#[test]
fn a_body_is_not_filled_without_end() {
    let (mut script, parked) = Script::idle();
    script.send(&message("first"));
    let first = script.expect_post(FIRST_RID + 2);
    let half = "x".repeat(MAX_BODY_BYTES / 2);
    let double = "x".repeat(MAX_BODY_BYTES * 2);
    for body in ["a", &half, &half, &double, "b"] {
        script.send(&message(body));
    }
    script.answer(&parked, EMPTY);
    let second = script.expect_post(FIRST_RID + 3);
    assert_eq!(bodies(&second), ["a", &half]);
    script.answer(&first, EMPTY);
    let third = script.expect_post(FIRST_RID + 4);
    assert_eq!(bodies(&third), [half.as_str()]);
    script.answer(&second, EMPTY);
    assert_eq!(bodies(&script.expect_post(FIRST_RID + 5)), [double]);
    script.answer(&third, EMPTY);
    assert_eq!(bodies(&script.expect_post(FIRST_RID + 6)), ["b"]);
}

#[test]
fn answers_are_delivered_in_the_order_of_the_requests() {
    let (mut script, parked) = Script::idle();
    script.send(&message("ping"));
    let second = script.expect_post(FIRST_RID + 2);
    script.answer(&second, &messages(&["3", "4"]));
    script.expect_silence();
    script.answer(&parked, &messages(&["1", "2"]));
    for body in ["1", "2", "3", "4"] {
        script.expect_message(body);
    }
    script.expect_post(FIRST_RID + 3);
    script.expect_silence();
}

#[test]
fn stanzas_that_fell_into_the_namespace_of_bosh_are_lifted_out() {
    let (mut script, parked) = Script::idle();
    script.answer(
        &parked,
        "<body xmlns='http://jabber.org/protocol/httpbind'><message><body>hi</body><x xmlns='u'><body/></x></message>\
         <other/></body>",
    );
    let Some(StreamEvent::Received(message)) = script.events.pop_front() else { panic!() };
    assert!(message.is("message", &ns::CLIENT));
    assert_eq!(message.child("body", &ns::CLIENT).unwrap().text(), "hi");
    assert_eq!(message.children().nth(1).unwrap().children().next().unwrap().namespace().as_str(), "u");
    let Some(StreamEvent::Received(other)) = script.events.pop_front() else { panic!() };
    assert!(other.is("other", &ns::HTTP_BIND));
}

#[test]
fn a_server_that_answers_at_once_is_not_asked_without_end() {
    let (mut script, parked) = Script::idle();
    script.answer(&parked, EMPTY);
    script.expect_silence();
    script.wait(seconds(4));
    script.expect_silence();
    script.wait(seconds(1));
    let parked = script.expect_post(FIRST_RID + 2);
    script.answer(&parked, &messages(&["hi"]));
    script.expect_message("hi");
    script.expect_post(FIRST_RID + 3);
}

#[test]
fn a_server_with_nothing_to_say_is_made_to_say_that_it_has_what_was_sent() {
    let (mut script, parked) = Script::idle();
    script.send(&message("1"));
    let first = script.expect_post(FIRST_RID + 2);
    script.answer(&parked, EMPTY);
    script.wait(seconds(4));
    script.expect_silence();
    script.wait(seconds(1));
    let next = script.expect_post(FIRST_RID + 3);
    assert_eq!(next.body.children().count(), 0);
    assert_eq!(script.bosh.delivery(), Delivery { accepted: 0, in_doubt: 1, unsent: 0 });
    script.answer(&first, EMPTY);
    assert_eq!(script.bosh.delivery(), Delivery { accepted: 1, in_doubt: 0, unsent: 0 });
    script.wait(seconds(50));
    script.expect_silence();
}

#[test]
fn a_server_that_says_by_itself_what_it_has_is_not_asked() {
    let mut script = Script::opened_with(&CREATED.replace("ver=", "ack='1001' ver="));
    let parked = script.expect_post(FIRST_RID + 1);
    script.send(&message("1"));
    script.expect_post(FIRST_RID + 2);
    script.answer(&parked, "<body xmlns='http://jabber.org/protocol/httpbind' ack='1003'/>");
    script.wait(seconds(50));
    script.expect_silence();
}

#[test]
fn a_polling_session_has_one_request_at_a_time() {
    let mut script = Script::opened_with(&CREATED.replace("requests='2' hold='1'", "requests='1' hold='0'"));
    let poll = script.expect_post(FIRST_RID + 1);
    script.send(&message("1"));
    script.expect_silence();
    script.answer(&poll, EMPTY);
    let first = script.expect_post(FIRST_RID + 2);
    assert_eq!(bodies(&first), ["1"]);
    script.answer(&first, EMPTY);
    let poll = script.expect_post(FIRST_RID + 3);
    script.answer(&poll, EMPTY);
    script.wait(seconds(4));
    script.expect_silence();
    script.wait(seconds(1));
    script.expect_post(FIRST_RID + 4);
}

#[test]
fn answers_are_acknowledged_where_the_server_does_so() {
    let mut script = Script::opened_with(&CREATED.replace("ver=", "ack='1001' ver="));
    let parked = script.expect_post(FIRST_RID + 1);
    assert_eq!(parked.body.attribute("ack"), None, "all answers have come");
    script.send(&message("1"));
    let first = script.expect_post(FIRST_RID + 2);
    assert_eq!(first.body.attribute("ack"), Some("1001"));
    assert_eq!(script.bosh.delivery(), Delivery { accepted: 0, in_doubt: 1, unsent: 0 });
    script.answer(&parked, "<body xmlns='http://jabber.org/protocol/httpbind' ack='1003'/>");
    assert_eq!(script.bosh.delivery(), Delivery { accepted: 1, in_doubt: 0, unsent: 0 });
    script.answer(&first, EMPTY);
    assert_eq!(script.bosh.delivery(), Delivery { accepted: 1, in_doubt: 0, unsent: 0 });
}

#[test]
fn an_acknowledgement_of_what_was_never_sent_counts_for_nothing() {
    let mut script = Script::opened_with(&CREATED.replace("ver=", "ack='1001' ver="));
    let parked = script.expect_post(FIRST_RID + 1);
    script.send(&message("1"));
    script.expect_post(FIRST_RID + 2);
    script.answer(&parked, "<body xmlns='http://jabber.org/protocol/httpbind' ack='1004'/>");
    assert_eq!(script.bosh.delivery().accepted, 0);
}

#[test]
fn what_became_of_each_element_is_known() {
    let (mut script, parked) = Script::idle();
    script.send(&message("1"));
    let first = script.expect_post(FIRST_RID + 2);
    script.send(&message("2"));
    script.send(&message("3"));
    assert_eq!(script.bosh.delivery(), Delivery { accepted: 0, in_doubt: 1, unsent: 2 });
    script.answer(&parked, EMPTY);
    assert_eq!(script.bosh.delivery(), Delivery { accepted: 0, in_doubt: 3, unsent: 0 });
    script.answer(&first, EMPTY);
    script.send(&message("4"));
    script.send(&message("5"));
    let second = script.expect_post(FIRST_RID + 3);
    script.answer(&second, &terminate("system-shutdown"));
    script.expect_post(FIRST_RID + 4);
    script.expect_closed(stream_error("system-shutdown"));
    assert_eq!(script.bosh.delivery(), Delivery { accepted: 1, in_doubt: 3, unsent: 1 });
}

// Restart

#[test]
fn the_stream_is_restarted_by_a_request_of_its_own() {
    let (mut script, parked) = Script::idle();
    script.bosh.restart(script.now);
    script.run();
    let restart = script.expect_post(FIRST_RID + 2);
    assert!(restart.xml.contains(" xmlns:xmpp=\"urn:xmpp:xbosh\" xmpp:restart=\"true\""));
    assert_eq!(restart.body.attribute("to"), Some("capulet.lit"));
    assert_eq!(restart.body.children().count(), 0);
    script.send(&message("1"));
    script.expect_silence();
    // Prosody answers the older request with the features.
    let features = "<stream:features xmlns:stream='http://etherx.jabber.org/streams'/>";
    script.answer(&parked, &format!("<body xmlns='http://jabber.org/protocol/httpbind'>{features}</body>"));
    script.expect_opened(None, Some("capulet.lit"));
    assert_eq!(script.events.pop_front(), Some(StreamEvent::Received(read(features).unwrap())));
    assert_eq!(bodies(&script.expect_post(FIRST_RID + 3)), ["1"]);
    script.expect_silence();
}

#[test]
fn a_restart_keeps_its_place_among_the_elements() {
    let (mut script, parked) = Script::idle();
    script.send(&message("1"));
    let first = script.expect_post(FIRST_RID + 2);
    script.send(&message("2"));
    script.bosh.restart(script.now);
    script.send(&message("3"));
    script.answer(&parked, EMPTY);
    assert_eq!(bodies(&script.expect_post(FIRST_RID + 3)), ["2"]);
    script.answer(&first, EMPTY);
    assert!(script.expect_post(FIRST_RID + 4).xml.contains("xmpp:restart"));
    script.expect_silence();
}
