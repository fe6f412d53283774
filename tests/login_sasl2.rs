//! Logging in by SASL2 as a conversation: Bind 2, tokens, and the resumption of a stream in the same exchange.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod support;

use converse_wasm::{
    client::Status,
    session::{Account, Arrival, Delivery},
    store::cache::Part,
    stream::sasl::base64,
    xml::Element,
};
use sasl::common::scram::{ScramProvider, Sha256};

use support::{
    managed::{BIND_AND_MANAGE, ENABLE, PRESENCE, R, ROSTER, a, message, steadfast},
    peer::{BIND, Script, mechanisms, seconds},
    scram::ScramServer,
};

const PASSWORD: &str = "r0m30myr0m30";
const SM: &str = "<sm xmlns='urn:xmpp:sm:3'/>";
const FAST: &str = "<fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-NONE</mechanism></fast>";
const BIND2: &str = "<bind xmlns='urn:xmpp:bind:0'><inline><feature var='urn:xmpp:carbons:2'/>\
    <feature var='urn:xmpp:csi:0'/><feature var='urn:xmpp:sm:3'/></inline></bind>";
/// What the client asks for where all of that is offered.
const WANTED: &str = "<bind xmlns='urn:xmpp:bind:0'><tag>*</tag><enable xmlns='urn:xmpp:carbons:2'/>\
    <enable xmlns='urn:xmpp:sm:3' resume='true'/></bind>";
const REQUEST_TOKEN: &str = "<request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-256-NONE'/>";
const ADDRESS: &str = "<authorization-identifier>juliet@capulet.lit/balcony</authorization-identifier>";
const BOUND2: &str = "<bound xmlns='urn:xmpp:bind:0'/>";
const BOUND2_AND_ENABLED: &str =
    "<bound xmlns='urn:xmpp:bind:0'><enabled xmlns='urn:xmpp:sm:3' id='sm1' resume='true'/></bound>";

/// Somebody who wants all that can be had.
fn eager() -> Account {
    Account { wants_token: true, carbons: true, ..steadfast() }
}

/// The features of a server that has SASL2 with these mechanisms, and this to be done in the same exchange.
fn sasl2(mechanisms: &[&str], inline: &str) -> String {
    let names: String = mechanisms.iter().map(|name| format!("<mechanism>{name}</mechanism>")).collect();
    format!(
        "<stream:features><authentication xmlns='urn:xmpp:sasl:2'>{names}<inline>{inline}</inline>\
         </authentication></stream:features>"
    )
}

/// The features of a server that has everything.
fn everything() -> String {
    sasl2(&["PLAIN", "SCRAM-SHA-256"], &[BIND2, SM, FAST].concat())
}

/// The client authenticates by `mechanism`, and asks for `wanted` in the same exchange.
#[track_caller]
fn expect_authenticate(script: &mut Script, mechanism: &str, wanted: &str) -> Element {
    script.expect_sent(&format!(
        "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='{mechanism}'><initial-response>*</initial-response>\
         <user-agent id='$client'><software>converse-wasm</software></user-agent>{wanted}</authenticate>"
    ))
}

/// What the mechanism says first.
fn initial(authenticate: &Element) -> String {
    authenticate.children().next().unwrap().text().into_owned()
}

/// Plays the exchange of SCRAM up to where the server has to prove itself, and returns the proof.
#[track_caller]
fn play_scram(script: &mut Script, authenticate: &Element, extension: Option<&str>) -> String {
    let mut server = ScramServer::<Sha256>::new(PASSWORD, &initial(authenticate));
    if let Some(extension) = extension {
        server = server.with_extension(extension);
    }
    script.recv(&format!("<challenge xmlns='urn:xmpp:sasl:2'>{}</challenge>", server.challenge()));
    let response = script.expect_sent("<response xmlns='urn:xmpp:sasl:2'>*</response>");
    server.prove(&response.text()).expect("the proof of the password")
}

/// The server lets the client in: with its proof, and with what it did in the same exchange.
fn success(proof: &str, done: &str) -> String {
    format!("<success xmlns='urn:xmpp:sasl:2'><additional-data>{proof}</additional-data>{ADDRESS}{done}</success>")
}

