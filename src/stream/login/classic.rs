//! RFC 6120 §6: SASL, before a restart of the stream.

use super::{Login, LoginError, State, Step};
use crate::{
    stream::{
        Features,
        sasl::{self, Exchange, Offer, SaslError, base64},
    },
    xml::{Element, ns},
};

impl Login {
    pub(super) fn authenticate_classic(&mut self, features: &Features) -> Result<(), LoginError> {
        if features.mechanisms.is_empty() {
            return Err(match features.starttls {
                true => LoginError::EncryptionRequired,
                false => LoginError::Sasl(SaslError::NoCommonMechanism),
            });
        }
        let names: Vec<&str> = features.mechanisms.iter().map(String::as_str).collect();
        let bindings = features.channel_bindings.as_ref().map(|b| b.iter().map(String::as_str).collect::<Vec<_>>());
        let offer = Offer { mechanisms: &names, channel_bindings: bindings.as_deref() };
        let credentials = self.wishes.credentials.as_ref().ok_or(LoginError::NoCredentials)?;
        let policy = &self.wishes.policy;
        let mechanism = sasl::choose(&offer, credentials, policy)?;
        let (exchange, initial) = Exchange::start(mechanism, credentials, policy, &offer, &self.nonce)?;
        self.steps.push_back(Step::Authenticating);
        let auth = Element::new("auth", ns::SASL).with_attribute("mechanism", mechanism.name());
        // RFC 6120 §6.4.2: an initial response of no bytes is `=`, which is not the same as none.
        let initial = if initial.is_empty() { "=".to_owned() } else { base64::encode(&initial) };
        self.send(auth.with_text(initial));
        self.state = State::Classic(exchange);
        Ok(())
    }

    pub(super) fn continue_classic(&mut self, mut exchange: Exchange, element: &Element) -> Result<(), LoginError> {
        if *element.namespace() != ns::SASL {
            return Err(LoginError::PeerMisbehaved("an element that is not SASL during authentication"));
        }
        match element.name() {
            "challenge" => {
                let response = exchange.handle_challenge(&decode(element)?.unwrap_or_default())?;
                self.send(Element::new("response", ns::SASL).with_text(base64::encode(&response)));
                self.state = State::Classic(exchange);
                Ok(())
            }
            "success" => {
                let outcome = exchange.handle_success(decode(element)?.as_deref())?;
                self.steps.push_back(Step::Authenticated(outcome.mechanism));
                self.steps.push_back(Step::Restart);
                self.state = State::Authenticated;
                Ok(())
            }
            "failure" => Err(LoginError::refused(element)),
            _ => Err(LoginError::PeerMisbehaved("an unknown SASL element")),
        }
    }
}

/// The bytes in `element`: none, or some, which may be no bytes at all.
pub(super) fn decode(element: &Element) -> Result<Option<Vec<u8>>, LoginError> {
    match element.text().trim() {
        "" => Ok(None),
        "=" => Ok(Some(Vec::new())),
        text => match base64::decode(text.as_bytes()) {
            Some(bytes) => Ok(Some(bytes)),
            None => Err(LoginError::PeerMisbehaved("SASL data that is not base64")),
        },
    }
}
