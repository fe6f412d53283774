//! XEP-0388: Extensible SASL Profile (version 1.0.2), with XEP-0386: Bind 2 (version 1.1.0) and the token of XEP-0484:
//! authentication, and all that used to follow it, in one exchange.

use super::{Bound, Login, LoginError, State, Step, Token, classic::decode};
use crate::{
    jid::FullJid,
    stream::{
        Features, Management,
        features::{Bind2, Sasl2},
        sasl::{self, Credentials, Exchange, Mechanism, Offer, base64},
    },
    xml::{Element, Namespace, ns},
};

/// What people see of this client in a list of their sessions.
const SOFTWARE: &str = "converse-wasm";

impl Login {
    pub(super) fn authenticate_inline(&mut self, features: Features) -> Result<(), LoginError> {
        let sasl2 = features.sasl2.clone().unwrap_or_default();
        let token = self.wishes.token.clone().filter(|_| offers_tokens(&sasl2) && self.wishes.username.is_some());
        let by_token = token.is_some();
        let fast = token.as_ref().and_then(|token| self.token_credentials(token));
        let names: Vec<&str> =
            if by_token { &sasl2.fast } else { &sasl2.mechanisms }.iter().map(String::as_str).collect();
        let bindings = features.channel_bindings.as_ref().map(|b| b.iter().map(String::as_str).collect::<Vec<_>>());
        let offer = Offer { mechanisms: &names, channel_bindings: bindings.as_deref() };
        let credentials = fast.as_ref().or(self.wishes.credentials.as_ref()).ok_or(LoginError::NoCredentials)?;
        let policy = &self.wishes.policy;
        let mechanism = match sasl::choose(&offer, credentials, policy) {
            Ok(mechanism) => mechanism,
            // A token is no way over this channel, or for this account: the password may be.
            Err(_) if by_token => return self.retry_without_token(features),
            Err(error) => return Err(error.into()),
        };
        let (exchange, initial) = Exchange::start(mechanism, credentials, policy, &offer, &self.nonce)?;

        let mut authenticate = Element::new("authenticate", ns::SASL2)
            .with_attribute("mechanism", mechanism.name())
            .with_child(Element::new("initial-response", ns::SASL2).with_text(base64::encode(&initial)))
            .with_child(self.user_agent());
        // It stays, should the token be refused and all this be said again with the password.
        if let Some(resume) = self.resume.clone().filter(|_| sasl2.resume) {
            authenticate.push(resume);
        }
        if let Some(bind) = &sasl2.bind {
            authenticate.push(self.bind2(bind));
        }
        if let Some(token) = &token {
            authenticate.push(Element::new("fast", ns::FAST).with_attribute("count", token.count.to_string()));
        } else if self.wishes.wants_token && offers_tokens(&sasl2) {
            let wanted = Element::new("request-token", ns::FAST);
            authenticate.push(wanted.with_attribute("mechanism", Mechanism::HtSha256None.name()));
        }
        self.steps.push_back(Step::Authenticating);
        self.send(authenticate);
        self.state = State::Inline { exchange, features, by_token };
        Ok(())
    }

    pub(super) fn continue_inline(
        &mut self,
        mut exchange: Exchange,
        features: Features,
        by_token: bool,
        element: &Element,
    ) -> Result<(), LoginError> {
        if *element.namespace() != ns::SASL2 {
            return Err(LoginError::PeerMisbehaved("an element that is not SASL2 during authentication"));
        }
        match element.name() {
            "challenge" => {
                let response = exchange.handle_challenge(&decode(element)?.unwrap_or_default())?;
                self.send(Element::new("response", ns::SASL2).with_text(base64::encode(&response)));
                self.state = State::Inline { exchange, features, by_token };
                Ok(())
            }
            "success" => self.finish_inline(exchange, features, element),
            "failure" if by_token => {
                self.token_refused = true;
                self.retry_without_token(features)
            }
            "failure" => Err(LoginError::refused(element)),
            "continue" => {
                Err(LoginError::PeerMisbehaved("a further task after authentication, which is not known here"))
            }
            _ => Err(LoginError::PeerMisbehaved("an unknown SASL2 element")),
        }
    }

