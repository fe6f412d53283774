//! RFC 4616: PLAIN. The password travels as it is; the policy decides whether it may.

use super::error::SaslError;
use super::saslprep::saslprep;
use super::secret::Secret;

/// `NUL authcid NUL passwd`. SASLprep has refused a NUL in either.
pub(super) fn message(username: &str, password: &Secret) -> Result<Vec<u8>, SaslError> {
    let username = saslprep(username).map_err(SaslError::BadUsername)?;
    let password = Secret::new(saslprep(password.expose()).map_err(SaslError::BadPassword)?.into_owned());
    Ok(["", &username, password.expose()].join("\0").into_bytes())
}

#[cfg(test)]
mod tests {
    use super::super::saslprep::Unpreparable;
    use super::*;
    use crate::prep::testing;

    /// RFC 4616 §4, the first example without its authorization identity.
    #[test]
    fn rfc_4616_example() {
        assert_eq!(message("tim", &Secret::from("tanstaaftanstaaf")).unwrap(), b"\0tim\0tanstaaftanstaaf");
    }

    #[test]
    fn both_parts_are_prepared() {
        testing::lend();
        assert_eq!(message("\u{2168}", &Secret::from("a\u{A0}b")).unwrap(), b"\0IX\0a b");
    }

    #[test]
    fn nul_is_refused() {
        let prohibited = Unpreparable::Prohibited;
        assert_eq!(message("tim\0root", &Secret::from("x")), Err(SaslError::BadUsername(prohibited)));
        assert_eq!(message("tim", &Secret::from("x\0y")), Err(SaslError::BadPassword(prohibited)));
    }

    #[test]
    fn empty_is_refused() {
        assert_eq!(message("", &Secret::from("x")), Err(SaslError::BadUsername(Unpreparable::Empty)));
        assert_eq!(message("tim", &Secret::from("")), Err(SaslError::BadPassword(Unpreparable::Empty)));
    }
}
