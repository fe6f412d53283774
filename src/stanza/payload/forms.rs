//! XEP-0004: Data Forms (version 2.13.1), as far as programs fill them in.

use crate::xml::{Element, ns};

/// The most fields of a form that are read.
pub const MAX_FIELDS: usize = 300;
/// The most values of one field that are read.
pub const MAX_VALUES: usize = 1_000;
/// The most pictures and sounds of one field that are read.
const MAX_MEDIA: usize = 10;

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

/// One field of a form as people are shown it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Question {
    pub field: Field,
    pub label: Option<String>,
    /// What there is to say about it.
    pub about: Option<String>,
    pub required: bool,
    /// What there is to choose from: what people read, and what is sent.
    pub options: Vec<(String, String)>,
    /// The addresses of what is shown or heard with it (XEP-0221).
    pub media: Vec<String>,
}

/// The fields of the form `x` as people are shown them.
pub fn questions(x: &Element) -> Vec<Question> {
    let fields = x.children().filter(|child| child.is("field", &ns::DATA_FORM)).take(MAX_FIELDS);
    fields.map(Question::decode).collect()
}

impl Question {
    fn decode(field: &Element) -> Self {
        let text = |element: &Element| Some(element.text().trim().to_owned()).filter(|text| !text.is_empty());
        let options = field.children().filter(|child| child.is("option", &ns::DATA_FORM)).take(MAX_VALUES);
        let option = |option: &Element| {
            let value = option.child("value", &ns::DATA_FORM)?.text().into_owned();
            Some((option.attribute("label").unwrap_or(&value).to_owned(), value))
        };
        let media = field.child("media", &ns::MEDIA);
        let uris = media.into_iter().flat_map(Element::children).filter(|child| child.is("uri", &ns::MEDIA));
        Self {
            field: Field::decode(field),
            label: field.attribute("label").map(str::to_owned).filter(|label| !label.is_empty()),
            about: field.child("desc", &ns::DATA_FORM).and_then(text),
            required: field.child("required", &ns::DATA_FORM).is_some(),
            options: options.filter_map(option).collect(),
            media: uris.filter_map(text).take(MAX_MEDIA).collect(),
        }
    }
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
