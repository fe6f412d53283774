//! The messages of one conversation in the order in which they are shown, each of them once.

use std::{collections::VecDeque, rc::Rc};

use super::{Change, Key, Kind, Message, Sending, Table};
use crate::xml::{Element, ns};

/// The most messages of one conversation that the cache keeps, the newest. The archive has the others.
pub const MAX_CACHED: usize = 200;

/// The most bytes that the messages of one conversation take while the page is open: some hundred thousand of the usual length.
/// Beyond that the oldest are forgotten, which the archive has; who reads on towards them comes to the end before.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// The same for a conversation that a stranger has begun and the user has not answered: there are many of those at once.
pub const MAX_UNANSWERED_BYTES: usize = 1024 * 1024;

/// The most messages that one which comes late is put before. The server hands over in order what it has kept, and nobody else
/// can say truly when something was said.
const MAX_PASSED: usize = 1_000;

/// The most ids of one conversation that are remembered to be those of corrections which have been corrected in their turn:
/// the archive and other clients may tell of these, too.
const MAX_SPENT: usize = 1_000;

/// What a message takes beside its texts, in bytes.
const MESSAGE_BYTES: usize = 512;

/// The most corrections that are remembered to be of messages that are not here: anybody can send them.
const MAX_WAITING: usize = 100;

/// How far back the archive of a conversation has been read.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Past {
    /// There may be older messages than those that are here.
    #[default]
    Open,
    /// The archive has been asked for them.
    Asked,
    /// The archive has none.
    Whole,
}

impl Past {
    /// Whether the archive has been read to its beginning.
    pub fn of(whole: bool) -> Self {
        if whole { Self::Whole } else { Self::Open }
    }
}

/// The messages of one conversation. Each has a number for as long as the page lives, by which handles find it.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// Whose conversation it is: a person's bare address, a room's, or the id of a [`super::Private`].
    of: Rc<str>,
    /// By number, from `base` on.
    messages: VecDeque<Option<Box<Message>>>,
    /// The lowest number that may be one of a message.
    base: u32,
    /// How much they take.
    bytes: usize,
    /// The numbers, in the order in which the messages are shown.
    order: Vec<u32>,
    /// The first number that was given after the catch-up began.
    mark: u32,
    /// Numbers by what archives and clients call the messages.
    by_name: Table<u32>,
    /// Those of these names that are of no message which is here as it is, from the oldest on.
    spent: VecDeque<String>,
    past: Past,
    /// The first message that was not seen when one came to the conversation.
    fresh: Option<u32>,
    /// The archive's id of the oldest message that was read in it, which need not be one that is shown.
    first: Option<Rc<str>>,
    /// The corrections of messages that are not here, the latest.
    waiting: Vec<u32>,
}

/// What a message can be found by. A name counts among those that the same side gave only: what somebody else calls a
/// message of theirs must not hide this one (XEP-0359 §6).
#[derive(Clone, Copy, Debug)]
pub enum Name<'a> {
    /// Given by the conversation's archive.
    Archive(&'a str),
    /// The stanza's id, given by the client of `from`.
    Stanza { from: &'a str, id: &'a str },
    /// The origin id, given by the client of `from`.
    Origin { from: &'a str, id: &'a str },
}

/// A correction that is no message any more.
#[derive(Clone, Copy, Debug)]
pub struct Joined {
    pub gone: u32,
    /// What it is a correction of.
    pub into: u32,
    /// The message that stood before it.
    pub before: Option<u32>,
}

impl Joined {
    /// What that changes in the conversation.
    pub fn changes(&self, messages: &Timeline) -> [Change; 2] {
        [messages.key(self.into).changed(), messages.key(self.gone).removed()]
    }
}

impl Timeline {
    /// No messages yet with `of`.
    pub fn new(of: Rc<str>) -> Self {
        Self {
            of,
            messages: VecDeque::new(),
            base: 0,
            bytes: 0,
            order: Vec::new(),
            mark: 0,
            by_name: Table::default(),
            spent: VecDeque::new(),
            past: Past::Open,
            fresh: None,
            first: None,
            waiting: Vec::new(),
        }
    }

    /// Puts a message after all others: it has just arrived, or is being sent.
    pub fn push(&mut self, message: Message) -> (u32, Change) {
        if message.mine {
            // Who answers has read.
            self.fresh = None;
        }
        self.insert_at(self.order.len(), message)
    }

