//! Into a room, and out of it (XEP-0045 §§7.2, 7.6, 7.14).

use std::{collections::VecDeque, rc::Rc, time::Duration};

use super::{info, key, notices, open_and_join, registration};
use crate::{
    feature::{Context, Event},
    jid::BareJid,
    session::{Answer, Arrival},
    stanza::{StanzaError, payload::muc},
    store::{Password, Room, RoomStatus, Store, Trouble},
    time::{Instant, Timestamp},
    xml::{Element, ns},
};

/// How long a room may take until it says something more to somebody who wants to enter.
pub const JOIN_TIMEOUT: Duration = Duration::from_secs(30);
/// By how many milliseconds the room's clock may be behind this one's. What comes again because of it is known.
const CLOCKS_APART: i64 = 600_000;
/// The most nicknames that are tried one after the other.
const MAX_NICKNAMES: u32 = 20;

/// Enters the rooms again that the user was in, and after a log-in those that the settings name.
pub fn online(context: &mut Context<'_>, arrival: Arrival) {
    if arrival == Arrival::Resumed {
        // For the rooms nothing has happened.
        return;
    }
    let wanted: Vec<BareJid> =
        context.store.rooms.in_order().into_iter().filter(|room| room.wanted).map(|room| room.jid.clone()).collect();
    for room in wanted {
        set_out(context, &room);
    }
    if arrival == Arrival::New && context.options.allow_muc {
        for (room, nick) in context.options.auto_join_rooms.clone() {
            open_and_join(context, &room, nick.as_deref(), false);
        }
    }
}

/// Enters the room, or, once in it, takes another nickname. Without a nickname it is the one of the bookmark, or that
/// the room knows, or the settings name, or the first part of the user's address.
pub fn join(context: &mut Context<'_>, jid: &BareJid, nick: Option<&str>, password: Option<&str>) {
    let offered = context.store.rooms.take_invitation(jid);
    let Some(room) = context.store.rooms.get_mut(jid) else { return };
    if room.status == RoomStatus::Entered {
        return nick.map_or((), |nick| change_nick(context, jid, nick));
    }
    if let Some(nick) = nick {
        room.nick = Some(nick.into());
    }
    if let Some(password) = password.map(|password| Password(password.to_owned())).or(offered) {
        room.password = Some(password);
    }
    if !room.wanted || room.status != RoomStatus::Connecting || nick.is_some() {
        room.refused = 0;
        set_out(context, jid);
    }
}

/// Leaves the room; `words` are for those who stay.
pub fn leave(context: &mut Context<'_>, jid: &BareJid, words: Option<&str>) {
    let Some(room) = context.store.rooms.get(jid) else { return };
    let known_there = room.is_inside();
    if let (true, Some(address)) = (known_there, room.nick.as_ref().map(|nick| room.address_of(nick))) {
        let mut presence = Element::new("presence", ns::CLIENT)
            .with_attribute("from", context.me.as_str())
            .with_attribute("to", &*address)
            .with_attribute("type", "unavailable");
        if let Some(words) = words.filter(|words| !words.is_empty()) {
            presence.push(Element::new("status", ns::CLIENT).with_text(words));
        }
        context.send_now(presence);
    }
    end(context, jid, RoomStatus::Disconnected, None);
}

/// Tells the rooms how the user can be reached now (§7.7). Who cannot be reached is in none until that is over: the
/// server says so to each room that was told anything else (RFC 6121 §4.6.3).
pub fn tell_status(context: &mut Context<'_>) {
    let reachable = context.can_be_reached();
    let rooms = context.store.rooms.in_order().into_iter().filter(|room| room.wanted);
    let rooms: Vec<(BareJid, RoomStatus, Rc<str>)> = rooms
        .map(|room| (room.jid.clone(), room.status, room.address_of(room.nick.as_deref().unwrap_or_default())))
        .collect();
    for (jid, status, address) in rooms {
        match (reachable, status) {
            (true, RoomStatus::Entered) => {
                let presence = presence(context, &address);
                context.send_now(presence);
            }
            (true, RoomStatus::Disconnected) => set_out(context, &jid),
            (false, RoomStatus::Entered | RoomStatus::Connecting) => {
                end(context, &jid, RoomStatus::Disconnected, None);
                if let Some(room) = context.store.rooms.get_mut(&jid) {
                    room.wanted = true;
                }
            }
            _ => {}
        }
    }
}

