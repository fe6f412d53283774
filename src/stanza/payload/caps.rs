//! XEP-0115: Entity Capabilities (version 1.6.0): what stands in a presence. What it stands for is in `feature/caps.rs`.

use crate::xml::{Element, ns};

/// The longest name of a program, and of what it can do, that is remembered, in bytes.
pub const MAX_BYTES: usize = 300;

/// What a client says it can do: the hash of an answer to disco#info.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Caps {
    /// The program.
    pub node: String,
    /// The SHA-1, in base64.
    pub ver: String,
}

impl Caps {
    /// Reads the `<c/>` in `presence`. One with another hash says nothing that could be verified here.
    pub fn decode(presence: &Element) -> Option<Self> {
        let c = presence.child("c", &ns::CAPS).filter(|c| c.attribute("hash") == Some("sha-1"))?;
        let text = |name| c.attribute(name).filter(|text| !text.is_empty() && text.len() <= MAX_BYTES);
        Some(Self { node: text("node")?.to_owned(), ver: text("ver")?.to_owned() })
    }

    /// The `<c/>` that says so.
    pub fn encode(&self) -> Element {
        let c = Element::new("c", ns::CAPS).with_attribute("hash", "sha-1");
        c.with_attribute("node", self.node.as_str()).with_attribute("ver", self.ver.as_str())
    }

    /// The node to ask for the answer that this is the hash of (XEP-0115 §6.2).
    pub fn disco_node(&self) -> String {
        [self.node.as_str(), "#", self.ver.as_str()].concat()
    }
}
