//! The roster: read, read from hostile hands, and asked for (RFC 6121 §2). Who may push is in feature_roster.rs.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{
    jid::BareJid,
    stanza::{
        Decode, DecodeError, Iq, Stanza,
        payload::roster::{Item, MAX_GROUPS, Push, Roster, Subscription, query},
    },
};

use support::pattern::stanza;

fn decode(items: &str) -> Roster {
    Roster::decode(&stanza(&format!("<query xmlns='jabber:iq:roster'>{items}</query>"))).unwrap()
}

fn item(jid: &str, subscription: Subscription) -> Item {
    Item { jid: BareJid::new(jid).unwrap(), name: None, subscription, ask: false, groups: Vec::new() }
}

fn iq(xml: &str) -> Iq {
    match Stanza::decode(stanza(xml)) {
        Decode::Ok(Stanza::Iq(iq)) => iq,
        other => panic!("{other:?}"),
    }
}

#[test]
fn decode_a_roster() {
    let roster = Roster::decode(&stanza(
        "<query xmlns='jabber:iq:roster' ver='7'>\
         <item jid='a@b' name='A' subscription='both' ask='subscribe' approved='true'>\
         <group>1</group><group>2</group><group>1</group></item>\
         <item jid='b'/><item jid='c' subscription='none'/><item jid='d' subscription='to'/>\
         <item jid='e' subscription='from'/></query>",
    ))
    .unwrap();
    assert_eq!(roster.version.as_deref(), Some("7"));
    let (first, others) = roster.items.split_first().unwrap();
    let expected = Item {
        name: Some("A".to_owned()),
        ask: true,
        groups: vec!["1".to_owned(), "2".to_owned()],
        ..item("a@b", Subscription::Both)
    };
    assert_eq!(*first, expected);
    let subscriptions = [Subscription::None, Subscription::None, Subscription::To, Subscription::From];
    let expected: Vec<_> = ["b", "c", "d", "e"].into_iter().zip(subscriptions).map(|(j, s)| item(j, s)).collect();
    assert_eq!(others, expected);
    assert_eq!(decode(""), Roster::default());
}

#[test]
fn decode_what_is_hostile() {
    for other in ["<query/>", "<query xmlns='urn:example'/>", "<item xmlns='jabber:iq:roster'/>"] {
        assert_eq!(
            Roster::decode(&stanza(other)),
            Err(DecodeError::Invalid("the query of a roster result")),
            "{other}"
        );
    }
    for bad in [
        "<item/>",
        "<item jid=''/>",
        "<item jid='@b'/>",
        "<item jid='a@b/c'/>",
        "<item jid='a@b/'/>",
        "<item jid='a@b' subscription=''/>",
        "<item jid='a@b' subscription='Both'/>",
        "<item jid='a@b' subscription='remove'/>",
        "<item xmlns='urn:example' jid='a@b'/>",
        "<query><item jid='a@b'/></query>",
    ] {
        assert_eq!(decode(&format!("{bad}<item jid='c'/>")).items, [item("c", Subscription::None)], "{bad}");
    }
    let groups: String = (0..MAX_GROUPS + 1).map(|n| format!("<group>{n}</group>")).collect();
    let items = decode(&format!("<item jid='a@b' name=''>{groups}</item><item jid='c'><group/></item>")).items;
    assert_eq!(items.iter().map(|item| item.groups.len()).collect::<Vec<_>>(), [MAX_GROUPS, 0]);
}

#[test]
fn decode_a_push() {
    let me = BareJid::new("juliet@capulet.lit").unwrap();
    let push = iq("<iq type='set' id='1'><query xmlns='jabber:iq:roster' ver='8'><item jid='a@b'/></query></iq>");
    let push = Push::from_own_account(&push, &me).unwrap().unwrap();
    assert_eq!(push.into_parts(), (Some("8".to_owned()), item("a@b", Subscription::None)));
    for none in [
        "<iq type='get' id='1'><query xmlns='jabber:iq:roster'><item jid='a@b'/></query></iq>",
        "<iq type='result' id='1'><query xmlns='jabber:iq:roster'><item jid='a@b'/></query></iq>",
        "<iq type='set' id='1'><query xmlns='urn:example'/></iq>",
        "<iq type='set' id='1'/>",
    ] {
        assert!(!Push::is_push(&iq(none)), "{none}");
        assert_eq!(Push::from_own_account(&iq(none), &me), None, "{none}");
    }
}

#[test]
fn encode_the_request() {
    assert_eq!(query(None), stanza("<query xmlns='jabber:iq:roster'/>"));
    assert_eq!(query(Some("")), stanza("<query xmlns='jabber:iq:roster' ver=''/>"));
    assert_eq!(query(Some("<7>")), stanza("<query xmlns='jabber:iq:roster' ver='&lt;7&gt;'/>"));
}

#[test]
fn subscriptions_there_and_back() {
    use Subscription::{Both, From, None, To};
    for subscription in [None, To, From, Both] {
        let items = decode(&format!("<item jid='a' subscription='{}'/>", subscription.as_str())).items;
        assert_eq!(items, [item("a", subscription)]);
    }
}
