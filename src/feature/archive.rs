//! Archives of messages (XEP-0313): what was said while nobody was here, and what the page asks for.
//!
//! How far an archive has been read is remembered. After each connection that is not a resumption it is read from there
//! to its end; until that is done, what arrives by itself does not count as read, so that no hole is forgotten.

use std::rc::Rc;

use super::{Call, Context, Outcome, outcome_of};
use crate::{
    jid::BareJid,
    session::{Answer, Arrival},
    stanza::{
        Iq, Message,
        payload::{
            mam::{self, Archived, Filter},
            rsm::{Part, Wanted},
        },
    },
    store::{Asked, MAX_RESULTS, Question},
    xml::{Element, ns},
};

/// What comes after the answer to a request of this feature.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Then {
    /// Whether the account has an archive is known now.
    Support,
    /// The page that the question `id` asked for has come, of what was said after the message `after`.
    Missed { of: BareJid, id: String, after: String },
    /// The newest messages of an archive that was not read before.
    Newest { of: BareJid, id: String },
    /// The newest messages of a conversation.
    History { of: BareJid, id: String },
    /// What the page asked for.
    Query { call: Call, id: String, query: Box<Query> },
    /// What is archived.
    Preferences,
}

impl Then {
    /// The page's call that waits for the answer.
    pub(super) fn call(&self) -> Option<Call> {
        match self {
            Self::Query { call, .. } => Some(*call),
            _ => None,
        }
    }
}

/// What the page wants of an archive.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Query {
    /// The room whose archive it is; the account's without.
    pub room: Option<BareJid>,
    pub filter: Filter,
    /// Without anything: all there is, however many pages it takes.
    pub wanted: Wanted,
    /// The first message of the first of these pages.
    pub first: Option<String>,
}

/// Messages out of an archive, in its order.
#[derive(Debug)]
pub struct Page {
    /// Whose archive it is.
    pub of: BareJid,
    pub results: Vec<Archived>,
    /// They were said while nobody was here.
    pub missed: bool,
    then: Then,
    complete: bool,
    last: Option<String>,
}

/// Reads what was missed, as soon as it is known that there is an archive.
pub fn handle_online(context: &mut Context<'_>, arrival: Arrival) {
    if !context.options.archive {
        return;
    }
    let me = context.account().clone();
    let behind = context.store.archives.get(me.as_str()).is_some_and(|archive| archive.is_behind());
    match context.store.archives.supported(me.as_str()) {
        Some(true) if arrival != Arrival::Resumed || behind => catch_up(context, &me),
        None if arrival != Arrival::Resumed => {
            context.discover(&me.into(), false, super::Then::Archive(Then::Support));
        }
        _ => {}
    }
}

/// Goes on when it is known what the account can do, or that nobody says.
pub fn handle_known(context: &mut Context<'_>) {
    let me = context.account().clone();
    let known = context.store.disco.get(me.as_str());
    let archive = match known.map(|entity| (entity.info, &entity.profile)) {
        Some((Asked::Answered, profile)) => profile.has(ns::MAM.as_str()),
        // An account that says nothing of itself has no archive that it says something of.
        Some((Asked::Refused, _)) => false,
        _ => return,
    };
    context.store.archives.set_supported(&me.as_rc(), archive);
    if archive {
        catch_up(context, &me);
        if context.options.message_archiving.is_some() {
            let iq = Iq::get(&context.dice.id(), mam::preferences());
            context.request(iq, super::Then::Archive(Then::Preferences));
        }
    }
}

/// Reads what was said in the archive of `of`, the account or a room, since it was read last; the newest page if it never
/// was.
pub fn catch_up(context: &mut Context<'_>, of: &BareJid) {
    if context.store.archives.is_asked(of.as_str()) {
        return;
    }
    if of == context.account() {
        context.store.chats.mark();
    }
    match context.store.archives.set_behind(&of.as_rc()) {
        Some(last) => ask_missed(context, of, last.as_ref().to_owned()),
        None => ask_newest(context, of),
    }
}

