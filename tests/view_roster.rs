//! The list of contacts as it is shown.

#![allow(clippy::unwrap_used, clippy::panic)]

use converse_wasm::{
    jid::BareJid,
    store::{Contact, Key, Kind, Resource, Store, Value},
    view::roster::{Filter, Roster, Row},
};

fn jid(jid: &str) -> BareJid {
    BareJid::new(jid).unwrap()
}

fn contact(address: &str) -> Contact {
    let (name, groups) = (None, Vec::new());
    Contact { jid: jid(address), name, groups, subscription: "none", ask: false, requesting: false, listed: true }
}

/// A store with contacts: their address, name, groups, and how they can be reached.
fn store(contacts: &[(&str, &str, &[&str], &'static str)]) -> Store {
    let mut store = Store::new(Some(jid("juliet@capulet.lit")));
    for (address, name, groups, show) in contacts {
        let mut contact = contact(address);
        contact.subscription = "both";
        contact.name = Some((*name).to_owned());
        contact.groups = groups.iter().map(|group| (*group).to_owned()).collect();
        store.contacts.insert(contact);
        if *show != "offline" {
            let resource = Resource { name: "r".to_owned(), priority: 0, show, status: None };
            store.presences.insert(&jid(address), resource, &store.contacts);
        }
    }
    store.groups.update(&store.contacts, true);
    store
}

fn montagues() -> Store {
    store(&[
        ("romeo@montague.lit", "romeo", &["Montagues"], "away"),
        ("benvolio@montague.lit", "Benvolio", &["Montagues", "Friends"], "offline"),
        ("mercutio@verona.lit", "Mercutio", &["Friends"], "online"),
        ("abram@montague.lit", "Abram", &["Montagues"], "dnd"),
    ])
}

/// The rows as words: groups with a colon, contacts by the first part of their address.
fn words(store: &Store, filter: &Filter) -> Vec<String> {
    let roster = Roster::new(store, filter);
    let word = |row: &Row| match row {
        Row::Group { name, count, reachable, .. } => format!("{name}: {reachable}/{count}"),
        Row::Contact(jid) => jid.local().unwrap().to_owned(),
    };
    roster.slice(0, usize::MAX).iter().map(word).collect()
}

#[test]
fn the_list_is_made_anew_for_what_changes_it_only() {
    let mut store = montagues();
    let named = Key::new(Kind::VCard, "romeo@montague.lit");
    let about = |store: &Store, filter: &Filter, key: &Key| filter.is_about(store, key);
    let all = Filter::default();
    for kind in [Kind::Contact, Kind::Presence, Kind::Group] {
        assert!(about(&store, &all, &Key::new(kind, "romeo@montague.lit")), "{kind:?}");
    }
    assert!(!about(&store, &all, &named));
    assert!(!about(&store, &all, &Key::new(Kind::VCard, "nobody@montague.lit")));
    store.contacts.insert(contact("romeo@montague.lit"));
    assert!(about(&store, &all, &named));
    // Messages change the list where it is of those who wrote them.
    let chat = Key::new(Kind::Chat, "romeo@montague.lit");
    assert!(!about(&store, &all, &chat));
    assert!(about(&store, &Filter { state: "unread".to_owned(), ..all }, &chat));
}

#[test]
fn who_can_be_reached_comes_first_under_each_group() {
    let store = montagues();
    let expected = ["Friends: 1/2", "mercutio", "benvolio", "Montagues: 2/3", "abram", "romeo", "benvolio"];
    assert_eq!(words(&store, &Filter::default()), expected);
}

#[test]
fn who_is_called_the_same_stands_by_address() {
    let store = store(&[
        ("c@verona.lit", "Servant", &[], "online"),
        ("a@verona.lit", "servant", &[], "online"),
        ("b@verona.lit", "SERVANT", &[], "online"),
    ]);
    assert_eq!(words(&store, &Filter::default())[1..], ["a", "b", "c"]);
}

#[test]
fn filters_leave_out_rows_and_empty_groups() {
    let store = montagues();
    let name = |name: &str| Filter { name: name.to_owned(), ..Filter::default() };
    assert_eq!(words(&store, &name("MERC")), ["Friends: 1/1", "mercutio"]);
    // The address counts too.
    assert_eq!(words(&store, &name("verona")), ["Friends: 1/1", "mercutio"]);
    assert_eq!(words(&store, &name("tybalt")), [""; 0]);
    let group = Filter { group: "friend".to_owned(), ..Filter::default() };
    assert_eq!(words(&store, &group), ["Friends: 1/2", "mercutio", "benvolio"]);
    let dnd = Filter { state: "dnd".to_owned(), ..Filter::default() };
    assert_eq!(words(&store, &dnd), ["Montagues: 1/1", "abram"]);
    let online = Filter { hides_offline: true, ..Filter::default() };
    assert_eq!(words(&store, &online), ["Friends: 1/1", "mercutio", "Montagues: 2/2", "abram", "romeo"]);
    let closed = Filter { closed: vec!["Friends".to_owned()], ..Filter::default() };
    assert_eq!(words(&store, &closed), ["Friends: 1/2", "Montagues: 2/3", "abram", "romeo", "benvolio"]);
}

#[test]
fn who_asks_is_shown_whatever_the_filter_of_presence_says() {
    let mut store = montagues();
    let mut asking = contact("paris@verona.lit");
    asking.requesting = true;
    store.contacts.insert(asking);
    store.groups.update(&store.contacts, true);
    let online = Filter { hides_offline: true, ..Filter::default() };
    let rows = words(&store, &online);
    assert_eq!(rows[..2], ["Contact requests: 0/1", "paris"]);
    let roster = Roster::new(&store, &online);
    assert_eq!(roster.slice(1, 2)[0].attributes(&store).get("asks"), Some(&Value::Bool(true)));
}

#[test]
fn a_part_is_as_much_of_the_list_as_there_is() {
    let roster = Roster::new(&montagues(), &Filter::default());
    assert_eq!(roster.len(), 7);
    assert_eq!(roster.slice(5, 100).len(), 2);
    assert_eq!(roster.slice(100, 3).len(), 0);
    assert_eq!(roster.slice(7, 9).len(), 0);
}
