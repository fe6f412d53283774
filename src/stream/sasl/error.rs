//! What can go wrong while logging in, and whose doing it is.

use std::fmt;

use super::saslprep::Unpreparable;

/// Why there is no log-in. No variant holds a secret.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SaslError {
    /// The server offers no mechanism that these credentials fit.
    NoCommonMechanism,
    /// The server offers only what is weaker than what it offered before.
    Downgraded,
    /// The only mechanisms left give the password or the token away, and the channel is not safe for that.
    InsecureChannel,

    /// The mechanism has no use for these credentials.
    WrongCredentials,
    /// The user name, or the identity to act as, cannot be sent.
    BadUsername(Unpreparable),
    /// The password cannot be sent.
    BadPassword(Unpreparable),
    /// The token is empty or has characters that no token has.
    BadToken,
    /// The nonce is shorter than 16 characters, or not printable.
    BadNonce,

    /// The server says no, in the words of SCRAM. Others say it with `<failure/>`, which is not seen here.
    Rejected(Rejection),
    /// The server sent what the mechanism's grammar does not know; the word says where.
    Malformed(&'static str),
    /// The server sent a challenge or success that does not belong here.
    OutOfOrder,
    /// The server's nonce does not continue ours: an answer to somebody else, or a replay.
    ForeignNonce,
    /// The salt is empty, so that one guess of the password would do for all accounts.
    EmptySalt,
    /// The password would be hashed too cheaply.
    TooFewIterations {
        /// What the server asked for.
        asked: u32,
        /// [`Policy::min_iterations`](super::Policy::min_iterations).
        least: u32,
    },
    /// The page would stand still while the password is hashed.
    TooManyIterations {
        /// [`Policy::max_iterations`](super::Policy::max_iterations).
        most: u32,
    },
    /// The server demands an extension of SCRAM (`m=`) that is not known here.
    MandatoryExtension,
    /// Somebody on the way has changed the list of mechanisms or channel bindings (XEP-0474).
    OfferTampered,
    /// The server claims success without a proof that it knows the password or token.
    ServerUnproven,
    /// The server's proof is wrong: it does not know the password or token.
    ServerProofWrong,
}

/// Whose doing an error is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Blame {
    /// The server, or somebody who sits between.
    Peer,
    /// Whoever supplied the credentials.
    Caller,
    /// The place where this runs: an insecure channel, a missing normaliser.
    Environment,
}

/// The server-error of SCRAM (RFC 5802 §7).
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Rejection {
    /// `invalid-proof`: the password is wrong.
    InvalidProof,
    /// `unknown-user`: there is no such account, and the server admits it.
    UnknownUser,
    /// `invalid-username-encoding`: the name is not what the server takes for SASLprep.
    InvalidUsernameEncoding,
    /// `invalid-encoding`: the server could not read the message.
    InvalidEncoding,
    /// `extensions-not-supported`: never our doing, no extension is sent.
    ExtensionsNotSupported,
    /// One of the four errors about channel binding, which is not used here.
    ChannelBinding,
    /// `no-resources`: the server is too busy.
    NoResources,
    /// `other-error`, or a word that RFC 5802 does not know.
    Other,
}

impl SaslError {
    /// Who has to act for the next attempt to go better.
    pub fn blame(self) -> Blame {
        match self {
            Self::InsecureChannel => Blame::Environment,
            Self::BadUsername(cause) | Self::BadPassword(cause) => match cause {
                Unpreparable::NoNormalizer => Blame::Environment,
                _ => Blame::Caller,
            },
            Self::WrongCredentials | Self::BadToken | Self::BadNonce => Blame::Caller,
            Self::Rejected(Rejection::InvalidProof | Rejection::UnknownUser) => Blame::Caller,
            _ => Blame::Peer,
        }
    }
}

impl Rejection {
    pub(super) fn from_name(name: &str) -> Self {
        match name {
            "invalid-proof" => Self::InvalidProof,
            "unknown-user" => Self::UnknownUser,
            "invalid-username-encoding" => Self::InvalidUsernameEncoding,
            "invalid-encoding" => Self::InvalidEncoding,
            "extensions-not-supported" => Self::ExtensionsNotSupported,
            "channel-bindings-dont-match"
            | "server-does-support-channel-binding"
            | "channel-binding-not-supported"
            | "unsupported-channel-binding-type" => Self::ChannelBinding,
            "no-resources" => Self::NoResources,
            _ => Self::Other,
        }
    }
}

impl fmt::Display for SaslError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoCommonMechanism => "the server offers no usable way to log in",
            Self::Downgraded => "the server offers only weaker ways to log in than before",
            Self::InsecureChannel => "the channel is not secure enough for this way to log in",
            Self::WrongCredentials => "the credentials do not fit the mechanism",
            Self::BadUsername(_) => "the user name cannot be sent",
            Self::BadPassword(_) => "the password cannot be sent",
            Self::BadToken => "the token cannot be sent",
            Self::BadNonce => "the nonce is too short or not printable",
            Self::Rejected(Rejection::InvalidProof | Rejection::UnknownUser) => "user name or password are wrong",
            Self::Rejected(_) => "the server refuses the log-in",
            Self::Malformed(_) => "the server sent a malformed challenge",
            Self::OutOfOrder => "the server sent a challenge or success out of order",
            Self::ForeignNonce => "the server's nonce does not continue ours",
            Self::EmptySalt => "the server sent an empty salt",
            Self::TooFewIterations { .. } => "the server asks for too few iterations",
            Self::TooManyIterations { .. } => "the server asks for too many iterations",
            Self::MandatoryExtension => "the server demands an unknown extension",
            Self::OfferTampered => "the server's list of mechanisms was changed on the way",
            Self::ServerUnproven => "the server did not prove that it knows the secret",
            Self::ServerProofWrong => "the server does not know the secret",
        })
    }
}

impl std::error::Error for SaslError {}
