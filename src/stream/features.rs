//! Stream features (RFC 6120 §4.3.2): what the server offers at this point of the stream.

use crate::xml::{Element, ns};

/// What a server offers, as far as this client can use it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Features {
    /// SASL mechanisms, as the server names them (RFC 6120 §6.3.3).
    pub mechanisms: Vec<String>,
    /// The server wants TLS started inside the stream, which a browser cannot do.
    pub starttls: bool,
    /// Resource binding (RFC 6120 §7).
    pub bind: bool,
    /// The session of RFC 3921, unless the server says that it may be left out.
    pub session: bool,
    /// Roster versioning (RFC 6121 §2.6).
    pub roster_versioning: bool,
}

impl Features {
    /// Reads `<stream:features/>`; `None` if `element` is something else.
    pub fn decode(element: &Element) -> Option<Self> {
        if !element.is("features", &ns::STREAM) {
            return None;
        }
        let mut features = Self::default();
        for child in element.children() {
            match child.name() {
                "mechanisms" if *child.namespace() == ns::SASL => {
                    let mechanisms = child.children().filter(|mechanism| mechanism.is("mechanism", &ns::SASL));
                    features.mechanisms = mechanisms.map(|mechanism| mechanism.text().trim().to_owned()).collect();
                }
                "starttls" if *child.namespace() == ns::TLS => features.starttls = true,
                "bind" if *child.namespace() == ns::BIND => features.bind = true,
                "session" if *child.namespace() == ns::SESSION => {
                    features.session = child.child("optional", &ns::SESSION).is_none();
                }
                "ver" if *child.namespace() == ns::ROSTER_VERSIONING => features.roster_versioning = true,
                _ => {}
            }
        }
        Some(features)
    }
}
