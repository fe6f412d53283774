//! RFC 4422, appendix A: EXTERNAL.

use super::error::SaslError;
use super::saslprep::Unpreparable;

/// The identity to act as. Empty, the server derives it from what it knows, which RFC 6120 §6.4.2 writes as `=`.
pub(super) fn message(authzid: Option<&str>) -> Result<Vec<u8>, SaslError> {
    let authzid = authzid.unwrap_or_default();
    if authzid.contains('\0') {
        return Err(SaslError::BadUsername(Unpreparable::Prohibited));
    }
    Ok(authzid.as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_identity_is_the_message() {
        assert_eq!(message(None).unwrap(), b"");
        assert_eq!(message(Some("juliet@capulet.lit")).unwrap(), b"juliet@capulet.lit");
        assert_eq!(message(Some("a\0b")), Err(SaslError::BadUsername(Unpreparable::Prohibited)));
    }
}
