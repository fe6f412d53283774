//! Randomness as an argument: the core asks for bytes, the platform has them.

use std::{cell::RefCell, fmt, rc::Rc};

/// A source of bytes that nobody else can guess.
pub trait Random {
    /// Fills `bytes`.
    fn fill(&mut self, bytes: &mut [u8]);
}

/// A source that many can draw from.
#[derive(Clone)]
pub struct Dice(Rc<RefCell<dyn Random>>);

impl Dice {
    /// Draws from `source`.
    pub fn new(source: impl Random + 'static) -> Self {
        Self(Rc::new(RefCell::new(source)))
    }

    /// An identifier of 128 bits, as 32 hexadecimal digits. Being unguessable is what lets an answer be told from a
    /// forgery (RFC 6120 §8.1.3).
    pub fn id(&self) -> String {
        let mut bytes = [0; 16];
        self.0.borrow_mut().fill(&mut bytes);
        bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(|d| char::from_digit(d.into(), 16)).collect()
    }

    /// The same as a UUID (RFC 9562 §5.4).
    pub fn uuid(&self) -> String {
        let digits = self.id();
        let part = |from, to| digits.get(from..to).unwrap_or_default();
        format!("{}-{}-4{}-8{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
    }

    /// A number from 0 up to 2^32 - 1.
    pub fn number(&self) -> u32 {
        let mut bytes = [0; 4];
        self.0.borrow_mut().fill(&mut bytes);
        u32::from_le_bytes(bytes)
    }
}

impl fmt::Debug for Dice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dice")
    }
}
