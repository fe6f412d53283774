//! XEP-0004: Data Forms (version 2.13.1), as far as programs fill them in.

use crate::xml::{Element, ns};

/// The most fields of a form that are read.
pub const MAX_FIELDS: usize = 300;
/// The most values of one field that are read.
pub const MAX_VALUES: usize = 1_000;

/// A form that somebody wants filled in, or has filled in.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Form {
    pub fields: Vec<Field>,
}

/// One field of a form.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Field {
    /// What the field is called. What is only there to be read by people needs no name.
    pub var: Option<String>,
    /// Such as `text-single`, which is also what a field is that does not say.
    pub kind: String,
    pub values: Vec<String>,
}

impl Form {
    /// Reads `<x/>`; `None` if it is none. What is no field is left out.
    pub fn decode(x: &Element) -> Option<Self> {
        let fields = x.children().filter(|child| child.is("field", &ns::DATA_FORM)).take(MAX_FIELDS);
        x.is("x", &ns::DATA_FORM).then(|| Self { fields: fields.map(Field::decode).collect() })
    }

    /// The form in `parent`.
    pub fn find(parent: &Element) -> Option<Self> {
        Self::decode(parent.child("x", &ns::DATA_FORM)?)
    }

    /// The values of the field `var`.
    pub fn values(&self, var: &str) -> Option<&[String]> {
        let field = self.fields.iter().find(|field| field.var.as_deref() == Some(var))?;
        Some(&field.values)
    }

    /// The form as it is submitted: each field that has a name, with its values. What is there for people stays behind.
    pub fn submit(&self) -> Element {
        let mut form = Element::new("x", ns::DATA_FORM).with_attribute("type", "submit");
        for field in self.fields.iter().filter(|field| field.kind != "fixed") {
            let Some(var) = &field.var else { continue };
            let mut element = Element::new("field", ns::DATA_FORM).with_attribute("var", var.as_str());
            if field.kind == "hidden" {
                element.set_attribute("type", "hidden");
            }
            for value in &field.values {
                element.push(Element::new("value", ns::DATA_FORM).with_text(value.as_str()));
            }
            form.push(element);
        }
        form
    }
}

impl Field {
    /// A field to submit.
    pub fn new(var: &str, values: Vec<String>) -> Self {
        Self { var: Some(var.to_owned()), kind: "text-single".to_owned(), values }
    }

    /// The field that says what a form is about (XEP-0068).
    pub fn form_type(about: &str) -> Self {
        Self { kind: "hidden".to_owned(), ..Self::new("FORM_TYPE", vec![about.to_owned()]) }
    }

    fn decode(field: &Element) -> Self {
        let values = field.children().filter(|child| child.is("value", &ns::DATA_FORM)).take(MAX_VALUES);
        Self {
            var: field.attribute("var").filter(|var| !var.is_empty()).map(str::to_owned),
            kind: field.attribute("type").unwrap_or("text-single").to_owned(),
            values: values.map(|value| value.text().into_owned()).collect(),
        }
    }
}
