//! What occupants of a room say to the user alone (XEP-0045 §7.5). The room says who it was: words are kept with whom
//! they are of, whatever nickname they or others have by now, and never with a person of the roster.

use std::rc::Rc;

use crate::{
    feature::{ArchiveId, Context, Event, OccupantId, read_content, refuse},
    jid::{BareJid, Jid},
    stanza::{
        Message, MessageType, StanzaError,
        payload::{
            carbons::{self, Carbon},
            correction, delay,
            mam::Archived,
        },
    },
    store::{Change, Message as Entry, Name, Occupant, Sending, Timeline},
    xml::Element,
};

/// Takes in what an occupant says to this client.
pub(super) fn handle_private(context: &mut Context<'_>, stanza: &Rc<Element>, from: &Jid) {
    let archive_id = ArchiveId::of_live(context, stanza);
    take_in(context, stanza, stanza, from, archive_id);
}

/// Takes in what another client of the account got from an occupant, or sent to one. `false` if it is of no open room.
pub fn handle_carbon(context: &mut Context<'_>, message: &Message) -> bool {
    if !carbons::is_carbon(message) {
        return false;
    }
    let me = context.account().clone();
    let Some(carbon) = Carbon::from_own_account(message, &me) else { return false };
    let inner = carbon.message();
    let Some(peer) = peer_of(inner, &me).filter(|peer| context.store.rooms.get(peer.bare()).is_some()) else {
        return false;
    };
    let archive_id = ArchiveId::of_live(context, inner);
    take_in(context, message.element(), inner, &peer, archive_id);
    true
}

/// Takes in what the account's archive has of it. Who had a nickname then, only the room's own name for them tells; where
/// it gives none, just what is known already is found again.
pub fn take_in_archived_private(context: &mut Context<'_>, result: &Archived, missed: bool) {
    let me = context.account().clone();
    let Some(inner) = result.message() else { return };
    let Some(peer) = peer_of(inner, &me).filter(|_| is_private(inner)) else { return };
    let Some(room) = context.store.rooms.get(peer.bare()) else { return };
    let mut entry = entry(context, inner, &peer);
    entry.time = result.time.min(context.time);
    (entry.archived, entry.delayed, entry.archive_id) = (true, true, Some(ArchiveId::of(result).into_rc()));
    // Who has taken a nickname over must not hide what others said under it.
    let mut theirs =
        room.privates.iter().filter(|private| entry.occupant_id.is_none() || private.occupant_id == entry.occupant_id);
    let known = theirs.find(|private| known(&private.messages, &entry).is_some()).map(|private| private.id.clone());
    if let Some(id) = known {
        return keep(context, &id, result.stanza(), inner, entry, false);
    }
    let (Some(occupant_id), Some(nick), true) = (entry.occupant_id.clone(), peer.resource(), says_something(&entry))
    else {
        return;
    };
    let here = room.occupants.entries().find(|(_, occupant)| occupant.occupant_id.as_ref() == Some(&occupant_id));
    let (number, occupant) = match here.map(|(number, occupant)| (number.clone(), occupant.clone())) {
        Some((number, occupant)) => (Some(number), occupant),
        None => (None, Occupant { nick: Some(nick.into()), occupant_id: Some(occupant_id), ..Occupant::default() }),
    };
    if let Some(id) = open(context, peer.bare(), number.as_ref(), &occupant) {
        keep(context, &id, result.stanza(), inner, entry, missed);
    }
}

/// Takes in that an occupant has come, changed, or gone: `change` says who.
pub(super) fn follow(context: &mut Context<'_>, room: &BareJid, change: Option<Change>) {
    let Some(change) = change else { return };
    let followed = context.store.rooms.get_mut(room).map(|room| room.follow(&change.key.id));
    context.tell([change]);
    context.tell(followed.unwrap_or_default());
}

