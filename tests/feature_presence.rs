//! The own presence and that of others as a conversation (RFC 6121 §4).

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{
    client::{Client, Event, Options, Synchronize},
    feature::presence,
    jid::BareJid,
    store::{Attributes, Key, Kind, SHOWS, STATUS_ID, Value, cache::Part},
    time::Timestamp,
};

use support::peer::{Script, juliet, on_both, online_on_both, seconds};

const ROMEO: &str = "romeo@montague.lit";

fn set_status(script: &mut Script, show: &'static str, message: Option<&str>) {
    script.act(|client, now| client.in_context(now, |context| presence::set_status(context, show, message)));
}

fn status(script: &Script) -> (&'static str, Option<&str>) {
    let status = &script.client.store().status;
    (status.show, status.message.as_deref())
}

/// A client that is online with these options, to which nothing more comes.
fn online_with(options: Options) -> Script {
    let mut script = Script::offline();
    script.options = options;
    script.connect(juliet());
    script.log_in();
    script.settle();
    script
}

fn write(script: &mut Script, attributes: &[(&str, &str)]) {
    let key = Key::new(Kind::Status, STATUS_ID);
    let mut written = Attributes::default();
    attributes.iter().for_each(|(name, value)| written.set(*name, *value));
    script.act(|client, now| client.write(now, &key, &written));
}

// The own status

#[test]
fn each_status_is_one_presence() {
    for show in SHOWS {
        online_on_both(|mut script| {
            set_status(&mut script, "dnd", None);
            script.expect_sent("<presence><show>dnd</show></presence>");
            script.forget();
            let expected = match show {
                "online" => "<presence/>".to_owned(),
                "dnd" => return,
                "unavailable" | "offline" => "<presence type='unavailable'/>".to_owned(),
                show => format!("<presence><show>{show}</show></presence>"),
            };
            set_status(&mut script, show, None);
            script.expect_sent(&expected);
            script.expect_event(Event::OwnStatus);
            script.expect_silence();
            assert_eq!(status(&script), (show, None));
        });
    }
}

#[test]
fn status_and_message_are_told_together_and_once() {
    online_on_both(|mut script| {
        set_status(&mut script, "away", Some("In a < meeting"));
        script.expect_sent("<presence><show>away</show><status>In a &lt; meeting</status></presence>");
        script.expect_event(Event::OwnStatus);
        script.expect_event(Event::OwnStatusMessage);
        script.expect_silence();
        set_status(&mut script, "away", Some("In a < meeting"));
        script.expect_silence();
        // Without a message, the one there is stays; an empty one takes it back.
        set_status(&mut script, "xa", None);
        script.expect_sent("<presence><show>xa</show><status>In a &lt; meeting</status></presence>");
        script.expect_event(Event::OwnStatus);
        set_status(&mut script, "xa", Some(""));
        script.expect_sent("<presence><show>xa</show></presence>");
        script.expect_event(Event::OwnStatusMessage);
        script.expect_silence();
    });
}

#[test]
fn the_echo_of_the_own_presence_changes_nothing() {
    online_on_both(|mut script| {
        set_status(&mut script, "unavailable", None);
        script.expect_sent("<presence type='unavailable'/>");
        script.expect_event(Event::OwnStatus);
        script.recv("<presence type='unavailable' from='juliet@capulet.lit/balcony' to='juliet@capulet.lit/balcony'/>");
        script.recv("<presence type='unavailable' from='juliet@capulet.lit'/>");
        script.recv("<presence from='juliet@capulet.lit/balcony'><show>away</show></presence>");
        script.expect_silence();
        assert_eq!(status(&script), ("unavailable", None));
    });
}

