//! Tokens (XEP-0484) as a conversation: until when they are used, and what follows when the server takes none.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{
    client::{Client, Status},
    random::Random,
    session::Account,
    store::cache::Part,
    time::Timestamp,
};

use support::{
    managed::steadfast,
    peer::{Script, seconds},
};

const TOKEN: &str = "secret-token:fast-3ZzoYQ";
/// The server's answer to that token, computed with Python's hmac module.
const PROOF: &str = "eCV8+fW3X5p9Y+Z3iFJyxipa2iQ7OpplIyPOB0UmGy8=";
const FEATURES: &str = "<stream:features><authentication xmlns='urn:xmpp:sasl:2'><mechanism>PLAIN</mechanism><inline>\
    <bind xmlns='urn:xmpp:bind:0'/><fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-NONE</mechanism></fast>\
    </inline></authentication></stream:features>";
/// An hour after 1970 began, as is the client's clock when it is not told the time.
const EXPIRY: &str = "1970-01-01T01:00:00Z";

/// Somebody who stays logged in, and is on a device of his own.
fn trusting() -> Account {
    Account { wants_token: true, ..steadfast() }
}

/// `<authenticate/>` by `mechanism`, with this for a token.
fn authenticate(mechanism: &str, fast: &str) -> String {
    format!(
        "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='{mechanism}'><initial-response>*</initial-response>\
         <user-agent id='*'><software>*</software></user-agent>\
         <bind xmlns='urn:xmpp:bind:0'><tag>*</tag></bind>{fast}</authenticate>"
    )
}

fn by_password() -> String {
    authenticate("PLAIN", "<request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-256-NONE'/>")
}

fn by_token(count: u32) -> String {
    authenticate("HT-SHA-256-NONE", &format!("<fast xmlns='urn:xmpp:fast:0' count='{count}'/>"))
}

fn failure(condition: &str) -> String {
    format!("<failure xmlns='urn:xmpp:sasl:2'><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/></failure>")
}

/// The server takes what it was sent, and gives this besides.
fn succeed(script: &mut Script, more: &str) {
    script.recv(&format!(
        "<success xmlns='urn:xmpp:sasl:2'>{more}\
         <authorization-identifier>juliet@capulet.lit/balcony</authorization-identifier>\
         <bound xmlns='urn:xmpp:bind:0'/></success><stream:features/>"
    ));
    script.settle();
    assert!(script.client.is_connected());
}

/// Logs in with the password, and gets a token.
fn with_token(account: Account) -> Script {
    let mut script = Script::websocket(account);
    script.accept();
    script.open_stream(FEATURES);
    script.expect_sent(&by_password());
    succeed(&mut script, &format!("<token xmlns='urn:xmpp:fast:0' token='{TOKEN}' expiry='{EXPIRY}'/>"));
    script
}

/// The link breaks and is made again, up to what the server offers.
#[track_caller]
fn come_back(script: &mut Script) {
    script.lose_and_wait();
    script.accept();
    script.open_stream(FEATURES);
}

fn memory(script: &Script) -> &str {
    script.stored.get(&*Part::Memory.key()).unwrap()
}

#[test]
fn a_token_is_used_until_it_expires() {
    let mut script = with_token(trusting());
    assert!(memory(&script).contains(EXPIRY));
    for count in 1..=2 {
        come_back(&mut script);
        script.expect_sent(&by_token(count));
        succeed(&mut script, &format!("<additional-data>{PROOF}</additional-data>"));
    }
    script.advance(seconds(3600));
    script.forget();
    come_back(&mut script);
    assert!(!memory(&script).contains(TOKEN));
    script.expect_sent(&by_password());
}

#[test]
fn the_clock_on_the_wall_says_when_that_is() {
    for (clock, expired) in
        [("1969-12-31T23:00:00Z", false), ("1970-01-01T00:59:00Z", false), ("2026-11-22T20:00:00Z", true)]
    {
        let mut script = with_token(trusting());
        let epoch = Timestamp::parse(clock).unwrap();
        script.act(|client, _| client.set_epoch(epoch));
        come_back(&mut script);
        script.expect_sent(&if expired { by_password() } else { by_token(1) });
    }
}

