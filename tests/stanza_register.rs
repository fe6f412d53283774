//! What a server wants to know of those who would have an account (XEP-0077), and the pictures that come with it (XEP-0231).

#![allow(clippy::unwrap_used)]

mod support;

use converse_wasm::stanza::{
    Field,
    payload::{
        bob,
        register::{Query, ask, submit},
    },
    questions,
};

use support::pattern::stanza;

fn decode(inside: &str) -> Query {
    Query::decode(&stanza(&format!("<query xmlns='jabber:iq:register'>{inside}</query>"))).unwrap()
}

#[test]
fn decode_what_is_asked_without_a_form() {
    let query = decode("<instructions> Choose </instructions><password/><username/><key>k</key>");
    let expected = Query {
        instructions: Some("Choose".to_owned()),
        names: vec!["username", "password"],
        key: Some("k".to_owned()),
        ..Query::default()
    };
    assert_eq!(query, expected);
}

#[test]
fn decode_a_form_and_another_place() {
    let query = decode(
        "<x xmlns='jabber:x:data' type='form'><field var='username'/></x>\
         <x xmlns='jabber:x:oob'><url>https://capulet.lit/join</url></x>",
    );
    assert!(query.form.is_some());
    assert_eq!(query.url.as_deref(), Some("https://capulet.lit/join"));
}

#[test]
fn decode_what_is_hostile() {
    assert_eq!(Query::decode(&stanza("<query xmlns='jabber:iq:roster'/>")), None);
    let query = decode("<x xmlns='jabber:x:oob'><url>javascript:alert(1)</url></x><admin/><registered/>");
    assert_eq!(query, Query::default());
}

#[test]
fn encode_answers() {
    assert_eq!(ask(), stanza("<query xmlns='jabber:iq:register'/>"));
    let answers = submit(None, &[("username", "a<b"), ("password", "p")]);
    let expected = "<query xmlns='jabber:iq:register'><username>a&lt;b</username><password>p</password></query>";
    assert_eq!(answers, stanza(expected));
}

#[test]
fn round_trip() {
    let query = Query::decode(&submit(None, &[("username", "juliet"), ("email", "j@c.lit")])).unwrap();
    assert_eq!(query.names, ["username", "email"]);
}

#[test]
fn fields_as_people_are_shown_them() {
    let form = stanza(
        "<x xmlns='jabber:x:data'><field var='a' type='list-single' label=''><required/><desc>About</desc>\
         <option label='One'><value>1</value></option><option><value>2</value></option><option/><value>2</value></field></x>",
    );
    let [question] = questions(&form).try_into().unwrap();
    assert_eq!(question.field, Field { kind: Some("list-single".to_owned()), ..Field::new("a", vec!["2".to_owned()]) });
    assert_eq!((question.label, question.about.as_deref(), question.required), (None, Some("About"), true));
    let option = |label: &str, value: &str| (label.to_owned(), value.to_owned());
    assert_eq!(question.options, [option("One", "1"), option("2", "2")]);
}

#[test]
fn pictures_come_with_the_stanza_or_not_at_all() {
    let data = |kind: &str, base64: &str| {
        stanza(&format!("<iq><data xmlns='urn:xmpp:bob' cid='c@bob.xmpp.org' type='{kind}'>{base64}</data></iq>"))
    };
    let picture = |uri: &str, kind: &str, base64: &str| bob::picture(uri, &[&data(kind, base64)]);
    let expected = "data:image/png;base64,AAAA";
    assert_eq!(picture("cid:c@bob.xmpp.org", "image/png", "AA\n AA").as_deref(), Some(expected));
    for (uri, kind, base64) in [
        ("cid:other@bob.xmpp.org", "image/png", "AAAA"),
        ("http://c@bob.xmpp.org", "image/png", "AAAA"),
        ("cid:c@bob.xmpp.org", "image/svg+xml", "AAAA"),
        ("cid:c@bob.xmpp.org", "image/png", "A&quot;&gt;"),
        ("cid:c@bob.xmpp.org", "image/png", ""),
        ("cid:c@bob.xmpp.org", "image/png", "A".repeat(bob::MAX_SIZE + 1).as_str()),
    ] {
        assert_eq!(picture(uri, kind, base64), None, "{uri} {kind}");
    }
}
