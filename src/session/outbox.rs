//! What callers handed over and no stream has taken yet.

use std::collections::VecDeque;

use crate::{
    stream::{Sent, Ticket},
    xml::{Element, ns},
};

/// The most stanzas that wait. A caller who goes on is told so.
pub const MAX_WAITING: usize = 10_000;

/// Stanzas in the order of their tickets.
#[derive(Clone, Debug, Default)]
pub(super) struct Outbox {
    last: u64,
    waiting: VecDeque<Sent>,
}

impl Outbox {
    /// A ticket that was never given before.
    pub(super) fn ticket(&mut self) -> Ticket {
        // An earlier page may have left any number.
        self.last = self.last.wrapping_add(1);
        Ticket(self.last)
    }

    /// Whether there is room for another stanza.
    pub(super) fn has_room(&self) -> bool {
        self.waiting.len() < MAX_WAITING
    }

    /// Keeps a stanza for the next stream.
    pub(super) fn push(&mut self, sent: Sent) {
        self.waiting.push_back(sent);
    }

    /// Puts back what was sent before all that waits.
    pub(super) fn put_back(&mut self, sent: Vec<Sent>) {
        for sent in sent.into_iter().rev() {
            self.waiting.push_front(sent);
        }
    }

    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Whether the stanza `id` waits.
    pub(super) fn holds(&self, id: &str) -> bool {
        self.waiting.iter().any(|sent| sent.stanza.attribute("id") == Some(id))
    }

    /// All that waits.
    pub(super) fn into_waiting(self) -> VecDeque<Sent> {
        self.waiting
    }

    /// Takes out all that waits.
    pub(super) fn take(&mut self) -> VecDeque<Sent> {
        std::mem::take(&mut self.waiting)
    }

    /// Takes out all that waits but makes sense only on the stream it was meant for: everything but messages.
    pub(super) fn take_fleeting(&mut self) -> VecDeque<Sent> {
        let (messages, fleeting) = self.take().into_iter().partition(|sent| is_message(&sent.stanza));
        self.waiting = messages;
        fleeting
    }

    /// The outbox for [`Self::decode`].
    pub(super) fn encode(&self) -> Element {
        let mut outbox = Element::new("outbox", ns::CACHE).with_attribute("last", self.last.to_string());
        self.waiting.iter().for_each(|sent| outbox.push_written(sent.encode()));
        outbox
    }

    /// Reads what [`Self::encode`] wrote; `None` if somebody else wrote it.
    pub(super) fn decode(element: &Element) -> Option<Self> {
        if !element.is("outbox", &ns::CACHE) {
            return None;
        }
        let last = element.attribute("last")?.parse().ok()?;
        Some(Self { last, waiting: element.children().map(Sent::decode).collect::<Option<_>>()? })
    }
}

/// Whether `stanza` is for a person, and so worth sending later.
pub(super) fn is_message(stanza: &Element) -> bool {
    stanza.is("message", &ns::CLIENT)
}
