//! What a message says, as an element draws it.

#![allow(clippy::unwrap_used, clippy::panic)]

use converse_wasm::{
    jid::BareJid,
    store::{Attributes, Contact, Message, MessageReference, Store, Timeline, Value},
    time::Timestamp,
    view::conversation::{Line, lines},
};

const ME: &str = "juliet@capulet.lit";
const FRIEND: &str = "romeo@montague.lit";

fn message(from: &str, body: &str) -> Message {
    let mut message = Message::new("chat", from, from == ME, Timestamp::new(0));
    message.body = Some(body.into());
    message
}

fn store(subscription: &'static str) -> Store {
    let mut store = Store::new(BareJid::new(ME).ok());
    let friend = Contact {
        jid: BareJid::new(FRIEND).unwrap(),
        name: None,
        subscription,
        ask: false,
        groups: Vec::new(),
        requesting: subscription == "none",
        listed: true,
    };
    let _ = store.contacts.insert(friend);
    store
}

/// What an element reads of the message in a conversation with `with`.
fn shown(store: &Store, with: &str, message: Message, whole: bool) -> Attributes {
    let mut timeline = Timeline::new(with.into());
    let _ = timeline.push(message);
    let lines = lines(&timeline, 0, 1, |_| 0);
    Line { whole, ..*lines.first().unwrap() }.attributes(store, with)
}

fn read(message: Message) -> Attributes {
    shown(&store("both"), FRIEND, message, false)
}

/// The blocks in short: `>` for each quote, `#` for preformatted text, and the spans as `kind.style(text)`.
fn blocks(attributes: &Attributes) -> Vec<String> {
    let block = |block: &Value| {
        let Value::Number(quotes) = field(block, "quotes") else { panic!("{block:?}") };
        let marks = (0..quotes as usize).map(|_| ">").chain(field(block, "preformatted").is_truthy().then_some("#"));
        let spans = list(&field(block, "spans")).iter().map(span).collect::<Vec<_>>();
        [marks.collect::<String>(), spans.concat()].concat()
    };
    list(attributes.get("blocks").unwrap()).iter().map(block).collect()
}

fn span(value: &Value) -> String {
    let text = |name| field(value, name).as_str().unwrap_or_default().to_owned();
    match value {
        Value::Text(text) => text.to_string(),
        _ => format!("{}{}({})", text("kind"), text("style").replace(' ', "."), text("text")),
    }
}

fn field(value: &Value, name: &str) -> Value {
    let Value::Map(entries) = value else { panic!("{value:?}") };
    entries.iter().find(|(other, _)| **other == *name).map_or(Value::Undefined, |(_, value)| value.clone())
}

fn list(value: &Value) -> Vec<Value> {
    let Value::List(values) = value else { panic!("{value:?}") };
    values.clone()
}

fn media(attributes: &Attributes) -> Vec<(String, String)> {
    let text = |medium: &Value, name| field(medium, name).as_str().unwrap().to_owned();
    list(attributes.get("media").unwrap()).iter().map(|one| (text(one, "kind"), text(one, "href"))).collect()
}

#[test]
fn a_text_comes_in_the_parts_that_are_drawn_apart() {
    let read = read(message(FRIEND, "See *this _now_*:\n> a `b`\n>> c\n```\n*d*\n```"));
    let first = "See directive.strong(*)plain.strong(this )directive.strong.emphasis(_)plain.strong.emphasis(now)\
                 directive.strong.emphasis(_)directive.strong(*):";
    assert_eq!(blocks(&read), [first, ">a directive(`)code(b)directive(`)", ">>c", "#*d*"]);
}

#[test]
fn who_wants_no_styling_gets_none() {
    let mut plain = message(FRIEND, "*a*\n> b");
    plain.unstyled = true;
    assert_eq!(blocks(&read(plain)), ["*a*\n> b"]);
}

#[test]
fn links_say_where_they_lead_and_if_that_may_be_misread() {
    let read = read(message(FRIEND, "https://a.example/ö?ü javascript:alert(1) geo:1,2 www.b.example"));
    let spans = list(&field(&list(read.get("blocks").unwrap())[0], "spans"));
    assert_eq!(field(&spans[0], "foreign"), true.into());
    assert_eq!(spans[1], " javascript:alert(1) ".into());
    assert_eq!((field(&spans[2], "latitude"), field(&spans[2], "longitude")), ("1".into(), "2".into()));
    assert_eq!((field(&spans[4], "href"), field(&spans[4], "foreign")), ("https://www.b.example".into(), false.into()));
}