    /// Puts a message where it belongs by its time, after those of the same time. A server may tell the time to the second
    /// only; that is the time of all that came in this second.
    pub fn insert(&mut self, message: Message) -> (u32, Change) {
        let time = message.time.milliseconds();
        let end = if time % 1_000 == 0 { time.saturating_add(999) } else { time };
        let later = |number: &&u32| self.get(**number).is_some_and(|other| other.time.milliseconds() > end);
        let passed = self.order.iter().rev().take(MAX_PASSED).take_while(later).count();
        let place = self.order.len().saturating_sub(passed);
        self.insert_at(place, message)
    }

    /// Puts a message directly before the message `next`; by its time if there is no such message.
    pub fn insert_before(&mut self, next: Option<u32>, message: Message) -> (u32, Change) {
        let place = next.and_then(|next| self.order.iter().position(|number| *number == next));
        match place {
            Some(place) => self.insert_at(place, message),
            None => self.insert(message),
        }
    }

    /// The message where those began that had not been seen.
    pub fn fresh(&self) -> Option<u32> {
        self.fresh
    }

    /// Takes in that the message `number` has not been seen, nor those after it; if it is the `first` of them, all before
    /// were.
    pub fn note_fresh(&mut self, number: u32, first: bool) {
        let known = self.fresh.filter(|_| !first);
        if known.is_none_or(|known| self.place(number) < self.place(known)) {
            self.fresh = Some(number);
        }
    }

    /// Takes in that all that is here has been seen, and left.
    pub fn forget_fresh(&mut self) {
        self.fresh = None;
    }

    /// Takes in that the newest `unread` messages of others have not been seen.
    pub(super) fn mark_unread(&mut self, unread: u32) {
        let others = self.iter().rev().filter(|(_, message)| !message.mine);
        self.fresh = others.take(unread as usize).last().map(|(number, _)| number);
    }

    /// The place of the message `number`.
    pub fn place(&self, number: u32) -> Option<usize> {
        self.order.iter().rposition(|other| *other == number)
    }

    pub fn past(&self) -> Past {
        self.past
    }

    /// Takes in how far back the archive has been read: to the message that it calls `first`, if it says so.
    pub fn set_past(&mut self, past: Past, first: Option<Rc<str>>) -> Change {
        self.past = past;
        self.first = first.or(self.first.take());
        Key::within(Kind::Message, self.of.clone(), "").shown()
    }

    /// The archive's id of the message before which others may be.
    pub fn first_archived(&self) -> Option<&Rc<str>> {
        self.first.as_ref().or_else(|| self.iter().find_map(|(_, message)| message.archive_id.as_ref()))
    }

    /// The first message that the archive has too.
    pub fn oldest_archived(&self) -> Option<u32> {
        self.iter().find(|(_, message)| message.archive_id.is_some()).map(|(number, _)| number)
    }

    /// Says that what was missed until now is about to be read.
    pub fn mark(&mut self) {
        self.mark = self.next_number();
    }

    /// The last message that certainly was said before what was missed: clocks may go differently, and archives may write
    /// whole seconds.
    pub fn last_before_mark(&self) -> Option<u32> {
        let was_said = |message: &Message| !message.mine || message.outcome == Some(Sending::Sent);
        self.iter().rev().find(|(number, message)| *number < self.mark && was_said(message)).map(|(number, _)| number)
    }

    /// Puts the message `number` directly after the message `before`, unless it stands after it anyway.
    pub fn move_after(&mut self, number: u32, before: u32) -> Option<Change> {
        let (from, to) = (self.place(number)?, self.place(before)?);
        if from >= to {
            return None;
        }
        self.order.remove(from);
        self.order.insert(to, number);
        Some(self.key(number).changed())
    }

    /// Has messages that the archive has told late say what those corrections of them say that were here before; `same`
    /// tells whether one person wrote both. These are messages no more: each comes back with the message that it is joined
    /// with, and with the one that stood before it.
    pub fn join_corrections(&mut self, same: impl Fn(&Message, &Message) -> bool) -> Vec<Joined> {
        let mut all = Vec::new();
        let has_come = |number: &u32| self.original_of(*number, &same).is_some();
        let ready: Vec<u32> = self.waiting.iter().copied().filter(has_come).collect();
        if ready.is_empty() {
            return all;
        }
        // In the order in which they were said: the last one counts.
        let ready: Vec<u32> = self.order.iter().copied().filter(|number| ready.contains(number)).collect();
        for gone in ready {
            let (Some(into), Some(place)) = (self.original_of(gone, &same), self.place(gone)) else { continue };
            let Some(correction) = self.slot(gone).and_then(Option::take) else { continue };
            self.bytes = self.bytes.saturating_sub(size(&correction));
            for name in names(&correction) {
                self.by_name.insert(name.as_str().into(), into);
                self.spend(name);
            }
            let _: Option<Change> = self.update(into, |original| original.take_in(*correction));
            self.order.remove(place);
            self.waiting.retain(|other| *other != gone);
            if self.fresh == Some(gone) {
                self.fresh = self.order.get(place).copied();
            }
            let before = place.checked_sub(1).and_then(|before| self.order.get(before)).copied();
            all.push(Joined { gone, into, before });
        }
        all
    }

