//! Stream management as a conversation: what counts, what the server has, what it must not say, and how a stream that
//! broke goes on.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::collections::BTreeSet;

use converse_wasm::{
    client::{Client, Event, Status},
    session::{Arrival, Delivery, SendError},
    stream::{Input, MAX_UNACKED, Management, Sent, Ticket},
    xml::{Element, Node, ns, read},
};

use support::{
    managed::{ENABLE, ENABLED, PRESENCE, R, ROSTER, a, message, steadfast},
    peer::{Script, seconds},
};

/// The stream error for a count that cannot be true.
fn too_high(h: u32, sent: u32) -> String {
    format!(
        "<stream:error><undefined-condition xmlns='{}'/>\
         <handled-count-too-high xmlns='urn:xmpp:sm:3' h='{h}' send-count='{sent}'/></stream:error>",
        ns::STREAM_ERRORS.as_str()
    )
}

const BAD_FORMAT: &str = "<stream:error><bad-format xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>";

/// Sends these messages; the client asks once whether they have arrived.
#[track_caller]
fn send(script: &mut Script, ids: &[&str]) {
    for (i, id) in ids.iter().enumerate() {
        script.send(&message(id)).unwrap();
        script.expect_sent(&message(id));
        if i == 0 {
            script.expect_sent(R);
        }
    }
}

#[track_caller]
fn expect_all(script: &mut Script, ids: &[&str], delivery: Delivery) {
    ids.iter().for_each(|id| script.expect_delivery(id, delivery));
}

// Counting

#[test]
fn nothing_is_asked_before_the_server_agrees() {
    let mut script = Script::websocket(steadfast());
    script.authenticate();
    script.bound();
    script.expect_sent(ENABLE);
    script.expect_sent(ROSTER);
    script.forget();
    script.send(&message(1)).unwrap();
    script.expect_sent(&message(1));
    script.recv(R);
    script.recv(&a(99));
    script.recv(&a("x"));
    script.expect_nothing_sent();
    script.recv(ENABLED);
    script.expect_sent(R);
    // What was sent since <enable/> counts: the roster request, presence and the message.
    script.recv(&a(3));
    script.expect_delivery("1", Delivery::Sent);
    assert!(script.client.is_connected());
}

#[test]
fn stanzas_count_and_nothing_else_does() {
    let mut script = Script::managed();
    script.recv("<message/><presence/><iq type='result' id='nobody-asked'/>");
    script.recv("<message from='@'/>"); // makes no sense, and counts
    script.recv(&a(2));
    script.recv("<stream:features/><x xmlns='urn:example'/>");
    script.recv(R);
    script.expect_sent(&a(5));
    script.recv(R);
    script.expect_sent(&a(5));
    // Said again, it does not begin to count anew.
    script.recv(ENABLED);
    script.recv(R);
    script.expect_sent(&a(5));
    script.expect_nothing_sent();
}

#[test]
fn one_request_at_a_time() {
    let mut script = Script::managed();
    send(&mut script, &["1", "2", "3"]);
    script.expect_nothing_sent();
    script.recv(&a(3));
    script.expect_delivery("1", Delivery::Sent);
    script.expect_sent(R);
    script.recv(&a(3)); // nothing new
    script.expect_sent(R);
    script.recv(&a(5));
    expect_all(&mut script, &["2", "3"], Delivery::Sent);
    script.expect_nothing_sent();
    // Unasked, it is true as well.
    script.recv(&a(5));
    script.expect_nothing_sent();
}

#[test]
fn a_stanza_is_encoded_once_however_often_it_is_saved() {
    let mut management = Management::default();
    let mut saves = Vec::new();
    for number in 1..=20 {
        management.push(Sent::new(Ticket(number), read(&message(number)).unwrap()).unwrap());
        saves.push(management.encode());
    }
    // All saves are still there, so that no two texts can have been in the same place.
    let texts = saves.iter().flat_map(Element::nodes).map(|node| match node {
        Node::Written(sent) => sent.as_str().as_ptr(),
        other => panic!("{other:?}"),
    });
    let texts: Vec<_> = texts.collect();
    let encodings = texts.iter().collect::<BTreeSet<_>>().len();
    assert_eq!((texts.len(), encodings), (210, 20));

    let read_back = Management::decode(&read(&saves.pop().unwrap().to_xml().unwrap()).unwrap()).unwrap();
    assert_eq!(read_back.into_unacked(), management.into_unacked());
}

