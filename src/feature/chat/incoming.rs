//! Messages that arrive: from whom they may, each of them once.

use std::rc::Rc;

use super::states;
use crate::{
    feature::{ArchiveId, Context, Event, Step, read_content, refuse},
    jid::{BareJid, Jid},
    stanza::{
        Message, MessageType, StanzaError,
        payload::{
            carbons::{self, Carbon},
            chat_states, correction, delay, hints,
            mam::Archived,
            markers, receipts,
        },
    },
    store::{Contact, Key, Kind, Message as Entry, Name, Sending},
    time::Timestamp,
    xml::{Element, ns},
};

/// By which way a message came.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Origin {
    /// To this client.
    Direct,
    /// As a copy of what another client of the account got or sent.
    Carbon,
    /// Out of the archive, where it had this time. It may have been `missed`: said while nobody was here. Or it was said
    /// before the message `next`.
    Archive { time: Timestamp, missed: bool, next: Option<u32> },
}

/// Takes in a message that is not of a room. Whoever forges a carbon would like to be somebody else, and is not heard.
/// Comes back with whom the conversation is that it says something in.
pub fn handle_message(context: &mut Context<'_>, message: &Message) -> Option<BareJid> {
    let me = context.account().clone();
    let stanza = message.element();
    if carbons::is_carbon(message) {
        let carbon = Carbon::from_own_account(message, &me)?;
        let id = ArchiveId::of_live(context, carbon.message());
        return take_in(context, stanza, carbon.message(), Origin::Carbon, id).map(|(peer, _)| peer);
    }
    let from = message.from.as_ref()?;
    if MessageType::of(stanza) == MessageType::Error {
        handle_error(context, stanza, from);
        return None;
    }
    let id = ArchiveId::of_live(context, stanza);
    take_in(context, stanza, stanza, Origin::Direct, id).map(|(peer, _)| peer)
}

/// Takes in messages of the account's archive, which come in the order that it has them in.
pub fn take_in_archived(context: &mut Context<'_>, results: &[Archived], missed: bool, next: Option<u32>) {
    let mut last: Vec<(BareJid, u32)> = Vec::new();
    for result in results {
        let Some(inner) = result.message() else { continue };
        let origin = Origin::Archive { time: result.time, missed, next };
        let Some((peer, number)) = take_in(context, result.stanza(), inner, origin, Some(ArchiveId::of(result))) else {
            continue;
        };
        let Some(messages) = context.store.timeline_mut(&peer) else { continue };
        let before = match last.iter_mut().find(|(other, _)| *other == peer) {
            Some((_, before)) => Some(std::mem::replace(before, number)),
            None => {
                last.push((peer, number));
                messages.last_before_mark().filter(|_| missed)
            }
        };
        // What is here already may have come by itself, under a clock that goes differently.
        let moved = before.and_then(|before| messages.move_after(number, before));
        context.tell(moved);
    }
    for (peer, _) in last {
        let Some(messages) = context.store.timeline_mut(&peer) else { continue };
        let joined = messages.join_corrections(|_, _| true);
        let changes: Vec<_> = joined.iter().flat_map(|joined| joined.changes(messages)).collect();
        context.tell(changes);
    }
}

