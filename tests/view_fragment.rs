//! Addresses of pages that lead to a conversation.

#![allow(clippy::unwrap_used)]

use converse_wasm::{
    jid::BareJid,
    store::Store,
    time::Timestamp,
    view::fragment::{Target, read},
};

fn jid(jid: &str) -> BareJid {
    BareJid::new(jid).unwrap()
}

#[test]
fn fragments_lead_to_people_and_rooms() {
    let romeo = || Some(Target::Chat(jid("romeo@montague.lit")));
    assert_eq!(read("#converse/chat?jid=romeo@montague.lit"), romeo());
    assert_eq!(read("#converse/chat?a=b&jid=Romeo%40montague.lit%2Forchard"), romeo());
    assert_eq!(read("#converse/room?jid=o@rooms.capulet.lit"), Some(Target::Room(jid("o@rooms.capulet.lit"))));
}

#[test]
fn what_is_not_ours_is_left_alone() {
    for fragment in ["", "#", "#converse", "#converse/", "#converse?loglevel=debug", "#chat?jid=a@b", "#converse/login"]
    {
        assert_eq!(read(fragment), None, "{fragment}");
    }
}

#[test]
fn what_is_no_address_leads_nowhere() {
    for query in ["", "?", "?jid=", "?jid=%", "?jid=%zz", "?jid=%ff@b", "?jid=a@@b", "?jid=capulet.lit", "?JID=a@b"] {
        for route in ["chat", "room"] {
            assert_eq!(read(&format!("#converse/{route}{query}")), Some(Target::Nowhere), "{route}{query}");
        }
    }
}

#[test]
fn one_goes_at_once_only_where_one_is_known() {
    let mut store = Store::new(Some(jid("juliet@capulet.lit")));
    let target = Target::Chat(jid("romeo@montague.lit"));
    assert!(!target.is_known(&store));
    let _ = store.chats.open(&jid("romeo@montague.lit"), Timestamp::new(0));
    assert!(target.is_known(&store));
    let room = Target::Room(jid("o@rooms.capulet.lit"));
    assert!(!room.is_known(&store));
    let _ = store.rooms.open(&jid("o@rooms.capulet.lit"), Timestamp::new(0));
    assert!(room.is_known(&store));
    assert!(!Target::Nowhere.is_known(&store));
}
