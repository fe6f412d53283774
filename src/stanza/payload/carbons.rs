//! XEP-0280: Message Carbons (version 1.0.1), with XEP-0297: Stanza Forwarding (version 1.0).

use crate::{
    jid::BareJid,
    stanza::{Message, MessageType},
    xml::{Element, ns},
};

/// A copy of a message that another client of the account sent or received, told by the account itself and by nobody
/// else (XEP-0280 §11).
#[derive(Clone, Copy, Debug)]
pub struct Carbon<'a> {
    message: &'a Element,
}

/// `<enable/>`: asks for carbons.
pub fn enable() -> Element {
    Element::new("enable", ns::CARBONS)
}

/// Whether `message` has the form of a carbon, whoever sent it.
pub fn is_carbon(message: &Message) -> bool {
    message.element().children().any(|child| *child.namespace() == ns::CARBONS && child.name() != "private")
}

impl<'a> Carbon<'a> {
    /// The message inside `message`, if the account `me` itself sent it. One of a room, or one that is a carbon in its
    /// turn, is none.
    pub fn from_own_account(message: &'a Message, me: &BareJid) -> Option<Self> {
        let own = message.from.as_ref().is_some_and(|from| from.is_bare() && from.bare() == me);
        let copy = message
            .element()
            .children()
            .find(|child| *child.namespace() == ns::CARBONS && matches!(child.name(), "received" | "sent"));
        let copy = copy.filter(|_| own)?;
        let inner = copy.child("forwarded", &ns::FORWARD)?.child("message", &ns::CLIENT)?;
        let nested = inner.children().any(|child| *child.namespace() == ns::CARBONS && child.name() != "private");
        let allowed = !nested && MessageType::of(inner) != MessageType::Groupchat;
        allowed.then_some(Self { message: inner })
    }

    /// The message that was copied.
    pub fn message(self) -> &'a Element {
        self.message
    }
}