#[test]
fn counters_wrap() {
    let stored = |received: &str, acked: &str| {
        let management = Element::new("management", ns::CACHE).with_attribute("id", "sm1");
        Management::decode(&management.with_attribute("received", received).with_attribute("acked", acked)).unwrap()
    };
    let mut management = stored("4294967295", "4294967294");
    management.count_received();
    assert_eq!(management.answer().unwrap().attribute("h"), Some("0"));
    for number in 1..=4 {
        management.push(Sent::new(Ticket(number), Element::new("message", ns::CLIENT)).unwrap());
    }
    let mut acknowledge = |h: &str| {
        let arrived = management.handle_answer(&Element::new("a", ns::SM).with_attribute("h", h));
        arrived.map(|arrived| arrived.iter().map(|sent| sent.ticket.0).collect::<Vec<_>>())
    };
    assert_eq!(acknowledge("4294967295"), Ok(vec![1]));
    assert_eq!(acknowledge("1"), Ok(vec![2, 3]));
    assert!(acknowledge("4294967295").is_err());
    assert!(acknowledge("3").is_err());
    assert_eq!(acknowledge("2"), Ok(vec![4]));
}

// What the server must not say

#[test]
fn a_count_that_cannot_be_true_ends_the_stream_for_good() {
    for (answer, error) in [
        (a(5), too_high(5, 4)), // more than was sent
        (a(2), too_high(2, 4)), // less than before
        (a(u32::MAX), too_high(u32::MAX, 4)),
        (a(""), BAD_FORMAT.to_owned()),
        (a("x"), BAD_FORMAT.to_owned()),
        (a("-1"), BAD_FORMAT.to_owned()),
        (a("+4"), BAD_FORMAT.to_owned()),
        (a(" 4"), BAD_FORMAT.to_owned()),
        (a("4294967296"), BAD_FORMAT.to_owned()),
        ("<a xmlns='urn:xmpp:sm:3'/>".to_owned(), BAD_FORMAT.to_owned()),
    ] {
        let mut script = Script::managed();
        send(&mut script, &["1", "2"]);
        script.recv(&a(3));
        script.expect_sent(R);
        script.recv(&answer);
        script.expect_sent(&error);
        script.expect_close();
        script.expect_delivery("1", Delivery::Sent);
        script.expect_delivery("2", Delivery::InDoubt);
        script.expect_status(Status::Reconnecting);
        let Event::Lost(cause) = script.next_event() else { script.fail("not lost") };
        assert_eq!(cause.code(), "protocol-error");
        assert!(!script.has_socket());
        // The stream is not resumed, and nothing of it is sent again.
        script.wait();
        script.log_in_managed(&ENABLED.replace("sm1", "sm2"));
        script.expect_sent(R);
        script.recv(&a(2));
        script.expect_nothing_sent();
        script.expect_arrival(Arrival::Reconnected);
    }
}

#[test]
fn a_count_that_cannot_be_true_after_a_resumption() {
    for (resumed, error) in [
        ("h='4' previd='sm1'", too_high(4, 3)),
        ("h='1' previd='sm1'", too_high(1, 3)),
        ("h='3' previd='other'", BAD_FORMAT.to_owned()),
        ("h='3'", BAD_FORMAT.to_owned()),
        ("previd='sm1'", BAD_FORMAT.to_owned()),
    ] {
        let mut script = Script::managed();
        send(&mut script, &["1"]);
        script.lose_and_wait();
        script.expect_resume(1);
        script.recv(&format!("<resumed xmlns='urn:xmpp:sm:3' {resumed}/>"));
        script.expect_sent(&error);
        script.expect_close();
        script.expect_delivery("1", Delivery::InDoubt);
        script.wait();
        script.log_in_managed(ENABLED);
        script.expect_sent(R);
        script.expect_nothing_sent();
    }
}

#[test]
fn a_server_that_will_not_count_after_all() {
    let mut script = Script::websocket(steadfast());
    script.log_in_managed(
        "<failed xmlns='urn:xmpp:sm:3'><unexpected-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>",
    );
    script.forget();
    script.send(&message(1)).unwrap();
    script.expect_sent(&message(1));
    // A ping, which the script answers by itself, says that it has arrived.
    script.expect_delivery("1", Delivery::Sent);
    script.recv(R);
    script.recv(&a(77));
    script.expect_nothing_sent();
    script.lose_and_wait();
    script.log_in_managed(ENABLED);
}

#[test]
fn a_failure_that_comes_late_changes_nothing() {
    let mut script = Script::managed();
    script.recv("<failed xmlns='urn:xmpp:sm:3'/>");
    script.lose_and_wait();
    script.expect_resume(1);
}