#[test]
fn writing_the_status_of_the_handle_is_setting_it() {
    online_on_both(|mut script| {
        write(&mut script, &[("status", "dnd"), ("status_message", "busy"), ("mine", "kept")]);
        script.expect_sent("<presence><show>dnd</show><status>busy</status></presence>");
        script.expect_event(Event::OwnStatus);
        script.expect_event(Event::OwnStatusMessage);
        script.expect_silence();
        let attributes = script.client.store().attributes(&Key::new(Kind::Status, STATUS_ID)).unwrap();
        assert_eq!(attributes.get("mine"), Some(&Value::from("kept")));
        write(&mut script, &[("status", "busy")]);
        script.expect_silence();
        assert_eq!(status(&script), ("dnd", Some("busy")));
        // What is not a plugin's to keep is not kept for it either: the next status is not hidden by it.
        set_status(&mut script, "online", Some(""));
        let attributes = script.client.store().attributes(&Key::new(Kind::Status, STATUS_ID)).unwrap();
        assert_eq!(attributes.get("status"), Some(&Value::from("online")));
    });
}

#[test]
fn the_first_presence_says_the_default_state_and_the_priority() {
    let mut script = Script::offline();
    script.options = Options { default_state: "away", priority: 5, ..Options::default() };
    script.connect(juliet());
    script.log_in();
    script.expect_sent("<iq type='get' id='*'><query xmlns='jabber:iq:roster'/></iq>");
    script.expect_sent("<presence><show>away</show><priority>5</priority></presence>");
}

#[test]
fn the_status_is_there_after_a_reload() {
    on_both(|mut script| {
        script.log_in();
        script.settle();
        set_status(&mut script, "dnd", Some("busy"));
        script.advance(seconds(1));
        assert!(script.reload(juliet()));
        assert_eq!(status(&script), ("dnd", Some("busy")));
    });
}

#[test]
fn the_status_follows_other_clients_as_far_as_the_setting_says() {
    let other = "<presence from='juliet@capulet.lit/garden'><show>xa</show><status>out</status></presence>";
    for (synchronize, expected) in [
        (Synchronize::All, ("xa", Some("out"))),
        (Synchronize::Nobody, ("online", None)),
        (Synchronize::Resource("garden".to_owned()), ("xa", Some("out"))),
        (Synchronize::Resource("hall".to_owned()), ("online", None)),
    ] {
        let mut script = online_with(Options { synchronize_availability: synchronize, ..Options::default() });
        script.recv(other);
        script.recv("<presence from='juliet@capulet.lit/garden' type='unavailable'/>");
        assert_eq!(status(&script), expected);
        script.skip_events();
        script.expect_silence();
    }
}

// Idleness

#[test]
fn who_does_nothing_becomes_away_then_xa_and_comes_back() {
    let options = Options {
        auto_away: Some(seconds(60)),
        auto_xa: Some(seconds(120)),
        idle_presence_timeout: None,
        ..Options::default()
    };
    let mut script = online_with(options);
    set_status(&mut script, "chat", Some("hi"));
    script.forget();
    script.advance(seconds(30));
    script.act(Client::handle_activity);
    script.advance(seconds(59));
    script.expect_silence();
    script.advance(seconds(1));
    script.expect_sent("<presence><show>away</show><status>hi</status></presence>");
    script.expect_event(Event::OwnStatus);
    script.advance(seconds(60));
    script.expect_sent("<presence><show>xa</show><status>hi</status></presence>");
    script.expect_event(Event::OwnStatus);
    script.advance(seconds(600));
    script.expect_silence();
    script.act(Client::handle_activity);
    script.expect_sent("<presence><show>chat</show><status>hi</status></presence>");
    script.expect_event(Event::OwnStatus);
    script.expect_silence();
}

#[test]
fn what_the_user_chose_is_not_undone() {
    for show in ["dnd", "xa", "unavailable"] {
        let mut script =
            online_with(Options { auto_away: Some(seconds(60)), idle_presence_timeout: None, ..Options::default() });
        set_status(&mut script, show, None);
        script.forget();
        script.advance(seconds(100));
        script.act(Client::handle_activity);
        script.expect_silence();
        assert_eq!(status(&script).0, show);
    }
}

