//! XEP-0363: HTTP File Upload (version 1.1.0).

use crate::{
    stanza::DecodeError,
    time::Timestamp,
    xml::{Element, ns},
};

/// The longest address, header and file name that are taken, in bytes.
pub const MAX_URL_BYTES: usize = 8_192;
pub const MAX_HEADER_BYTES: usize = 8_192;
pub const MAX_NAME_BYTES: usize = 255;

/// Where a file goes, and where it can be had afterwards.
#[derive(Clone, Eq, PartialEq)]
pub struct Slot {
    /// Where to put it. Whoever knows this can put something there.
    pub put: String,
    /// What to put into the request besides, by the names of the headers.
    pub headers: Vec<(&'static str, String)>,
    pub get: String,
}

/// `<request/>` for a place for a file.
pub fn request(name: &str, size: u64, media_type: &str) -> Element {
    let mut request = Element::new("request", ns::UPLOAD).with_attribute("filename", file_name(name));
    request.set_attribute("size", size.to_string());
    if !media_type.is_empty() {
        request.set_attribute("content-type", media_type);
    }
    request
}

/// The largest file that the service takes, in bytes, if `error`, an answer to a request, says so.
pub fn max_size(error: &Element) -> Option<u64> {
    let error = error.child("error", &ns::CLIENT)?;
    size(&error.child("file-too-large", &ns::UPLOAD)?.child("max-file-size", &ns::UPLOAD)?.text())
}

/// Whether such an answer says that the file is too large.
pub fn is_too_large(error: &Element) -> bool {
    error.child("error", &ns::CLIENT).is_some_and(|error| error.child("file-too-large", &ns::UPLOAD).is_some())
}

/// When to ask again, if such an answer says so.
pub fn retry(error: &Element) -> Option<Timestamp> {
    let retry = error.child("error", &ns::CLIENT)?.child("retry", &ns::UPLOAD)?;
    Timestamp::parse(retry.attribute("stamp")?)
}

/// A number of bytes, as forms and errors have it.
pub fn size(text: &str) -> Option<u64> {
    text.trim().parse().ok()
}

impl Slot {
    /// Reads the `<slot/>` of an answer. Other headers than those that may stand there are left out, and in the others
    /// there are no line breaks (§11).
    pub fn decode(slot: &Element) -> Result<Self, DecodeError> {
        if !slot.is("slot", &ns::UPLOAD) {
            return Err(DecodeError::Invalid("the slot for a file"));
        }
        let put = slot.child("put", &ns::UPLOAD).ok_or(DecodeError::Invalid("where to put a file"))?;
        let get = slot.child("get", &ns::UPLOAD).ok_or(DecodeError::Invalid("where to get a file"))?;
        let mut headers: Vec<(&'static str, String)> = Vec::new();
        for header in put.children().filter(|child| child.is("header", &ns::UPLOAD)) {
            let name = header.attribute("name").unwrap_or_default();
            let name = HEADERS.into_iter().find(|known| known.eq_ignore_ascii_case(name));
            let value: String = header.text().chars().filter(|char| !matches!(char, '\r' | '\n')).collect();
            // More than one of a name would be joined to one value, which nobody meant.
            let fits = |name| value.len() <= MAX_HEADER_BYTES && headers.iter().all(|(other, _)| *other != name);
            if let Some(name) = name.filter(|name| fits(*name)) {
                headers.push((name, value));
            }
        }
        let put = url(put).ok_or(DecodeError::Invalid("where to put a file"))?;
        let get = url(get).ok_or(DecodeError::Invalid("where to get a file"))?;
        Ok(Self { put, headers, get })
    }
}

/// The headers that a service may ask for (§5).
const HEADERS: [&str; 3] = ["Authorization", "Cookie", "Expires"];

/// The address in an element, as long as browsers read it as it stands there.
fn url(element: &Element) -> Option<String> {
    let url = element.attribute("url")?;
    let plain =
        url.len() <= MAX_URL_BYTES && !url.contains(|char: char| char <= ' ' || char == '\u{7f}' || char == '\\');
    plain.then(|| url.to_owned())
}

/// The name without what leads to it, and without what cannot be written.
fn file_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut plain = String::new();
    for char in name.chars() {
        let char = if char.is_control() || matches!(char, '\u{fffe}' | '\u{ffff}') { '_' } else { char };
        if plain.len().saturating_add(char.len_utf8()) > MAX_NAME_BYTES {
            break;
        }
        plain.push(char);
    }
    if plain.is_empty() { "file".to_owned() } else { plain }
}
