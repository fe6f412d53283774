//! The user's own presence: what they chose, told to others when it changes (RFC 6121 §4).

use crate::{
    feature::{Context, Event, Synchronize},
    stanza::{Presence, PresenceType},
    store::OwnStatus,
    xml::{Element, ns},
};

/// Says how the user can be reached (RFC 6121 §§4.2, 4.4).
pub fn send_own(context: &mut Context<'_>) {
    let mut presence = own(context);
    if presence.attribute("type").is_none() {
        context.add_caps(&mut presence);
    }
    context.send(presence);
}

/// Says that this client can do something else than it said last, if so.
pub fn send_news(context: &mut Context<'_>) {
    if context.has_news_of_itself() && !matches!(context.store.status.show, "unavailable" | "offline") {
        send_own(context);
    }
}

/// Changes how the user can be reached, and what they say about it if `message` says something.
pub fn set_status(context: &mut Context<'_>, show: &'static str, message: Option<&str>) {
    let said = context.store.status.message.clone();
    let message = message.map_or(said, |message| Some(message.to_owned()).filter(|message| !message.is_empty()));
    if replace(context, OwnStatus { show, message }) {
        send_own(context);
    }
}

/// Takes over the status that the user has chosen at another client.
pub(super) fn follow(context: &mut Context<'_>, presence: &Presence, resource: Option<&str>) {
    let other = resource.is_some_and(|resource| resource != context.me.resource());
    let followed = match &context.options.synchronize_availability {
        Synchronize::Nobody => false,
        Synchronize::All => true,
        Synchronize::Resource(name) => resource == Some(name.as_str()),
    };
    if !other || !followed || presence.kind != PresenceType::Available {
        return;
    }
    // Told to nobody: what the other client said, everybody has heard.
    replace(context, OwnStatus { show: presence.show(), message: presence.status() });
}

/// The own presence as it is to be told.
fn own(context: &Context<'_>) -> Element {
    let status = &context.store.status;
    let mut presence = Element::new("presence", ns::CLIENT);
    match status.show {
        "unavailable" | "offline" => presence.set_attribute("type", "unavailable"),
        "online" => {}
        show => presence.push(Element::new("show", ns::CLIENT).with_text(show)),
    }
    if let Some(message) = &status.message {
        presence.push(Element::new("status", ns::CLIENT).with_text(message.as_str()));
    }
    if context.options.priority != 0 {
        presence.push(Element::new("priority", ns::CLIENT).with_text(context.options.priority.to_string()));
    }
    presence
}

/// Takes `status` in the place of the one there is. Whether it is another.
fn replace(context: &mut Context<'_>, status: OwnStatus) -> bool {
    let (show, message) = (context.store.status.show, context.store.status.message.clone());
    let change = context.store.status.replace(status);
    let changed = change.is_some();
    context.tell(change);
    if context.store.status.show != show {
        context.emit(Event::OwnStatus);
    }
    if context.store.status.message != message {
        context.emit(Event::OwnStatusMessage);
    }
    changed
}
