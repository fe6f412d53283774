//! vCards as a conversation (XEP-0054).

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{
    client::{Call, Event, Options, Outcome},
    feature::{
        Outgoing, chat,
        vcard::{self, MAX_OPEN},
    },
    jid::{BareJid, Jid},
    stanza::payload::vcard::Changes,
    store::{Attributes, Key, Kind, VCard, Value},
    xml::Element,
};

use support::peer::{Script, juliet, on_both, online_on_both, seconds};

fn fetch(script: &mut Script, jid: &str) {
    let jid = Jid::new(jid).unwrap();
    script.act(|client, now| client.in_context(now, |context| vcard::fetch(context, Call(1), jid)));
}

fn want(script: &mut Script, jid: &str) {
    let jid = BareJid::new(jid).unwrap();
    let _: Option<bool> = script.act(|client, now| client.in_context(now, |context| vcard::want(context, &jid)));
}

fn set(script: &mut Script, jid: &str, name: &str) {
    let (jid, changes) = (Jid::new(jid).unwrap(), Changes { fullname: Some(name.to_owned()), ..Changes::default() });
    script.act(|client, now| client.in_context(now, |context| vcard::set(context, Call(1), jid, changes)));
}

fn known(script: &Script, jid: &str) -> Option<VCard> {
    script.client.store().vcards.get(&BareJid::new(jid).unwrap()).cloned()
}

fn answer(script: &mut Script, request: &Element, kind: &str, content: &str) {
    let from = request.attribute("to").map(|to| format!(" from='{to}'")).unwrap_or_default();
    script.recv(&format!("<iq type='{kind}' id='{}'{from}>{content}</iq>", request.attribute("id").unwrap()));
}

const NOT_FOUND: &str = "<error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";

#[test]
fn the_own_one_is_fetched_after_the_log_in_and_kept() {
    on_both(|mut script| {
        script.client.set_options(Options { message_carbons: false, ..Options::default() });
        script.log_in();
        for _ in 0..4 {
            script.expect_sent_any();
        }
        let request = script.expect_sent("<iq type='get' id='*'><vCard xmlns='vcard-temp'/></iq>");
        answer(&mut script, &request, "result", "<vCard xmlns='vcard-temp'><FN>Juliet</FN></vCard>");
        assert_eq!(known(&script, "juliet@capulet.lit").unwrap().fullname.as_deref(), Some("Juliet"));
        script.act(|client, _| client.flush());
        script.discovers = true;
        script.reload(juliet());
        assert_eq!(known(&script, "juliet@capulet.lit").unwrap().fullname.as_deref(), Some("Juliet"));
    });
}

#[test]
fn a_fetched_one_is_known() {
    online_on_both(|mut script| {
        fetch(&mut script, "romeo@montague.lit");
        let request =
            script.expect_sent("<iq type='get' id='*' to='romeo@montague.lit'><vCard xmlns='vcard-temp'/></iq>");
        let photo = "<PHOTO><TYPE>text/html</TYPE><BINVAL>R0lGODlh</BINVAL></PHOTO>";
        answer(&mut script, &request, "result", &format!("<vCard xmlns='vcard-temp'><FN>Romeo</FN>{photo}</vCard>"));
        let romeo = known(&script, "romeo@montague.lit").unwrap();
        assert_eq!((romeo.fullname.as_deref(), romeo.image_type.as_deref()), (Some("Romeo"), Some("image/gif")));
        // The SHA-1 of `GIF89a`.
        assert_eq!(romeo.image_hash.as_deref(), Some("25c9b37ae36a0a08318d4dca7ca57ea98d776821"));
        assert_eq!((romeo.updated.is_some(), &romeo.error), (true, &None));
        assert!(matches!(script.next_event(), Event::Finished { outcome: Outcome::Stanza(_), .. }));
    });
}

#[test]
fn somebody_else_says_nothing_about_a_person() {
    online_on_both(|mut script| {
        fetch(&mut script, "romeo@montague.lit");
        let request =
            script.expect_sent("<iq type='get' id='*' to='romeo@montague.lit'><vCard xmlns='vcard-temp'/></iq>");
        let id = request.attribute("id").unwrap();
        script.recv(&format!(
            "<iq type='result' id='{id}' from='evil@evil.lit'><vCard xmlns='vcard-temp'><FN>Evil</FN></vCard></iq>"
        ));
        assert_eq!(known(&script, "romeo@montague.lit"), None);
        script.expect_silence();
    });
}

