//! Service discovery and entity capabilities: read, read from hostile hands, written (XEP-0030, XEP-0128, XEP-0115).

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{
    feature::caps::hash,
    stanza::{
        Decode, Iq, Stanza,
        payload::{
            caps::Caps,
            disco::{Identity, Info, MAX_FEATURES, MAX_IDENTITIES, MAX_ITEMS, asked, decode_items, info, items},
        },
    },
};

use support::pattern::stanza;

fn decode(content: &str) -> Info {
    Info::decode(&stanza(&format!("<query xmlns='http://jabber.org/protocol/disco#info'>{content}</query>"))).unwrap()
}

fn iq(xml: &str) -> Iq {
    match Stanza::decode(stanza(xml)) {
        Decode::Ok(Stanza::Iq(iq)) => iq,
        other => panic!("{other:?}"),
    }
}

fn identity(category: &str, kind: &str, name: Option<&str>, lang: Option<&str>) -> Identity {
    let [name, lang] = [name, lang].map(|text| text.map(str::to_owned));
    Identity { category: category.to_owned(), kind: kind.to_owned(), name, lang }
}

/// XEP-0115 §5.3.
const COMPLEX: &str = "<identity xml:lang='en' category='client' name='Psi 0.11' type='pc'/>\
    <identity xml:lang='el' category='client' name='Ψ 0.11' type='pc'/>\
    <feature var='http://jabber.org/protocol/caps'/><feature var='http://jabber.org/protocol/disco#info'/>\
    <feature var='http://jabber.org/protocol/disco#items'/><feature var='http://jabber.org/protocol/muc'/>\
    <x xmlns='jabber:x:data' type='result'>\
    <field var='FORM_TYPE' type='hidden'><value>urn:xmpp:dataforms:softwareinfo</value></field>\
    <field var='ip_version' type='text-multi'><value>ipv4</value><value>ipv6</value></field>\
    <field var='os'><value>Mac</value></field><field var='os_version'><value>10.5.1</value></field>\
    <field var='software'><value>Psi</value></field><field var='software_version'><value>0.11</value></field></x>";

#[test]
fn decode_what_an_entity_can_do() {
    let info = decode(COMPLEX);
    let expected =
        [identity("client", "pc", Some("Psi 0.11"), Some("en")), identity("client", "pc", Some("Ψ 0.11"), Some("el"))];
    assert_eq!(info.identities, expected);
    assert_eq!(info.features.len(), 4);
    assert_eq!(info.forms.first().unwrap().form_type(), Some("urn:xmpp:dataforms:softwareinfo"));
    assert_eq!(info.forms.first().unwrap().fields.get(1).unwrap().values, ["ipv4", "ipv6"]);
    assert!(info.is_whole);
    assert_eq!(decode(""), Info { is_whole: true, ..Info::default() });
}

#[test]
fn decode_what_is_hostile() {
    for other in ["<query/>", "<query xmlns='urn:example'/>", "<item xmlns='http://jabber.org/protocol/disco#info'/>"] {
        assert!(Info::decode(&stanza(other)).is_err(), "{other}");
        assert!(decode_items(&stanza(other)).is_err(), "{other}");
    }
    let long = format!("<feature var='{}'/>", "x".repeat(2_000));
    for bad in [
        "<feature/>",
        "<feature var=''/>",
        &long,
        "<identity/>",
        "<identity category='client'/>",
        "<feature var='a'/><feature var='a'/>",
        "<identity category='a' type='b'/><identity category='a' type='b'/>",
    ] {
        let info = decode(&format!("{bad}<feature var='b'/>"));
        assert!(!info.is_whole && info.features.last().is_some_and(|var| var == "b"), "{bad}");
        assert_eq!(hash(&info), None);
    }
    let features: String = (0..MAX_FEATURES + 1).map(|n| format!("<feature var='{n}'/>")).collect();
    let identities: String = (0..MAX_IDENTITIES + 1).map(|n| format!("<identity category='a' type='{n}'/>")).collect();
    let info = decode(&format!("{features}{identities}"));
    assert_eq!((info.features.len(), info.identities.len()), (MAX_FEATURES, MAX_IDENTITIES));
    assert!(!info.is_whole);
}