/// A message of the user's to an occupant came back. `false` if there is none.
pub(super) fn handle_error(context: &mut Context<'_>, stanza: &Rc<Element>, from: &Jid) -> bool {
    let time = context.time;
    let (Some(id), Some(nick)) = (stanza.attribute("id"), from.resource()) else { return false };
    let Some(room) = context.store.rooms.get_mut(from.bare()) else { return false };
    let of_theirs = room.privates.iter_mut().filter(|private| *private.nick == *nick);
    let mut sent = of_theirs.filter_map(|private| Some((sent_as(&private.messages, id)?, private)));
    let Some((number, private)) = sent.next() else { return false };
    let chat = private.key();
    let changes = refuse(&mut private.messages, number, id, from.as_str().into(), StanzaError::decode(stanza), time);
    if changes.is_empty() {
        return true;
    }
    context.tell(changes);
    context.emit(Event::Message { stanza: stanza.clone(), chat: Some(chat) });
    true
}

/// The number of the message of the user's that a stanza with this id said last.
pub(super) fn sent_as(messages: &Timeline, id: &str) -> Option<u32> {
    let is_it = |message: &Entry| {
        let last = message.rare.corrected_by.as_deref().or(message.msgid.as_deref());
        message.mine && last == Some(id)
    };
    messages.iter().rev().take(MAX_SEARCHED).find(|(_, message)| is_it(message)).map(|(number, _)| number)
}

/// Among how many of the latest messages one of the user's is looked for that came back. Anybody in the room may send errors.
const MAX_SEARCHED: usize = 1_000;

/// Begins the conversation with an occupant, if it has not begun.
pub(super) fn open(
    context: &mut Context<'_>,
    room: &BareJid,
    number: Option<&Rc<str>>,
    occupant: &Occupant,
) -> Option<Rc<str>> {
    let now = context.time;
    let (id, opened) = context.store.rooms.get_mut(room)?.open_private(number, occupant, now)?;
    context.tell(opened);
    Some(id)
}

/// Takes in `inner`, which was said just now by an occupant or to one who is here: `peer`.
fn take_in(
    context: &mut Context<'_>,
    stanza: &Rc<Element>,
    inner: &Element,
    peer: &Jid,
    archive_id: Option<ArchiveId>,
) {
    let Some(room) = context.store.rooms.get(peer.bare()).filter(|room| room.is_inside()) else { return };
    let number = peer.resource().and_then(|nick| room.occupants.find(Some(nick), None)).cloned();
    let occupant = number.as_ref().and_then(|number| room.occupants.get(number)).cloned();
    let Some(occupant) = occupant else { return };
    let mut entry = entry(context, inner, peer);
    entry.archive_id = archive_id.map(ArchiveId::into_rc);
    let told = entry.occupant_id.as_ref().zip(occupant.occupant_id.as_ref());
    if !is_private(inner) || !says_something(&entry) || told.is_some_and(|(wrote, is_here)| wrote != is_here) {
        return;
    }
    // The room says when it kept something back, and so does the user's own server when somebody has just come.
    let (me, just_come) = (context.account(), context.has_just_come());
    let own = |by: &Jid| just_come && (by.bare() == me || by.as_str() == me.domain());
    if let Some(stamp) = delay::of(inner, |by| by.bare() == peer.bare() || own(by)) {
        entry.time = stamp.min(context.time);
        entry.delayed = true;
    }
    if let Some(id) = open(context, peer.bare(), number.as_ref(), &occupant) {
        keep(context, &id, stanza, inner, entry, true);
    }
}

