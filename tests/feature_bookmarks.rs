//! Bookmarks as a conversation (XEP-0402, XEP-0048), and what is published for nobody else to read (XEP-0223).

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{
    client::{Call, Event, Options, Outcome},
    feature::{bookmarks, room},
    jid::BareJid,
    store::{Attributes, Bookmark, Key, Kind, Value, cache::Part},
};

use support::peer::{Script, juliet, on_both};

const EACH: &str = "<identity category='pubsub' type='pep'/>\
    <feature var='http://jabber.org/protocol/pubsub#publish-options'/><feature var='urn:xmpp:bookmarks:1#compat'/>";
const ALL: &str = "<identity category='pubsub' type='pep'/>\
    <feature var='http://jabber.org/protocol/pubsub#publish-options'/>";
const NOT_FOUND: &str = "<error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";

/// A client whose account says this about itself. It enters no rooms.
fn account(features: &str, conversation: impl Fn(Script)) {
    on_both(|mut script| {
        script.client.set_options(Options { message_carbons: false, allow_muc: false, ..Options::default() });
        script.log_in();
        for _ in 0..5 {
            let sent = script.expect_sent_any();
            if sent.attribute("to") == Some("juliet@capulet.lit") {
                let id = sent.attribute("id").unwrap();
                script.recv(&format!(
                    "<iq type='result' id='{id}' from='juliet@capulet.lit'>\
                     <query xmlns='http://jabber.org/protocol/disco#info'>{features}</query></iq>"
                ));
            }
        }
        script.take_changes();
        conversation(script);
    });
}

fn expect_initialized(script: &mut Script, kept: bool) {
    while let Some(event) = script.poll_event() {
        if event == (Event::BookmarksInitialized { kept }) {
            return;
        }
    }
    script.fail("bookmarksInitialized was expected");
}

/// The last call changed nothing, and was answered so.
fn expect_unsupported(script: &mut Script) {
    script.expect_nothing_sent();
    let refused = Event::Finished { call: Call(1), outcome: Outcome::Unsupported };
    assert!(std::iter::from_fn(|| script.poll_event()).any(|event| event == refused));
}

/// One that keeps these bookmarks, one item for each.
fn keeping(items: &str, conversation: impl Fn(Script)) {
    account(EACH, |mut script| {
        script.expect_sent(&asks("urn:xmpp:bookmarks:1"));
        script.recv(&format!(
            "<iq type='result' id='$items'><pubsub xmlns='http://jabber.org/protocol/pubsub'>\
            <items node='urn:xmpp:bookmarks:1'>{items}</items></pubsub></iq>"
        ));
        expect_initialized(&mut script, true);
        script.take_changes();
        conversation(script);
    });
}

fn asks(node: &str) -> String {
    format!(
        "<iq type='get' id='$items'><pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='{node}'/></pubsub></iq>"
    )
}

fn item(jid: &str, attributes: &str, content: &str) -> String {
    format!("<item id='{jid}'><conference xmlns='urn:xmpp:bookmarks:1'{attributes}>{content}</conference></item>")
}

fn event(from: &str, node: &str, content: &str) -> String {
    format!(
        "<message{from}><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='{node}'>{content}</items></event></message>"
    )
}

fn rooms(script: &Script) -> Vec<String> {
    script.client.store().bookmarks.iter().map(|bookmark| bookmark.jid.as_str().to_owned()).collect()
}

fn set(script: &mut Script, jid: &str) {
    let jid = BareJid::new(jid).unwrap();
    let bookmark =
        Bookmark { jid, name: Some("G".to_owned()), nick: None, password: None, autojoin: true, extensions: None };
    script.act(|client, now| client.in_context(now, |context| bookmarks::set(context, Call(1), bookmark)));
}

fn remove(script: &mut Script, jid: &str) {
    let jid = BareJid::new(jid).unwrap();
    script.act(|client, now| client.in_context(now, |context| bookmarks::remove(context, Call(1), jid)));
}

fn form(about: &str, fields: &[(&str, &str)]) -> String {
    let fields: String =
        fields.iter().map(|(var, value)| format!("<field var='pubsub#{var}'><value>{value}</value></field>")).collect();
    format!(
        "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'>\
        <value>http://jabber.org/protocol/pubsub#{about}</value></field>{fields}</x>"
    )
}

