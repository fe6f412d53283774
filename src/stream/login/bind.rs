//! After authentication: the stream that broke is resumed, or a resource is bound (RFC 6120 §7, XEP-0198 §5).

use super::{Bound, Login, LoginError, State, Step, read_features};
use crate::{
    jid::FullJid,
    stanza::{Decode, Iq, Stanza},
    stream::{Features, Management},
    xml::{Element, ns},
};

impl Login {
    pub(super) fn resume_or_bind(&mut self, features: Features) -> Result<(), LoginError> {
        match self.resume.take_if(|_| features.management) {
            Some(resume) => {
                self.send(resume);
                self.state = State::Resuming(features);
                Ok(())
            }
            None => self.bind(features),
        }
    }

    pub(super) fn finish_resume(&mut self, features: Features, element: Element) -> Result<(), LoginError> {
        if element.is("resumed", &ns::SM) {
            self.steps.push_back(Step::Features(features));
            self.steps.push_back(Step::Resumed(element));
            return Ok(());
        }
        if element.is("failed", &ns::SM) {
            self.steps.push_back(Step::NotResumed(element));
            return self.bind(features);
        }
        Err(LoginError::PeerMisbehaved("no answer to the resumption"))
    }

    pub(super) fn bind(&mut self, features: Features) -> Result<(), LoginError> {
        if !features.bind {
            return Err(LoginError::PeerMisbehaved("no resource binding"));
        }
        let mut bind = Element::new("bind", ns::BIND);
        if let Some(resource) = &self.wishes.resource {
            bind.push(Element::new("resource", ns::BIND).with_text(resource.clone()));
        }
        self.send(Iq::set(&self.bind_id, bind));
        self.state = State::Binding(features);
        Ok(())
    }

    pub(super) fn finish_bind(&mut self, features: Features, element: Element) -> Result<(), LoginError> {
        let Some(iq) = answer(&element, &self.bind_id)? else {
            // SASL2 sends its features after the success, which may be after the request that they would announce.
            self.state = State::Binding(read_features(&element).unwrap_or(features));
            return Ok(());
        };
        let jid = iq.payload().and_then(|bind| bind.child("jid", &ns::BIND));
        let jid = jid.and_then(|jid| FullJid::new(jid.text().trim()).ok());
        let jid = jid.ok_or(LoginError::PeerMisbehaved("no address for the bound resource"))?;
        if features.session {
            self.send(Iq::set(&self.session_id, Element::new("session", ns::SESSION)));
            self.state = State::StartingSession(features, jid);
        } else {
            self.finish(features, jid, false);
        }
        Ok(())
    }

    pub(super) fn finish_session(
        &mut self,
        features: Features,
        jid: FullJid,
        element: Element,
    ) -> Result<(), LoginError> {
        match answer(&element, &self.session_id)? {
            Some(_) => self.finish(features, jid, false),
            None => self.state = State::StartingSession(features, jid),
        }
        Ok(())
    }

    /// Stream management is asked for without awaiting the answer: what follows counts either way.
    pub(super) fn finish(&mut self, features: Features, jid: FullJid, carbons: bool) {
        let management = (self.wishes.management && features.management).then(Management::default);
        if management.is_some() {
            self.send(Management::enable());
        }
        self.steps.push_back(Step::Bound(Box::new(Bound { jid, features, management, carbons })));
    }
}

/// The answer to the request `id`, if `element` is that. No stanza of anybody else can arrive before a resource is
/// bound, so only the id is compared.
fn answer(element: &Element, id: &str) -> Result<Option<Iq>, LoginError> {
    match Stanza::decode(element.clone()) {
        Decode::Ok(Stanza::Iq(iq)) if iq.id == id => match iq.error() {
            Some(error) => Err(LoginError::Bind(error)),
            None => Ok(Some(iq)),
        },
        _ => Ok(None),
    }
}
