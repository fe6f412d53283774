//! What is remembered of an account between log-ins.

use crate::{
    random::Dice,
    stream::{Token, sasl::Mechanism},
    time::Timestamp,
    xml::{Element, ns},
};

/// What is remembered of an account between log-ins, for as long as the tab is open.
#[derive(Clone, Debug)]
pub struct Memory {
    /// What tells this tab from the account's other clients (XEP-0388 §2.6): a token is good for one of them.
    pub client_id: String,
    /// How the server let the user in: it is not sent anything weaker later.
    pub pinned: Option<Mechanism>,
    /// The token for the next log-in.
    pub token: Option<Token>,
}

impl Memory {
    /// Nothing is remembered yet.
    pub fn new(dice: &Dice) -> Self {
        Self { client_id: dice.uuid(), pinned: None, token: None }
    }

    /// Forgets a token that the server would not take any more.
    pub fn drop_expired(&mut self, now: Timestamp) {
        self.token.take_if(|token| token.is_expired(now));
    }

    /// The memory for [`Self::decode`].
    pub fn encode(&self) -> Element {
        let mut memory = Element::new("memory", ns::CACHE).with_attribute("client", self.client_id.clone());
        if let Some(pinned) = self.pinned {
            memory.set_attribute("pinned", pinned.name());
        }
        if let Some(token) = &self.token {
            memory.push(token.save());
        }
        memory
    }

    /// Reads what [`Self::encode`] wrote; `None` if somebody else wrote it.
    pub fn decode(memory: &Element) -> Option<Self> {
        if !memory.is("memory", &ns::CACHE) {
            return None;
        }
        Some(Self {
            client_id: memory.attribute("client")?.to_owned(),
            pinned: memory.attribute("pinned").and_then(Mechanism::from_name),
            token: memory.children().find_map(Token::restore),
        })
    }
}
