//! Addresses of pages that lead to a conversation: `#converse/chat?jid=…`, `#converse/room?jid=…`.

use crate::{
    jid::{BareJid, Jid},
    store::Store,
};

/// Where a fragment leads.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Target {
    Chat(BareJid),
    Room(BareJid),
    /// To no conversation that there could be.
    Nowhere,
}

/// Reads a fragment, with its `#`. `None` if it is none of ours.
pub fn read(fragment: &str) -> Option<Target> {
    let route = fragment.strip_prefix("#converse/")?;
    let (route, query) = route.split_once('?').unwrap_or((route, ""));
    let is_room = match route {
        "chat" => false,
        "room" => true,
        _ => return None,
    };
    let jid = query.split('&').find_map(|pair| pair.strip_prefix("jid=")).and_then(decode);
    let jid = jid.and_then(|jid| Jid::new(&jid).ok()).map(|jid| jid.bare().clone());
    Some(match jid.filter(|jid| jid.local().is_some()) {
        Some(jid) if is_room => Target::Room(jid),
        Some(jid) => Target::Chat(jid),
        None => Target::Nowhere,
    })
}

impl Target {
    /// Whether one may go there at once: an address that somebody else has written must not make the user talk to
    /// strangers, or enter rooms.
    pub fn is_known(&self, store: &Store) -> bool {
        match self {
            Self::Chat(jid) => {
                store.contacts.get(jid).is_some_and(|contact| contact.listed) || store.chats.get(jid).is_some()
            }
            Self::Room(jid) => store.rooms.get(jid).is_some(),
            Self::Nowhere => false,
        }
    }
}

/// Undoes percent-encoding (RFC 3986 §2.1). `None` if that makes no text.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let high = char::from(rest.next()?).to_digit(16)?;
        let low = char::from(rest.next()?).to_digit(16)?;
        bytes.push(u8::try_from(high << 4 | low).ok()?);
    }
    String::from_utf8(bytes).ok()
}
