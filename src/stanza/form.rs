//! XEP-0004: Data Forms (version 2.13.1), as far as they carry answers: what a form says, and forms to submit.

use crate::xml::{Element, Namespace, ns};

/// The most fields of a form that are read, and the most values of a field.
pub const MAX_FIELDS: usize = 200;

/// What a form says.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Form {
    pub fields: Vec<Field>,
}

/// One field of it. Fields without a name are left out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Field {
    pub var: String,
    /// Such as `hidden` or `text-single`, if the form says.
    pub kind: Option<String>,
    pub values: Vec<String>,
}

impl Form {
    /// Reads `<x/>`; `None` if it is something else.
    pub fn decode(x: &Element) -> Option<Self> {
        let fields = x.children().filter(|child| child.is("field", &ns::DATA_FORM)).filter_map(|field| {
            let values = field.children().filter(|child| child.is("value", &ns::DATA_FORM)).take(MAX_FIELDS);
            Some(Field {
                var: field.attribute("var")?.to_owned(),
                kind: field.attribute("type").map(str::to_owned),
                values: values.map(|value| value.text().into_owned()).collect(),
            })
        });
        x.is("x", &ns::DATA_FORM).then(|| Self { fields: fields.take(MAX_FIELDS).collect() })
    }

    /// What the form is about (XEP-0068).
    pub fn form_type(&self) -> Option<&str> {
        let field = self.fields.iter().find(|field| field.var == "FORM_TYPE")?;
        field.values.first().map(String::as_str)
    }
}

/// A form to submit, about `about` and with these values.
pub fn submit<'a>(about: &Namespace, values: impl IntoIterator<Item = (&'a str, &'a str)>) -> Element {
    let mut form = Element::new("x", ns::DATA_FORM).with_attribute("type", "submit");
    form.push(field("FORM_TYPE", about.as_str()).with_attribute("type", "hidden"));
    values.into_iter().for_each(|(var, value)| form.push(field(var, value)));
    form
}

fn field(var: &str, value: &str) -> Element {
    let value = Element::new("value", ns::DATA_FORM).with_text(value);
    Element::new("field", ns::DATA_FORM).with_attribute("var", var).with_child(value)
}
