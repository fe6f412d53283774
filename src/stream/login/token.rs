//! XEP-0484: Fast Authentication Streamlining Tokens (version 0.2.0): the token.

use crate::{
    stream::sasl::Secret,
    time::Timestamp,
    xml::{Element, ns},
};

/// A token to log in with instead of the password. The server gives one, and another in its place when it likes.
#[derive(Clone, Debug)]
pub struct Token {
    pub secret: Secret,
    /// When the server stops taking it, as it wrote it (XEP-0082).
    pub expiry: Option<String>,
    /// How often it was used; the server takes no number twice.
    pub count: u32,
}

impl Token {
    /// Reads `<token/>`; `None` if `element` is something else.
    pub(super) fn decode(element: &Element) -> Option<Self> {
        if !element.is("token", &ns::FAST) {
            return None;
        }
        let secret = Secret::new(element.attribute("token")?.to_owned());
        Some(Self { secret, expiry: element.attribute("expiry").map(str::to_owned), count: 0 })
    }

    /// Whether the server has stopped taking it. What it wrote that is no time says nothing.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expiry.as_deref().and_then(Timestamp::parse).is_some_and(|expiry| expiry <= now)
    }

    /// The token for [`Self::restore`].
    pub fn save(&self) -> Element {
        let mut saved = Element::new("token", ns::CACHE).with_attribute("count", self.count.to_string());
        if let Some(expiry) = &self.expiry {
            saved.set_attribute("expiry", expiry.clone());
        }
        saved.with_text(self.secret.expose())
    }

    /// Reads what [`Self::save`] wrote; `None` if somebody else wrote it.
    pub fn restore(saved: &Element) -> Option<Self> {
        if !saved.is("token", &ns::CACHE) {
            return None;
        }
        let count = saved.attribute("count")?.parse().ok()?;
        let secret = Secret::new(saved.text().into_owned());
        Some(Self { secret, expiry: saved.attribute("expiry").map(str::to_owned), count })
    }
}
