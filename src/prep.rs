//! Unicode normalisation, borrowed from the platform.
//!
//! The tables are large and every browser has them. The platform lends its functions once per process with [`install`];
//! ASCII, which most names are, never gets that far and works without them.

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

/// What the platform lends. In a browser: `String.prototype.normalize` and `toLowerCase`.
#[derive(Clone, Copy)]
pub struct Normalizer {
    /// Unicode normalisation form C.
    pub nfc: fn(&str) -> String,
    /// Unicode normalisation form KC.
    pub nfkc: fn(&str) -> String,
    /// Unicode default lower case, in no language's own way.
    pub lowercase: fn(&str) -> String,
}

/// Why a text could not be normalised.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PrepError {
    /// The text is not ASCII and the platform has lent no functions: the environment is to blame.
    NoNormalizer,
}

/// Takes the platform's functions into use. The first call wins; `false` says that this was not the first.
pub fn install(normalizer: Normalizer) -> bool {
    INSTALLED.set(normalizer).is_ok()
}

/// The text in normalisation form C.
pub fn nfc(text: &str) -> Result<Cow<'_, str>, PrepError> {
    unless_ascii(INSTALLED.get(), text, |normalizer| normalizer.nfc)
}

/// The text in normalisation form KC.
pub fn nfkc(text: &str) -> Result<Cow<'_, str>, PrepError> {
    unless_ascii(INSTALLED.get(), text, |normalizer| normalizer.nfkc)
}

/// The text in lower case.
pub fn lowercase(text: &str) -> Result<Cow<'_, str>, PrepError> {
    unless_ascii(INSTALLED.get(), text, |normalizer| normalizer.lowercase).map(ascii_lowercase)
}

impl fmt::Display for PrepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoNormalizer => "text beyond ASCII needs a normaliser, and none is installed",
        })
    }
}

impl std::error::Error for PrepError {}

fn unless_ascii<'a>(
    installed: Option<&Normalizer>,
    text: &'a str,
    pick: impl FnOnce(&Normalizer) -> fn(&str) -> String,
) -> Result<Cow<'a, str>, PrepError> {
    if text.is_ascii() {
        return Ok(Cow::Borrowed(text));
    }
    let normalize = pick(installed.ok_or(PrepError::NoNormalizer)?);
    Ok(Cow::Owned(normalize(text)))
}

fn ascii_lowercase(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) { Cow::Owned(text.to_ascii_lowercase()) } else { text }
}

static INSTALLED: OnceLock<Normalizer> = OnceLock::new();

#[cfg(test)]
pub(crate) mod testing {
    use unicode_normalization::UnicodeNormalization;

    use super::{Normalizer, install};

    /// Lends what a browser would. Every test that leaves ASCII calls this first.
    pub(crate) fn lend() {
        install(Normalizer {
            nfc: |text| text.nfc().collect(),
            nfkc: |text| text.nfkc().collect(),
            lowercase: str::to_lowercase,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_needs_no_normalizer() {
        assert_eq!(unless_ascii(None, "Juliet", |n| n.nfkc), Ok(Cow::Borrowed("Juliet")));
        assert_eq!(lowercase("Juliet"), Ok(Cow::Borrowed("juliet")));
    }

    #[test]
    fn beyond_ascii_without_a_normalizer_is_a_clear_error() {
        assert_eq!(unless_ascii(None, "Zoë", |n| n.nfc), Err(PrepError::NoNormalizer));
    }

    #[test]
    fn beyond_ascii_the_platform_is_asked() {
        testing::lend();
        assert_eq!(nfc("Zoe\u{308}"), Ok(Cow::Borrowed("Zoë")));
        assert_eq!(nfkc("\u{2168}ë"), Ok(Cow::Borrowed("IXë")));
        assert_eq!(lowercase("ZOË"), Ok(Cow::Borrowed("zoë")));
    }

    #[test]
    fn the_first_normalizer_stays() {
        testing::lend();
        let other = Normalizer { nfc: |_| String::new(), nfkc: |_| String::new(), lowercase: |_| String::new() };
        assert!(!install(other));
        assert_eq!(nfc("ë"), Ok(Cow::Borrowed("ë")));
    }
}
