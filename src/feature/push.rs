//! Push notifications (XEP-0357): which services the account's server is to tell of what arrives.

use super::{Context, PushServer, Then};
use crate::{
    session::Arrival,
    stanza::{
        Iq,
        payload::push::{disable, enable},
    },
    xml::ns,
};

/// Has the server told, once it is known whether it can do that.
pub fn handle_online(context: &mut Context<'_>, arrival: Arrival) {
    let new = matches!(arrival, Arrival::New | Arrival::Reconnected);
    if new && context.options.discovery && !context.options.push_app_servers.is_empty() {
        let own = context.account().clone();
        context.discover(&own.into(), false, Then::Push);
    }
}

/// Goes on when it is known what the account can do.
pub fn handle_known(context: &mut Context<'_>) {
    let own = context.store.disco.get(context.account().as_str());
    if !own.is_some_and(|entity| entity.profile.has(ns::PUSH.as_str())) {
        return;
    }
    for PushServer { jid, node, secret, disabled } in context.options.push_app_servers.clone() {
        let payload = match (disabled, node.as_deref()) {
            (true, node) => disable(jid.as_str(), node),
            (false, Some(node)) => enable(jid.as_str(), node, secret.as_deref()),
            // There is nowhere to tell it.
            (false, None) => continue,
        };
        let iq = Iq::set(&context.dice.id(), payload);
        context.request(iq, Then::Nothing);
    }
}