/// Takes in `inner`, which is `stanza` itself, or came in it. In which conversation it is, and which message there, comes
/// back.
pub fn take_in(
    context: &mut Context<'_>,
    stanza: &Rc<Element>,
    inner: &Element,
    origin: Origin,
    archive_id: Option<ArchiveId>,
) -> Option<(BareJid, u32)> {
    let address = |name| inner.attribute(name).and_then(|jid| Jid::new(jid).ok());
    let (from, to) = (address("from")?, address("to"));
    let me = context.account().clone();
    let mine = *from.bare() == me;
    let peer = if mine { to.as_ref().map_or(&me, Jid::bare).clone() } else { from.bare().clone() };
    if MessageType::of(inner) == MessageType::Headline {
        if origin == Origin::Direct {
            take_in_headline(context, stanza, &peer, archive_id);
        }
        return None;
    }
    if !matches!(MessageType::of(inner), MessageType::Chat | MessageType::Normal)
        || inner.child("x", &ns::MUC_USER).is_some()
        || !is_welcome(context, &peer, to.as_ref(), origin)
    {
        return None;
    }
    if !mine {
        note_receipts(context, &peer, inner);
        if !matches!(origin, Origin::Archive { .. }) {
            states::handle_state(context, &peer, chat_states::of(inner));
        }
    }
    let entry = entry(context, inner, &peer, mine, origin, archive_id);
    let says_something = entry.body.is_some() || entry.rare.oob_url.is_some();
    let known = match says_something {
        true => correct(context, inner, &peer, &entry).or_else(|| known(context, &peer, &entry, origin)),
        false => None,
    };
    // What the server kept until now is no news of this moment.
    let notifies = origin == Origin::Direct && !entry.delayed;
    let added = if says_something && known.is_none() { add(context, &peer, entry, origin) } else { None };
    if says_something && !mine && origin == Origin::Direct {
        acknowledge(context, inner, &from);
    }
    // Of the archive's only what was missed is news, and of that only what has not come by another way.
    let is_news = match origin {
        Origin::Archive { missed, .. } => missed && known.is_none(),
        Origin::Direct | Origin::Carbon => true,
    };
    if is_news {
        let chat = context.store.chats.get(&peer).map(|_| Key::of_jid(Kind::Chat, &peer));
        context.emit(Event::Message { stanza: stanza.clone(), chat });
    }
    if let Some((number, true)) = added.filter(|_| notifies) {
        context.emit(Event::Notice { stanza: stanza.clone(), chat: Key::of_jid(Kind::Chat, &peer), number });
    }
    Some((peer, known.or(added.map(|(number, _)| number))?))
}

/// Takes in what a service has to say, or somebody who expects no answer. Only the account's own server does so unasked.
fn take_in_headline(context: &mut Context<'_>, stanza: &Rc<Element>, peer: &BareJid, archive_id: Option<ArchiveId>) {
    let own_server = peer.as_str() == context.account().domain();
    let entry = Entry { kind: "headline", ..entry(context, stanza, peer, false, Origin::Direct, archive_id) };
    let known = entry.body.is_none()
        || context.store.rooms.get(peer).is_some()
        || !(own_server || is_welcome(context, peer, None, Origin::Direct));
    if known || self::known(context, peer, &entry, Origin::Direct).is_some() {
        return context.emit(Event::Message { stanza: stanza.clone(), chat: None });
    }
    let added = add(context, peer, entry, Origin::Direct);
    let chat = Key::of_jid(Kind::Chat, peer);
    context.emit(Event::Message { stanza: stanza.clone(), chat: Some(chat.clone()) });
    if let Some((number, true)) = added {
        context.emit(Event::Notice { stanza: stanza.clone(), chat, number });
    }
}

/// Whether the user wants to hear of `peer` here.
fn is_welcome(context: &Context<'_>, peer: &BareJid, to: Option<&Jid>, origin: Origin) -> bool {
    let resource = to.and_then(Jid::resource);
    let elsewhere = origin == Origin::Direct && resource.is_some_and(|resource| resource != context.me.resource());
    if elsewhere && context.options.filter_by_resource {
        return false;
    }
    if context.store.rooms.get(peer).is_some() {
        // Words in a room are no words of a person, whatever way they come.
        return false;
    }
    let known = peer == context.account()
        || context.store.contacts.get(peer).is_some()
        || context.store.chats.get(peer).is_some();
    // Who the contacts are is not known before the server has said so.
    known || context.options.allow_non_roster_messaging || !context.store.contacts.fetched
}

fn entry(
    context: &Context<'_>,
    inner: &Element,
    peer: &BareJid,
    mine: bool,
    origin: Origin,
    archive_id: Option<ArchiveId>,
) -> Entry {
    let from = if mine { context.account() } else { peer };
    let mut entry = Entry::new("chat", from.as_rc(), mine, context.time);
    read_content(inner, &mut entry);
    entry.archive_id = archive_id.map(ArchiveId::into_rc);
    match origin {
        Origin::Archive { time, .. } => {
            entry.time = time.min(context.time);
            entry.archived = true;
            entry.delayed = true;
        }
        Origin::Direct | Origin::Carbon => {
            // Anybody could write that it was sent long ago, or will be, and in the name of the account's server, too. That
            // is believed when the server hands over what it has kept: when somebody has just come.
            let me = context.account();
            let own = |by: &Jid| by.as_str() == me.domain() || by.bare() == me;
            let stamp = delay::of(inner, own).filter(|_| context.has_just_come());
            if let Some(stamp) = stamp {
                entry.time = stamp.min(context.time);
                entry.delayed = true;
            }
        }
    }
    if mine {
        entry.outcome = Some(Sending::Sent);
    }
    entry
}