fn token(secret: &str) -> String {
    format!("<token xmlns='urn:xmpp:fast:0' token='{secret}' expiry='2199-01-01T00:00:00Z'/>")
}

/// What both sides say of a token: that they have it (HT-SHA-256-NONE).
fn hashed(secret: &str, role: &[u8]) -> Vec<u8> {
    Sha256::hmac(role, secret.as_bytes()).unwrap()
}

fn resume(received: u32) -> String {
    format!("<resume xmlns='urn:xmpp:sm:3' h='{received}' previd='sm1'/>")
}

fn fast(count: u32) -> String {
    format!("<fast xmlns='urn:xmpp:fast:0' count='{count}'/>")
}

/// A log-in by password, in which the server also did this.
#[track_caller]
fn log_in(account: Account, features: &str, wanted: &str, done: &str) -> Script {
    let mut script = Script::websocket(account);
    script.accept();
    script.open_stream(features);
    let authenticate = expect_authenticate(&mut script, "SCRAM-SHA-256", wanted);
    let proof = play_scram(&mut script, &authenticate, None);
    script.recv(&success(&proof, done));
    script
}

/// A client that is online with all there is, and has this token.
#[track_caller]
fn with_token(secret: &str) -> Script {
    let done = [BOUND2_AND_ENABLED, &token(secret)].concat();
    let mut script = log_in(eager(), &everything(), &[WANTED, REQUEST_TOKEN].concat(), &done);
    script.recv(BIND_AND_MANAGE);
    script.settle();
    script.recv(&a(2));
    script.forget();
    script
}

/// The stream breaks and is resumed; the client proves that it has `secret`, which it does for the `count`th time.
#[track_caller]
fn resume_by_token(script: &mut Script, secret: &str, count: u32, done: &str) {
    script.lose_and_wait();
    script.accept();
    script.open_stream(&everything());
    let received = 1;
    let wanted = [&resume(received), WANTED, &fast(count)].concat();
    let authenticate = expect_authenticate(script, "HT-SHA-256-NONE", &wanted);
    let expected = [b"juliet\0", hashed(secret, b"Initiator").as_slice()].concat();
    assert_eq!(base64::decode(initial(&authenticate).as_bytes()), Some(expected));
    // Counted where another page would find it, before it is used.
    assert!(script.stored_of(&Part::Memory).unwrap().contains(&format!("count=\"{count}\"")));
    let proof = base64::encode(&hashed(secret, b"Responder"));
    script.recv(&success(&proof, &["<resumed xmlns='urn:xmpp:sm:3' h='2' previd='sm1'/>", done].concat()));
    assert!(script.client.is_connected());
    script.forget();
}

#[track_caller]
fn expect_end(script: &mut Script, status: Status, code: &str) {
    script.expect_close();
    script.advance(seconds(3));
    assert_eq!(script.expect_end().unwrap().code(), code);
    assert_eq!(script.client.status(), status);
}

// All in one exchange

#[test]
fn everything_in_one_exchange() {
    let wanted = [WANTED, REQUEST_TOKEN].concat();
    let mut script = log_in(eager(), &everything(), &wanted, BOUND2_AND_ENABLED);
    script.expect_arrival(Arrival::New);
    assert_eq!(script.client.jid().unwrap().as_str(), "juliet@capulet.lit/balcony");
    // Neither carbons nor stream management is asked for again, and the stream is not opened anew.
    script.expect_sent(ROSTER);
    script.expect_sent(PRESENCE);
    script.expect_sent(R);
    script.expect_nothing_sent();
    script.recv(&[BIND_AND_MANAGE, &a(2)].concat());
    script.expect_nothing_sent();
    script.send(&message(1)).unwrap();
    script.expect_sent(&message(1));
    script.expect_sent(R);
    script.recv(&a(3));
    script.expect_delivery("1", Delivery::Sent);
}

