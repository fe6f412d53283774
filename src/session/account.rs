//! What it takes to log in, again and again.

use std::time::Duration;

use super::Memory;
use crate::{
    jid::{BareJid, FullJid},
    stream::{
        Endpoint, Wishes,
        sasl::{Credentials, Policy, Secret},
    },
};

/// Who logs in, where, and how.
#[derive(Clone, Debug)]
pub struct Account {
    pub endpoint: Endpoint,
    /// The address, unless the server is to make one up.
    pub jid: Option<BareJid>,
    /// The domain to talk to.
    pub domain: String,
    /// The resource to ask for; without one the server chooses.
    pub resource: Option<String>,
    /// What to prove it with. Without it, only a token or a session of an earlier page leads in.
    pub credentials: Option<Credentials>,
    /// A BOSH session that another program has begun, to be taken up.
    pub prebound: Option<Prebound>,
    /// Where nothing else leads in, another program is to be asked for a session.
    pub prebinds: bool,
    pub policy: Policy,
    /// A token for the next log-in may be asked for and kept (XEP-0484).
    pub wants_token: bool,
    /// A lost connection is made again.
    pub reconnect: bool,
    /// Copies of the messages of the account's other clients are wanted (XEP-0280).
    pub carbons: bool,
    /// How long the server may be silent before it is asked whether it is there.
    pub ping_interval: Option<Duration>,
}

/// A BOSH session that another program has begun for this client (XEP-0124 §14.1).
#[derive(Clone, Debug)]
pub struct Prebound {
    pub jid: FullJid,
    pub sid: Secret,
    /// The first request id that the other program did not use.
    pub rid: u64,
}

impl Account {
    /// What a log-in is to bring, given what is remembered of those before.
    pub(super) fn wishes(&self, memory: &Memory) -> Wishes {
        Wishes {
            credentials: self.credentials.clone(),
            username: self.jid.as_ref().and_then(|jid| jid.local().map(str::to_owned)),
            policy: Policy { pinned: memory.pinned.or(self.policy.pinned), ..self.policy.clone() },
            resource: self.resource.clone(),
            management: matches!(self.endpoint, Endpoint::WebSocket(_)),
            carbons: self.carbons,
            client_id: memory.client_id.clone(),
            token: memory.token.clone(),
            wants_token: self.wants_token,
        }
    }
}
