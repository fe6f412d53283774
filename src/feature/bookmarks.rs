//! The rooms that the user keeps: one item for each where the server can do that (XEP-0402), otherwise all in one
//! (XEP-0048).

use super::{Call, Context, Event, Outcome, Publication, Then as AfterAnswer, outcome_of};
use crate::{
    jid::BareJid,
    session::{Answer, Arrival},
    stanza::{
        Iq, Message,
        payload::{
            bookmarks::{ALL, Conference},
            pubsub::{News, OwnEvent, decode_items, item, items, retract},
        },
    },
    store::{Bookmark, Key, Kind},
    xml::{Element, Namespace, ns},
};

/// How the account keeps bookmarks.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Keeping {
    /// That is not known yet.
    #[default]
    Unknown,
    /// Not at all, or where others could read them.
    No,
    /// One item for each.
    Each,
    /// All in one item.
    All,
}

/// What comes after the answer to a request of this feature.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Then {
    /// It is known what the account can do.
    Known,
    /// These are the bookmarks. Without a call, it is the first that this session hears of them.
    Fetched { call: Option<Call> },
    /// A bookmark is kept, or is not any more.
    Saved { call: Call, jid: BareJid },
}

impl Then {
    /// The page's call that waits for the answer.
    pub(super) fn call(&self) -> Option<Call> {
        match self {
            Self::Known => None,
            Self::Fetched { call } => *call,
            Self::Saved { call, .. } => Some(*call),
        }
    }
}

/// Asks for the bookmarks.
pub fn handle_online(context: &mut Context<'_>, arrival: Arrival) {
    if !context.options.discovery || arrival == Arrival::Resumed {
        return;
    }
    context.state.bookmarks_read = false;
    if !context.options.allow_bookmarks {
        return context.emit(Event::BookmarksInitialized { kept: false });
    }
    let own = context.account().clone();
    context.discover(&own.into(), false, AfterAnswer::Bookmarks(Then::Known));
}

/// Adds a bookmark, or changes the one of the same room.
pub fn set(context: &mut Context<'_>, call: Call, mut bookmark: Bookmark) {
    if !is_kept(context) {
        return context.finish(call, Outcome::Unsupported);
    }
    let jid = bookmark.jid.clone();
    if let Some(known) = context.store.bookmarks.get(&jid) {
        bookmark.extensions.clone_from(&known.extensions);
        bookmark.password = bookmark.password.or_else(|| known.password.clone());
    }
    let conference = conference(&bookmark);
    let change = context.store.bookmarks.insert(bookmark);
    context.tell(change);
    match context.state.bookmarks {
        Keeping::Each => {
            let item = item(jid.as_str(), conference.encode());
            publish(context, ns::BOOKMARKS.as_str(), item, Then::Saved { call, jid });
        }
        _ => publish_all(context, Then::Saved { call, jid }),
    }
}

/// Takes a bookmark out.
pub fn remove(context: &mut Context<'_>, call: Call, jid: BareJid) {
    if !is_kept(context) {
        return context.finish(call, Outcome::Unsupported);
    }
    let change = context.store.bookmarks.remove(&jid);
    context.tell(change);
    match context.state.bookmarks {
        Keeping::Each => {
            let iq = Iq::set(&context.dice.id(), retract(ns::BOOKMARKS.as_str(), jid.as_str()));
            request(context, iq, Then::Saved { call, jid });
        }
        _ => publish_all(context, Then::Saved { call, jid }),
    }
}

/// Asks for the bookmarks once more.
pub fn refresh(context: &mut Context<'_>, call: Call) {
    match is_offered(context) {
        true => fetch(context, Some(call)),
        false => context.finish(call, Outcome::Unsupported),
    }
}

