//! What has not been seen: how much it is, and where it began.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{
    client::Options,
    jid::BareJid,
    store::{Key, Kind, Timeline, Value},
    view::conversation::lines,
};

use support::{
    peer::{Script, online_on_both},
    room::{ROOM, room_jid, room_key},
};

fn romeo() -> BareJid {
    BareJid::new("romeo@montague.lit").unwrap()
}

fn hear(script: &mut Script, body: &str) {
    script.recv(&format!(
        "<message from='romeo@montague.lit/orchard' type='chat' id='{body}'><body>{body}</body></message>"
    ));
}

fn write(script: &mut Script, key: &Key, attribute: &'static str, value: impl Into<Value>) {
    let attributes = converse_wasm::store::Attributes::default().with(attribute, value);
    script.act(|client, now| client.write(now, key, &attributes));
}

fn with_romeo() -> Key {
    Key::of_jid(Kind::Chat, &romeo())
}

/// How many are unread, and the text of the first that is shown as new.
fn unread(script: &Script) -> (u32, Option<String>) {
    let chat = script.client.store().chats.get(&romeo()).unwrap();
    (chat.unread, fresh(&chat.messages))
}

fn fresh(messages: &Timeline) -> Option<String> {
    let lines = lines(messages, 0, usize::MAX, |_| 0);
    let line = lines.iter().find(|line| line.fresh)?;
    assert!(!line.follows);
    line.message.body.as_deref().map(str::to_owned)
}

#[test]
fn what_comes_while_nobody_looks_is_counted_and_its_beginning_is_shown_until_one_leaves() {
    online_on_both(|mut script| {
        hear(&mut script, "one");
        assert_eq!(unread(&script), (0, None));
        write(&mut script, &with_romeo(), "hidden", true);
        hear(&mut script, "two");
        hear(&mut script, "three");
        assert_eq!(unread(&script), (2, Some("two".to_owned())));
        // One returns and reads. Where it began can be seen as long as one stays.
        write(&mut script, &with_romeo(), "hidden", false);
        write(&mut script, &with_romeo(), "num_unread", Value::Number(0.0));
        hear(&mut script, "four");
        assert_eq!(unread(&script), (0, Some("two".to_owned())));
        write(&mut script, &with_romeo(), "hidden", true);
        assert_eq!(unread(&script), (0, None));
        hear(&mut script, "five");
        assert_eq!(unread(&script), (1, Some("five".to_owned())));
    });
}

#[test]
fn a_page_that_nobody_sees_and_an_end_that_is_out_of_sight_are_not_looked_at() {
    online_on_both(|mut script| {
        hear(&mut script, "one");
        script.act(|client, now| client.set_visible(now, false));
        hear(&mut script, "two");
        script.act(|client, now| client.set_visible(now, true));
        assert_eq!(unread(&script), (1, Some("two".to_owned())));
        write(&mut script, &with_romeo(), "num_unread", Value::Number(0.0));
        write(&mut script, &with_romeo(), "scrolled", true);
        hear(&mut script, "three");
        assert_eq!(unread(&script), (1, Some("three".to_owned())));
        write(&mut script, &with_romeo(), "scrolled", false);
        write(&mut script, &with_romeo(), "num_unread", Value::Number(0.0));
        hear(&mut script, "four");
        assert_eq!(unread(&script), (0, Some("three".to_owned())));
    });
}

#[test]
fn where_one_conversation_is_seen_others_that_begin_do_not_take_its_place() {
    online_on_both(|mut script| {
        let hides_new_chats = true;
        script.client.set_options(Options { hides_new_chats, ..script.options.clone() });
        hear(&mut script, "one");
        assert!(script.client.store().chats.get(&romeo()).unwrap().hidden);
        assert_eq!(unread(&script), (1, Some("one".to_owned())));
        // It stays where the user puts it.
        write(&mut script, &with_romeo(), "hidden", false);
        hear(&mut script, "two");
        assert!(!script.client.store().chats.get(&romeo()).unwrap().hidden);
    });
}

#[test]
fn who_answers_has_read() {
    online_on_both(|mut script| {
        hear(&mut script, "one");
        write(&mut script, &with_romeo(), "hidden", true);
        hear(&mut script, "two");
        let outgoing = converse_wasm::feature::Outgoing { body: "yes".to_owned(), ..Default::default() };
        script.act(|client, now| {
            client.in_context(now, |context| converse_wasm::feature::chat::send(context, &romeo(), outgoing))
        });
        assert_eq!(unread(&script).1, None);
    });
}

#[test]
fn rooms_count_what_is_said_and_where_it_began() {
    online_on_both(|mut script| {
        script.in_room();
        write(&mut script, &room_key(), "hidden", true);
        script.hear("romeo", "id='1'", "one", "");
        script.hear("romeo", "id='2'", "juliet, two", "");
        let room = script.client.store().rooms.get(&room_jid()).unwrap();
        assert_eq!((room.unread_general, room.unread, fresh(&room.messages)), (2, 1, Some("one".to_owned())), "{ROOM}");
        write(&mut script, &room_key(), "num_unread_general", Value::Number(0.0));
        write(&mut script, &room_key(), "hidden", true);
        assert_eq!(fresh(&script.room().messages), None);
    });
}
