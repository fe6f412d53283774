//! What waits for a request to take it along.

use std::collections::VecDeque;

use crate::{
    stream::is_stanza,
    xml::{Element, WriteError, ns},
};

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
        /// Whether another page may send it: it is no part of the negotiation of the stream.
        storable: bool,
    },
    Restart,
}

/// What one request takes along.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) xml: String,
    pub(super) elements: u64,
    pub(super) restart: bool,
    /// Whether another page may repeat it.
    pub(super) storable: bool,
}

impl Outbox {
    /// An outbox with what [`Self::stored`] said on an earlier page.
    pub(super) fn restored(elements: Vec<String>) -> Self {
        let mut outbox = Self::default();
        for xml in elements {
            outbox.push_item(Item::Element { xml, storable: true });
        }
        outbox
    }

    /// Adds an element. It says its own namespace, so that a stanza is not taken for one of BOSH's.
    pub(super) fn push(&mut self, element: &Element) -> Result<(), WriteError> {
        let mut xml = String::with_capacity(128);
        element.write(&mut xml, Some(&ns::HTTP_BIND))?;
        self.push_item(Item::Element { xml, storable: is_storable(element) });
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
        let mut batch = Batch { storable: true, ..Batch::default() };
        while let Some(item) = self.items.pop_front() {
            match item {
                Item::Restart if batch.elements == 0 => return Some(Batch { restart: true, ..Batch::default() }),
                Item::Element { xml, storable }
                    if batch.elements == 0 || batch.xml.len().saturating_add(xml.len()) <= MAX_BODY_BYTES =>
                {
                    self.bytes = self.bytes.saturating_sub(xml.len());
                    batch.xml.push_str(&xml);
                    batch.elements = batch.elements.saturating_add(1);
                    batch.storable &= storable;
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

    /// What waits, if another page may send it.
    pub(super) fn stored(&self) -> Option<Vec<String>> {
        let store = |item: &Item| match item {
            Item::Element { xml, storable: true } => Some(xml.clone()),
            Item::Element { .. } | Item::Restart => None,
        };
        self.items.iter().map(store).collect()
    }

    fn push_item(&mut self, item: Item) {
        if let Item::Element { xml, .. } = &item {
            self.bytes = self.bytes.saturating_add(xml.len());
        }
        self.items.push_back(item);
    }
}

/// Whether another page may send `element`, in whatever state the stream is then. The last thing that a page says as it
/// goes is that nobody looks at it any more.
fn is_storable(element: &Element) -> bool {
    is_stanza(element) || *element.namespace() == ns::CSI
}
