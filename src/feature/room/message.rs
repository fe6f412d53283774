//! What is said in a room (XEP-0045 §§7.4, 7.5, 8.1): each message once, and by whom the room says it is.

use std::rc::Rc;

use super::{invitations, join, key, notices, presence::handle_codes, private};
use crate::{
    feature::{ArchiveId, Context, Event, OccupantId, WhichRooms, read_content, refuse},
    jid::{BareJid, Jid},
    stanza::{
        Message, MessageType, StanzaError,
        payload::{correction, delay, mam::Archived, muc::User},
    },
    store::{Change, Message as Entry, MessageReference, Name, Room, Sending},
    text,
    time::Timestamp,
    xml::Element,
};

/// By which way a message came out of the room.
enum Origin {
    Live,
    /// Out of the room's archive, where it had this time. It was said before the message `next`.
    Archive {
        time: Timestamp,
        missed: bool,
        next: Option<u32>,
    },
}

/// Takes in a message that a room sent, of which the user has said that they want to hear it. `false` if it is of no
/// such room.
pub fn handle_message(context: &mut Context<'_>, message: &Message) -> bool {
    let Some(from) = &message.from else { return false };
    let Some(room) = context.store.rooms.get(from.bare()) else { return false };
    let inside = room.is_inside();
    let stanza = message.element();
    match MessageType::of(stanza) {
        MessageType::Error if from.is_bare() && invitations::handle_refusal(context, stanza) => {}
        MessageType::Error if private::handle_error(context, stanza, from) => {}
        MessageType::Error => handle_error(context, stanza, from),
        MessageType::Groupchat if inside => {
            if let Some(user) = User::find(stanza) {
                handle_codes(context, from, &user);
            }
            let assigned = ArchiveId::of_room(context, from.bare(), stanza);
            if let Some(id) = assigned.as_ref().filter(|_| context.store.archives.get(from.bare().as_str()).is_some()) {
                context.store.archives.note(&from.bare().as_rc(), id.as_rc());
            }
            take_in(context, from, stanza, stanza, Origin::Live, assigned);
        }
        MessageType::Chat | MessageType::Normal if inside && from.is_bare() => {
            if let Some(user) = User::find(stanza) {
                handle_codes(context, from, &user);
            }
        }
        MessageType::Chat | MessageType::Normal => private::handle_private(context, stanza, from),
        _ => {}
    }
    true
}

/// Takes in a message out of the archive of `room`. The caller knows that it is that room's. `next` is the message that it
/// was said before, if that is known.
pub fn take_in_archived(context: &mut Context<'_>, room: &BareJid, result: &Archived, missed: bool, next: Option<u32>) {
    let Some(inner) = result.message() else { return };
    let from = inner.attribute("from").and_then(|from| Jid::new(from).ok()).filter(|from| from.bare() == room);
    let (Some(from), MessageType::Groupchat) = (from, MessageType::of(inner)) else { return };
    let origin = Origin::Archive { time: result.time, missed, next };
    take_in(context, &from, result.stanza(), inner, origin, Some(ArchiveId::of(result)));
}

/// Joins corrections in `room` with what they are of, if the archive has told that now. Whoever has taken a nickname over
/// corrects nothing that was said under it before.
pub fn join_corrections(context: &mut Context<'_>, room: &BareJid) {
    let same = |one: &Entry, other: &Entry| one.occupant_id.is_some() && one.occupant_id == other.occupant_id;
    let Some(room) = context.store.rooms.get_mut(room) else { return };
    let joined = room.messages.join_corrections(same);
    joined.iter().for_each(|one| room.notices.move_to(one.gone, one.before));
    let changes: Vec<Change> = joined.iter().flat_map(|one| one.changes(&room.messages)).collect();
    context.tell(changes);
}

fn take_in(
    context: &mut Context<'_>,
    from: &Jid,
    stanza: &Rc<Element>,
    inner: &Element,
    origin: Origin,
    archive_id: Option<ArchiveId>,
) {
    let jid = from.bare();
    let Some(entry) = entry(context, from, inner, &origin, archive_id) else { return };
    let live = matches!(origin, Origin::Live);
    let missed = matches!(origin, Origin::Archive { missed: true, .. });
    let says_something = entry.body.is_some() || entry.rare.oob_url.is_some();
    let is_known = says_something && is_known(context, jid, &entry);
    let mut wanted = None;
    let is_news = if !says_something {
        if let (true, Some(subject)) = (live, &entry.rare.subject) {
            let subject = (entry.nick.as_deref().unwrap_or_default().to_owned(), subject.clone());
            let change =
                context.store.rooms.update(jid, |room| (room.subject, room.hands_over) = (Some(subject), false));
            context.tell(change);
        }
        true
    } else if is_known {
        false
    } else {
        if !correct(context, jid, inner, &entry) {
            wanted = add(context, jid, entry, &origin);
        }
        true
    };
    // Of the archive's only what was missed is news, and of that only what has not come by itself.
    if !live && (is_known || !missed) {
        return;
    }
    // Of what it knows already, the page is told the stanza alone, as in converse.js 4.
    context.emit(Event::Message { stanza: stanza.clone(), chat: is_news.then(|| key(jid)) });
    if let Some(number) = wanted {
        context.emit(Event::Notice { stanza: stanza.clone(), chat: key(jid), number });
    }
}