#[test]
fn only_what_is_offered_is_asked_for() {
    let script = log_in(eager(), &sasl2(&["SCRAM-SHA-256"], ""), "", "");
    assert!(!script.client.is_connected());
    let bare = "<bind xmlns='urn:xmpp:bind:0'/>";
    let wanted = "<bind xmlns='urn:xmpp:bind:0'><tag>*</tag></bind>";
    let script = log_in(steadfast(), &sasl2(&["SCRAM-SHA-256"], &[bare, FAST].concat()), wanted, BOUND2);
    assert!(!script.client.is_connected());
}

#[test]
fn carbons_that_are_not_part_of_it_are_asked_for_later() {
    let bare = "<bind xmlns='urn:xmpp:bind:0'/>";
    let wanted = "<bind xmlns='urn:xmpp:bind:0'><tag>*</tag></bind>";
    let mut script = log_in(Account { carbons: true, ..steadfast() }, &sasl2(&["SCRAM-SHA-256"], bare), wanted, BOUND2);
    script.recv("<stream:features/>");
    script.expect_sent(ROSTER);
    script.expect_sent("<iq type='set' id='*'><enable xmlns='urn:xmpp:carbons:2'/></iq>");
}

#[test]
fn stream_management_that_was_not_switched_on_is_switched_on_later() {
    let mut script = log_in(
        steadfast(),
        &sasl2(&["SCRAM-SHA-256"], BIND2),
        &WANTED.replace("<enable xmlns='urn:xmpp:carbons:2'/>", ""),
        BOUND2,
    );
    assert!(!script.client.is_connected());
    script.recv(BIND_AND_MANAGE);
    script.expect_sent(ENABLE);
    assert!(script.client.is_connected());
}

#[test]
fn a_server_without_stream_management_is_pinged() {
    let mut script = log_in(
        steadfast(),
        &sasl2(&["SCRAM-SHA-256"], BIND2),
        &WANTED.replace("<enable xmlns='urn:xmpp:carbons:2'/>", ""),
        BOUND2,
    );
    script.recv("<stream:features/>");
    script.settle();
    script.send(&message(1)).unwrap();
    script.expect_sent(&message(1));
    script.expect_delivery("1", Delivery::Sent);
}

#[test]
fn a_server_that_binds_nothing_is_asked_the_old_way() {
    let mut script = log_in(steadfast(), &sasl2(&["SCRAM-SHA-256"], ""), "", "");
    // Not opened anew: its features follow by themselves.
    script.expect_nothing_sent();
    script.recv(BIND_AND_MANAGE);
    script.bound();
    script.expect_sent(ENABLE);
    assert!(script.client.is_connected());
}

#[test]
fn over_bosh_too() {
    let mut script = Script::bosh(steadfast());
    script.accept();
    script.open_stream(&everything());
    // BOSH has its own way of resuming.
    let wanted = "<bind xmlns='urn:xmpp:bind:0'><tag>*</tag></bind>";
    let authenticate = expect_authenticate(&mut script, "SCRAM-SHA-256", wanted);
    let proof = play_scram(&mut script, &authenticate, None);
    script.recv(&[&success(&proof, BOUND2), BIND].concat());
    assert!(script.client.is_connected());
}

#[test]
fn sasl2_without_mechanisms_is_none() {
    let mut script = Script::websocket(steadfast());
    script.accept();
    let classic = mechanisms(&["PLAIN"]);
    let empty = "<authentication xmlns='urn:xmpp:sasl:2'/></stream:features>";
    script.open_stream(&classic.replace("</stream:features>", empty));
    script.expect_sent("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>*</auth>");
}

// What the server must not say

#[test]
fn a_server_that_does_not_prove_itself_is_not_talked_to() {
    let wrong = format!("<additional-data>{}</additional-data>", base64::encode(b"v=AAAA"));
    let unwritten = "<additional-data>%</additional-data>";
    for (proof, code) in
        [("", "server-not-authentic"), (wrong.as_str(), "server-not-authentic"), (unwritten, "protocol-error")]
    {
        let mut script = Script::websocket(eager());
        script.accept();
        script.open_stream(&everything());
        let authenticate = expect_authenticate(&mut script, "SCRAM-SHA-256", &[WANTED, REQUEST_TOKEN].concat());
        play_scram(&mut script, &authenticate, None);
        script.recv(&format!(
            "<success xmlns='urn:xmpp:sasl:2'>{proof}{ADDRESS}{BOUND2_AND_ENABLED}{}</success>",
            token("stolen")
        ));
        assert!(!script.stored.values().any(|stored| stored.contains("stolen")));
        expect_end(&mut script, Status::ConnectionFailed, code);
    }
}

