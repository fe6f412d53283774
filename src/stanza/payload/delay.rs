//! XEP-0203: Delayed Delivery (version 2.0).

use crate::{
    jid::Jid,
    time::Timestamp,
    xml::{Element, ns},
};

/// When `element` was sent, as somebody says who is `believed`: anybody can write that. Of several the latest counts, for
/// the author of a stanza may have written one before the server did.
pub fn of(element: &Element, believed: impl Fn(&Jid) -> bool) -> Option<Timestamp> {
    let delays = element.children().filter(|child| child.is("delay", &ns::DELAY));
    let by = |delay: &Element| delay.attribute("from").and_then(|by| Jid::new(by).ok());
    let delays = delays.filter(|delay| by(delay).is_some_and(|by| believed(&by)));
    delays.filter_map(|delay| Timestamp::parse(delay.attribute("stamp")?)).max()
}
