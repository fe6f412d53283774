//! Requests and answers as a conversation: who may answer what (RFC 6120 §8.1.2.1, §8.2.3), and until when.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{
    client::{Event, Status},
    jid::{FullJid, Jid},
    session::{Answer, DEFAULT_TIMEOUT, IqTable, MAX_OPEN},
    stanza::{Decode, Iq, Stanza},
    time::Instant,
};

use support::{
    pattern::stanza,
    peer::{Script, on_both, online_on_both, seconds},
};

const ROSTER: &str = "<iq type='get' id='$roster'><query xmlns='jabber:iq:roster'/></iq>";

fn iq(xml: &str) -> Iq {
    match Stanza::decode(stanza(xml)) {
        Decode::Ok(Stanza::Iq(iq)) => iq,
        other => panic!("{other:?}"),
    }
}

fn me() -> FullJid {
    FullJid::new("juliet@capulet.lit/balcony").unwrap()
}

/// Whether an answer from `from` is taken for one to a request sent to `to`; `""` is no address.
fn answers(to: &str, from: &str) -> bool {
    let mut table = IqTable::default();
    let to = (!to.is_empty()).then(|| Jid::new(to).unwrap());
    table.insert("1".to_owned(), to, Instant::default(), ());
    let from = if from.is_empty() { String::new() } else { format!(" from='{from}'") };
    table.take(&iq(&format!("<iq type='result' id='1'{from}/>")), &me()).is_some()
}

// Who may answer

#[test]
fn the_server_answers_for_the_account() {
    for from in ["", "juliet@capulet.lit", "JULIET@capulet.lit", "juliet@capulet.lit/balcony", "capulet.lit"] {
        assert!(answers("", from), "{from}");
    }
    for to in ["juliet@capulet.lit", "juliet@capulet.lit/balcony", "capulet.lit"] {
        assert!(answers(to, ""), "{to}");
        assert!(answers(to, to), "{to}");
    }
}

#[test]
fn nobody_else_answers_for_the_account() {
    for from in [
        "romeo@montague.lit",
        "romeo@capulet.lit",
        "juliet@capulet.lit/chamber",
        "juliet@capulet.lit/Balcony",
        "juliet@montague.lit",
        "juliet@capulet.lit.evil.lit",
        "evil.lit",
        "capulet.lit/juliet@capulet.lit",
        "muc.capulet.lit",
    ] {
        assert!(!answers("", from), "{from}");
        assert!(!answers("juliet@capulet.lit", from), "{from}");
    }
}

#[test]
fn who_was_asked_answers() {
    for to in ["romeo@montague.lit", "romeo@montague.lit/orchard", "montague.lit", "juliet@capulet.lit/chamber"] {
        assert!(answers(to, to), "{to}");
        assert!(answers(to, &to.replace("mon", "MON")), "{to}");
    }
}

#[test]
fn who_was_not_asked_does_not() {
    for (to, from) in [
        ("romeo@montague.lit", "romeo@montague.lit/orchard"),
        ("romeo@montague.lit/orchard", "romeo@montague.lit"),
        ("romeo@montague.lit/orchard", "romeo@montague.lit/street"),
        ("romeo@montague.lit/orchard", "capulet.lit"),
        ("montague.lit", "romeo@montague.lit"),
        ("capulet.lit", "juliet@capulet.lit"),
        // What comes without an address comes from the own account.
        ("romeo@montague.lit", ""),
        ("montague.lit", ""),
        ("juliet@capulet.lit/chamber", ""),
        ("muc.capulet.lit", ""),
    ] {
        assert!(!answers(to, from), "{to} {from}");
    }
}

#[test]
fn an_answer_has_the_id_of_the_request_and_is_one() {
    let mut table = IqTable::default();
    table.insert("1".to_owned(), None, Instant::default(), "then");
    for other in ["<iq type='result' id='2'/>", "<iq type='result' id=''/>", "<iq type='get' id='1'/>"] {
        assert_eq!(table.take(&iq(other), &me()), None);
    }
    let error = iq("<iq type='error' id='1'/>");
    assert!(matches!(table.take(&error, &me()), Some(("then", Answer::Error(reply))) if *reply == error));
    assert_eq!(table.take(&error, &me()), None);
}

#[test]
fn a_table_has_an_end() {
    let mut table = IqTable::default();
    for id in 0..MAX_OPEN {
        table.insert(id.to_string(), None, Instant::default(), id);
    }
    assert!(!table.has_room_for("more"));
    table.take(&iq("<iq type='result' id='7'/>"), &me()).unwrap();
    assert!(!table.has_room_for("1"));
    assert!(table.has_room_for("more"));
    assert_eq!(table.drain().count(), MAX_OPEN - 1);
}

// Until when

/// A client that has asked for its roster, and waits.
fn asking_on_both(conversation: impl Fn(Script)) {
    on_both(|mut script| {
        script.log_in();
        script.expect_sent(ROSTER);
        script.expect_sent("<presence/>");
        script.skip_events();
        conversation(script);
    });
}

