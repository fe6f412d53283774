//! What plugins keep with entities.

use converse_wasm::store::{Key, Kind, Store, Value};

#[test]
fn those_that_have_been_given_an_attribute_are_found_among_many() {
    let mut store = Store::default();
    let key = |of: &str, id: &str| Key::within(Kind::Message, of, id);
    let marked =
        [key("romeo@montague.lit", "7"), key("nurse@capulet.lit", "7"), Key::new(Kind::Chat, "romeo@montague.lit")];
    for key in &marked {
        store.extras.set(key, "correcting", Value::Bool(true), Value::Undefined);
    }
    store.extras.set(&key("romeo@montague.lit", "8"), "other", Value::Bool(true), Value::Undefined);
    assert_eq!(store.extras.given(Kind::Message, "romeo@montague.lit", "correcting"), ["7".into()]);
    store.extras.set(&marked[0], "correcting", Value::Undefined, Value::Undefined);
    assert!(store.extras.given(Kind::Message, "romeo@montague.lit", "correcting").is_empty());
}