/// Asks for the newest messages of the conversation with `with`, unless that was done.
pub fn fill(context: &mut Context<'_>, with: &BareJid) {
    let me = context.account().clone();
    let known = context.store.archives.supported(me.as_str()) == Some(true) && context.options.archive;
    if !known || context.store.chats.get(with).is_none_or(|chat| chat.filled) {
        return;
    }
    let change = context.store.chats.update(with, |chat| chat.filled = true);
    context.tell(change);
    let filter = Filter { with: Some(with.as_str().to_owned()), ..Filter::default() };
    let wanted = newest(context.options.archived_messages_page_size);
    ask(context, &me.clone(), &filter, &wanted, |id| Then::History { of: me, id });
}

/// Asks an archive for what the page wants.
pub fn query(context: &mut Context<'_>, call: Call, query: Query) {
    let id = context.dice.uuid();
    let of = query.room.as_ref().unwrap_or(context.account()).as_rc();
    context.store.archives.ask(Question { id: id.clone(), of, catches_up: false, results: Vec::new() });
    put(context, call, id, query);
}

/// Keeps `message` if it is a result of an archive; `true` if it claims to be one. Nobody but the archive that was asked
/// is listened to (§10.2).
pub fn handle_message(context: &mut Context<'_>, message: &Message) -> bool {
    let Some(id) = mam::queryid(message.element()) else { return false };
    let me = context.account().as_rc();
    if let Some(question) = context.store.archives.question_mut(id) {
        let asked = match &message.from {
            Some(from) => from.is_bare() && from.as_str() == &*question.of,
            None => question.of == me,
        };
        if asked && question.results.len() < MAX_RESULTS {
            question.results.push(message.element().clone());
        }
    }
    true
}

/// Goes on after an answer. The messages that have come are for the conversations they are of.
pub fn handle_answer(context: &mut Context<'_>, then: Then, answer: Answer) -> Option<Page> {
    match then {
        // It is known without an answer.
        Then::Support => None,
        Then::Preferences => {
            handle_preferences(context, &answer);
            None
        }
        Then::Query { call, id, query } => {
            handle_query(context, call, &id, *query, &answer);
            None
        }
        Then::Missed { ref of, ref id, .. } | Then::Newest { ref of, ref id } | Then::History { ref of, ref id } => {
            let (of, id) = (of.clone(), id.clone());
            page(context, of, &id, then, &answer)
        }
    }
}

/// Goes on after the messages of `page` were taken in. `true` if nothing is missing any more.
pub fn go_on(context: &mut Context<'_>, page: Page) -> bool {
    let of = page.of.as_rc();
    if let (Some(last), Then::Missed { .. } | Then::Newest { .. }) = (&page.last, &page.then) {
        context.store.archives.set_read(&of, last);
    }
    match (page.then, page.last) {
        // An archive that does not get on would be asked for ever.
        (Then::Missed { after, .. }, Some(last)) if !page.complete && last != after => {
            ask_missed(context, &page.of, last);
            return false;
        }
        (Then::Missed { .. } | Then::Newest { .. }, _) => context.store.archives.set_complete(&of),
        _ => return false,
    }
    if page.of == *context.account() {
        let chats: Vec<BareJid> = context.store.chats.iter().map(|chat| chat.jid.clone()).collect();
        chats.iter().for_each(|with| fill(context, with));
    }
    page.missed
}

fn handle_preferences(context: &mut Context<'_>, answer: &Answer) {
    let (Answer::Result(iq), Some(default)) = (answer, context.options.message_archiving) else { return };
    if let Some(changed) = iq.payload().and_then(|prefs| mam::changed_preferences(prefs, default)) {
        let iq = Iq::set(&context.dice.id(), changed);
        context.request(iq, super::Then::Nothing);
    }
}

fn handle_query(context: &mut Context<'_>, call: Call, id: &str, mut query: Query, answer: &Answer) {
    let Some(mut question) = context.store.archives.take_question(id) else { return };
    let fin = match answer {
        Answer::Result(iq) => iq.payload().and_then(mam::fin),
        refusal => return context.finish(call, outcome_of(refusal)),
    };
    let set = fin.as_ref().map(|fin| Part::decode(fin.element)).unwrap_or_default();
    let complete = fin.is_none_or(|fin| fin.complete);
    // All there is was asked for, page by page.
    let paged = query.wanted.is_all() || query.first.is_some();
    if let (true, false, Some(last)) = (paged, complete, &set.last)
        && query.wanted.after.as_ref() != Some(last)
    {
        query.wanted.after = Some(last.clone());
        query.first = query.first.or(set.first);
        question.id = context.dice.uuid();
        let id = question.id.clone();
        context.store.archives.ask(question);
        return put(context, call, id, query);
    }
    let me = context.account().clone();
    let of = query.room.as_ref().unwrap_or(&me);
    let own = |stanza: &Rc<Element>| {
        let queryid = mam::queryid(stanza).unwrap_or_default();
        Archived::from_archive(stanza, of, &me, queryid).is_some()
    };
    let messages = question.results.into_iter().filter(own).collect();
    let set = match query.first {
        // What was read in pages is one for whoever asked for it all.
        Some(first) => Part { first: Some(first), index: None, ..set },
        None => set,
    };
    context.finish(call, Outcome::Archived { messages, set: set.encode() });
}

