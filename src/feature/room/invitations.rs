//! Invitations, in and out (XEP-0045 §7.8, XEP-0249). Anybody can send one: they are told, and few at a time; only a
//! contact's own leads into a room by itself, because a room may say what it likes about who invites.

use std::{rc::Rc, time::Duration};

use super::{Then, ask, key, open_and_join};
use crate::{
    feature::{Call, Context, Event, Outcome, outcome_of},
    jid::{BareJid, Jid},
    session::Answer,
    stanza::{
        Iq, Message, MessageType,
        payload::muc::{self, Invitation, Wish},
    },
    store::{Password, RoomStatus},
    xml::{Element, ns},
};

/// The most invitations that are told in this time.
pub const MAX_INVITATIONS: u32 = 20;
const INVITATIONS_PERIOD: Duration = Duration::from_secs(60);
/// The most people of whom a room is remembered to have invited them for the user, the latest.
const MAX_INVITED: usize = 100;

/// Takes in a message, if it is an invitation, or says that one is not followed.
pub fn handle_invitation(context: &mut Context<'_>, message: &Message) -> bool {
    let stanza = message.element();
    let Some(from) = &message.from else { return false };
    if matches!(MessageType::of(stanza), MessageType::Groupchat | MessageType::Error) {
        return false;
    }
    if let Some((declining, reason)) = muc::declined_in(stanza).filter(|_| from.is_bare()) {
        handle_decline(context, from.bare(), declining, reason);
        return true;
    }
    let mediated = muc::mediated_in(stanza, from.bare()).filter(|_| from.is_bare());
    let (invitation, direct) = match mediated {
        Some(invitation) => (invitation, false),
        None => match muc::direct_in(stanza, from) {
            Some(invitation) => (invitation, true),
            None => return false,
        },
    };
    if context.options.allow_muc_invitations {
        take_in(context, invitation, direct);
    }
    true
}

/// Invites somebody to the room. Where only members may enter, they are made one first.
pub fn invite(context: &mut Context<'_>, call: Call, room: &BareJid, jid: BareJid, reason: Option<String>) {
    let open = context.store.rooms.get(room);
    let admits = open.is_some_and(|open| {
        let member = open.occupants.by_jid(&jid).is_some_and(|occupant| occupant.is_member());
        open.features.has("membersonly") && matches!(open.affiliation, Some("owner" | "admin")) && !member
    });
    if !admits {
        send(context, room, &jid, reason);
        return context.finish(call, Outcome::Done);
    }
    let wish = Wish::Affiliation { jid: jid.clone(), affiliation: "member", nick: None, reason: None };
    let iq = Iq::set(&context.dice.id(), muc::change(&wish));
    ask(context, room, iq, Then::Admitted { room: room.clone(), jid, reason, call });
}

/// Tells who has had the room invite the user that they do not come (§7.8.2). Of an invitation that came by another way
/// nobody hears anything (XEP-0249 has no word for it): that would say only that the user is there.
pub fn decline(context: &mut Context<'_>, room: &BareJid, reason: Option<&str>) {
    let Some(inviter) = context.store.rooms.take_inviter(room) else { return };
    let message = Element::new("message", ns::CLIENT)
        .with_attribute("from", context.me.as_str())
        .with_attribute("to", room.as_str())
        .with_attribute("id", context.dice.uuid())
        .with_child(muc::declined(&inviter, reason));
    context.send_now(message);
}

/// Has the room invite somebody (§7.8.2). It may refuse to; what it says to a request right after tells that it did not.
pub fn invite_through(context: &mut Context<'_>, call: Call, room: &BareJid, jid: BareJid, reason: Option<String>) {
    let id = context.dice.uuid();
    let message = Element::new("message", ns::CLIENT)
        .with_attribute("from", context.me.as_str())
        .with_attribute("to", room.as_str())
        .with_attribute("id", id.as_str())
        .with_child(muc::mediated(&jid, reason.as_deref()));
    context.send(message);
    if let Some(open) = context.store.rooms.get_mut(room) {
        open.invited.retain(|invited| *invited != jid);
        open.invited.push(jid.clone());
        if open.invited.len() > MAX_INVITED {
            open.invited.remove(0);
        }
    }
    context.emit(Event::RoomInvitationSent { room: key(room), recipient: jid, reason });
    context.state.inviting.push((id.clone(), call));
    let iq = Iq::get(&context.dice.id(), muc::info());
    ask(context, room, iq, Then::Invited { id });
}

