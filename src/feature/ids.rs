//! Ids that an archive or a room has given: only these two say what is the same, and who it was. Nothing but what is checked
//! here becomes one.

use std::rc::Rc;

use super::Context;
use crate::{
    jid::BareJid,
    stanza::payload::{mam::Archived, muc, stanza_ids},
    store::Room,
    xml::Element,
};

/// The id that an archive gave to a message (XEP-0359 §6).
#[derive(Clone, Debug)]
pub struct ArchiveId(Rc<str>);

/// What a room calls the occupant who sent something (XEP-0421 §5).
pub struct OccupantId(Rc<str>);

impl ArchiveId {
    /// The id of a result, which the archive itself has sent.
    pub fn of(result: &Archived) -> Self {
        Self(result.id.clone())
    }

    /// The id that the account's archive gave to `message`, which came by itself: that the archive has it is noted. Only a
    /// server that says so takes out the ids that others gave in its name.
    pub fn of_live(context: &mut Context<'_>, message: &Element) -> Option<Self> {
        let account = context.account();
        let id = stanza_ids::assigned_by(message, account).filter(|_| context.store.assigns_ids)?;
        let (account, id) = (account.as_rc(), Rc::from(id));
        context.store.archives.note(&account, &id);
        Some(Self(id))
    }

    /// The id that `room` gave to `message`, if it says that it gives all of them one.
    pub fn of_room(context: &Context<'_>, room: &BareJid, message: &Element) -> Option<Self> {
        let assigns = context.store.rooms.get(room).is_some_and(|room| room.features.assigns_ids);
        stanza_ids::assigned_by(message, room).filter(|_| assigns).map(|id| Self(id.into()))
    }

    pub fn as_rc(&self) -> &Rc<str> {
        &self.0
    }

    pub fn into_rc(self) -> Rc<str> {
        self.0
    }
}

impl OccupantId {
    /// Who sent `stanza`, which came from `room`, if that says of everybody who they are: others take out what their
    /// occupants wrote.
    pub fn of(room: &Room, stanza: &Element) -> Option<Self> {
        muc::occupant_id(stanza).filter(|_| room.features.occupant_ids).map(|id| Self(id.into()))
    }

    pub fn into_rc(self) -> Rc<str> {
        self.0
    }
}
