//! BOSH over a network that loses answers, and under a page that is reloaded.

#[path = "support/bosh.rs"]
mod support;

use std::time::Duration;

use converse_wasm::stream::{
    Closed, StreamEvent,
    bosh::{ANSWER_GRACE, CLOSE_TIMEOUT, Delivery, MAX_RETRIES},
};

use support::*;

// Lost answers

#[test]
fn a_lost_answer_is_asked_for_again_with_the_same_request() {
    let (mut script, parked) = Script::idle();
    script.send(&message("1"));
    let first = script.expect_post(FIRST_RID + 2);
    script.fail(&parked);
    script.send(&message("2"));
    script.expect_silence();
    script.wait(seconds(1));
    let repeated = script.expect_repeat(&parked);
    script.expect_silence();
    // What comes in answer to the first try comes too late.
    script.answer(&parked, &messages(&["late"]));
    script.expect_silence();
    script.answer(&repeated, &messages(&["hi"]));
    script.expect_message("hi");
    assert_eq!(bodies(&script.expect_post(FIRST_RID + 3)), ["2"]);
    script.answer(&first, EMPTY);
    script.expect_silence();
}

#[test]
fn a_link_that_is_not_trusted_any_more_is_mended() {
    let (mut script, parked) = Script::idle();
    script.send(&message("1"));
    let first = script.expect_post(FIRST_RID + 2);
    script.bosh.distrust(script.now);
    script.run();
    script.expect_abort(&parked);
    script.expect_abort(&first);
    script.expect_silence();
    script.wait(seconds(1));
    let parked = script.expect_repeat(&parked);
    script.answer(&parked, &messages(&["hi"]));
    script.expect_message("hi");
    script.expect_repeat(&first);
}

#[test]
fn requests_are_repeated_in_their_order() {
    let (mut script, parked) = Script::idle();
    script.send(&message("1"));
    let first = script.expect_post(FIRST_RID + 2);
    script.fail(&first);
    script.fail(&parked);
    script.wait(seconds(1));
    script.expect_repeat(&parked);
    script.expect_repeat(&first);
    script.expect_silence();
}

#[test]
fn an_answer_proves_that_the_link_is_whole() {
    let (mut script, parked) = Script::idle();
    script.send(&message("1"));
    let first = script.expect_post(FIRST_RID + 2);
    script.fail(&parked);
    script.answer(&first, EMPTY);
    // No delay: the network works.
    let repeated = script.expect_repeat(&parked);
    script.answer(&repeated, EMPTY);
    script.expect_post(FIRST_RID + 3);
}

#[test]
fn a_repeated_request_that_the_server_keeps_is_followed_by_another() {
    let (mut script, parked) = Script::idle();
    script.wait(seconds(20));
    script.fail(&parked);
    script.wait(Duration::from_millis(500));
    let repeated = script.expect_repeat(&parked);
    // Otherwise nobody would know for a minute whether the link is whole.
    let probe = script.expect_post(FIRST_RID + 2);
    assert_eq!(probe.body.children().count(), 0);
    script.answer(&repeated, EMPTY);
    script.wait(seconds(59));
    script.expect_silence();
    script.answer(&probe, EMPTY);
    script.expect_post(FIRST_RID + 3);
}

#[test]
fn an_overdue_answer_is_a_lost_one() {
    let (mut script, parked) = Script::idle();
    script.wait(seconds(59) + ANSWER_GRACE - seconds(1));
    script.expect_silence();
    script.wait(Duration::from_millis(1500));
    script.expect_abort(&parked);
    script.expect_repeat(&parked);
}

#[test]
fn a_silent_link_is_noticed_soon_after_sending() {
    let (mut script, parked) = Script::idle();
    script.wait(seconds(10));
    script.send(&message("1"));
    let first = script.expect_post(FIRST_RID + 2);
    script.wait(ANSWER_GRACE);
    script.expect_abort(&parked);
    script.expect_abort(&first);
    script.wait(Duration::from_millis(500));
    script.expect_repeat(&parked);
    script.expect_repeat(&first);
    // It stays silent: given up before the server forgets the session.
    script.wait(seconds(60));
    assert!(matches!(script.events.pop_front(), Some(StreamEvent::Closed(Closed::Lost))));
    assert_eq!(script.bosh.delivery(), Delivery { accepted: 0, in_doubt: 1, unsent: 0 });
}

