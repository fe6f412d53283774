//! Service discovery as a conversation (XEP-0030), and what clients announce with their presence (XEP-0115).

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{
    client::{Call, Client, Event, Options, Outcome},
    feature::disco,
    jid::Jid,
    store::{Asked, Key, Kind, MAX_CAPS},
    time::Instant,
};

use support::peer::{Script, juliet, on_both, seconds};

const INFO: &str = "http://jabber.org/protocol/disco#info";
const ITEMS: &str = "http://jabber.org/protocol/disco#items";

fn asks(to: &str, name: &str, what: &str) -> String {
    format!("<iq type='get' id='${name}' to='{to}'><query xmlns='{what}'/></iq>")
}

fn answers(from: &str, name: &str, what: &str, content: &str) -> String {
    format!("<iq type='result' id='${name}' from='{from}'><query xmlns='{what}'>{content}</query></iq>")
}

fn refuses(from: &str, name: &str) -> String {
    format!(
        "<iq type='error' id='${name}' from='{from}'><error type='cancel'>\
         <service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
    )
}

/// A client that has just logged in and has asked its first questions.
fn curious(conversation: impl Fn(Script)) {
    on_both(|mut script| {
        script.client.set_options(Options { message_carbons: false, archive: false, ..script.options.clone() });
        script.log_in();
        script.expect_sent("<iq type='get' id='$roster'><query xmlns='jabber:iq:roster'/></iq>");
        script.expect_sent(&format!("<presence>{CAPS}</presence>"));
        script.expect_sent(&asks("capulet.lit", "domain", INFO));
        script.expect_sent(&asks("juliet@capulet.lit", "account", INFO));
        script.expect_sent("<iq type='get' id='$vcard'><vCard xmlns='vcard-temp'/></iq>");
        script.skip_events();
        script.take_changes();
        conversation(script);
    });
}

/// The same, after all have refused to answer.
fn settled(conversation: impl Fn(Script)) {
    curious(|mut script| {
        script.settle();
        script.recv(&refuses("capulet.lit", "domain"));
        script.recv(&refuses("juliet@capulet.lit", "account"));
        script.settle();
        conversation(script);
    });
}

const CAPS: &str = "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='*' ver='$ver'/>";

fn ask_page(script: &mut Script, jid: &str, deep: bool, call: u32) {
    let jid = Jid::new(jid).unwrap();
    script.act(|client, now| client.in_context(now, |context| context.discover_for(&jid, deep, Call(call))));
}

fn finished(script: &mut Script) -> Vec<(u32, Outcome)> {
    std::iter::from_fn(|| script.poll_event())
        .filter_map(|event| match event {
            Event::Finished { call, outcome } => Some((call.0, outcome)),
            _ => None,
        })
        .collect()
}

fn features(script: &Script, id: &str) -> Vec<String> {
    script.client.store().disco.get(id).map(|entity| entity.profile.features.clone()).unwrap_or_default()
}

// After the log-in

#[test]
fn the_server_its_services_and_the_account_are_asked() {
    curious(|mut script| {
        let server = "<identity category='server' type='im' name='Prosody'/><feature var='a'/><feature var='b'/>";
        script.recv(&answers("capulet.lit", "domain", INFO, server));
        let feature = |var| Event::ServiceDiscovered(Key::within(Kind::Feature, "capulet.lit", var));
        script.expect_event(feature("a"));
        script.expect_event(feature("b"));
        script.expect_sent(&asks("capulet.lit", "items", ITEMS));
        ask_page(&mut script, "capulet.lit", true, 1);
        ask_page(&mut script, "capulet.lit", false, 2);
        assert_eq!(finished(&mut script), [(2, Outcome::Done)]);
        script.recv(&answers(
            "capulet.lit",
            "items",
            ITEMS,
            "<item jid='rooms.capulet.lit' name='Rooms'/><item jid='a@b' node='n'/>",
        ));
        script.expect_sent(&asks("rooms.capulet.lit", "rooms", INFO));
        assert_eq!(finished(&mut script), []);
        script.recv(&answers(
            "rooms.capulet.lit",
            "rooms",
            INFO,
            "<identity category='conference' type='text'/><feature var='muc'/>",
        ));
        assert_eq!(finished(&mut script), [(1, Outcome::Done)]);
        let store = script.client.store();
        assert_eq!(
            store.ids(Kind::Disco, "capulet.lit").iter().map(|id| &**id).collect::<Vec<_>>(),
            ["rooms.capulet.lit"]
        );
        assert_eq!(features(&script, "rooms.capulet.lit"), ["muc"]);
        let identity = store.attributes(&Key::within(Kind::Identity, "capulet.lit", "0")).unwrap();
        assert_eq!(identity.get("name").unwrap().as_str(), Some("Prosody"));
    });
}

