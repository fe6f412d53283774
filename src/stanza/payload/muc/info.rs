//! What a room says about itself (XEP-0045 §§6.4, 6.6, 15.5.4), and who somebody in it is by
//! XEP-0421: Occupant identifiers for semi-anonymous MUCs (version 1.0.1).

use super::bounded;
use crate::xml::{Element, ns};

/// The most features of a room that are read.
const MAX_FEATURES: usize = 500;
/// The longest id of an occupant that is remembered.
const MAX_ID_BYTES: usize = 1024;
/// The node that knows the user's nickname.
const RESERVED_NICK: &str = "x-roomuser-item";

/// What a room says about itself.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Info {
    pub name: Option<String>,
    pub features: Vec<String>,
}

/// `<query/>` to ask a room what it is.
pub fn info() -> Element {
    Element::new("query", ns::DISCO_INFO)
}

/// `<query/>` to ask a room which nickname the user has registered with it (§7.12).
pub fn reserved_nick() -> Element {
    info().with_attribute("node", RESERVED_NICK)
}

/// The nickname in the answer to that.
pub fn reserved_nick_in(query: &Element) -> Option<String> {
    if !query.is("query", &ns::DISCO_INFO) || query.attribute("node") != Some(RESERVED_NICK) {
        return None;
    }
    let name = query.child("identity", &ns::DISCO_INFO)?.attribute("name")?;
    Some(name.to_owned()).filter(|name| !name.is_empty())
}

/// What the room itself calls the occupant who sent `stanza`. To be asked only of rooms that say that they do so: those
/// take out what others have written (XEP-0421 §4).
pub fn occupant_id(stanza: &Element) -> Option<&str> {
    let id = stanza.child("occupant-id", &ns::OCCUPANT_ID)?.attribute("id")?;
    (!id.is_empty() && id.len() <= MAX_ID_BYTES).then_some(id)
}

impl Info {
    /// Reads the `<query/>` of an answer; `None` if it is none.
    pub fn decode(query: &Element) -> Option<Self> {
        if !query.is("query", &ns::DISCO_INFO) {
            return None;
        }
        let identity = query
            .children()
            .find(|child| child.is("identity", &ns::DISCO_INFO) && child.attribute("category") == Some("conference"));
        let name = identity.and_then(|identity| identity.attribute("name")).filter(|name| !name.is_empty());
        let features = query.children().filter(|child| child.is("feature", &ns::DISCO_INFO)).take(MAX_FEATURES);
        Some(Self {
            name: name.map(|name| bounded(name.to_owned())),
            features: features.filter_map(|feature| feature.attribute("var").map(str::to_owned)).collect(),
        })
    }

    /// Whether the room has this feature.
    pub fn has(&self, feature: &str) -> bool {
        self.features.iter().any(|known| known == feature)
    }
}
