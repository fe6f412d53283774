//! What rooms and those in them say: read, read from hostile hands, and written (XEP-0045, XEP-0249, XEP-0421).

#![allow(clippy::unwrap_used)]

mod support;

use converse_wasm::{
    jid::{BareJid, Jid},
    stanza::payload::muc::{
        self, History, Info, Invitation, Item, User, Wish, declined, declined_in, direct, direct_in, mediated,
        mediated_in, occupant_id, reserved_nick_in,
    },
    time::Timestamp,
    xml::Element,
};

use support::pattern::stanza;

fn presence(x: &str) -> Element {
    stanza(&format!("<presence><x xmlns='http://jabber.org/protocol/muc#user'>{x}</x></presence>"))
}

fn jid(jid: &str) -> BareJid {
    BareJid::new(jid).unwrap()
}

#[test]
fn decode_what_a_room_says() {
    let user = User::find(&presence(
        "<item affiliation='outcast' role='none' jid='romeo@montague.lit/orchard' nick='new'>\
         <actor nick='Juliet' jid='juliet@capulet.lit'/><reason>enough</reason></item>\
         <status code='110'/><status code='301'/>",
    ))
    .unwrap();
    let item = Item {
        affiliation: Some("outcast"),
        role: Some("none"),
        jid: Jid::new("romeo@montague.lit/orchard").ok(),
        nick: Some("new".to_owned()),
        reason: Some("enough".to_owned()),
        actor: Some("Juliet".to_owned()),
    };
    assert_eq!(user, User { codes: vec![110, 301], item: Some(item), destroyed: None });
    assert!(user.says(301) && !user.says(307));
    let destroyed =
        User::find(&presence("<item/><destroy jid='vault@rooms.capulet.lit'><reason>moved</reason></destroy>"));
    assert_eq!(destroyed.unwrap().destroyed, Some((Some(jid("vault@rooms.capulet.lit")), Some("moved".to_owned()))));
}

#[test]
fn decode_what_is_hostile() {
    assert_eq!(User::find(&stanza("<presence><x xmlns='http://jabber.org/protocol/muc'/></presence>")), None);
    assert_eq!(User::find(&stanza("<presence/>")), None);
    let odd = User::find(&presence(
        "<item affiliation='god' role='Owner' jid='@'/><status code='1e3'/><status code='99999999'/><status/>\
         <status xmlns='urn:example' code='110'/><destroy jid='/'/>",
    ))
    .unwrap();
    assert_eq!(odd, User { codes: Vec::new(), item: Some(Item::default()), destroyed: Some((None, None)) });
    let many = User::find(&presence(&"<status code='110'/>".repeat(1_000))).unwrap();
    assert_eq!(many.codes.len(), 20);
    let long = format!("<item><reason>{}</reason></item>", "ä".repeat(20_000));
    let reason = User::find(&presence(&long)).unwrap().item.unwrap().reason.unwrap();
    assert!(reason.len() <= 10_000 && reason.chars().all(|c| c == 'ä'));
    // What is deeper down, the occupant wrote.
    let nested =
        stanza("<message><y xmlns='urn:example'><occupant-id xmlns='urn:xmpp:occupant-id:0' id='1'/></y></message>");
    assert_eq!(occupant_id(&nested), None);
    assert_eq!(occupant_id(&stanza("<message><occupant-id xmlns='urn:xmpp:occupant-id:0' id=''/></message>")), None);
    let long = format!("<message><occupant-id xmlns='urn:xmpp:occupant-id:0' id='{}'/></message>", "x".repeat(2_000));
    assert_eq!(occupant_id(&stanza(&long)), None);
}

#[test]
fn encode_the_entry() {
    let plain = stanza("<x xmlns='http://jabber.org/protocol/muc'/>");
    assert_eq!(muc::join(History::default(), None), plain);
    let since = Timestamp::parse("2020-01-01T00:00:00Z");
    let full = stanza(
        "<x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0' since='2020-01-01T00:00:00.000Z'/>\
         <password>&lt;secret&gt;</password></x>",
    );
    assert_eq!(muc::join(History { max: Some(0), since }, Some("<secret>")), full);
}

#[test]
fn encode_what_moderators_and_owners_ask() {
    let kick = Wish::Role { nick: "romeo".to_owned(), role: "none", reason: Some("<out>".to_owned()) };
    let expected = "<query xmlns='http://jabber.org/protocol/muc#admin'><item nick='romeo' role='none'>\
        <reason>&lt;out&gt;</reason></item></query>";
    assert_eq!(muc::change(&kick), stanza(expected));
    let member =
        Wish::Affiliation { jid: jid("a@b"), affiliation: "member", nick: Some("nick".to_owned()), reason: None };
    let expected = "<query xmlns='http://jabber.org/protocol/muc#admin'>\
        <item affiliation='member' jid='a@b' nick='nick'/></query>";
    assert_eq!(muc::change(&member), stanza(expected));
    let destroy =
        "<query xmlns='http://jabber.org/protocol/muc#owner'><destroy jid='c@d'><reason>x</reason></destroy></query>";
    assert_eq!(muc::destroy(Some(&jid("c@d")), Some("x")), stanza(destroy));
    let list = "<query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='owner'/></query>";
    assert_eq!(muc::list("owner"), stanza(list));
}

