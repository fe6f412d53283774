//! Small helpers for what is written to the cache and read from it.

use std::rc::Rc;

use super::{Attributes, Value};
use crate::xml::{Element, ns};

/// Writes an attribute that may be missing.
pub(super) fn optional(element: &mut Element, name: &'static str, value: Option<&str>) {
    if let Some(value) = value {
        element.set_attribute(name, value);
    }
}

/// Writes an attribute that is there if it is true.
pub(super) fn flag(element: &mut Element, name: &'static str, value: bool) {
    if value {
        element.set_attribute(name, "true");
    }
}

/// Writes a child called `name` for each text.
pub(super) fn texts(element: &mut Element, name: &'static str, texts: &[String]) {
    texts.iter().for_each(|text| element.push(Element::new(name, ns::CACHE).with_text(text.as_str())));
}

/// The texts of the children called `name`.
pub(super) fn child_texts(element: &Element, name: &str) -> Vec<String> {
    element.children().filter(|child| child.is(name, &ns::CACHE)).map(|child| child.text().into_owned()).collect()
}

/// Writes a child called `name` if there is a text.
pub(super) fn optional_text(element: &mut Element, name: &'static str, text: Option<&str>) {
    if let Some(text) = text {
        element.push(Element::new(name, ns::CACHE).with_text(text));
    }
}

/// The text of the child called `name`.
pub(super) fn child_text(element: &Element, name: &str) -> Option<String> {
    element.child(name, &ns::CACHE).map(|child| child.text().into_owned())
}

/// Writes attributes as children.
pub(super) fn encode_attributes(element: &mut Element, attributes: &Attributes) {
    for (name, value) in attributes.iter() {
        element.push(encode_value(value).with_attribute("name", name));
    }
}

/// Reads what [`encode_attributes`] wrote; other children are left out.
pub(super) fn decode_attributes(element: &Element) -> Attributes {
    let mut attributes = Attributes::default();
    for child in element.children() {
        if let (Some(name), Some(value)) = (child.attribute("name"), decode_value(child)) {
            attributes.set(name, value);
        }
    }
    attributes
}

fn encode_value(value: &Value) -> Element {
    let element = |name| Element::new(name, ns::CACHE);
    match value {
        Value::Undefined => element("undefined"),
        Value::Null => element("null"),
        Value::Bool(value) => element(if *value { "true" } else { "false" }),
        // As bits: writing decimals would bring along the formatting of floats, which is large.
        Value::Number(number) => element("number").with_text(number.to_bits().to_string()),
        Value::Text(text) => element("text").with_text(&**text),
        Value::List(values) => {
            let mut list = element("list");
            values.iter().for_each(|value| list.push(encode_value(value)));
            list
        }
        Value::Map(entries) => {
            let mut map = element("map");
            entries.iter().for_each(|(name, value)| map.push(encode_value(value).with_attribute("name", &**name)));
            map
        }
    }
}

fn decode_value(element: &Element) -> Option<Value> {
    if *element.namespace() != ns::CACHE {
        return None;
    }
    Some(match element.name() {
        "undefined" => Value::Undefined,
        "null" => Value::Null,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        "number" => Value::Number(f64::from_bits(element.text().parse().ok()?)),
        "text" => Value::from(&*element.text()),
        "list" => Value::List(element.children().filter_map(decode_value).collect()),
        "map" => {
            let entry = |child: &Element| Some((Rc::from(child.attribute("name")?), decode_value(child)?));
            Value::Map(element.children().filter_map(entry).collect())
        }
        _ => return None,
    })
}
