//! What few messages have. It is apart from them, for it would be half of what all the others take.

use std::{
    ops::{Deref, DerefMut},
    rc::Rc,
};

use super::MessageReference;
use crate::time::Timestamp;

/// What few messages have.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RareParts {
    pub subject: Option<String>,
    pub thread: Option<String>,
    /// The text is not to be seen at once; what is said about it may be empty (XEP-0382).
    pub spoiler: Option<String>,
    /// An address to what is meant (XEP-0066).
    pub oob_url: Option<String>,
    pub oob_desc: Option<String>,
    pub references: Vec<MessageReference>,
    /// When the message was changed last.
    pub edited: Option<Timestamp>,
    /// What it said before, from the oldest on.
    pub older_versions: Vec<String>,
    /// The id of the stanza that said it last, if that was a correction.
    pub corrected_by: Option<Rc<str>>,
    /// The id of the message that it is to take the place of, which is not here: the archive may have it (XEP-0308).
    pub replaces: Option<Rc<str>>,
}

/// A pointer to [`RareParts`], which takes no room while there is nothing in them. Changing one makes room.
#[derive(Clone, Debug, Default)]
pub struct Rare(Option<Box<RareParts>>);

const NOTHING: &RareParts = &RareParts {
    subject: None,
    thread: None,
    spoiler: None,
    oob_url: None,
    oob_desc: None,
    references: Vec::new(),
    edited: None,
    older_versions: Vec::new(),
    corrected_by: None,
    replaces: None,
};

impl Rare {
    /// What there is, taken out.
    pub fn into_parts(self) -> RareParts {
        self.0.map_or_else(RareParts::default, |parts| *parts)
    }
}

impl From<RareParts> for Rare {
    fn from(parts: RareParts) -> Self {
        Self((parts != *NOTHING).then(|| Box::new(parts)))
    }
}

impl Deref for Rare {
    type Target = RareParts;

    fn deref(&self) -> &RareParts {
        self.0.as_deref().unwrap_or(NOTHING)
    }
}

impl DerefMut for Rare {
    fn deref_mut(&mut self) -> &mut RareParts {
        self.0.get_or_insert_default()
    }
}

impl PartialEq for Rare {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_takes_no_room() {
        let mut rare = Rare::from(RareParts::default());
        assert!(rare.0.is_none());
        assert_eq!(rare.subject, None);
        rare.subject = Some("Verona".to_owned());
        assert_eq!(rare.subject.as_deref(), Some("Verona"));
        assert_eq!(Rare::from(rare.clone().into_parts()), rare);
        rare.subject = None;
        // It is the same, whether there is room for more or not.
        assert_eq!(rare, Rare::default());
    }
}
