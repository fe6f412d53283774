//! The Hashed Token mechanism HT-SHA-256-NONE (draft-schmaus-kitten-sasl-ht-09), for FAST (XEP-0484).
//!
//! The first message is the same every time, so whoever reads it can send it: secure channels only.

use super::error::SaslError;
use super::hash::Hash;
use super::saslprep::saslprep;
use super::secret::Secret;

/// `authcid NUL initiator-hashed-token`. The channel binding data at the end of what is hashed is empty.
pub(super) fn message(username: &str, token: &Secret) -> Result<Vec<u8>, SaslError> {
    let username = saslprep(username).map_err(SaslError::BadUsername)?;
    if token.expose().is_empty() {
        return Err(SaslError::BadToken);
    }
    let hashed = Hash::Sha256.hmac(token.expose().as_bytes(), b"Initiator")?;
    Ok([username.as_bytes(), &hashed].join(&0))
}

/// Whether the server's answer shows that it has the token too.
pub(super) fn check_server(token: &Secret, answer: &[u8]) -> Result<(), SaslError> {
    if answer.is_empty() {
        return Err(SaslError::ServerUnproven);
    }
    if Hash::Sha256.verify_hmac(token.expose().as_bytes(), b"Responder", answer)? {
        Ok(())
    } else {
        Err(SaslError::ServerProofWrong)
    }
}

#[cfg(test)]
mod tests {
    use super::super::base64;
    use super::*;

    /// Computed with Python's hmac module.
    #[test]
    fn both_hashes_are_the_expected_ones() {
        let token = Secret::from("secret-token:fast-3ZzoYQ");
        let initiator = base64::decode(b"+gDd9xtJm4kJijZ5nO/N5b9nsXn++p0RZEwktWYngKs=").unwrap();
        let responder = base64::decode(b"eCV8+fW3X5p9Y+Z3iFJyxipa2iQ7OpplIyPOB0UmGy8=").unwrap();
        assert_eq!(message("juliet", &token).unwrap(), [b"juliet\0".as_slice(), &initiator].concat());
        assert_eq!(check_server(&token, &responder), Ok(()));
        assert_eq!(check_server(&token, &initiator), Err(SaslError::ServerProofWrong));
        assert_eq!(check_server(&token, b""), Err(SaslError::ServerUnproven));
    }

    #[test]
    fn an_empty_token_is_refused() {
        assert_eq!(message("juliet", &Secret::from("")), Err(SaslError::BadToken));
    }
}
