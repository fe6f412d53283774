//! Those in a room, and those who belong to it, as they are listed; and what the user may do with each of them.

use std::rc::Rc;

use super::names;
use crate::store::{
    Attributes, Occupant, Room, Value,
    order::{self, Rank},
};

/// The list, made anew when something in it may have changed.
#[derive(Clone, Debug, Default)]
pub struct Occupants {
    ids: Vec<Rc<str>>,
    here: usize,
}

impl Occupants {
    /// Those whose name or address has `filter` in it, whatever the case: who is here by role and name, then who is not.
    pub fn new(room: &Room, filter: &str) -> Self {
        let wanted = names::lower(filter);
        let (mut ids, mut ranks) = (Vec::new(), Vec::<Rank>::with_capacity(room.occupants.len()));
        for (id, occupant) in room.occupants.entries() {
            let name = names::lower(name(occupant));
            let address = occupant.jid.as_ref().map_or("", |jid| jid.bare().as_str());
            if wanted.is_empty() || name.contains(&wanted) || address.contains(&wanted) {
                ranks.push((weight(occupant), name, ids.len()));
                ids.push(id);
            }
        }
        order::sort(&mut ranks);
        let here = ranks.iter().filter(|(weight, ..)| *weight < AWAY).count();
        let ids = ranks.iter().filter_map(|(.., place)| ids.get(*place).map(|id| Rc::clone(id))).collect();
        Self { ids, here }
    }

    pub fn len(&self) -> usize {
        self.ids.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// How many of them are in the room.
    pub fn here(&self) -> usize {
        self.here
    }

    /// What an element shows of those from the place `from` to before `to`. Who has gone since is left out.
    pub fn rows(&self, room: &Room, from: usize, to: usize) -> Vec<Attributes> {
        let to = to.min(self.ids.len());
        let ids = self.ids.get(from.min(to)..to).unwrap_or_default();
        ids.iter().filter_map(|id| Some(row(room, id, room.occupants.get(id)?))).collect()
    }
}

/// What the user may do with an occupant, in words for programs (XEP-0045 §5). The room has the last word.
pub fn actions(room: &Room, occupant: &Occupant) -> Vec<&'static str> {
    let own = is_own(room, occupant);
    let here = occupant.show.is_some();
    let (mine, theirs) = (rank(room.affiliation), rank(occupant.affiliation));
    let (outranks, moderates) = (mine > theirs, room.role == Some("moderator"));
    // Of whom nobody knows the address, nothing can be changed for good.
    let administers = mine >= ADMIN && occupant.jid.is_some() && !own && (outranks || mine == OWNER);
    let role = occupant.role.unwrap_or_default();
    let all = [
        ("message", here && !own),
        ("voice", moderates && here && role == "visitor"),
        ("mute", moderates && !own && here && role == "participant" && (outranks || theirs < ADMIN)),
        ("op", mine >= ADMIN && here && !own && role != "moderator"),
        ("deop", mine >= ADMIN && here && !own && role == "moderator" && theirs < ADMIN),
        ("kick", moderates && !own && here && (outranks || theirs < ADMIN)),
        ("ban", administers && outranks),
        ("member", administers && theirs != MEMBER),
        ("revoke", administers && theirs > NONE),
        ("admin", mine == OWNER && administers && theirs != ADMIN),
        ("owner", mine == OWNER && administers && theirs != OWNER),
    ];
    all.into_iter().filter_map(|(word, may)| may.then_some(word)).collect()
}

/// How much an affiliation is worth.
pub(super) fn rank(affiliation: Option<&str>) -> u8 {
    match affiliation {
        Some("owner") => OWNER,
        Some("admin") => ADMIN,
        Some("member") => MEMBER,
        Some("outcast") => 0,
        _ => NONE,
    }
}

const NONE: u8 = 1;
const MEMBER: u8 = 2;
pub(super) const ADMIN: u8 = 3;
pub(super) const OWNER: u8 = 4;

fn row(room: &Room, id: &str, occupant: &Occupant) -> Attributes {
    let badges = [occupant.affiliation, occupant.role].into_iter().flatten();
    let badges = badges.filter(|word| matches!(*word, "owner" | "admin" | "member" | "moderator" | "visitor"));
    Attributes::default()
        .with("id", id)
        .with("nick", occupant.nick.clone())
        .with("name", name(occupant))
        .with("jid", occupant.jid.as_ref().map(|jid| jid.bare().as_rc()))
        .with("show", occupant.show.unwrap_or("offline"))
        .with("status", occupant.status.clone())
        .with("role", occupant.role)
        .with("affiliation", occupant.affiliation)
        .with("own", is_own(room, occupant))
        .with("badges", Value::List(badges.map(Value::from).collect()))
        .with("actions", Value::List(actions(room, occupant).into_iter().map(Value::from).collect()))
}

fn name(occupant: &Occupant) -> &str {
    occupant.nick.as_deref().or(occupant.jid.as_ref().map(|jid| jid.bare().as_str())).unwrap_or_default()
}

fn is_own(room: &Room, occupant: &Occupant) -> bool {
    occupant.show.is_some() && occupant.nick.is_some() && occupant.nick == room.nick
}

/// Where somebody stands among the others.
fn weight(occupant: &Occupant) -> i64 {
    match (occupant.show, occupant.role) {
        (None, _) => AWAY,
        (_, Some("moderator")) => 1,
        (_, Some("visitor")) => 3,
        _ => 2,
    }
}

const AWAY: i64 = 4;
