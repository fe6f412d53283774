//! The **archive** grouping: messages of long ago.

use js_sys::{Array, Date, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;

use super::{
    calls::call_then,
    error::{error, string_argument, wrong_argument},
    js,
    page::{Page, page},
    stanza::to_dom,
};
use crate::{
    client::Outcome,
    driver,
    feature::archive::{self, Query},
    jid::{BareJid, Jid},
    stanza::payload::{mam::Filter, rsm::Wanted},
    store::{Key, Kind},
};

/// Asks an archive for messages. `callback` gets their elements, and an object that leads to the pages before and after
/// them; `errback` the stanza that says why there are none. The options may be left out.
#[wasm_bindgen(js_namespace = ["api", "archive"], js_name = query)]
pub fn query(options: &JsValue, callback: &JsValue, errback: &JsValue) -> Result<(), JsValue> {
    let page = page()?;
    if !driver::peek(|client| client.is_connected()) {
        let message = "Can't call `api.archive.query` before having established an XMPP session";
        return Err(error("ArchiveError", "not-connected", message));
    }
    let (options, callback, errback) = match options.is_function() {
        true => (&JsValue::UNDEFINED, options, callback),
        false => (options, callback, errback),
    };
    let callback = function(callback, "callback")?;
    let errback = function(errback, "errback")?;
    let query = read_query(&page, options)?;
    if query.room.is_none() && driver::peek(|client| !client.has_archive()) {
        let message = "This server does not support XEP-0313, Message Archive Management";
        return Err(error("ArchiveError", "not-supported", message));
    }
    let filter = Object::new();
    for name in ["with", "start", "end", "groupchat", "max"] {
        js::set(&filter, name, &js::get(options, name));
    }
    let then = move |page: &Page, outcome: Outcome| {
        let (handler, arguments) = match page.archived(outcome, &filter) {
            Ok(arguments) => (callback, arguments),
            Err(refusal) => (errback, Array::of1(&refusal)),
        };
        if let Some(Err(exception)) = handler.map(|handler| handler.apply(&JsValue::UNDEFINED, &arguments)) {
            js::report_error(&exception);
        }
        Ok(JsValue::UNDEFINED)
    };
    // Both ways out are the handlers': the promise never rejects.
    let _: Promise = call_then(
        |client, now, call| {
            client.in_context(now, |context| archive::query(context, call, query));
        },
        Box::new(then),
    );
    Ok(())
}

impl Page {
    /// What the callback is given.
    fn archived(&self, outcome: Outcome, filter: &Object) -> Result<Array, JsValue> {
        let set = match &outcome {
            Outcome::Archived { set, .. } => to_dom(set)?.into(),
            _ => JsValue::UNDEFINED,
        };
        let messages = self.result_of(outcome)?;
        js::set(filter, "xml", &set);
        let rsm = Reflect::construct(&self.models.rsm, &Array::of1(filter))?;
        Ok(Array::of2(&messages, &rsm))
    }
}

fn read_query(page: &Page, options: &JsValue) -> Result<Query, JsValue> {
    if options.is_undefined() || options.is_null() {
        return Ok(Query::default());
    }
    if !options.is_object() {
        return Err(wrong_argument("archive.query: the options must be an object"));
    }
    let given = |name| Some(js::get(options, name)).filter(|value| !value.is_undefined() && !value.is_null());
    let text = |name| given(name).map(|value| part(&value, name)).transpose();
    let with = given("with").map(|with| string_argument(&with, WITH)).transpose()?;
    let with = with.map(|with| Jid::new(with.trim()).map_err(|_| wrong_argument(WITH))).transpose()?;
    let groupchat = js::get(options, "groupchat").is_truthy();
    if groupchat && with.is_none() {
        return Err(wrong_argument("archive.query: a query with groupchat needs the address of a room in with"));
    }
    let room = with.as_ref().map(Jid::bare).filter(|room| groupchat || page.is_room(room)).cloned();
    Ok(Query {
        filter: Filter {
            with: with.filter(|_| room.is_none()).map(|with| with.as_str().to_owned()),
            start: given("start").map(|start| time(&start, "start")).transpose()?,
            end: given("end").map(|end| time(&end, "end")).transpose()?,
        },
        room,
        wanted: Wanted {
            max: text("max")?,
            after: text("after")?,
            before: text("before")?,
            index: text("index")?,
            first: text("first")?,
            last: text("last")?,
            count: text("count")?,
        },
        first: None,
    })
}

impl Page {
    /// Whether `jid` is a room that is open here.
    fn is_room(&self, jid: &BareJid) -> bool {
        let key = Key::of_jid(Kind::Room, jid);
        driver::peek(|client| client.store().attributes(&key).is_some())
    }
}

/// A date, or a text that is one, as XEP-0082 writes it.
fn time(value: &JsValue, name: &str) -> Result<String, JsValue> {
    let date = Date::new(value);
    if date.get_time().is_nan() {
        return Err(wrong_argument(&["archive.query: invalid date provided for: ", name].concat()));
    }
    Ok(date.to_iso_string().into())
}

/// A text, or a whole number as one: what says which part of the answer is wanted.
fn part(value: &JsValue, name: &str) -> Result<String, JsValue> {
    let number = value.as_f64().filter(|number| *number >= 0.0).map(|number| (number as u32).to_string());
    let wrong =
        || wrong_argument(&["archive.query: ", name, " must be a string or a number that is not negative"].concat());
    value.as_string().or(number).ok_or_else(wrong)
}

fn function(value: &JsValue, name: &str) -> Result<Option<Function>, JsValue> {
    if value.is_undefined() || value.is_null() {
        return Ok(None);
    }
    let wrong = || wrong_argument(&["archive.query: the ", name, " must be a function"].concat());
    value.dyn_ref::<Function>().cloned().map(Some).ok_or_else(wrong)
}

const WITH: &str = "archive.query: with must be an XMPP address";
