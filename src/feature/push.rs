//! Push notifications (XEP-0357): which services the account's server is to tell of what arrives, and if the page wants
//! that, those with the rooms that the user enters.

use super::{Context, PushServer, Then};
use crate::{
    jid::BareJid,
    session::Arrival,
    stanza::{
        Iq,
        payload::push::{disable, enable},
    },
    xml::ns,
};

/// Has the account's server told, once it is known whether it can do that.
pub fn handle_online(context: &mut Context<'_>, arrival: Arrival) {
    if matches!(arrival, Arrival::New | Arrival::Reconnected) {
        context.state.pushing.clear();
        let own = context.account().clone();
        ask(context, own);
    }
}

/// The same with the service of a room that the user has entered, if the settings say so; once for all of its rooms.
pub fn handle_room(context: &mut Context<'_>, room: &BareJid) {
    if let (true, Ok(service)) = (context.options.enable_muc_push, BareJid::new(room.domain())) {
        ask(context, service);
    }
}

/// Goes on when it is known what `at` can do.
pub fn handle_known(context: &mut Context<'_>, at: &BareJid) {
    let known = context.store.disco.get(at.as_str());
    if !known.is_some_and(|entity| entity.profile.has(ns::PUSH.as_str())) {
        return;
    }
    let remote = at != context.account();
    for PushServer { jid, node, secret, disabled } in context.options.push_app_servers.clone() {
        let payload = match (disabled, node.as_deref()) {
            (true, node) => disable(jid.as_str(), node),
            (false, Some(node)) => enable(jid.as_str(), node, secret.as_deref()),
            // There is nowhere to tell it.
            (false, None) => continue,
        };
        let mut iq = Iq::set(&context.dice.id(), payload);
        if remote {
            iq.set_attribute("to", at.as_str());
        }
        context.request(iq, Then::Nothing);
    }
}

fn ask(context: &mut Context<'_>, at: BareJid) {
    let wanted = context.options.discovery && !context.options.push_app_servers.is_empty();
    if wanted && !context.state.pushing.contains(&at) {
        context.state.pushing.push(at.clone());
        context.discover(&at.clone().into(), false, Then::Push(at));
    }
}
