//! What another page needs to go on: after a reload, or after the browser threw the tab away.

use super::{Account, Acks, Outbox, Session};
use crate::{
    jid::FullJid,
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
    jid: FullJid,
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
        let mut saved = Element::new("session", ns::CACHE).with_attribute("jid", self.jid.as_ref()?.as_str());
        if let Some(bosh) = self.transport().and_then(Transport::bosh_session) {
            saved.push(bosh.encode());
        }
        if let Some(acks) = &self.acks {
            saved.push(acks.encode());
        }
        saved.push(self.outbox.encode());
        Some(saved)
    }

    pub(super) fn restore(&mut self, now: Instant, saved: Saved) {
        let Saved { jid, bosh, acks, outbox } = saved;
        // Should the stream be gone, the next one is to be found at the same address.
        self.account.resource = Some(jid.resource().to_owned());
        self.jid = Some(jid);
        self.acks = acks;
        self.outbox = outbox;
        self.restored = true;
        match bosh {
            Some(bosh) => self.attach(now, Bosh::resume(bosh), None),
            None => self.connect(now),
        }
    }
}

impl Saved {
    /// Reads what [`Session::save`] wrote; `None` if somebody else wrote it.
    pub fn decode(saved: &Element) -> Option<Self> {
        let child = |name| saved.children().find(|child| child.is(name, &ns::CACHE));
        Some(Self {
            jid: FullJid::new(saved.attribute("jid")?).ok()?,
            bosh: child("bosh").and_then(bosh::Session::decode),
            acks: child("acks").and_then(Acks::decode),
            outbox: child("outbox").and_then(Outbox::decode)?,
        })
    }

    /// Whose session it was.
    pub fn jid(&self) -> &FullJid {
        &self.jid
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

    fn belongs_to(&self, account: &Account) -> bool {
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
