//! A session as an element, for the cache.

use std::time::Duration;

use super::session::{Session, Terms, Unanswered, number};
use crate::xml::{Element, ns};

impl Session {
    /// The session for [`Self::decode`].
    pub fn encode(&self) -> Element {
        let mut session = Element::new("bosh", ns::CACHE)
            .with_attribute("url", self.url.clone())
            .with_attribute("to", self.to.clone())
            .with_attribute("sid", self.sid.clone())
            .with_attribute("rid", self.rid.to_string())
            .with_attribute("accepted", self.accepted.to_string())
            .with_child(self.terms.encode());
        for Unanswered { body, elements } in &self.unanswered {
            let request = Element::new("request", ns::CACHE).with_attribute("elements", elements.to_string());
            session.push(request.with_text(body.clone()));
        }
        for stanza in &self.queued {
            session.push(Element::new("queued", ns::CACHE).with_text(stanza.clone()));
        }
        session
    }

    /// Reads what [`Self::encode`] wrote; `None` if somebody else wrote it.
    pub fn decode(session: &Element) -> Option<Self> {
        if !session.is("bosh", &ns::CACHE) {
            return None;
        }
        let text = |name| session.attribute(name).map(str::to_owned);
        let children = |name: &'static str| session.children().filter(move |child| child.is(name, &ns::CACHE));
        let unanswered = children("request").map(|request| {
            Some(Unanswered { body: request.text().into_owned(), elements: read_number(request, "elements")? })
        });
        Some(Self {
            url: text("url")?,
            to: text("to")?,
            sid: text("sid")?,
            rid: read_number(session, "rid")?,
            terms: Terms::decode(children("terms").next()?)?,
            accepted: read_number(session, "accepted")?,
            unanswered: unanswered.collect::<Option<_>>()?,
            queued: children("queued").map(|queued| queued.text().into_owned()).collect(),
        })
    }
}

impl Terms {
    fn encode(&self) -> Element {
        let mut terms = Element::new("terms", ns::CACHE)
            .with_attribute("wait", self.wait.as_secs().to_string())
            .with_attribute("hold", self.hold.to_string())
            .with_attribute("requests", self.requests.to_string())
            .with_attribute("polling", self.polling.as_secs().to_string())
            .with_attribute("versioned", flag(self.versioned))
            .with_attribute("acks", flag(self.acks))
            .with_attribute("secure", flag(self.secure));
        for (name, duration) in [("inactivity", self.inactivity), ("maxpause", self.maxpause)] {
            if let Some(duration) = duration {
                terms.set_attribute(name, duration.as_secs().to_string());
            }
        }
        terms
    }

    fn decode(terms: &Element) -> Option<Self> {
        let seconds = |name| read_number(terms, name).map(Duration::from_secs);
        let flag = |name| terms.attribute(name) == Some("1");
        Some(Self {
            wait: seconds("wait")?,
            hold: usize::try_from(read_number(terms, "hold")?).ok()?,
            requests: usize::try_from(read_number(terms, "requests")?).ok()?,
            inactivity: seconds("inactivity"),
            polling: seconds("polling")?,
            maxpause: seconds("maxpause"),
            versioned: flag("versioned"),
            acks: flag("acks"),
            secure: flag("secure"),
        })
    }
}

fn flag(value: bool) -> &'static str {
    if value { "1" } else { "0" }
}

fn read_number(element: &Element, name: &str) -> Option<u64> {
    element.attribute(name).and_then(number)
}
