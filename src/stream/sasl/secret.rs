//! Passwords and tokens, kept out of logs and, as far as it goes, out of memory.

use std::fmt;

use zeroize::Zeroizing;

/// A password or token. Debug never prints it, and its memory is overwritten when it is dropped.
///
/// Best effort: the JavaScript string it came from, and the stack of whoever computed with it, are out of reach.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over; nothing is copied, so nothing is left behind.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text itself, for the few places that compute with it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}