#[test]
fn credentials_that_are_refused() {
    let mut script = Script::websocket(eager());
    script.accept();
    script.open_stream(&everything());
    expect_authenticate(&mut script, "SCRAM-SHA-256", &[WANTED, REQUEST_TOKEN].concat());
    script.recv(
        "<failure xmlns='urn:xmpp:sasl:2'><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>\
         <text>who are you?</text></failure>",
    );
    script.expect_close();
    script.advance(seconds(3));
    let cause = script.expect_end().unwrap();
    assert_eq!((cause.code(), cause.condition()), ("authentication-failed", Some("not-authorized")));
    assert!(cause.to_string().ends_with("(who are you?)"), "{cause}");
    assert_eq!(script.client.status(), Status::AuthenticationFailed);
}

#[test]
fn what_is_not_part_of_the_exchange() {
    for answer in [
        "<continue xmlns='urn:xmpp:sasl:2'><tasks><task>HOTP</task></tasks></continue>",
        "<challenge xmlns='urn:xmpp:sasl:2'>%</challenge>",
        "<abort xmlns='urn:xmpp:sasl:2'/>",
        "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
        "<message/>",
        "<stream:features/>",
    ] {
        let mut script = Script::websocket(steadfast());
        script.accept();
        script.open_stream(&sasl2(&["SCRAM-SHA-256"], ""));
        expect_authenticate(&mut script, "SCRAM-SHA-256", "");
        script.recv(answer);
        expect_end(&mut script, Status::ConnectionFailed, "protocol-error");
    }
}

#[test]
fn a_binding_without_an_address() {
    for address in ["", "<authorization-identifier>juliet@capulet.lit</authorization-identifier>"] {
        let mut script = Script::websocket(steadfast());
        script.accept();
        script.open_stream(&sasl2(&["SCRAM-SHA-256"], BIND2));
        let wanted = WANTED.replace("<enable xmlns='urn:xmpp:carbons:2'/>", "");
        let authenticate = expect_authenticate(&mut script, "SCRAM-SHA-256", &wanted);
        let proof = play_scram(&mut script, &authenticate, None);
        script.recv(&success(&proof, BOUND2).replace(ADDRESS, address));
        expect_end(&mut script, Status::ConnectionFailed, "protocol-error");
    }
}

#[test]
fn after_the_binding_nothing_but_features_comes() {
    let mut script = log_in(
        steadfast(),
        &sasl2(&["SCRAM-SHA-256"], BIND2),
        &WANTED.replace("<enable xmlns='urn:xmpp:carbons:2'/>", ""),
        BOUND2,
    );
    script.recv("<message/>");
    expect_end(&mut script, Status::ConnectionFailed, "protocol-error");
}

#[test]
fn scram_once_is_not_plain_later() {
    let mut script = with_token("secret");
    // The token is not taken any more, and nothing but PLAIN is left.
    script.lose_and_wait();
    script.accept();
    script.open_stream(&sasl2(&["PLAIN"], BIND2));
    expect_end(&mut script, Status::ConnectionFailed, "server-not-authentic");
}

// XEP-0474

#[test]
fn an_offer_that_the_server_confirms_and_one_that_somebody_changed() {
    let confirmed = |offer: &str| format!("h={}", base64::encode(&Sha256::hash(offer.as_bytes())));
    let begin = || {
        let mut script = Script::websocket(steadfast());
        script.accept();
        script.open_stream(&sasl2(&["SCRAM-SHA-256", "PLAIN"], ""));
        let authenticate = expect_authenticate(&mut script, "SCRAM-SHA-256", "");
        (script, authenticate)
    };
    let (mut script, authenticate) = begin();
    let proof = play_scram(&mut script, &authenticate, Some(&confirmed("PLAIN\u{1E}SCRAM-SHA-256")));
    script.recv(&[&success(&proof, ""), BIND].concat());
    script.bound();
    assert!(script.client.is_connected());

    // The server offered something stronger, which did not arrive.
    let (mut script, authenticate) = begin();
    let server = ScramServer::<Sha256>::new(PASSWORD, &initial(&authenticate))
        .with_extension(&confirmed("PLAIN\u{1E}SCRAM-SHA-256\u{1E}SCRAM-SHA-512"));
    script.recv(&format!("<challenge xmlns='urn:xmpp:sasl:2'>{}</challenge>", server.challenge()));
    expect_end(&mut script, Status::ConnectionFailed, "server-not-authentic");
}