#[test]
fn an_entity_that_says_nothing_holds_nobody_up() {
    curious(|mut script| {
        ask_page(&mut script, "capulet.lit", true, 1);
        ask_page(&mut script, "juliet@capulet.lit", false, 2);
        script.recv(&refuses("juliet@capulet.lit", "account"));
        assert_eq!(finished(&mut script), [(2, Outcome::Done)]);
        script.advance(seconds(21));
        assert_eq!(finished(&mut script), [(1, Outcome::Done)]);
        let disco = &script.client.store().disco;
        assert_eq!(disco.get("juliet@capulet.lit").unwrap().info, Asked::Refused);
        assert_eq!(disco.get("capulet.lit").unwrap().info, Asked::No);
    });
}

#[test]
fn an_answer_of_somebody_else_counts_for_nothing() {
    curious(|mut script| {
        script.recv(&answers("evil.lit", "domain", INFO, "<feature var='evil'/>"));
        assert_eq!(features(&script, "capulet.lit"), [""; 0]);
        script.expect_silence();
        script.recv(&answers("capulet.lit", "domain", INFO, "<feature var='a'/>"));
        assert_eq!(features(&script, "capulet.lit"), ["a"]);
    });
}

#[test]
fn a_form_says_more() {
    curious(|mut script| {
        let form = "<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'><value>t</value></field>\
            <field var='abuse' type='list-multi'><value>mailto:a@b</value></field><field var='__proto__'><value>p</value></field></x>";
        script.recv(&answers("juliet@capulet.lit", "account", INFO, form));
        for place in ["0", "1", "2"] {
            script.expect_event(Event::FieldDiscovered(Key::within(Kind::Field, "juliet@capulet.lit", place)));
        }
        let store = script.client.store();
        let field = store.attributes(&Key::within(Kind::Field, "juliet@capulet.lit", "1")).unwrap();
        assert_eq!(field.get("value").unwrap().as_str(), Some("mailto:a@b"));
        assert!(
            store.attributes(&Key::within(Kind::DataForm, "juliet@capulet.lit", "0")).unwrap().get("abuse").is_some()
        );
    });
}

#[test]
fn what_was_found_out_is_there_after_a_reload() {
    curious(|mut script| {
        script.recv(&answers("capulet.lit", "domain", INFO, "<feature var='a'/>"));
        script.recv(&answers("juliet@capulet.lit", "account", INFO, "<feature var='b'/>"));
        script.act(|client, _| client.flush());
        script.discovers = true;
        script.reload(juliet());
        assert_eq!(features(&script, "capulet.lit"), ["a"]);
        assert_eq!(features(&script, "juliet@capulet.lit"), ["b"]);
    });
}

#[test]
fn an_entity_can_be_asked_anew() {
    curious(|mut script| {
        script.recv(&answers("juliet@capulet.lit", "account", INFO, "<feature var='a'/><feature var='b'/>"));
        script.forget();
        let jid = Jid::new("juliet@capulet.lit").unwrap();
        script.act(|client, now| client.in_context(now, |context| disco::refresh(context, Call(1), &jid)));
        script.expect_sent(&asks("juliet@capulet.lit", "again", INFO));
        script.recv(&answers("juliet@capulet.lit", "again", INFO, "<feature var='b'/><feature var='c'/>"));
        assert_eq!(features(&script, "juliet@capulet.lit"), ["b", "c"]);
        let key = |var| Key::within(Kind::Feature, "juliet@capulet.lit", var);
        let changes = script.take_changes();
        assert!(changes.contains(&key("a").removed()) && changes.contains(&key("c").added()));
        assert!(!changes.iter().any(|change| change.key == key("b")));
    });
}

// What this client says

#[test]
fn who_asks_is_told_what_this_client_can_do() {
    settled(|mut script| {
        script.act(|client, now| {
            client.own_profile_mut().add_feature(now, "urn:x");
            assert!(!client.own_profile_mut().add_feature(now, "urn:x"));
        });
        script.recv(&format!(
            "<iq type='get' id='q1' from='romeo@montague.lit/orchard'><query xmlns='{INFO}' node='n#1'/></iq>"
        ));
        let answer = script.expect_sent(
            "<iq type='result' id='q1' to='romeo@montague.lit/orchard'>*</iq>"
                .replace("*", &told(&script, Some("n#1")))
                .as_str(),
        );
        let query = answer.children().next().unwrap();
        let vars: Vec<_> = query.children().filter_map(|child| child.attribute("var")).collect();
        for var in ["urn:x", "urn:xmpp:ping", "urn:xmpp:receipts", INFO, "urn:xmpp:bookmarks:1+notify"] {
            assert_eq!(vars.iter().filter(|other| **other == var).count(), 1, "{var}");
        }
        assert!(!vars.contains(&"urn:xmpp:carbons:2"));
    });
}

