//! **listen.stanza**: the stanzas themselves, as they arrive.

use std::rc::Rc;

use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;

use super::{
    error::wrong_argument,
    js,
    page::{Page, page},
    stanza::to_dom,
};
use crate::{driver, jid::Jid, xml::Element};

/// A handler, and which stanzas it is for. What is `None` does not matter.
pub(super) struct Tap {
    name: Option<String>,
    namespace: Option<String>,
    kinds: Option<Vec<String>>,
    id: Option<String>,
    from: Option<String>,
    /// Whether the sender's resource does not matter.
    bare: bool,
    callback: Function,
    /// The same for the loader.
    kept: Array,
}

/// Calls `handler` with each stanza called `name` that fits `options`, as long as it returns something true. It stays
/// when the connection is made again.
#[wasm_bindgen(js_namespace = ["api", "listen"], js_name = stanza)]
pub fn stanza(name: &JsValue, options: &JsValue, handler: &JsValue) -> Result<(), JsValue> {
    let (options, handler) = if options.is_function() { (&JsValue::UNDEFINED, options) } else { (options, handler) };
    let callback: &Function =
        handler.dyn_ref().ok_or_else(|| wrong_argument("listen.stanza: the handler must be a function"))?;
    if !name.is_string() && !name.is_null() && !name.is_undefined() {
        return Err(wrong_argument("listen.stanza: the name must be a string"));
    }
    if !options.is_undefined() && !options.is_null() && !options.is_object() {
        return Err(wrong_argument("listen.stanza: the options must be an object"));
    }
    let text = |key| js::get(options, key).as_string();
    let kinds = js::get(options, "type");
    let tap = Tap {
        name: name.as_string().filter(|name| !name.is_empty()),
        namespace: text("ns"),
        kinds: kinds
            .as_string()
            .map(|kind| vec![kind])
            .or_else(|| Array::is_array(&kinds).then(|| js::strings(&kinds))),
        id: text("id"),
        from: text("from"),
        bare: js::get(options, "matchBareFromJid").is_truthy() || js::get(options, "matchBare").is_truthy(),
        callback: callback.clone(),
        kept: Array::of4(&"stanza".into(), name, options, callback),
    };
    let page = page()?;
    page.kept.add(&tap.kept);
    page.taps.borrow_mut().push(Rc::new(tap));
    driver::with(|client, _| client.set_taps(true));
    Ok(())
}

impl Tap {
    fn fits(&self, stanza: &Element) -> bool {
        let is = |wanted: &Option<String>, found: Option<&str>| wanted.as_deref().is_none_or(|it| Some(it) == found);
        let from = || self.from.as_deref().is_none_or(|from| is_from(stanza, from, self.bare));
        let namespace = || self.namespace.as_deref().is_none_or(|namespace| has_namespace(stanza, namespace));
        let kind = stanza.attribute("type");
        is(&self.name, Some(stanza.name()))
            && is(&self.id, stanza.attribute("id"))
            && self.kinds.as_ref().is_none_or(|kinds| kinds.iter().any(|one| Some(one.as_str()) == kind))
            && from()
            && namespace()
    }
}

impl Page {
    /// Hands a stanza to the handlers it is for. The DOM element is made only if there are any.
    pub(super) fn handle_stanza(&self, stanza: &Element) {
        let due: Vec<Rc<Tap>> = self.taps.borrow().iter().filter(|tap| tap.fits(stanza)).cloned().collect();
        if due.is_empty() {
            return;
        }
        let element = match to_dom(stanza) {
            Ok(element) => element,
            Err(exception) => return js::report_error(&exception),
        };
        for tap in due {
            let goes_on = match tap.callback.call1(&JsValue::UNDEFINED, &element) {
                Ok(answer) => answer.is_truthy(),
                Err(exception) => {
                    js::report_error(&exception);
                    false
                }
            };
            if !goes_on {
                self.kept.delete(&tap.kept);
                self.taps.borrow_mut().retain(|other| !Rc::ptr_eq(other, &tap));
            }
        }
    }
}

/// Whether a stanza, or a child of it, is in this namespace.
fn has_namespace(stanza: &Element, namespace: &str) -> bool {
    stanza.namespace().as_str() == namespace || stanza.children().any(|child| child.namespace().as_str() == namespace)
}

/// Whether a stanza is from this address; how addresses are written makes no difference.
fn is_from(stanza: &Element, wanted: &str, bare: bool) -> bool {
    let read = |address: &str| Jid::new(address).ok();
    match (stanza.attribute("from").and_then(read), read(wanted)) {
        (Some(from), Some(wanted)) if bare => from.bare() == wanted.bare(),
        (Some(from), Some(wanted)) => from == wanted,
        _ => false,
    }
}
