//! What went wrong, as one sentence that says what to do about it.

use std::{fmt, io};

pub(crate) type Result<T = ()> = std::result::Result<T, Failure>;

#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Says what was being done when the operating system refused.
pub(crate) trait While<T> {
    fn while_(self, doing: impl fmt::Display) -> Result<T>;
}

impl<T> While<T> for io::Result<T> {
    fn while_(self, doing: impl fmt::Display) -> Result<T> {
        self.map_err(|error| Failure::new(format!("{doing}: {error}")))
    }
}

/// Ends the function with a [`Failure`] made from a format string.
macro_rules! fail {
    ($($sentence:tt)*) => {
        return Err($crate::failure::Failure::new(format!($($sentence)*)))
    };
}
pub(crate) use fail;