#[test]
fn a_forged_answer_is_ignored_and_the_true_one_awaited() {
    asking_on_both(|mut script| {
        let forged = "<query xmlns='jabber:iq:roster'><item jid='evil@evil.lit' subscription='both'/></query>";
        for from in ["romeo@montague.lit", "juliet@capulet.lit/chamber", "evil.lit"] {
            script.recv(&format!("<iq type='result' id='$roster' from='{from}'>{forged}</iq>"));
            script.recv(&format!("<iq type='error' id='$roster' from='{from}'/>"));
        }
        script.recv(&format!("<iq type='result' id='another'>{forged}</iq>"));
        script.expect_silence();
        assert_eq!(script.client.store().contacts.iter().count(), 0);
        let roster = "<query xmlns='jabber:iq:roster'><item jid='romeo@montague.lit'/></query>";
        script.recv(&format!("<iq type='result' id='$roster' from='juliet@capulet.lit'>{roster}</iq>"));
        assert!(matches!(script.next_event(), Event::Roster(_)));
        script.expect_event(Event::ContactsFetched);
        assert_eq!(script.client.store().contacts.iter().count(), 1);
        // It was answered, and is not answered again.
        script.recv(&format!("<iq type='result' id='$roster'>{forged}</iq>"));
        script.expect_silence();
    });
}

#[test]
fn an_answer_is_not_awaited_for_ever() {
    asking_on_both(|mut script| {
        script.advance(DEFAULT_TIMEOUT - seconds(1));
        script.expect_silence();
        script.advance(seconds(1));
        script.expect_event(Event::ContactsFetched);
        script.recv("<iq type='result' id='$roster'><query xmlns='jabber:iq:roster'/></iq>");
        script.expect_silence();
    });
}

#[test]
fn the_end_of_the_session_answers_everything() {
    asking_on_both(|mut script| {
        script.recv_close();
        script.expect_event(Event::ContactsFetched);
        script.expect_status(Status::Disconnected);
        script.expect_end();
        script.advance(DEFAULT_TIMEOUT);
        script.expect_silence();
    });
}

#[test]
fn ids_are_never_the_same() {
    asking_on_both(|mut script| {
        let last = script.expect_name("roster");
        script.connect_again();
        script.expect_close();
        script.log_in();
        script.expect_sent(ROSTER);
        assert_ne!(script.expect_name("roster"), last);
    });
}

// What others ask

#[test]
fn a_ping_is_answered() {
    online_on_both(|mut script| {
        script.recv("<iq type='get' id='p1' from='capulet.lit'><ping xmlns='urn:xmpp:ping'/></iq>");
        script.expect_sent("<iq type='result' id='p1' to='capulet.lit'/>");
        script.recv("<iq type='get' id='p2' from='juliet@capulet.lit/balcony'><ping xmlns='urn:xmpp:ping'/></iq>");
        script.expect_sent("<iq type='result' id='p2' to='juliet@capulet.lit/balcony'/>");
        script.recv("<iq type='get' id='p&amp;3'><ping xmlns='urn:xmpp:ping'/></iq>");
        script.expect_sent("<iq type='result' id='p&amp;3'/>");
        script.expect_silence();
    });
}

#[test]
fn what_nobody_knows_is_unavailable() {
    let error = "<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";
    online_on_both(|mut script| {
        for (kind, payload) in [
            ("get", "<query xmlns='urn:example:unknown'/>"),
            ("set", "<query xmlns='urn:example:unknown'/>"),
            ("set", "<ping xmlns='urn:xmpp:ping'/>"),
            ("get", "<query xmlns='jabber:iq:roster'/>"),
            ("get", ""),
        ] {
            script.recv(&format!("<iq type='{kind}' id='q1' from='romeo@montague.lit/orchard'>{payload}</iq>"));
            script.expect_sent(&format!("<iq type='error' id='q1' to='romeo@montague.lit/orchard'>{error}</iq>"));
        }
        script.expect_silence();
    });
}

#[test]
fn an_answer_is_not_answered() {
    online_on_both(|mut script| {
        for kind in ["result", "error"] {
            script.recv(&format!("<iq type='{kind}' id='unknown' from='romeo@montague.lit'/>"));
            script.recv(&format!("<iq type='{kind}' id='unknown'><ping xmlns='urn:xmpp:ping'/></iq>"));
        }
        script.expect_silence();
    });
}

#[test]
fn what_is_no_request_is_not_answered() {
    online_on_both(|mut script| {
        for iq in [
            "<iq/>",
            "<iq type='get'/>",
            "<iq id='1'/>",
            "<iq type='ask' id='1'/>",
            "<iq type='get' id='1' from='@'/>",
            "<iq type='get' id='1' from=''/>",
        ] {
            script.recv(iq);
            assert!(matches!(script.next_event(), Event::Ignored(_)), "{iq}");
        }
        script.recv("<iq xmlns='jabber:server' type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>");
        script.recv("<unknown/>");
        script.expect_silence();
    });
}