    fn finish_inline(
        &mut self,
        mut exchange: Exchange,
        features: Features,
        success: &Element,
    ) -> Result<(), LoginError> {
        let additional = success.child("additional-data", &ns::SASL2).map(decode).transpose()?.flatten();
        let outcome = exchange.handle_success(additional.as_deref())?;
        self.steps.push_back(Step::Authenticated(outcome.mechanism));
        let wants_token = self.wishes.wants_token || self.wishes.token.is_some();
        if let Some(token) = success.children().find_map(Token::decode).filter(|_| wants_token) {
            self.steps.push_back(Step::Token(Some(token)));
        }
        let child = |name, namespace: Namespace| success.children().find(|child| child.is(name, &namespace)).cloned();
        if let Some(resumed) = child("resumed", ns::SM) {
            self.steps.push_back(Step::Resumed(resumed));
            return Ok(());
        }
        if let Some(failed) = child("failed", ns::SM) {
            self.resume = None;
            self.steps.push_back(Step::NotResumed(failed));
        }
        match child("bound", ns::BIND2) {
            Some(bound) => self.finish_bind2(features, success, &bound),
            None => {
                // The server bound nothing: its features follow, and the old way of binding.
                self.state = State::Authenticated;
                Ok(())
            }
        }
    }

    fn finish_bind2(&mut self, features: Features, success: &Element, bound: &Element) -> Result<(), LoginError> {
        let identifier = success.child("authorization-identifier", &ns::SASL2);
        let jid = identifier.and_then(|jid| FullJid::new(jid.text().trim()).ok());
        let jid = jid.ok_or(LoginError::PeerMisbehaved("no address for the bound resource"))?;
        let carbons = features.sasl2.as_ref().and_then(|sasl2| sasl2.bind.as_ref()).is_some_and(|bind| bind.carbons);
        let carbons = carbons && self.wishes.carbons;
        match bound.child("enabled", &ns::SM) {
            Some(enabled) => {
                let mut management = Management::default();
                management.handle_enabled(enabled);
                let management = Some(management);
                self.steps.push_back(Step::Bound(Box::new(Bound { jid, features, management, carbons })));
            }
            // The features that follow at once may offer the old way of switching it on.
            None => self.state = State::Bound { jid, carbons },
        }
        Ok(())
    }

    fn retry_without_token(&mut self, features: Features) -> Result<(), LoginError> {
        self.wishes.token = None;
        self.steps.push_back(Step::Token(None));
        self.authenticate_inline(features)
    }

    fn token_credentials(&self, token: &Token) -> Option<Credentials> {
        Some(Credentials::Fast { username: self.wishes.username.clone()?, token: token.secret.clone() })
    }

    fn user_agent(&self) -> Element {
        Element::new("user-agent", ns::SASL2)
            .with_attribute("id", self.wishes.client_id.clone())
            .with_child(Element::new("software", ns::SASL2).with_text(SOFTWARE))
    }

    fn bind2(&self, offered: &Bind2) -> Element {
        let mut bind = Element::new("bind", ns::BIND2);
        bind.push(Element::new("tag", ns::BIND2).with_text(SOFTWARE));
        if offered.carbons && self.wishes.carbons {
            bind.push(Element::new("enable", ns::CARBONS));
        }
        if offered.management && self.wishes.management {
            bind.push(Management::enable());
        }
        bind
    }
}

/// Whether the server takes tokens by the mechanism known here.
fn offers_tokens(sasl2: &Sasl2) -> bool {
    sasl2.fast.iter().any(|name| name == Mechanism::HtSha256None.name())
}