/// XEP-0319.
#[test]
fn contacts_are_told_since_when_the_user_does_nothing() {
    let mut script = Script::offline();
    script.options = Options::default();
    script.client.set_epoch(Timestamp::parse("2026-11-22T19:00:00Z").unwrap());
    script.connect(juliet());
    script.log_in();
    script.settle();
    script.act(Client::handle_activity);
    let passed = script.now;
    script.advance(seconds(300));
    let since = Timestamp::parse("2026-11-22T19:00:00Z").unwrap().at(passed).to_text();
    script.expect_sent(&format!("<presence><idle xmlns='urn:xmpp:idle:1' since='{since}'/></presence>"));
    script.advance(seconds(300));
    script.expect_silence();
    script.act(Client::handle_activity);
    script.expect_sent("<presence/>");
    script.act(Client::handle_activity);
    script.expect_silence();
}

// The presence of others

#[test]
fn the_client_of_the_highest_priority_speaks_for_a_contact() {
    online_on_both(|mut script| {
        script.recv(
            "<iq type='set' id='push'><query xmlns='jabber:iq:roster'><item jid='romeo@montague.lit'/></query></iq>",
        );
        script.forget();
        let contact = Key::of_jid(Kind::Contact, &BareJid::new(ROMEO).unwrap());
        let read = |script: &Script, name: &str| script.client.store().attributes(&contact).unwrap().get(name).cloned();
        for (presence, show, told) in [
            ("<presence from='romeo@montague.lit/a'><priority>5</priority></presence>", "online", true),
            ("<presence from='romeo@montague.lit/b'><show>dnd</show><priority>10</priority></presence>", "dnd", true),
            ("<presence from='romeo@montague.lit/c'><show>chat</show><priority>-1</priority></presence>", "dnd", false),
            ("<presence from='romeo@montague.lit/b' type='unavailable'/>", "online", true),
            ("<presence from='romeo@montague.lit/b' type='unavailable'/>", "online", false),
            ("<presence from='romeo@montague.lit' type='unavailable'/>", "offline", true),
            // Somebody without a resource is no client, and a stranger no contact.
            ("<presence from='romeo@montague.lit'><show>away</show></presence>", "offline", false),
            ("<presence from='paris@capulet.lit/a'><show>away</show></presence>", "offline", false),
        ] {
            script.recv(presence);
            assert_eq!(read(&script, "chat_status"), Some(Value::from(show)), "{presence}");
            if told {
                script.expect_event(Event::ContactPresence(contact.clone()));
            }
            script.expect_silence();
        }
        script.recv("<presence from='romeo@montague.lit/a'><status>hi</status></presence>");
        script.expect_event(Event::ContactPresence(contact.clone()));
        script.expect_event(Event::ContactStatusMessage(contact.clone()));
        assert_eq!(read(&script, "status"), Some(Value::from("hi")));
        assert_eq!(read(&script, "resources"), Some(Value::List(vec![Value::from("a")])));
    });
}

/// Of a thousand presences none is a reason to write the roster.
#[test]
fn a_presence_leaves_the_cached_roster_alone() {
    online_on_both(|mut script| {
        let contact = Key::new(Kind::Contact, ROMEO);
        script.recv(
            "<iq type='set' id='r'><query xmlns='jabber:iq:roster'><item jid='romeo@montague.lit' subscription='both'/></query></iq>",
        );
        script.act(|client, _| client.flush());
        assert!(script.stored.remove(&*Part::Roster.key()).is_some());
        script.take_changes();
        script.recv("<presence from='romeo@montague.lit/a'><show>away</show></presence>");
        script.act(|client, _| client.flush());
        assert_eq!(script.stored_of(&Part::Roster), None);
        assert!(script.take_changes().contains(&contact.shown()));
    });
}
