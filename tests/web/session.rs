//! The conversations of the native tests, in a browser.

use converse_wasm::{
    client::{Event, Status},
    session::Arrival,
};
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::peer::{on_both, online_on_both, seconds};

#[wasm_bindgen_test]
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
        script.advance(seconds(600));
        script.expect_silence();
    });
}

#[wasm_bindgen_test]
fn a_ping_is_answered() {
    online_on_both(|mut script| {
        script.recv("<iq type='get' id='p1' from='capulet.lit'><ping xmlns='urn:xmpp:ping'/></iq>");
        script.expect_sent("<iq type='result' id='p1' to='capulet.lit'/>");
        script.expect_silence();
    });
}