/// Takes in that the room has nothing against an invitation, or has not said so.
pub(super) fn handle_invited(context: &mut Context<'_>, id: &str, answer: &Answer) {
    let outcome = match answer {
        Answer::Result(_) | Answer::Error(_) => Outcome::Done,
        Answer::TimedOut | Answer::Disconnected => outcome_of(answer),
    };
    finish_inviting(context, id, outcome);
}

/// Takes in that the room refuses what it was to pass on, if that is an invitation.
pub(super) fn handle_refusal(context: &mut Context<'_>, stanza: &Rc<Element>) -> bool {
    let id = stanza.attribute("id").unwrap_or_default();
    finish_inviting(context, id, Outcome::Refused(stanza.clone()))
}

fn finish_inviting(context: &mut Context<'_>, id: &str, outcome: Outcome) -> bool {
    let inviting = &mut context.state.inviting;
    let Some(at) = inviting.iter().position(|(other, _)| other == id) else { return false };
    let (_, call) = inviting.swap_remove(at);
    context.finish(call, outcome);
    true
}

/// Only who was invited through the room can decline, and once.
fn handle_decline(context: &mut Context<'_>, room: &BareJid, from: Jid, reason: Option<String>) {
    let Some(open) = context.store.rooms.get_mut(room) else { return };
    let Some(at) = open.invited.iter().position(|invited| invited == from.bare()) else { return };
    open.invited.remove(at);
    context.emit(Event::RoomInvitationDeclined { room: key(room), from, reason });
}

pub(super) fn handle_admitted(
    context: &mut Context<'_>,
    room: &BareJid,
    jid: &BareJid,
    reason: Option<String>,
    call: Call,
    answer: &Answer,
) {
    if let Answer::Result(_) = answer {
        send(context, room, jid, reason);
        return context.finish(call, Outcome::Done);
    }
    context.finish(call, outcome_of(answer));
}

fn send(context: &mut Context<'_>, room: &BareJid, jid: &BareJid, reason: Option<String>) {
    let open = context.store.rooms.get(room);
    let password = open.and_then(|open| open.password.as_ref()).map(|Password(password)| password.as_str());
    let message = Element::new("message", ns::CLIENT)
        .with_attribute("from", context.me.as_str())
        .with_attribute("to", jid.as_str())
        .with_attribute("id", context.dice.uuid())
        .with_child(muc::direct(room, reason.as_deref(), password));
    context.send(message);
    context.emit(Event::RoomInvitationSent { room: key(room), recipient: jid.clone(), reason });
}

fn take_in(context: &mut Context<'_>, invitation: Invitation, direct: bool) {
    let Invitation { room, from, reason, password } = invitation;
    let inside = |status| matches!(status, RoomStatus::Entered | RoomStatus::Connecting);
    if context.store.rooms.get(&room).is_some_and(|open| inside(open.status)) {
        return;
    }
    let contact = from.as_ref().map(Jid::bare).and_then(|from| context.store.contacts.get(from));
    let trusted = direct && contact.is_some_and(|contact| !contact.requesting && contact.subscription != "none");
    let (count, since) = &mut context.store.rooms.invited;
    if *since + INVITATIONS_PERIOD <= context.now {
        (*count, *since) = (0, context.now);
    }
    *count = count.saturating_add(1);
    let (too_many, since) = (*count > MAX_INVITATIONS, *since);
    let through = from.clone().filter(|_| !direct);
    let declinable = through.is_some();
    let again = context.store.rooms.invite(&room, through, password.map(Password), context.now, since);
    if trusted && context.options.auto_join_on_invite && !too_many {
        return open_and_join(context, &room, None, context.options.hides_new_chats);
    }
    if !again && !too_many {
        context.emit(Event::RoomInvitation { room, from, reason, declinable });
    }
}
