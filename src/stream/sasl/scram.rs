//! RFC 5802 and RFC 7677: SCRAM, with SHA-1, SHA-256 and, after the same pattern, SHA-512.
//!
//! Without channel binding: a page cannot see the TLS connection under it.

use std::mem;

use zeroize::Zeroizing;

use super::error::{Rejection, SaslError};
use super::hash::Hash;
use super::saslprep::saslprep;
use super::secret::Secret;
use super::{Offer, Policy, base64, downgrade};

/// One SCRAM exchange, from the client's side. No Debug: it holds keys.
pub(super) struct Scram {
    hash: Hash,
    downgrade_checked: bool,
    state: State,
}

enum State {
    /// client-first-message is out.
    Begun(Begun),
    /// client-final-message is out. The key and message prove the server right or wrong.
    Proving { server_key: Zeroizing<Vec<u8>>, auth_message: Vec<u8>, server_proved: bool },
    /// Nothing more is accepted.
    Over,
}

struct Begun {
    first_bare: String,
    nonce: String,
    password: Secret,
    min_iterations: u32,
    max_iterations: u32,
    offer_hash: Vec<u8>,
}

/// server-first-message (RFC 5802 §7).
struct ServerFirst<'a> {
    nonce: &'a str,
    salt: Vec<u8>,
    iterations: &'a str,
    offer_hash: Option<&'a str>,
}

impl Scram {
    /// The exchange and its client-first-message.
    pub(super) fn start(
        hash: Hash,
        username: &str,
        password: &Secret,
        policy: &Policy,
        offer: &Offer<'_>,
        nonce: &str,
    ) -> Result<(Self, Vec<u8>), SaslError> {
        if nonce.len() < SHORTEST_NONCE || !is_nonce(nonce) {
            return Err(SaslError::BadNonce);
        }
        let username = saslprep(username).map_err(SaslError::BadUsername)?;
        let password = saslprep(password.expose()).map_err(SaslError::BadPassword)?;
        let first_bare = format!("n={},r={nonce}", saslname(&username));
        let first = [GS2_HEADER, &first_bare].concat().into_bytes();
        let begun = Begun {
            first_bare,
            nonce: nonce.to_owned(),
            password: Secret::new(password.into_owned()),
            min_iterations: policy.min_iterations,
            max_iterations: policy.max_iterations,
            offer_hash: hash.digest(&downgrade::summary(offer)),
        };
        Ok((Self { hash, downgrade_checked: false, state: State::Begun(begun) }, first))
    }

    /// Answers server-first-message, or server-final-message where it comes as a challenge of its own (RFC 6120 §6.3.10
    /// leaves the server the choice).
    pub(super) fn handle_challenge(&mut self, challenge: &[u8]) -> Result<Vec<u8>, SaslError> {
        match mem::replace(&mut self.state, State::Over) {
            State::Begun(begun) => self.prove(&begun, challenge),
            State::Proving { server_key, auth_message, server_proved: false } => {
                self.check_server(server_key, auth_message, challenge).map(|()| Vec::new())
            }
            _ => Err(SaslError::OutOfOrder),
        }
    }

    /// Accepts success only when the server has proved itself, here or in the challenge before.
    pub(super) fn handle_success(&mut self, data: &[u8]) -> Result<(), SaslError> {
        match mem::replace(&mut self.state, State::Over) {
            State::Proving { server_proved: true, .. } if data.is_empty() => Ok(()),
            State::Proving { server_key, auth_message, .. } if !data.is_empty() => {
                self.check_server(server_key, auth_message, data)?;
                self.state = State::Over;
                Ok(())
            }
            State::Proving { .. } | State::Begun(_) => Err(SaslError::ServerUnproven),
            State::Over => Err(SaslError::OutOfOrder),
        }
    }

    /// Whether the server confirmed its offer (XEP-0474). Trust it after success only.
    pub(super) fn downgrade_checked(&self) -> bool {
        self.downgrade_checked
    }

    fn prove(&mut self, begun: &Begun, challenge: &[u8]) -> Result<Vec<u8>, SaslError> {
        let server_first = str::from_utf8(challenge).map_err(|_| SaslError::Malformed("encoding"))?;
        let parsed = ServerFirst::parse(server_first)?;
        if !parsed.nonce.strip_prefix(begun.nonce.as_str()).is_some_and(is_nonce) {
            return Err(SaslError::ForeignNonce);
        }
        if parsed.salt.is_empty() {
            return Err(SaslError::EmptySalt);
        }
        let iterations = begun.check_iterations(parsed.iterations)?;
        if let Some(offer_hash) = parsed.offer_hash {
            if base64::decode(offer_hash.as_bytes()).is_none_or(|hash| hash != begun.offer_hash) {
                return Err(SaslError::OfferTampered);
            }
            self.downgrade_checked = true;
        }

        let without_proof = format!("c={},r={}", base64::encode(GS2_HEADER.as_bytes()), parsed.nonce);
        let auth_message = [begun.first_bare.as_str(), server_first, &without_proof].join(",").into_bytes();
        let salted = salted_password(self.hash, &begun.password, &parsed.salt, iterations)?;
        let client_key = self.hash.hmac(&salted, b"Client Key")?;
        let stored_key = Zeroizing::new(self.hash.digest(&client_key));
        let client_signature = self.hash.hmac(&stored_key, &auth_message)?;
        let proof: Vec<u8> = client_key.iter().zip(client_signature.iter()).map(|(key, sig)| key ^ sig).collect();
        let server_key = self.hash.hmac(&salted, b"Server Key")?;

        self.state = State::Proving { server_key, auth_message, server_proved: false };
        Ok(format!("{without_proof},p={}", base64::encode(&proof)).into_bytes())
    }

