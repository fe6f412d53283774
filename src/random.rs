//! Randomness as an argument: the core asks for bytes, the platform has them.

/// A source of bytes that nobody else can guess.
pub trait Random {
    /// Fills `bytes`.
    fn fill(&mut self, bytes: &mut [u8]);
}

impl dyn Random + '_ {
    /// An identifier of 128 bits, as 32 hexadecimal digits. Being unguessable is what lets an answer be told from a
    /// forgery (RFC 6120 §8.1.3).
    pub fn id(&mut self) -> String {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(|d| char::from_digit(d.into(), 16)).collect()
    }

    /// A number from 0 up to 2^32 - 1.
    pub fn number(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.fill(&mut bytes);
        u32::from_le_bytes(bytes)
    }
}
