//! Reads all that plugins and elements may read: nothing of it may panic, and what is said to be there is there.

use converse_wasm::{
    jid::BareJid,
    store::{Key, Kind, Store},
    view::{boxes, commands, conversation, fragment, notice, occupants, roster},
};

pub fn read_everything(store: &Store) {
    let mut owners: Vec<String> = vec![String::new()];
    for kind in [Kind::Chat, Kind::Room, Kind::Disco, Kind::Presence, Kind::Group] {
        owners.extend(store.ids(kind, "").iter().map(|id| id.to_string()));
    }
    for kind in Kind::ALL {
        for of in &owners {
            let ids = store.ids(kind, of);
            assert!(store.count(kind, of) <= ids.len(), "{kind:?} of {of:?}");
            for id in ids {
                let key = Key::within(kind, of.as_str(), id);
                let attributes = store.attributes(&key);
                assert!(attributes.is_some() || !store.has(&key), "{key:?}");
            }
        }
    }
    let _: u32 = store.unread();
    let _: usize = store.online_contacts();
    view(store);
}

fn view(store: &Store) {
    for item in boxes::all(store) {
        let _ = item.attributes(store);
    }
    for state in ["", "online", "unread", "reachable"] {
        let filter = roster::Filter { state: state.to_owned(), ..roster::Filter::default() };
        let list = roster::Roster::new(store, &filter);
        assert_eq!(list.slice(0, usize::MAX).len(), list.len());
        let _: usize = list.slice(list.len(), 0).len();
        list.slice(0, list.len()).iter().for_each(|row| drop(row.attributes(store)));
    }
    let wishes = notice::Wishes { desktop: notice::Desktop::Always, sounds: true, presences: true, not_of: Vec::new() };
    for kind in [Kind::Chat, Kind::Room] {
        for id in store.ids(kind, "") {
            let Some(timeline) = store.timeline(&id) else { continue };
            let lines = conversation::lines(timeline, 0, usize::MAX, |time| time.milliseconds() / 86_400_000);
            assert!(lines.len() <= conversation::MAX_LINES && lines.len() <= timeline.len());
            for line in &lines {
                let _ = line.attributes(store, &id);
                let _ = notice::of_message(store, &wishes, false, &Key::new(kind, id.clone()), line.number);
            }
            let _ = conversation::notices(store, &id, None);
            let _ = conversation::correctable(timeline, None, false);
        }
    }
    for room in store.rooms.iter() {
        let list = occupants::Occupants::new(room, "");
        assert!(list.here() <= list.len());
        let _ = list.rows(room, 0, usize::MAX);
        for text in ["/kick romeo because", "/nick x", "/help", "/ban", "/topic a", "/me x"] {
            let _ = commands::parse(room, text, &[]).map(|command| command.attributes());
        }
    }
    for contact in store.contacts.iter() {
        let _ = notice::of_request(store, &wishes, false, &contact.jid);
        let _ = notice::of_presence(store, &wishes, false, &contact.jid);
    }
    if let Ok(jid) = BareJid::new("romeo@montague.lit") {
        let _ = fragment::read("converse/chat?jid=romeo@montague.lit").map(|target| target.is_known(store));
        let _: u32 = store.unread_of(&jid);
    }
}
