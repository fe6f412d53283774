//! XEP-0334: Message Processing Hints (version 0.4.0).

use crate::xml::{Element, ns};

/// Not to be stored, neither for later nor for good.
pub fn no_store() -> [Element; 2] {
    ["no-store", "no-permanent-store"].map(|hint| Element::new(hint, ns::HINTS))
}

/// To be stored though there is no text in it.
pub fn store() -> Element {
    Element::new("store", ns::HINTS)
}
