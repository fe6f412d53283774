//! What the server has of what was sent, by whatever way it tells.

use std::collections::VecDeque;

use crate::{
    stream::{AckError, MAX_UNACKED, Management, Sent},
    xml::{Element, ns},
};

/// So many stanzas may be without an acknowledgement that what others ask is answered still. Each is written again with every
/// step of the session, and anybody can ask faster than a server acknowledges.
const MAX_OWED: usize = 100;

/// The stanzas of one stream that the server may not have yet.
#[derive(Clone, Debug)]
pub(super) enum Acks {
    /// The server counts them (XEP-0198).
    Managed(Management),
    /// The answers to BOSH requests say what has arrived; each stanza with its place among all elements sent.
    Counted { unacked: VecDeque<(u64, Sent)> },
    /// The server says nothing, but does one thing after another: when it answers a ping, it has all that went before.
    Pinged { unacked: VecDeque<Sent>, ping: Option<Ping> },
}

/// A ping under way.
#[derive(Clone, Debug)]
pub(super) struct Ping {
    pub(super) id: String,
    /// How many of the unacknowledged stanzas went before it.
    covers: usize,
}

impl Acks {
    /// For a stream without stream management.
    pub(super) fn pinged() -> Self {
        Self::Pinged { unacked: VecDeque::new(), ping: None }
    }

    /// For a BOSH session.
    pub(super) fn counted() -> Self {
        Self::Counted { unacked: VecDeque::new() }
    }

    /// Remembers a stanza that was sent; its place among all elements that were, where the transport counts them.
    pub(super) fn push(&mut self, stanza: Sent, place: Option<u64>) {
        match self {
            Self::Managed(management) => management.push(stanza),
            Self::Counted { unacked } => unacked.push_back((place.unwrap_or(u64::MAX), stanza)),
            Self::Pinged { unacked, .. } => unacked.push_back(stanza),
        }
    }

    /// Whether there is room for another stanza that the server may not have.
    pub(super) fn has_room(&self) -> bool {
        self.count() < MAX_UNACKED
    }

    /// Whether what others ask is to be answered still.
    pub(super) fn has_room_for_answers(&self) -> bool {
        self.count() < MAX_OWED
    }

    fn count(&self) -> usize {
        match self {
            Self::Managed(management) => management.unacked_count(),
            Self::Counted { unacked } => unacked.len(),
            Self::Pinged { unacked, .. } => unacked.len(),
        }
    }

    /// Whether something was sent that nobody asked about yet; `id` is for the ping to ask with.
    pub(super) fn poll_ping(&mut self, id: impl FnOnce() -> String) -> Option<String> {
        match self {
            Self::Pinged { unacked, ping: ping @ None } if !unacked.is_empty() => {
                let id = id();
                *ping = Some(Ping { id: id.clone(), covers: unacked.len() });
                Some(id)
            }
            _ => None,
        }
    }

    /// Takes in that the ping `id` was answered; the stanzas before it have arrived. `None` if it was not ours.
    pub(super) fn handle_pong(&mut self, id: &str) -> Option<Vec<Sent>> {
        let Self::Pinged { unacked, ping } = self else { return None };
        let pinged = ping.take_if(|ping| ping.id == id)?;
        let covered = pinged.covers.min(unacked.len());
        Some(unacked.drain(..covered).collect())
    }

    /// Takes in that the server has `accepted` elements of all that were sent over BOSH.
    pub(super) fn handle_accepted(&mut self, accepted: u64) -> Vec<Sent> {
        let Self::Counted { unacked } = self else { return Vec::new() };
        let arrived = unacked.partition_point(|(place, _)| *place <= accepted);
        unacked.drain(..arrived).map(|(_, sent)| sent).collect()
    }

    /// Takes out what is not among the first `left` elements, which are all that have left, over BOSH.
    pub(super) fn take_unsent(&mut self, left: u64) -> Vec<Sent> {
        let Self::Counted { unacked } = self else { return Vec::new() };
        let gone = unacked.partition_point(|(place, _)| *place <= left);
        unacked.split_off(gone).into_iter().map(|(_, sent)| sent).collect()
    }

    /// Takes in `<a/>`.
    pub(super) fn handle_answer(&mut self, answer: &Element) -> Result<Vec<Sent>, AckError> {
        match self {
            Self::Managed(management) => management.handle_answer(answer),
            // Answers nobody asked for say nothing.
            Self::Counted { .. } | Self::Pinged { .. } => Ok(Vec::new()),
        }
    }

    /// Stream management, where there is some.
    pub(super) fn management(&mut self) -> Option<&mut Management> {
        match self {
            Self::Managed(management) => Some(management),
            Self::Counted { .. } | Self::Pinged { .. } => None,
        }
    }

    /// Stream management, if its stream can be resumed.
    pub(super) fn resumable(&self) -> Option<&Management> {
        match self {
            Self::Managed(management) => Some(management).filter(|management| management.is_resumable()),
            Self::Counted { .. } | Self::Pinged { .. } => None,
        }
    }

    /// Whether the server may not have the stanza `id`.
    pub(super) fn holds(&self, id: &str) -> bool {
        let is = |sent: &Sent| sent.stanza.attribute("id") == Some(id);
        match self {
            Self::Managed(management) => management.unacked().any(is),
            Self::Counted { unacked } => unacked.iter().any(|(_, sent)| is(sent)),
            Self::Pinged { unacked, .. } => unacked.iter().any(is),
        }
    }

    /// What the server may not have, in order.
    pub(super) fn into_unacked(self) -> Vec<Sent> {
        match self {
            Self::Managed(management) => management.into_unacked().into(),
            Self::Counted { unacked } => unacked.into_iter().map(|(_, sent)| sent).collect(),
            Self::Pinged { unacked, .. } => unacked.into(),
        }
    }
}

/// For the cache.
impl Acks {
    /// What is remembered, for [`Self::decode`].
    pub(super) fn encode(&self) -> Element {
        let acks = Element::new("acks", ns::CACHE);
        match self {
            Self::Managed(management) => acks.with_child(management.encode()),
            Self::Counted { unacked } => {
                let acks = acks.with_attribute("counted", "true");
                unacked.iter().fold(acks, |all, (place, sent)| all.with_child(at(*place, sent)))
            }
            Self::Pinged { unacked, .. } => unacked.iter().fold(acks, |all, sent| all.with_child(at(0, sent))),
        }
    }

    /// Reads what [`Self::encode`] wrote; `None` if somebody else wrote it.
    pub(super) fn decode(acks: &Element) -> Option<Self> {
        let child = |name| acks.children().find(|child| child.is(name, &ns::CACHE));
        if let Some(management) = child("management") {
            return Some(Self::Managed(Management::decode(management)?));
        }
        let mut unacked = VecDeque::new();
        for at in acks.children() {
            let place = at.attribute("place")?.parse().ok()?;
            unacked.push_back((place, Sent::decode(at.children().next()?)?));
        }
        Some(match acks.attribute("counted") {
            Some(_) => Self::Counted { unacked },
            None => Self::Pinged { unacked: unacked.into_iter().map(|(_, sent)| sent).collect(), ping: None },
        })
    }
}

/// A stanza with its place.
fn at(place: u64, sent: &Sent) -> Element {
    let mut at = Element::new("at", ns::CACHE).with_attribute("place", place.to_string());
    at.push_written(sent.encode());
    at
}
