//! XEP-0231: Bits of Binary (version 1.0), as far as pictures come with what refers to them.

use crate::xml::{Element, ns};

/// The most characters of a picture that are taken.
pub const MAX_SIZE: usize = 256 * 1024;
/// The kinds of pictures that are shown.
const TYPES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/// The picture that `uri` names, among the children of `parents`, as an address that holds all of it.
pub fn picture(uri: &str, parents: &[&Element]) -> Option<String> {
    let cid = uri.strip_prefix("cid:")?;
    let mut all = parents.iter().flat_map(|parent| parent.children());
    let data = all.find(|child| child.is("data", &ns::BOB) && child.attribute("cid") == Some(cid))?;
    let kind = data.attribute("type").and_then(|kind| TYPES.into_iter().find(|known| *known == kind))?;
    let base64: String = data.text().chars().filter(|character| !character.is_ascii_whitespace()).collect();
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let fine = !base64.is_empty() && base64.len() <= MAX_SIZE && base64.bytes().all(fits);
    fine.then(|| ["data:", kind, ";base64,", &base64].concat())
}
