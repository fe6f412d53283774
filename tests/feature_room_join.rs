//! Into rooms and out of them, as a conversation (XEP-0045 §§7.2, 7.14, 10.1).

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use converse_wasm::{
    client::Event,
    feature::room::{self, JOIN_TIMEOUT},
    jid::BareJid,
    session::{Account, Arrival},
    store::RoomStatus,
};

use support::{
    link::Sent,
    peer::{BIND, BOUND, Script, juliet, mechanisms, online_on_both, seconds},
    room::{MODERN, ROOM, occupant, room_jid, room_key},
};

fn trouble(script: &Script) -> Option<&str> {
    script.room().trouble.as_ref().map(|trouble| trouble.condition.as_str())
}

/// The room refuses entry, or a nickname, for this reason.
fn refuse(script: &mut Script, nick: &str, condition: &str) {
    script.recv(&format!(
        "<presence from='{ROOM}/{nick}' type='error'><x xmlns='http://jabber.org/protocol/muc'/>\
         <error type='cancel'><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>"
    ));
}

#[test]
fn a_room_is_entered() {
    online_on_both(|mut script| {
        script.open_room(&[("nick", "juliet".into())]);
        assert_eq!(script.room().status, RoomStatus::Connecting);
        script.describe_room(MODERN);
        assert_eq!(script.room().name.as_deref(), Some("The Orchard"));
        assert!(script.room().features.has("persistent") && !script.room().features.has("membersonly"));
        script.expect_entry("juliet");
        script.let_in("juliet", &["romeo", "nurse"]);
        assert_eq!(script.room().status, RoomStatus::Entered);
        assert_eq!(script.room().occupants.len(), 3);
        assert_eq!(script.room().role, Some("participant"));
        script.expect_event(Event::RoomOpened(room_key()));
        script.expect_nothing_sent();
        // Once in, nothing more is to be done.
        script.open_room(&[]);
        script.expect_nothing_sent();
    });
}

#[test]
fn without_a_nickname_the_room_is_asked_for_it() {
    let reserved = |answer: &str, expected: &str| {
        online_on_both(|mut script| {
            script.open_room(&[]);
            script.describe_room(MODERN);
            script.expect_sent(&format!(
                "<iq type='get' id='$nick' to='{ROOM}'>\
                 <query xmlns='http://jabber.org/protocol/disco#info' node='x-roomuser-item'/></iq>"
            ));
            script.recv(&format!("<iq type='result' id='$nick' from='{ROOM}'>{answer}</iq>"));
            script.expect_entry(expected);
        });
    };
    let item = |identity: &str| {
        format!("<query xmlns='http://jabber.org/protocol/disco#info' node='x-roomuser-item'>{identity}</query>")
    };
    reserved(&item("<identity category='conference' name='Jule' type='text'/>"), "Jule");
    reserved(&item(""), "juliet");
    reserved(&item("<identity category='conference' name='' type='text'/>"), "juliet");
}

#[test]
fn a_password_goes_along_and_is_nowhere_kept() {
    online_on_both(|mut script| {
        script.open_room(&[("nick", "juliet".into()), ("password", "s3cret-balcony".into())]);
        script.describe_room("");
        script.expect_sent(&format!(
            "<presence from='*' to='{ROOM}/juliet' id='*'><x xmlns='http://jabber.org/protocol/muc'>\
             <password>s3cret-balcony</password></x></presence>"
        ));
        script.let_in("juliet", &[]);
        script.advance(seconds(2));
        assert!(script.stored.values().any(|stored| stored.contains(ROOM)));
        assert!(!script.stored.values().any(|stored| stored.contains("s3cret-balcony")));
        assert!(!format!("{:?}", script.client.store()).contains("s3cret-balcony"));
    });
}

#[test]
fn a_room_that_wants_a_password_gets_one_later() {
    online_on_both(|mut script| {
        script.open_room(&[("nick", "juliet".into())]);
        script.describe_room("");
        script.expect_entry("juliet");
        refuse(&mut script, "juliet", "not-authorized");
        assert_eq!((script.room().status, trouble(&script)), (RoomStatus::PasswordRequired, Some("not-authorized")));
        script.join_as("juliet", Some("cl0s3d"));
        script.describe_room("");
        script.expect_sent(&format!(
            "<presence from='*' to='{ROOM}/juliet' id='*'><x xmlns='http://jabber.org/protocol/muc'>\
             <password>cl0s3d</password></x></presence>"
        ));
        script.let_in("juliet", &[]);
        assert_eq!((script.room().status, trouble(&script)), (RoomStatus::Entered, None));
    });
}

#[test]
fn a_nickname_that_is_taken_is_asked_for_or_counted_up() {
    online_on_both(|mut script| {
        script.open_room(&[("nick", "juliet".into())]);
        script.describe_room("");
        script.expect_entry("juliet");
        refuse(&mut script, "juliet", "conflict");
        assert_eq!(script.room().status, RoomStatus::NicknameRequired);
        script.join_as("jule", None);
        script.describe_room("");
        script.expect_entry("jule");
    });
    let mut script = Script::offline();
    script.options.muc_nickname_from_jid = true;
    script.connect(juliet());
    script.log_in();
    script.settle();
    script.open_room(&[("nick", "juliet".into())]);
    script.describe_room("");
    for nick in ["juliet", "juliet-2", "juliet-3"] {
        script.expect_entry(nick);
        refuse(&mut script, nick, "conflict");
    }
    script.expect_entry("juliet-4");
    script.let_in("juliet-4", &["juliet"]);
    assert_eq!(script.room().nick.as_deref(), Some("juliet-4"));
}