#[test]
fn a_broken_link_is_given_up_after_a_number_of_tries() {
    let (mut script, mut request) = Script::idle();
    let mut tries = 0;
    let began = script.now;
    loop {
        let before = request.clone();
        script.fail(&before);
        if !script.events.is_empty() {
            break;
        }
        script.wait(seconds(8));
        request = script.expect_repeat(&before);
        script.posted.clear();
        tries += 1;
    }
    script.expect_closed(Closed::Lost);
    assert_eq!(tries, MAX_RETRIES);
    assert!(script.now.saturating_duration_since(began) < seconds(60));
}

#[test]
fn a_broken_link_is_given_up_when_the_server_has_forgotten_the_session() {
    let mut script = Script::opened_with(&CREATED.replace("inactivity='60'", "inactivity='10'"));
    let mut request = script.expect_post(FIRST_RID + 1);
    let mut waits = 0;
    while script.events.is_empty() {
        script.fail(&request.clone());
        script.wait(seconds(4));
        waits += 1;
        request = script.posted.pop_front().unwrap_or(request);
        script.posted.clear();
    }
    script.expect_closed(Closed::Lost);
    assert!(waits <= 3, "{waits}");
}

#[test]
fn trouble_in_between_is_waited_out() {
    for status in [500, 502, 503, 504, 429, 408] {
        let (mut script, parked) = Script::idle();
        script.answer_status(&parked, status, "<html>Bad Gateway</html>");
        script.expect_silence();
        script.wait(seconds(1));
        let repeated = script.expect_repeat(&parked);
        script.answer(&repeated, &messages(&["hi"]));
        script.expect_message("hi");
    }
}

#[test]
fn the_server_asks_for_requests_again() {
    let (mut script, parked) = Script::idle();
    script.send(&message("1"));
    let first = script.expect_post(FIRST_RID + 2);
    script.answer(&first, REPEAT);
    script.expect_abort(&parked);
    script.wait(seconds(1));
    let parked = script.expect_repeat(&parked);
    let first = script.expect_repeat(&first);
    assert_eq!(script.bosh.delivery().accepted, 0);
    script.answer(&parked, EMPTY);
    script.answer(&first, EMPTY);
    assert_eq!(script.bosh.delivery().accepted, 1);
}

#[test]
fn what_the_server_sends_back_of_a_repeated_request_is_not_taken_for_news() {
    let (mut script, parked) = Script::idle();
    script.send(&message("mine"));
    let first = script.expect_post(FIRST_RID + 2);
    script.answer(&parked, EMPTY);
    script.fail(&first);
    script.wait(seconds(6));
    let repeated = script.expect_repeat(&first);
    script.expect_post(FIRST_RID + 3);
    // ejabberd 23.01
    script.answer(&repeated, &repeated.xml.clone());
    script.expect_silence();
    assert_eq!(script.bosh.delivery().accepted, 1);
}

/// A request is repeated, and the server knows neither it nor that it has ended the session; the later one is under way.
fn in_dispute() -> (Script, Post) {
    let (mut script, parked) = Script::idle();
    script.send(&message("1"));
    let later = script.expect_post(FIRST_RID + 2);
    script.fail(&parked);
    script.wait(Duration::from_millis(500));
    let repeated = script.expect_repeat(&parked);
    script.answer(&repeated, &terminate("item-not-found"));
    (script, later)
}

#[test]
fn an_answer_that_prosody_never_had_to_give_is_not_the_end() {
    let (mut script, later) = in_dispute();
    script.expect_silence();
    assert_eq!(script.bosh.delivery(), Delivery { accepted: 0, in_doubt: 1, unsent: 0 });
    // The server keeps the later request; another makes it answer.
    script.wait(seconds(5));
    let probe = script.expect_post(FIRST_RID + 3);
    script.answer(&later, &messages(&["hi"]));
    script.expect_message("hi");
    script.expect_silence();
    assert_eq!(script.bosh.delivery(), Delivery { accepted: 1, in_doubt: 0, unsent: 0 });
    script.answer(&probe, &messages(&["hello"]));
    script.expect_message("hello");
    script.expect_post(FIRST_RID + 4);
}

#[test]
fn the_session_has_ended_if_the_later_request_says_so_too() {
    let (mut script, later) = in_dispute();
    script.answer(&later, &terminate("item-not-found"));
    script.expect_closed(stream_error("item-not-found"));
    assert_eq!(script.bosh.delivery(), Delivery { accepted: 0, in_doubt: 1, unsent: 0 });
    script.expect_silence();
}

#[test]
fn a_later_answer_that_came_before_settles_the_dispute() {
    let (mut script, parked) = Script::idle();
    script.send(&message("1"));
    let later = script.expect_post(FIRST_RID + 2);
    script.fail(&parked);
    script.answer(&later, &messages(&["hi"]));
    let repeated = script.expect_repeat(&parked);
    script.answer(&repeated, &terminate("item-not-found"));
    script.expect_message("hi");
    script.expect_post(FIRST_RID + 3);
    script.expect_silence();
}

