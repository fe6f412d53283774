//! Who may see whose presence, as a conversation (RFC 6121 §3), and contacts that others suggest (XEP-0144).

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{
    client::{Call, Event, Options, Outcome},
    feature::{
        presence::subscriptions::{self, Word},
        roster::{self, Wanted},
    },
    jid::BareJid,
    store::{Contact, Key, Kind, What},
};

use support::peer::{Script, juliet, on_both, online_on_both, seconds};

const ROMEO: &str = "romeo@montague.lit";

fn jid(text: &str) -> BareJid {
    BareJid::new(text).unwrap()
}

fn key(text: &str) -> Key {
    Key::of_jid(Kind::Contact, &jid(text))
}

fn romeo(script: &Script) -> Option<&Contact> {
    script.client.store().contacts.get(&jid(ROMEO))
}

/// Both transports, with these options and this item of the roster.
fn with(options: &Options, item: &str, conversation: impl Fn(Script)) {
    on_both(|mut script| {
        script.log_in();
        script.expect_sent("<iq type='get' id='$roster'><query xmlns='jabber:iq:roster'/></iq>");
        script.recv(&format!("<iq type='result' id='$roster'><query xmlns='jabber:iq:roster'>{item}</query></iq>"));
        script.settle();
        script.client.set_options(options.clone());
        conversation(script);
    });
}

fn push(script: &mut Script, item: &str) {
    script.recv(&format!("<iq type='set' id='push'><query xmlns='jabber:iq:roster'>{item}</query></iq>"));
    script.expect_sent("<iq type='result' id='push'/>");
    script.forget();
}

fn tell(script: &mut Script, word: Word, message: Option<&str>) {
    script
        .act(|client, now| client.in_context(now, |context| subscriptions::tell(context, word, &jid(ROMEO), message)));
}

fn add(script: &mut Script, wanted: Wanted) {
    script.act(|client, now| client.in_context(now, |context| roster::add(context, Call(1), wanted)));
}

fn wanted(name: &str) -> Wanted {
    Wanted { jid: jid(ROMEO), name: Some(name.to_owned()), groups: Vec::new(), subscribe: Some(None) }
}

fn adding(id: &str) -> String {
    let item = "<item jid='romeo@montague.lit' name='Buddy'/>";
    format!("<iq type='set' id='{id}'><query xmlns='jabber:iq:roster'>{item}</query></iq>")
}

fn groups(script: &Script) -> Vec<String> {
    script.client.store().ids(Kind::Group, "").iter().map(|name| name.to_string()).collect()
}

const REQUEST: &str = "<presence type='subscribe' from='romeo@montague.lit'>\
    <nick xmlns='http://jabber.org/protocol/nick'>Romeo</nick></presence>";

// Asked by others

#[test]
fn a_stranger_who_asks_is_a_requesting_contact_once() {
    online_on_both(|mut script| {
        script.recv(REQUEST);
        script.expect_event(Event::ContactRequest(key(ROMEO)));
        script.recv(REQUEST);
        script.expect_silence();
        let contact = romeo(&script).unwrap();
        assert_eq!((contact.requesting, contact.name.as_deref()), (true, Some("Romeo")));
        assert_eq!(groups(&script), ["Contact requests"]);
        tell(&mut script, Word::Authorize, None);
        script.expect_sent("<presence type='subscribed' to='romeo@montague.lit'/>");
        tell(&mut script, Word::Subscribe, Some("me too"));
        script.expect_sent("<presence type='subscribe' to='romeo@montague.lit'><status>me too</status></presence>");
        script.expect_silence();
        push(&mut script, "<item jid='romeo@montague.lit' subscription='from' ask='subscribe'/>");
        let contact = romeo(&script).unwrap();
        assert!((!contact.requesting) && contact.ask && contact.listed);
        assert_eq!(groups(&script), ["Pending contacts"]);
    });
}

#[test]
fn a_request_is_still_there_after_a_reload_and_a_new_roster() {
    online_on_both(|mut script| {
        script.recv(REQUEST);
        script.advance(seconds(1));
        assert!(script.reload(juliet()));
        assert!(romeo(&script).is_some_and(|contact| contact.requesting));
    });
    online_on_both(|mut script| {
        script.recv(REQUEST);
        script.connect_again();
        script.expect_close();
        script.log_in();
        script.settle();
        assert!(romeo(&script).is_some_and(|contact| contact.requesting));
    });
}

#[test]
fn whom_the_user_refuses_is_gone() {
    online_on_both(|mut script| {
        script.recv(REQUEST);
        script.forget();
        tell(&mut script, Word::Unauthorize, Some("no"));
        script.expect_sent("<presence type='unsubscribed' to='romeo@montague.lit'><status>no</status></presence>");
        assert_eq!((romeo(&script), groups(&script).len()), (None, 0));
        script.expect_silence();
    });
}