const OPTIONS: &[(&str, &str)] = &[
    ("persist_items", "true"),
    ("max_items", "max"),
    ("send_last_published_item", "never"),
    ("access_model", "whitelist"),
];

fn publishes(room: &str) -> String {
    format!(
        "<iq type='set' id='$set'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='urn:xmpp:bookmarks:1'>{}</publish>\
         <publish-options>{}</publish-options></pubsub></iq>",
        item(room, " name='G' autojoin='true'", ""),
        form("publish-options", OPTIONS)
    )
}

#[test]
fn bookmarks_are_fetched_after_the_log_in() {
    let extensions = "<extensions><x xmlns='urn:x'/></extensions>";
    let items =
        item("a@muc.lit", " name='A' autojoin='1'", &format!("<nick>J</nick><password>p</password>{extensions}"))
            + &item("B@muc.lit", "", "")
            + &item("@", "", "")
            + "<item id='c@muc.lit'><other xmlns='urn:x'/></item><item id='d@muc.lit'/>";
    keeping(&items, |script| {
        assert_eq!(rooms(&script), ["a@muc.lit", "b@muc.lit"]);
        let bookmarks = &script.client.store().bookmarks;
        let autojoin: Vec<_> = bookmarks.autojoin().collect();
        let [first] = autojoin.as_slice() else { panic!("{autojoin:?}") };
        assert_eq!((first.nick.as_deref(), first.password.as_deref()), (Some("J"), Some("p")));
        assert!(first.extensions.is_some());
    });
}

#[test]
fn an_account_without_private_nodes_keeps_none() {
    for features in [
        "",
        "<identity category='pubsub' type='pep'/>",
        "<feature var='http://jabber.org/protocol/pubsub#publish-options'/>",
    ] {
        account(features, |mut script| {
            expect_initialized(&mut script, false);
            set(&mut script, "garden@muc.lit");
            script.expect_nothing_sent();
            script.expect_event(Event::Finished { call: Call(1), outcome: Outcome::Unsupported });
            assert_eq!(rooms(&script), [""; 0]);
        });
    }
}

#[test]
fn a_bookmark_is_published_where_nobody_else_reads_it() {
    keeping("", |mut script| {
        set(&mut script, "garden@muc.lit");
        assert_eq!(rooms(&script), ["garden@muc.lit"]);
        script.expect_sent(&publishes("garden@muc.lit"));
        script.recv("<iq type='result' id='$set'/>");
        assert!(matches!(script.next_event(), Event::Finished { outcome: Outcome::Entity(_), .. }));
        remove(&mut script, "garden@muc.lit");
        script.expect_sent(
            "<iq type='set' id='$out'><pubsub xmlns='http://jabber.org/protocol/pubsub'>\
            <retract node='urn:xmpp:bookmarks:1' notify='true'><item id='garden@muc.lit'/></retract></pubsub></iq>",
        );
        script.recv("<iq type='result' id='$out'/>");
        script.expect_event(Event::Finished { call: Call(1), outcome: Outcome::Done });
        assert_eq!(rooms(&script), [""; 0]);
    });
}

/// Row B1 of the attacks: CVE-2018-6591.
#[test]
fn b1_a_node_that_is_public_is_made_private_first() {
    keeping("", |mut script| {
        set(&mut script, "garden@muc.lit");
        script.expect_sent(&publishes("garden@muc.lit"));
        let unmet = "<error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>\
            <precondition-not-met xmlns='http://jabber.org/protocol/pubsub#errors'/></error>";
        script.recv(&format!("<iq type='error' id='$set'>{unmet}</iq>"));
        script.expect_sent(&format!(
            "<iq type='set' id='$configure'><pubsub xmlns='http://jabber.org/protocol/pubsub#owner'>\
            <configure node='urn:xmpp:bookmarks:1'>{}</configure></pubsub></iq>",
            form("node_config", OPTIONS)
        ));
        script.recv("<iq type='result' id='$configure'/>");
        script.expect_sent(&publishes("garden@muc.lit").replace("$set", "$again"));
        script.recv(&format!("<iq type='error' id='$again'>{unmet}</iq>"));
        // That was the last word: what is shown is what the server has.
        assert!(matches!(script.next_event(), Event::Finished { outcome: Outcome::Refused(_), .. }));
        script.expect_sent(&asks("urn:xmpp:bookmarks:1").replace("$items", "$anew"));
        script.recv(&format!("<iq type='error' id='$anew'>{NOT_FOUND}</iq>"));
        assert_eq!(rooms(&script), [""; 0]);
    });
}

