//! The user's own presence: what they chose, told to others when it changes (RFC 6121 §4).

use crate::{
    feature::{Context, Event, Step, Synchronize},
    stanza::{Presence, PresenceType},
    store::{Attributes, OwnStatus, Value},
    xml::{Element, ns},
};

/// Says how the user can be reached (RFC 6121 §§4.2, 4.4).
pub fn send_own(context: &mut Context<'_>) {
    tell(context, false);
}

fn tell(context: &mut Context<'_>, changed: bool) {
    if context.state.replaced.has(Step::OwnPresence) {
        context.emit(Event::OwnPresence { changed });
    } else {
        let presence = context.own_presence(None, None);
        context.send(presence);
    }
    context.note_caps();
    context.state.rooms_untold = true;
}

/// Says that this client can do something else than it said last, if so.
pub fn send_news(context: &mut Context<'_>) {
    if context.has_news_of_itself() && context.can_be_reached() {
        send_own(context);
    }
}

/// Changes how the user can be reached, and what they say about it if `message` says something.
pub fn set_status(context: &mut Context<'_>, show: &'static str, message: Option<&str>) {
    let said = context.store.status.message.clone();
    let message = message.map_or(said, |message| Some(message.to_owned()).filter(|message| !message.is_empty()));
    if replace(context, OwnStatus { show, message }) {
        tell(context, true);
    }
}

/// Changes what the user says about it; an empty text is nothing.
pub fn set_message(context: &mut Context<'_>, message: &str) {
    let show = context.store.status.show;
    set_status(context, show, Some(message));
}

/// Does what writing these attributes of the own status means. A value that no status has changes nothing.
pub fn write_own(context: &mut Context<'_>, attributes: &Attributes) {
    let status = &context.store.status;
    let show = attributes.get("status").and_then(Value::as_str).and_then(OwnStatus::show_of).unwrap_or(status.show);
    let message = attributes.get("status_message").map(|message| message.as_str().unwrap_or_default());
    set_status(context, show, message);
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
    // What the other client said, everybody has heard, but for the rooms in which only this one is.
    context.state.rooms_untold |= replace(context, OwnStatus { show: presence.show(), message: presence.status() });
}

impl Context<'_> {
    /// The own presence as it is to be told; `show` and `message` go before what the user chose.
    pub fn own_presence(&self, show: Option<&str>, message: Option<&str>) -> Element {
        let status = &self.store.status;
        let mut presence = Element::new("presence", ns::CLIENT);
        match show.unwrap_or(status.show) {
            "unavailable" | "offline" => presence.set_attribute("type", "unavailable"),
            "online" => {}
            show => presence.push(Element::new("show", ns::CLIENT).with_text(show)),
        }
        if let Some(message) = message.or(status.message.as_deref()).filter(|message| !message.is_empty()) {
            presence.push(Element::new("status", ns::CLIENT).with_text(message));
        }
        if self.options.priority != 0 {
            presence.push(Element::new("priority", ns::CLIENT).with_text(self.options.priority.to_string()));
        }
        if let Some(since) = self.activity.idle_since() {
            let since = self.time_of(since).to_text();
            presence.push(Element::new("idle", ns::IDLE).with_attribute("since", since));
        }
        if presence.attribute("type").is_none() {
            self.caps().into_iter().for_each(|caps| presence.push(caps));
        }
        presence
    }

    /// Whether others see this client.
    pub(in crate::feature) fn can_be_reached(&self) -> bool {
        !matches!(self.store.status.show, "unavailable" | "offline")
    }
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