    /// The message before the correction `number` of which that is one.
    fn original_of(&self, number: u32, same: impl Fn(&Message, &Message) -> bool) -> Option<u32> {
        let correction = self.get(number)?;
        let original = self.find(Name::Stanza { from: &correction.from, id: correction.rare.replaces.as_deref()? })?;
        let message = self.get(original)?;
        let fits = message.mine == correction.mine && same(message, correction);
        (fits && self.place(original) < self.place(number)).then_some(original)
    }

    /// Changes a message.
    pub fn update(&mut self, number: u32, change: impl FnOnce(&mut Message)) -> Option<Change> {
        let message = self.slot(number)?.as_mut()?;
        let (before, corrected_by) = (size(message), message.rare.corrected_by.clone());
        change(message);
        let (after, from) = (size(message), message.from.clone());
        let corrected_by = corrected_by.filter(|id| message.rare.corrected_by.as_ref() != Some(id));
        for name in names(message) {
            self.by_name.get_or_insert(&name.into(), || number);
        }
        self.bytes = self.bytes.saturating_add(after).saturating_sub(before);
        if let Some(id) = corrected_by {
            self.spend(text(Name::Stanza { from: &from, id: &id }));
        }
        Some(self.key(number).changed())
    }

    /// Forgets the oldest messages if all take more than `most` bytes, until there is room for some more again.
    pub(super) fn trim(&mut self, most: usize) -> Vec<Change> {
        let (mut gone, mut changes) = (0, Vec::new());
        while self.bytes > if gone == 0 { most } else { most.saturating_sub(most / 4) }
            && let Some(number) = self.order.get(gone).copied().filter(|_| gone < self.order.len().saturating_sub(1))
        {
            gone = gone.saturating_add(1);
            if let Some(message) = self.slot(number).and_then(Option::take) {
                self.bytes = self.bytes.saturating_sub(size(&message));
                for name in names(&message) {
                    if self.by_name.get(&name) == Some(&number) {
                        self.by_name.remove(&name);
                    }
                }
            }
            changes.push(self.key(number).removed());
        }
        if gone > 0 {
            self.order.drain(..gone);
            let oldest = self.order.first().copied();
            self.fresh = self.fresh.and_then(|fresh| if self.get(fresh).is_some() { Some(fresh) } else { oldest });
            self.first = None;
            self.past = if self.past == Past::Whole { Past::Open } else { self.past };
            while let Some(None) = self.messages.front() {
                self.messages.pop_front();
                self.base = self.base.saturating_add(1);
            }
        }
        changes
    }

    /// Whether there is hardly room for older messages, if all may take `most` bytes.
    pub(super) fn is_full(&self, most: usize) -> bool {
        self.bytes > most.saturating_sub(most / 8)
    }

    /// The message with this number.
    pub fn get(&self, number: u32) -> Option<&Message> {
        self.messages.get(number.checked_sub(self.base)? as usize)?.as_deref()
    }

    /// The number of the message that is called so.
    pub fn find(&self, name: Name<'_>) -> Option<u32> {
        self.by_name.get(&text(name)).copied().filter(|number| self.get(*number).is_some())
    }

