//! One exchange of messages with the server, whatever the mechanism.

use std::{fmt, mem};

use super::scram::Scram;
use super::secret::Secret;
use super::{
    Credentials, Mechanism, Offer, Policy, SaslError, anonymous, external, hash::Hash, ht, oauthbearer, plain,
};

/// A log-in under way: challenges go in, responses come out. After an error nothing more is accepted.
pub struct Exchange {
    mechanism: Mechanism,
    step: Step,
}

/// What a success means.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Outcome {
    /// How the log-in was done; [`Mechanism::to_pin`] says what to remember of it.
    pub mechanism: Mechanism,
    /// The server has proved that it knows the password or token, and is not merely somebody who says yes.
    pub server_proved: bool,
    /// The server has confirmed, where nobody can tamper, what it offered (XEP-0474).
    pub offer_confirmed: bool,
}

enum Step {
    Scram(Scram),
    /// OAUTHBEARER: success, or one challenge that tells why not.
    Bearer,
    /// HT: success with the server's half of the proof.
    HashedToken(Secret),
    /// Everything is said; success is all that is expected.
    Said,
    Over,
}

impl Exchange {
    /// Begins, and returns the initial response. An empty one is to be sent as `=`, not left out (RFC 6120 §6.4.2).
    ///
    /// `nonce` must never have been used before and not be guessable: at least 16 visible ASCII characters without
    /// commas. Only SCRAM looks at it. `mechanism` is what [`choose`](super::choose) returned for the same arguments;
    /// the policy is checked again. PLAIN and OAUTHBEARER put the secret into the response: send it and forget it.
    pub fn start(
        mechanism: Mechanism,
        credentials: &Credentials,
        policy: &Policy,
        offer: &Offer<'_>,
        nonce: &str,
    ) -> Result<(Self, Vec<u8>), SaslError> {
        policy.check(mechanism)?;
        let (step, initial) = match (mechanism, credentials) {
            (Mechanism::Plain, Credentials::Password { username, password }) => {
                (Step::Said, plain::message(username, password)?)
            }
            (_, Credentials::Password { username, password }) => {
                let hash = scram_hash(mechanism).ok_or(SaslError::WrongCredentials)?;
                let (scram, first) = Scram::start(hash, username, password, policy, offer, nonce)?;
                (Step::Scram(scram), first)
            }
            (Mechanism::Anonymous, Credentials::Anonymous) => (Step::Said, anonymous::message()),
            (Mechanism::External, Credentials::External { authzid }) => {
                (Step::Said, external::message(authzid.as_deref())?)
            }
            (Mechanism::OAuthBearer, Credentials::Bearer { authzid, token }) => {
                (Step::Bearer, oauthbearer::message(authzid.as_deref(), token)?)
            }
            (Mechanism::HtSha256None, Credentials::Fast { username, token }) => {
                (Step::HashedToken(token.clone()), ht::message(username, token)?)
            }
            _ => return Err(SaslError::WrongCredentials),
        };
        Ok((Self { mechanism, step }, initial))
    }

    /// Answers a challenge. SCRAM hashes the password here, which takes a while.
    pub fn handle_challenge(&mut self, challenge: &[u8]) -> Result<Vec<u8>, SaslError> {
        match mem::replace(&mut self.step, Step::Over) {
            Step::Scram(mut scram) => {
                let response = scram.handle_challenge(challenge)?;
                self.step = Step::Scram(scram);
                Ok(response)
            }
            Step::Bearer => Ok(oauthbearer::DUMMY.to_vec()),
            _ => Err(SaslError::OutOfOrder),
        }
    }

    /// Takes the server's word that all is well, with the data it came with, and checks it where the mechanism can.
    pub fn handle_success(&mut self, data: Option<&[u8]>) -> Result<Outcome, SaslError> {
        let data = data.unwrap_or_default();
        let mut outcome = Outcome { mechanism: self.mechanism, server_proved: false, offer_confirmed: false };
        match mem::replace(&mut self.step, Step::Over) {
            Step::Scram(mut scram) => {
                scram.handle_success(data)?;
                outcome.server_proved = true;
                outcome.offer_confirmed = scram.downgrade_checked();
            }
            Step::HashedToken(token) => {
                ht::check_server(&token, data)?;
                outcome.server_proved = true;
            }
            Step::Bearer | Step::Said => {}
            Step::Over => return Err(SaslError::OutOfOrder),
        }
        Ok(outcome)
    }
}

/// Says which mechanism, and nothing of the keys.
impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange").field("mechanism", &self.mechanism).finish_non_exhaustive()
    }
}

fn scram_hash(mechanism: Mechanism) -> Option<Hash> {
    match mechanism {
        Mechanism::ScramSha1 => Some(Hash::Sha1),
        Mechanism::ScramSha256 => Some(Hash::Sha256),
        Mechanism::ScramSha512 => Some(Hash::Sha512),
        _ => None,
    }
}