#[test]
fn decode_members() {
    let query = stanza(
        "<query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='member' jid='a@b' nick='n'/>\
         <item affiliation='member' jid='c@d'/><item xmlns='urn:example' jid='e@f'/></query>",
    );
    let members = muc::members(&query);
    assert_eq!(
        members.iter().filter_map(|item| item.jid.as_ref().map(Jid::as_str)).collect::<Vec<_>>(),
        ["a@b", "c@d"]
    );
}

#[test]
fn invitations_there_and_back() {
    let (room, from) = (jid("orchard@rooms.capulet.lit"), Jid::new("romeo@montague.lit/orchard").unwrap());
    let message = stanza("<message/>").with_child(direct(&room, Some("come"), Some("key")));
    let invitation = direct_in(&message, &from).unwrap();
    let expected = Invitation {
        room: room.clone(),
        from: Some(from),
        reason: Some("come".to_owned()),
        password: Some("key".to_owned()),
    };
    assert_eq!(invitation, expected);
    assert!(!format!("{invitation:?}").contains("key"));
    let sent = "<x xmlns='http://jabber.org/protocol/muc#user'><invite to='a@b'><reason>come</reason></invite></x>";
    assert_eq!(mediated(&jid("a@b"), Some("come")), stanza(sent));
    let got = stanza(
        "<message><x xmlns='http://jabber.org/protocol/muc#user'><invite from='romeo@montague.lit'>\
         <reason>come</reason></invite><password>key</password></x></message>",
    );
    let expected = Invitation { from: Jid::new("romeo@montague.lit").ok(), ..expected };
    assert_eq!(mediated_in(&got, &room), Some(expected));
}

#[test]
fn encode_who_declines() {
    let who = Jid::new("romeo@montague.lit/orchard").unwrap();
    let sent = "<x xmlns='http://jabber.org/protocol/muc#user'>\
                <decline to='romeo@montague.lit/orchard'><reason>busy &amp; late</reason></decline></x>";
    assert_eq!(declined(&who, Some("busy & late")), stanza(sent));
    let sent = "<x xmlns='http://jabber.org/protocol/muc#user'><decline to='romeo@montague.lit/orchard'/></x>";
    assert_eq!(declined(&who, None), stanza(sent));
}

#[test]
fn decode_who_declines() {
    let decline = |decline: &str| {
        declined_in(&stanza(&format!(
            "<message><x xmlns='http://jabber.org/protocol/muc#user'>{decline}</x></message>"
        )))
    };
    let nurse = Jid::new("nurse@capulet.lit/kitchen").unwrap();
    assert_eq!(
        decline("<decline from='nurse@capulet.lit/kitchen'><reason>busy</reason></decline>"),
        Some((nurse.clone(), Some("busy".to_owned())))
    );
    assert_eq!(decline("<decline from='nurse@capulet.lit/kitchen'><reason/></decline>"), Some((nurse, None)));
    for none in ["", "<decline/>", "<decline from='@'/>", "<decline xmlns='urn:x' from='a@b'/>", "<invite from='a@b'/>"]
    {
        assert_eq!(decline(none), None, "{none}");
    }
}

#[test]
fn decode_invitations_that_are_none() {
    let from = Jid::new("romeo@montague.lit").unwrap();
    for x in ["", "jid=''", "jid='@'", "jid='rooms.capulet.lit'", "jid='a@b/c'"] {
        let message = stanza(&format!("<message><x xmlns='jabber:x:conference' {x}/></message>"));
        assert_eq!(direct_in(&message, &from), None, "{x}");
    }
    assert_eq!(
        mediated_in(&stanza("<message><x xmlns='http://jabber.org/protocol/muc#user'/></message>"), &jid("a@b")),
        None
    );
    // A service is no room.
    let invite = "<message><x xmlns='http://jabber.org/protocol/muc#user'><invite from='a@b'/></x></message>";
    assert_eq!(mediated_in(&stanza(invite), &jid("rooms.capulet.lit")), None);
}

#[test]
fn decode_what_a_room_is() {
    let query = "<query xmlns='http://jabber.org/protocol/disco#info'><identity category='client' name='no'/>\
        <identity category='conference' type='text' name='The Orchard'/><feature var='muc_open'/><feature/></query>";
    let info = Info::decode(&stanza(query)).unwrap();
    assert_eq!(info.name.as_deref(), Some("The Orchard"));
    assert!(info.has("muc_open") && info.features.len() == 1);
    assert_eq!(Info::decode(&stanza("<query xmlns='urn:example'/>")), None);
    let node = |node: &str| {
        stanza(&format!(
            "<query xmlns='http://jabber.org/protocol/disco#info' {node}><identity category='conference' name='Jule'/></query>"
        ))
    };
    assert_eq!(reserved_nick_in(&node("node='x-roomuser-item'")).as_deref(), Some("Jule"));
    // Some services answer for the room itself.
    assert_eq!(reserved_nick_in(&node("")), None);
}