#[test]
fn decode_items_of_an_entity() {
    let items: String = (0..MAX_ITEMS + 1).map(|n| format!("<item jid='{n}.capulet.lit'/>")).collect();
    let query =
        |content: &str| stanza(&format!("<query xmlns='http://jabber.org/protocol/disco#items'>{content}</query>"));
    assert_eq!(decode_items(&query(&items)).unwrap().len(), MAX_ITEMS);
    let some = "<item/><item jid='@'/><item jid='Rooms.capulet.lit' name='Rooms'/><item jid='a@b' node='n'/>";
    let items = decode_items(&query(some)).unwrap();
    let [rooms, node] = items.as_slice() else { panic!("{items:?}") };
    assert_eq!((rooms.jid.as_str(), rooms.name.as_deref()), ("rooms.capulet.lit", Some("Rooms")));
    assert_eq!(node.node.as_deref(), Some("n"));
}

#[test]
fn encode_the_requests() {
    assert_eq!(info(None), stanza("<query xmlns='http://jabber.org/protocol/disco#info'/>"));
    assert_eq!(items(Some("<n>")), stanza("<query xmlns='http://jabber.org/protocol/disco#items' node='&lt;n&gt;'/>"));
    let request = |kind: &str| {
        iq(&format!("<iq type='{kind}' id='1'><query xmlns='http://jabber.org/protocol/disco#info' node='n'/></iq>"))
    };
    assert_eq!(asked(&request("get")), Some(Some("n")));
    assert_eq!(asked(&request("set")), None);
}

#[test]
fn an_answer_there_and_back() {
    let mut info = decode(COMPLEX);
    info.forms.clear();
    assert_eq!(Info::decode(&info.encode(Some("n"))).unwrap(), info);
    assert_eq!(info.encode(Some("n")).attribute("node"), Some("n"));
}

/// The examples of XEP-0115 §5.2 and §5.3.
#[test]
fn hashes_are_those_of_the_specification() {
    let simple = "<identity category='client' type='pc' name='Exodus 0.9.1'/>\
        <feature var='http://jabber.org/protocol/muc'/><feature var='http://jabber.org/protocol/disco#items'/>\
        <feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/caps'/>";
    assert_eq!(hash(&decode(simple)).as_deref(), Some("QgayPKawpkPSDYmwT/WM94uAlu0="));
    assert_eq!(hash(&decode(COMPLEX)).as_deref(), Some("q07IKJEyjvHSyhy//CH0CxmKi8w="));
}

/// Row B3 of the attacks: what is made to look like something else has no hash.
#[test]
fn b3_what_is_ambiguous_has_no_hash() {
    for ambiguous in [
        "<feature var='a&lt;b'/>",
        "<identity category='client/pc' type='x'/>",
        "<identity category='client' type='pc//Psi&lt;a'/>",
        "<identity category='client' type='pc' name='Psi&lt;a'/>",
        "<identity xml:lang='en/x' category='client' type='pc'/>",
        "<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'><value>a&lt;b</value></field></x>",
        "<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'><value>a</value></field>\
         <field var='b'><value>c&lt;d</value></field></x>",
        "<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'><value>a</value></field>\
         <field var='b'/><field var='b'/></x>",
    ] {
        assert_eq!(hash(&decode(ambiguous)), None, "{ambiguous}");
    }
}

#[test]
fn decode_and_encode_what_stands_in_a_presence() {
    let presence = |c: &str| stanza(&format!("<presence>{c}</presence>"));
    let c = "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://psi-im.org' ver='QgayPK='/>";
    let caps = Caps::decode(&presence(c)).unwrap();
    assert_eq!(caps.disco_node(), "https://psi-im.org#QgayPK=");
    assert_eq!(caps.encode(), stanza(c));
    let long = "x".repeat(400);
    for none in [
        "",
        "<c xmlns='http://jabber.org/protocol/caps' node='n' ver='v'/>",
        "<c xmlns='http://jabber.org/protocol/caps' hash='md5' node='n' ver='v'/>",
        "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n'/>",
        "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='' ver='v'/>",
        &format!("<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='{long}'/>"),
        "<c hash='sha-1' node='n' ver='v'/>",
    ] {
        assert_eq!(Caps::decode(&presence(none)), None, "{none}");
    }
}
