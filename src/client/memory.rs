//! What the client knows before it logs in: the session that an earlier page left, and what is remembered of the account.

use super::Client;
use crate::{
    jid::BareJid,
    session::{Account, Memory, Saved},
};

impl Client {
    /// Leaves what an earlier page left to another one, which goes on with it already. What is remembered of the account
    /// stays, but neither the id of the client nor the token, which only one client may use.
    pub fn leave_to_other(&mut self) {
        self.cache.touch();
        self.saved = None;
        if let Some((_, memory)) = &mut self.memory {
            *memory = Memory { pinned: memory.pinned, ..Memory::new(&self.dice) };
        }
    }

    /// What tells this client from others of the account: no two pages may go on with the session or the token of one.
    /// `None` if there is nothing of the kind.
    pub fn id(&self) -> Option<&str> {
        let session = self.session.as_ref().filter(|session| !session.is_over());
        let running = session.map(|session| session.memory().client_id.as_str());
        let saved = self.saved.as_ref().map(Saved::client_id);
        running.or(saved).or(self.memory.as_ref().map(|(_, memory)| memory.client_id.as_str()))
    }

    /// Whether there is something that leads `account` in without a password: a token, or a session of an earlier page.
    pub fn can_go_on(&self, account: &Account) -> bool {
        let saved = self.saved.as_ref().is_some_and(|saved| saved.is_self_sufficient(account));
        saved || self.memory_of(account).is_some_and(|memory| memory.token.is_some())
    }

    /// Whether there may be anything of the kind.
    pub fn remembers(&self) -> bool {
        self.saved.is_some() || self.memory.as_ref().is_some_and(|(_, memory)| memory.token.is_some())
    }

    /// The account whose session an earlier page left.
    pub fn saved_account(&self) -> Option<&BareJid> {
        self.saved.as_ref().map(|saved| saved.jid().bare())
    }

    /// Whether that page had been online.
    pub fn has_saved_session(&self) -> bool {
        self.saved.as_ref().is_some_and(|saved| !saved.jid().is_bare())
    }

    /// Keeps what the session has learnt of its account. A token is for going on, and of no use once that is over; what
    /// the server is not to be sent stays true.
    pub(super) fn remember(&mut self, with_token: bool) {
        if let Some(session) = &self.session {
            let mut memory = session.memory().clone();
            memory.token = memory.token.filter(|_| with_token);
            self.memory = session.account().jid.clone().map(|jid| (jid, memory));
        }
    }

    /// Forgets what an earlier page left, and says what becomes of its stanzas.
    pub(super) fn drop_saved(&mut self) {
        for (id, delivery) in self.saved.take().into_iter().flat_map(Saved::into_lost) {
            self.settle(id, delivery);
        }
    }

    pub(super) fn memory_of(&self, account: &Account) -> Option<&Memory> {
        let (known, memory) = self.memory.as_ref()?;
        (Some(known) == account.jid.as_ref()).then_some(memory)
    }
}