/// Changes the message that `inner` is to take the place of. None if there is none that its author wrote.
fn correct(context: &mut Context<'_>, inner: &Element, peer: &BareJid, entry: &Entry) -> Option<u32> {
    let replaced = correction::replaced(inner)?;
    let messages = context.store.timeline_mut(peer)?;
    let number = messages.find(Name::Stanza { from: &entry.from, id: replaced })?;
    if let Some(id) = &entry.msgid
        && let Some(known) = messages.find(Name::Stanza { from: &entry.from, id })
    {
        // It has been here before: from the archive, or as a copy.
        if messages.get(known).is_some_and(|known| known.mine && known.rare.corrected_by.as_ref() == Some(id)) {
            let change = messages.update(known, arrived);
            context.tell(change);
        }
        return Some(known);
    }
    let (body, time, id) = (entry.body.clone(), entry.time, entry.msgid.clone());
    let (references, unstyled) = (entry.rare.references.clone(), entry.unstyled);
    let change = messages.update(number, |message| {
        // What the archive tells late may have been corrected again since.
        if message.rare.edited.is_some_and(|edited| edited > time) {
            message.add_version(body);
        } else {
            message.correct(body, time);
            message.rare.references = references;
            message.unstyled = unstyled;
        }
        message.rare.corrected_by = id;
    });
    context.tell(change);
    Some(number)
}

/// The message, if it is there already. What it was not known by then, it is known by now.
fn known(context: &mut Context<'_>, peer: &BareJid, entry: &Entry, origin: Origin) -> Option<u32> {
    let assigns_ids = context.store.assigns_ids;
    let messages = context.store.timeline_mut(peer)?;
    if let Some(number) = entry.archive_id.as_deref().and_then(|id| messages.find(Name::Archive(id))) {
        return Some(number);
    }
    let from = &*entry.from;
    let by_origin = entry.origin_id.as_deref().and_then(|id| messages.find(Name::Origin { from, id }));
    let by_stanza = entry.msgid.as_deref().and_then(|id| messages.find(Name::Stanza { from, id }));
    let number = by_origin.or(by_stanza)?;
    let known = messages.get(number)?;
    let same =
        known.body == entry.body || known.rare.older_versions.first().map(String::as_str) == entry.body.as_deref();
    // Somebody may use an id again: two different messages are two, and so are two that the archive tells apart, or that
    // were sent to this client one after the other.
    let distinct = known.archive_id.is_some() && entry.archive_id.is_some() && !entry.mine;
    let repeated = origin == Origin::Direct && !entry.delayed && !entry.mine && (assigns_ids || !known.archived);
    if !same || (by_origin.is_none() && (distinct || repeated)) {
        return None;
    }
    let id = entry.archive_id.clone();
    let change = messages.update(number, |message| {
        message.archive_id = message.archive_id.take().or(id);
        // Of a correction nothing is known by this.
        if message.rare.corrected_by.is_none() {
            arrived(message);
        }
    });
    context.tell(change);
    Some(number)
}

/// A message of the user's has come back: whatever was feared, the server has it.
fn arrived(message: &mut Entry) {
    let refused = matches!(&message.outcome, Some(Sending::Failed { reason, .. }) if *reason == "refused");
    if message.mine && !refused {
        message.outcome = Some(Sending::Sent);
    }
}

