//! The reader: what it takes, it writes, and reads again as the same.

use converse_wasm::xml::{Element, MAX_ATTRIBUTES, MAX_DEPTH, Node, read};

pub fn check(data: &[u8]) {
    let text = super::text_of(data);
    match read(&text) {
        Ok(element) => is_sound(&element),
        Err(error) => assert!(!error.stream_condition().is_empty() && !error.to_string().is_empty()),
    }
}

/// What is true of every element that was read.
pub fn is_sound(element: &Element) {
    assert!(depth_of(element) <= MAX_DEPTH);
    let written = element.to_xml().expect("what was read can be written");
    let again = read(&written).unwrap_or_else(|error| panic!("{error}: {written}"));
    assert_eq!(again, *element, "{written}");
    assert_eq!(again.to_xml().as_deref(), Ok(written.as_str()));
    let inside = Element::new("a", element.namespace().clone()).with_child(element.clone());
    let inside = read(&inside.to_xml().expect("it can be written inside another")).expect("and be read");
    assert_eq!(inside.children().next(), Some(element));
}

fn depth_of(element: &Element) -> usize {
    assert!(element.attributes().len() <= MAX_ATTRIBUTES);
    for pair in element.nodes().windows(2) {
        assert!(!matches!(pair, [Node::Text(_), Node::Text(_)]), "two texts side by side");
    }
    1 + element.children().map(depth_of).max().unwrap_or_default()
}
