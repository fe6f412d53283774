//! `crypto.getRandomValues()`.

use crate::random::Random;

/// The browser's cryptographically strong source.
pub struct Crypto;

impl Random for Crypto {
    fn fill(&mut self, bytes: &mut [u8]) {
        let filled = super::window().and_then(|window| window.crypto().ok());
        let filled = filled.and_then(|crypto| crypto.get_random_values_with_u8_array(bytes).ok());
        // Without randomness a forged answer could be taken for a real one: better no client than that.
        assert!(filled.is_some(), "this browser has no source of randomness");
    }
}
