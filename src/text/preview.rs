//! A line that says how a text begins, for notifications.

use super::is_hidden;

/// `text` in one line of at most `most` characters, with an ellipsis after them if there are more. What is hidden is left
/// out: nothing isolates it where the line is shown.
pub fn shorten(text: &str, most: usize) -> String {
    let mut line = String::new();
    let (mut length, mut is_after_space) = (0, false);
    for c in text.chars().filter(|c| !is_hidden(*c)) {
        if c.is_whitespace() || c.is_control() {
            is_after_space = !line.is_empty();
            continue;
        }
        let wanted = 1 + usize::from(is_after_space);
        if length + wanted > most {
            if !is_after_space && is_part(c) {
                // No half of what is one for the eye.
                while line.pop().is_some_and(is_part) {}
            }
            line.push('…');
            break;
        }
        if is_after_space {
            line.push(' ');
        }
        line.push(c);
        length += wanted;
        is_after_space = false;
    }
    line
}

/// Whether `c` changes or goes on with the character before it.
fn is_part(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{200C}' | '\u{200D}' | '\u{20E3}' | '\u{FE00}'..='\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}')
}
