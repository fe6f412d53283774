//! Addresses (RFC 7622), normalised once when they are read: after that, equal means the same text.

use std::{borrow::Cow, fmt, rc::Rc};

use crate::prep::{self, PrepError};

/// The longest part of an address, in bytes (RFC 7622 §3.1).
pub const MAX_PART_BYTES: usize = 1023;

/// An address, with or without a resource.
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Jid {
    Bare(BareJid),
    Full(FullJid),
}

/// An address without a resource: an account, a room, a server.
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct BareJid(Rc<str>);

/// An address with a resource: one client of an account, one occupant of a room.
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct FullJid {
    bare: BareJid,
    text: Rc<str>,
}

/// Why a text is not an address.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum JidError {
    /// The domain, or a part that is announced by `@` or `/`, is empty.
    Empty,
    /// A part is longer than [`MAX_PART_BYTES`].
    TooLong,
    /// A character stands where it is not allowed.
    Character(char),
    /// There is a resource where none may be, or none where one must be.
    Resource,
    /// The text is not ASCII, and the environment lent no Unicode tables.
    NoNormalizer,
}

impl Jid {
    /// Reads an address.
    pub fn new(text: &str) -> Result<Self, JidError> {
        let (bare, resource) = match text.split_once('/') {
            Some((bare, resource)) => (bare, Some(resource)),
            None => (text, None),
        };
        let bare = read_bare(bare)?;
        match resource {
            None => Ok(Self::Bare(bare)),
            Some(resource) => Ok(Self::Full(bare.with_resource(resource)?)),
        }
    }

    /// The address without its resource.
    pub fn bare(&self) -> &BareJid {
        match self {
            Self::Bare(bare) => bare,
            Self::Full(full) => &full.bare,
        }
    }

    /// Whether there is no resource.
    pub fn is_bare(&self) -> bool {
        matches!(self, Self::Bare(_))
    }

    /// The resource, if there is one.
    pub fn resource(&self) -> Option<&str> {
        match self {
            Self::Bare(_) => None,
            Self::Full(full) => Some(full.resource()),
        }
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Bare(bare) => bare.as_str(),
            Self::Full(full) => full.as_str(),
        }
    }
}

impl BareJid {
    /// Reads an address that has no resource.
    pub fn new(text: &str) -> Result<Self, JidError> {
        if text.contains('/') { Err(JidError::Resource) } else { read_bare(text) }
    }

    /// This address with `resource`.
    pub fn with_resource(&self, resource: &str) -> Result<FullJid, JidError> {
        let resource = checked_length(prepare_resource(resource)?)?;
        Ok(FullJid { bare: self.clone(), text: [self.as_str(), "/", &resource].concat().into() })
    }

    /// The part before the `@`, if there is one.
    pub fn local(&self) -> Option<&str> {
        self.0.split_once('@').map(|(local, _)| local)
    }

    /// The server.
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or(&self.0, |(_, domain)| domain)
    }

    /// The whole address, to be shared.
    pub fn as_rc(&self) -> Rc<str> {
        self.0.clone()
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FullJid {
    /// Reads an address that has a resource.
    pub fn new(text: &str) -> Result<Self, JidError> {
        match Jid::new(text)? {
            Jid::Full(full) => Ok(full),
            Jid::Bare(_) => Err(JidError::Resource),
        }
    }

    /// The address without its resource.
    pub fn bare(&self) -> &BareJid {
        &self.bare
    }

    /// The part after the first `/`.
    pub fn resource(&self) -> &str {
        self.text.split_once('/').map_or("", |(_, resource)| resource)
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl From<BareJid> for Jid {
    fn from(bare: BareJid) -> Self {
        Self::Bare(bare)
    }
}

impl From<FullJid> for Jid {
    fn from(full: FullJid) -> Self {
        Self::Full(full)
    }
}

macro_rules! shown_as_text {
    ($($jid:ty),*) => {$(
        impl fmt::Display for $jid {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $jid {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(self.as_str(), f)
            }
        }
    )*};
}

shown_as_text!(Jid, BareJid, FullJid);

impl fmt::Display for JidError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("an XMPP address has an empty part"),
            Self::TooLong => write!(f, "an XMPP address has a part of more than {MAX_PART_BYTES} bytes"),
            Self::Character(c) => {
                write!(f, "the character U+{:04X} cannot stand there in an XMPP address", u32::from(*c))
            }
            Self::NoNormalizer => f.write_str("an XMPP address is not ASCII, and there are no Unicode tables here"),
            Self::Resource => f.write_str("an XMPP address has a resource where none may be, or lacks one"),
        }
    }
}

