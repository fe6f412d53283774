//! XEP-0199: XMPP Ping (version 2.0.1).

use crate::{
    stanza::{Iq, IqKind},
    xml::ns,
};

/// Whether `iq` asks if this client is still there.
pub fn is_ping(iq: &Iq) -> bool {
    iq.kind == IqKind::Get && iq.payload().is_some_and(|payload| payload.is("ping", &ns::PING))
}
