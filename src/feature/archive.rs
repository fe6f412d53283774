//! Archives of messages (XEP-0313): what was said while nobody was here, and what the page asks for.
//!
//! How far an archive has been read is remembered. After each connection that is not a resumption it is read from there
//! to its end; until that is done, what arrives by itself does not count as read, so that no hole is forgotten.

use std::rc::Rc;

use super::{Call, Context, Event, Outcome, Step, outcome_of};
use crate::{
    jid::{BareJid, Jid},
    session::{Answer, Arrival},
    stanza::{
        ErrorType, Iq, Message,
        payload::{
            mam::{self, Archived, Filter},
            rsm::{Part, Wanted},
        },
    },
    store::{Asked, Key, Kind, MAX_RESULTS, Past, Question, RoomStatus, Timeline},
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
    /// Messages of the conversation with `with`, who may be a room: those before the message `before`, else the newest.
    /// `step` counts the pages in a row that had nothing to show.
    History { of: BareJid, with: BareJid, id: String, before: Option<Rc<str>>, step: u8 },
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
    /// The message that all of them were said before.
    pub next: Option<u32>,
    then: Then,
    complete: bool,
    first: Option<Rc<str>>,
    last: Option<String>,
    /// How many messages the conversation had before.
    count: usize,
}

/// Reads what was missed, as soon as it is known that there is an archive.
pub fn handle_online(context: &mut Context<'_>, arrival: Arrival) {
    if !context.options.archive {
        return;
    }
    let me = context.account().clone();
    let behind = context.store.archives.get(me.as_str()).is_some_and(|archive| archive.is_behind());
    // What nobody has heard of the server sends again.
    context.state.retells = std::mem::take(&mut context.state.cache_is_old) && arrival == Arrival::Restored;
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
    let known = context.store.archives.supported(context.account().as_str()) == Some(true) && context.options.archive;
    if !known || context.store.chats.get(with).is_none_or(|chat| chat.filled) {
        return;
    }
    let change = context.store.chats.update(with, |chat| chat.filled = true);
    context.tell(change);
    ask_history(context, &context.account().clone(), with, None, 0);
}

/// Asks for what was said in the conversation with `with`, a person or a room, before what is here of it.
pub fn fetch_older(context: &mut Context<'_>, with: &BareJid) {
    let room = context.store.rooms.get(with);
    let of = if room.is_some() { with.clone() } else { context.account().clone() };
    let outside = room.is_some_and(|room| room.status != RoomStatus::Entered);
    // A room's newest messages come first.
    let reads = room.is_some() && context.store.archives.is_asked(with.as_str());
    let known = context.store.archives.supported(of.as_str()) == Some(true) && context.options.archive;
    let Some(messages) = context.store.timeline(with.as_str()) else { return };
    if !known || outside || reads || messages.past() != Past::Open {
        return;
    }
    if context.store.is_full(with.as_str()) {
        context.emit(Event::Full("a conversation has more messages than are shown: its archive has the others"));
        return set_past(context, with, Past::Whole, None);
    }
    if context.store.chats.get(with).is_some_and(|chat| !chat.filled) {
        return fill(context, with);
    }
    let before = messages.first_archived().cloned();
    ask_history(context, &of, with, before, 0);
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
    } else if context.state.gives_back {
        let id = id.to_owned();
        take_back(context, message, &id);
    }
    true
}

/// Takes in a result that was left to a plugin: with the page that is still open to it, or by itself, which is no news.
fn take_back(context: &mut Context<'_>, message: &Message, id: &str) {
    let me = context.account().clone();
    let of = message.from.as_ref().map_or(&me, Jid::bare);
    let Some(result) = Archived::from_archive(message.element(), of, &me, id) else { return };
    if let Some(page) = context.state.left.iter_mut().find(|page| page.of == *of) {
        return page.results.push(result);
    }
    context.state.left.push(Page {
        of: of.clone(),
        results: vec![result],
        missed: false,
        next: None,
        then: Then::Support,
        complete: true,
        first: None,
        last: None,
        count: 0,
    });
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
        Then::Missed { ref of, ref id, .. }
        | Then::Newest { ref of, ref id }
        | Then::History { ref of, ref id, .. } => {
            let (of, id) = (of.clone(), id.clone());
            page(context, of, &id, then, &answer)
        }
    }
}

/// Leaves the messages of `page` to plugins, if these take in such messages. Otherwise it comes back.
pub fn leave(context: &mut Context<'_>, mut page: Page) -> Option<Page> {
    let room = (page.of != *context.account()).then(|| Key::of_jid(Kind::Room, &page.of));
    let step = if room.is_some() { Step::RoomMessage } else { Step::Message };
    if !context.state.replaced.has(step) {
        return Some(page);
    }
    for result in std::mem::take(&mut page.results) {
        context.emit(Event::Incoming { stanza: result.stanza().clone(), room: room.clone() });
    }
    context.state.left.push(page);
    None
}

