//! Logging in as a conversation: every way in, and every way to fail, after which the next log-in works.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{
    client::{Event, Status},
    session::{Account, Arrival, ConnectionError, LOGIN_TIMEOUT, SendError},
    stream::{
        Closed,
        sasl::{Credentials, Policy},
    },
    xml::ns,
};
use sasl::common::scram::{ScramProvider, Sha1, Sha256};

use support::{
    peer::{BIND, BOUND, Script, juliet, mechanisms, on_both, seconds},
    scram::ScramServer,
};

const AUTH: &str = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>*</auth>";
const SUCCESS: &str = "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>";
const ASK_FOR_SESSION: &str =
    "<iq type='set' id='$session'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>";
const BIND_AND_SESSION: &str = "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>\
    <session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></stream:features>";

/// How far a log-in has come when something happens.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Stage {
    Opening,
    Authenticating,
    Reopening,
    Binding,
    StartingSession,
    Online,
}

use Stage::*;

const STAGES: [Stage; 6] = [Opening, Authenticating, Reopening, Binding, StartingSession, Online];

/// Plays a log-in up to where the server's next word is awaited.
#[track_caller]
fn play(script: &mut Script, stage: Stage) {
    script.accept();
    if stage > Opening {
        script.open_stream(&mechanisms(&["PLAIN"]));
        script.expect_sent(AUTH);
    }
    if stage > Authenticating {
        script.recv(SUCCESS);
        script.expect_open();
    }
    if stage > Reopening {
        script.open_stream(BIND_AND_SESSION);
        script.expect_sent("<iq type='set' id='$bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
    }
    if stage > Binding {
        script.recv(BOUND);
        script.expect_sent(ASK_FOR_SESSION);
    }
    if stage > StartingSession {
        script.recv("<iq type='result' id='$session'/>");
        script.settle();
    }
}

/// The same thing happens at each stage, over both transports.
#[track_caller]
fn at_each(stages: &[Stage], happens: impl Fn(Script, Stage)) {
    for &stage in stages {
        on_both(|mut script| {
            play(&mut script, stage);
            happens(script, stage);
        });
    }
}

/// The log-in has failed with this code, or the session that it led to; the next log-in works.
#[track_caller]
fn expect_failure(mut script: Script, status: Status, code: &str) -> ConnectionError {
    // Whoever does not agree to the end of the stream is not waited for.
    script.advance(seconds(3));
    let Some(error) = script.expect_end() else { script.fail("an error was expected") };
    if (error.code(), script.client.status()) != (code, status) {
        script.fail(&format!("{code} and {status:?} were expected, not {error:?}, {:?}", script.client.status()));
    }
    assert!(!error.to_string().is_empty());
    assert_eq!(script.client.jid(), None);
    script.connect_again();
    script.log_in();
    script.settle();
    script.send("<presence/>").unwrap();
    script.expect_sent("<presence/>");
    error
}

// Ways in

#[test]
fn a_password_that_is_proved_both_ways() {
    fn log_in<P: ScramProvider>(success_has_data: bool) {
        on_both(|mut script| {
            let mechanism = format!("SCRAM-{}", P::name());
            script.accept();
            script.open_stream(&mechanisms(&["PLAIN", &mechanism, "X-UNKNOWN"]));
            let auth = script.expect_sent(&AUTH.replace("PLAIN", &mechanism));
            let server = ScramServer::<P>::new("r0m30myr0m30", &auth.text());
            script.recv(&sasl("challenge", &server.challenge()));
            let response = script.expect_sent(&sasl("response", "*"));
            let proof = server.prove(&response.text()).expect("the proof of the password");
            if success_has_data {
                script.recv(&sasl("success", &proof));
            } else {
                script.recv(&sasl("challenge", &proof));
                script.expect_sent(&sasl("response", ""));
                script.recv(SUCCESS);
            }
            script.bind();
            script.settle();
            assert!(script.client.is_connected());
        });
    }
    log_in::<Sha1>(true);
    log_in::<Sha1>(false);
    log_in::<Sha256>(true);
    log_in::<Sha256>(false);
}

#[test]
fn a_password_as_it_is() {
    on_both(|mut script| {
        script.accept();
        script.open_stream(&mechanisms(&["PLAIN"]));
        script.expect_sent(&AUTH.replace('*', "AGp1bGlldAByMG0zMG15cjBtMzA="));
        script.recv(SUCCESS);
        script.bind();
        script.expect_status(Status::Connecting);
        script.expect_status(Status::Authenticating);
        script.expect_status(Status::Connected);
        let Event::Online { jid, arrival: Arrival::New } = script.next_event() else { script.fail("not online") };
        assert_eq!(jid.as_str(), "juliet@capulet.lit/balcony");
        assert_eq!(script.client.jid(), Some(&jid));
        script.settle();
        script.expect_silence();
    });
}

#[test]
fn nobody_in_particular() {
    let account = || Account { jid: None, credentials: Some(Credentials::Anonymous), ..juliet() };
    for mut script in [Script::websocket(account()), Script::bosh(account())] {
        script.accept();
        script.open_stream(&mechanisms(&["SCRAM-SHA-1", "ANONYMOUS"]));
        script.expect_sent(&sasl("auth", "=").replace("'>", "' mechanism='ANONYMOUS'>"));
        script.recv(SUCCESS);
        script.bind();
        assert!(script.client.is_connected());
    }
}

#[test]
fn a_resource_is_asked_for_and_the_server_decides() {
    let mut script = Script::websocket(Account { resource: Some("orchard".to_owned()), ..juliet() });
    script.accept();
    script.open_stream(&mechanisms(&["PLAIN"]));
    script.expect_sent(AUTH);
    script.recv(SUCCESS);
    script.expect_open();
    script.open_stream(BIND);
    script.expect_sent(
        "<iq type='set' id='$bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>orchard</resource></bind></iq>",
    );
    script.recv(BOUND);
    assert_eq!(script.client.jid().unwrap().resource(), "balcony");
}

#[test]
fn the_old_session_is_started_where_it_is_demanded() {
    let optional = BIND_AND_SESSION.replace(
        "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>",
        "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'><optional/></session>",
    );
    for (features, demanded) in [(BIND_AND_SESSION, true), (&optional, false), (BIND, false)] {
        on_both(|mut script| {
            play(&mut script, Reopening);
            script.open_stream(features);
            script.expect_sent("<iq type='set' id='$bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
            script.recv(BOUND);
            if demanded {
                script.expect_sent(ASK_FOR_SESSION);
                assert!(!script.client.is_connected());
                script.recv("<iq type='result' id='$session'/>");
            }
            assert!(script.client.is_connected());
        });
    }
}

#[test]
fn an_answer_to_something_else_is_no_answer() {
    at_each(&[Binding], |mut script, _| {
        script.recv(&BOUND.replace("$bind", "other"));
        script.recv("<presence/><message/><iq/>");
        assert!(!script.client.is_connected());
        script.recv(BOUND);
        script.expect_sent(ASK_FOR_SESSION);
        script.recv("<iq type='result' id='other'/>");
        assert!(!script.client.is_connected());
        script.recv("<iq type='result' id='$session'/>");
        assert!(script.client.is_connected());
    });
}

// The server refuses

#[test]
fn wrong_credentials() {
    for condition in [
        "aborted",
        "account-disabled",
        "credentials-expired",
        "encryption-required",
        "incorrect-encoding",
        "invalid-authzid",
        "invalid-mechanism",
        "malformed-request",
        "mechanism-too-weak",
        "not-authorized",
        "temporary-auth-failure",
    ] {
        at_each(&[Authenticating], |mut script, _| {
            script.recv(&sasl("failure", &format!("<{condition}/><text>who are you?</text>")));
            script.expect_close();
            let error = expect_failure(script, Status::AuthenticationFailed, "authentication-failed");
            assert_eq!(error.condition(), Some(condition));
            assert!(error.to_string().ends_with("(who are you?)"), "{error}");
        });
    }
}

#[test]
fn a_refusal_without_a_reason() {
    at_each(&[Authenticating], |mut script, _| {
        script.recv(&sasl("failure", ""));
        let error = expect_failure(script, Status::AuthenticationFailed, "authentication-failed");
        assert_eq!(error.condition(), Some("not-authorized"));
    });
}

#[test]
fn wrong_credentials_in_the_words_of_scram() {
    on_both(|mut script| {
        script.accept();
        script.open_stream(&mechanisms(&["SCRAM-SHA-1"]));
        let auth = script.expect_sent(&AUTH.replace("PLAIN", "SCRAM-SHA-1"));
        let server = ScramServer::<Sha1>::new("another", &auth.text());
        script.recv(&sasl("challenge", &server.challenge()));
        let response = script.expect_sent(&sasl("response", "*"));
        assert_eq!(server.prove(&response.text()), None);
        script.recv(&sasl("challenge", "ZT1pbnZhbGlkLXByb29m")); // e=invalid-proof
        expect_failure(script, Status::AuthenticationFailed, "authentication-failed");
    });
}

#[test]
fn no_way_to_log_in() {
    let tls = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>";
    for (features, code) in [
        (mechanisms(&[]), "no-mechanism"),
        (mechanisms(&["DIGEST-MD5", "plain"]), "no-mechanism"),
        ("<stream:features/>".to_owned(), "no-mechanism"),
        (format!("<stream:features>{tls}</stream:features>"), "encryption-required"),
        ("<message/>".to_owned(), "protocol-error"),
    ] {
        at_each(&[Opening], |mut script, _| {
            script.open_stream(&features);
            script.expect_close();
            expect_failure(script, Status::ConnectionFailed, code);
        });
    }
}

#[test]
fn a_password_is_not_sent_over_an_insecure_channel() {
    let account = || Account { policy: Policy::default(), ..juliet() };
    for mut script in [Script::websocket(account()), Script::bosh(account())] {
        script.accept();
        script.open_stream(&mechanisms(&["PLAIN"]));
        script.expect_close();
        expect_failure(script, Status::ConnectionFailed, "insecure-channel");
    }
}

#[test]
fn a_resource_that_is_refused() {
    let refused = |id| {
        format!(
            "<iq type='error' id='{id}'><error type='cancel'>\
             <conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
        )
    };
    at_each(&[Binding, StartingSession], |mut script, stage| {
        script.recv(&refused(if stage == Binding { "$bind" } else { "$session" }));
        script.expect_close();
        let error = expect_failure(script, Status::ConnectionFailed, "bind-failed");
        assert_eq!(error.condition(), Some("conflict"));
    });
}

// The server misbehaves

#[test]
fn a_server_that_does_not_prove_itself() {
    for proof in ["", "dj1ybUY5cHFWOFM3c3VBb1pXamE0ZEpSa0ZzS1E9"] {
        on_both(|mut script| {
            script.accept();
            script.open_stream(&mechanisms(&["SCRAM-SHA-1"]));
            let auth = script.expect_sent(&AUTH.replace("PLAIN", "SCRAM-SHA-1"));
            let server = ScramServer::<Sha1>::new("r0m30myr0m30", &auth.text());
            script.recv(&sasl("challenge", &server.challenge()));
            script.expect_sent(&sasl("response", "*"));
            script.recv(&sasl("success", proof));
            script.expect_close();
            expect_failure(script, Status::ConnectionFailed, "server-not-authentic");
        });
    }
}

#[test]
fn sasl_that_is_none() {
    for (answer, code) in [
        (sasl("challenge", "not base64"), "protocol-error"),
        (sasl("success", "?"), "protocol-error"),
        (sasl("abort", ""), "protocol-error"),
        (sasl("auth", ""), "protocol-error"),
        ("<challenge/>".to_owned(), "protocol-error"),
        ("<success/>".to_owned(), "protocol-error"),
        ("<message/>".to_owned(), "protocol-error"),
        (mechanisms(&["PLAIN"]), "protocol-error"),
        // PLAIN asks for nothing more.
        (sasl("challenge", ""), "server-not-authentic"),
    ] {
        at_each(&[Authenticating], |mut script, _| {
            script.recv(&answer);
            script.expect_close();
            expect_failure(script, Status::ConnectionFailed, code);
        });
    }
}

#[test]
fn no_resource_to_bind() {
    for features in ["<stream:features/>", "<message/>", SUCCESS] {
        let features = features.to_owned();
        on_both(|mut script| {
            play(&mut script, Reopening);
            // Over BOSH only features are the answer to a restart.
            if script.is_bosh() && !features.contains("features") {
                return;
            }
            script.open_stream(&features);
            script.expect_close();
            expect_failure(script, Status::ConnectionFailed, "protocol-error");
        });
    }
}

#[test]
fn an_address_that_is_none() {
    for bind in [
        "",
        "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>",
        "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid/></bind>",
        "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>juliet@capulet.lit</jid></bind>",
        "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>@/</jid></bind>",
        "<bind><jid>juliet@capulet.lit/balcony</jid></bind>",
    ] {
        at_each(&[Binding], |mut script, _| {
            script.recv(&format!("<iq type='result' id='$bind'>{bind}</iq>"));
            script.expect_close();
            expect_failure(script, Status::ConnectionFailed, "protocol-error");
        });
    }
}

#[test]
fn garbage_at_each_stage() {
    for garbage in ["<a", "<!DOCTYPE a><a/>", "<body xmlns='http://jabber.org/protocol/httpbind'>&e;</body>"] {
        at_each(&STAGES, |mut script, stage| {
            let foreign = stage == Opening && script.is_bosh();
            script.recv_raw(garbage);
            let status = if stage == Online { Status::Disconnected } else { Status::ConnectionFailed };
            expect_failure(script, status, if foreign { "not-xmpp" } else { "protocol-error" });
        });
    }
}

#[test]
fn something_else_answers() {
    at_each(&[Opening], |mut script, _| {
        script.recv_raw("<html xmlns='http://www.w3.org/1999/xhtml'/>");
        expect_failure(script, Status::ConnectionFailed, "not-xmpp");
    });
}

// The stream ends

#[test]
fn the_server_ends_the_stream_at_each_stage() {
    for (condition, code) in [
        ("host-unknown", "host-unknown"),
        ("conflict", "replaced"),
        ("system-shutdown", "stream-error"),
        ("policy-violation", "stream-error"),
    ] {
        at_each(&STAGES, |mut script, stage| {
            let error = format!("<stream:error><{condition} xmlns='{}'/></stream:error>", ns::STREAM_ERRORS.as_str());
            if stage == Opening && script.is_bosh() {
                // There is no stream yet for the error to be one of.
                script.recv_raw(&format!(
                    "<body xmlns='http://jabber.org/protocol/httpbind' type='terminate' condition='{condition}'/>"
                ));
            } else {
                script.recv(&error);
            }
            let status = if stage == Online { Status::Disconnected } else { Status::ConnectionFailed };
            let error = expect_failure(script, status, code);
            assert_eq!(error.condition(), Some(condition));
        });
    }
}

#[test]
fn the_server_says_where_to_go() {
    at_each(&[Authenticating, Online], |mut script, stage| {
        let condition = "<see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>other.lit:5280</see-other-host>";
        script.recv(&format!("<stream:error>{condition}</stream:error>"));
        let status = if stage == Online { Status::Disconnected } else { Status::ConnectionFailed };
        let error = expect_failure(script, status, "stream-error");
        let ConnectionError::Closed(Closed::StreamError(error)) = error else { panic!("{error:?}") };
        assert_eq!(error.other.as_deref(), Some("other.lit:5280"));
    });
}

#[test]
fn the_server_closes_the_stream_at_each_stage() {
    at_each(&STAGES, |mut script, stage| {
        script.recv_close();
        let status = if stage == Online { Status::Disconnected } else { Status::ConnectionFailed };
        expect_failure(script, status, "connection-lost");
    });
}

#[test]
fn the_connection_breaks_at_each_stage() {
    for stage in STAGES {
        let mut script = Script::websocket(juliet());
        play(&mut script, stage);
        script.drop_link();
        let status = if stage == Online { Status::Disconnected } else { Status::ConnectionFailed };
        expect_failure(script, status, "connection-lost");
    }
}

#[test]
fn a_server_that_cannot_be_reached() {
    on_both(|mut script| {
        script.refuse();
        expect_failure(script, Status::ConnectionFailed, "unreachable");
    });
}

// The server says nothing

#[test]
fn a_server_that_says_nothing_at_each_stage() {
    at_each(&[Opening, Authenticating, Reopening, Binding, StartingSession], |mut script, stage| {
        script.advance(LOGIN_TIMEOUT);
        let code = if stage == Opening { "unreachable" } else { "timeout" };
        expect_failure(script, Status::ConnectionFailed, code);
    });
}

#[test]
fn a_socket_that_does_not_open() {
    let mut script = Script::websocket(juliet());
    script.advance(LOGIN_TIMEOUT);
    expect_failure(script, Status::ConnectionFailed, "unreachable");
}

// This side ends it

#[test]
fn the_page_gives_up_at_each_stage() {
    at_each(&STAGES, |mut script, _| {
        script.disconnect();
        assert_eq!(script.send("<presence/>"), Err(SendError::NotConnected));
        script.advance(seconds(3));
        assert_eq!(script.expect_end(), None);
        assert_eq!(script.client.status(), Status::Disconnected);
        script.connect_again();
        script.log_in();
    });
}

#[test]
fn the_page_logs_in_while_it_is_logged_in() {
    on_both(|mut script| {
        script.log_in();
        script.settle();
        script.connect_again();
        script.expect_close();
        script.log_in();
        script.settle();
        assert!(script.client.is_connected());
    });
}

fn sasl(name: &str, content: &str) -> String {
    format!("<{name} xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{content}</{name}>")
}
