//! What a room is (XEP-0045 §6.4).

use super::{Then, ask, finish, join, key};
use crate::{
    feature::{Call, Context, Outcome, outcome_of},
    jid::BareJid,
    session::Answer,
    stanza::{Form, Iq, payload::muc},
    store::{Features, Key, Kind},
    xml::ns,
};

/// Asks a room what it is, for somebody who waits for it or for nobody.
pub fn refresh(context: &mut Context<'_>, room: &BareJid, call: Option<Call>) {
    describe(context, room, None, call);
}

pub(super) fn describe(context: &mut Context<'_>, room: &BareJid, attempt: Option<u32>, call: Option<Call>) {
    let iq = Iq::get(&context.dice.id(), muc::info());
    ask(context, room, iq, Then::Described { room: room.clone(), attempt, call });
}

pub(super) fn handle_info(
    context: &mut Context<'_>,
    room: &BareJid,
    attempt: Option<u32>,
    call: Option<Call>,
    answer: &Answer,
) {
    let query = match answer {
        Answer::Result(iq) => iq.payload(),
        _ => None,
    };
    let described = query.and_then(|query| Some((muc::Info::decode(query)?, Form::find(query))));
    if let Some((info, form)) = described {
        let description = form.as_ref().and_then(|form| form.values("muc#roominfo_description"));
        let description = description.and_then(|values| values.first()).filter(|text| !text.is_empty()).cloned();
        let mut features = Features {
            fetched: Some(context.time),
            assigns_ids: info.has(ns::STANZA_IDS.as_str()),
            occupant_ids: info.has(ns::OCCUPANT_ID.as_str()),
            registration: info.has(ns::REGISTER.as_str()),
            ..Features::default()
        };
        for feature in &info.features {
            features.add(feature.strip_prefix("muc_").unwrap_or_default());
        }
        if info.has(ns::MAM.as_str()) {
            features.add("mam_enabled");
        }
        let change = context.store.rooms.update(room, |room| {
            room.name = info.name.or(room.name.take());
            room.description = description;
            room.features = features;
        });
        context.tell(change);
        context.tell([Key::of_jid(Kind::RoomFeatures, room).changed()]);
        finish(context, call, Outcome::Entity(key(room)));
    } else {
        // A room that nobody has entered yet says nothing about itself.
        finish(context, call, outcome_of(answer));
    }
    if let Some(attempt) = attempt {
        join::step(context, room, attempt, answer);
    }
}
