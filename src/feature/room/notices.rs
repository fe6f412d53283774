//! What those in a room are told beside what is said there (XEP-0045 §§7.2, 7.6, 8, 9, 15.6).

use super::key;
use crate::{
    feature::Context,
    jid::BareJid,
    stanza::{StanzaError, payload::muc::User},
    store::{Notice, Occupant, RoomStatus},
};

/// The codes that people are told: who sees addresses, that there is a log, what the room is now, what the service did.
const TOLD: [u16; 8] = [100, 170, 171, 172, 173, 174, 201, 210];

/// Notes that somebody has come, or is something else now. Who is there before the user is, has not come.
pub(super) fn note_presence(context: &mut Context<'_>, jid: &BareJid, nick: &str, now: &Occupant) {
    let Some(room) = context.store.rooms.get(jid) else { return };
    if room.status != RoomStatus::Entered || room.entering {
        return;
    }
    let Some(before) = room.occupants.by_nick(nick) else {
        return note(context, jid, Notice::new("entered", nick, context.time));
    };
    let role = now.role.filter(|role| before.role.is_some_and(|before| before != *role));
    let affiliation = now.affiliation.filter(|word| before.affiliation.is_some_and(|before| before != *word));
    // A new affiliation often brings a role along.
    let word = match (affiliation, role) {
        (Some("none"), _) => "revoked",
        (Some(affiliation), _) => affiliation,
        (None, Some(role)) => role,
        (None, None) => return,
    };
    note(context, jid, Notice::new(word, nick, context.time));
}

/// Notes that somebody has gone, and whether that was their wish.
pub(super) fn note_end(context: &mut Context<'_>, jid: &BareJid, nick: &str, user: &User) {
    let causes = [(301, "banned"), (307, "kicked"), (321, "removed"), (322, "removed")];
    let word = causes.into_iter().find(|(code, _)| user.says(*code)).map_or("left", |(_, word)| word);
    let item = user.item.as_ref();
    let other = item.and_then(|item| item.actor.as_deref()).map(Into::into);
    let reason = item.and_then(|item| item.reason.clone());
    note(context, jid, Notice { other, reason, ..Notice::new(word, nick, context.time) });
}

/// Notes that somebody is called otherwise.
pub(super) fn note_name(context: &mut Context<'_>, jid: &BareJid, nick: &str, new: &str) {
    note(context, jid, Notice { other: Some(new.into()), ..Notice::new("renamed", nick, context.time) });
}

/// Notes what the room says about itself.
pub(super) fn note_codes(context: &mut Context<'_>, jid: &BareJid, codes: &[u16]) {
    for code in TOLD.into_iter().filter(|code| codes.contains(code)) {
        note(context, jid, Notice { code: Some(code), ..Notice::new("code", "", context.time) });
        context.tell([key(jid).shown()]);
    }
}

/// Notes that the room does not let the user do something: `word` says what, `nick` what they wanted to be called.
pub(super) fn note_refusal(
    context: &mut Context<'_>,
    jid: &BareJid,
    word: &'static str,
    nick: &str,
    error: &StanzaError,
) {
    let (condition, reason) = (error.condition.as_str().into(), error.text.clone());
    note(context, jid, Notice { other: Some(condition), reason, ..Notice::new(word, nick, context.time) });
    context.tell([key(jid).shown()]);
}

/// What happens to an occupant is told as a change of theirs.
fn note(context: &mut Context<'_>, jid: &BareJid, mut notice: Notice) {
    let Some(room) = context.store.rooms.get_mut(jid) else { return };
    notice.after = room.messages.order().last().copied();
    room.notices.add(notice);
}
