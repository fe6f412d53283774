//! What somebody says who enters a room (XEP-0045 §7.2).

use crate::{
    time::Timestamp,
    xml::{Element, ns},
};

/// How much of what was said before the room is to tell (§7.2.13). What says nothing leaves it to the room.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct History {
    /// The most messages.
    pub max: Option<u32>,
    /// Only what was said since.
    pub since: Option<Timestamp>,
}

/// `<x/>` for the presence of somebody who enters.
pub fn join(history: History, password: Option<&str>) -> Element {
    let mut x = Element::new("x", ns::MUC);
    if history != History::default() {
        let mut element = Element::new("history", ns::MUC);
        if let Some(max) = history.max {
            element.set_attribute("maxstanzas", max.to_string());
        }
        if let Some(since) = history.since {
            element.set_attribute("since", since.to_text());
        }
        x.push(element);
    }
    if let Some(password) = password {
        x.push(Element::new("password", ns::MUC).with_text(password));
    }
    x
}