#[test]
fn a_room_may_not_let_the_user_in() {
    online_on_both(|mut script| {
        for condition in ["registration-required", "forbidden", "not-allowed", "item-not-found", "service-unavailable"]
        {
            script.join_room_again();
            refuse(&mut script, "juliet", condition);
            assert_eq!((script.room().status, trouble(&script)), (RoomStatus::Disconnected, Some(condition)));
        }
        script.join_room_again();
        script.recv(&format!(
            "<presence from='{ROOM}' type='error'><error type='cancel'>\
             <gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>xmpp:vault@rooms.capulet.lit</gone></error></presence>"
        ));
        let instead = script.room().trouble.as_ref().and_then(|trouble| trouble.instead.clone());
        assert_eq!(instead, BareJid::new("vault@rooms.capulet.lit").ok());
    });
}

impl Script {
    /// Plays a log-in of a client that had a resource before.
    #[track_caller]
    fn log_in_with_resource(&mut self) {
        self.accept();
        self.open_stream(&mechanisms(&["PLAIN"]));
        self.expect_sent("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>*</auth>");
        self.recv("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
        self.expect_open();
        self.open_stream(BIND);
        self.expect_sent(
            "<iq type='set' id='$bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>\
             <resource>balcony</resource></bind></iq>",
        );
        self.recv(BOUND);
    }

    #[track_caller]
    fn join_room_again(&mut self) {
        self.open_room(&[("nick", "juliet".into())]);
        self.describe_room("");
        self.expect_entry("juliet");
    }
}

#[test]
fn a_room_that_says_nothing_is_given_up() {
    online_on_both(|mut script| {
        script.join_room_again();
        script.advance(JOIN_TIMEOUT - seconds(1));
        assert_eq!(script.room().status, RoomStatus::Connecting);
        // One that is full takes its time.
        script.recv(&occupant("romeo", "affiliation='none' role='participant'", ""));
        script.advance(JOIN_TIMEOUT - seconds(1));
        assert_eq!(script.room().status, RoomStatus::Connecting);
        script.advance(seconds(1));
        assert_eq!((script.room().status, trouble(&script)), (RoomStatus::Disconnected, Some("timed-out")));
        assert!(script.room().occupants.is_empty());
    });
}

#[test]
fn a_room_may_give_another_nickname() {
    online_on_both(|mut script| {
        script.join_room_again();
        script.recv(&occupant(
            "Juliet C.",
            "affiliation='member' role='participant'",
            "<status code='110'/><status code='210'/>",
        ));
        assert_eq!(script.room().nick.as_deref(), Some("Juliet C."));
        assert_eq!(script.room().affiliation, Some("member"));
    });
}

#[test]
fn a_room_is_left_with_a_word() {
    online_on_both(|mut script| {
        script.in_room();
        script
            .act(|client, now| client.in_context(now, |context| room::leave(context, &room_jid(), Some("good night"))));
        script.expect_sent(&format!(
            "<presence from='juliet@capulet.lit/balcony' to='{ROOM}/juliet' type='unavailable'>\
             <status>good night</status></presence>"
        ));
        assert_eq!(script.room().status, RoomStatus::Disconnected);
        assert!(script.room().occupants.is_empty());
        script.act(|client, now| client.in_context(now, |context| room::close(context, &room_jid())));
        assert!(script.client.store().rooms.get(&room_jid()).is_none());
        // What still comes of it is of no interest.
        script.forget();
        script.let_in("juliet", &["romeo"]);
        script.hear("romeo", "id='1'", "stay", "");
        script.expect_silence();
    });
}

/// F20: whoever is not asked may say what they like.
#[test]
fn a_room_that_was_not_joined_is_not_entered() {
    online_on_both(|mut script| {
        script.let_in("juliet", &["romeo"]);
        assert!(script.client.store().rooms.get(&room_jid()).is_none());
        // Neither before it is asked for entry.
        script.open_room(&[("nick", "juliet".into())]);
        script.forget();
        script.let_in("juliet", &["romeo"]);
        assert_eq!(script.room().status, RoomStatus::Connecting);
        assert!(script.room().occupants.is_empty());
    });
    online_on_both(|mut script| {
        script.in_room();
        // A code of the user's with somebody else's nickname.
        script.recv(&occupant(
            "mallory",
            "affiliation='owner' role='moderator'",
            "<status code='110'/><status code='210'/>",
        ));
        assert_eq!(script.room().nick.as_deref(), Some("juliet"));
        assert_eq!((script.room().affiliation, script.room().role), (Some("none"), Some("participant")));
        assert_eq!(script.client.store().presences.iter().count(), 0);
    });
}

#[test]
fn a_new_room_is_opened_at_once_or_by_the_page() {
    let new = |instant: bool| {
        let mut script = Script::offline();
        script.options.muc_instant_rooms = instant;
        script.connect(juliet());
        script.log_in();
        script.settle();
        script.join_room_again();
        script.skip_events();
        script.recv(&occupant(
            "juliet",
            "affiliation='owner' role='moderator'",
            "<status code='110'/><status code='201'/>",
        ));
        script
    };
    let mut script = new(true);
    script.expect_sent(&format!(
        "<iq type='set' id='$instant' to='{ROOM}'><query xmlns='http://jabber.org/protocol/muc#owner'>\
         <x xmlns='jabber:x:data' type='submit'/></query></iq>"
    ));
    for affiliation in ["member", "admin", "owner"] {
        script.expect_sent(&format!(
            "<iq type='get' id='*' to='{ROOM}'><query xmlns='http://jabber.org/protocol/muc#admin'>\
             <item affiliation='{affiliation}'/></query></iq>"
        ));
    }
    script.recv(&format!("<iq type='result' id='$instant' from='{ROOM}'/>"));
    script.describe_room(MODERN);
    let mut script = new(false);
    script.expect_event(Event::RoomConfigurationNeeded(room_key()));
}

#[test]
fn rooms_are_entered_again_with_a_new_stream() {
    for new in [Script::websocket, Script::bosh] {
        let mut script = new(Account { reconnect: true, ..juliet() });
        script.log_in();
        script.settle();
        script.in_room();
        script.hear("romeo", "id='1'", "still there?", "");
        script.recv_close();
        script.forget();
        script.advance(seconds(3));
        script.log_in();
        assert_eq!(script.room().status, RoomStatus::Connecting);
        assert!(script.room().occupants.is_empty());
        let asked = std::iter::from_fn(|| script.poll_sent()).find_map(|(sent, _)| match sent {
            Sent::Element(iq) if iq.attribute("to") == Some(ROOM) => iq.attribute("id").map(str::to_owned),
            _ => None,
        });
        let id = asked.unwrap();
        script.recv(&format!(
            "<iq type='result' id='{id}' from='{ROOM}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>"
        ));
        // Of what was said in the meantime the room is to tell, whatever its clock says.
        script.expect_sent(&format!(
            "<presence from='*' to='{ROOM}/juliet' id='*'><x xmlns='http://jabber.org/protocol/muc'>\
             <history since='*'/></x></presence>"
        ));
        assert_eq!(script.said(), ["still there?"]);
    }
}

#[test]
fn for_rooms_nothing_happens_when_a_stream_is_resumed() {
    online_on_both(|mut script| {
        script.in_room();
        script.act(|client, now| client.in_context(now, |context| room::online(context, Arrival::Resumed)));
        assert_eq!((script.room().status, script.room().occupants.len()), (RoomStatus::Entered, 2));
        script.expect_silence();
    });
}

#[test]
fn rooms_of_the_settings_are_entered_after_the_log_in() {
    let mut script = Script::offline();
    script.options.auto_join_rooms =
        vec![(room_jid(), Some("jule".to_owned())), (BareJid::new("vault@rooms.capulet.lit").unwrap(), None)];
    script.connect(juliet());
    script.log_in();
    let rooms: Vec<_> = script.client.store().rooms.iter().map(|room| (room.jid.to_string(), room.wanted)).collect();
    assert_eq!(rooms, [(ROOM.to_owned(), true), ("vault@rooms.capulet.lit".to_owned(), true)]);
    assert_eq!(script.room().nick.as_deref(), Some("jule"));
    let sent: Vec<_> = std::iter::from_fn(|| script.poll_sent()).map(|(sent, _)| format!("{sent:?}")).collect();
    assert_eq!(sent.iter().filter(|sent| sent.contains("disco#info")).count(), 3, "{sent:?}");
}

#[test]
fn rooms_are_there_after_a_reload_and_entered_again() {
    let mut script = Script::websocket(juliet());
    script.log_in();
    script.settle();
    script.in_room();
    script.recv(&format!("<message from='{ROOM}/romeo' type='groupchat'><subject>Love</subject></message>"));
    script.hear("romeo", "id='1'", "still there?", "");
    script.advance(seconds(2));
    assert!(script.reload(juliet()));
    assert_eq!(script.room().status, RoomStatus::Disconnected);
    assert_eq!(script.room().subject, Some(("romeo".to_owned(), "Love".to_owned())));
    assert_eq!(script.said(), ["still there?"]);
    assert_eq!(script.room().name.as_deref(), Some("The Orchard"));
    assert!(script.room().features.assigns_ids && script.room().features.occupant_ids);
    script.log_in_with_resource();
    assert_eq!(script.room().status, RoomStatus::Connecting);
}

#[test]
fn the_end_of_the_session_is_the_end_of_being_in() {
    online_on_both(|mut script| {
        script.in_room();
        script.recv_close();
        assert_eq!(script.room().status, RoomStatus::Disconnected);
        assert!(script.room().occupants.is_empty());
    });
}
