//! XEP-0357: Push Notifications (version 0.4.1), the client's part.

use crate::{
    stanza::submit,
    xml::{Element, ns},
};

/// `<enable/>`: has the server tell `node` at `jid` of what arrives; `secret` lets it publish there (§5).
pub fn enable(jid: &str, node: &str, secret: Option<&str>) -> Element {
    let enable = Element::new("enable", ns::PUSH).with_attribute("jid", jid).with_attribute("node", node);
    match secret {
        Some(secret) => enable.with_child(submit(&ns::PUBLISH_OPTIONS, [("secret", secret)])),
        None => enable,
    }
}

/// `<disable/>`: has it not do so any more; without a node, for no node at `jid` (§6).
pub fn disable(jid: &str, node: Option<&str>) -> Element {
    let mut disable = Element::new("disable", ns::PUSH).with_attribute("jid", jid);
    if let Some(node) = node {
        disable.set_attribute("node", node);
    }
    disable
}