#[test]
fn another_client_of_the_account_changes_them() {
    keeping(&item("a@muc.lit", "", ""), |mut script| {
        for from in ["", " from='juliet@capulet.lit'"] {
            script.recv(&event(from, "urn:xmpp:bookmarks:1", &item("b@muc.lit", "", "")));
            assert_eq!(rooms(&script), ["a@muc.lit", "b@muc.lit"]);
            script.recv(&event(from, "urn:xmpp:bookmarks:1", "<retract id='b@muc.lit'/>"));
            assert_eq!(rooms(&script), ["a@muc.lit"]);
        }
        script.recv("<message from='juliet@capulet.lit'><event xmlns='http://jabber.org/protocol/pubsub#event'><purge node='urn:xmpp:bookmarks:1'/></event></message>");
        assert_eq!(rooms(&script), [""; 0]);
        script.expect_silence();
    });
}

/// Row F9 of the attacks: CVE-2023-28686.
#[test]
fn f9_nobody_else_changes_them() {
    keeping(&item("a@muc.lit", "", ""), |mut script| {
        for from in [
            "romeo@montague.lit",
            "juliet@capulet.lit/chamber",
            "juliet@capulet.lit/balcony",
            "capulet.lit",
            "juliet@evil.lit",
            "a@muc.lit",
        ] {
            for content in [item("evil@evil.lit", " autojoin='true'", ""), "<retract id='a@muc.lit'/>".to_owned()] {
                script.recv(&event(&format!(" from='{from}'"), "urn:xmpp:bookmarks:1", &content));
            }
            assert_eq!(rooms(&script), ["a@muc.lit"], "{from}");
        }
        script.expect_nothing_sent();
        assert_eq!(script.take_changes(), []);
    });
}

#[test]
fn older_servers_keep_all_in_one_item() {
    account(ALL, |mut script| {
        script.expect_sent(&asks("storage:bookmarks"));
        let url = "<url name='U' url='https://u.lit'/>";
        let storage = |rooms: &str| format!("<storage xmlns='storage:bookmarks'>{rooms}{url}</storage>");
        let a = "<conference jid='a@muc.lit' name='A' autojoin='false'/>";
        script.recv(&format!(
            "<iq type='result' id='$items'><pubsub xmlns='http://jabber.org/protocol/pubsub'>\
            <items node='storage:bookmarks'><item id='current'>{}</item></items></pubsub></iq>",
            storage(a)
        ));
        expect_initialized(&mut script, true);
        assert_eq!(rooms(&script), ["a@muc.lit"]);
        set(&mut script, "garden@muc.lit");
        let both = format!("{a}<conference jid='garden@muc.lit' name='G' autojoin='true'/>");
        let publishes = |name: &str, rooms: &str| {
            format!(
                "<iq type='set' id='${name}'><pubsub xmlns='http://jabber.org/protocol/pubsub'>\
            <publish node='storage:bookmarks'><item id='current'>{}</item></publish><publish-options>{}</publish-options></pubsub></iq>",
                storage(rooms),
                form("publish-options", &[("persist_items", "true"), ("access_model", "whitelist")])
            )
        };
        script.expect_sent(&publishes("one", &both));
        script.recv("<iq type='result' id='$one'/>");
        remove(&mut script, "a@muc.lit");
        script.expect_sent(&publishes("two", "<conference jid='garden@muc.lit' name='G' autojoin='true'/>"));
        script.recv(&event(
            " from='juliet@capulet.lit'",
            "storage:bookmarks",
            &format!("<item id='current'>{}</item>", storage(a)),
        ));
        assert_eq!(rooms(&script), ["a@muc.lit"]);
        script.recv(&event(
            " from='romeo@montague.lit'",
            "storage:bookmarks",
            "<item id='current'><storage xmlns='storage:bookmarks'/></item>",
        ));
        assert_eq!(rooms(&script), ["a@muc.lit"]);
    });
}

/// Nobody has seen yet what would be written over.
#[test]
fn nothing_is_written_before_the_first_answer() {
    account(ALL, |mut script| {
        script.expect_sent(&asks("storage:bookmarks"));
        set(&mut script, "garden@muc.lit");
        expect_unsupported(&mut script);
        let refusal = "<error type='wait'><internal-server-error xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";
        script.recv(&format!("<iq type='error' id='$items'>{refusal}</iq>"));
        expect_initialized(&mut script, true);
        remove(&mut script, "garden@muc.lit");
        expect_unsupported(&mut script);
    });
}

