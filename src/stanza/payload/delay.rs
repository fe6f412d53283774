//! XEP-0203: Delayed Delivery (version 2.0).

use crate::{
    jid::Jid,
    time::Timestamp,
    xml::{Element, ns},
};

/// When a stanza was sent, as `by` says. Anybody can write that: who it is decides whether it counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Delay {
    pub stamp: Timestamp,
    pub by: Option<Jid>,
}

/// The delay that `element` carries; one that makes no sense is none.
pub fn of(element: &Element) -> Option<Delay> {
    let delay = element.child("delay", &ns::DELAY)?;
    let stamp = Timestamp::parse(delay.attribute("stamp")?)?;
    Some(Delay { stamp, by: delay.attribute("from").and_then(|by| Jid::new(by).ok()) })
}