    /// Reads server-final-message.
    fn check_server(
        &mut self,
        server_key: Zeroizing<Vec<u8>>,
        auth_message: Vec<u8>,
        message: &[u8],
    ) -> Result<(), SaslError> {
        let message = str::from_utf8(message).map_err(|_| SaslError::Malformed("encoding"))?;
        let mut attributes = message.split(',').map(attribute);
        match attributes.next().flatten() {
            Some(('e', name)) => return Err(SaslError::Rejected(Rejection::from_name(name))),
            Some(('v', signature)) => {
                let signature = base64::decode(signature.as_bytes()).ok_or(SaslError::Malformed("signature"))?;
                if !self.hash.verify_hmac(&server_key, &auth_message, &signature)? {
                    return Err(SaslError::ServerProofWrong);
                }
            }
            _ => return Err(SaslError::ServerUnproven),
        }
        if attributes.any(|extension| extension.is_none()) {
            return Err(SaslError::Malformed("extension"));
        }
        self.state = State::Proving { server_key, auth_message, server_proved: true };
        Ok(())
    }
}

impl Begun {
    /// A count without sign or leading zero, between the floor and the ceiling.
    fn check_iterations(&self, text: &str) -> Result<u32, SaslError> {
        if !text.bytes().all(|byte| byte.is_ascii_digit()) || text.is_empty() || text.starts_with('0') {
            return Err(SaslError::Malformed("iterations"));
        }
        let (least, most) = (self.min_iterations, self.max_iterations);
        match text.parse() {
            Ok(asked) if asked < least => Err(SaslError::TooFewIterations { asked, least }),
            Ok(asked) if asked <= most => Ok(asked),
            _ => Err(SaslError::TooManyIterations { most }),
        }
    }
}

impl<'a> ServerFirst<'a> {
    fn parse(message: &'a str) -> Result<Self, SaslError> {
        let mut attributes = message.split(',').map(attribute);
        let nonce = match attributes.next().flatten() {
            Some(('r', nonce)) => nonce,
            Some(('m', _)) => return Err(SaslError::MandatoryExtension),
            Some(('e', name)) => return Err(SaslError::Rejected(Rejection::from_name(name))),
            _ => return Err(SaslError::Malformed("nonce")),
        };
        let salt = match attributes.next().flatten() {
            Some(('s', salt)) => base64::decode(salt.as_bytes()).ok_or(SaslError::Malformed("salt"))?,
            _ => return Err(SaslError::Malformed("salt")),
        };
        let Some(('i', iterations)) = attributes.next().flatten() else {
            return Err(SaslError::Malformed("iterations"));
        };
        let mut offer_hash = None;
        for extension in attributes {
            match extension {
                Some(('m', _)) => return Err(SaslError::MandatoryExtension),
                Some(('h', hash)) if offer_hash.is_none() => offer_hash = Some(hash),
                // One of these twice could mean one thing to us and another to the server.
                None | Some(('r' | 's' | 'i' | 'h', _)) => return Err(SaslError::Malformed("extension")),
                Some(_) => {}
            }
        }
        Ok(Self { nonce, salt, iterations, offer_hash })
    }
}

/// The slow hash of the password: a function of its own, for the day its result is kept between log-ins.
fn salted_password(
    hash: Hash,
    password: &Secret,
    salt: &[u8],
    iterations: u32,
) -> Result<Zeroizing<Vec<u8>>, SaslError> {
    hash.pbkdf2(password.expose().as_bytes(), salt, iterations)
}

/// `attr-val` of RFC 5802 §7: a letter, `=`, and a value without NUL.
fn attribute(text: &str) -> Option<(char, &str)> {
    let (name, value) = text.split_once('=')?;
    let mut letters = name.chars();
    match (letters.next(), letters.next()) {
        (Some(name), None) if name.is_ascii_alphabetic() && !value.contains('\0') => Some((name, value)),
        _ => None,
    }
}

/// The name with the two characters escaped that separate attributes.
fn saslname(name: &str) -> String {
    name.replace('=', "=3D").replace(',', "=2C")
}

/// `printable` of RFC 5802 §7: visible ASCII without the comma, at least one.
fn is_nonce(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',')
}

/// "The client does not support channel binding", and no other identity to act as.
const GS2_HEADER: &str = "n,,";

/// 96 bits in base64. Shorter is a mistake of the caller's.
const SHORTEST_NONCE: usize = 16;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn separators_in_a_name_are_escaped() {
        assert_eq!(saslname("a=b,c=2C"), "a=3Db=2Cc=3D2C");
    }

    #[test]
    fn attributes_are_one_letter_each() {
        assert_eq!(attribute("r=a=b"), Some(('r', "a=b")));
        assert_eq!(attribute("x="), Some(('x', "")));
        for text in ["", "=", "r", "rr=1", "1=1", "é=1", "x=a\0b"] {
            assert_eq!(attribute(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn an_escaped_name_is_read_back(name: String) {
            let escaped = saslname(&name);
            prop_assert!(!escaped.contains(','));
            prop_assert!(escaped.split('=').skip(1).all(|rest| rest.starts_with("2C") || rest.starts_with("3D")));
            prop_assert_eq!(escaped.replace("=2C", ",").replace("=3D", "="), name);
        }
    }
}
