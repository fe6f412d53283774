//! Why there is no session, in words for the page's developer and with a code for the page.

use std::fmt;

use crate::{
    stream::{
        AckError, Closed, LoginError,
        sasl::{Blame, SaslError},
    },
    xml::WriteError,
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
    /// The server's count of our stanzas cannot be true (XEP-0198 §6).
    Acknowledgement(AckError),
}

impl ConnectionError {
    /// The code by which a page tells one error from another. These are part of the public interface.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TimedOut => "timeout",
            Self::Acknowledgement(_) => "protocol-error",
            Self::Login(LoginError::NoCredentials) => "no-credentials",
            Self::Login(LoginError::Refused { .. }) => "authentication-failed",
            Self::Login(LoginError::EncryptionRequired) => "encryption-required",
            Self::Login(LoginError::Bind(_)) => "bind-failed",
            Self::Login(LoginError::PeerMisbehaved(_)) => "protocol-error",
            Self::Login(LoginError::Sasl(error)) => sasl_code(*error),
            Self::Closed(Closed::Unreachable) => "unreachable",
            Self::Closed(Closed::NotXmpp) => "not-xmpp",
            Self::Closed(Closed::BadFrame(_)) => "protocol-error",
            Self::Closed(Closed::StreamError(error)) => match error.condition.as_str() {
                // The latter is what Prosody's BOSH says of a domain it does not have.
                "host-unknown" | "improper-addressing" => "host-unknown",
                "conflict" => "replaced",
                _ => "stream-error",
            },
            Self::Closed(Closed::Lost | Closed::ByPeer | Closed::ByUs) => "connection-lost",
        }
    }

    /// Whether trying again would do no good, or harm: the credentials are refused, or the session was replaced by another
    /// of the same resource. That an address which was right answers with something else will pass: a proxy says so of
    /// a server that is being started.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Login(LoginError::Refused { condition, .. }) => condition != "temporary-auth-failure",
            Self::Login(_) => true,
            Self::Closed(Closed::StreamError(error)) => FINAL_CONDITIONS.contains(&error.condition.as_str()),
            Self::Closed(_) | Self::TimedOut | Self::Acknowledgement(_) => false,
        }
    }

    /// Whether the stream that broke must not be resumed: the same would happen again.
    pub fn spoils_stream(&self) -> bool {
        matches!(self, Self::Acknowledgement(_) | Self::Closed(Closed::BadFrame(_) | Closed::StreamError(_)))
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
            Self::Acknowledgement(_) => f.write_str("the server's count of the stanzas it has cannot be true"),
        }
    }
}

impl std::error::Error for ConnectionError {}

/// The stream errors after which a client that comes back meets the same (RFC 6120 §4.9.3, XEP-0124 §17.2).
const FINAL_CONDITIONS: &[&str] = &[
    "conflict",
    "host-gone",
    "host-unknown",
    "improper-addressing",
    "not-authorized",
    "policy-violation",
    "see-other-host",
    "see-other-uri",
    "unsupported-version",
];

fn sasl_code(error: SaslError) -> &'static str {
    match (error, error.blame()) {
        (SaslError::NoCommonMechanism, _) => "no-mechanism",
        (SaslError::InsecureChannel, _) => "insecure-channel",
        (SaslError::Rejected(_), _) => "authentication-failed",
        (_, Blame::Peer) => "server-not-authentic",
        (_, Blame::Caller | Blame::Environment) => "invalid-credentials",
    }
}

/// Why a stanza was not sent. The caller is to blame, or the moment.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SendError {
    /// There is no session that could carry it.
    NotConnected,
    /// It cannot be written as XML.
    Write(WriteError),
    /// Too many requests wait for an answer, or one with this id does.
    TooManyRequests,
    /// Too many stanzas wait for a connection.
    TooMuchWaiting,
}

impl SendError {
    /// The code by which a page tells one error from another. These are part of the public interface.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotConnected => "not-connected",
            Self::Write(_) => "unwritable-stanza",
            Self::TooManyRequests => "too-many-requests",
            Self::TooMuchWaiting => "too-much-waiting",
        }
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConnected => f.write_str("there is no connection to send the stanza over"),
            Self::Write(error) => write!(f, "the stanza cannot be sent: {error}"),
            Self::TooManyRequests => f.write_str("too many requests wait for an answer, or one with this id does"),
            Self::TooMuchWaiting => f.write_str("too many stanzas wait for a connection"),
        }
    }
}

impl std::error::Error for SendError {}