#[test]
fn a_token_that_has_expired_leads_nobody_in() {
    let account = || Account { credentials: None, ..trusting() };
    let script = with_token(trusting());
    for (clock, leads_in) in [("1970-01-01T00:59:59Z", true), (EXPIRY, false)] {
        let mut client = Client::new(Zero);
        client.set_epoch(Timestamp::parse(clock).unwrap());
        client.load(Part::Memory, memory(&script));
        assert_eq!((client.can_go_on(&account()), client.remembers()), (leads_in, leads_in), "{clock}");
    }
}

#[test]
fn a_time_that_is_none_is_left_to_the_server() {
    for expiry in ["", "tomorrow", "1970-13-01T00:00:00Z"] {
        let mut script = Script::websocket(trusting());
        script.accept();
        script.open_stream(FEATURES);
        script.expect_sent(&by_password());
        succeed(&mut script, &format!("<token xmlns='urn:xmpp:fast:0' token='{TOKEN}' expiry='{expiry}'/>"));
        come_back(&mut script);
        script.expect_sent(&by_token(1));
    }
}

#[test]
fn where_a_refused_token_spoils_the_stream_the_password_goes_over_another() {
    let offers_nothing_else = FEATURES.replace("<mechanism>PLAIN</mechanism>", "<mechanism>X-OTHER</mechanism>");
    for (features, what_follows) in [
        // The server is still busy with tokens, closes the stream, breaks down, or falls silent.
        (FEATURES, Some(failure("invalid-mechanism"))),
        (
            FEATURES,
            Some("<stream:error><reset xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>".to_owned()),
        ),
        (FEATURES, Some(String::new())),
        (FEATURES, None),
        (&offers_nothing_else, None),
    ] {
        let mut script = with_token(trusting());
        script.lose_and_wait();
        script.accept();
        script.open_stream(features);
        script.expect_sent(&by_token(1));
        script.recv(&failure("not-authorized"));
        assert!(!memory(&script).contains(TOKEN));
        if features == FEATURES {
            script.expect_sent(&by_password());
            match what_follows.as_deref() {
                Some("") => script.drop_link(),
                Some(answer) => script.recv(answer),
                None => script.advance(seconds(60)),
            }
        }
        script.accept();
        script.open_stream(FEATURES);
        script.expect_sent(&by_password());
        succeed(&mut script, "");
    }
}

#[test]
fn that_is_done_once() {
    let mut script = with_token(trusting());
    come_back(&mut script);
    script.expect_sent(&by_token(1));
    script.recv(&failure("credentials-expired"));
    script.expect_sent(&by_password());
    script.recv(&failure("invalid-mechanism"));
    script.accept();
    script.open_stream(FEATURES);
    script.expect_sent(&by_password());
    script.recv(&failure("invalid-mechanism"));
    script.expect_close();
    script.recv_close();
    assert_eq!(script.expect_end().unwrap().code(), "authentication-failed");
}

#[test]
fn a_password_that_is_refused_is_not_tried_again() {
    let mut script = with_token(trusting());
    come_back(&mut script);
    script.expect_sent(&by_token(1));
    script.recv(&failure("not-authorized"));
    script.expect_sent(&by_password());
    script.recv(&failure("not-authorized"));
    script.expect_close();
    script.recv_close();
    assert_eq!(script.expect_end().unwrap().code(), "authentication-failed");
    assert_eq!(script.client.status(), Status::AuthenticationFailed);
}

#[test]
fn without_a_password_there_is_nothing_left_to_try() {
    let mut script = with_token(trusting());
    assert!(script.reload(Account { credentials: None, ..trusting() }));
    script.accept();
    script.open_stream(FEATURES);
    script.expect_sent(&by_token(1));
    script.recv(&failure("not-authorized"));
    script.expect_close();
    script.recv_close();
    assert_eq!(script.expect_end().unwrap().code(), "no-credentials");
}

/// Randomness for clients that nobody attacks.
struct Zero;

impl Random for Zero {
    fn fill(&mut self, bytes: &mut [u8]) {
        bytes.fill(0);
    }
}
