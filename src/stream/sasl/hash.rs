//! The hash functions that mechanisms are named after.

use ctutils::CtEq;
use hmac::digest::common::InvalidLength;
use hmac::{Hmac, KeyInit, Mac};
use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha512};
use zeroize::Zeroizing;

use super::error::SaslError;

/// A hash function, chosen at run time: one copy of the mechanisms serves all three.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Hash {
    Sha1,
    Sha256,
    Sha512,
}

impl Hash {
    pub(super) fn digest(self, data: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => Sha1::digest(data).to_vec(),
            Self::Sha256 => Sha256::digest(data).to_vec(),
            Self::Sha512 => Sha512::digest(data).to_vec(),
        }
    }

    pub(super) fn hmac(self, key: &[u8], data: &[u8]) -> Result<Zeroizing<Vec<u8>>, SaslError> {
        match self {
            Self::Sha1 => hmac::<Hmac<Sha1>>(key, data),
            Self::Sha256 => hmac::<Hmac<Sha256>>(key, data),
            Self::Sha512 => hmac::<Hmac<Sha512>>(key, data),
        }
    }

    /// Whether `tag` is the HMAC of the data. Takes the same time wherever they differ.
    pub(super) fn verify_hmac(self, key: &[u8], data: &[u8], tag: &[u8]) -> Result<bool, SaslError> {
        Ok(self.hmac(key, data)?.as_slice().ct_eq(tag).to_bool())
    }

    /// PBKDF2 with this hash, as long as its output: RFC 5802 calls it Hi. All the time of a log-in is spent here.
    pub(super) fn pbkdf2(self, password: &[u8], salt: &[u8], rounds: u32) -> Result<Zeroizing<Vec<u8>>, SaslError> {
        let mut key = Zeroizing::new(vec![0; self.length()]);
        match self {
            Self::Sha1 => pbkdf2::pbkdf2::<Hmac<Sha1>>(password, salt, rounds, &mut key)?,
            Self::Sha256 => pbkdf2::pbkdf2::<Hmac<Sha256>>(password, salt, rounds, &mut key)?,
            Self::Sha512 => pbkdf2::pbkdf2::<Hmac<Sha512>>(password, salt, rounds, &mut key)?,
        }
        Ok(key)
    }

    fn length(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }
}

/// HMAC takes keys of any length, so this never happens; if it did, the password would be the cause.
impl From<InvalidLength> for SaslError {
    fn from(_: InvalidLength) -> Self {
        Self::WrongCredentials
    }
}

fn hmac<M: Mac + KeyInit>(key: &[u8], data: &[u8]) -> Result<Zeroizing<Vec<u8>>, SaslError> {
    let mut mac = <M as KeyInit>::new_from_slice(key)?;
    mac.update(data);
    Ok(Zeroizing::new(mac.finalize().into_bytes().to_vec()))
}