/// Enters a room again that does not know any more that the user is in.
pub(super) fn enter_again(context: &mut Context<'_>, jid: &BareJid) {
    if context.store.rooms.get(jid).is_some_and(|room| room.status == RoomStatus::Entered) {
        set_out(context, jid);
    }
}

/// Says of all rooms that the user is in none, because there is no session any more.
pub fn end_all(store: &mut Store, events: &mut VecDeque<Event>) {
    let rooms: Vec<BareJid> = store.rooms.iter().map(|room| room.jid.clone()).collect();
    store.rooms.due = None;
    for jid in rooms {
        let gone = store.rooms.get_mut(&jid).map(|room| room.forget_occupants()).unwrap_or_default();
        let change = store.rooms.update(&jid, |room| {
            if matches!(room.status, RoomStatus::Connecting | RoomStatus::Entered) {
                room.status = RoomStatus::Disconnected;
            }
            room.entering = false;
            room.deadline = None;
        });
        events.extend(gone.into_iter().chain(change).map(Event::Changed));
    }
}

/// Gives up what takes too long.
pub fn handle_timeout(context: &mut Context<'_>) {
    if context.store.rooms.due.is_none_or(|due| due > context.now) {
        return;
    }
    let now = context.now;
    let late = |room: &&Room| room.deadline.is_some_and(|deadline| deadline <= now);
    let late: Vec<BareJid> = context.store.rooms.iter().filter(late).map(|room| room.jid.clone()).collect();
    for room in late {
        end(context, &room, RoomStatus::Disconnected, Some(Trouble::new("timed-out")));
    }
    context.store.rooms.due = context.store.rooms.iter().filter_map(|room| room.deadline).min();
}

/// Goes on with an attempt once all is known that it needs.
pub(super) fn step(context: &mut Context<'_>, jid: &BareJid, attempt: u32, answer: &Answer) {
    let Some(room) = context.store.rooms.get_mut(jid) else { return };
    if room.attempt != attempt || room.status != RoomStatus::Connecting || room.entering {
        return;
    }
    if *answer == Answer::Disconnected {
        // It begins anew with the connection.
        room.deadline = None;
        return;
    }
    room.steps = room.steps.saturating_sub(1);
    if room.steps == 0 {
        enter(context, jid);
    }
}

/// Takes in that the room does not let the user in, or not under this nickname.
pub(super) fn handle_refusal(context: &mut Context<'_>, jid: &BareJid, error: StanzaError, instead: Option<BareJid>) {
    let Some(room) = context.store.rooms.get(jid) else { return };
    let status = match error.condition.as_str() {
        "conflict" if context.options.muc_nickname_from_jid && room.refused < MAX_NICKNAMES => {
            return try_next_nick(context, jid);
        }
        "conflict" => RoomStatus::NicknameRequired,
        "not-authorized" => RoomStatus::PasswordRequired,
        _ => RoomStatus::Disconnected,
    };
    let trouble = Trouble { condition: error.condition, text: error.text, actor: None, instead };
    end(context, jid, status, Some(trouble));
}

/// Takes in that the user is not in the room, or will not be.
pub(super) fn end(context: &mut Context<'_>, jid: &BareJid, status: RoomStatus, trouble: Option<Trouble>) {
    let Some(room) = context.store.rooms.get_mut(jid) else { return };
    let gone = room.forget_occupants();
    let change = context.store.rooms.update(jid, |room| {
        room.status = status;
        room.wanted = false;
        room.entering = false;
        room.deadline = None;
        room.role = None;
        if status == RoomStatus::PasswordRequired {
            room.password = None;
        }
        room.trouble = trouble;
    });
    context.tell(gone);
    context.tell(change);
}

/// Says until when the room must say something more.
pub(super) fn wait(context: &mut Context<'_>, jid: &BareJid) {
    let deadline: Instant = context.now + JOIN_TIMEOUT;
    let Some(room) = context.store.rooms.get_mut(jid) else { return };
    room.deadline = Some(deadline);
    let due = context.store.rooms.due.map_or(deadline, |due| due.min(deadline));
    context.store.rooms.due = Some(due);
}

