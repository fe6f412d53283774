//! What waits for a request to take it along.

use std::collections::VecDeque;

use crate::xml::{Element, WriteError, ns};

/// The most bytes of elements that share a body; an element beyond that travels alone. What must be repeated as a whole
/// when an answer is lost should be small, and a browser posts no more than this while its page is being left.
pub const MAX_BODY_BYTES: usize = 60 * 1024;

/// Elements and restarts, in the order they were handed over.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    items: VecDeque<Item>,
    bytes: usize,
}

#[derive(Debug)]
enum Item {
    Element {
        xml: String,
        /// Whether it is a stanza or as good as one, not a part of the negotiation of the stream.
        stanza: bool,
    },
    Restart,
}

/// What one request takes along.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) xml: String,
    pub(super) elements: u64,
    pub(super) restart: bool,
    /// Whether there are only stanzas in it.
    pub(super) stanzas: bool,
}

impl Outbox {
    /// An outbox with stanzas that are written already.
    pub(super) fn with_stanzas(stanzas: Vec<String>) -> Self {
        let mut outbox = Self::default();
        for xml in stanzas {
            outbox.push_item(Item::Element { xml, stanza: true });
        }
        outbox
    }

    /// Adds an element. It says its own namespace, so that a stanza is not taken for one of BOSH's.
    pub(super) fn push(&mut self, element: &Element) -> Result<(), WriteError> {
        let mut xml = String::with_capacity(128);
        element.write(&mut xml, Some(&ns::HTTP_BIND))?;
        // A page says that nobody is looking just when it is being left (XEP-0352).
        let stanza = is_stanza(element) || *element.namespace() == ns::CSI;
        self.push_item(Item::Element { xml, stanza });
        Ok(())
    }

    pub(super) fn push_restart(&mut self) {
        self.push_item(Item::Restart);
    }

    /// Forgets restarts that were not sent: the stream is being closed.
    pub(super) fn drop_restarts(&mut self) {
        self.items.retain(|item| matches!(item, Item::Element { .. }));
    }

    /// Takes what the next request is to carry, if there is anything. A restart travels alone (XEP-0206 §5).
    pub(super) fn take(&mut self) -> Option<Batch> {
        let mut batch = Batch { stanzas: true, ..Batch::default() };
        while let Some(item) = self.items.pop_front() {
            match item {
                Item::Restart if batch.elements == 0 => return Some(Batch { restart: true, ..Batch::default() }),
                Item::Element { xml, stanza }
                    if batch.elements == 0 || batch.xml.len() + xml.len() <= MAX_BODY_BYTES =>
                {
                    self.bytes = self.bytes.saturating_sub(xml.len());
                    batch.xml.push_str(&xml);
                    batch.elements += 1;
                    batch.stanzas &= stanza;
                }
                item => {
                    self.items.push_front(item);
                    break;
                }
            }
        }
        (batch.elements > 0).then_some(batch)
    }

    /// Whether everything that waits fits in one request.
    pub(super) fn fits_one_body(&self) -> bool {
        self.items.len() <= 1 || self.bytes <= MAX_BODY_BYTES
    }

    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// How many elements wait.
    pub(super) fn elements(&self) -> u64 {
        self.items.iter().map(|item| u64::from(matches!(item, Item::Element { .. }))).sum()
    }

    /// What waits, if it is only stanzas.
    pub(super) fn stanzas(&self) -> Option<Vec<String>> {
        let stanza = |item: &Item| match item {
            Item::Element { xml, stanza: true } => Some(xml.clone()),
            Item::Element { .. } | Item::Restart => None,
        };
        self.items.iter().map(stanza).collect()
    }

    fn push_item(&mut self, item: Item) {
        if let Item::Element { xml, .. } = &item {
            self.bytes += xml.len();
        }
        self.items.push_back(item);
    }
}

/// Whether `element` is a stanza (RFC 6120 §8).
pub(super) fn is_stanza(element: &Element) -> bool {
    *element.namespace() == ns::CLIENT && matches!(element.name(), "message" | "presence" | "iq")
}