// Tokens

#[test]
fn a_token_is_used_and_counted_and_replaced() {
    let mut script = with_token("first");
    resume_by_token(&mut script, "first", 1, "");
    resume_by_token(&mut script, "first", 2, &token("second"));
    resume_by_token(&mut script, "second", 1, "");
    resume_by_token(&mut script, "second", 2, "");
}

#[test]
fn a_token_leads_another_page_in() {
    let mut script = with_token("first");
    resume_by_token(&mut script, "first", 1, "");
    let client = script.stored_of(&Part::Memory).unwrap().to_owned();
    assert!(script.reload(Account { credentials: None, ..eager() }));
    script.accept();
    script.open_stream(&everything());
    // The count goes on, and so does the stream; this is the same client to the server.
    let wanted = [&resume(1), WANTED, &fast(2)].concat();
    expect_authenticate(&mut script, "HT-SHA-256-NONE", &wanted);
    assert!(client.contains(&script.expect_name("client")));
    let proof = base64::encode(&hashed("first", b"Responder"));
    script.recv(&success(&proof, "<resumed xmlns='urn:xmpp:sm:3' h='2' previd='sm1'/>"));
    script.expect_arrival(Arrival::Restored);
}

#[test]
fn a_token_that_is_refused_is_forgotten_and_the_password_tried() {
    for condition in ["not-authorized", "credentials-expired"] {
        let mut script = with_token("first");
        script.send(&message(1)).unwrap();
        script.forget();
        script.lose_and_wait();
        script.accept();
        script.open_stream(&everything());
        expect_authenticate(&mut script, "HT-SHA-256-NONE", &[&resume(1), WANTED, &fast(1)].concat());
        script.recv(&format!(
            "<failure xmlns='urn:xmpp:sasl:2'><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/></failure>"
        ));
        // On the same stream, and with everything else that was asked for.
        let wanted = [&resume(1), WANTED, REQUEST_TOKEN].concat();
        let authenticate = expect_authenticate(&mut script, "SCRAM-SHA-256", &wanted);
        assert!(!script.stored_of(&Part::Memory).unwrap().contains("first"));
        let proof = play_scram(&mut script, &authenticate, None);
        script.recv(&success(&proof, "<resumed xmlns='urn:xmpp:sm:3' h='3' previd='sm1'/>"));
        script.expect_delivery("1", Delivery::Sent);
    }
}

#[test]
fn without_a_password_a_refused_token_is_the_end() {
    let mut script = with_token("first");
    script.reload(Account { credentials: None, ..eager() });
    script.accept();
    script.open_stream(&everything());
    expect_authenticate(&mut script, "HT-SHA-256-NONE", &[&resume(1), WANTED, &fast(1)].concat());
    script
        .recv("<failure xmlns='urn:xmpp:sasl:2'><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/></failure>");
    expect_end(&mut script, Status::ConnectionFailed, "no-credentials");
    assert!(!script.reload(Account { credentials: None, ..eager() }));
}

#[test]
fn a_server_that_does_not_have_the_token_is_not_talked_to() {
    for proof in [hashed("first", b"Initiator"), hashed("other", b"Responder"), vec![0; 32]] {
        let mut script = with_token("first");
        script.lose_and_wait();
        script.accept();
        script.open_stream(&everything());
        expect_authenticate(&mut script, "HT-SHA-256-NONE", &[&resume(1), WANTED, &fast(1)].concat());
        let resumed = "<resumed xmlns='urn:xmpp:sm:3' h='2' previd='sm1'/>";
        script.recv(&success(&base64::encode(&proof), resumed));
        expect_end(&mut script, Status::ConnectionFailed, "server-not-authentic");
    }
}