#[test]
fn an_occupant_of_a_room_is_not_the_room() {
    online_on_both(|mut script| {
        fetch(&mut script, "room@muc.lit/nick");
        let request =
            script.expect_sent("<iq type='get' id='*' to='room@muc.lit/nick'><vCard xmlns='vcard-temp'/></iq>");
        answer(&mut script, &request, "result", "<vCard xmlns='vcard-temp'><FN>N</FN></vCard>");
        assert_eq!(known(&script, "room@muc.lit"), None);
    });
}

#[test]
fn few_are_asked_for_at_once_and_none_twice() {
    online_on_both(|mut script| {
        let people: Vec<String> = (0..MAX_OPEN + 2).map(|number| format!("p{number}@montague.lit")).collect();
        for person in &people {
            script.recv(&format!(
                "<iq type='set' id='p'><query xmlns='jabber:iq:roster'><item jid='{person}'/></query></iq>"
            ));
        }
        script.forget();
        for person in people.iter().chain(&people) {
            want(&mut script, person);
        }
        // Who is no contact is not to learn that somebody is here.
        want(&mut script, "mallory@evil.example");
        let mut asked = Vec::new();
        for person in people.iter().take(MAX_OPEN) {
            asked.push(
                script.expect_sent(&format!("<iq type='get' id='*' to='{person}'><vCard xmlns='vcard-temp'/></iq>")),
            );
        }
        script.expect_nothing_sent();
        answer(&mut script, asked.first().unwrap(), "error", NOT_FOUND);
        script.expect_sent(&format!(
            "<iq type='get' id='*' to='{}'><vCard xmlns='vcard-temp'/></iq>",
            people.get(MAX_OPEN).unwrap()
        ));
        script.expect_nothing_sent();
        assert!(known(&script, "p0@montague.lit").unwrap().error.is_some());
        // Who could not be asked today is not asked again.
        want(&mut script, "p0@montague.lit");
        script.advance(seconds(30));
        script.forget();
        want(&mut script, "p0@montague.lit");
        script.expect_nothing_sent();
    });
}

#[test]
fn a_change_keeps_the_rest() {
    online_on_both(|mut script| {
        set(&mut script, "juliet@capulet.lit", "Juliet");
        let request = script.expect_sent("<iq type='get' id='*'><vCard xmlns='vcard-temp'/></iq>");
        answer(&mut script, &request, "result", "<vCard xmlns='vcard-temp'><FN>J</FN><BDAY>1</BDAY></vCard>");
        let request = script
            .expect_sent("<iq type='set' id='*'><vCard xmlns='vcard-temp'><BDAY>1</BDAY><FN>Juliet</FN></vCard></iq>");
        answer(&mut script, &request, "result", "");
        assert_eq!(known(&script, "juliet@capulet.lit").unwrap().fullname.as_deref(), Some("Juliet"));
        assert!(matches!(script.next_event(), Event::Finished { outcome: Outcome::Stanza(_), .. }));
    });
}

#[test]
fn a_first_vcard_is_set_and_a_refusal_changes_nothing() {
    online_on_both(|mut script| {
        set(&mut script, "romeo@montague.lit", "Fool");
        let request =
            script.expect_sent("<iq type='get' id='*' to='romeo@montague.lit'><vCard xmlns='vcard-temp'/></iq>");
        answer(&mut script, &request, "error", NOT_FOUND);
        let request = script.expect_sent(
            "<iq type='set' id='*' to='romeo@montague.lit'><vCard xmlns='vcard-temp'><FN>Fool</FN></vCard></iq>",
        );
        let forbidden = "<error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";
        answer(&mut script, &request, "error", forbidden);
        assert!(matches!(script.next_event(), Event::Finished { outcome: Outcome::Refused(_), .. }));
        assert_eq!(known(&script, "romeo@montague.lit"), None);
        // What is there and cannot be read must not be written over.
        set(&mut script, "romeo@montague.lit", "Fool");
        let request =
            script.expect_sent("<iq type='get' id='*' to='romeo@montague.lit'><vCard xmlns='vcard-temp'/></iq>");
        answer(&mut script, &request, "error", forbidden);
        assert!(matches!(script.next_event(), Event::Finished { outcome: Outcome::Refused(_), .. }));
        script.expect_silence();
    });
}

