//! XEP-0313: Message Archive Management (version 1.1.3).

use std::rc::Rc;

use crate::{
    jid::{BareJid, Jid},
    stanza::submit,
    time::Timestamp,
    xml::{Element, ns},
};

/// The longest id that is remembered.
const MAX_ID_BYTES: usize = 1024;

/// What is wanted of an archive.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Filter {
    /// Messages to and from this address.
    pub with: Option<String>,
    /// Messages from this time on, and until this one, as XEP-0082 writes times.
    pub start: Option<String>,
    pub end: Option<String>,
}

/// A message that an archive sent because it was asked: by its owner, and with the id of the question (§10.2).
#[derive(Clone, Debug)]
pub struct Archived {
    stanza: Rc<Element>,
    /// The id that the archive gave it.
    pub id: Rc<str>,
    /// When the archive got it.
    pub time: Timestamp,
}

/// The end of a page.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fin<'a> {
    /// There is nothing after it in the direction of the question.
    pub complete: bool,
    pub element: &'a Element,
}

/// `<query/>`: asks for messages, which come with the id `queryid`. `set` says which page (XEP-0059).
pub fn query(queryid: &str, filter: &Filter, set: Option<Element>) -> Element {
    let mut query = Element::new("query", ns::MAM).with_attribute("queryid", queryid);
    let fields = [("with", &filter.with), ("start", &filter.start), ("end", &filter.end)];
    if fields.iter().any(|(_, value)| value.is_some()) {
        let given = fields.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?)));
        query.push(submit(&ns::MAM, given));
    }
    set.into_iter().for_each(|set| query.push(set));
    query
}

/// The id of the question to which `message` claims to be a result. Whoever sent it.
pub fn queryid(message: &Element) -> Option<&str> {
    Some(message.child("result", &ns::MAM)?.attribute("queryid").unwrap_or_default())
}

/// The end of a page, in the answer to the question.
pub fn fin(payload: &Element) -> Option<Fin<'_>> {
    let complete = matches!(payload.attribute("complete"), Some("true" | "1"));
    payload.is("fin", &ns::MAM).then_some(Fin { complete, element: payload })
}

/// `<prefs/>`: asks what is archived.
pub fn preferences() -> Element {
    Element::new("prefs", ns::MAM)
}

/// The same with another default, if `prefs` has not got it: whom the user has named keep what was said of them.
pub fn changed_preferences(prefs: &Element, default: &'static str) -> Option<Element> {
    let differs = prefs.is("prefs", &ns::MAM) && prefs.attribute("default") != Some(default);
    differs.then(|| {
        let mut changed = prefs.clone();
        changed.set_attribute("default", default);
        changed
    })
}

impl Archived {
    /// The result in `stanza`, if the archive of `owner` sent it for the question `queryid`; `me` is the account, whose
    /// archive may leave its address out. One of a room must be of that room.
    pub fn from_archive(stanza: &Rc<Element>, owner: &BareJid, me: &BareJid, queryid: &str) -> Option<Self> {
        let sent_by_owner = match stanza.attribute("from") {
            Some(from) => Jid::new(from).is_ok_and(|from| from.is_bare() && from.bare() == owner),
            None => owner == me,
        };
        let result = stanza.child("result", &ns::MAM).filter(|_| sent_by_owner)?;
        if result.attribute("queryid") != Some(queryid) {
            return None;
        }
        let id = result.attribute("id").filter(|id| !id.is_empty() && id.len() <= MAX_ID_BYTES)?;
        let forwarded = result.child("forwarded", &ns::FORWARD)?;
        let stamp = forwarded.child("delay", &ns::DELAY)?.attribute("stamp")?;
        let inner = forwarded.child("message", &ns::CLIENT)?;
        let from = inner.attribute("from").and_then(|from| Jid::new(from).ok());
        let of_owner = owner == me || from.is_some_and(|from| from.bare() == owner);
        let archived = Self { id: id.into(), time: Timestamp::parse(stamp)?, stanza: stanza.clone() };
        of_owner.then_some(archived)
    }

    /// The whole stanza, as it came.
    pub fn stanza(&self) -> &Rc<Element> {
        &self.stanza
    }

    /// The message that was archived. None if that holds another one in its turn: it is unwrapped once.
    pub fn message(&self) -> Option<&Element> {
        let forwarded = self.stanza.child("result", &ns::MAM)?.child("forwarded", &ns::FORWARD)?;
        let wraps = |child: &Element| {
            child.is("result", &ns::MAM)
                || (*child.namespace() == ns::CARBONS && matches!(child.name(), "received" | "sent"))
        };
        forwarded.child("message", &ns::CLIENT).filter(|inner| !inner.children().any(wraps))
    }
}
