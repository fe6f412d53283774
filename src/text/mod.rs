//! What a message says, in the parts that are shown apart: text in, typed spans out.
//!
//! Styling is that of XEP-0393: Message Styling (version 1.1.1), `/me` that of XEP-0245: The /me Command (version 1.0),
//! mentions are those of XEP-0372: References (version 0.5.0).
//!
//! Nothing is lost and nothing added: the spans of a block one after the other, the blocks with a line feed between them,
//! and `/me ` before them if [`Text::action`] says so, are the body again, up to where it was [cut](Text::cut).
//!
//! # What whoever shows it has to do
//!
//! - Spans become text nodes, in an element with `white-space: pre-wrap`; line feeds within a block are part of its spans.
//! - [`Kind::Directive`] stays in sight, in the style of its text, and may be dimmed (XEP-0393 §6). [`Kind::Marker`] may be
//!   out of sight when the block itself is drawn as what it is.
//! - Links, mentions and places are isolated (`unicode-bidi: isolate`), so that direction controls before them turn nothing
//!   around in them. Such controls *in* a link make it plain text.
//! - A link whose host is not ASCII tells the host as the browser writes it (`new URL(href).host`), for letters that look
//!   like others.
//! - What an `xmpp:` link wants is done only after the user was asked. Nothing is fetched unasked, see [`media_of`].
//! - Addresses from elsewhere, such as those of attachments (XEP-0066), become links only if [`is_link`] says so.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "places in texts and counts of their characters, which memory bounds"
)]

mod atoms;
mod blocks;
mod emoji;
mod links;
mod mentions;
mod preview;
mod styling;

use std::borrow::Cow;

use blocks::Blocks;

pub use emoji::is_emoji_only;
pub use links::{Media, is_link, media_of};
pub use mentions::{MAX_MENTIONS, Mention, is_uri_of, names};
pub use preview::shorten;

/// The most characters that are read, unless [`Options::whole`] says otherwise.
pub const MAX_CHARACTERS: usize = 10_000;
/// The most spans of one text. What comes after them is one plain paragraph.
pub const MAX_SPANS: usize = 1_000;
/// In how many quotes a block can stand. What goes deeper stands in so many, with its `>` as text.
pub const MAX_QUOTES: usize = 8;

/// How a body is to be read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// Whether quotes, preformatted text and styled spans are looked for: not if the message says `<unstyled/>`.
    pub styling: bool,
    /// The user's nickname, in a room: where it stands as a word, the user is mentioned.
    pub nick: Option<&'a str>,
    /// The user's addresses, the one in the room too: a mention of them is the user's own.
    pub addresses: &'a [&'a str],
    /// Reads all of the body, however long it is: the user wants to see the rest.
    pub whole: bool,
}

/// What a message says.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Text<'a> {
    /// The author does something: the body begins with `/me `, which is not in the blocks. The author's name stands there
    /// instead, in a way that no join or leave line looks like (XEP-0245 §5).
    pub action: bool,
    pub blocks: Vec<Block<'a>>,
    /// The body is longer, see [`MAX_CHARACTERS`].
    pub cut: bool,
}

/// Lines that are shown alike. Blocks in quotes that follow one another stand in the same ones, as far as they are as deep.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Block<'a> {
    /// In how many quotes it stands, one in the other.
    pub quotes: usize,
    /// Its lines are as they were written, in a font with letters of one width.
    pub preformatted: bool,
    /// None for an empty line between other blocks.
    pub spans: Vec<Span<'a>>,
}

/// A part of a line, or of lines, that is shown alike.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Span<'a> {
    /// As it was written.
    pub text: &'a str,
    pub kind: Kind<'a>,
    pub style: Style,
}

/// What a span is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Kind<'a> {
    Plain,
    /// What makes a block a quote or preformatted: `> `, and the lines of three grave accents.
    Marker,
    /// A character that begins or ends styled text.
    Directive,
    Code,
    /// Leads to `https:`, `http:`, `xmpp:` or `mailto:`, and nowhere else.
    Link {
        href: Cow<'a, str>,
    },
    /// A place on earth (RFC 5870), in degrees of WGS 84, as decimal numbers.
    Geo {
        latitude: &'a str,
        longitude: &'a str,
    },
    /// Somebody is meant.
    Mention {
        /// An `xmpp:` address; none for a nickname that is only written.
        uri: Option<&'a str>,
        /// It is the user.
        own: bool,
    },
}

/// How a span is set off. Styles that stand one in the other come together here: each can be there once.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Style {
    pub strong: bool,
    pub emphasis: bool,
    pub strike: bool,
}

/// Reads `body`, in which `mentions` say who is meant.
pub fn read<'a>(body: &'a str, mentions: &[Mention<'a>], options: &Options<'_>) -> Text<'a> {
    let end = if options.whole { None } else { body.char_indices().nth(MAX_CHARACTERS) };
    let shown = end.and_then(|(end, _)| body.get(..end)).unwrap_or(body);
    let action = shown.starts_with(ACTION);
    let places = mentions::places(shown, mentions, options.addresses);
    let blocks = Blocks::read(shown, &places, options, if action { ACTION.len() } else { 0 });
    Text { action, blocks, cut: end.is_some() }
}

const ACTION: &str = "/me ";

/// Whether `c` is never seen, but can change where the characters around it are seen, or what they are taken for. Joiners
/// (U+200C, U+200D) do not count: words and emoji need them.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}'
        | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E0FFF}')
}