#[test]
fn those_who_show_parts_of_it_are_told() {
    online_on_both(|mut script| {
        let romeo = "romeo@montague.lit";
        script.recv(
            "<iq type='set' id='r'><query xmlns='jabber:iq:roster'><item jid='romeo@montague.lit' name='R'/></query></iq>",
        );
        script.expect_sent_any();
        script.recv("<message from='romeo@montague.lit/orchard' type='chat' id='m'><body>Hi</body></message>");
        let (contact, chat) = (Key::new(Kind::Contact, romeo), Key::new(Kind::Chat, romeo));
        // One plugin's fullname covers the core's, and its own attribute covers nothing.
        script.act(|client, now| {
            client.write(now, &contact, &Attributes::default().with("fullname", "Mine").with("mine", 1));
            client.write(now, &chat, &Attributes::default().with("user_id", "Mine"));
        });
        script.forget();
        fetch(&mut script, romeo);
        let request = script.expect_sent_any();
        let said = |script: &Script, key: &Key, name: &str| {
            script.client.store().attributes(key).unwrap().get(name).cloned().unwrap_or(Value::Undefined)
        };
        assert_eq!(said(&script, &contact, "fullname"), "Mine".into());
        answer(&mut script, &request, "result", "<vCard xmlns='vcard-temp'><FN>Romeo M.</FN><URL>u</URL></vCard>");
        let changes = script.take_changes();
        assert!(changes.contains(&contact.clone().shown()) && changes.contains(&chat.clone().shown()), "{changes:?}");
        // The core has news of the one, so that it is seen; of the rest it has none.
        assert_eq!(said(&script, &contact, "fullname"), "Romeo M.".into());
        assert_eq!(said(&script, &contact, "mine"), 1.into());
        assert_eq!(said(&script, &chat, "user_id"), "Mine".into());
        assert_eq!(said(&script, &chat, "url"), "u".into());
    });
}

#[test]
fn what_a_plugin_knows_of_somebody_is_shown_as_what_the_server_says() {
    online_on_both(|mut script| {
        let romeo = BareJid::new("romeo@montague.lit").unwrap();
        let said = Attributes::default().with("fullname", "Romeo M.").with("image", "YQ==").with("other", "x");
        script.act(|client, now| client.in_context(now, |context| vcard::keep(context, &romeo, &said)));
        let news = Attributes::default().with("image", "");
        script.act(|client, now| client.in_context(now, |context| vcard::keep(context, &romeo, &news)));
        let expected = VCard { fullname: Some("Romeo M.".to_owned()), ..VCard::default() };
        assert_eq!(known(&script, romeo.as_str()), Some(expected));
        let key = Key::new(Kind::VCard, romeo.as_str());
        assert_eq!(script.take_changes(), [key.clone().added(), key.changed()]);
    });
}

#[test]
fn who_begins_to_write_is_not_asked_before_the_user_writes_back() {
    online_on_both(|mut script| {
        let stranger = BareJid::new("mallory@evil.example").unwrap();
        script.recv("<message from='mallory@evil.example/x' type='chat' id='1'><body>hi</body></message>");
        script.forget();
        want(&mut script, stranger.as_str());
        script.expect_nothing_sent();
        let outgoing = Outgoing { body: "Who are you?".to_owned(), ..Outgoing::default() };
        script.act(|client, now| client.in_context(now, |context| chat::send(context, &stranger, outgoing))).unwrap();
        script.expect_sent_any();
        want(&mut script, stranger.as_str());
        script.expect_sent("<iq type='get' id='*' to='mallory@evil.example'><vCard xmlns='vcard-temp'/></iq>");
        // With whom the user has begun.
        let other = BareJid::new("benvolio@montague.lit").unwrap();
        script.act(|client, now| client.in_context(now, |context| chat::open(context, &other)));
        script.forget();
        want(&mut script, other.as_str());
        script.expect_sent("<iq type='get' id='*' to='benvolio@montague.lit'><vCard xmlns='vcard-temp'/></iq>");
    });
}
