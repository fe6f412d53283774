//! XEP-0004: Data Forms (version 2.13.1), as far as programs read them and fill them in; with
//! XEP-0068: Field Standardization for Data Forms (version 1.3.0) and XEP-0221: Data Forms Media Element (version 1.0).

use crate::xml::{Element, Namespace, ns};

/// The most fields of a form to be filled in that are read, and the most values of one of them.
pub const MAX_FIELDS: usize = 300;
pub const MAX_VALUES: usize = 1_000;
/// The most fields of a form that only tells something, and the most values of one of them.
pub const MAX_RESULT_FIELDS: usize = 200;
/// The most pictures and sounds of one field that are read.
const MAX_MEDIA: usize = 10;

/// A form that somebody wants filled in, or has filled in.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Form {
    pub fields: Vec<Field>,
}

/// One field of a form.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Field {
    /// What the field is called. What is only there to be read by people needs no name.
    pub var: Option<String>,
    /// Such as `hidden`, if the form says.
    pub kind: Option<String>,
    pub values: Vec<String>,
}

impl Form {
    /// Reads `<x/>` that is to be filled in; `None` if it is none. What is no field is left out.
    pub fn decode(x: &Element) -> Option<Self> {
        let fields = fields(x, MAX_VALUES).take(MAX_FIELDS);
        x.is("x", &ns::DATA_FORM).then(|| Self { fields: fields.collect() })
    }

    /// Reads `<x/>` that tells something; `None` if it is none. What has no name is left out.
    pub fn decode_result(x: &Element) -> Option<Self> {
        let fields = fields(x, MAX_RESULT_FIELDS).filter(|field| field.var.is_some()).take(MAX_RESULT_FIELDS);
        x.is("x", &ns::DATA_FORM).then(|| Self { fields: fields.collect() })
    }

    /// The form in `parent` that is to be filled in.
    pub fn find(parent: &Element) -> Option<Self> {
        Self::decode(parent.child("x", &ns::DATA_FORM)?)
    }

    /// The values of the field `var`.
    pub fn values(&self, var: &str) -> Option<&[String]> {
        let field = self.fields.iter().find(|field| field.var.as_deref() == Some(var))?;
        Some(&field.values)
    }

    /// What the form is about (XEP-0068).
    pub fn form_type(&self) -> Option<&str> {
        self.values(FORM_TYPE)?.first().map(String::as_str)
    }

    /// The form as it is submitted: each field that has a name, with its values. What is there for people stays behind.
    pub fn submit(&self) -> Element {
        let mut form = Element::new("x", ns::DATA_FORM).with_attribute("type", "submit");
        for field in self.fields.iter().filter(|field| field.kind() != "fixed") {
            let Some(var) = field.var.as_deref().filter(|var| !var.is_empty()) else { continue };
            let mut element = Element::new("field", ns::DATA_FORM).with_attribute("var", var);
            if field.kind() == "hidden" {
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
    fn decode(field: &Element, max_values: usize) -> Self {
        let values = field.children().filter(|child| child.is("value", &ns::DATA_FORM)).take(max_values);
        Self {
            var: field.attribute("var").map(str::to_owned),
            kind: field.attribute("type").map(str::to_owned),
            values: values.map(|value| value.text().into_owned()).collect(),
        }
    }

    /// A field to submit.
    pub fn new(var: &str, values: Vec<String>) -> Self {
        Self { var: Some(var.to_owned()), kind: None, values }
    }

    /// The field that says what a form is about (XEP-0068).
    pub fn form_type(about: &Namespace) -> Self {
        Self { kind: Some("hidden".to_owned()), ..Self::new(FORM_TYPE, vec![about.as_str().to_owned()]) }
    }

    /// What kind of field it is (XEP-0004 §3.3).
    pub fn kind(&self) -> &str {
        self.kind.as_deref().unwrap_or("text-single")
    }

    /// Whether it says what the form is about.
    pub fn is_form_type(&self) -> bool {
        self.var.as_deref() == Some(FORM_TYPE)
    }
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
            field: Field::decode(field, MAX_VALUES),
            label: field.attribute("label").map(str::to_owned).filter(|label| !label.is_empty()),
            about: field.child("desc", &ns::DATA_FORM).and_then(text),
            required: field.child("required", &ns::DATA_FORM).is_some(),
            options: options.filter_map(option).collect(),
            media: uris.filter_map(text).take(MAX_MEDIA).collect(),
        }
    }
}

/// A form to submit, about `about` and with these values.
pub fn submit<'a>(about: &Namespace, values: impl IntoIterator<Item = (&'a str, &'a str)>) -> Element {
    let mut fields = vec![Field::form_type(about)];
    values.into_iter().for_each(|(var, value)| fields.push(Field::new(var, vec![value.to_owned()])));
    Form { fields }.submit()
}

fn fields(x: &Element, max_values: usize) -> impl Iterator<Item = Field> {
    x.children().filter(|child| child.is("field", &ns::DATA_FORM)).map(move |field| Field::decode(field, max_values))
}

const FORM_TYPE: &str = "FORM_TYPE";
