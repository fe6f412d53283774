//! Who is in a room, and as what (XEP-0045 §§7.1, 7.4–7.7, 8, 9). Only rooms that the user is in, or about to enter, are
//! listened to: anybody could send the rest.

use super::{config, info, join, key, members, notices, private, registration};
use crate::{
    feature::Context,
    jid::{BareJid, Jid},
    stanza::{
        Presence, PresenceType, StanzaError,
        payload::muc::{self, User},
    },
    store::{Occupant, Room, RoomStatus, Trouble},
};

/// Takes in a presence that a room sent. Comes back with the room if the user has entered it now.
pub fn handle_presence(context: &mut Context<'_>, presence: &Presence) -> Option<BareJid> {
    let from = presence.from.as_ref()?;
    let jid = from.bare();
    let room = context.store.rooms.get(jid)?;
    let entering = room.entering;
    if !room.is_inside() {
        return None;
    }
    if entering {
        // It is long, but goes on.
        join::wait(context, jid);
    }
    match (presence.kind, from.resource()) {
        (PresenceType::Error, _) => handle_error(context, presence, jid, entering),
        (PresenceType::Available, Some(nick)) => return handle_available(context, presence, jid, nick),
        (PresenceType::Unavailable, Some(nick)) => handle_unavailable(context, presence, jid, nick),
        _ => {}
    }
    None
}

fn handle_available(context: &mut Context<'_>, presence: &Presence, jid: &BareJid, nick: &str) -> Option<BareJid> {
    let user = User::find(presence.element()).unwrap_or_default();
    let room = context.store.rooms.get(jid)?;
    let own = is_own(context, room, nick, &user);
    let item = user.item.clone().unwrap_or_default();
    let occupant = Occupant {
        nick: Some(nick.into()),
        jid: item.jid,
        role: item.role,
        affiliation: item.affiliation,
        show: Some(presence.show()),
        status: presence.status(),
        codes: user.codes.clone(),
        occupant_id: muc::occupant_id(presence.element()).filter(|_| room.features.occupant_ids).map(Into::into),
        since: context.time,
    };
    notices::note_presence(context, jid, nick, &occupant);
    let change = context.store.rooms.get_mut(jid)?.occupants.enter(occupant);
    private::follow(context, jid, change);
    if !own {
        return None;
    }
    let room = context.store.rooms.get_mut(jid)?;
    let entered = std::mem::take(&mut room.entering);
    let before = (room.status, room.affiliation, room.role, room.nick.clone());
    room.status = RoomStatus::Entered;
    room.deadline = None;
    room.refused = 0;
    room.nick = Some(nick.into());
    room.affiliation = item.affiliation.or(room.affiliation);
    room.role = item.role.or(room.role);
    if before != (room.status, room.affiliation, room.role, room.nick.clone()) {
        context.tell([key(jid).changed()]);
    }
    if !entered {
        return None;
    }
    notices::note_codes(context, jid, &user.codes);
    if user.says(201) {
        config::handle_new_room(context, jid);
    }
    members::fetch_all(context, jid);
    if context.options.auto_register_muc_nickname {
        registration::register(context, jid, None);
    }
    Some(jid.clone())
}

/// Whether a presence from `nick` is the user's own. The room says so by a code; old ones leave it to the nickname.
fn is_own(context: &Context<'_>, room: &Room, nick: &str, user: &User) -> bool {
    // A nickname that the room has given is not the one that was asked for. Once in the room, the user knows theirs.
    let address = user.item.as_ref().and_then(|item| item.jid.as_ref()).map(Jid::as_str);
    let given = room.entering && user.says(110) && (user.says(210) || address == Some(context.me.as_str()));
    room.nick.as_deref() == Some(nick) || given
}

fn handle_unavailable(context: &mut Context<'_>, presence: &Presence, jid: &BareJid, nick: &str) {
    let user = User::find(presence.element()).unwrap_or_default();
    let Some(room) = context.store.rooms.get_mut(jid) else { return };
    let own = room.status == RoomStatus::Entered && room.nick.as_deref() == Some(nick);
    let item = user.item.clone().unwrap_or_default();
    let new = item.nick.as_deref().filter(|_| user.says(303));
    if let Some(new) = new.and_then(|new| jid.with_resource(new).ok()) {
        let change = room.occupants.rename(nick, new.resource(), context.time);
        if change.is_some() {
            notices::note_name(context, jid, nick, new.resource());
        }
        private::follow(context, jid, change);
        if own {
            let change = context.store.rooms.update(jid, |room| room.nick = Some(new.resource().into()));
            context.tell(change);
        }
        return;
    }
    let change = room.occupants.leave(nick, item.affiliation, user.codes.clone());
    if change.is_some() && !own {
        notices::note_end(context, jid, nick, &user);
    }
    private::follow(context, jid, change);
    if own {
        handle_own_end(context, jid, presence, user);
    }
}

/// The user is not in the room any more.
fn handle_own_end(context: &mut Context<'_>, jid: &BareJid, presence: &Presence, user: User) {
    let causes = [
        (301, "banned"),
        (333, "connection-lost"),
        (307, "kicked"),
        (321, "removed"),
        (322, "removed"),
        (332, "shutdown"),
    ];
    let cause = causes.into_iter().find(|(code, _)| user.says(*code)).map_or("left", |(_, cause)| cause);
    let item = user.item.unwrap_or_default();
    let trouble = match user.destroyed {
        Some((instead, text)) => Trouble { condition: "destroyed".to_owned(), text, actor: item.actor, instead },
        None => Trouble { text: item.reason.or_else(|| presence.status()), actor: item.actor, ..Trouble::new(cause) },
    };
    let affiliation = item.affiliation;
    join::end(context, jid, RoomStatus::Disconnected, Some(trouble));
    let change = context.store.rooms.update(jid, |room| room.affiliation = affiliation.or(room.affiliation));
    context.tell(change);
}

fn handle_error(context: &mut Context<'_>, presence: &Presence, jid: &BareJid, entering: bool) {
    let error = StanzaError::decode(presence.element());
    if entering {
        return join::handle_refusal(context, jid, error, muc::instead(presence.element()));
    }
    if error.condition == "item-not-found" {
        // There is no such room any more, or it knows nothing of the user.
        return join::enter_again(context, jid);
    }
    // Another nickname was refused; the user stays under the one they have.
    let nick = presence.from.as_ref().and_then(Jid::resource).unwrap_or_default();
    if context.store.rooms.get(jid).is_some_and(|room| room.nick.as_deref() != Some(nick)) {
        notices::note_refusal(context, jid, "nick-refused", nick, &error);
    }
    let trouble = Trouble { condition: error.condition, text: error.text, ..Trouble::default() };
    let change = context.store.rooms.update(jid, |room| room.trouble = Some(trouble));
    context.tell(change);
}

/// Takes in what the room itself says about how it is (§10.2.1): somebody has changed that.
pub(super) fn handle_codes(context: &mut Context<'_>, from: &Jid, user: &User) {
    let changed = [102, 103, 104, 170, 171, 172, 173, 174];
    if from.is_bare() && changed.iter().any(|code| user.says(*code)) {
        notices::note_codes(context, from.bare(), &user.codes);
        info::refresh(context, from.bare(), None);
    }
}
