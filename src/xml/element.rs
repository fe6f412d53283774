//! An element with its attributes and children: what a stanza is between the socket and the features.

use std::borrow::Cow;

use super::{Written, ns};

/// The local name of an element or attribute.
pub type Name = Cow<'static, str>;

/// A namespace name. The known ones are borrowed, and comparing two of them is usually comparing two addresses.
#[derive(Clone, Debug, Eq)]
pub struct Namespace(Cow<'static, str>);

impl Namespace {
    /// A namespace known when this library was compiled; these stand in [`ns`] only.
    pub(super) const fn known(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// The namespace called `name`, borrowed from [`ns`] where it stands there.
    pub fn new(name: &str) -> Self {
        match ns::KNOWN.iter().find(|known| known.as_str() == name) {
            Some(known) => known.clone(),
            None => Self(Cow::Owned(name.to_owned())),
        }
    }

    /// The namespace name as it stands in `xmlns`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PartialEq for Namespace {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.as_str(), other.as_str()) || self.as_str() == other.as_str()
    }
}

/// An attribute. Most have no namespace; those that have one keep their prefix, because some servers read only that.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Attribute {
    pub name: Name,
    /// The prefix and the namespace it is bound to.
    pub prefixed: Option<Box<(Name, Namespace)>>,
    pub value: String,
}

/// What stands between the tags of an element.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Node {
    Element(Element),
    Text(String),
    /// An element that was written before. It is for the writer alone: nobody reads what stands in it.
    Written(Written),
}

/// An element, its attributes and its children, in document order.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Element {
    name: Name,
    namespace: Namespace,
    attributes: Vec<Attribute>,
    nodes: Vec<Node>,
}

impl Element {
    /// An element without attributes and children.
    pub fn new(name: impl Into<Name>, namespace: Namespace) -> Self {
        Self { name: name.into(), namespace, attributes: Vec::new(), nodes: Vec::new() }
    }

    /// The same element with one more attribute.
    #[must_use]
    pub fn with_attribute(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.set_attribute(name, value);
        self
    }

    /// The same element with an attribute in a namespace, such as `xmpp:version`.
    #[must_use]
    pub fn with_prefixed_attribute(
        mut self,
        prefix: &'static str,
        namespace: Namespace,
        name: &'static str,
        value: impl Into<String>,
    ) -> Self {
        let prefixed = Some(Box::new((Cow::Borrowed(prefix), namespace)));
        self.attributes.push(Attribute { name: Cow::Borrowed(name), prefixed, value: value.into() });
        self
    }

    /// The same element with one more child at its end.
    #[must_use]
    pub fn with_child(mut self, child: Element) -> Self {
        self.push(child);
        self
    }

    /// The same element with text at its end.
    #[must_use]
    pub fn with_text(mut self, text: impl Into<String>) -> Self {
        self.push_text(text.into());
        self
    }

    /// Sets the attribute `name`, which has no namespace, replacing the value it had.
    pub fn set_attribute(&mut self, name: impl Into<Name>, value: impl Into<String>) {
        let (name, value) = (name.into(), value.into());
        match self.attributes.iter_mut().find(|a| a.prefixed.is_none() && a.name == name) {
            Some(attribute) => attribute.value = value,
            None => self.attributes.push(Attribute { name, prefixed: None, value }),
        }
    }

    /// The same element in the namespace `to`, and so all descendants that share the namespace it had with their parent.
    #[must_use]
    pub fn moved_to(mut self, to: &Namespace) -> Self {
        let from = std::mem::replace(&mut self.namespace, to.clone());
        for node in &mut self.nodes {
            match node {
                Node::Element(child) if child.namespace == from => {
                    let empty = Self::new("", to.clone());
                    *child = std::mem::replace(child, empty).moved_to(to);
                }
                Node::Element(_) | Node::Text(_) | Node::Written(_) => {}
            }
        }
        self
    }

    /// Adds a child at the end.
    pub fn push(&mut self, child: Element) {
        self.nodes.push(Node::Element(child));
    }

    /// Adds text at the end, joined to the text that is there.
    pub fn push_text(&mut self, text: String) {
        match self.nodes.last_mut() {
            Some(Node::Text(last)) => last.push_str(&text),
            _ if text.is_empty() => {}
            _ => {
                // Where there is text there is seldom more. A vector that grows by itself begins with room for four.
                if self.nodes.is_empty() {
                    self.nodes.reserve_exact(1);
                }
                self.nodes.push(Node::Text(text));
            }
        }
    }

    /// Adds a child that was written before at the end.
    pub fn push_written(&mut self, child: Written) {
        self.nodes.push(Node::Written(child));
    }

    pub(super) fn reserve_attributes(&mut self, count: usize) {
        self.attributes.reserve_exact(count);
    }

    pub(super) fn push_attribute(&mut self, attribute: Attribute) {
        self.attributes.push(attribute);
    }

    /// The local name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The namespace.
    pub fn namespace(&self) -> &Namespace {
        &self.namespace
    }

    /// Whether this is the element `name` of `namespace`.
    pub fn is(&self, name: &str, namespace: &Namespace) -> bool {
        self.name == name && self.namespace == *namespace
    }

    /// All attributes, in document order.
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// The value of the attribute `name` that has no namespace.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|a| a.prefixed.is_none() && a.name == name).map(|a| a.value.as_str())
    }

    /// The value of the attribute `name` of `namespace`.
    pub fn attribute_in(&self, namespace: &Namespace, name: &str) -> Option<&str> {
        let found =
            |a: &&Attribute| a.name == name && a.prefixed.as_ref().is_some_and(|prefixed| prefixed.1 == *namespace);
        self.attributes.iter().find(found).map(|a| a.value.as_str())
    }

    /// Children and text, in document order.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The child elements, in document order.
    pub fn children(&self) -> impl Iterator<Item = &Element> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Element(child) => Some(child),
            Node::Text(_) | Node::Written(_) => None,
        })
    }

    /// The child elements themselves, in document order; text is left behind.
    pub fn into_children(self) -> impl Iterator<Item = Element> {
        self.nodes.into_iter().filter_map(|node| match node {
            Node::Element(child) => Some(child),
            Node::Text(_) | Node::Written(_) => None,
        })
    }

    /// The first child called `name` in `namespace`.
    pub fn child(&self, name: &str, namespace: &Namespace) -> Option<&Element> {
        self.children().find(|child| child.is(name, namespace))
    }

    /// The text directly inside this element, without that of its children.
    pub fn text(&self) -> Cow<'_, str> {
        let mut texts = self.nodes.iter().filter_map(|node| match node {
            Node::Text(text) => Some(text.as_str()),
            Node::Element(_) | Node::Written(_) => None,
        });
        let first = Cow::Borrowed(texts.next().unwrap_or_default());
        texts.fold(first, |all, text| all + text)
    }

    /// The same, cut where it would be longer than `most` bytes; then it ends with an ellipsis.
    pub fn text_within(&self, most: usize) -> String {
        let mut text = self.text().into_owned();
        if text.len() > most {
            let mut end = most;
            while !text.is_char_boundary(end) {
                end = end.saturating_sub(1);
            }
            text.truncate(end);
            text.push('…');
        }
        text
    }
}