fn entry(
    context: &Context<'_>,
    from: &Jid,
    inner: &Element,
    origin: &Origin,
    archive_id: Option<ArchiveId>,
) -> Option<Entry> {
    let room = context.store.rooms.get(from.bare())?;
    let nick = from.resource();
    let occupant_id = OccupantId::of(room, inner).map(OccupantId::into_rc);
    let own_id =
        room.nick.as_ref().and_then(|nick| room.occupants.by_nick(nick)).and_then(|own| own.occupant_id.as_deref());
    // Who bore the nickname before the user did, another id tells.
    let mine = nick.is_some()
        && room.nick.as_deref() == nick
        && occupant_id.as_deref().zip(own_id).is_none_or(|(theirs, own)| theirs == own);
    let mut entry = Entry::new("groupchat", from.as_str(), mine, context.time);
    read_content(inner, &mut entry);
    entry.nick = nick.map(Rc::from);
    entry.occupant_id = occupant_id;
    entry.archive_id = archive_id.map(ArchiveId::into_rc);
    match origin {
        Origin::Archive { time, .. } => {
            entry.time = (*time).min(context.time);
            entry.archived = true;
            entry.delayed = true;
        }
        // Only the room knows when it was said there. Whoever writes now could say the same in its name.
        Origin::Live => {
            if let Some(stamp) = delay::of(inner, |by| by.bare() == from.bare()).filter(|_| room.hands_over) {
                entry.time = stamp.min(context.time);
                entry.delayed = true;
            }
        }
    }
    if mine {
        entry.outcome = Some(Sending::Sent);
        entry.received = Some(entry.time);
    }
    Some(entry)
}

/// Whether the message is there already. The user's own has arrived, then.
fn is_known(context: &mut Context<'_>, room: &BareJid, entry: &Entry) -> bool {
    let Some(messages) = context.store.rooms.messages_mut(room) else { return false };
    if entry.archive_id.as_deref().is_some_and(|id| messages.find(Name::Archive(id)).is_some()) {
        return true;
    }
    let from = &*entry.from;
    let by_origin = entry.origin_id.as_deref().and_then(|id| messages.find(Name::Origin { from, id }));
    let by_stanza = entry.msgid.as_deref().and_then(|id| messages.find(Name::Stanza { from, id }));
    let named = by_origin.or(by_stanza);
    let unnamed = || messages.iter().rev().take(MAX_COMPARED).find(|(_, known)| is_same(known, entry)).map(|(n, _)| n);
    let Some(number) = named.or_else(|| if entry.delayed { unnamed() } else { None }) else { return false };
    // An id may come twice: what was said by somebody else, or only now, is another message.
    let same = messages.get(number).is_some_and(|known| {
        (known.mine && entry.mine && known.received.is_none())
            || (entry.delayed || entry.mine)
                && (known.body == entry.body
                    || known.rare.older_versions.iter().any(|old| Some(old.as_str()) == entry.body.as_deref()))
    });
    if !same {
        return false;
    }
    let (id, received) = (entry.archive_id.clone(), entry.received);
    let known = messages.get(number).is_some_and(|known| {
        (known.archive_id.is_some() || id.is_none()) && (known.received.is_some() || received.is_none())
    });
    if !known {
        let change = messages.update(number, |message| {
            message.archive_id = message.archive_id.take().or(id);
            message.received = message.received.or(received);
            if message.mine {
                message.outcome = Some(Sending::Sent);
            }
        });
        context.tell(change);
    }
    true
}

/// Whether two messages without ids are one.
fn is_same(known: &Entry, entry: &Entry) -> bool {
    known.msgid == entry.msgid && known.time == entry.time && known.from == entry.from && known.body == entry.body
}