/// Takes in what another client of the account has changed; `false` if `message` is about something else.
pub fn handle_message(context: &mut Context<'_>, message: &Message) -> bool {
    let Some(event) = OwnEvent::from_own_account(message, context.account()) else { return false };
    let (node, news) = event.into_parts();
    let each = node == ns::BOOKMARKS.as_str() && context.state.bookmarks == Keeping::Each;
    let all = node == ns::OLD_BOOKMARKS.as_str() && context.state.bookmarks == Keeping::All;
    if !each && !all {
        return node == ns::BOOKMARKS.as_str() || node == ns::OLD_BOOKMARKS.as_str();
    }
    for news in news {
        let bookmarks = &mut context.store.bookmarks;
        let changes = match news {
            News::Published(id, content) if each => {
                let conference = Conference::decode(id, content);
                conference.and_then(|conference| bookmarks.insert(bookmark(conference))).into_iter().collect()
            }
            News::Published(_, content) => {
                take_all(context, content);
                continue;
            }
            News::Retracted(id) if each => {
                BareJid::new(id).ok().and_then(|jid| bookmarks.remove(&jid)).into_iter().collect()
            }
            News::Retracted(_) | News::Emptied => bookmarks.clear(),
        };
        context.tell(changes);
    }
    true
}

/// Goes on when it is known what the account can do.
pub fn handle_known(context: &mut Context<'_>, then: Then) {
    match then {
        Then::Known => {
            context.state.bookmarks = keeping(context);
            match is_offered(context) {
                true => fetch(context, None),
                false => {
                    let changes = context.store.bookmarks.clear();
                    context.tell(changes);
                    context.emit(Event::BookmarksInitialized { kept: false });
                }
            }
        }
        // It was not published, because it would not have been private.
        Then::Saved { call, .. } => {
            context.finish(call, Outcome::Unsupported);
            fetch(context, None);
        }
        Then::Fetched { .. } => {}
    }
}

/// Goes on after an answer.
pub fn handle_answer(context: &mut Context<'_>, then: Then, answer: &Answer) {
    match (then, answer) {
        (Then::Fetched { call }, answer) => handle_fetched(context, call, answer),
        (Then::Saved { call, jid }, Answer::Result(_)) => {
            let known = context.store.bookmarks.get(&jid).is_some();
            let key = Key::of_jid(Kind::Bookmark, &jid);
            context.finish(call, if known { Outcome::Entity(key) } else { Outcome::Done });
        }
        (Then::Saved { call, .. }, refusal) => {
            context.finish(call, outcome_of(refusal));
            // What is shown was only hoped for.
            if !matches!(refusal, Answer::Disconnected) {
                fetch(context, None);
            }
        }
        (Then::Known, _) => {}
    }
}

fn handle_fetched(context: &mut Context<'_>, call: Option<Call>, answer: &Answer) {
    let outcome = match answer {
        Answer::Result(iq) => {
            if let Some(pubsub) = iq.payload() {
                handle_items(context, pubsub);
            }
            Outcome::Done
        }
        // Nothing was ever published.
        Answer::Error(iq) if iq.error().is_some_and(|error| error.condition == "item-not-found") => {
            let changes = context.store.bookmarks.clear();
            context.tell(changes);
            Outcome::Done
        }
        refusal => outcome_of(refusal),
    };
    context.state.bookmarks_read |= outcome == Outcome::Done;
    match call {
        Some(call) => context.finish(call, outcome),
        None if matches!(answer, Answer::Result(_) | Answer::Error(_)) => {
            context.emit(Event::BookmarksInitialized { kept: true });
        }
        None => {}
    }
}

fn handle_items(context: &mut Context<'_>, pubsub: &Element) {
    if context.state.bookmarks == Keeping::All {
        match decode_items(pubsub, ns::OLD_BOOKMARKS.as_str()).pop() {
            Some((_, content)) => take_all(context, content),
            None => {
                let changes = context.store.bookmarks.clear();
                context.tell(changes);
            }
        }
        return;
    }
    let found = decode_items(pubsub, ns::BOOKMARKS.as_str());
    let found = found.into_iter().filter_map(|(id, content)| Conference::decode(id, content));
    let changes = context.store.bookmarks.replace(found.map(bookmark));
    context.tell(changes);
}

