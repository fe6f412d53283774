//! What happens in a room beside what is said: who comes and goes, and what becomes of them. It is kept in no cache.

use std::{collections::VecDeque, rc::Rc};

use super::Value;
use crate::time::Timestamp;

/// The most that is remembered of one room, the latest.
pub const MAX_NOTICES: usize = 200;

/// The latest that happened in one room, in order.
#[derive(Clone, Debug, Default)]
pub struct Notices {
    all: VecDeque<Notice>,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// What, in a word for programs: `entered`, `left`, `returned` and `passed` (who came and went), `kicked`, `banned`,
    /// `renamed`, a role or an affiliation that somebody has now, `code`, or what the room has refused to the user:
    /// `topic-refused`, `nick-refused`.
    pub word: &'static str,
    /// To whom.
    pub nick: Rc<str>,
    /// The new nickname, who brought it about, or the condition of the refusal.
    pub other: Option<Rc<str>>,
    pub reason: Option<String>,
    /// What the room says about itself (XEP-0045 §15.6).
    pub code: Option<u16>,
    pub time: Timestamp,
    /// The message that was the last when it happened.
    pub after: Option<u32>,
}

impl Notice {
    pub fn new(word: &'static str, nick: &str, time: Timestamp) -> Self {
        Self { word, nick: nick.into(), other: None, reason: None, code: None, time, after: None }
    }

    /// What an element shows of it.
    pub fn value(&self) -> Value {
        let text = |name: &str, value: Value| (Rc::from(name), value);
        Value::Map(vec![
            text("word", self.word.into()),
            text("nick", self.nick.clone().into()),
            text("other", self.other.clone().into()),
            text("reason", self.reason.clone().into()),
            text("code", self.code.map(u32::from).into()),
            text("time", Value::Number(self.time.milliseconds() as f64)),
        ])
    }
}

impl Notices {
    /// Takes in what happened. Who leaves and comes back, or comes and leaves, while nothing is said is one line.
    pub fn add(&mut self, mut notice: Notice) {
        let known = self.all.iter().rposition(|known| {
            known.after == notice.after && known.nick == notice.nick && merged(known.word, notice.word).is_some()
        });
        if let Some(old) = known.and_then(|at| self.all.remove(at)) {
            notice.word = merged(old.word, notice.word).unwrap_or(notice.word);
        }
        if self.all.len() >= MAX_NOTICES {
            self.all.pop_front();
        }
        self.all.push_back(notice);
    }

    /// What happened after the message with this number, and before the next; without number, before there was one.
    pub fn after(&self, number: Option<u32>) -> impl Iterator<Item = &Notice> {
        self.all.iter().filter(move |notice| notice.after == number)
    }

    /// Takes in that the message `gone` is none any more: what happened after it, happened after `before`.
    pub fn move_to(&mut self, gone: u32, before: Option<u32>) {
        let moved = self.all.iter_mut().filter(|notice| notice.after == Some(gone));
        moved.for_each(|notice| notice.after = before);
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

/// What two things are together that happen to somebody one after the other.
fn merged(first: &str, then: &str) -> Option<&'static str> {
    match (first, then) {
        ("left", "entered") => Some("returned"),
        ("entered", "left") => Some("passed"),
        ("returned", "left") => Some("left"),
        ("passed", "entered") => Some("entered"),
        _ => None,
    }
}