/// The answer as the client's own profile has it.
fn told(script: &Script, node: Option<&str>) -> String {
    let own = script.client.own_profile();
    let identities: String = own
        .identities()
        .iter()
        .map(|i| {
            format!("<identity category='{}' type='{}' name='{}'/>", i.category, i.kind, i.name.as_deref().unwrap())
        })
        .collect();
    let features: String = own.features().iter().map(|var| format!("<feature var='{var}'/>")).collect();
    let node = node.map(|node| format!(" node='{node}'")).unwrap_or_default();
    format!("<query xmlns='{INFO}'{node}>{identities}{features}</query>")
}

#[test]
fn several_changes_are_one_presence() {
    settled(|mut script| {
        let before = script.expect_name("ver");
        script.act(|client: &mut Client, now: Instant| {
            client.own_profile_mut().add_feature(now, "urn:x");
            client.own_profile_mut().add_feature(now, "urn:y");
        });
        script.advance(seconds(0));
        let presence = script.expect_sent(
            "<presence><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='*' ver='*'/></presence>",
        );
        assert_ne!(presence.children().next().unwrap().attribute("ver"), Some(before.as_str()));
        script.advance(seconds(5));
        script.expect_nothing_sent();
    });
}

#[test]
fn what_changes_nothing_sends_nothing() {
    settled(|mut script| {
        script.act(|client, now| assert!(!client.own_profile_mut().add_feature(now, "urn:xmpp:ping")));
        script.advance(seconds(5));
        script.expect_nothing_sent();
    });
}

// What others announce

const EXODUS: &str = "<identity category='client' type='pc' name='Exodus 0.9.1'/>\
    <feature var='http://jabber.org/protocol/muc'/><feature var='http://jabber.org/protocol/disco#items'/>\
    <feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/caps'/>";

fn announce(script: &mut Script, from: &str, ver: &str) {
    script.recv(&format!(
        "<presence from='{from}'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='{ver}'/></presence>"
    ));
}

fn asks_announced(to: &str, name: &str, ver: &str) -> String {
    format!("<iq type='get' id='${name}' to='{to}'><query xmlns='{INFO}' node='n#{ver}'/></iq>")
}

#[test]
fn what_one_client_was_asked_others_need_not_be() {
    settled(|mut script| {
        let ver = "QgayPKawpkPSDYmwT/WM94uAlu0=";
        announce(&mut script, "romeo@montague.lit/orchard", ver);
        announce(&mut script, "nurse@capulet.lit/kitchen", ver);
        script.expect_nothing_sent();
        ask_page(&mut script, "romeo@montague.lit/orchard", false, 1);
        script.expect_sent(&asks_announced("romeo@montague.lit/orchard", "q", ver));
        script.recv(&answers("romeo@montague.lit/orchard", "q", INFO, EXODUS));
        ask_page(&mut script, "nurse@capulet.lit/kitchen", false, 2);
        script.expect_nothing_sent();
        assert_eq!(features(&script, "nurse@capulet.lit/kitchen").len(), 4);
        assert_eq!(finished(&mut script), [(1, Outcome::Done), (2, Outcome::Done)]);
    });
}

/// Row B3 of the attacks: what an entity says under a hash that is not its own is said of nobody else.
#[test]
fn b3_a_hash_that_is_wrong_poisons_nothing() {
    settled(|mut script| {
        let ver = "QgayPKawpkPSDYmwT/WM94uAlu0=";
        for evil in
            ["<feature var='evil'/>", &format!("{EXODUS}<feature var='evil'/>"), &format!("{EXODUS}<feature/>"), ""]
        {
            announce(&mut script, "evil@evil.lit/x", ver);
            let jid = Jid::new("evil@evil.lit/x").unwrap();
            script.act(|client, now| client.in_context(now, |context| disco::refresh(context, Call(1), &jid)));
            let sent = script.expect_sent(&format!(
                "<iq type='get' id='*' to='evil@evil.lit/x'><query xmlns='{INFO}' node='n#{ver}'/></iq>"
            ));
            let id = sent.attribute("id").unwrap();
            script.recv(&format!(
                "<iq type='result' id='{id}' from='evil@evil.lit/x'><query xmlns='{INFO}'>{evil}</query></iq>"
            ));
            assert!(script.client.store().disco.caps(ver).is_none(), "{evil}");
        }
        announce(&mut script, "nurse@capulet.lit/kitchen", ver);
        ask_page(&mut script, "nurse@capulet.lit/kitchen", false, 2);
        script.expect_sent(&asks_announced("nurse@capulet.lit/kitchen", "q", ver));
    });
}

/// Row B3 of the attacks: hashes without end fill nothing.
#[test]
fn b3_hashes_without_end_are_forgotten() {
    let mut disco = converse_wasm::store::Disco::default();
    for number in 0..MAX_CAPS * 3 {
        disco.add_caps(&number.to_string(), converse_wasm::store::Profile::default());
    }
    assert_eq!((0..MAX_CAPS * 3).filter(|number| disco.caps(&number.to_string()).is_some()).count(), MAX_CAPS);
}