#[test]
fn a_stream_without_a_name_is_not_resumed() {
    for enabled in ["", " resume='true'", " id='sm1'", " id='sm1' resume='false'"] {
        let mut script = Script::websocket(steadfast());
        script.log_in_managed(&format!("<enabled xmlns='urn:xmpp:sm:3'{enabled}/>"));
        script.recv(&a(2));
        script.forget();
        send(&mut script, &["1"]);
        script.drop_link();
        script.expect_delivery("1", Delivery::InDoubt);
        assert_eq!(script.send("<presence/>"), Err(SendError::NotConnected));
        script.wait();
        script.log_in_managed(ENABLED);
    }
}

#[test]
fn a_link_that_breaks_before_the_server_agrees() {
    let mut script = Script::websocket(steadfast());
    script.authenticate();
    script.bound();
    script.expect_sent(ENABLE);
    script.expect_sent(ROSTER);
    script.send(&message(1)).unwrap();
    script.forget();
    script.drop_link();
    script.expect_delivery("1", Delivery::InDoubt);
    script.wait();
    script.log_in_managed(ENABLED);
    script.expect_sent(R);
    script.expect_nothing_sent();
}

#[test]
fn a_caller_who_outruns_the_server_is_told() {
    let mut script = Script::managed();
    let (now, client) = (script.now, &mut script.client);
    let send = |client: &mut Client| client.send(now, Element::new("message", ns::CLIENT).with_attribute("id", "1"));
    for _ in 0..MAX_UNACKED {
        send(client).unwrap();
    }
    assert_eq!(send(client), Err(SendError::TooMuchWaiting));
    while client.poll_transmit(now).is_some() {}
    client.handle_input(now, Input::SocketReceived(&a(3)));
    send(client).unwrap();
    assert_eq!(send(client), Err(SendError::TooMuchWaiting));
}

// Going on

#[test]
fn what_was_not_acknowledged_goes_again_and_then_what_waited() {
    let mut script = Script::managed();
    send(&mut script, &["1", "2", "3"]);
    script.send("<iq type='get' id='open' to='capulet.lit'><ping xmlns='urn:xmpp:ping'/></iq>").unwrap();
    script.recv("<message from='nurse@capulet.lit/1'/>");
    script.forget();
    script.drop_link();
    script.send(&message(4)).unwrap();
    script.send("<presence><show>away</show></presence>").unwrap();
    script.wait();
    script.send(&message(5)).unwrap();
    script.expect_resume(2);
    script.expect_nothing_sent();
    script.resume(4);
    expect_all(&mut script, &["1", "2"], Delivery::Sent);
    script.expect_sent(&message(3));
    script.expect_sent("<iq type='get' id='open' to='capulet.lit'><ping xmlns='urn:xmpp:ping'/></iq>");
    script.expect_sent(&message(4));
    script.expect_sent("<presence><show>away</show></presence>");
    script.expect_sent(&message(5));
    script.expect_sent(R);
    script.expect_nothing_sent();
    script.expect_arrival(Arrival::Resumed);
    script.recv(&a(9));
    expect_all(&mut script, &["3", "4", "5"], Delivery::Sent);
    // Once more, and the counters go on.
    script.recv("<message/>");
    script.lose_and_wait();
    script.expect_resume(3);
    script.resume(9);
    script.expect_nothing_sent();
}

#[test]
fn a_resumption_that_is_interrupted_is_tried_again() {
    let mut script = Script::managed();
    send(&mut script, &["1"]);
    script.lose_and_wait();
    script.expect_resume(1);
    script.lose_and_wait();
    // What ends this attempt says nothing about the stream.
    script.authenticate();
    script.forget();
    script.recv("<stream:error><system-shutdown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>");
    script.wait();
    script.expect_resume(1);
    script.resume(2);
    script.expect_sent(&message(1));
    script.recv(&a(3));
    script.expect_delivery("1", Delivery::Sent);
}

#[test]
fn something_else_is_no_answer_to_a_resumption() {
    for answer in ["<message/>", "<stream:features/>", ENABLED, "<resumed/>"] {
        let mut script = Script::managed();
        send(&mut script, &["1"]);
        script.lose_and_wait();
        script.expect_resume(1);
        script.recv(answer);
        script.expect_close();
        script.expect_delivery("1", Delivery::InDoubt);
        script.recv_close();
        assert_eq!(script.expect_end().unwrap().code(), "protocol-error");
    }
}