fn take_all(context: &mut Context<'_>, storage: &Element) {
    if let Some((rooms, others)) = Conference::decode_all(storage) {
        context.state.other_bookmarks = others;
        let changes = context.store.bookmarks.replace(rooms.into_iter().map(bookmark));
        context.tell(changes);
    }
}

fn keeping(context: &Context<'_>) -> Keeping {
    let own = context.store.disco.get(context.account().as_str());
    let Some(profile) = own.map(|entity| &entity.profile) else { return Keeping::No };
    let has = |feature: &Namespace| profile.has(feature.as_str());
    let private = has(&ns::PUBLISH_OPTIONS) || context.options.allow_public_bookmarks;
    if profile.identity("pubsub", "pep").is_none() || !private {
        return Keeping::No;
    }
    if has(&ns::BOOKMARKS_COMPAT) || has(&ns::BOOKMARKS_COMPAT_PEP) { Keeping::Each } else { Keeping::All }
}

fn is_offered(context: &Context<'_>) -> bool {
    matches!(context.state.bookmarks, Keeping::Each | Keeping::All)
}

/// Whether bookmarks can be changed. Not before they were read: what is written in the place of what nobody has seen,
/// passwords and other clients' bookmarks among it, would be lost.
fn is_kept(context: &Context<'_>) -> bool {
    is_offered(context) && context.state.bookmarks_read
}

fn fetch(context: &mut Context<'_>, call: Option<Call>) {
    let node = if context.state.bookmarks == Keeping::Each { ns::BOOKMARKS } else { ns::OLD_BOOKMARKS };
    let iq = Iq::get(&context.dice.id(), items(node.as_str()));
    request(context, iq, Then::Fetched { call });
}

fn publish_all(context: &mut Context<'_>, then: Then) {
    let rooms: Vec<_> = context.store.bookmarks.iter().map(conference).collect();
    let item = item(ALL, Conference::encode_all(rooms, &context.state.other_bookmarks));
    publish(context, ns::OLD_BOOKMARKS.as_str(), item, then);
}

/// Publishes an item where nobody else can read it (XEP-0402 §4, XEP-0223 §3).
fn publish(context: &mut Context<'_>, node: &str, item: Element, then: Then) {
    let options = if context.state.bookmarks == Keeping::Each { EACH } else { PRIVATE };
    context.publish(Publication {
        to: None,
        node: node.to_owned(),
        item,
        options: options.iter().map(|(var, value)| ((*var).to_owned(), (*value).to_owned())).collect(),
        strict: !context.options.allow_public_bookmarks,
        then: Box::new(AfterAnswer::Bookmarks(then)),
    });
}

fn request(context: &mut Context<'_>, iq: Element, then: Then) {
    if !context.try_request(iq, AfterAnswer::Bookmarks(then.clone())) {
        handle_answer(context, then, &Answer::Disconnected);
    }
}

fn bookmark(conference: Conference) -> Bookmark {
    let Conference { jid, name, nick, password, autojoin, extensions } = conference;
    Bookmark { jid, name, nick, password, autojoin, extensions }
}

fn conference(bookmark: &Bookmark) -> Conference {
    let Bookmark { jid, name, nick, password, autojoin, extensions } = bookmark.clone();
    Conference { jid, name, nick, password, autojoin, extensions }
}

const PRIVATE: &[(&str, &str)] = &[("pubsub#persist_items", "true"), ("pubsub#access_model", "whitelist")];
const EACH: &[(&str, &str)] = &[
    ("pubsub#persist_items", "true"),
    ("pubsub#max_items", "max"),
    ("pubsub#send_last_published_item", "never"),
    ("pubsub#access_model", "whitelist"),
];
