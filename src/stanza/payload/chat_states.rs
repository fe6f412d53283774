//! XEP-0085: Chat State Notifications (version 2.1).

use crate::xml::{Element, ns};

/// The states, in the words of the protocol and of the API.
pub const STATES: [&str; 5] = ["active", "composing", "paused", "inactive", "gone"];

/// The state that `message` tells, if it tells one.
pub fn of(message: &Element) -> Option<&'static str> {
    let state = message.children().find(|child| *child.namespace() == ns::CHAT_STATES)?;
    named(state.name())
}

/// The state that is written like this.
pub fn named(name: &str) -> Option<&'static str> {
    STATES.into_iter().find(|state| *state == name)
}

/// The element that tells `state`.
pub fn encode(state: &'static str) -> Element {
    Element::new(state, ns::CHAT_STATES)
}
