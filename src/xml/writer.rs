//! Elements to text: what leaves is always well-formed, whatever a caller put into it.

use std::{fmt, rc::Rc};

use super::{Element, Namespace, Node, is_ncname, is_xml_char, is_xml_text, ns};

/// Why an element cannot be written. The caller that made it is to blame.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum WriteError {
    /// XML 1.0 has no way to write this character, not even escaped.
    Character(char),
    /// An element or attribute has a name that is none.
    Name,
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Character(c) => write!(f, "the character U+{:04X} cannot stand in XML", u32::from(*c)),
            Self::Name => f.write_str("an element or attribute has a name that is not an XML name"),
        }
    }
}

impl std::error::Error for WriteError {}

/// Elements as text, written once and from then on only copied.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Written(Rc<str>);

impl Written {
    /// The element as a document of its own.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Element {
    /// The element as a document of its own.
    pub fn to_xml(&self) -> Result<String, WriteError> {
        let mut out = String::with_capacity(128_usize.saturating_add(self.written_bytes()));
        self.write(&mut out, None)?;
        Ok(out)
    }

    /// The element as text that can be a part of many others.
    pub fn to_written(&self) -> Result<Written, WriteError> {
        // It names its namespace itself, so that it can stand anywhere.
        self.to_xml().map(|xml| Written(xml.into()))
    }

    /// Adds children at the end that are to be written and not to be read: of thousands the text takes a fraction of the room
    /// that they take. One that cannot be written is left out.
    pub fn push_as_text(&mut self, children: impl IntoIterator<Item = Element>) {
        let mut text = String::new();
        for child in children {
            let before = text.len();
            if child.write(&mut text, Some(self.namespace())).is_err() {
                text.truncate(before);
            }
        }
        if !text.is_empty() {
            self.push_written(Written(text.into()));
        }
    }

    /// The bytes of those children that have been written.
    fn written_bytes(&self) -> usize {
        let written = |node: &Node| match node {
            Node::Written(text) => text.as_str().len(),
            Node::Element(child) => child.written_bytes(),
            Node::Text(_) => 0,
        };
        self.nodes().iter().map(written).sum()
    }

    /// Appends the element to `out`, inside an element whose namespace is `default`.
    pub fn write(&self, out: &mut String, default: Option<&Namespace>) -> Result<(), WriteError> {
        let name = self.name();
        checked_name(name)?;
        // The namespace of `xml:lang` cannot be declared, not even as the default one: its elements have its prefix.
        let (prefix, inside) = match *self.namespace() == ns::XML {
            true => ("xml:", default),
            false => ("", Some(self.namespace())),
        };
        out.push('<');
        out.push_str(prefix);
        out.push_str(name);
        if default != inside {
            write_attribute(out, "xmlns", self.namespace().as_str())?;
        }
        self.write_attributes(out)?;
        if self.nodes().is_empty() {
            out.push_str("/>");
            return Ok(());
        }
        out.push('>');
        for node in self.nodes() {
            match node {
                Node::Element(child) => child.write(out, inside)?,
                Node::Text(text) => escape_into(out, text)?,
                Node::Written(element) => out.push_str(element.as_str()),
            }
        }
        out.push_str("</");
        out.push_str(prefix);
        out.push_str(name);
        out.push('>');
        Ok(())
    }

    fn write_attributes(&self, out: &mut String) -> Result<(), WriteError> {
        let mut declared: Vec<&str> = Vec::new();
        for attribute in self.attributes() {
            checked_name(&attribute.name)?;
            match &attribute.prefixed {
                None => write_attribute(out, &attribute.name, &attribute.value)?,
                Some(prefixed) => {
                    let (prefix, namespace) = &**prefixed;
                    checked_name(prefix)?;
                    if *namespace != ns::XML && !declared.contains(&prefix.as_ref()) {
                        write_attribute(out, &format!("xmlns:{prefix}"), namespace.as_str())?;
                        declared.push(prefix);
                    }
                    write_attribute(out, &format!("{prefix}:{}", attribute.name), &attribute.value)?;
                }
            }
        }
        Ok(())
    }
}

/// Appends `text` to `out` so that a reader gets it back unchanged, as text or between quotes.
pub fn escape_into(out: &mut String, text: &str) -> Result<(), WriteError> {
    escape(out, text, false)
}

/// Appends `text` to `out`. Between quotes, a reader would turn line ends and tabs into spaces (XML 1.0 §3.3.3).
fn escape(out: &mut String, text: &str, quoted: bool) -> Result<(), WriteError> {
    if !is_xml_text(text) {
        let forbidden = text.chars().find(|c| !is_xml_char(*c)).unwrap_or_default();
        return Err(WriteError::Character(forbidden));
    }
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&apos;",
            b'\r' => "&#13;",
            b'\n' if quoted => "&#10;",
            b'\t' if quoted => "&#9;",
            _ => continue,
        };
        out.push_str(text.get(plain..at).unwrap_or_default());
        out.push_str(escape);
        plain = at.saturating_add(1);
    }
    out.push_str(text.get(plain..).unwrap_or_default());
    Ok(())
}

fn write_attribute(out: &mut String, name: &str, value: &str) -> Result<(), WriteError> {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape(out, value, true)?;
    out.push('"');
    Ok(())
}

fn checked_name(name: &str) -> Result<(), WriteError> {
    if is_ncname(name) { Ok(()) } else { Err(WriteError::Name) }
}