#[test]
fn who_answers_the_users_request_is_let_in_without_a_question() {
    for item in [
        "<item jid='romeo@montague.lit' ask='subscribe'/>",
        "<item jid='romeo@montague.lit' subscription='to'/>",
        "<item jid='romeo@montague.lit' subscription='both'/>",
    ] {
        with(&Options::default(), item, |mut script| {
            script.recv(REQUEST);
            script.expect_sent("<presence type='subscribed' to='romeo@montague.lit'/>");
            script.expect_silence();
        });
    }
}

#[test]
fn a_contact_of_the_roster_who_asks_keeps_name_and_groups() {
    let item = "<item jid='romeo@montague.lit' name='R'><group>Friends</group></item>";
    with(&Options::default(), item, |mut script| {
        assert_eq!(groups(&script), ["Friends"]);
        script.recv(REQUEST);
        script.expect_event(Event::ContactRequest(key(ROMEO)));
        push(&mut script, &item.replace("'R'", "'Rom'"));
        let contact = romeo(&script).unwrap();
        assert_eq!((contact.requesting, contact.name.as_deref()), (true, Some("Rom")));
        assert_eq!(contact.groups, ["Friends"]);
        tell(&mut script, Word::Unauthorize, None);
        assert!(romeo(&script).is_some_and(|contact| !contact.requesting));
    });
}

#[test]
fn auto_subscribe_grants_and_returns() {
    let options = Options { auto_subscribe: true, ..Options::default() };
    with(&options, "", |mut script| {
        script.recv(REQUEST);
        script.expect_sent(
            "<iq type='set' id='*'><query xmlns='jabber:iq:roster'><item jid='romeo@montague.lit' name='Romeo'/></query></iq>",
        );
        script.expect_sent("<presence type='subscribed' to='romeo@montague.lit'/>");
        script.expect_sent("<presence type='subscribe' to='romeo@montague.lit'/>");
        script.expect_silence();
    });
    with(&options, "<item jid='romeo@montague.lit' subscription='to'/>", |mut script| {
        script.recv(REQUEST);
        script.expect_sent("<presence type='subscribed' to='romeo@montague.lit'/>");
        script.expect_silence();
    });
}

#[test]
fn where_nobody_may_ask_they_are_told_so() {
    let options = Options { allow_contact_requests: false, ..Options::default() };
    with(&options, "", |mut script| {
        script.recv(REQUEST);
        script.expect_sent(
            "<presence type='unsubscribed' to='romeo@montague.lit'>\
             <status>This client does not allow presence subscriptions</status></presence>",
        );
        script.expect_silence();
        assert_eq!(romeo(&script), None);
    });
}

// Refused by others

#[test]
fn who_refuses_leaves_the_roster() {
    with(&Options::default(), "<item jid='romeo@montague.lit' ask='subscribe'/>", |mut script| {
        script.recv("<presence type='unsubscribed' from='romeo@montague.lit'/>");
        script.expect_sent("<presence type='unsubscribe' to='romeo@montague.lit'/>");
        script.expect_sent(
            "<iq type='set' id='*'><query xmlns='jabber:iq:roster'>\
             <item jid='romeo@montague.lit' subscription='remove'/></query></iq>",
        );
        script.expect_silence();
    });
}

#[test]
fn what_strangers_say_of_subscriptions_changes_nothing() {
    online_on_both(|mut script| {
        for kind in ["unsubscribed", "unsubscribe", "subscribed", "probe", "error"] {
            script.recv(&format!("<presence type='{kind}' from='romeo@montague.lit'/>"));
        }
        script.recv("<presence type='subscribe'/>");
        script.recv("<presence type='subscribe' from='juliet@capulet.lit/other'/>");
        script.expect_silence();
        assert!(script.client.store().contacts.is_empty());
    });
}

// Added by the user

#[test]
fn a_contact_is_added_then_asked() {
    online_on_both(|mut script| {
        add(&mut script, wanted("Buddy"));
        script.expect_sent(
            "<iq type='set' id='$add'><query xmlns='jabber:iq:roster'><item jid='romeo@montague.lit' name='Buddy'/></query></iq>",
        );
        script.expect_silence();
        script.recv("<iq type='result' id='$add'/>");
        script.expect_sent("<presence type='subscribe' to='romeo@montague.lit'/>");
        script.expect_event(Event::Finished { call: Call(1), outcome: Outcome::Entity(key(ROMEO)) });
        script.expect_silence();
        let contact = romeo(&script).unwrap();
        assert_eq!((contact.name.as_deref(), contact.ask), (Some("Buddy"), true));
        assert_eq!(groups(&script), ["Pending contacts"]);
        let changes = script.take_changes();
        assert!(changes.iter().any(|change| change.key == key(ROMEO) && change.what == What::Added));
        assert!(changes.iter().any(|change| change.key.kind == Kind::Group && change.what == What::Added));
    });
}

