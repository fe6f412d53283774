//! The contacts as a conversation: the roster, and who may change it (RFC 6121 §2).

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{
    client::Event,
    jid::BareJid,
    session::Account,
    stanza::payload::roster::MAX_GROUPS,
    store::{Contact, Key, Kind},
};

use support::peer::{BOUND, Script, juliet, mechanisms, on_both, online_on_both};

/// A client whose server answers the roster request with `items`.
fn with_roster(items: &str, conversation: impl Fn(Script)) {
    on_both(|mut script| {
        script.log_in();
        script.expect_sent("<iq type='get' id='$roster'><query xmlns='jabber:iq:roster'/></iq>");
        script.expect_sent("<presence/>");
        script.skip_events();
        script.recv(&format!("<iq type='result' id='$roster'><query xmlns='jabber:iq:roster'>{items}</query></iq>"));
        assert!(matches!(script.next_event(), Event::Roster(_)));
        script.expect_event(Event::ContactsFetched);
        script.expect_silence();
        conversation(script);
    });
}

fn addresses(script: &Script) -> Vec<&str> {
    script.client.store().contacts.iter().map(|contact| contact.jid.as_str()).collect()
}

fn contact<'a>(script: &'a Script, jid: &str) -> &'a Contact {
    script.client.store().contacts.get(&BareJid::new(jid).unwrap()).unwrap()
}

fn push(from: &str, items: &str) -> String {
    format!("<iq type='set' id='push1'{from}><query xmlns='jabber:iq:roster'>{items}</query></iq>")
}

// The roster

#[test]
fn the_contacts_are_those_of_the_roster() {
    let items = "<item jid='romeo@montague.lit' name='Romeo' subscription='both'><group>Friends</group></item>\
                 <item jid='nurse@capulet.lit' ask='subscribe'/>";
    with_roster(items, |script| {
        assert_eq!(addresses(&script), ["nurse@capulet.lit", "romeo@montague.lit"]);
        let expected = Contact {
            jid: BareJid::new("romeo@montague.lit").unwrap(),
            name: Some("Romeo".to_owned()),
            subscription: "both",
            ask: false,
            groups: vec!["Friends".to_owned()],
            requesting: false,
            listed: true,
        };
        assert_eq!(contact(&script, "romeo@montague.lit"), &expected);
        let nurse = contact(&script, "nurse@capulet.lit");
        assert_eq!((nurse.subscription, nurse.ask, &nurse.name), ("none", true, &None));
    });
}

#[test]
fn a_hostile_item_does_not_cost_the_others() {
    let many: String = (0..1000).map(|group| format!("<group>{group}</group>")).collect();
    let items = format!(
        "<item/><item jid=''/><item jid='@'/><item jid='a@b/resource'/><item jid='x y@capulet.lit'/>\
         <item jid='paris@capulet.lit' subscription='everything'/>\
         <item jid='gone@capulet.lit' subscription='remove'/>\
         <item xmlns='urn:example' jid='other@capulet.lit'/><contact jid='other@capulet.lit'/>text\
         <item jid='ROMEO@Montague.lit' name='' ask='please'>{many}<group/><group>1</group></item>\
         <item jid='nurse@capulet.lit' name='&lt;img src=x onerror=alert(1)&gt;'/>"
    );
    with_roster(&items, |script| {
        assert_eq!(addresses(&script), ["nurse@capulet.lit", "romeo@montague.lit"]);
        let romeo = contact(&script, "romeo@montague.lit");
        assert_eq!((romeo.groups.len(), &romeo.name, romeo.ask), (MAX_GROUPS, &None, false));
        assert_eq!(contact(&script, "nurse@capulet.lit").name.as_deref(), Some("<img src=x onerror=alert(1)>"));
    });
}

#[test]
fn two_entries_of_one_address_are_one() {
    with_roster("<item jid='a@b' name='1'/><item jid='A@b' name='2'/>", |script| {
        assert_eq!(addresses(&script), ["a@b"]);
        assert_eq!(contact(&script, "a@b").name.as_deref(), Some("2"));
    });
}

