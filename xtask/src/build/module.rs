//! The parts of a WebAssembly module (Core Specification, chapter 5, binary format).

use std::collections::HashMap;

/// What a module begins with: the magic number and the version.
pub(crate) const HEAD: &[u8; 8] = b"\0asm\x01\0\0\0";

pub(crate) const CUSTOM: u8 = 0;
pub(crate) const TYPES: u8 = 1;
pub(crate) const IMPORTS: u8 = 2;
pub(crate) const FUNCTIONS: u8 = 3;
pub(crate) const TABLES: u8 = 4;
pub(crate) const MEMORIES: u8 = 5;
pub(crate) const GLOBALS: u8 = 6;
pub(crate) const EXPORTS: u8 = 7;
pub(crate) const ELEMENTS: u8 = 9;
pub(crate) const CODE: u8 = 10;
pub(crate) const DATA: u8 = 11;
pub(crate) const DATA_COUNT: u8 = 12;

pub(crate) const I32_CONST: u8 = 0x41;
pub(crate) const END: u8 = 0x0B;

/// In the custom section `name`.
pub(crate) const FUNCTION_NAMES: u8 = 1;

/// How long a table or memory is, and may become.
pub(crate) struct Limits {
    pub(crate) least: usize,
    pub(crate) most: Option<usize>,
}

impl Limits {
    pub(crate) fn take(from: &mut &[u8]) -> Option<Self> {
        let flags = take_byte(from)?;
        let least = take_number(from)?;
        match flags {
            0 => Some(Self { least, most: None }),
            1 => Some(Self { least, most: Some(take_number(from)?) }),
            _ => None,
        }
    }

    pub(crate) fn written(&self) -> Vec<u8> {
        let mut out = vec![u8::from(self.most.is_some())];
        put_number(&mut out, self.least);
        self.most.into_iter().for_each(|most| put_number(&mut out, most));
        out
    }
}

/// The ids and contents of the sections. `None` if the module is not whole.
pub(crate) fn sections_of(module: &[u8]) -> Option<Vec<(u8, &[u8])>> {
    let mut rest = module.strip_prefix(HEAD)?;
    let mut sections = Vec::new();
    while let Some(id) = take_byte(&mut rest) {
        sections.push((id, take_bytes(&mut rest)?));
    }
    Some(sections)
}

/// What is in the first section `id`.
pub(crate) fn content<'a>(sections: &[(u8, &'a [u8])], id: u8) -> Option<&'a [u8]> {
    sections.iter().find(|(section, _)| *section == id).map(|(_, content)| *content)
}

/// The names of the module's functions, by index; imports come first.
pub(crate) fn function_names<'a>(sections: &[(u8, &'a [u8])]) -> Option<HashMap<usize, &'a str>> {
    let mut section = sections.iter().filter(|(id, _)| *id == CUSTOM).find_map(|(_, content)| {
        let mut content = *content;
        (take_bytes(&mut content)? == b"name").then_some(content)
    })?;
    while let Some(id) = take_byte(&mut section) {
        let mut names = take_bytes(&mut section)?;
        if id == FUNCTION_NAMES {
            let count = take_number(&mut names)?;
            return (0..count)
                .map(|_| Some((take_number(&mut names)?, str::from_utf8(take_bytes(&mut names)?).ok()?)))
                .collect();
        }
    }
    None
}

/// A function's name as every build has it: without what tells a crate from its like, such as the `[12f89f2d8a73214f]` of
/// `core[12f89f2d8a73214f]::fmt`.
pub(crate) fn plain(name: &str) -> String {
    let mut plain = String::new();
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('[') {
        plain += before;
        rest = match after.split_once(']') {
            Some((hash, after)) if hash.len() > 8 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) => after,
            _ => {
                plain.push('[');
                after
            }
        };
    }
    plain + rest
}

pub(crate) fn take_byte(from: &mut &[u8]) -> Option<u8> {
    let (first, rest) = from.split_first()?;
    *from = rest;
    Some(*first)
}

/// Takes an unsigned number in LEB128.
pub(crate) fn take_number(from: &mut &[u8]) -> Option<usize> {
    let mut number = 0;
    for shift in (0..35).step_by(7) {
        let byte = take_byte(from)?;
        number |= usize::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

/// Takes bytes that come after their number.
pub(crate) fn take_bytes<'a>(from: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = take_number(from)?;
    let (bytes, rest) = from.split_at_checked(length)?;
    *from = rest;
    Some(bytes)
}

pub(crate) fn put_number(out: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// The instruction that puts `number` on the stack. It has a sign, and the bit for it must be clear.
pub(crate) fn put_constant(out: &mut Vec<u8>, mut number: usize) {
    out.push(I32_CONST);
    while number >= 0x40 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

pub(crate) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_number(out, bytes.len());
    out.extend(bytes);
}

/// What is in a section that is a list.
pub(crate) fn each<'a, T>(mut section: &'a [u8], take: impl Fn(&mut &'a [u8]) -> Option<T>) -> Option<Vec<T>> {
    let count = take_number(&mut section)?;
    (0..count).map(|_| take(&mut section)).collect()
}

/// The content of a section that is a list.
pub(crate) fn list(items: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
    let items: Vec<_> = items.into_iter().collect();
    [number(items.len()), items.concat()].concat()
}

pub(crate) fn number(number: usize) -> Vec<u8> {
    let mut out = Vec::new();
    put_number(&mut out, number);
    out
}

/// Bytes after their number.
pub(crate) fn bytes(bytes: &[u8]) -> Vec<u8> {
    [&number(bytes.len()), bytes].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_back() {
        for number in [0, 127, 128, 300, 65_536] {
            let mut bytes = Vec::new();
            put_number(&mut bytes, number);
            assert_eq!(take_number(&mut bytes.as_slice()), Some(number));
        }
    }

    #[test]
    fn names_are_the_same_in_every_build() {
        assert_eq!(plain("core[12f89f2d8a73214f]::fmt"), "core::fmt");
        assert_eq!(plain("<[u8; 2]>::eq::<[(alloc[3ca501edff3f0c7c]::A, u8)]>"), "<[u8; 2]>::eq::<[(alloc::A, u8)]>");
    }
}
