//! Messages of emoji alone, which are shown larger.

/// Whether `text` is emoji and white space alone: at least one, at most `most`. By the ranges in which emoji are, so that
/// a few other signs of theirs count, too.
pub fn is_emoji_only(text: &str, most: usize) -> bool {
    let (mut count, mut length) = (0, 0);
    let (mut is_joined, mut is_half_flag) = (false, false);
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let rest = chars.as_str();
        length += 1;
        match c {
            _ if c.is_whitespace() => (is_joined, is_half_flag) = (false, false),
            JOINER if count > 0 => is_joined = true,
            AS_EMOJI | KEYCAP | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0020}'..='\u{E007F}' if count > 0 => {}
            '\u{1F1E6}'..='\u{1F1FF}' => {
                count += usize::from(!is_half_flag);
                is_half_flag = !is_half_flag;
            }
            _ if is_emoji(c, rest) => {
                count += usize::from(!is_joined);
                (is_joined, is_half_flag) = (false, false);
            }
            _ => return false,
        }
        if count > most || length > most.saturating_mul(MAX_PARTS) {
            return false;
        }
    }
    count > 0
}

/// Joins emoji to one.
const JOINER: char = '\u{200D}';
/// What is before is shown as an emoji.
const AS_EMOJI: char = '\u{FE0F}';
/// What is before is shown on a key.
const KEYCAP: char = '\u{20E3}';
/// The most characters that an emoji is made of, white space after it included. Families are of fifteen.
const MAX_PARTS: usize = 16;

/// Whether `c` is an emoji, `rest` being what comes after it.
fn is_emoji(c: char, rest: &str) -> bool {
    match c {
        '\u{1F000}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}' => true,
        '\u{231A}' | '\u{231B}' | '\u{23E9}'..='\u{23FA}' | '\u{2B1B}' | '\u{2B1C}' | '\u{2B50}' | '\u{2B55}' => true,
        '0'..='9' | '#' | '*' => rest.starts_with("\u{FE0F}\u{20E3}"),
        '\u{A9}' | '\u{AE}' | '\u{203C}'..='\u{3299}' => rest.starts_with(AS_EMOJI),
        _ => false,
    }
}
