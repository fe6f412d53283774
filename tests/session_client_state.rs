//! Client state indication (XEP-0352): the server is told whether anybody is looking.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod support;

use support::{
    managed::{BIND_AND_MANAGE, ENABLED, ROSTER, a, steadfast, steadfast_on_both},
    peer::{BIND, BOUND, Script, mechanisms},
};

const AUTH: &str = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>*</auth>";
const SUCCESS: &str = "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>";
const ACTIVE: &str = "<active xmlns='urn:xmpp:csi:0'/>";
const INACTIVE: &str = "<inactive xmlns='urn:xmpp:csi:0'/>";

/// The features after authentication of a server that has client state indication.
fn with_client_state(features: &str) -> String {
    features.replace("</stream:features>", "<csi xmlns='urn:xmpp:csi:0'/></stream:features>")
}

#[track_caller]
fn log_in_with_client_state(script: &mut Script) {
    script.accept();
    script.open_stream(&mechanisms(&["PLAIN"]));
    script.expect_sent(AUTH);
    script.recv(SUCCESS);
    script.expect_open();
    script.open_stream(&with_client_state(BIND));
    script.expect_sent("<iq type='set' id='$bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
    script.recv(BOUND);
}

fn set_active(script: &mut Script, active: bool) {
    script.act(|client, now| client.set_visible(now, active));
}

#[test]
fn the_server_is_told_whether_anybody_is_looking() {
    for mut script in [Script::websocket(steadfast()), Script::bosh(steadfast())] {
        log_in_with_client_state(&mut script);
        script.settle();
        // A stream begins with somebody looking.
        set_active(&mut script, true);
        script.expect_silence();
        set_active(&mut script, false);
        script.expect_sent(INACTIVE);
        set_active(&mut script, false);
        script.expect_silence();
        set_active(&mut script, true);
        script.expect_sent(ACTIVE);
        script.expect_silence();
    }
}

#[test]
fn a_server_without_client_state_is_told_nothing() {
    steadfast_on_both(|mut script| {
        set_active(&mut script, false);
        script.expect_silence();
    });
}

#[test]
fn a_new_stream_is_told_that_nobody_is_looking() {
    let mut script = Script::websocket(steadfast());
    set_active(&mut script, false);
    log_in_with_client_state(&mut script);
    script.expect_sent(ROSTER);
    script.expect_sent("<presence/>");
    script.expect_sent(INACTIVE);
    script.settle();
    script.lose_and_wait();
    set_active(&mut script, true);
    log_in_with_client_state(&mut script);
    script.expect_sent(ROSTER);
    script.expect_sent("<presence/>");
    script.expect_nothing_sent();
}

#[test]
fn a_stream_that_goes_on_is_told_in_any_case() {
    for active in [true, false] {
        let mut script = Script::websocket(steadfast());
        let features = with_client_state(BIND_AND_MANAGE);
        for resumes in [false, true] {
            script.accept();
            script.open_stream(&mechanisms(&["PLAIN"]));
            script.expect_sent(AUTH);
            script.recv(SUCCESS);
            script.expect_open();
            script.open_stream(&features);
            if !resumes {
                script.bind_managed(ENABLED);
                script.recv(&a(2));
                set_active(&mut script, active);
                script.forget();
                script.lose_and_wait();
            }
        }
        script.expect_sent("<resume xmlns='urn:xmpp:sm:3' h='1' previd='sm1'/>");
        script.resume(2);
        // What the stream was told before may have been lost with it.
        script.expect_sent(if active { ACTIVE } else { INACTIVE });
        script.expect_nothing_sent();
    }
}
