//! Why there is no session, in words for the page's developer and with a code for the page.

use std::fmt;

use crate::stream::{
    Closed, LoginError,
    sasl::{Blame, SaslError},
};

/// Why a session did not come to be, or ended.
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ConnectionError {
    /// The stream ended.
    Closed(Closed),
    /// The log-in failed.
    Login(LoginError),
    /// The log-in took too long.
    TimedOut,
}

impl ConnectionError {
    /// The code by which a page tells one error from another. These are part of the public interface.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TimedOut => "timeout",
            Self::Login(LoginError::Refused { .. }) => "authentication-failed",
            Self::Login(LoginError::EncryptionRequired) => "encryption-required",
            Self::Login(LoginError::Bind(_)) => "bind-failed",
            Self::Login(LoginError::PeerMisbehaved(_)) => "protocol-error",
            Self::Login(LoginError::Sasl(error)) => sasl_code(*error),
            Self::Closed(Closed::Unreachable) => "unreachable",
            Self::Closed(Closed::NotXmpp) => "not-xmpp",
            Self::Closed(Closed::BadFrame(_)) => "protocol-error",
            Self::Closed(Closed::StreamError(error)) if error.condition == "host-unknown" => "host-unknown",
            Self::Closed(Closed::StreamError(error)) if error.condition == "conflict" => "replaced",
            Self::Closed(Closed::StreamError(_)) => "stream-error",
            Self::Closed(Closed::Lost | Closed::ByPeer | Closed::ByUs) => "connection-lost",
        }
    }

    /// The condition the server gave, if it gave one: of SASL, of the stream, or of the stanza.
    pub fn condition(&self) -> Option<&str> {
        match self {
            Self::Login(LoginError::Refused { condition, .. }) => Some(condition),
            Self::Login(LoginError::Bind(error)) => Some(&error.condition),
            Self::Closed(Closed::StreamError(error)) => Some(&error.condition),
            _ => None,
        }
    }
}

impl fmt::Display for ConnectionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed(reason) => reason.fmt(f),
            Self::Login(error) => error.fmt(f),
            Self::TimedOut => f.write_str("the server took too long to log in"),
        }
    }
}

impl std::error::Error for ConnectionError {}

fn sasl_code(error: SaslError) -> &'static str {
    match (error, error.blame()) {
        (SaslError::NoCommonMechanism, _) => "no-mechanism",
        (SaslError::InsecureChannel, _) => "insecure-channel",
        (SaslError::Rejected(_), _) => "authentication-failed",
        (_, Blame::Peer) => "server-not-authentic",
        (_, Blame::Caller | Blame::Environment) => "invalid-credentials",
    }
}