fn entry(context: &Context<'_>, inner: &Element, peer: &Jid) -> Entry {
    let room = context.store.rooms.get(peer.bare());
    let from = inner.attribute("from").and_then(|from| Jid::new(from).ok());
    let mine = from.is_some_and(|from| from.bare() == context.account());
    let (nick, author) = match (mine, room) {
        (true, Some(room)) => (room.nick.clone(), room.address_of(room.nick.as_deref().unwrap_or_default())),
        _ => (peer.resource().map(Rc::from), peer.as_str().into()),
    };
    let mut entry = Entry::new("chat", author, mine, context.time);
    read_content(inner, &mut entry);
    entry.nick = nick;
    let occupant_id = room.filter(|_| !mine).and_then(|room| OccupantId::of(room, inner));
    entry.occupant_id = occupant_id.map(OccupantId::into_rc);
    entry.outcome = mine.then_some(Sending::Sent);
    entry
}

/// Keeps a message in the conversation `id`, once.
fn keep(context: &mut Context<'_>, id: &str, stanza: &Rc<Element>, inner: &Element, entry: Entry, is_news: bool) {
    let is_away = !context.session.is_active();
    let Some(private) = context.store.rooms.private_mut(id) else { return };
    let chat = private.key();
    if let Some(number) = known(&private.messages, &entry) {
        let change = private.messages.update(number, |message| {
            message.archive_id = message.archive_id.take().or(entry.archive_id);
            if message.mine {
                message.outcome = Some(Sending::Sent);
            }
        });
        return context.tell(change);
    }
    let corrected = correct(&mut private.messages, inner, &entry);
    let unseen = corrected.is_none() && is_news && !entry.mine && (is_away || private.hidden);
    let change = corrected.unwrap_or_else(|| {
        let (number, added) = match entry.delayed {
            true => private.messages.insert(entry),
            false => private.messages.push(entry),
        };
        if unseen {
            private.messages.note_fresh(number, private.unread == 0);
            private.unread = private.unread.saturating_add(1);
        }
        added
    });
    context.tell([change]);
    if unseen {
        context.tell([chat.clone().changed()]);
    }
    if is_news {
        context.emit(Event::Message { stanza: stanza.clone(), chat: Some(chat) });
    }
}

/// The message, if it is there already: an id may come twice, but not the same words with it.
fn known(messages: &Timeline, entry: &Entry) -> Option<u32> {
    if let Some(number) = entry.archive_id.as_deref().and_then(|id| messages.find(Name::Archive(id))) {
        return Some(number);
    }
    let from = &*entry.from;
    let by_origin = entry.origin_id.as_deref().and_then(|id| messages.find(Name::Origin { from, id }));
    let number = by_origin.or_else(|| messages.find(Name::Stanza { from, id: entry.msgid.as_deref()? }))?;
    let message = messages.get(number)?;
    let same =
        message.body == entry.body || message.rare.older_versions.first().map(String::as_str) == entry.body.as_deref();
    (same && message.mine == entry.mine).then_some(number)
}

/// Changes the message that `inner` is to take the place of, if the same side wrote one.
fn correct(messages: &mut Timeline, inner: &Element, entry: &Entry) -> Option<Change> {
    let id = correction::replaced(inner)?;
    let number = messages.find(Name::Stanza { from: &entry.from, id })?;
    messages.get(number).filter(|message| message.mine == entry.mine)?;
    messages.update(number, |message| {
        message.correct(entry.body.clone(), entry.time);
        message.rare.references.clone_from(&entry.rare.references);
        message.unstyled = entry.unstyled;
        message.rare.corrected_by.clone_from(&entry.msgid);
    })
}

/// Whom a message is from, or if it is the user's, to.
fn peer_of(inner: &Element, me: &BareJid) -> Option<Jid> {
    let address = |name| inner.attribute(name).and_then(|jid| Jid::new(jid).ok());
    let from = address("from")?;
    if from.bare() == me { address("to") } else { Some(from) }
}

fn is_private(inner: &Element) -> bool {
    matches!(MessageType::of(inner), MessageType::Chat | MessageType::Normal)
}

fn says_something(entry: &Entry) -> bool {
    entry.body.is_some() || entry.rare.oob_url.is_some()
}
