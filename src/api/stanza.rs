//! Stanzas between the core and JavaScript, where they are builders, DOM elements or texts.

use wasm_bindgen::prelude::*;
use web_sys::Document;

use super::{
    error::{error, wrong_argument},
    page::Page,
};
use crate::xml::{Element, Namespace, Node, ns, read};

impl Page {
    /// Reads a builder, an element or a text of XML. What says no namespace is in that of client stanzas.
    pub(super) fn read_stanza(&self, stanza: &JsValue) -> Result<Element, JsValue> {
        let xml = match stanza.as_string() {
            Some(text) => text,
            None => self.serialize(stanza)?.as_string().ok_or_else(|| wrong_argument(NO_STANZA))?,
        };
        let wrapped = read(&format!("<stanza xmlns='{}'>{xml}</stanza>", ns::CLIENT.as_str()));
        let wrapped =
            wrapped.map_err(|_| error("SendError", "malformed-stanza", "send: the stanza is not well-formed XML"))?;
        let mut children = wrapped.into_children();
        match (children.next(), children.next()) {
            (Some(stanza), None) => Ok(stanza),
            _ => Err(error("SendError", "malformed-stanza", "send: the string must hold exactly one stanza")),
        }
    }

    /// The text of a builder or element, as the loader writes it.
    fn serialize(&self, stanza: &JsValue) -> Result<JsValue, JsValue> {
        if !stanza.is_object() {
            return Err(wrong_argument(NO_STANZA));
        }
        self.serialize.call1(&JsValue::UNDEFINED, stanza)
    }
}

/// The element as DOM, in a document of its own. What others wrote comes to plugins here: scripts, and attributes that would
/// run as such where the element is put into a page, are left out, and so is what the page's policy does not let in
/// (Trusted Types). The rest of the stanza is told all the same.
pub fn to_dom(element: &Element) -> Result<web_sys::Element, JsValue> {
    let document = Document::new()?;
    let root = create(&document, element, None)?;
    document.append_child(&root)?;
    Ok(root)
}

fn create(document: &Document, element: &Element, around: Option<&Namespace>) -> Result<web_sys::Element, JsValue> {
    let namespace = element.namespace();
    let created = document.create_element_ns(Some(namespace.as_str()), element.name())?;
    if around != Some(namespace) {
        // Plugins read this attribute and select by it, which works for one in no namespace only.
        created.set_attribute("xmlns", namespace.as_str())?;
    }
    let is_markup = namespace.as_str().starts_with(ns::MARKUP);
    for attribute in element.attributes().iter().filter(|attribute| !(is_markup && runs(&attribute.name))) {
        let _: Result<(), JsValue> = match &attribute.prefixed {
            None => created.set_attribute(&attribute.name, &attribute.value),
            Some(prefixed) => {
                let (prefix, namespace) = &**prefixed;
                let name = format!("{prefix}:{}", attribute.name);
                created.set_attribute_ns(Some(namespace.as_str()), &name, &attribute.value)
            }
        };
    }
    for node in element.nodes() {
        match node {
            Node::Element(child) if is_script(child) => {}
            Node::Element(child) => drop(created.append_child(create(document, child, Some(namespace))?.as_ref())?),
            Node::Text(text) => drop(created.append_child(&document.create_text_node(text))?),
            Node::Written(_) => {}
        }
    }
    Ok(created)
}

fn is_script(element: &Element) -> bool {
    element.name().eq_ignore_ascii_case("script") && element.namespace().as_str().starts_with(ns::MARKUP)
}

/// Whether an attribute of HTML or SVG holds a script.
fn runs(name: &str) -> bool {
    name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("on")) || name.eq_ignore_ascii_case("srcdoc")
}

const NO_STANZA: &str = "send: the stanza must be a builder, an element, a string of XML or an array of these";