/// Adds a message to its conversation, which may begin with it. Its number comes back, and whether it has been left unseen.
fn add(context: &mut Context<'_>, peer: &BareJid, entry: Entry, origin: Origin) -> Option<(u32, bool)> {
    let (begins, headline) = (context.store.chats.get(peer).is_none(), entry.kind == "headline");
    let is_stranger = !entry.mine && is_stranger(context, peer);
    if begins && is_stranger && !context.store.chats.has_room_for_stranger() {
        context.emit(Event::Full("more strangers write than conversations are shown: answer some, or close them"));
        return None;
    }
    super::open(context, peer);
    match is_stranger {
        true if begins => context.store.chats.note_unanswered(peer),
        true => {}
        false => context.store.chats.note_answer(peer),
    }
    if context.store.chats.get(peer).is_some_and(|chat| chat.headline != headline && (begins || chat.headline)) {
        let change = context.store.chats.update(peer, |chat| chat.headline = headline);
        context.tell(change);
    }
    let new = !matches!(origin, Origin::Archive { missed: false, .. });
    let unseen = !entry.mine && new && !is_seen(context, peer);
    let messages = context.store.timeline_mut(peer)?;
    let (number, change) = match origin {
        Origin::Archive { next, .. } => messages.insert_before(next, entry),
        _ if entry.delayed => messages.insert(entry),
        _ => messages.push(entry),
    };
    context.tell([change]);
    if unseen {
        let change = context.store.chats.update(peer, |chat| {
            chat.messages.note_fresh(number, chat.unread == 0);
            chat.unread = chat.unread.saturating_add(1);
        });
        context.tell(change);
        if context.store.contacts.get(peer).is_some() {
            context.tell([Key::of_jid(Kind::Contact, peer).shown()]);
        }
    }
    Some((number, unseen))
}

/// Whether the user has never said that they know `peer`.
fn is_stranger(context: &Context<'_>, peer: &BareJid) -> bool {
    let contacts = &context.store.contacts;
    let own = peer == context.account() || peer.as_str() == context.account().domain();
    contacts.fetched && !own && contacts.get(peer).is_none_or(|contact| !contact.listed)
}

/// Whether the user is looking at the conversation.
fn is_seen(context: &Context<'_>, peer: &BareJid) -> bool {
    context.is_looked_at(&Key::of_jid(Kind::Chat, peer))
        && context.store.chats.get(peer).is_some_and(|chat| !chat.hidden)
}

/// Takes in that messages of the user's have arrived at `peer`. Only about what was sent to them can they know.
fn note_receipts(context: &mut Context<'_>, peer: &BareJid, inner: &Element) {
    let marked = markers::of(inner).map(|marker| marker.id);
    let Some(id) = receipts::received(inner).or(marked) else { return };
    let (me, time) = (context.account().as_rc(), context.time);
    let Some(messages) = context.store.timeline_mut(peer) else { return };
    let Some(number) = messages.find(Name::Stanza { from: &me, id }) else { return };
    let change = messages.update(number, |message| {
        message.received.get_or_insert(time);
    });
    context.tell(change);
}

/// Says that a message has arrived, to those who may know that the user is there (XEP-0184 §8).
fn acknowledge(context: &mut Context<'_>, inner: &Element, from: &Jid) {
    let may_know = context.store.contacts.get(from.bare()).is_some_and(Contact::sees_user);
    let Some(id) = inner.attribute("id").filter(|_| may_know) else { return };
    let mut answers = Vec::new();
    if receipts::is_requested(inner) {
        answers.push(receipts::receipt(id));
    }
    if markers::is_markable(inner) {
        answers.push(markers::encode(markers::Marker { kind: "received", id }));
    }
    for answer in answers {
        let message = Element::new("message", ns::CLIENT).with_attribute("type", "chat");
        let message = message.with_attribute("to", from.as_str()).with_attribute("id", context.dice.id());
        let message = message.with_child(answer).with_child(hints::store());
        context.send_by(Step::Receipt, Key::of_jid(Kind::Chat, from.bare()), message);
    }
}

/// A message of the user's came back.
fn handle_error(context: &mut Context<'_>, stanza: &Rc<Element>, from: &Jid) {
    let (me, time, peer) = (context.account().as_rc(), context.time, from.bare());
    let Some(id) = stanza.attribute("id") else { return };
    let Some(messages) = context.store.timeline_mut(peer) else { return };
    let Some(number) = messages.find(Name::Stanza { from: &me, id }) else { return };
    let changes = refuse(messages, number, id, peer.as_rc(), StanzaError::decode(stanza), time);
    if changes.is_empty() {
        return;
    }
    context.tell(changes);
    let chat = Some(Key::of_jid(Kind::Chat, peer));
    context.emit(Event::Message { stanza: stanza.clone(), chat });
}