/// Asks the room what must be known before it can be entered.
fn set_out(context: &mut Context<'_>, jid: &BareJid) {
    let bookmarked_nick = context.store.bookmarks.get(jid).and_then(|bookmark| bookmark.nick.as_ref());
    let Some(room) = context.store.rooms.get_mut(jid) else { return };
    let gone = room.forget_occupants();
    let asks_nick = room.nick.is_none() && bookmarked_nick.is_none();
    let change = context.store.rooms.update(jid, |room| {
        room.wanted = true;
        room.entering = false;
        room.status = RoomStatus::Connecting;
        room.trouble = None;
        room.attempt = room.attempt.wrapping_add(1);
        room.steps = if asks_nick { 2 } else { 1 };
    });
    let attempt = context.store.rooms.get(jid).map(|room| room.attempt);
    context.tell(gone);
    context.tell(change);
    wait(context, jid);
    info::describe(context, jid, attempt, None);
    if asks_nick {
        registration::ask_reserved_nick(context, jid, attempt, None);
    }
}

/// Asks for entry.
fn enter(context: &mut Context<'_>, jid: &BareJid) {
    let Some(room) = context.store.rooms.get(jid) else { return };
    let nick = room.nick.clone().unwrap_or_else(|| default_nick(context, room));
    let Ok(address) = jid.with_resource(&nick) else {
        return end(context, jid, RoomStatus::NicknameRequired, Some(Trouble::new("jid-malformed")));
    };
    let last = room.messages.iter().next_back().map(|(_, message)| message.time.milliseconds());
    let since = last.map(|last| Timestamp::new(last.saturating_sub(CLOCKS_APART)));
    // What the archive of the room has is read there, and once.
    let archived = room.features.has("mam_enabled") && context.options.archive;
    let max = if archived { Some(0) } else { context.options.muc_history_max_stanzas };
    let history = muc::History { max, since: since.filter(|_| !archived) };
    let bookmarked = context.store.bookmarks.get(jid).and_then(|bookmark| bookmark.password.as_deref());
    let password = room.password.as_ref().map(|Password(password)| password.as_str()).or(bookmarked);
    let x = muc::join(history, password);
    let mut presence = presence(context, address.as_str());
    presence.push(x);
    let change = context.store.rooms.update(jid, |room| {
        room.nick = Some(address.resource().into());
        room.entering = true;
        room.hands_over = true;
    });
    context.tell(change);
    wait(context, jid);
    context.send(presence);
    context.emit(Event::RoomOpened(key(jid)));
}

fn change_nick(context: &mut Context<'_>, jid: &BareJid, nick: &str) {
    let same = context.store.rooms.get(jid).is_some_and(|room| room.nick.as_deref() == Some(nick));
    if let (false, Ok(address)) = (same, jid.with_resource(nick)) {
        if !context.session.is_online() {
            return notices::note_refusal(context, jid, "nick-refused", nick, &StanzaError::disconnected());
        }
        let presence = presence(context, address.as_str());
        context.send(presence);
    }
}

/// The user's presence, for a room. Whoever enters one can be reached there.
fn presence(context: &Context<'_>, address: &str) -> Element {
    let show = if context.can_be_reached() { None } else { Some("online") };
    let presence = context.own_presence(show, None).with_attribute("from", context.me.as_str());
    presence.with_attribute("to", address).with_attribute("id", context.dice.id())
}

fn default_nick(context: &Context<'_>, room: &Room) -> Rc<str> {
    let bookmarked = context.store.bookmarks.get(&room.jid).and_then(|bookmark| bookmark.nick.clone());
    let local = || context.account().local().map(str::to_owned);
    let known = bookmarked.or_else(|| room.reserved_nick.clone());
    let nick = match context.options.muc_nickname_from_jid {
        true => known.or_else(local),
        false => known.or_else(|| context.options.nickname.clone()).or_else(local),
    };
    nick.unwrap_or_default().into()
}

/// Tries `romeo-2` after `romeo`, and `romeo-3` after that.
fn try_next_nick(context: &mut Context<'_>, jid: &BareJid) {
    let change = context.store.rooms.update(jid, |room| {
        let nick = room.nick.as_deref().unwrap_or_default();
        let numbered = nick.rsplit_once('-').and_then(|(name, number)| Some((name, number.parse::<u32>().ok()?)));
        let (name, number) = numbered.map_or((nick, 2), |(name, number)| (name, number.saturating_add(1)));
        room.nick = Some([name, "-", &number.to_string()].concat().into());
        room.refused = room.refused.saturating_add(1);
    });
    context.tell(change);
    enter(context, jid);
}
