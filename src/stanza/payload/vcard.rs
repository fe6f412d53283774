//! XEP-0054: vcard-temp (version 1.2), as far as the API has words for it.

use crate::{
    stanza::DecodeError,
    xml::{Element, Node, ns},
};

/// The longest photo that is taken in, in bytes of base64.
pub const MAX_PHOTO_BYTES: usize = 1_000_000;
/// The longest of the other texts.
pub const MAX_TEXT_BYTES: usize = 10_000;

/// What somebody says about themselves.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct VCard {
    pub fullname: Option<String>,
    pub nickname: Option<String>,
    pub photo: Option<Photo>,
    pub url: Option<String>,
    pub role: Option<String>,
    pub email: Option<String>,
}

/// A photo that is one: what it is was read from its bytes, not from what is said of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Photo {
    /// Without white space.
    pub base64: String,
    pub mime_type: &'static str,
}

/// What of a vCard is to be changed; what is `None` stays as it is.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Changes {
    pub fullname: Option<String>,
    pub nickname: Option<String>,
    pub url: Option<String>,
    pub role: Option<String>,
    pub email: Option<String>,
    /// The photo in base64.
    pub image: Option<String>,
    pub image_type: Option<String>,
}

/// `<vCard/>` to ask for one.
pub fn query() -> Element {
    Element::new("vCard", ns::VCARD)
}

impl VCard {
    /// Reads a `<vCard/>`.
    pub fn decode(vcard: &Element) -> Result<Self, DecodeError> {
        if !is_vcard(vcard) {
            return Err(DecodeError::Invalid("the vCard of a result"));
        }
        let text = |name| vcard.child(name, &ns::VCARD).and_then(text_of);
        Ok(Self {
            fullname: text("FN"),
            nickname: text("NICKNAME"),
            photo: vcard.child("PHOTO", &ns::VCARD).and_then(Photo::decode),
            url: text("URL"),
            role: text("ROLE"),
            email: vcard
                .child("EMAIL", &ns::VCARD)
                .and_then(|email| email.child("USERID", &ns::VCARD).or(Some(email)))
                .and_then(text_of),
        })
    }
}

impl Changes {
    /// The `<vCard/>` to set in the place of `old`.
    pub fn apply(&self, old: Option<&Element>) -> Element {
        let mut vcard = old.filter(|old| is_vcard(old)).cloned().unwrap_or_else(query);
        let leaf = |name, text: &str| Element::new(name, ns::VCARD).with_text(text);
        let texts = [("FN", &self.fullname), ("NICKNAME", &self.nickname), ("URL", &self.url), ("ROLE", &self.role)];
        for (name, text) in texts {
            if let Some(text) = text {
                vcard = without(vcard, name);
                vcard.push(leaf(name, text));
            }
        }
        if let Some(email) = &self.email {
            let mut element = Element::new("EMAIL", ns::VCARD);
            ["INTERNET", "PREF"].into_iter().for_each(|flag| element.push(Element::new(flag, ns::VCARD)));
            vcard = without(vcard, "EMAIL");
            vcard.push(element.with_child(leaf("USERID", email)));
        }
        if let Some(image) = &self.image {
            let mut photo = Element::new("PHOTO", ns::VCARD);
            if !image.is_empty() {
                photo.push(leaf("TYPE", self.image_type.as_deref().unwrap_or_default()));
                photo.push(leaf("BINVAL", image));
            }
            vcard = without(vcard, "PHOTO");
            vcard.push(photo);
        }
        vcard
    }
}

impl Photo {
    /// Reads `<PHOTO/>`. `None` if it holds no image, one of a kind that could do more than be seen, or one too large.
    fn decode(photo: &Element) -> Option<Self> {
        let value = photo.child("BINVAL", &ns::VCARD)?.text();
        if value.len() > MAX_PHOTO_BYTES * 2 {
            return None;
        }
        let base64: String = value.split_ascii_whitespace().collect();
        if base64.len() > MAX_PHOTO_BYTES || !base64.bytes().all(is_base64) {
            return None;
        }
        let mime_type = image_type(&base64)?;
        Some(Self { base64, mime_type })
    }
}

/// The kind of image that base64 begins, by its first bytes: only those that are nothing but pixels. In base64 they are
/// as easily told: three bytes are four digits.
fn image_type(base64: &str) -> Option<&'static str> {
    let kinds = [
        ("iVBORw0KGgo", "image/png"),
        ("/9j/", "image/jpeg"),
        ("R0lGODdh", "image/gif"),
        ("R0lGODlh", "image/gif"),
        ("UklGR", "image/webp"),
    ];
    let (_, kind) = kinds.into_iter().find(|(start, _)| base64.starts_with(start))?;
    // `RIFF`, four bytes of length, `WEBP`; of the W there are only six bits in the twelfth digit.
    (kind != "image/webp" || base64.get(11..16) == Some("XRUJQ")).then_some(kind)
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

fn is_vcard(element: &Element) -> bool {
    element.is("vCard", &ns::VCARD)
}

fn text_of(element: &Element) -> Option<String> {
    Some(element.text()).filter(|text| !text.is_empty() && text.len() <= MAX_TEXT_BYTES).map(|text| text.into_owned())
}

/// The same without the children called `name`.
fn without(vcard: Element, name: &str) -> Element {
    let mut rest = query();
    let kept = vcard.nodes().iter().filter_map(|node| match node {
        Node::Element(child) if !child.is(name, &ns::VCARD) => Some(child.clone()),
        _ => None,
    });
    kept.for_each(|child| rest.push(child));
    rest
}
