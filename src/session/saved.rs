//! What another page needs to go on: after a reload, or after the browser threw the tab away.

use super::{Account, Acks, Delivery, Outbox, Session, State};
use crate::{
    jid::Jid,
    stream::{
        Endpoint, Transport,
        bosh::{self, Bosh},
    },
    time::Instant,
    xml::{Element, ns},
};

/// A session as an earlier page left it.
#[derive(Clone, Debug)]
pub struct Saved {
    /// The address; without a resource if the first log-in was under way.
    jid: Jid,
    /// The id of the client whose session it is, see [`super::Memory`].
    client_id: String,
    /// The server has client state indication, and was told something.
    client_state: bool,
    bosh: Option<bosh::Session>,
    acks: Option<Acks>,
    outbox: Outbox,
}

impl<T> Session<T> {
    /// What another page needs to go on, for [`Saved::decode`]. `None` if there is nothing to go on with.
    pub fn save(&self) -> Option<Element> {
        if self.is_over() {
            return None;
        }
        let jid = match &self.jid {
            Some(jid) => jid.as_str(),
            None if self.outbox.is_empty() => return None,
            None => self.account.jid.as_ref()?.as_str(),
        };
        let mut saved = Element::new("session", ns::CACHE).with_attribute("jid", jid);
        saved.set_attribute("client", self.memory.client_id.clone());
        if self.features.client_state {
            saved.set_attribute("csi", "true");
        }
        // While the log-in is under way, there is a BOSH session, but nobody's.
        let logged_in = matches!(self.state, State::Online { .. } | State::Attaching { .. });
        if let Some(bosh) = self.transport().filter(|_| logged_in).and_then(Transport::bosh_session) {
            saved.push(bosh.encode());
        }
        if let Some(acks) = &self.acks {
            saved.push(acks.encode());
        }
        saved.push(self.outbox.encode());
        Some(saved)
    }

    pub(super) fn restore(&mut self, now: Instant, saved: Saved) {
        let Saved { jid, client_id, client_state, bosh, acks, outbox } = saved;
        if let Jid::Full(jid) = jid {
            // Should the stream be gone, the next one is to be found at the same address.
            self.account.resource = Some(jid.resource().to_owned());
            self.jid = Some(jid);
            self.restored = true;
        }
        self.memory.client_id = client_id;
        self.features.client_state = client_state;
        self.acks = acks;
        self.outbox = outbox;
        if let Some(bosh) = bosh {
            return self.attach(now, Bosh::resume(bosh), None);
        }
        if !self.is_resumable() {
            self.give_up_stream();
        }
        self.connect(now);
    }
}

impl Saved {
    /// Reads what [`Session::save`] wrote; `None` if somebody else wrote it.
    pub fn decode(saved: &Element) -> Option<Self> {
        let child = |name| saved.children().find(|child| child.is(name, &ns::CACHE));
        let jid = Jid::new(saved.attribute("jid")?).ok()?;
        // Without a resource nobody was logged in.
        let logged_in = !jid.is_bare();
        Some(Self {
            jid,
            client_id: saved.attribute("client")?.to_owned(),
            client_state: saved.attribute("csi").is_some(),
            bosh: child("bosh").filter(|_| logged_in).and_then(bosh::Session::decode),
            acks: child("acks").and_then(Acks::decode),
            outbox: child("outbox").and_then(Outbox::decode)?,
        })
    }

    /// Whose session it was.
    pub fn jid(&self) -> &Jid {
        &self.jid
    }

    /// The id of the client whose session it was.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Whether `account` can take it up without a password.
    pub fn is_self_sufficient(&self, account: &Account) -> bool {
        self.belongs_to(account) && self.is_at(account)
    }

    /// What of it is of use to `account`; `None` if it was somebody else's.
    pub fn fit_for(mut self, account: &Account) -> Option<Self> {
        if !self.is_at(account) {
            self.bosh = None;
        }
        self.belongs_to(account).then_some(self)
    }

    /// What becomes of its stanzas, by id, if nobody takes it up.
    pub fn into_lost(self) -> impl Iterator<Item = (String, Delivery)> {
        let unacked = self.acks.map_or_else(Vec::new, Acks::into_unacked).into_iter();
        let waiting = self.outbox.into_waiting().into_iter().map(|sent| (sent, Delivery::NotSent));
        let all = unacked.map(|sent| (sent, Delivery::InDoubt)).chain(waiting);
        all.filter_map(|(sent, delivery)| Some((sent.stanza.attribute("id")?.to_owned(), delivery)))
    }

    /// Whether it is `account`'s.
    pub fn belongs_to(&self, account: &Account) -> bool {
        match &account.jid {
            Some(jid) => jid == self.jid.bare(),
            None => account.domain == self.jid.bare().domain(),
        }
    }

    /// Whether there is a BOSH session, and `account` is to connect there.
    fn is_at(&self, account: &Account) -> bool {
        let url = self.bosh.as_ref().map(|bosh| &bosh.url);
        matches!(&account.endpoint, Endpoint::Bosh(here) if Some(here) == url)
    }
}