/// Changes the message that `inner` is to take the place of. `false` if there is none that the same occupant wrote.
fn correct(context: &mut Context<'_>, jid: &BareJid, inner: &Element, entry: &Entry) -> bool {
    let Some(replaced) = correction::replaced(inner) else { return false };
    let Some(room) = context.store.rooms.get_mut(jid) else { return false };
    let Some(number) = room.messages.find(Name::Stanza { from: &entry.from, id: replaced }) else { return false };
    let Some(known) = room.messages.get(number) else { return false };
    let same_occupant = match (&known.occupant_id, &entry.occupant_id) {
        (Some(known), Some(now)) => known == now,
        // Where nobody says who it is, the nickname must have been theirs all the time.
        (None, None) => {
            let since = room.occupants.by_nick(entry.nick.as_deref().unwrap_or_default()).map(|them| them.since);
            !entry.delayed && (known.mine && entry.mine || since.is_some_and(|since| since <= known.time))
        }
        _ => false,
    };
    if !same_occupant {
        return false;
    }
    let (body, time, id) = (entry.body.clone(), entry.time, entry.msgid.clone());
    let (references, unstyled) = (entry.rare.references.clone(), entry.unstyled);
    let change = room.messages.update(number, |message| {
        message.correct(body, time);
        message.rare.references = references;
        message.unstyled = unstyled;
        message.rare.corrected_by = id;
    });
    context.tell(change);
    true
}

/// Adds a message. Its number comes back if the user does not see it, but wants to know of it.
fn add(context: &mut Context<'_>, jid: &BareJid, entry: Entry, origin: &Origin) -> Option<u32> {
    let live = matches!(origin, Origin::Live);
    let seen = context.is_looked_at(&key(jid)) && context.store.rooms.get(jid).is_some_and(|room| !room.hidden);
    let unseen = live && !entry.mine && !entry.delayed && entry.nick.is_some() && !seen;
    let me = context.account().clone();
    let room = context.store.rooms.get_mut(jid)?;
    let mentioned = unseen && mentions(room, &me, &entry);
    let (number, added) = match origin {
        Origin::Archive { next, .. } => room.messages.insert_before(*next, entry),
        Origin::Live if entry.delayed => room.messages.insert(entry),
        Origin::Live => room.messages.push(entry),
    };
    context.tell([added]);
    if unseen {
        let change: Option<Change> = context.store.rooms.update(jid, |room| {
            room.messages.note_fresh(number, room.unread_general == 0);
            room.unread_general = room.unread_general.saturating_add(1);
            room.unread = room.unread.saturating_add(u32::from(mentioned));
        });
        context.tell(change);
    }
    let wanted = match &context.options.notify_all_room_messages {
        WhichRooms::None => false,
        WhichRooms::All => true,
        WhichRooms::These(rooms) => rooms.contains(jid),
    };
    (unseen && (mentioned || wanted)).then_some(number)
}

/// Whether a message means the user.
pub(super) fn mentions(room: &Room, me: &BareJid, entry: &Entry) -> bool {
    let Some(nick) = room.nick.as_deref().filter(|nick| !nick.is_empty()) else { return false };
    let address = room.address_of(nick);
    let is_me = |reference: &MessageReference| {
        let uri = &reference.uri;
        reference.kind == "mention" && (text::is_uri_of(uri, me.as_str()) || text::is_uri_of(uri, &address))
    };
    let body = entry.body.as_deref().unwrap_or_default();
    entry.rare.references.iter().any(is_me) || text::names(body, nick).next().is_some()
}

/// A message of the user's came back. A room that does not know them as one of those who are in it has forgotten them:
/// they enter again. (Prosody 0.12 closes a room that is not kept when the only one who is in it takes another nickname.)
fn handle_error(context: &mut Context<'_>, stanza: &Rc<Element>, from: &Jid) {
    let (jid, error) = (from.bare(), StanzaError::decode(stanza));
    let forgotten = from.is_bare() && matches!(error.condition.as_str(), "item-not-found" | "not-acceptable");
    let Some(room) = context.store.rooms.get_mut(jid) else { return };
    if from.is_bare() && room.subject_asked.is_some() && room.subject_asked.as_deref() == stanza.attribute("id") {
        room.subject_asked = None;
        notices::note_refusal(context, jid, "topic-refused", "", &error);
    } else if !handle_refused(context, stanza, jid, error) {
        return;
    }
    if forgotten {
        join::enter_again(context, jid);
    }
}

/// The room, or somebody in it, does not take something that the user has said. `false` if they said no such thing.
fn handle_refused(context: &mut Context<'_>, stanza: &Rc<Element>, jid: &BareJid, error: StanzaError) -> bool {
    let time = context.time;
    let Some(room) = context.store.rooms.get_mut(jid) else { return false };
    let (Some(id), Some(nick)) = (stanza.attribute("id"), room.nick.clone()) else { return false };
    let from = room.address_of(&nick);
    let Some(number) = room.messages.find(Name::Stanza { from: &from, id }) else { return false };
    if !room.messages.get(number).is_some_and(|message| message.mine && message.received.is_none()) {
        return false;
    }
    let changes = refuse(&mut room.messages, number, id, jid.as_rc(), error, time);
    if changes.is_empty() {
        return true;
    }
    context.tell(changes);
    context.emit(Event::Message { stanza: stanza.clone(), chat: Some(key(jid)) });
    true
}

/// With how many messages one that has no id is compared.
const MAX_COMPARED: usize = 200;
