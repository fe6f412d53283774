//! XEP-0059: Result Set Management (version 1.0).

use crate::xml::{Element, ns};

/// Which part of a result is wanted.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Wanted {
    /// The most items of a page.
    pub max: Option<String>,
    /// What comes after the item with this id.
    pub after: Option<String>,
    /// What comes before it; the last page if it is empty.
    pub before: Option<String>,
    /// What begins at this place.
    pub index: Option<String>,
    /// What the last answer said of its part. The API has names for it in questions too, and servers leave it unread.
    pub first: Option<String>,
    pub last: Option<String>,
    pub count: Option<String>,
}

/// Which part of a result has come.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Part {
    /// The ids of the first and the last item of it; none if it is empty.
    pub first: Option<String>,
    pub last: Option<String>,
    /// The place of the first one in the whole result.
    pub index: Option<String>,
    /// How many there are in the whole result.
    pub count: Option<String>,
}

impl Wanted {
    /// Whether everything is wanted.
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }

    /// The element that says so.
    pub fn encode(&self) -> Element {
        let mut set = Element::new("set", ns::RSM);
        let parts = [
            ("max", &self.max),
            ("first", &self.first),
            ("last", &self.last),
            ("after", &self.after),
            ("before", &self.before),
            ("index", &self.index),
            ("count", &self.count),
        ];
        for (name, value) in parts {
            if let Some(value) = value {
                set.push(Element::new(name, ns::RSM).with_text(value.as_str()));
            }
        }
        set
    }
}

impl Part {
    /// Reads the `<set/>` in `result`; an empty part if there is none.
    pub fn decode(result: &Element) -> Self {
        let Some(set) = result.child("set", &ns::RSM) else { return Self::default() };
        let text = |name| set.child(name, &ns::RSM).map(|child| child.text().trim().to_owned());
        let id = |name| text(name).filter(|id| !id.is_empty());
        let index = set.child("first", &ns::RSM).and_then(|first| first.attribute("index"));
        Self { first: id("first"), last: id("last"), index: index.map(str::to_owned), count: text("count") }
    }

    /// The element that says so.
    pub fn encode(&self) -> Element {
        let mut set = Element::new("set", ns::RSM);
        if let Some(first) = &self.first {
            let mut element = Element::new("first", ns::RSM).with_text(first.as_str());
            if let Some(index) = &self.index {
                element.set_attribute("index", index.as_str());
            }
            set.push(element);
        }
        for (name, value) in [("last", &self.last), ("count", &self.count)] {
            if let Some(value) = value {
                set.push(Element::new(name, ns::RSM).with_text(value.as_str()));
            }
        }
        set
    }
}
