//! The element tree that every stanza is, and its way from and to text.
//!
//! quick-xml is named in `reader.rs` only; everything above works on [`Element`].
//!
//! ```
//! use converse_wasm::xml::{Element, ns, read};
//!
//! let message = Element::new("message", ns::CLIENT).with_child(Element::new("body", ns::CLIENT).with_text("<3"));
//! let Ok(written) = message.to_written() else { panic!("it has characters that XML does not know") };
//! assert_eq!(written.as_str(), r#"<message xmlns="jabber:client"><body>&lt;3</body></message>"#);
//! assert_eq!(read(written.as_str()), Ok(message));
//! ```

mod element;
pub mod ns;
mod reader;
mod writer;

pub use element::{Attribute, Element, Name, Namespace, Node};
pub use reader::{MAX_ATTRIBUTES, MAX_DEPTH, MAX_FRAME_BYTES, MAX_NODES, ReadError, Reading, Restricted, read};
pub use writer::{WriteError, Written, escape_into};

/// Whether XML 1.0 allows `c` in a document (production 2, `Char`).
pub(crate) fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Multiplied by a byte, eight of it.
const EACH_BYTE: u64 = 0x0101_0101_0101_0101;

/// Whether XML 1.0 allows every character of `text`. By bytes, as all that arrives and leaves goes through here: beyond
/// ASCII only U+FFFE and U+FFFF are forbidden, which are EF BF BE and EF BF BF.
pub(crate) fn is_xml_text(text: &str) -> bool {
    // Most is ASCII without line breaks: of that eight bytes are looked at together.
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let is_plain = |word: &[u8; 8]| {
        let word = u64::from_le_bytes(*word);
        (word | word.wrapping_sub(0x20 * EACH_BYTE)) & (0x80 * EACH_BYTE) == 0
    };
    if words.iter().all(is_plain) && rest.iter().all(|byte| matches!(byte, b' '..=0x7F)) {
        return true;
    }
    let mut last = [0; 2];
    for &byte in text.as_bytes() {
        let allowed = match byte {
            b'\t' | b'\n' | b'\r' | b' '..0xBE | 0xC0.. => true,
            0xBE | 0xBF => last != [0xEF, 0xBF],
            _ => false,
        };
        if !allowed {
            return false;
        }
        last = [last[1], byte];
    }
    true
}

/// Whether `name` is a name without a colon (Namespaces in XML 1.0, production 4, `NCName`).
pub(crate) fn is_ncname(name: &str) -> bool {
    if let [first, rest @ ..] = name.as_bytes()
        && name.is_ascii()
    {
        let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
        return (first.is_ascii_alphabetic() || *first == b'_') && rest.iter().all(allowed);
    }
    let mut chars = name.chars();
    chars.next().is_some_and(is_name_start) && chars.all(is_name_char)
}

fn is_name_start(c: char) -> bool {
    matches!(c, 'A'..='Z' | '_' | 'a'..='z'
        | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}'
        | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}'
        | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

fn is_name_char(c: char) -> bool {
    is_name_start(c) || matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}
