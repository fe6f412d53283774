//! Which feature a stanza, an answer or a state of the connection is for.

use crate::{
    feature::{
        Context, Event, Then, archive, bookmarks, caps, carbons, chat, disco, outcome_of, presence, pubsub, push, room,
        roster, rosterx, upload, vcard,
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
        chat::give_up_pending(context);
    }
    caps::handle_online(context, arrival);
    archive::handle_online(context, arrival);
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
    push::handle_online(context, arrival);
}

pub(super) fn message(context: &mut Context<'_>, message: &Message) {
    if archive::handle_message(context, message) {
        return;
    }
    if bookmarks::handle_message(context, message) {
        return follow_bookmarks(context);
    }
    if room::handle_invitation(context, message)
        || room::handle_message(context, message)
        || room::handle_carbon(context, message)
    {
        return;
    }
    let with = match MessageType::of(message.element()) {
        MessageType::Groupchat => None,
        _ => chat::handle_message(context, message),
    };
    rosterx::handle_message(context, message);
    if let Some(with) = with {
        // A conversation that has just begun was perhaps begun before.
        archive::fill(context, &with);
    }
}

pub(super) fn presence(context: &mut Context<'_>, presence: &Presence) {
    let of_room = presence.from.as_ref().is_some_and(|from| context.store.rooms.get(from.bare()).is_some());
    if of_room || presence.element().child("x", &ns::MUC_USER).is_some() {
        if let Some(room) = room::handle_presence(context, presence) {
            read_archive_of(context, &room);
            push::handle_room(context, &room);
        }
        return;
    }
    caps::handle_presence(context, presence);
    presence::handle(context, presence);
}

pub(super) fn request(context: &mut Context<'_>, iq: &Iq) {
    let own = iq.from.as_ref().is_none_or(|from| from.bare() == context.me.bare());
    if !own && !context.session.answers() {
        return;
    }
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
        (Kind::Chat, Err(_)) => room::write_private(context, &key.id, own),
        (Kind::Room, Ok(jid)) => room::write(context, &jid, own),
        _ => {}
    }
}

pub(super) fn answer(context: &mut Context<'_>, then: Then, answer: Answer) {
    match then {
        Then::Nothing | Then::Push(_) => {}
        Then::Call(call) => context.events.push_back(Event::Finished { call, outcome: outcome_of(&answer) }),
        Then::Archive(then) => {
            let page = archive::handle_answer(context, then, answer);
            if let Some(page) = page.and_then(|page| archive::leave(context, page)) {
                take_in_page(context, page);
            }
        }
        Then::Room(then) => room::handle_answer(context, then, &answer),
        Then::Roster(then) => roster::handle_answer(context, then, answer),
        Then::PubSub(then) => pubsub::handle_answer(context, then, answer),
        Then::Bookmarks(then) => {
            bookmarks::handle_answer(context, then, &answer);
            if let Answer::Result(_) = answer {
                follow_bookmarks(context);
            }
        }
        Then::VCard(then) => vcard::handle_answer(context, then, &answer),
        Then::Disco(then) => disco::handle_answer(context, then, &answer),
        Then::Upload(then) => upload::handle_answer(context, then, &answer),
    }
}

/// Takes in what came of putting a file somewhere, and sends the message that leads there.
pub(super) fn put(context: &mut Context<'_>, message: &Key, put: upload::Put) {
    if !upload::handle_put(context, message, put) {
        return;
    }
    let Ok(number) = message.id.parse() else { return };
    match BareJid::new(&message.of) {
        Ok(of) if context.store.rooms.get(&of).is_some() => room::send_kept(context, &of, number),
        Ok(of) => chat::send_kept(context, &of, number),
        Err(_) => room::send_private_kept(context, &message.of, number),
    }
}

/// Enters the rooms that bookmarks say are to be entered, each once.
fn follow_bookmarks(context: &mut Context<'_>) {
    if !context.options.allow_muc {
        return;
    }
    let wanted: Vec<Bookmark> = context.store.bookmarks.autojoin().cloned().collect();
    context.store.rooms.followed.retain(|jid| wanted.iter().any(|bookmark| bookmark.jid == *jid));
    for Bookmark { jid, nick, password, .. } in wanted {
        if context.store.rooms.followed.contains(&jid) {
            continue;
        }
        let hidden = context.options.hides_new_chats;
        let attributes = Attributes::default().with("nick", nick).with("password", password).with("hidden", hidden);
        let _: Attributes = room::open(context, &jid, &attributes);
        room::join(context, &jid, None, None);
        context.store.rooms.followed.push(jid);
    }
}

/// Lets what has waited for what an entity can do go on, and rooms hear of the user's status.
pub(super) fn go_on(context: &mut Context<'_>) {
    if context.state.take_rooms_untold() {
        room::tell_status(context);
    }
    while let Some((then, answer)) = context.state.poll_ready() {
        match (then, answer) {
            (then, Some(answer)) => self::answer(context, then, answer),
            (Then::Call(call), None) => context.finish_discovery(call),
            (Then::Archive(_), None) => archive::handle_known(context),
            (Then::PubSub(then), None) => pubsub::handle_known(context, then),
            (Then::Push(at), None) => push::handle_known(context, &at),
            (Then::Upload(then), None) => upload::handle_known(context, then),
            (Then::Bookmarks(then), None) => bookmarks::handle_known(context, then),
            (_, None) => {}
        }
    }
}

/// Gives the messages of an archive to the conversations they are of.
pub(super) fn take_in_page(context: &mut Context<'_>, page: archive::Page) {
    if page.of == *context.me.bare() {
        chat::take_in_archived(context, &page.results, page.missed, page.next);
        page.results.iter().for_each(|result| room::take_in_archived_private(context, result, page.missed));
        if archive::go_on(context, page) {
            chat::settle_doubts(context);
        }
    } else {
        for result in &page.results {
            room::take_in_archived(context, &page.of, result, page.missed, page.next);
        }
        room::join_corrections(context, &page.of);
        archive::go_on(context, page);
    }
}

/// Reads what was said in a room that has just been entered, if the room keeps it.
fn read_archive_of(context: &mut Context<'_>, room: &BareJid) {
    let keeps = context.store.rooms.get(room).is_some_and(|room| room.features.has("mam_enabled"));
    if keeps && context.options.archive {
        context.store.archives.set_supported(&room.as_rc(), true);
        archive::catch_up(context, room);
    }
}