#[test]
fn requests_wait_for_their_answers() {
    let mut script = Script::websocket(steadfast());
    script.authenticate();
    script.bound();
    script.expect_sent(ENABLE);
    let roster = script.expect_sent(ROSTER);
    script.recv(ENABLED);
    script.forget();
    script.drop_link();
    script.wait();
    script.expect_resume(0);
    script.resume(2);
    let id = roster.attribute("id").unwrap();
    script.recv(&format!("<iq type='result' id='{id}'><query xmlns='jabber:iq:roster'/></iq>"));
    loop {
        match script.next_event() {
            Event::Roster(_) => break,
            Event::ContactsFetched => script.fail("the roster was given up"),
            _ => {}
        }
    }
}

#[test]
fn a_stream_that_is_gone_is_not_asked_for_again() {
    for (h, first) in [
        ("", Delivery::InDoubt),
        (" h='3'", Delivery::Sent),
        (" h='x'", Delivery::InDoubt),
        (" h='9'", Delivery::InDoubt),
    ] {
        let mut script = Script::managed();
        send(&mut script, &["1", "2"]);
        script.drop_link();
        script.send(&message(3)).unwrap();
        script.send("<presence id='p'/>").unwrap();
        script.wait();
        script.expect_resume(1);
        script.recv(&format!(
            "<failed xmlns='urn:xmpp:sm:3'{h}><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>"
        ));
        script.expect_delivery("1", first);
        if first == Delivery::InDoubt {
            script.expect_delivery("2", Delivery::InDoubt);
        }
        script.forget();
        script.lose_and_wait();
        script.authenticate();
        script.bound();
        script.expect_sent(ENABLE);
        if first == Delivery::Sent {
            script.expect_sent(&message(2));
        }
        script.expect_sent(&message(3));
        script.expect_sent(ROSTER);
        script.expect_sent(PRESENCE);
        script.expect_nothing_sent();
        script.expect_arrival(Arrival::Reconnected);
    }
}

#[test]
fn a_reload_goes_on_with_the_stream() {
    let mut script = Script::managed();
    send(&mut script, &["1", "2"]);
    script.recv("<message/>");
    assert!(script.wrote_before_transmit("<body>1</body>") || script.wrote_before_transmit("1&lt;/body"));
    script.reload(steadfast());
    script.send(&message(3)).unwrap();
    script.expect_resume(2);
    // Once more before the server answers.
    script.reload(steadfast());
    script.expect_resume(2);
    script.resume(3);
    script.expect_delivery("1", Delivery::Sent);
    script.expect_sent(&message(2));
    script.expect_arrival(Arrival::Restored);
    script.forget();
    // A loss after that is a loss.
    script.lose_and_wait();
    script.expect_resume(2);
    script.resume(3);
    script.expect_arrival(Arrival::Resumed);
}

#[test]
fn a_reload_while_the_link_is_lost() {
    let mut script = Script::managed();
    send(&mut script, &["1"]);
    script.drop_link();
    script.send(&message(2)).unwrap();
    script.reload(steadfast());
    script.expect_resume(1);
    script.resume(3);
    script.expect_delivery("1", Delivery::Sent);
    script.expect_sent(&message(2));
    script.expect_sent(ROSTER);
    script.expect_sent(R);
    script.expect_nothing_sent();
}

// The end

#[test]
fn the_last_word_says_what_has_arrived() {
    let mut script = Script::managed();
    send(&mut script, &["1", "2"]);
    script.recv("<message/>");
    script.disconnect();
    script.expect_sent(&a(2));
    script.expect_close();
    script.recv(&a(3));
    script.recv_close();
    script.expect_delivery("1", Delivery::Sent);
    script.expect_delivery("2", Delivery::InDoubt);
    script.expect_end();
}

#[test]
fn an_ack_after_the_end_is_a_bonus_and_no_danger() {
    let mut script = Script::managed();
    send(&mut script, &["1"]);
    script.disconnect();
    script.forget();
    script.recv(&a(99));
    script.advance(seconds(5));
    script.expect_delivery("1", Delivery::InDoubt);
}

#[test]
fn a_resumption_nobody_asked_for_is_none() {
    let mut script = Script::websocket(steadfast());
    script.authenticate();
    script.recv("<resumed xmlns='urn:xmpp:sm:3' h='0' previd='sm1'/>");
    script.recv("<enabled xmlns='urn:xmpp:sm:3' id='sm1' resume='true'/>");
    script.bound();
}

#[test]
fn what_is_no_stanza_counts_for_nobody() {
    let mut script = Script::managed();
    send(&mut script, &["1"]);
    script.recv(&a(3));
    script.expect_delivery("1", Delivery::Sent);
    let active = "<active xmlns='urn:xmpp:csi:0'/>";
    script.send(active).unwrap();
    script.expect_sent(active);
    send(&mut script, &["2"]);
    script.recv(&a(4));
    script.expect_delivery("2", Delivery::Sent);
    script.expect_nothing_sent();
}