#[test]
fn there_may_be_no_roster() {
    for answer in [
        "<iq type='error' id='$roster'/>",
        "<iq type='result' id='$roster'/>",
        "<iq type='result' id='$roster'><query xmlns='urn:example'><item jid='a@b'/></query></iq>",
    ] {
        on_both(|mut script| {
            script.log_in();
            script.expect_sent("<iq type='get' id='$roster'><query xmlns='jabber:iq:roster'/></iq>");
            script.skip_events();
            script.recv(answer);
            let events: Vec<Event> = std::iter::from_fn(|| script.poll_event()).collect();
            assert_eq!(events.last(), Some(&Event::ContactsFetched));
            assert!(!events.iter().any(|event| matches!(event, Event::Roster(_))));
            assert_eq!(addresses(&script), [""; 0]);
        });
    }
}

#[test]
fn another_log_in_of_the_account_begins_with_its_contacts() {
    with_roster("<item jid='romeo@montague.lit'/>", |mut script| {
        script.connect_again();
        assert_eq!(addresses(&script), ["romeo@montague.lit"]);
        script.expect_close();
        script.log_in();
        script.expect_sent("<iq type='get' id='$again'><query xmlns='jabber:iq:roster'/></iq>");
        script.recv("<iq type='result' id='$again'><query xmlns='jabber:iq:roster'/></iq>");
        assert_eq!(addresses(&script), [""; 0]);
    });
}

#[test]
fn another_account_has_another_roster() {
    with_roster("<item jid='romeo@montague.lit'/>", |mut script| {
        script.connect(Account { jid: BareJid::new("nurse@capulet.lit").ok(), ..juliet() });
        assert_eq!(addresses(&script), [""; 0]);
    });
}

// Versions

const VERSIONING: &str = "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>\
    <ver xmlns='urn:xmpp:features:rosterver'/></stream:features>";