/// Goes on after the messages of `page` were taken in. `true` if nothing is missing any more.
pub fn go_on(context: &mut Context<'_>, page: Page) -> bool {
    let of = page.of.as_rc();
    if let (Some(last), Then::Missed { .. } | Then::Newest { .. }) = (&page.last, &page.then) {
        context.store.archives.set_read(&of, last);
    }
    match (page.then, page.last) {
        (Then::History { with, before, step, .. }, _) => {
            let past = Past::of(page.complete || page.first.is_none() || page.first == before);
            let shown = context.store.timeline(with.as_str()).map_or(0, Timeline::len);
            set_past(context, &with, past, page.first.clone());
            if past == Past::Open && shown == page.count && step < MAX_EMPTY_PAGES {
                ask_history(context, &page.of, &with, page.first, step.saturating_add(1));
            }
            return false;
        }
        // An archive that does not get on would be asked for ever.
        (Then::Missed { after, .. }, Some(last)) if !page.complete && last != after => {
            ask_missed(context, &page.of, last);
            return false;
        }
        (then @ (Then::Missed { .. } | Then::Newest { .. }), _) => {
            context.store.archives.set_complete(&of);
            context.state.retells &= page.of != *context.account();
            if let (Then::Newest { .. }, true) = (then, page.of != *context.account()) {
                // What is here of a room without a hole begins where this page does.
                set_past(context, &page.of, Past::of(page.complete), page.first);
            }
        }
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
    if let Then::History { with, .. } = &then {
        // Who asked may have closed it since.
        context.store.timeline(with.as_str())?;
        let past = match answer {
            Answer::Result(_) => Past::Asked,
            Answer::Error(iq) => Past::of(iq.error().is_none_or(|error| error.kind != ErrorType::Wait)),
            Answer::TimedOut | Answer::Disconnected => Past::Open,
        };
        set_past(context, with, past, None);
    }
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
    let part = fin.as_ref().map(|fin| Part::decode(fin.element)).unwrap_or_default();
    let first = part.first.map(Rc::from).or_else(|| results.first().map(|result| result.id.clone()));
    let last = part.last.or(newest);
    let complete = fin.is_none_or(|fin| fin.complete);
    let missed = matches!(then, Then::Missed { .. }) && !context.state.retells;
    // Where the archive of the account begins to be read, its messages are of no conversation yet.
    let results = if matches!(then, Then::Newest { .. }) && of == me { Vec::new() } else { results };
    let (next, count) = match &then {
        Then::History { with, before, .. } => {
            let messages = context.store.timeline(with.as_str())?;
            (before.as_ref().and_then(|_| messages.oldest_archived()), messages.len())
        }
        _ => (None, 0),
    };
    Some(Page { of, results, missed, next, then, complete, first, last, count })
}

/// Asks the archive of `of` for a page of the conversation with `with`.
fn ask_history(context: &mut Context<'_>, of: &BareJid, with: &BareJid, before: Option<Rc<str>>, step: u8) {
    // All that a room keeps is of the room.
    let filter = Filter { with: (of != with).then(|| with.as_str().to_owned()), ..Filter::default() };
    let mut wanted = newest(context.options.archived_messages_page_size);
    wanted.before = Some(before.as_deref().unwrap_or_default().to_owned());
    let then = |id| Then::History { of: of.clone(), with: with.clone(), id, before, step };
    if ask(context, of, &filter, &wanted, then) {
        set_past(context, with, Past::Asked, None);
    }
}

fn set_past(context: &mut Context<'_>, with: &BareJid, past: Past, first: Option<Rc<str>>) {
    let change = context.store.timeline_mut(with).map(|messages| messages.set_past(past, first));
    context.tell(change);
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

/// `false` if it cannot be asked now.
fn ask(
    context: &mut Context<'_>,
    of: &BareJid,
    filter: &Filter,
    wanted: &Wanted,
    then: impl FnOnce(String) -> Then,
) -> bool {
    let id = context.dice.uuid();
    let mut iq = Iq::set(&id, mam::query(&id, filter, Some(wanted.encode())));
    if of != context.account() {
        iq.set_attribute("to", of.as_str());
    }
    let then = then(id.clone());
    let catches_up = !matches!(then, Then::History { .. });
    let asked = context.request_within(iq, context.options.message_archiving_timeout, super::Then::Archive(then));
    if asked {
        context.store.archives.ask(Question { id, of: of.as_rc(), catches_up, results: Vec::new() });
    }
    asked
}

/// The most pages of a conversation that are read in a row because there was nothing in them to show.
const MAX_EMPTY_PAGES: u8 = 10;

fn newest(max: u32) -> Wanted {
    Wanted { max: Some(max.to_string()), before: Some(String::new()), ..Wanted::default() }
}
