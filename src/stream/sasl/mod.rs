//! Logging in (RFC 4422, RFC 6120 §6), as state machines on bytes: no XML, no clock, no randomness of their own.
//!
//! [`choose`] a mechanism from what the server offers, [`Exchange::start`] it, hand over every challenge and the
//! success. Channel binding, and so every `-PLUS`, is out of a page's reach.

mod anonymous;
pub mod base64;
mod credentials;
mod downgrade;
mod error;
mod exchange;
mod external;
mod hash;
mod ht;
mod oauthbearer;
mod plain;
mod saslprep;
mod scram;
mod secret;
mod tables;

pub use credentials::Credentials;
pub use error::{Blame, Rejection, SaslError};
pub use exchange::{Exchange, Outcome};
pub use saslprep::Unpreparable;
pub use secret::Secret;

/// A way to log in that is known here.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Mechanism {
    /// SCRAM-SHA-512.
    ScramSha512,
    /// SCRAM-SHA-256 (RFC 7677).
    ScramSha256,
    /// SCRAM-SHA-1 (RFC 5802).
    ScramSha1,
    /// PLAIN (RFC 4616).
    Plain,
    /// ANONYMOUS (RFC 4505).
    Anonymous,
    /// EXTERNAL (RFC 4422, appendix A).
    External,
    /// OAUTHBEARER (RFC 7628).
    OAuthBearer,
    /// HT-SHA-256-NONE, for FAST (XEP-0484). Offered inside `<fast/>`, not among the others.
    HtSha256None,
}

/// What the server announced.
#[derive(Clone, Copy, Debug)]
pub struct Offer<'a> {
    /// Every mechanism, known here or not, of the protocol in use: RFC 6120's or SASL2's, not both.
    pub mechanisms: &'a [&'a str],
    /// The channel bindings, if the server announced them at all (XEP-0440).
    pub channel_bindings: Option<&'a [&'a str]>,
}

/// What may be done to log in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Policy {
    /// Passwords and tokens may be sent as they are, or so that a listener could use them: the channel is encrypted,
    /// does not leave the machine, or somebody has explicitly said so.
    pub plaintext_allowed: bool,
    /// The fewest iterations of SCRAM to accept. Fewer make it cheap to find the password from a recorded exchange.
    pub min_iterations: u32,
    /// The most iterations of SCRAM to accept. The page stands still for all of them.
    pub max_iterations: u32,
    /// The weakest mechanism to send a password with: what [`Mechanism::to_pin`] said after an earlier log-in to this
    /// account, or a stricter choice.
    pub pinned: Option<Mechanism>,
}

/// The strongest mechanism that the server offers, the credentials fit and the policy allows.
pub fn choose(offer: &Offer<'_>, credentials: &Credentials, policy: &Policy) -> Result<Mechanism, SaslError> {
    let mut refusal = SaslError::NoCommonMechanism;
    for &mechanism in Mechanism::fitting(credentials) {
        if offer.mechanisms.contains(&mechanism.name()) {
            match policy.check(mechanism) {
                Ok(()) => return Ok(mechanism),
                Err(error) => refusal = error,
            }
        }
    }
    // A server that lost everything a password was sent with before is as suspect as one that kept only PLAIN.
    let lost = refusal == SaslError::NoCommonMechanism
        && policy.pinned.is_some_and(|pinned| Mechanism::fitting(credentials).contains(&pinned));
    Err(if lost { SaslError::Downgraded } else { refusal })
}

impl Mechanism {
    /// The mechanism of this name, if it is known here. Names are upper case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mechanism| mechanism.name() == name)
    }

    /// The name under which IANA has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ScramSha512 => "SCRAM-SHA-512",
            Self::ScramSha256 => "SCRAM-SHA-256",
            Self::ScramSha1 => "SCRAM-SHA-1",
            Self::Plain => "PLAIN",
            Self::Anonymous => "ANONYMOUS",
            Self::External => "EXTERNAL",
            Self::OAuthBearer => "OAUTHBEARER",
            Self::HtSha256None => "HT-SHA-256-NONE",
        }
    }

    /// What to remember in [`Policy::pinned`] after a log-in with this mechanism.
    ///
    /// Any SCRAM pins the weakest one: a server may take SCRAM-SHA-512 back without locking everybody out, but never
    /// again ask for the bare password (XEP-0474 §6). Pin the mechanism itself to be stricter than that.
    pub fn to_pin(self) -> Option<Self> {
        match self {
            Self::ScramSha512 | Self::ScramSha256 | Self::ScramSha1 => Some(Self::ScramSha1),
            Self::External => Some(Self::External),
            Self::Plain | Self::Anonymous | Self::OAuthBearer | Self::HtSha256None => None,
        }
    }

    /// The mechanisms that can use the credentials, the strongest first.
    fn fitting(credentials: &Credentials) -> &'static [Self] {
        match credentials {
            Credentials::Password { .. } => &[Self::ScramSha512, Self::ScramSha256, Self::ScramSha1, Self::Plain],
            Credentials::Anonymous => &[Self::Anonymous],
            Credentials::External { .. } => &[Self::External],
            Credentials::Bearer { .. } => &[Self::OAuthBearer],
            Credentials::Fast { .. } => &[Self::HtSha256None],
        }
    }

    /// Whether a listener could log in with what he hears.
    fn gives_secret_away(self) -> bool {
        matches!(self, Self::Plain | Self::OAuthBearer | Self::HtSha256None)
    }

    /// How well a password is kept from the server and whoever plays it; `None` where no password is at stake.
    fn password_strength(self) -> Option<u8> {
        match self {
            Self::Plain => Some(0),
            Self::ScramSha1 => Some(1),
            Self::ScramSha256 => Some(2),
            Self::ScramSha512 => Some(3),
            Self::Anonymous | Self::External | Self::OAuthBearer | Self::HtSha256None => None,
        }
    }

    const ALL: [Self; 8] = [
        Self::ScramSha512,
        Self::ScramSha256,
        Self::ScramSha1,
        Self::Plain,
        Self::Anonymous,
        Self::External,
        Self::OAuthBearer,
        Self::HtSha256None,
    ];
}

impl Policy {
    fn check(&self, mechanism: Mechanism) -> Result<(), SaslError> {
        // Whatever was pinned without a password at stake, PLAIN is weaker.
        let least = self.pinned.map_or(0, |pinned| pinned.password_strength().unwrap_or(1));
        if mechanism.password_strength().is_some_and(|strength| strength < least) {
            return Err(SaslError::Downgraded);
        }
        if mechanism.gives_secret_away() && !self.plaintext_allowed {
            return Err(SaslError::InsecureChannel);
        }
        Ok(())
    }
}

impl Default for Policy {
    /// Nothing in plain text. The floor is RFC 7677 §4's. The ceiling is above every published recommendation (1.4
    /// million, for SHA-1) and a second or two on a desktop, at 0.7 to 1 µs an iteration in WebAssembly.
    fn default() -> Self {
        Self { plaintext_allowed: false, min_iterations: 4096, max_iterations: 2_000_000, pinned: None }
    }
}