#[test]
fn there_may_be_none_yet() {
    account(EACH, |mut script| {
        script.expect_sent(&asks("urn:xmpp:bookmarks:1"));
        script.recv(&format!("<iq type='error' id='$items'>{NOT_FOUND}</iq>"));
        expect_initialized(&mut script, true);
    });
}

#[test]
fn rooms_are_entered_once() {
    keeping("", |mut script| {
        script.client.set_options(Options { message_carbons: false, ..Options::default() });
        let push = |name: &str| {
            let item = item("a@muc.lit", &format!(" name='{name}' autojoin='true'"), "<nick>J</nick>");
            event(" from='juliet@capulet.lit'", "urn:xmpp:bookmarks:1", &item)
        };
        script.recv(&push("A"));
        let jid = BareJid::new("a@muc.lit").unwrap();
        let entering = script.client.store().rooms.get(&jid).unwrap();
        assert_eq!((entering.wanted, entering.nick.as_deref()), (true, Some("J")));
        // Who closes it stays outside, whatever becomes of the bookmark.
        script.act(|client, now| client.in_context(now, |context| room::close(context, &jid)));
        script.recv(&push("B"));
        assert!(script.client.store().rooms.get(&jid).is_none());
    });
}

#[test]
fn they_are_there_after_a_reload() {
    keeping(&item("a@muc.lit", " autojoin='true'", "<nick>J</nick><password>s3cr3t</password>"), |mut script| {
        let mut before: Vec<_> = script.client.store().bookmarks.iter().cloned().collect();
        assert_eq!(before[0].password.take().as_deref(), Some("s3cr3t"));
        script.act(|client, _| client.flush());
        // Of what the page's storage holds, nothing leads into a room.
        assert!(script.stored_of(&Part::Bookmarks).unwrap().contains("a@muc.lit"));
        assert!(script.stored.values().all(|entry| !entry.contains("s3cr3t")));
        script.discovers = true;
        script.reload(juliet());
        assert_eq!(script.client.store().bookmarks.iter().cloned().collect::<Vec<_>>(), before);
    });
}

#[test]
fn an_open_room_shows_its_bookmark() {
    keeping("", |mut script| {
        let garden = BareJid::new("garden@muc.lit").unwrap();
        let key = Key::of_jid(Kind::Room, &garden);
        script.act(|client, now| {
            client.in_context(now, |context| room::open(context, &garden, &Attributes::default()));
        });
        script.take_changes();
        let mut shows = |node_content: &str| {
            script.recv(&event("", "urn:xmpp:bookmarks:1", node_content));
            assert!(script.take_changes().contains(&key.clone().shown()), "the room was not told");
            let attributes = script.client.store().attributes(&key).unwrap();
            let text = |name| attributes.get(name).and_then(Value::as_str).map(str::to_owned);
            (attributes.get("bookmarked").is_some_and(Value::is_truthy), text("name").unwrap_or_default())
        };
        assert_eq!(shows(&item("garden@muc.lit", " name='G'", "")), (true, "G".to_owned()));
        assert_eq!(shows(&item("garden@muc.lit", " name='H'", "")), (true, "H".to_owned()));
        assert_eq!(shows("<retract id='garden@muc.lit'/>"), (false, String::new()));
        // Of a room that is not open, there is nobody to tell.
        script.recv(&event("", "urn:xmpp:bookmarks:1", &item("orchard@muc.lit", "", "")));
        assert!(script.take_changes().iter().all(|change| change.key.kind != Kind::Room));
    });
}

#[test]
fn a_room_is_entered_as_its_bookmark_says() {
    keeping(&item("garden@muc.lit", "", "<nick>J</nick><password>p</password>"), |mut script| {
        let garden = BareJid::new("garden@muc.lit").unwrap();
        script.act(|client, now| client.in_context(now, |context| room::open_and_join(context, &garden, None, false)));
        script.expect_sent(
            "<iq type='get' id='$info' to='garden@muc.lit'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
        );
        script.recv("<iq type='error' id='$info' from='garden@muc.lit'/>");
        let entry = script.expect_sent_any().to_xml().unwrap();
        assert!(entry.contains("garden@muc.lit/J") && entry.contains("<password>p</password>"), "{entry}");
    });
}
