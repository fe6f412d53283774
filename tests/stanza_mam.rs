//! XEP-0313: questions to archives, and what comes back.

#![allow(clippy::unwrap_used)]

mod support;

use std::rc::Rc;

use converse_wasm::{
    jid::BareJid,
    stanza::payload::mam::{Archived, Filter, changed_preferences, fin, query, queryid},
};
use support::pattern::stanza;

const RESULT: &str = "<message from='juliet@capulet.lit'><result xmlns='urn:xmpp:mam:2' queryid='q' id='28482'>\
    <forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2010-07-10T23:08:25Z'/>\
    <message xmlns='jabber:client' from='romeo@montague.lit' type='chat'><body>hi</body></message></forwarded>\
    </result></message>";

fn archived(xml: &str, owner: &str) -> Option<Archived> {
    let [owner, me] = [owner, "juliet@capulet.lit"].map(|jid| BareJid::new(jid).unwrap());
    Archived::from_archive(&Rc::new(stanza(xml)), &owner, &me, "q")
}

#[test]
fn decode() {
    let result = archived(RESULT, "juliet@capulet.lit").unwrap();
    assert_eq!((&*result.id, result.time.to_text().as_str()), ("28482", "2010-07-10T23:08:25.000Z"));
    assert_eq!(result.message().unwrap().attribute("from"), Some("romeo@montague.lit"));
    assert_eq!(queryid(result.stanza()), Some("q"));
    // The account's own archive need not say who it is.
    assert!(archived(&RESULT.replace(" from='juliet@capulet.lit'", ""), "juliet@capulet.lit").is_some());
    let page = stanza("<fin xmlns='urn:xmpp:mam:2' complete='true'/>");
    assert!(fin(&page).unwrap().complete);
    assert!(!fin(&stanza("<fin xmlns='urn:xmpp:mam:2'/>")).unwrap().complete);
}

#[test]
fn decode_what_is_hostile() {
    for (part, other) in [
        ("from='juliet@capulet.lit'", "from='juliet@capulet.lit/balcony'"),
        ("from='juliet@capulet.lit'", "from='romeo@montague.lit'"),
        ("from='juliet@capulet.lit'", "from='@'"),
        ("urn:xmpp:mam:2", "urn:xmpp:mam:1"),
        ("queryid='q'", "queryid='p'"),
        ("queryid='q'", ""),
        ("id='28482'", ""),
        ("id='28482'", "id=''"),
        ("stamp='2010-07-10T23:08:25Z'", "stamp='yesterday'"),
        ("stamp='2010-07-10T23:08:25Z'", ""),
        ("urn:xmpp:forward:0", "urn:example"),
        ("jabber:client", "jabber:server"),
    ] {
        assert!(archived(&RESULT.replacen(part, other, 1), "juliet@capulet.lit").is_none(), "{part} {other}");
    }
    // A room without an address is none, and a room tells of itself only.
    assert!(archived(&RESULT.replace(" from='juliet@capulet.lit'", ""), "room@muc.capulet.lit").is_none());
    let room = RESULT.replace("juliet@capulet.lit", "room@muc.capulet.lit");
    assert!(archived(&room, "room@muc.capulet.lit").is_none());
    assert!(
        archived(&room.replace("romeo@montague.lit", "room@muc.capulet.lit/romeo"), "room@muc.capulet.lit").is_some()
    );
    let nested = RESULT.replace("<body>hi</body>", "<result xmlns='urn:xmpp:mam:2'/>");
    assert!(archived(&nested, "juliet@capulet.lit").unwrap().message().is_none());
    assert!(fin(&stanza("<fin xmlns='urn:xmpp:mam:1' complete='true'/>")).is_none());
    assert_eq!(queryid(&stanza("<message><body/></message>")), None);
}

#[test]
fn encode() {
    assert_eq!(
        query("q", &Filter::default(), None).to_xml().unwrap(),
        "<query xmlns=\"urn:xmpp:mam:2\" queryid=\"q\"/>"
    );
    let text = |text: &str| Some(text.to_owned());
    let filter = Filter { with: text("a@b"), start: text("2026-01-01T00:00:00.000Z"), end: None };
    assert_eq!(
        query("q", &filter, Some(stanza("<set xmlns='http://jabber.org/protocol/rsm'/>"))).to_xml().unwrap(),
        "<query xmlns=\"urn:xmpp:mam:2\" queryid=\"q\"><x xmlns=\"jabber:x:data\" type=\"submit\">\
         <field var=\"FORM_TYPE\" type=\"hidden\"><value>urn:xmpp:mam:2</value></field>\
         <field var=\"with\"><value>a@b</value></field>\
         <field var=\"start\"><value>2026-01-01T00:00:00.000Z</value></field></x>\
         <set xmlns=\"http://jabber.org/protocol/rsm\"/></query>"
    );
}

#[test]
fn round_trip_of_preferences() {
    let prefs = stanza("<prefs xmlns='urn:xmpp:mam:2' default='roster'><always><jid>a@b</jid></always></prefs>");
    let changed = changed_preferences(&prefs, "never").unwrap();
    assert_eq!(changed.to_xml().unwrap(), prefs.to_xml().unwrap().replace("roster", "never"));
    assert_eq!(changed_preferences(&changed, "never"), None);
    assert_eq!(changed_preferences(&stanza("<prefs xmlns='urn:example'/>"), "never"), None);
}