/// A request and the one after it are repeated, and the second is overtaken by a third on another connection: the server
/// has answers for neither of the two.
fn overtaken() -> (Script, Post, Post) {
    let (mut script, parked) = Script::idle();
    script.send(&message("1"));
    let later = script.expect_post(FIRST_RID + 2);
    script.fail(&parked);
    script.fail(&later);
    script.wait(Duration::from_millis(500));
    let repeated = script.expect_repeat(&parked);
    script.answer(&repeated, &terminate("item-not-found"));
    script.wait(Duration::from_millis(50));
    let repeated = script.expect_repeat(&later);
    script.send(&message("2"));
    (script, repeated, later)
}

#[test]
fn a_repetition_that_is_overtaken_by_the_next_request_is_not_the_end() {
    let (mut script, repeated, _) = overtaken();
    let next = script.expect_post(FIRST_RID + 3);
    script.answer(&next, &messages(&["hi"]));
    script.expect_silence();
    script.answer(&repeated, &terminate("item-not-found"));
    script.expect_message("hi");
    assert_eq!(script.bosh.delivery(), Delivery { accepted: 2, in_doubt: 0, unsent: 0 });
    script.expect_post(FIRST_RID + 4);
    script.expect_silence();
}

#[test]
fn a_repetition_that_is_denied_before_the_next_answer_waits_for_that() {
    for (ends, answer) in [(false, messages(&["hi"])), (true, terminate("item-not-found"))] {
        let (mut script, repeated, _) = overtaken();
        let next = script.expect_post(FIRST_RID + 3);
        script.answer(&repeated, &terminate("item-not-found"));
        script.expect_silence();
        // Two are denied, one is under way: there is room for one more.
        script.send(&message("3"));
        script.expect_post(FIRST_RID + 4);
        script.answer(&next, &answer);
        if ends {
            script.expect_closed(stream_error("item-not-found"));
        } else {
            script.expect_message("hi");
        }
    }
}

/// Prosody 0.12 may take the connection of a request that it set aside, and that broke since, for one that can be answered:
/// then it answers on that, for good.
#[test]
fn a_session_that_answers_nothing_any_more_is_given_up() {
    let (mut script, parked) = Script::idle();
    script.send(&message("1"));
    let mut later = script.expect_post(FIRST_RID + 2);
    // The oldest is due at once, and does not come. It is denied, since the server has the next one.
    script.wait(ANSWER_GRACE + seconds(1));
    let repeated = script.expect_repeat(&parked);
    script.answer(&repeated, &terminate("item-not-found"));
    script.wait(Duration::from_millis(50));
    later = script.expect_repeat(&later);
    script.send(&message("2"));
    script.expect_post(FIRST_RID + 3);
    script.expect_silence();
    // And so is the next.
    script.wait(ANSWER_GRACE + seconds(1));
    let repeated = script.expect_repeat(&later);
    script.answer(&repeated, &terminate("item-not-found"));
    script.expect_closed(stream_error("item-not-found"));
    assert_eq!(script.bosh.delivery(), Delivery { accepted: 0, in_doubt: 1, unsent: 1 });
}

#[test]
fn what_the_browser_repeated_by_itself_is_not_the_end_where_the_next_request_is_answered() {
    let (mut script, parked) = Script::idle();
    script.send(&message("1"));
    let later = script.expect_post(FIRST_RID + 2);
    script.answer(&later, &messages(&["hi"]));
    script.answer(&parked, &terminate("item-not-found"));
    script.expect_message("hi");
    script.expect_post(FIRST_RID + 3);
    script.expect_silence();
}

#[test]
fn answers_that_are_denied_out_of_order_are_not_the_end_either() {
    let (mut script, parked) = Script::idle();
    script.send(&message("1"));
    let later = script.expect_post(FIRST_RID + 2);
    script.fail(&parked);
    script.fail(&later);
    script.wait(Duration::from_millis(500));
    let first = script.expect_repeat(&parked);
    script.wait(Duration::from_millis(50));
    let second = script.expect_repeat(&later);
    script.answer(&second, &terminate("item-not-found"));
    script.fail(&first);
    // The server says of the last request that it does not know it: that is the end.
    script.expect_closed(stream_error("item-not-found"));
}

#[test]
fn a_link_that_broke_is_mended_for_the_end_as_well() {
    let (mut script, parked) = Script::idle();
    script.fail(&parked);
    script.close();
    script.expect_repeat(&parked);
    let end = script.expect_post(FIRST_RID + 2);
    assert_eq!(end.body.attribute("type"), Some("terminate"));
    script.fail(&end);
    script.wait(CLOSE_TIMEOUT);
    script.expect_closed(Closed::ByUs);
}

