//! Stanzas as scripts write them: read without the namespaces everybody knows, compared by what they mean.

use std::collections::HashMap;

use converse_wasm::xml::{Attribute, Element, Node, escape_into, read};

/// The values of `$names`, each bound by the stanza it first stood in.
pub type Names = HashMap<String, String>;

/// Reads what stands in a stream: `jabber:client` is the default namespace, the prefix `stream` is bound.
pub fn stanzas(xml: &str) -> Vec<Element> {
    let stream = "<stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";
    match read(&[stream, xml, "</stream>"].concat()) {
        Ok(stream) => stream.into_children().collect(),
        Err(error) => panic!("{error}: {xml}"),
    }
}

/// Reads the only element of `xml`.
pub fn stanza(xml: &str) -> Element {
    match <[Element; 1]>::try_from(stanzas(xml)) {
        Ok([stanza]) => stanza,
        Err(stanzas) => panic!("one element, not {}: {xml}", stanzas.len()),
    }
}

/// `xml` with the values of the names that are bound.
pub fn fill_in(xml: &str, names: &Names) -> String {
    let mut names: Vec<_> = names.iter().collect();
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    names.into_iter().fold(xml.to_owned(), |xml, (name, value)| {
        let mut escaped = String::new();
        escape_into(&mut escaped, value).expect("a value that was in a stanza");
        xml.replace(&format!("${name}"), &escaped)
    })
}

/// Whether `actual` is what `expected` says. `*` stands for any value or text; `$name` too, the first time.
pub fn matches(expected: &Element, actual: &Element, names: &mut Names) -> bool {
    let attributes = expected.attributes();
    expected.name() == actual.name()
        && expected.namespace() == actual.namespace()
        && attributes.len() == actual.attributes().len()
        && attributes.iter().all(|attribute| match value_in(actual, attribute) {
            Some(value) => value_matches(&attribute.value, value, names),
            None => false,
        })
        && nodes_match(&significant(expected), &significant(actual), names)
}

fn nodes_match(expected: &[&Node], actual: &[&Node], names: &mut Names) -> bool {
    expected.len() == actual.len()
        && expected.iter().zip(actual).all(|pair| match pair {
            (Node::Element(expected), Node::Element(actual)) => matches(expected, actual, names),
            (Node::Text(expected), Node::Text(actual)) => value_matches(expected, actual, names),
            _ => false,
        })
}

fn value_matches(expected: &str, actual: &str, names: &mut Names) -> bool {
    match expected.strip_prefix('$') {
        Some(name) => names.entry(name.to_owned()).or_insert_with(|| actual.to_owned()) == actual,
        None => expected == "*" || expected == actual,
    }
}

fn value_in<'a>(element: &'a Element, like: &Attribute) -> Option<&'a str> {
    match &like.prefixed {
        None => element.attribute(&like.name),
        Some(prefixed) => element.attribute_in(&prefixed.1, &like.name),
    }
}

/// Without the white space between elements.
fn significant(element: &Element) -> Vec<&Node> {
    let has_children = element.children().next().is_some();
    let blank = |node: &&Node| matches!(node, Node::Text(text) if has_children && text.trim().is_empty());
    element.nodes().iter().filter(|node| !blank(node)).collect()
}
