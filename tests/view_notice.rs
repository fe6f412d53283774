//! What the user is told of when nobody looks.

#![allow(clippy::unwrap_used, clippy::panic)]

use converse_wasm::{
    jid::BareJid,
    store::{Contact, Key, Kind, Message, Store, Value},
    time::Timestamp,
    view::notice::{Desktop, MAX_PREVIEW, Notice, Wishes, of_message, of_presence, of_request},
};

fn jid(jid: &str) -> BareJid {
    BareJid::new(jid).unwrap()
}

fn romeo() -> BareJid {
    jid("romeo@montague.lit")
}

fn store(message: impl FnOnce(&mut Message)) -> Store {
    let mut store = Store::new(Some(jid("juliet@capulet.lit")));
    let (name, groups) = (Some("Romeo".to_owned()), Vec::new());
    store.contacts.insert(Contact {
        jid: romeo(),
        name,
        groups,
        subscription: "both",
        ask: false,
        requesting: false,
        listed: true,
    });
    let _ = store.chats.open(&romeo(), Timestamp::new(0));
    let mut said = Message::new("chat", "romeo@montague.lit", false, Timestamp::new(0));
    message(&mut said);
    let _ = store.chats.messages_mut(&romeo()).unwrap().push(said);
    store
}

fn wishes(desktop: Desktop) -> Wishes {
    Wishes { desktop, ..Wishes::default() }
}

fn notice(store: &Store, wishes: &Wishes, visible: bool) -> Notice {
    of_message(store, wishes, visible, &Key::of_jid(Kind::Chat, &romeo()), 0).unwrap()
}

fn text(message: impl FnOnce(&mut Message)) -> String {
    let notice = notice(&store(message), &Wishes::default(), false);
    notice.what.get("text").and_then(Value::as_str).unwrap().to_owned()
}

#[test]
fn a_message_is_a_line_under_its_authors_name() {
    let store = store(|message| message.body = Some("Shall I\n\n hear  more?".into()));
    let what = notice(&store, &Wishes::default(), false).what;
    let expected = [
        ("cause", "message"),
        ("kind", "chat"),
        ("jid", "romeo@montague.lit"),
        ("name", "Romeo"),
        ("text", "Shall I hear more?"),
    ];
    for (name, value) in expected {
        assert_eq!(what.get(name), Some(&value.into()), "{name}");
    }
}

#[test]
fn what_is_hidden_on_purpose_stays_hidden_and_what_is_long_is_cut() {
    let spoiler = |hint: &str| {
        let hint = hint.to_owned();
        text(move |message| (message.body, message.rare.spoiler) = (Some("he dies".into()), Some(hint)))
    };
    assert_eq!((spoiler(""), spoiler("the end")), (String::new(), "the end".to_owned()));
    let long = text(|message| message.body = Some("ä".repeat(10_000).into()));
    assert_eq!(long.chars().count(), MAX_PREVIEW + 1);
    assert!(long.ends_with('…'));
    let turned = text(|message| message.body = Some("from \u{202E}rettub\u{202C} to".into()));
    assert_eq!(turned, "from rettub to");
    assert_eq!(text(|message| message.rare.oob_url = Some("https://a.example/x".to_owned())), "https://a.example/x");
}

#[test]
fn the_desktop_is_used_as_the_setting_says() {
    let store = store(|message| message.body = Some("hi".into()));
    let ways = |desktop| [true, false].map(|visible| notice(&store, &wishes(desktop), visible).desktop);
    assert_eq!(ways(Desktop::Never), [false, false]);
    assert_eq!(ways(Desktop::Hidden), [false, true]);
    assert_eq!(ways(Desktop::Always), [true, true]);
    assert!(!notice(&store, &wishes(Desktop::Hidden), false).sound);
    assert!(notice(&store, &Wishes { sounds: true, ..Wishes::default() }, true).sound);
}

#[test]
fn presences_are_told_of_only_if_wanted_and_not_of_everybody() {
    let store = store(|_| {});
    let wanted = Wishes { presences: true, ..wishes(Desktop::Hidden) };
    let told = of_presence(&store, &wanted, false, &romeo()).unwrap();
    assert_eq!((told.what.get("show"), told.desktop, told.sound), (Some(&"offline".into()), true, false));
    assert_eq!(of_presence(&store, &wanted, true, &romeo()), None);
    assert_eq!(of_presence(&store, &wishes(Desktop::Hidden), false, &romeo()), None);
    let listed = Wishes { not_of: vec![romeo()], ..wanted };
    assert_eq!(of_presence(&store, &listed, false, &romeo()), None);
}

#[test]
fn who_asks_to_become_a_contact_is_told_of() {
    let told = of_request(&store(|_| {}), &wishes(Desktop::Hidden), false, &romeo());
    assert_eq!((told.what.get("cause"), told.desktop), (Some(&"request".into()), true));
}

#[test]
fn what_is_not_there_is_not_told_of() {
    let store = store(|_| {});
    for (of, number) in [("romeo@montague.lit", 9), ("nobody@montague.lit", 0)] {
        assert_eq!(of_message(&store, &Wishes::default(), false, &Key::new(Kind::Chat, of), number), None);
    }
}