#[test]
fn a_server_that_takes_no_tokens_any_more_is_sent_none() {
    let mut script = with_token("first");
    script.lose_and_wait();
    script.accept();
    script.open_stream(&sasl2(&["SCRAM-SHA-256"], &[BIND2, SM].concat()));
    expect_authenticate(&mut script, "SCRAM-SHA-256", &[&resume(1), WANTED].concat());
}

#[test]
fn who_wants_no_token_keeps_none() {
    let wanted = WANTED.replace("<enable xmlns='urn:xmpp:carbons:2'/>", "");
    let done = [BOUND2_AND_ENABLED, &token("unwanted")].concat();
    let script = log_in(steadfast(), &everything(), &wanted, &done);
    assert!(script.client.is_connected());
    assert!(!script.stored.values().any(|stored| stored.contains("unwanted")));
}

// The stream that broke

#[test]
fn a_stream_is_resumed_in_the_same_exchange() {
    let mut script = with_token("first");
    script.send(&message(1)).unwrap();
    script.send(&message(2)).unwrap();
    script.forget();
    script.drop_link();
    script.send(&message(3)).unwrap();
    script.wait();
    script.accept();
    script.open_stream(&everything());
    expect_authenticate(&mut script, "HT-SHA-256-NONE", &[&resume(1), WANTED, &fast(1)].concat());
    let proof = base64::encode(&hashed("first", b"Responder"));
    script.recv(&success(&proof, "<resumed xmlns='urn:xmpp:sm:3' h='3' previd='sm1'/>"));
    script.expect_sent(&message(2));
    script.expect_sent(&message(3));
    script.expect_sent(R);
    script.expect_nothing_sent();
    script.expect_arrival(Arrival::Resumed);
    script.recv(&[BIND_AND_MANAGE, &a(5)].concat());
    ["1", "2", "3"].iter().for_each(|id| script.expect_delivery(id, Delivery::Sent));
}

#[test]
fn a_stream_that_is_gone_is_followed_by_a_new_one_in_the_same_exchange() {
    for (h, first) in [(" h='3'", Delivery::Sent), ("", Delivery::InDoubt)] {
        let mut script = with_token("first");
        script.send(&message(1)).unwrap();
        script.send(&message(2)).unwrap();
        script.forget();
        script.lose_and_wait();
        script.accept();
        script.open_stream(&everything());
        expect_authenticate(&mut script, "HT-SHA-256-NONE", &[&resume(1), WANTED, &fast(1)].concat());
        let proof = base64::encode(&hashed("first", b"Responder"));
        let failed = format!("<failed xmlns='urn:xmpp:sm:3'{h}/>");
        script.recv(&success(&proof, &[&failed, BOUND2_AND_ENABLED].concat()));
        script.expect_delivery("1", first);
        match first {
            // The server said exactly what it had.
            Delivery::Sent => _ = script.expect_sent(&message(2)),
            _ => script.expect_delivery("2", Delivery::InDoubt),
        }
        script.expect_sent(ROSTER);
        script.expect_sent(PRESENCE);
        script.expect_sent(R);
        script.expect_nothing_sent();
        script.expect_arrival(Arrival::Reconnected);
    }
}

#[test]
fn a_stream_that_is_gone_is_followed_by_the_old_way_of_binding() {
    let mut script = with_token("first");
    script.lose_and_wait();
    script.accept();
    script.open_stream(&everything());
    expect_authenticate(&mut script, "HT-SHA-256-NONE", &[&resume(1), WANTED, &fast(1)].concat());
    let proof = base64::encode(&hashed("first", b"Responder"));
    script.recv(&[&success(&proof, "<failed xmlns='urn:xmpp:sm:3'/>"), BIND_AND_MANAGE].concat());
    // It is not asked once more to resume.
    script.bound();
    script.expect_sent(ENABLE);
    script.expect_arrival(Arrival::Reconnected);
}