#[test]
fn mentions_of_the_user_are_told_from_others() {
    let reference = |begin, end, uri: &str| MessageReference {
        begin: Some(begin),
        end: Some(end),
        kind: "mention".into(),
        uri: uri.into(),
    };
    let mut one = message(FRIEND, "juliet romeo");
    one.rare.references = vec![reference(0, 6, "xmpp:juliet@capulet.lit"), reference(7, 12, "xmpp:romeo@montague.lit")];
    let read = read(one);
    let spans = list(&field(&list(read.get("blocks").unwrap())[0], "spans"));
    assert_eq!((field(&spans[0], "own"), field(&spans[2], "own")), (true.into(), false.into()));
}

#[test]
fn a_line_in_a_room_says_whether_it_means_the_user() {
    let mut store = store("both");
    let jid = BareJid::new("orchard@rooms.capulet.lit").unwrap();
    let _ = store.rooms.open(&jid, Timestamp::new(0));
    let _ = store.rooms.update(&jid, |room| room.nick = Some("juliet".into()));
    let means = |kind, mine, with: &str, body: &str| {
        let mut said = message("orchard@rooms.capulet.lit/romeo", body);
        (said.kind, said.mine) = (kind, mine);
        shown(&store, with, said, false).get("means_user").unwrap().is_truthy()
    };
    assert!(means("groupchat", false, jid.as_str(), "O juliet, here"));
    assert!(!means("groupchat", false, jid.as_str(), "O juliette"));
    assert!(!means("groupchat", false, jid.as_str(), "`juliet`"));
    assert!(!means("groupchat", true, jid.as_str(), "I am juliet"));
    assert!(!means("chat", false, FRIEND, "O juliet, here"));
}

#[test]
fn actions_large_emoji_and_long_texts_are_told() {
    let flags = |body: &str, whole| {
        let read = shown(&store("both"), FRIEND, message(FRIEND, body), whole);
        ["action", "large", "cut"].map(|name| read.get(name).unwrap().is_truthy())
    };
    assert_eq!(flags("/me waves", false), [true, false, false]);
    assert_eq!(flags("\u{1F600}\u{1F600}", false), [false, true, false]);
    let long = "a".repeat(10_001);
    assert_eq!(flags(&long, false), [false, false, true]);
    assert_eq!(flags(&long, true), [false, false, false]);
}

#[test]
fn pictures_are_told_and_whether_their_sender_is_known() {
    let picture = "https://a.example/b.png";
    let image = || vec![("image".to_owned(), picture.to_owned())];
    let known = |read: &Attributes| read.get("known") == Some(&true.into());
    for (subscription, expected) in [("both", true), ("to", true), ("from", true), ("none", false)] {
        let read = shown(&store(subscription), FRIEND, message(FRIEND, picture), false);
        assert_eq!((media(&read), known(&read)), (image(), expected), "{subscription}");
        // It stands there in the place of its address.
        assert_eq!(blocks(&read), [""; 0]);
    }
    assert!(known(&read(message(ME, picture))));
    assert!(!known(&read(message("tybalt@capulet.lit", picture))));
    // A room whose address is on the list does not vouch for who is in it.
    let mut said = message("romeo@montague.lit/tybalt", picture);
    said.kind = "groupchat";
    assert!(!known(&read(said)));
    let among_words = read(message(FRIEND, "Look: https://a.example/b.png"));
    assert_eq!((media(&among_words), blocks(&among_words).len()), (image(), 1));
}

#[test]
fn what_is_heard_or_seen_comes_as_an_attachment_over_tls() {
    assert!(media(&read(message(FRIEND, "https://a.example/b.mp3 http://a.example/b.png"))).is_empty());
    let attached = |url: &str| {
        let mut attached = message(FRIEND, "For you");
        attached.rare.oob_url = Some(url.to_owned());
        read(attached)
    };
    let movie = attached("https://a.example/b.mp4");
    assert_eq!(media(&movie), [("video".to_owned(), "https://a.example/b.mp4".to_owned())]);
    assert_eq!(movie.get("url"), Some(&"https://a.example/b.mp4".into()));
    assert!(media(&attached("http://a.example/b.mp4")).is_empty());
    for hostile in ["javascript:alert(1)//b.png", "data:image/png;base64,AAAA", "https://a@evil.example/b.png"] {
        let read = attached(hostile);
        assert_eq!((media(&read), read.get("url")), (vec![], Some(&Value::Undefined)), "{hostile}");
    }
}