    /// The messages with their numbers, in the order in which they are shown.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (u32, &Message)> {
        self.order.iter().filter_map(|number| Some((*number, self.get(*number)?)))
    }

    /// The numbers, in the order in which the messages are shown.
    pub fn order(&self) -> &[u32] {
        &self.order
    }

    pub fn len(&self) -> usize {
        self.order.len()
    }

    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Whose messages they are.
    pub fn of(&self) -> &Rc<str> {
        &self.of
    }

    /// The key of the message with this number.
    pub fn key(&self, number: u32) -> Key {
        Key::within(Kind::Message, self.of.clone(), number.to_string())
    }

    /// The newest `count` messages, for the cache.
    pub(super) fn encode(&self, count: usize) -> Element {
        let mut messages = Element::new("messages", ns::CACHE).with_attribute("of", &*self.of);
        let first = self.order.len().saturating_sub(count.min(MAX_CACHED));
        for number in self.order.iter().skip(first) {
            let message = self.get(*number).map(Message::encode);
            message.into_iter().for_each(|it| messages.push(it.with_attribute("number", number.to_string())));
        }
        messages
    }

    pub(super) fn decode(saved: &Element) -> Option<Self> {
        let mut timeline = Self::new(saved.attribute("of")?.into());
        let numbered =
            |element: &Element| Some((element.attribute("number")?.parse().ok()?, Message::decode(element)?));
        let mut messages: Vec<(u32, Message)> = saved.children().filter_map(numbered).take(MAX_CACHED).collect();
        // They keep their numbers, by which the page's handles may know them already. In between may be others, but not many.
        let (first, last) = (messages.iter().map(|(number, _)| *number).min()?, messages.iter().map(|it| it.0).max()?);
        if usize::try_from(last.saturating_sub(first)).ok()? > MAX_CACHED * 10 {
            messages.iter_mut().zip(first..).for_each(|((number, _), place)| *number = place);
        }
        timeline.base = first;
        for (number, message) in messages {
            if timeline.get(number).is_none() {
                timeline.insert_as(number, timeline.order.len(), message);
            }
        }
        Some(timeline)
    }

    fn insert_at(&mut self, place: usize, message: Message) -> (u32, Change) {
        let number = self.next_number();
        self.insert_as(number, place, message);
        (number, self.key(number).added())
    }

    fn insert_as(&mut self, number: u32, place: usize, message: Message) {
        for name in names(&message) {
            // The first to be called so stays: who comes later must not take a name over.
            self.by_name.get_or_insert(&name.into(), || number);
        }
        if message.rare.replaces.is_some() {
            if self.waiting.len() >= MAX_WAITING {
                self.waiting.remove(0);
            }
            self.waiting.push(number);
        }
        self.bytes = self.bytes.saturating_add(size(&message));
        while self.slot(number).is_none() && number >= self.base {
            self.messages.push_back(None);
        }
        if let Some(slot) = self.slot(number) {
            *slot = Some(Box::new(message));
            self.order.insert(place.min(self.order.len()), number);
        }
    }

    /// The number of the next message. Nobody lives to see four thousand million of them.
    fn next_number(&self) -> u32 {
        self.base.saturating_add(u32::try_from(self.messages.len()).unwrap_or(u32::MAX))
    }

    fn slot(&mut self, number: u32) -> Option<&mut Option<Box<Message>>> {
        self.messages.get_mut(number.checked_sub(self.base)? as usize)
    }

    /// Remembers a name for a while that is not that of a message any more.
    fn spend(&mut self, name: String) {
        if self.spent.len() >= MAX_SPENT
            && let Some(oldest) = self.spent.pop_front()
        {
            self.by_name.remove(&oldest);
        }
        self.spent.push_back(name);
    }
}

/// About how many bytes a message takes.
fn size(message: &Message) -> usize {
    let body = message.body.as_ref().map_or(0, |body| body.len());
    let bodies = message.rare.older_versions.iter().map(String::len);
    let references =
        message.rare.references.iter().map(|reference| reference.uri.len().saturating_add(MESSAGE_BYTES / 8));
    let texts = [
        &message.rare.subject,
        &message.rare.thread,
        &message.rare.spoiler,
        &message.rare.oob_url,
        &message.rare.oob_desc,
    ];
    let texts = texts.into_iter().flatten().map(String::len);
    bodies.chain(references).chain(texts).chain([body]).fold(MESSAGE_BYTES, usize::saturating_add)
}

/// What a message can be found by, as texts.
fn names(message: &Message) -> Vec<String> {
    let from = &*message.from;
    let archive = message.archive_id.as_deref().map(Name::Archive);
    let stanza = message.msgid.as_deref().map(|id| Name::Stanza { from, id });
    let origin = message.origin_id.as_deref().map(|id| Name::Origin { from, id });
    let correction = message.rare.corrected_by.as_deref().map(|id| Name::Stanza { from, id });
    [archive, stanza, origin, correction].into_iter().flatten().map(text).collect()
}

fn text(name: Name<'_>) -> String {
    let (kind, from, id) = match name {
        Name::Archive(id) => ("a", "", id),
        Name::Stanza { from, id } => ("s", from, id),
        Name::Origin { from, id } => ("o", from, id),
    };
    // A line break stands in no address.
    [kind, from, "\n", id].concat()
}
