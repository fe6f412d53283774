//! How far archives of messages have been read.

use std::rc::Rc;

use super::{
    Table,
    saved::{flag, optional},
};
use crate::xml::{Element, ns};

/// The most messages that one answer may bring.
pub const MAX_RESULTS: usize = 100_000;

/// Archives, by whose they are: the account's, and rooms'.
#[derive(Clone, Debug, Default)]
pub struct Archives {
    archives: Table<Archive>,
    /// The questions that have not been answered to their end.
    questions: Vec<Question>,
    /// The cache is to be written.
    stale: bool,
}

/// An archive, and how far it has been read.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Archive {
    /// Whether there is one; `None` while nobody knows.
    pub supported: Option<bool>,
    /// The last message up to which none is missing here.
    last: Option<Rc<str>>,
    /// The last message that came by itself while something before it was missing.
    ahead: Option<Rc<str>>,
    /// There may be messages that are not here.
    behind: bool,
}

/// A question to an archive, and what has come until now.
#[derive(Clone, Debug)]
pub struct Question {
    pub id: String,
    /// Whose archive it was put to.
    pub of: Rc<str>,
    /// It is about what was missed.
    pub catches_up: bool,
    pub results: Vec<Rc<Element>>,
}

impl Archives {
    pub fn get(&self, of: &str) -> Option<&Archive> {
        self.archives.get(of)
    }

    /// Whether `of` is known to have an archive, or not to have one.
    pub fn supported(&self, of: &str) -> Option<bool> {
        self.archives.get(of)?.supported
    }

    /// Takes in whether `of` has an archive.
    pub fn set_supported(&mut self, of: &Rc<str>, supported: bool) {
        self.update(of, |archive| archive.supported = Some(supported));
    }

    /// Says that messages may be missing, until [`Self::set_complete`]. What is known to be there comes back.
    pub fn set_behind(&mut self, of: &Rc<str>) -> Option<Rc<str>> {
        self.update(of, |archive| archive.behind = true);
        self.archives.get(of).and_then(|archive| archive.last.clone())
    }

    /// Takes in that the archive has been read up to `last`.
    pub fn set_read(&mut self, of: &Rc<str>, last: &str) {
        self.update(of, |archive| archive.last = Some(last.into()));
    }

    /// Forgets how far it has been read: there is no such message any more.
    pub fn forget_read(&mut self, of: &Rc<str>) {
        self.update(of, |archive| archive.last = None);
    }

    /// Takes in that nothing is missing any more.
    pub fn set_complete(&mut self, of: &Rc<str>) {
        self.update(of, |archive| {
            archive.behind = false;
            if let Some(ahead) = archive.ahead.take() {
                archive.last = Some(ahead);
            }
        });
    }

    /// Takes in that a message came by itself which the archive calls `id`. What is missing before it stays missing.
    pub fn note(&mut self, of: &Rc<str>, id: &Rc<str>) {
        self.update(of, |archive| {
            let place = if archive.behind { &mut archive.ahead } else { &mut archive.last };
            *place = Some(id.clone());
        });
    }

    /// Takes in that the message `id` was read in the archive.
    pub fn note_read(&mut self, of: &Rc<str>, id: &str) {
        self.update(of, |archive| archive.ahead = archive.ahead.take().filter(|ahead| **ahead != *id));
    }

    /// Whether `of` is being asked what was missed.
    pub fn is_asked(&self, of: &str) -> bool {
        self.questions.iter().any(|question| question.catches_up && *question.of == *of)
    }

    /// Remembers a question.
    pub fn ask(&mut self, question: Question) {
        self.questions.push(question);
    }

    /// The question with this id.
    pub fn question_mut(&mut self, id: &str) -> Option<&mut Question> {
        self.questions.iter_mut().find(|question| question.id == id)
    }

    /// The question with this id, which is answered.
    pub fn take_question(&mut self, id: &str) -> Option<Question> {
        let at = self.questions.iter().position(|question| question.id == id)?;
        Some(self.questions.swap_remove(at))
    }

    /// Whether the cache is to be written, since this was asked last.
    pub fn take_stale(&mut self) -> bool {
        std::mem::take(&mut self.stale)
    }

    pub(super) fn encode(&self) -> Element {
        let mut archives = Element::new("archives", ns::CACHE);
        for (of, archive) in self.archives.iter() {
            let mut element = Element::new("archive", ns::CACHE).with_attribute("of", &**of);
            flag(&mut element, "supported", archive.supported == Some(true));
            flag(&mut element, "behind", archive.behind);
            optional(&mut element, "last", archive.last.as_deref());
            archives.push(element);
        }
        archives
    }

    pub(super) fn decode(saved: &Element) -> Self {
        let mut archives = Self::default();
        for element in saved.children() {
            let Some(of) = element.attribute("of") else { continue };
            let archive = Archive {
                supported: element.attribute("supported").map(|_| true),
                last: element.attribute("last").map(Rc::from),
                ahead: None,
                behind: element.attribute("behind").is_some(),
            };
            archives.archives.insert(of.into(), archive);
        }
        archives
    }

    fn update(&mut self, of: &Rc<str>, change: impl FnOnce(&mut Archive)) {
        let archive = self.archives.get_or_insert(of, Archive::default);
        let before = archive.clone();
        change(archive);
        self.stale |= before != *archive;
    }
}

impl Archive {
    /// Whether there may be messages that are not here.
    pub fn is_behind(&self) -> bool {
        self.behind
    }
}