/// A log-in at a server that knows versions, to which this request is sent.
#[track_caller]
fn log_in_versioned(script: &mut Script, request: &str) {
    script.accept();
    script.open_stream(&mechanisms(&["PLAIN"]));
    script.expect_sent("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>*</auth>");
    script.recv("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    script.expect_open();
    script.open_stream(VERSIONING);
    script.expect_sent("<iq type='set' id='$bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
    script.recv(BOUND);
    script.expect_sent(request);
    script.expect_sent("<presence/>");
    script.skip_events();
}

/// RFC 6121 §2.6.
#[test]
fn of_a_roster_that_is_known_only_what_has_changed_is_sent() {
    on_both(|mut script| {
        log_in_versioned(&mut script, "<iq type='get' id='$first'><query xmlns='jabber:iq:roster' ver=''/></iq>");
        script.recv(
            "<iq type='result' id='$first'><query xmlns='jabber:iq:roster' ver='v1'><item jid='a@b'/></query></iq>",
        );
        script.recv("<iq type='set' id='p'><query xmlns='jabber:iq:roster' ver='v2'><item jid='c@d'/></query></iq>");
        script.forget();
        script.connect_again();
        script.expect_close();
        log_in_versioned(&mut script, "<iq type='get' id='$again'><query xmlns='jabber:iq:roster' ver='v2'/></iq>");
        script.recv("<iq type='result' id='$again'/>");
        script.expect_event(Event::CachedRoster);
        script.expect_event(Event::ContactsFetched);
        script.expect_silence();
        assert_eq!(addresses(&script), ["a@b", "c@d"]);
    });
}

// Pushes

#[test]
fn the_own_account_adds_changes_and_removes() {
    for from in ["", " from='juliet@capulet.lit'", " from='JULIET@Capulet.lit'"] {
        with_roster("<item jid='nurse@capulet.lit'/>", |mut script| {
            let to = match from {
                "" => "",
                _ => " to='juliet@capulet.lit'",
            };
            let answer = format!("<iq type='result' id='push1'{to}/>");
            for (item, expected) in [
                ("<item jid='romeo@montague.lit'/>", ["nurse@capulet.lit", "romeo@montague.lit"].as_slice()),
                ("<item jid='romeo@montague.lit' name='R'/>", &["nurse@capulet.lit", "romeo@montague.lit"]),
                ("<item jid='romeo@montague.lit' subscription='remove'/>", &["nurse@capulet.lit"]),
                ("<item jid='never@was.there' subscription='remove'/>", &["nurse@capulet.lit"]),
            ] {
                script.recv(&push(from, item));
                script.expect_sent(&answer);
                if item.contains("romeo@montague.lit' subscription='remove'") {
                    let romeo = BareJid::new("romeo@montague.lit").unwrap();
                    script.expect_event(Event::ContactRemoved(Key::of_jid(Kind::Contact, &romeo)));
                }
                assert!(matches!(script.next_event(), Event::RosterPush(_)));
                script.expect_silence();
                assert_eq!(addresses(&script), expected);
                if item.contains("name") {
                    assert_eq!(contact(&script, "romeo@montague.lit").name.as_deref(), Some("R"));
                }
            }
        });
    }
}

/// Row F5 of the attacks: CVE-2015-8688, RFC 6121 §2.1.6.
#[test]
fn f5_nobody_else_changes_the_roster() {
    for from in [
        "romeo@montague.lit",
        "romeo@montague.lit/orchard",
        "juliet@capulet.lit/chamber",
        "juliet@capulet.lit/balcony",
        "juliet@capulet.lit.evil.lit",
        "juliet@evil.lit",
        "julie\u{74}@capulet.lit/",
        "capulet.lit",
        "capulet.lit/juliet@capulet.lit",
        "evil.lit/juliet@capulet.lit",
        "juliet\\40capulet.lit@evil.lit",
    ] {
        with_roster("<item jid='nurse@capulet.lit' name='Nurse'/>", |mut script| {
            for item in [
                "<item jid='evil@evil.lit' subscription='both'/>",
                "<item jid='nurse@capulet.lit' name='Evil'/>",
                "<item jid='nurse@capulet.lit' subscription='remove'/>",
            ] {
                script.recv(&push(&format!(" from='{from}'"), item));
                if from.ends_with('/') {
                    assert!(matches!(script.next_event(), Event::Ignored(_)));
                } else {
                    script.expect_sent(&format!(
                        "<iq type='error' id='push1' to='{from}'><error type='cancel'>\
                         <service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
                    ));
                }
                script.expect_silence();
                assert_eq!(addresses(&script), ["nurse@capulet.lit"]);
                assert_eq!(contact(&script, "nurse@capulet.lit").name.as_deref(), Some("Nurse"));
            }
        });
    }
}

#[test]
fn a_push_has_one_item_that_makes_sense() {
    let item = "<item jid='evil@evil.lit'/>";
    for items in [
        "",
        &[item, item].concat(),
        &[item, "<unknown/>"].concat(),
        "<item/>",
        "<item jid='@'/>",
        "<item jid='evil@evil.lit/resource'/>",
        "<item jid='evil@evil.lit' subscription='everything'/>",
        "<item xmlns='urn:example' jid='evil@evil.lit'/>",
    ] {
        online_on_both(|mut script| {
            script.recv(&push("", items));
            script.expect_sent(
                "<iq type='error' id='push1'><error type='modify'>\
                 <bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
            );
            assert!(matches!(script.next_event(), Event::Ignored(_)));
            script.expect_silence();
            assert_eq!(addresses(&script), [""; 0]);
        });
    }
}

#[test]
fn a_push_may_come_before_the_roster() {
    on_both(|mut script| {
        script.log_in();
        script.expect_sent("<iq type='get' id='$roster'><query xmlns='jabber:iq:roster'/></iq>");
        script.expect_sent("<presence/>");
        script.recv(&push("", "<item jid='romeo@montague.lit'/>"));
        script.expect_sent("<iq type='result' id='push1'/>");
        script.recv(
            "<iq type='result' id='$roster'><query xmlns='jabber:iq:roster'><item jid='romeo@montague.lit'/></query></iq>",
        );
        assert_eq!(addresses(&script), ["romeo@montague.lit"]);
    });
}
