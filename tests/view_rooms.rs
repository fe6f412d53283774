//! Rooms as they are shown: who is there, what may be done with them, and what is typed to do so.

#![allow(clippy::unwrap_used, clippy::panic)]

use converse_wasm::{
    jid::{BareJid, Jid},
    store::{Occupant, Room, Store, Value},
    time::Timestamp,
    view::{
        boxes,
        commands::{Command, parse},
        occupants::{Occupants, actions},
    },
};

const ROOM: &str = "orchard@rooms.capulet.lit";

/// A room with these in it: nickname, role, affiliation. The first is the user. Without role they are not here.
fn store(people: &[(&'static str, &'static str, &'static str)]) -> Store {
    let mut store = Store::new(BareJid::new("juliet@capulet.lit").ok());
    let jid = BareJid::new(ROOM).unwrap();
    let _ = store.rooms.open(&jid, Timestamp::new(0));
    let room = store.rooms.get_mut(&jid).unwrap();
    for (place, &(nick, role, affiliation)) in people.iter().enumerate() {
        let address = [&nick.to_lowercase().replace(' ', "."), "@capulet.lit"].concat();
        if role.is_empty() {
            let _ = room.occupants.affiliate(&BareJid::new(&address).unwrap(), affiliation, Some(nick));
            continue;
        }
        let _ = room.occupants.enter(Occupant {
            nick: Some(nick.into()),
            jid: Jid::new(&address).ok(),
            role: Some(role),
            affiliation: Some(affiliation),
            show: Some("online"),
            ..Occupant::default()
        });
        if place == 0 {
            (room.nick, room.role, room.affiliation) = (Some(nick.into()), Some(role), Some(affiliation));
        }
    }
    store
}

fn room(store: &Store) -> &Room {
    store.rooms.get(&BareJid::new(ROOM).unwrap()).unwrap()
}

fn names(store: &Store, filter: &str) -> Vec<String> {
    let rows = Occupants::new(room(store), filter).rows(room(store), 0, usize::MAX);
    rows.iter().map(|row| row.get("name").and_then(Value::as_str).unwrap().to_owned()).collect()
}

fn allowed(store: &Store, nick: &str) -> Vec<&'static str> {
    actions(room(store), room(store).occupants.by_nick(nick).unwrap())
}

fn typed(store: &Store, text: &str) -> Option<Command> {
    parse(room(store), text, &[])
}

#[test]
fn who_moderates_comes_first_and_who_is_elsewhere_last() {
    let store = store(&[
        ("juliet", "participant", "none"),
        ("Romeo", "visitor", "none"),
        ("nurse", "moderator", "admin"),
        ("Abram", "participant", "member"),
        ("Tybalt", "", "member"),
    ]);
    assert_eq!(names(&store, ""), ["nurse", "Abram", "juliet", "Romeo", "Tybalt"]);
    assert_eq!(names(&store, "CAPULET"), names(&store, ""));
    assert_eq!(names(&store, "rom"), ["Romeo"]);
    let list = Occupants::new(room(&store), "");
    assert_eq!((list.len(), list.here()), (5, 4));
    let rows = list.rows(room(&store), 0, 9);
    let badges = |place: usize| rows.get(place).unwrap().get("badges").unwrap().clone();
    assert_eq!(badges(0), Value::List(vec!["admin".into(), "moderator".into()]));
    assert_eq!(badges(3), Value::List(vec!["visitor".into()]));
    assert_eq!(rows.get(2).unwrap().get("own"), Some(&true.into()));
    assert_eq!(list.rows(room(&store), 4, 99).len(), 1);
    assert!(list.rows(room(&store), 9, 3).is_empty());
}

#[test]
fn boxes_are_listed_as_they_were_opened() {
    let mut store = store(&[]);
    for (address, opened) in [("romeo@montague.lit", 2), ("abram@montague.lit", 1), ("nurse@capulet.lit", 3)] {
        let _ = store.chats.open(&BareJid::new(address).unwrap(), Timestamp::new(opened));
    }
    let all = boxes::all(&store);
    let listed = all.iter().map(|open| open.attributes(&store).get("jid").cloned().unwrap());
    // Times differ even where less than a millisecond lies between.
    let expected = [ROOM, "romeo@montague.lit", "abram@montague.lit", "nurse@capulet.lit"];
    assert!(listed.eq(expected.map(Value::from)));
}

#[test]
fn what_one_may_do_depends_on_who_one_is() {
    let others = [("Romeo", "participant", "none"), ("nurse", "moderator", "admin"), ("boss", "moderator", "owner")];
    let as_one = |role, affiliation| store(&[&[("juliet", role, affiliation)], &others[..]].concat());
    let visitor = as_one("visitor", "none");
    assert_eq!(allowed(&visitor, "Romeo"), ["message"]);
    assert!(allowed(&visitor, "juliet").is_empty());
    let moderator = as_one("moderator", "member");
    assert_eq!(allowed(&moderator, "Romeo"), ["message", "mute", "kick"]);
    assert_eq!(allowed(&moderator, "nurse"), ["message"]);
    let admin = as_one("moderator", "admin");
    assert_eq!(allowed(&admin, "Romeo"), ["message", "mute", "op", "kick", "ban", "member"]);
    assert_eq!(allowed(&admin, "boss"), ["message"]);
    let owner = as_one("moderator", "owner");
    assert_eq!(allowed(&owner, "nurse"), ["message", "kick", "ban", "member", "revoke", "owner"]);
    assert_eq!(allowed(&owner, "boss"), ["message", "member", "revoke", "admin"]);
    assert!(allowed(&owner, "juliet").is_empty());
}

#[test]
fn commands_are_told_from_messages() {
    let store = store(&[("juliet", "moderator", "owner")]);
    for text in ["kick romeo", "/me smiles", "/usr/bin", "/", "", " /help", "//kick"] {
        assert_eq!(typed(&store, text), None, "{text}");
    }
    assert_eq!(typed(&store, "/CLEAR"), Some(Command::Clear));
    assert_eq!(typed(&store, "/topic  A new day "), Some(Command::Subject("A new day".to_owned())));
    assert_eq!(typed(&store, "/subject"), Some(Command::Subject(String::new())));
    assert_eq!(typed(&store, "/nick The Nurse"), Some(Command::Nick("The Nurse".to_owned())));
    assert_eq!(typed(&store, "/nick"), Some(Command::Wrong("nobody", "nick".to_owned())));
    assert_eq!(typed(&store, "/destroy"), Some(Command::Destroy(None)));
    assert_eq!(typed(&store, "/register"), Some(Command::Register));
}

#[test]
fn commands_find_whom_they_mean() {
    let store =
        store(&[("juliet", "moderator", "owner"), ("Rom", "visitor", "none"), ("Rom Eo", "participant", "none")]);
    let role = |nick: &str, role, reason: Option<&str>| {
        Some(Command::Role { nick: nick.to_owned(), role, reason: reason.map(str::to_owned) })
    };
    assert_eq!(typed(&store, "/kick Rom Eo go away"), role("Rom Eo", "none", Some("go away")));
    assert_eq!(typed(&store, "/kick @Rom  go away"), role("Rom", "none", Some("go away")));
    assert_eq!(typed(&store, "/voice Rom"), role("Rom", "participant", None));
    assert_eq!(typed(&store, "/mute Rom Eo"), role("Rom Eo", "visitor", None));
    assert_eq!(typed(&store, "/op Rom"), role("Rom", "moderator", None));
    assert_eq!(typed(&store, "/kick Rome"), Some(Command::Wrong("not-here", "Rome".to_owned())));
    assert_eq!(typed(&store, "/kick a@b.lit"), Some(Command::Wrong("not-here", "a@b.lit".to_owned())));
    assert_eq!(typed(&store, "/kick"), Some(Command::Wrong("nobody", "kick".to_owned())));
    assert_eq!(typed(&store, "/mute Rom"), Some(Command::Wrong("not-with-them", "mute".to_owned())));
    let affiliation = |nick: Option<&str>, jid: &str, affiliation, reason: Option<&str>| {
        let (nick, reason) = (nick.map(str::to_owned), reason.map(str::to_owned));
        Some(Command::Affiliation { nick, jid: BareJid::new(jid).unwrap(), affiliation, reason })
    };
    assert_eq!(typed(&store, "/ban Rom spam"), affiliation(Some("Rom"), "rom@capulet.lit", "outcast", Some("spam")));
    assert_eq!(typed(&store, "/member a@b.lit"), affiliation(None, "a@b.lit", "member", None));
    assert_eq!(typed(&store, "/revoke a@b.lit"), affiliation(None, "a@b.lit", "none", None));
}

#[test]
fn commands_that_one_may_not_give_are_refused_and_not_offered() {
    let visitor = store(&[("juliet", "visitor", "none"), ("Rom", "participant", "none")]);
    assert_eq!(typed(&visitor, "/kick Rom"), Some(Command::Wrong("forbidden", "kick".to_owned())));
    assert_eq!(typed(&visitor, "/topic x"), Some(Command::Wrong("forbidden", "topic".to_owned())));
    assert_eq!(typed(&visitor, "/help"), Some(Command::Help(vec!["clear", "help", "me", "nick", "register"])));
    let owner = store(&[("juliet", "moderator", "owner")]);
    let given = |text: &str, disabled: &str| parse(room(&owner), text, &[disabled.to_owned()]);
    assert!(matches!(given("/help", ""), Some(Command::Help(names)) if names.len() == 18));
    assert!(matches!(given("/help", "*"), Some(Command::Help(names)) if names.len() == 7));
    assert_eq!(given("/kick Rom", "kick"), Some(Command::Wrong("disabled", "kick".to_owned())));
    assert_eq!(given("/destroy", "kick"), Some(Command::Destroy(None)));
}
