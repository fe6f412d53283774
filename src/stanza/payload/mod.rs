//! What stanzas carry: one file per protocol, named by what it is for.

pub mod carbons;
pub mod ping;
pub mod roster;
pub mod rosterx;
