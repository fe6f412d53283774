//! Links in a text, and what of them is one: an allow-list, whatever else is written is plain text.
//!
//! The text of a link is where it leads to. So there is no link where it would not read so: with a user before the host
//! (`https://bank.example@evil.example`), with hidden characters or such that turn the direction around, or with a host
//! in which a word mixes letters of ASCII with Greek or Cyrillic ones.

use std::borrow::Cow;

use super::{Kind, is_hidden};

/// What a link leads to, by its name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Media {
    Image,
    Audio,
    Video,
}

/// What can be shown in place of the link `href`, if the user or a setting wants it: only over TLS, and by the suffix of the
/// path, as nothing is asked of the server before.
pub fn media_of(href: &str) -> Option<Media> {
    let rest = href.get(prefix_of(href, &["https://"])?.len()..)?;
    let (_, path) = rest.split(['?', '#']).next()?.split_once('/')?;
    let (_, suffix) = path.rsplit('/').next()?.rsplit_once('.')?;
    let kinds: [(Media, &[&str]); 3] = [
        (Media::Image, &["jpg", "jpeg", "png", "gif", "webp", "bmp", "svg", "tiff"]),
        (Media::Audio, &["ogg", "mp3", "m4a"]),
        (Media::Video, &["mp4", "webm"]),
    ];
    let is_one_of = |suffixes: &[&str]| suffixes.iter().any(|known| suffix.eq_ignore_ascii_case(known));
    kinds.iter().find_map(|(media, suffixes)| is_one_of(suffixes).then_some(*media))
}

/// Whether an address that stands alone, as in an attachment or in a form, may be a link: by the rules for those in a text.
pub fn is_link(address: &str) -> bool {
    let is_unfit = |c: char| c.is_whitespace() || c.is_control() || c == '\\';
    let kind =
        prefix_of(address, &PREFIXES).filter(|prefix| *prefix != WWW).and_then(|prefix| kind_of(prefix, address));
    matches!(kind, Some(Kind::Link { .. })) && !address.contains(is_unfit)
}

/// If `rest`, after the character `before`, begins with what is written like a link: its length, and what it is unless it is
/// refused.
pub(super) fn find(before: Option<char>, rest: &str) -> Option<(usize, Option<Kind<'_>>)> {
    // Most characters begin nothing.
    if !rest.starts_with(|c: char| matches!(c.to_ascii_lowercase(), 'h' | 'w' | 'x' | 'm' | 'g')) {
        return None;
    }
    let prefix = prefix_of(rest, &PREFIXES)?;
    let is_glued = |c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '@') || (prefix == WWW && matches!(c, '.' | '-'))
    };
    if before.is_some_and(is_glued) {
        return None;
    }
    let length = prefix.len() + length_of(rest.get(prefix.len()..)?);
    Some((length, kind_of(prefix, rest.get(..length)?)))
}

/// What is written, if it is what its `prefix` says.
fn kind_of<'a>(prefix: &str, written: &'a str) -> Option<Kind<'a>> {
    let address = written.get(prefix.len()..)?;
    let link = |leads: bool| leads.then_some(Kind::Link { href: Cow::Borrowed(written) });
    match prefix {
        _ if written.contains(is_hidden) => None,
        WWW => is_www(written).then(|| Kind::Link { href: Cow::Owned(["https://", written].concat()) }),
        "geo:" => geo(address),
        "xmpp:" => link(is_xmpp(address)),
        "mailto:" => link(is_mail(address)),
        _ => link(is_authority(authority_of(address))),
    }
}

/// What a link begins with.
const PREFIXES: [&str; 6] = ["https://", "http://", WWW, "xmpp:", "mailto:", "geo:"];
const WWW: &str = "www.";

