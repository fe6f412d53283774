//! RFC 7628: OAUTHBEARER.

use super::error::SaslError;
use super::saslprep::Unpreparable;
use super::secret::Secret;

/// The GS2 header, then the token as an HTTP header would carry it. Host and port are for endpoints other than the
/// server itself, and left out.
pub(super) fn message(authzid: Option<&str>, token: &Secret) -> Result<Vec<u8>, SaslError> {
    let token = token.expose();
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(SaslError::BadToken);
    }
    let authzid = match authzid {
        Some(authzid) if authzid.chars().any(char::is_control) => {
            return Err(SaslError::BadUsername(Unpreparable::Prohibited));
        }
        Some(authzid) => ["a=", &authzid.replace('=', "=3D").replace(',', "=2C")].concat(),
        None => String::new(),
    };
    Ok(["n,", &authzid, ",\x01auth=Bearer ", token, "\x01\x01"].concat().into_bytes())
}

/// What acknowledges the server's description of the failure, so that it can fail the exchange (§3.2.3).
pub(super) const DUMMY: &[u8] = b"\x01";

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7628 §4.1 without host and port.
    #[test]
    fn rfc_7628_example() {
        let token = Secret::from("vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==");
        assert_eq!(
            message(Some("user@example.com"), &token).unwrap(),
            b"n,a=user@example.com,\x01auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\x01\x01"
        );
        assert_eq!(message(None, &Secret::from("t")).unwrap(), b"n,,\x01auth=Bearer t\x01\x01");
    }

    #[test]
    fn separators_in_the_identity_are_escaped() {
        assert_eq!(message(Some("a,b=c"), &Secret::from("t")).unwrap(), b"n,a=a=2Cb=3Dc,\x01auth=Bearer t\x01\x01");
        let refused = Err(SaslError::BadUsername(Unpreparable::Prohibited));
        assert_eq!(message(Some("a\x01auth=Bearer x"), &Secret::from("t")), refused);
    }

    #[test]
    fn a_token_cannot_smuggle_fields() {
        for token in ["", "a\x01host=evil", "a b", "a\r\nb", "é"] {
            assert_eq!(message(None, &Secret::from(token)), Err(SaslError::BadToken), "{token:?}");
        }
    }
}