// Carrying a session on

#[test]
fn a_session_begun_elsewhere_is_open_when_the_server_has_answered() {
    let mut script = Script::new(attach(77));
    script.open();
    let first = script.expect_post(77);
    assert_eq!(first.body.attribute("sid"), Some("S9"));
    script.expect_silence();
    script.send("<iq xmlns='jabber:client' type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>");
    let ping = script.expect_post(78);
    script.answer(&first, EMPTY);
    script.expect_opened(None, None);
    script.answer(&ping, &messages(&["hi"]));
    script.expect_message("hi");
    script.expect_post(79);
}

#[test]
fn without_anything_to_say_an_attached_session_is_tried_after_a_while() {
    let mut script = Script::new(attach(77));
    script.open();
    let first = script.expect_post(77);
    script.wait(seconds(5));
    script.expect_post(78);
    script.answer(&first, EMPTY);
    script.expect_opened(None, None);
    script.expect_silence();
}

#[test]
fn a_session_that_is_gone_is_never_open() {
    for (status, answer) in [(200, terminate("item-not-found")), (404, String::new())] {
        let mut script = Script::new(attach(77));
        script.open();
        let first = script.expect_post(77);
        script.answer_status(&first, status, &answer);
        script.expect_closed(stream_error("item-not-found"));
    }
}

#[test]
fn a_page_repeats_what_the_page_before_it_left_unanswered() {
    let (mut script, parked) = Script::idle();
    script.answer(&parked, &messages(&["before"]));
    let parked = script.expect_post(FIRST_RID + 2);
    script.send(&message("1"));
    let first = script.expect_post(FIRST_RID + 3);
    script.send(&message("2"));
    let session = script.bosh.session().unwrap();
    assert_eq!((session.rid, session.unanswered.len(), session.queued.len()), (FIRST_RID + 4, 2, 1));
    assert_eq!((session.sid.as_str(), session.terms.secure), ("S1", true));

    let mut script = Script::resumed(session.clone());
    assert_eq!(script.bosh.session(), Some(session));
    let parked = script.expect_repeat_of(&parked);
    let first = script.expect_repeat_of(&first);
    script.expect_silence();
    assert_eq!(script.bosh.delivery(), Delivery { accepted: 0, in_doubt: 1, unsent: 1 });
    script.answer(&parked, &messages(&["while away"]));
    script.expect_opened(None, None);
    script.expect_message("while away");
    assert_eq!(bodies(&script.expect_post(FIRST_RID + 4)), ["2"]);
    script.answer(&first, EMPTY);
    assert_eq!(script.bosh.delivery(), Delivery { accepted: 1, in_doubt: 1, unsent: 0 });
}

#[test]
fn an_answer_that_could_not_be_delivered_yet_is_asked_for_again_by_the_next_page() {
    let (mut script, parked) = Script::idle();
    script.send(&message("1"));
    let first = script.expect_post(FIRST_RID + 2);
    script.answer(&first, &messages(&["early"]));
    let mut script = Script::resumed(script.bosh.session().unwrap());
    script.expect_repeat_of(&parked);
    script.expect_repeat_of(&first);
}

#[test]
fn a_session_says_nothing_of_itself_while_it_is_negotiated() {
    let mut script = Script::new(bosh());
    assert_eq!(script.bosh.session(), None);
    script.open();
    assert_eq!(script.bosh.session(), None);
    let creation = script.expect_post(FIRST_RID);
    script.answer(&creation, CREATED);
    script.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGEAcGFzc3dvcmQ=</auth>");
    assert_eq!(script.bosh.session(), None, "a password is no one else's business");
    let parked = script.expect_post(FIRST_RID + 1);
    let auth = script.expect_post(FIRST_RID + 2);
    script.answer(&parked, EMPTY);
    script.answer(&auth, EMPTY);
    assert!(script.bosh.session().is_some());
    script.bosh.restart(script.now);
    assert_eq!(script.bosh.session(), None);
    script.run();
    assert_eq!(script.bosh.session(), None);
}

#[test]
fn a_page_that_says_nobody_is_looking_as_it_is_left_can_be_gone_on_with() {
    let (mut script, parked) = Script::idle();
    script.send("<inactive xmlns='urn:xmpp:csi:0'/>");
    let said = script.expect_post(FIRST_RID + 2);
    script.send("<active xmlns='urn:xmpp:csi:0'/>");
    let mut page = Script::resumed(script.bosh.session().unwrap());
    page.expect_repeat_of(&parked);
    page.expect_repeat_of(&said);
}