impl std::error::Error for JidError {}

impl From<PrepError> for JidError {
    fn from(_: PrepError) -> Self {
        Self::NoNormalizer
    }
}

fn read_bare(text: &str) -> Result<BareJid, JidError> {
    if is_prepared(text) {
        return Ok(BareJid(text.into()));
    }
    let (local, domain) = match text.split_once('@') {
        Some((local, domain)) => (Some(local), domain),
        None => (None, text),
    };
    let domain = checked_length(prepare_domain(domain.strip_suffix('.').unwrap_or(domain))?)?;
    let Some(local) = local else { return Ok(BareJid(domain.into())) };
    let local = checked_length(prepare_local(local)?)?;
    Ok(BareJid([&*local, "@", &*domain].concat().into()))
}

/// Whether this is an account's address, as most are: of characters, and no more of them, than need no preparing.
fn is_prepared(text: &str) -> bool {
    let (mut in_domain, mut empty) = (false, true);
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => empty = false,
            b'.' if !in_domain => empty = false,
            b'.' if !empty => empty = true,
            b'@' if !in_domain && !empty => (in_domain, empty) = (true, true),
            _ => return false,
        }
    }
    in_domain && !empty && text.len() <= MAX_PART_BYTES
}

/// RFC 7622 §3.3: `UsernameCaseMapped`. NFKC is NFC for every text that profile allows, and what servers that still do
/// RFC 6122 make of the others.
fn prepare_local(local: &str) -> Result<Cow<'_, str>, JidError> {
    let local = nfkc_lower_case(local)?;
    let forbidden = |c: &char| {
        matches!(c, '\0'..=' ' | '"' | '&' | '\'' | '/' | ':' | '<' | '>' | '@' | '\x7f'..='\u{a0}') || is_unseen(*c)
    };
    match local.chars().find(forbidden) {
        Some(c) => Err(JidError::Character(c)),
        None => Ok(local),
    }
}

/// RFC 7622 §3.2: a host name, an IPv4 address or a bracketed IPv6 address.
fn prepare_domain(domain: &str) -> Result<Cow<'_, str>, JidError> {
    let domain = nfkc_lower_case(domain)?;
    let allowed = |c: &char| matches!(c, 'a'..='z' | '0'..='9' | '-' | '.' | '_') || (*c > '\u{a0}' && !is_unseen(*c));
    let address = |c: &char| matches!(c, '[' | ']' | ':' | 'a'..='f' | '0'..='9' | '.');
    let forbidden = match domain.starts_with('[') {
        true => domain.chars().find(|c| !address(c)),
        false => domain.chars().find(|c| !allowed(c)),
    };
    match forbidden {
        Some(c) => Err(JidError::Character(c)),
        None if domain.split('.').any(str::is_empty) => Err(JidError::Empty),
        None => Ok(domain),
    }
}

/// RFC 7622 §3.4: `OpaqueString`.
fn prepare_resource(resource: &str) -> Result<Cow<'_, str>, JidError> {
    match resource.chars().find(|c| c.is_control()) {
        Some(c) => Err(JidError::Character(c)),
        None if resource.is_ascii() => Ok(resource.into()),
        None => {
            let spaced: String = resource.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
            Ok(prep::nfc(&spaced)?.into_owned().into())
        }
    }
}

fn nfkc_lower_case(text: &str) -> Result<Cow<'_, str>, JidError> {
    if text.is_ascii() {
        return Ok(prep::lowercase(text)?);
    }
    // Some letters are capitals only once they are decomposed, and some lower ones can be composed again.
    let lower = prep::lowercase(&prep::nfkc(text)?)?.into_owned();
    Ok(prep::nfkc(&lower)?.into_owned().into())
}

/// Whether nobody sees `c`, so that an address with it looks like another one without (RFC 8264 §9.13). Joiners (U+200C,
/// U+200D) do not count: words need them.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{1680}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

fn checked_length(part: Cow<'_, str>) -> Result<Cow<'_, str>, JidError> {
    match part.len() {
        0 => Err(JidError::Empty),
        1..=MAX_PART_BYTES => Ok(part),
        _ => Err(JidError::TooLong),
    }
}
