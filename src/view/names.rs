//! What people and rooms are called where somebody reads it.

use crate::{
    jid::BareJid,
    store::{Contact, Room, Store},
};

/// The name of a person: what the user calls them, else what they call themselves, else their address.
pub fn of_person<'a>(store: &'a Store, jid: &'a BareJid) -> &'a str {
    store.contacts.get(jid).map_or_else(|| of_stranger(store, jid), |contact| of_contact(store, contact))
}

/// The name of a contact.
pub fn of_contact<'a>(store: &'a Store, contact: &'a Contact) -> &'a str {
    let given = contact.name.as_deref().filter(|name| !name.is_empty());
    given.unwrap_or_else(|| of_stranger(store, &contact.jid))
}

fn of_stranger<'a>(store: &'a Store, jid: &'a BareJid) -> &'a str {
    let vcard = store.vcards.get(jid);
    let own = vcard.and_then(|vcard| vcard.nickname.as_deref().or(vcard.fullname.as_deref()));
    own.filter(|name| !name.is_empty()).unwrap_or(jid.as_str())
}

/// The name as it is compared, whatever the case. Most are ASCII, of which the standard library makes more work than it is.
pub fn lower(name: &str) -> String {
    if name.is_ascii() { name.to_ascii_lowercase() } else { name.to_lowercase() }
}

/// The nicknames of those in a room that begin with `start`, whatever the case; at most `most` of them, sorted.
pub fn beginning<'a>(room: &'a Room, start: &str, most: usize) -> Vec<&'a str> {
    let start = lower(start);
    let present = room.occupants.iter().filter(|one| one.show.is_some()).filter_map(|one| one.nick.as_deref());
    let others = present.filter(|nick| Some(*nick) != room.nick.as_deref());
    let mut found: Vec<&str> = Vec::new();
    for nick in others.filter(|nick| lower(nick).starts_with(&start)) {
        found.insert(found.partition_point(|other| *other < nick), nick);
        found.truncate(most);
    }
    found
}

/// The name of a room: that of its bookmark, else the one it gives itself, else its address.
pub fn of_room<'a>(store: &'a Store, room: &'a Room) -> &'a str {
    let bookmark = store.bookmarks.get(&room.jid).and_then(|bookmark| bookmark.name.as_deref());
    let name = bookmark.or(room.name.as_deref());
    name.filter(|name| !name.is_empty()).unwrap_or(room.jid.as_str())
}
