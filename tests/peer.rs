//! The scripted peer itself: what it plays, and that it fails when it must.

mod support;

use converse_wasm::{
    client::{Event, Status},
    session::{Arrival, Delivery},
    stream::{Input, Transmit},
};

use support::{
    pattern::{Names, fill_in, matches, stanza},
    peer::{Script, WEBSOCKET_URL, juliet, on_both, online_on_both, seconds},
};

#[test]
fn a_client_goes_online_and_off() {
    on_both(|mut script| {
        script.log_in();
        script.expect_sent("<iq type='get' id='*'><query xmlns='jabber:iq:roster'/></iq>");
        script.expect_sent("<presence/>");
        script.expect_status(Status::Connecting);
        script.expect_status(Status::Authenticating);
        script.expect_status(Status::Connected);
        assert!(matches!(script.next_event(), Event::Online { arrival: Arrival::New, .. }));
        script.expect_silence();
        script.disconnect();
        script.expect_status(Status::Disconnecting);
        script.expect_close();
        script.recv_close();
        script.expect_event(Event::ContactsFetched);
        script.expect_status(Status::Disconnected);
        script.expect_event(Event::Disconnected(None));
        assert!(!script.has_socket());
        script.advance(seconds(600));
        script.expect_silence();
    });
}

#[test]
fn elements_go_both_ways() {
    online_on_both(|mut script| {
        script.recv("<iq type='get' id='1' from='capulet.lit'><ping xmlns='urn:xmpp:ping'/></iq><message/>");
        script.expect_sent("<iq to='capulet.lit' id='1' type='result'/>");
        script.send("<message to='romeo@montague.lit'/>").unwrap();
        script.expect_sent("<message to='romeo@montague.lit' id='*'/>");
        script.expect_silence();
        // Nothing is due over WebSocket; over BOSH requests come and go.
        script.advance(seconds(600));
        script.expect_nothing_sent();
    });
}

#[test]
fn an_answer_that_is_lost_is_answered_again() {
    let mut script = Script::bosh(juliet());
    script.log_in();
    script.settle();
    script.recv_lost("<iq type='get' id='1' from='capulet.lit'><ping xmlns='urn:xmpp:ping'/></iq>");
    script.expect_silence();
    script.advance(seconds(5));
    script.expect_sent("<iq to='capulet.lit' id='1' type='result'/>");
    script.expect_silence();
}

#[test]
fn what_became_of_a_stanza_is_told_apart() {
    online_on_both(|mut script| {
        script.send("<message id='1'/>").unwrap();
        script.send("<message id='2'/>").unwrap();
        script.expect_sent("<message id='1'/>");
        script.expect_sent("<message id='2'/>");
        script.recv("<message/>");
        script.expect_silence();
        script.expect_delivery("1", Delivery::Sent);
        script.expect_delivery("2", Delivery::Sent);
    });
}

#[test]
fn a_server_that_falls_silent() {
    let mut script = Script::online();
    script.fall_silent();
    script.send("<message id='1'/>").unwrap();
    script.expect_sent("<message id='1'/>");
    script.expect_sent("<iq type='get' id='$ping'><ping xmlns='urn:xmpp:ping'/></iq>");
    script.expect_silence();
    script.recv("<iq type='result' id='$ping'/>");
    script.expect_delivery("1", Delivery::Sent);
}

#[test]
fn a_link_played_by_hand() {
    let mut script = Script::offline();
    script.by_hand();
    script.connect(juliet());
    assert_eq!(script.expect_transmit(), Transmit::SocketOpen { url: WEBSOCKET_URL.to_owned() });
    script.input(Input::SocketClosed);
    assert_eq!(script.expect_transmit(), Transmit::SocketClose);
}

#[test]
#[should_panic(expected = "sent: <presence xmlns=\"jabber:client\"/>\n\nThe conversation so far:\n")]
fn what_was_sent_instead_is_shown() {
    let mut script = Script::online();
    script.send("<presence/>").unwrap();
    script.expect_sent("<message/>");
}

#[test]
#[should_panic(expected = "sent: [Element(")]
fn silence_means_silence() {
    let mut script = Script::online();
    script.send("<presence/>").unwrap();
    script.expect_silence();
}

fn same(expected: &str, actual: &str) -> bool {
    matches(&stanza(expected), &stanza(actual), &mut Names::new())
}

#[test]
fn what_differs_in_writing_only_is_the_same() {
    assert!(same("<a b='1' c='2'> <d/> </a>", "<p:a xmlns:p='jabber:client' c='2' b='1'><p:d/></p:a>"));
    assert!(same("<a b='*'>*</a>", "<a b='1'>text</a>"));
    assert!(same("<a b='$n'><c>$n</c></a>", "<a b='1'><c>1</c></a>"));
}

#[test]
fn what_means_something_else_is_not() {
    assert!(!same("<a/>", "<b/>"));
    assert!(!same("<a/>", "<a xmlns='other'/>"));
    assert!(!same("<a/>", "<a b='1'/>"));
    assert!(!same("<a b='1'/>", "<a/>"));
    assert!(!same("<a b='*'/>", "<a/>"));
    assert!(!same("<a xml:lang='en'/>", "<a lang='en'/>"));
    assert!(!same("<a>1</a>", "<a>2</a>"));
    assert!(!same("<a>*</a>", "<a/>"));
    assert!(!same("<a><b/></a>", "<a><b/><b/></a>"));
    assert!(!same("<a b='$n'><c>$n</c></a>", "<a b='1'><c>2</c></a>"));
}

#[test]
fn a_name_stands_for_its_value() {
    let names = Names::from([("a".to_owned(), "1".to_owned()), ("ab".to_owned(), "<2>".to_owned())]);
    assert_eq!(fill_in("$a $ab $abc $d", &names), "1 &lt;2&gt; &lt;2&gt;c $d");
}
