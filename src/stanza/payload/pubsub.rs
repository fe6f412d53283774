//! XEP-0060: Publish-Subscribe (version 1.26.0), as far as needed for
//! XEP-0163: Personal Eventing Protocol (version 1.2.2), and for what only the user may read with
//! XEP-0223: Persistent Storage of Private Data via PubSub (version 1.1.1).

use crate::{
    jid::BareJid,
    stanza::{Message, submit},
    xml::{Element, ns},
};

/// The most items of one answer or event that are read.
pub const MAX_ITEMS: usize = 5_000;

/// What a node must be like for something to be published there: names and values.
pub type Options = [(String, String)];

/// What happened at a node of the user's own account, told by that and by nobody else (XEP-0223 §5).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OwnEvent<'a> {
    node: &'a str,
    news: Vec<News<'a>>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum News<'a> {
    /// This item was published, with this in it.
    Published(&'a str, &'a Element),
    Retracted(&'a str),
    /// No item is left.
    Emptied,
}

/// `<pubsub/>` to publish `item` at a node that is as `options` say, if they say anything.
pub fn publish(node: &str, item: Element, options: Option<&Options>) -> Element {
    let publish = Element::new("publish", ns::PUBSUB).with_attribute("node", node).with_child(item);
    let pubsub = Element::new("pubsub", ns::PUBSUB).with_child(publish);
    let Some(options) = options.filter(|options| !options.is_empty()) else { return pubsub };
    let form = submit(&ns::PUBLISH_OPTIONS, options.iter().map(|(var, value)| (var.as_str(), value.as_str())));
    pubsub.with_child(Element::new("publish-options", ns::PUBSUB).with_child(form))
}

/// `<pubsub/>` to make a node as `options` say.
pub fn configure(node: &str, options: &Options) -> Element {
    let form = submit(&ns::PUBSUB_NODE_CONFIG, options.iter().map(|(var, value)| (var.as_str(), value.as_str())));
    let configure = Element::new("configure", ns::PUBSUB_OWNER).with_attribute("node", node).with_child(form);
    Element::new("pubsub", ns::PUBSUB_OWNER).with_child(configure)
}

/// `<pubsub/>` to take an item out, and to tell so.
pub fn retract(node: &str, id: &str) -> Element {
    let item = Element::new("item", ns::PUBSUB).with_attribute("id", id);
    let retract = Element::new("retract", ns::PUBSUB).with_attribute("node", node).with_attribute("notify", "true");
    Element::new("pubsub", ns::PUBSUB).with_child(retract.with_child(item))
}

/// `<pubsub/>` to ask for the items of a node.
pub fn items(node: &str) -> Element {
    let items = Element::new("items", ns::PUBSUB).with_attribute("node", node);
    Element::new("pubsub", ns::PUBSUB).with_child(items)
}

/// `<item/>` with this in it.
pub fn item(id: &str, content: Element) -> Element {
    Element::new("item", ns::PUBSUB).with_attribute("id", id).with_child(content)
}

/// The items of `node` in an answer, by their ids.
pub fn decode_items<'a>(pubsub: &'a Element, node: &str) -> Vec<(&'a str, &'a Element)> {
    let items = pubsub.child("items", &ns::PUBSUB).filter(|items| items.attribute("node") == Some(node));
    let item = |item: &'a Element| Some((item.attribute("id")?, item.children().next()?));
    items.into_iter().flat_map(Element::children).filter_map(item).take(MAX_ITEMS).collect()
}

/// Whether an error says that the node is not as it must be (XEP-0060 §7.1.3.3).
pub fn is_precondition_not_met(iq: &Element) -> bool {
    let error = iq.child("error", &ns::CLIENT);
    error.is_some_and(|error| error.child("precondition-not-met", &ns::PUBSUB_ERRORS).is_some())
}

impl<'a> OwnEvent<'a> {
    /// Reads the event in `message`. `None` unless it comes from the account `me` itself, which is from no address or
    /// its bare one.
    pub fn from_own_account(message: &'a Message, me: &BareJid) -> Option<Self> {
        let own = message.from.as_ref().is_none_or(|from| from.is_bare() && from.bare() == me);
        let event = message.element().child("event", &ns::PUBSUB_EVENT).filter(|_| own)?;
        let what = event.children().find(|child| child.attribute("node").is_some())?;
        let news = match what.name() {
            "items" => what.children().filter_map(News::decode).take(MAX_ITEMS).collect(),
            "purge" | "delete" => vec![News::Emptied],
            _ => return None,
        };
        Some(Self { node: what.attribute("node")?, news })
    }

    /// The node, and what happened there.
    pub fn into_parts(self) -> (&'a str, Vec<News<'a>>) {
        (self.node, self.news)
    }
}

impl<'a> News<'a> {
    fn decode(item: &'a Element) -> Option<Self> {
        let id = item.attribute("id")?;
        match item.name() {
            "item" => Some(Self::Published(id, item.children().next()?)),
            "retract" => Some(Self::Retracted(id)),
            _ => None,
        }
    }
}
