//! XEP-0077: In-Band Registration (version 2.4), of accounts.

use crate::xml::{Element, ns};

/// The names that an answer without a form may have (XEP-0077 §14.1).
const NAMES: [&str; 16] = [
    "username", "nick", "password", "name", "first", "last", "email", "address", "city", "state", "zip", "phone",
    "url", "date", "misc", "text",
];

/// What a server wants to know of somebody who would have an account.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Query {
    pub instructions: Option<String>,
    /// Where accounts are made instead, or as well.
    pub url: Option<String>,
    /// What is asked without a form.
    pub names: Vec<&'static str>,
    /// What is to be sent back as it came.
    pub key: Option<String>,
    /// The form, which goes before what is asked without one.
    pub form: Option<Element>,
}

/// Asks what a server wants to know.
pub fn ask() -> Element {
    Element::new("query", ns::REGISTER)
}

/// What is to be sent: the form, or the answers one by one.
pub fn submit(form: Option<Element>, answers: &[(&str, &str)]) -> Element {
    let mut query = Element::new("query", ns::REGISTER);
    for (name, answer) in answers {
        query.push(Element::new((*name).to_owned(), ns::REGISTER).with_text((*answer).to_owned()));
    }
    form.into_iter().for_each(|form| query.push(form));
    query
}

impl Query {
    /// Reads `<query/>`; `None` if it is none.
    pub fn decode(query: &Element) -> Option<Self> {
        if !query.is("query", &ns::REGISTER) {
            return None;
        }
        let text = |name| query.child(name, &ns::REGISTER).map(|child| child.text().trim().to_owned());
        let url = query.child("x", &ns::OOB).and_then(|data| data.child("url", &ns::OOB));
        let url = url.map(|url| url.text().trim().to_owned());
        Some(Self {
            instructions: text("instructions").filter(|text| !text.is_empty()),
            // Nothing else is to be followed from here.
            url: url.filter(|url| url.starts_with("https://") || url.starts_with("http://")),
            names: NAMES.into_iter().filter(|name| query.child(name, &ns::REGISTER).is_some()).collect(),
            key: text("key"),
            form: query.child("x", &ns::DATA_FORM).cloned(),
        })
    }
}