#[test]
fn a_refusal_of_the_server_is_the_outcome_and_nobody_is_asked() {
    online_on_both(|mut script| {
        add(&mut script, wanted("Buddy"));
        script.expect_sent(&adding("$add"));
        script.recv("<iq type='error' id='$add'><error type='modify'/></iq>");
        let Event::Finished { outcome: Outcome::Refused(_), .. } = script.next_event() else {
            script.fail("no refusal")
        };
        script.expect_silence();
        assert_eq!(romeo(&script), None);
    });
}

#[test]
fn nobody_waits_for_ever() {
    online_on_both(|mut script| {
        add(&mut script, wanted("Buddy"));
        script.expect_sent(&adding("*"));
        script.advance(seconds(20));
        script.expect_event(Event::Finished { call: Call(1), outcome: Outcome::TimedOut });
    });
    let mut script = Script::online();
    script.drop_link();
    script.skip_events();
    add(&mut script, wanted("Buddy"));
    assert!(!matches!(script.poll_event(), Some(Event::Finished { outcome: Outcome::Entity(_), .. })));
}

#[test]
fn the_groups_stand_in_their_order() {
    let items = "<item jid='a@b' subscription='both'><group>Zoo</group><group>Ants</group></item>\
        <item jid='c@b' subscription='both'/><item jid='d@b' ask='subscribe'/>";
    with(&Options::default(), items, |mut script| {
        script.recv(REQUEST);
        assert_eq!(groups(&script), ["Contact requests", "Ants", "Zoo", "Ungrouped", "Pending contacts"]);
        let members = script.client.store().ids(Kind::Contact, "Zoo");
        assert_eq!(members.iter().map(|jid| &**jid).collect::<Vec<_>>(), ["a@b"]);
        script.take_changes();
        let removal = "<item jid='c@b' subscription='remove'/>";
        script.recv(&format!("<iq type='set' id='p'><query xmlns='jabber:iq:roster'>{removal}</query></iq>"));
        script.expect_sent("<iq type='result' id='p'/>");
        let gone = Key::new(Kind::Group, "Ungrouped").removed();
        assert!(script.take_changes().contains(&gone));
        script.client.set_options(Options { roster_groups: false, ..Options::default() });
        push(&mut script, "<item jid='c@b' subscription='both'/>");
        assert_eq!(groups(&script), ["Contact requests", "My contacts", "Pending contacts"]);
    });
}

// Suggested by others

fn suggestion(from: &str, items: &str) -> String {
    format!("<message from='{from}'><x xmlns='http://jabber.org/protocol/rosterx'>{items}</x></message>")
}

/// Row F7 of the attacks.
#[test]
fn f7_suggestions_change_nothing_by_themselves() {
    let items = "<item action='add' jid='bot@evil.lit'/><item jid='nurse@capulet.lit' name='Nurse'><group>G</group></item>\
        <item action='delete' jid='romeo@montague.lit'/><item action='modify' jid='x@y'/><item jid='@'/><item/>\
        <item jid='juliet@capulet.lit'/><item jid='romeo@montague.lit'/>";
    with(&Options { auto_subscribe: true, ..Options::default() }, "<item jid='romeo@montague.lit'/>", |mut script| {
        for stranger in ["evil@evil.lit", "capulet.lit", "romeo@montague.lit.evil.lit/a"] {
            script.recv(&suggestion(stranger, items));
            script.expect_silence();
        }
        script.recv(&suggestion("romeo@montague.lit/orchard", items));
        assert!(matches!(script.next_event(), Event::Message { chat: None, .. }));
        let Event::Suggested { from, items } = script.next_event() else { script.fail("no suggestion") };
        assert_eq!(from.as_str(), ROMEO);
        assert_eq!(
            items.iter().map(|item| item.jid.as_str()).collect::<Vec<_>>(),
            ["bot@evil.lit", "nurse@capulet.lit"]
        );
        script.expect_silence();
        assert_eq!(script.client.store().contacts.iter().count(), 1);
        let many: String = (0..1000).map(|n| format!("<item jid='u{n}@evil.lit'/>")).collect();
        script.recv(&suggestion("romeo@montague.lit/orchard", &many));
        assert!(matches!(script.next_event(), Event::Message { chat: None, .. }));
        let Event::Suggested { items, .. } = script.next_event() else { script.fail("no suggestion") };
        assert_eq!(items.len(), 50);
    });
}
