//! What a person or a page has to log in with.

use super::secret::Secret;

/// What is needed to log in. It decides which mechanisms come into question.
#[non_exhaustive]
#[derive(Clone, Debug)]
pub enum Credentials {
    /// A name and its password: SCRAM, or PLAIN where that may be used.
    Password {
        /// The local part of the address.
        username: String,
        /// The password as typed.
        password: Secret,
    },
    /// No account: the server makes one up for the length of the stream.
    Anonymous,
    /// Something outside the stream, such as a client certificate, has said who this is.
    External {
        /// Whom to act as, a bare JID; left out, whoever the server thinks this is.
        authzid: Option<String>,
    },
    /// An OAuth 2.0 access token: OAUTHBEARER.
    Bearer {
        /// Whom to act as; left out, whoever the token says.
        authzid: Option<String>,
        /// The access token.
        token: Secret,
    },
    /// A token that the server gave at an earlier log-in (FAST, XEP-0484): HT-SHA-256-NONE.
    Fast {
        /// The local part of the address.
        username: String,
        /// The token as the server gave it.
        token: Secret,
    },
}
