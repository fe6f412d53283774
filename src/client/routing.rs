//! Which feature a stanza, an answer or a state of the connection is for.

use crate::{
    feature::{
        Context, Event, Then, bookmarks, caps, carbons, chat, disco, outcome_of, presence, pubsub, room, roster,
        rosterx, vcard,
    },
    jid::BareJid,
    session::{Answer, Arrival, SendError},
    stanza::{ErrorType, Iq, Message, MessageType, Presence, StanzaError, payload},
    store::{Attributes, Bookmark, Key, Kind},
    stream::Ticket,
    xml::ns,
};

pub(super) fn online(context: &mut Context<'_>, arrival: Arrival, carbons: bool) {
    let new = matches!(arrival, Arrival::New | Arrival::Reconnected);
    if arrival != Arrival::Resumed {
        roster::request(context, None);
    }
    caps::handle_online(context, arrival);
    if new && context.options.message_carbons && !carbons {
        carbons::enable(context);
    }
    if new {
        presence::send_own(context);
    }
    disco::handle_online(context, arrival);
    vcard::handle_online(context, arrival);
    room::online(context, arrival);
    bookmarks::handle_online(context, arrival);
}

pub(super) fn message(context: &mut Context<'_>, message: &Message) {
    let is_news = message.element().child("event", &ns::PUBSUB_EVENT).is_some();
    let bookmarked = if is_news { rooms_to_join(context) } else { Vec::new() };
    if bookmarks::handle_message(context, message) {
        return join_bookmarked(context, &bookmarked);
    }
    if room::handle_invitation(context, message) || room::handle_message(context, message) {
        return;
    }
    if MessageType::of(message.element()) != MessageType::Groupchat {
        chat::handle_message(context, message);
    }
    rosterx::handle_message(context, message);
}

pub(super) fn presence(context: &mut Context<'_>, presence: &Presence) {
    let of_room = presence.from.as_ref().is_some_and(|from| context.store.rooms.get(from.bare()).is_some());
    if of_room || presence.element().child("x", &ns::MUC_USER).is_some() {
        let _: Option<BareJid> = room::handle_presence(context, presence);
        return;
    }
    caps::handle_presence(context, presence);
    presence::handle(context, presence);
}

pub(super) fn request(context: &mut Context<'_>, iq: &Iq) {
    if payload::roster::Push::is_push(iq) {
        return roster::handle_push(context, iq);
    }
    if disco::handle_request(context, iq) {
        return;
    }
    let answer = match payload::ping::is_ping(iq) {
        true => iq.to_result(),
        false => iq.to_error(&StanzaError::new(ErrorType::Cancel, "service-unavailable")),
    };
    let _: Result<Ticket, SendError> = context.session.send(context.now, answer);
}

/// Takes out of `attributes` those that are not a plugin's to keep: writing them is something to do.
pub(super) fn take_own(key: &Key, attributes: &mut Attributes) -> Attributes {
    let names: &[&'static str] = match key.kind {
        Kind::Status => &["status", "status_message"],
        Kind::Chat => &["chat_state", "num_unread", "hidden"],
        Kind::Room => room::OWN_ATTRIBUTES,
        _ => &[],
    };
    let mut own = Attributes::default();
    for name in names {
        if let Some(value) = attributes.take(name) {
            own.set(*name, value);
        }
    }
    own
}

/// Does what writing these attributes of an entity means.
pub(super) fn write(context: &mut Context<'_>, key: &Key, own: &Attributes) {
    match (key.kind, BareJid::new(&key.id)) {
        (Kind::Status, _) => presence::write_own(context, own),
        (Kind::Chat, Ok(jid)) => chat::write(context, &jid, own),
        (Kind::Room, Ok(jid)) => room::write(context, &jid, own),
        _ => {}
    }
}

pub(super) fn answer(context: &mut Context<'_>, then: Then, answer: Answer) {
    match then {
        Then::Nothing => {}
        Then::Call(call) => context.events.push_back(Event::Finished { call, outcome: outcome_of(&answer) }),
        Then::Room(then) => room::handle_answer(context, then, &answer),
        Then::Roster(then) => roster::handle_answer(context, then, answer),
        Then::PubSub(then) => pubsub::handle_answer(context, then, answer),
        Then::Bookmarks(then) => handle_bookmarks(context, then, &answer),
        Then::VCard(then) => vcard::handle_answer(context, then, &answer),
        Then::Disco(then) => disco::handle_answer(context, then, &answer),
    }
}

/// Takes in what became of bookmarks, and enters the rooms that are to be entered because of that.
fn handle_bookmarks(context: &mut Context<'_>, then: bookmarks::Then, answer: &Answer) {
    // A bookmark that the user makes is there before the server has it.
    let mut bookmarked = rooms_to_join(context);
    match &then {
        bookmarks::Then::Saved { jid, .. } => bookmarked.retain(|other| other != jid),
        bookmarks::Then::Fetched if !context.store.rooms.bookmarks_followed => bookmarked.clear(),
        _ => {}
    }
    context.store.rooms.bookmarks_followed |= then == bookmarks::Then::Fetched;
    bookmarks::handle_answer(context, then, answer);
    if let Answer::Result(_) = answer {
        join_bookmarked(context, &bookmarked);
    }
}

/// The rooms that bookmarks say are to be entered.
fn rooms_to_join(context: &Context<'_>) -> Vec<BareJid> {
    context.store.bookmarks.autojoin().map(|bookmark| bookmark.jid.clone()).collect()
}

/// Enters those that were not among them `before`.
fn join_bookmarked(context: &mut Context<'_>, before: &[BareJid]) {
    if !context.options.allow_muc {
        return;
    }
    let new = context.store.bookmarks.autojoin().filter(|bookmark| !before.contains(&bookmark.jid));
    let new: Vec<_> = new.cloned().collect();
    for Bookmark { jid, nick, password, .. } in new {
        let attributes = Attributes::default().with("nick", nick).with("password", password);
        let _: Attributes = room::open(context, &jid, &attributes);
        room::join(context, &jid, None, None);
    }
}

/// Lets what has waited for what an entity can do go on.
pub(super) fn go_on(context: &mut Context<'_>) {
    while let Some((then, answer)) = context.state.poll_ready() {
        match (then, answer) {
            (then, Some(answer)) => self::answer(context, then, answer),
            (Then::Call(call), None) => context.finish_discovery(call),
            (Then::PubSub(then), None) => pubsub::handle_known(context, then),
            (Then::Bookmarks(then), None) => bookmarks::handle_known(context, then),
            (_, None) => {}
        }
    }
}
