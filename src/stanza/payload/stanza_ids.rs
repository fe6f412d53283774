//! XEP-0359: Unique and Stable Stanza IDs (version 0.7.0).

use crate::{
    jid::BareJid,
    xml::{Element, ns},
};

/// The longest id that is remembered. Archives use some dozens of characters.
pub const MAX_ID_BYTES: usize = 1024;

/// The id that `by` gave to `message`. Only `by` itself may say that it did: whoever calls must know that `by` does so
/// for all it passes on, and takes out what others have written (§4, §6).
pub fn assigned_by<'a>(message: &'a Element, by: &BareJid) -> Option<&'a str> {
    let mut ids = message.children().filter(|child| child.is("stanza-id", &ns::STANZA_IDS));
    let id = ids.find(|id| id.attribute("by").and_then(|by| BareJid::new(by).ok()).as_ref() == Some(by))?;
    id.attribute("id").filter(|id| !id.is_empty() && id.len() <= MAX_ID_BYTES)
}

/// The id that the sender's client gave to `message`.
pub fn origin_id(message: &Element) -> Option<&str> {
    let id = message.child("origin-id", &ns::STANZA_IDS)?.attribute("id")?;
    (!id.is_empty() && id.len() <= MAX_ID_BYTES).then_some(id)
}

/// The element that says the client's own id.
pub fn encode_origin(id: &str) -> Element {
    Element::new("origin-id", ns::STANZA_IDS).with_attribute("id", id)
}