fn put(context: &mut Context<'_>, call: Call, id: String, query: Query) {
    let set = (!query.wanted.is_all()).then(|| query.wanted.encode());
    let mut iq = Iq::set(&id, mam::query(&id, &query.filter, set));
    if let Some(room) = &query.room {
        iq.set_attribute("to", room.as_str());
    }
    let timeout = context.options.message_archiving_timeout;
    let then = Then::Query { call, id: id.clone(), query: Box::new(query) };
    if !context.request_within(iq, timeout, super::Then::Archive(then)) {
        context.store.archives.take_question(&id);
        context.finish(call, Outcome::Disconnected);
    }
}

fn page(context: &mut Context<'_>, of: BareJid, id: &str, then: Then, answer: &Answer) -> Option<Page> {
    let question = context.store.archives.take_question(id)?;
    let me = context.account().clone();
    let iq = match answer {
        Answer::Result(iq) => iq,
        Answer::Error(iq) => {
            let gone = iq.error().is_some_and(|error| error.condition == "item-not-found");
            if gone && matches!(then, Then::Missed { .. }) {
                // What was read last is not kept any more: from here on it is as if nothing had been read.
                context.store.archives.forget_read(&of.as_rc());
                ask_newest(context, &of);
            }
            return None;
        }
        // What is missing stays so until the next connection.
        Answer::TimedOut | Answer::Disconnected => return None,
    };
    let fin = iq.payload().and_then(mam::fin);
    let results: Vec<Archived> =
        question.results.iter().filter_map(|stanza| Archived::from_archive(stanza, &of, &me, id)).collect();
    for result in &results {
        context.store.archives.note_read(&of.as_rc(), &result.id);
    }
    let newest = results.last().map(|result| result.id.as_ref().to_owned());
    let last = fin.as_ref().and_then(|fin| Part::decode(fin.element).last).or(newest);
    let complete = fin.is_none_or(|fin| fin.complete);
    let missed = matches!(then, Then::Missed { .. });
    // Where the archive of the account begins to be read, its messages are of no conversation yet.
    let results = if matches!(then, Then::Newest { .. }) && of == me { Vec::new() } else { results };
    Some(Page { of, results, missed, then, complete, last })
}

fn ask_missed(context: &mut Context<'_>, of: &BareJid, after: String) {
    let max = context.options.archived_messages_page_size.to_string();
    let wanted = Wanted { max: Some(max), after: Some(after.clone()), ..Wanted::default() };
    ask(context, of, &Filter::default(), &wanted, |id| Then::Missed { of: of.clone(), id, after });
}

fn ask_newest(context: &mut Context<'_>, of: &BareJid) {
    let max = if of == context.account() { 1 } else { context.options.archived_messages_page_size };
    ask(context, of, &Filter::default(), &newest(max), |id| Then::Newest { of: of.clone(), id });
}

fn ask(context: &mut Context<'_>, of: &BareJid, filter: &Filter, wanted: &Wanted, then: impl FnOnce(String) -> Then) {
    let id = context.dice.uuid();
    let mut iq = Iq::set(&id, mam::query(&id, filter, Some(wanted.encode())));
    if of != context.account() {
        iq.set_attribute("to", of.as_str());
    }
    let then = then(id.clone());
    let catches_up = !matches!(then, Then::History { .. });
    if context.request_within(iq, context.options.message_archiving_timeout, super::Then::Archive(then)) {
        context.store.archives.ask(Question { id, of: of.as_rc(), catches_up, results: Vec::new() });
    }
}

fn newest(max: u32) -> Wanted {
    Wanted { max: Some(max.to_string()), before: Some(String::new()), ..Wanted::default() }
}