fn prefix_of(text: &str, prefixes: &[&'static str]) -> Option<&'static str> {
    let begins = |prefix: &&str| text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    prefixes.iter().copied().find(begins)
}

/// How much of `rest` belongs to a link whose beginning is before it. Left outside is what is the sentence's rather than the
/// link's: a closing bracket that was not opened in it, an opening one after the host, opening ones and punctuation at the
/// end.
fn length_of(rest: &str) -> usize {
    let (mut length, mut round, mut square, mut curly) = (0, 0, 0, 0);
    let mut is_host = true;
    for (at, c) in rest.char_indices() {
        let (open, closes) = match c {
            '(' | '{' if is_host => break,
            '(' | ')' => (&mut round, c == ')'),
            '[' | ']' => (&mut square, c == ']'),
            '{' | '}' => (&mut curly, c == '}'),
            _ if is_outside(c) => break,
            _ => {
                is_host &= !matches!(c, '/' | '?' | '#');
                if is_last(c) {
                    length = at + c.len_utf8();
                }
                continue;
            }
        };
        if !closes {
            *open += 1_usize;
        } else if *open > 0 {
            *open -= 1;
            length = at + 1;
        } else {
            break;
        }
    }
    length
}

/// Whether `c` is in no link: what no address has, and the quotation marks and the punctuation of wide scripts, after which
/// no space is written.
fn is_outside(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '<' | '>' | '"' | '`' | '\\' | '^' | '|' | '«' | '»' | '\u{2018}'..='\u{201F}'
            | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}'
            | '\u{FF3B}'..='\u{FF40}' | '\u{FF5B}'..='\u{FF65}')
}

/// Whether a link may end in `c`: not in punctuation, not in a directive, not in a sign that turns the direction around.
fn is_last(c: char) -> bool {
    !is_hidden(c)
        && !matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~' | '…' | '،' | '؛' | '؟' | '۔' | '।')
}

fn authority_of(address: &str) -> &str {
    address.split(['/', '?', '#']).next().unwrap_or_default()
}

/// Whether it is `host` or `host:port`.
fn is_authority(authority: &str) -> bool {
    let is_v6 = |host: &str| host.chars().all(|c| c.is_ascii_hexdigit() || matches!(c, ':' | '.'));
    let is_port = |port: &str| (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit());
    if let Some((host, after)) = authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return is_v6(host) && (after.is_empty() || after.strip_prefix(':').is_some_and(is_port));
    }
    match authority.split_once(':') {
        Some((host, port)) => is_host(host) && is_port(port),
        None => is_host(authority),
    }
}

fn is_host(host: &str) -> bool {
    host.strip_suffix('.').unwrap_or(host).split('.').all(is_label)
}

/// Whether it is a word of a domain's name, and not made to be taken for another.
fn is_label(label: &str) -> bool {
    let is_part = |c: char| {
        // Signs above, below and between letters are not alphanumeric in every script.
        c.is_alphanumeric() || matches!(c, '-' | '_' | '\u{300}'..='\u{36F}' | '\u{900}'..='\u{17FF}')
    };
    let is_look_alike = |c: char| matches!(c, '\u{370}'..='\u{52F}');
    let is_mixed = label.contains(is_look_alike) && label.contains(|c: char| c.is_ascii_alphabetic());
    !label.is_empty() && label.chars().all(is_part) && !is_mixed
}

/// Whether a text that begins with `www.` names a host below a domain.
fn is_www(written: &str) -> bool {
    let authority = authority_of(written);
    is_authority(authority) && authority.get(WWW.len()..).is_some_and(|domain| domain.contains('.'))
}

/// Whether it is a JID (RFC 5122), rather than a word of a sentence about XMPP.
fn is_xmpp(address: &str) -> bool {
    let jid = authority_of(address);
    match jid.split_once('@') {
        Some((local, host)) => !local.is_empty() && is_host(host),
        None => jid.contains('.') && is_host(jid),
    }
}

/// Whether it is one mailbox (RFC 6068).
fn is_mail(address: &str) -> bool {
    let mailbox = address.split('?').next().and_then(|mailbox| mailbox.split_once('@'));
    mailbox.is_some_and(|(local, host)| !local.is_empty() && is_host(host))
}

/// Reads `latitude,longitude`, with what may come after it (RFC 5870 §3.3).
fn geo(address: &str) -> Option<Kind<'_>> {
    let mut numbers = address.split(';').next()?.split(',');
    let latitude = numbers.next().filter(|number| is_degrees(number, 90))?;
    let longitude = numbers.next().filter(|number| is_degrees(number, 180))?;
    Some(Kind::Geo { latitude, longitude })
}

/// Whether it is a decimal number between `-most` and `most`.
fn is_degrees(number: &str, most: u32) -> bool {
    let number = number.strip_prefix('-').unwrap_or(number);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let is_digits = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let (is_number, is_round) = (is_digits(whole) && is_digits(fraction), fraction.bytes().all(|digit| digit == b'0'));
    is_number && whole.parse::<u32>().is_ok_and(|degrees| degrees < most || (degrees == most && is_round))
}
