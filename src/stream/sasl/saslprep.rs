//! RFC 4013: SASLprep, for user names and passwords.
//!
//! What a client sends is a query (RFC 3454 §7): code points that Unicode 3.2 did not assign are let through.

use std::borrow::Cow;

use zeroize::Zeroize;

use super::tables::{is_ignorable, is_left_to_right, is_prohibited, is_right_to_left, is_space};
use crate::prep::{self, PrepError};

/// Why a name or password cannot be sent.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Unpreparable {
    /// Nothing is there, or nothing that shows.
    Empty,
    /// A control character, a private one, or another that nobody can type alike twice.
    Prohibited,
    /// It runs from right to left and from left to right at once, or ends otherwise than it begins.
    MixedDirections,
    /// It is not ASCII and no [`Normalizer`](crate::prep::Normalizer) is installed.
    NoNormalizer,
}

/// The text as it is compared and hashed on both sides.
pub(super) fn saslprep(text: &str) -> Result<Cow<'_, str>, Unpreparable> {
    let prepared = if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(normalize(text)?) };
    if prepared.is_empty() {
        return Err(Unpreparable::Empty);
    }
    if prepared.chars().any(is_prohibited) {
        return Err(Unpreparable::Prohibited);
    }
    check_direction(&prepared)?;
    Ok(prepared)
}

/// The mapping and normalisation of RFC 4013 §2.1 and §2.2. Spaces go first, as the RFC lists them: U+200B is in both
/// tables and becomes a space.
fn normalize(text: &str) -> Result<String, Unpreparable> {
    let to_space = |c| if is_space(c) { ' ' } else { c };
    let mut mapped = String::with_capacity(text.len());
    mapped.extend(text.chars().map(to_space).filter(|&c| !is_ignorable(c)));
    let normalized = match prep::nfkc(&mapped) {
        Ok(normalized) => Ok(normalized.into_owned()),
        Err(PrepError::NoNormalizer) => Err(Unpreparable::NoNormalizer),
    };
    mapped.zeroize();
    normalized
}

/// RFC 3454 §6, the three requirements.
fn check_direction(text: &str) -> Result<(), Unpreparable> {
    if !text.chars().any(is_right_to_left) {
        return Ok(());
    }
    let framed =
        text.chars().next().is_some_and(is_right_to_left) && text.chars().next_back().is_some_and(is_right_to_left);
    if framed && !text.chars().any(is_left_to_right) { Ok(()) } else { Err(Unpreparable::MixedDirections) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::prep::testing;

    /// RFC 4013 §3.
    #[test]
    fn rfc_4013_examples() {
        testing::lend();
        assert_eq!(saslprep("I\u{AD}X").as_deref(), Ok("IX"));
        assert_eq!(saslprep("user").as_deref(), Ok("user"));
        assert_eq!(saslprep("USER").as_deref(), Ok("USER"));
        assert_eq!(saslprep("\u{AA}").as_deref(), Ok("a"));
        assert_eq!(saslprep("\u{2168}").as_deref(), Ok("IX"));
        assert_eq!(saslprep("\u{7}"), Err(Unpreparable::Prohibited));
        assert_eq!(saslprep("\u{627}\u{31}"), Err(Unpreparable::MixedDirections));
    }

    #[test]
    fn spaces_become_one_kind() {
        testing::lend();
        assert_eq!(
            saslprep("correct\u{A0}horse\u{3000}battery\u{200B}staple").as_deref(),
            Ok("correct horse battery staple")
        );
    }

    #[test]
    fn what_vanishes_is_empty() {
        testing::lend();
        assert_eq!(saslprep(""), Err(Unpreparable::Empty));
        assert_eq!(saslprep("\u{AD}\u{2060}"), Err(Unpreparable::Empty));
    }

    #[test]
    fn nul_and_friends_are_refused() {
        testing::lend();
        for text in
            ["a\0b", "\u{7F}", "ü\u{80}", "\u{E000}", "\u{FFFD}", "\u{202E}ab", "\u{E0041}", "\u{10FFFD}", "\u{2FFFE}"]
        {
            assert_eq!(saslprep(text), Err(Unpreparable::Prohibited), "{text:?}");
        }
    }

    #[test]
    fn directions_are_not_mixed() {
        testing::lend();
        assert_eq!(saslprep("שלום").as_deref(), Ok("שלום"));
        assert_eq!(saslprep("ש1😀ם").as_deref(), Ok("ש1😀ם"));
        for text in ["שaם", "aש", "שa", "ש1", "ש漢ם"] {
            assert_eq!(saslprep(text), Err(Unpreparable::MixedDirections), "{text}");
        }
    }

    #[test]
    fn young_characters_pass() {
        testing::lend();
        assert_eq!(saslprep("pass🦀wörd").as_deref(), Ok("pass🦀wörd"));
    }

    proptest! {
        /// Against the crate `stringprep`, which knows everything but queries.
        #[test]
        fn agrees_with_stringprep(text in "[\\u{20}-\\u{3ff}\\u{590}-\\u{6ff}\\u{2000}-\\u{206f}\\u{3040}-\\u{30ff}]{1,6}") {
            testing::lend();
            match stringprep::saslprep(&text) {
                Ok(theirs) if theirs.is_empty() => prop_assert_eq!(saslprep(&text), Err(Unpreparable::Empty)),
                Ok(theirs) => prop_assert_eq!(saslprep(&text), Ok(theirs)),
                Err(_) => {
                    let young = text.chars().any(stringprep::tables::unassigned_code_point);
                    prop_assert!(young || saslprep(&text).is_err());
                }
            }
        }
    }
}
