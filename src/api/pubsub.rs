//! The **pubsub** grouping: publishing at nodes, such as those of the account itself.

use js_sys::{Object, Promise};
use wasm_bindgen::prelude::*;

use super::{
    calls::call,
    disco::{address, ready},
    error::{string_argument, wrong_argument},
    js,
    page::page,
};
use crate::{
    feature::{Publication, Then},
    jid::Jid,
    xml::{Element, ns},
};

/// Publishes `item`, a builder, element or text of an `<item/>`, at `node` of `jid`, or of the account itself. `options`
/// say what the node must be like. If it cannot be made so nothing is published, unless `strict` is false. The promise
/// resolves with the answer when it is published, and rejects if it is not.
#[wasm_bindgen(js_namespace = ["api", "pubsub"], js_name = publish)]
pub fn publish(
    jid: &JsValue,
    node: &JsValue,
    item: &JsValue,
    options: &JsValue,
    strict: &JsValue,
) -> Result<Promise, JsValue> {
    let to = match jid.is_truthy() {
        true => Some(address(jid).ok_or_else(|| wrong_argument("pubsub.publish: the jid must be an XMPP address"))?),
        false => None,
    };
    let node = string_argument(node, "pubsub.publish: the node must be a string")?;
    let item = page()?.read_stanza(item).map_err(|_| wrong_argument(NO_ITEM))?;
    let item = if *item.namespace() == ns::CLIENT { item.moved_to(&ns::PUBSUB) } else { item };
    if !item.is("item", &ns::PUBSUB) {
        return Err(wrong_argument(NO_ITEM));
    }
    if !options.is_undefined() && !options.is_null() && !options.is_object() {
        return Err(wrong_argument("pubsub.publish: the options must be an object"));
    }
    let options = options.dyn_ref().map(options_of).unwrap_or_default();
    let strict = strict.is_undefined() || strict.is_truthy();
    Ok(ready(move |_| start(to, node, item, options, strict)))
}

fn start(to: Option<Jid>, node: String, item: Element, options: Vec<(String, String)>, strict: bool) -> Promise {
    call(move |client, now, call| {
        let then = Box::new(Then::Call(call));
        client.in_context(now, |context| context.publish(Publication { to, node, item, options, strict, then }));
    })
}

/// The options in an object; 4.x plugins write them with and without the prefix.
fn options_of(object: &Object) -> Vec<(String, String)> {
    let text = |value: &JsValue| match value.as_bool() {
        Some(value) => Some(value.to_string()),
        None => value.as_string().or_else(|| value.as_f64().map(|number| (number as i64).to_string())),
    };
    let option = |name: String| {
        let value = text(&js::get(object, &name))?;
        Some((if name.contains('#') { name } else { ["pubsub#", &name].concat() }, value))
    };
    js::keys(object).into_iter().filter_map(option).collect()
}

const NO_ITEM: &str = "pubsub.publish: the item must be an <item/>: a builder, an element or a text of XML";
