//! Who may be what in a room (XEP-0045 §§8–10).

use super::{Then, ask, finish_with};
use crate::{
    feature::{Call, Context, outcome_of},
    jid::{BareJid, Jid},
    session::Answer,
    stanza::{
        Iq,
        payload::muc::{self, Item, Wish},
    },
    xml::ns,
};

/// Asks who has an affiliation to the room, for somebody who waits for it or for nobody.
pub fn fetch_members(context: &mut Context<'_>, room: &BareJid, affiliation: &str, call: Option<Call>) {
    let iq = Iq::get(&context.dice.id(), muc::list(affiliation));
    ask(context, room, iq, Then::Members { room: room.clone(), call });
}

/// Gives somebody another role or affiliation.
pub fn change_place(context: &mut Context<'_>, call: Call, room: &BareJid, wish: Wish) {
    let iq = Iq::set(&context.dice.id(), muc::change(&wish));
    ask(context, room, iq, Then::Changed { room: room.clone(), wish, call });
}

/// Asks who belongs to the room, where that may be known.
pub(super) fn fetch_all(context: &mut Context<'_>, room: &BareJid) {
    let Some(open) = context.store.rooms.get(room) else { return };
    let told = open.features.has("membersonly") || open.features.has("nonanonymous");
    if told || matches!(open.affiliation, Some("owner" | "admin")) {
        for affiliation in ["member", "admin", "owner"] {
            fetch_members(context, room, affiliation, None);
        }
    }
}

pub(super) fn handle_members(context: &mut Context<'_>, room: &BareJid, call: Option<Call>, answer: &Answer) {
    let query = match answer {
        Answer::Result(iq) => iq.payload().filter(|query| query.is("query", &ns::MUC_ADMIN)),
        _ => None,
    };
    let Some(query) = query else { return finish_with(context, call, answer) };
    for Item { jid, affiliation, nick, .. } in muc::members(query) {
        let (Some(jid), Some(affiliation)) = (jid.as_ref().map(Jid::bare), affiliation) else { continue };
        let Some(open) = context.store.rooms.get_mut(room) else { break };
        let change = open.occupants.affiliate(jid, affiliation, nick.as_deref());
        context.tell(change);
    }
    finish_with(context, call, answer);
}

pub(super) fn handle_changed(context: &mut Context<'_>, room: &BareJid, wish: Wish, call: Call, answer: &Answer) {
    // Of those who are here, the room tells by presence.
    if let (Answer::Result(_), Wish::Affiliation { jid, affiliation, nick, .. }) = (answer, wish)
        && let Some(open) = context.store.rooms.get_mut(room)
    {
        let change = open.occupants.affiliate(&jid, affiliation, nick.as_deref());
        context.tell(change);
    }
    context.finish(call, outcome_of(answer));
}
