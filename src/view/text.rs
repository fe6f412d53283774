//! What a message says, as an element draws it: blocks of spans, and what may be shown in place of links.

use std::rc::Rc;

use crate::{
    jid::BareJid,
    store::{Attributes, Message, Store, Value},
    text::{Block, Kind, Media, Mention, Options, Span, is_emoji_only, is_link, media_of, read},
};

/// The most emoji that are shown larger when a message has nothing else.
const MAX_LARGE: usize = 6;
/// The most pictures of one message.
const MAX_MEDIA: usize = 10;

/// Adds what `message` says, which is one of the conversation `with`; all of it if `whole`, else as much as is shown at once.
pub(super) fn add(attributes: Attributes, store: &Store, with: &str, message: &Message, whole: bool) -> Attributes {
    let url = message.rare.oob_url.as_deref().filter(|url| is_link(url));
    // A message may have nothing but an address.
    let body = message.body.as_deref().or(url).unwrap_or_default();
    let mentions: Vec<Mention<'_>> = message
        .rare
        .references
        .iter()
        .filter(|reference| reference.kind == "mention")
        .filter_map(|one| Some(Mention { begin: one.begin?, end: one.end?, uri: &one.uri }))
        .collect();
    let room = if message.kind == "groupchat" { BareJid::new(with).ok() } else { None };
    let room = room.and_then(|jid| store.rooms.get(&jid));
    let nick = room.and_then(|room| room.nick.as_deref());
    let place = room.zip(nick).map(|(room, nick)| room.address_of(nick));
    let account = store.account.as_ref().map(BareJid::as_str);
    let addresses: Vec<&str> = account.into_iter().chain(place.as_deref()).collect();
    // Nobody mentions themselves.
    let nick = nick.filter(|_| !message.mine);
    let text = read(body, &mentions, &Options { styling: !message.unstyled, nick, addresses: &addresses, whole });
    // Between two, everything is meant for the other.
    let means_user = room.is_some() && !message.mine && text.blocks.iter().any(means_user);
    let media = media(&text.blocks, url);
    // The picture is shown in the place of its address.
    let is_media_alone = matches!(media.as_slice(), [(href, _)] if *href == body.trim());
    let other_url = url.filter(|url| !body.contains(url));
    attributes
        .with("action", text.action)
        .with("cut", text.cut)
        .with("means_user", means_user)
        .with("large", is_emoji_only(body, MAX_LARGE))
        .with("blocks", Value::List(if is_media_alone { Vec::new() } else { text.blocks.iter().map(block).collect() }))
        .with("media", Value::List(media.into_iter().map(medium).collect()))
        .with("known", is_known(store, message))
        .with("url", other_url)
}

fn means_user(block: &Block<'_>) -> bool {
    block.spans.iter().any(|span| matches!(span.kind, Kind::Mention { own: true, .. }))
}

/// Whether the author is the user, or somebody to whom the user wants to talk: what they link to may be fetched unasked.
/// Of those in rooms nobody says who they are.
fn is_known(store: &Store, message: &Message) -> bool {
    let contact =
        || store.contacts.get(&BareJid::new(&message.from).ok().filter(|jid| jid.as_str() == &*message.from)?);
    message.mine || contact().is_some_and(|contact| contact.is_seen() || contact.sees_user())
}

/// What the links of a text lead to that can be shown, each once. What one listens to or watches comes as an attachment only.
fn media<'a>(blocks: &'a [Block<'_>], attached: Option<&'a str>) -> Vec<(&'a str, Media)> {
    let mut media: Vec<(&str, Media)> = Vec::new();
    let written = blocks.iter().filter(|block| block.quotes == 0).flat_map(|block| &block.spans);
    let links = written.filter_map(|span| match &span.kind {
        Kind::Link { href } => Some(href.as_ref()),
        _ => None,
    });
    for href in links.chain(attached) {
        let is_new = media.len() < MAX_MEDIA && media.iter().all(|(other, _)| *other != href);
        if let Some(kind) = media_of(href).filter(|kind| *kind == Media::Image || attached == Some(href))
            && is_new
        {
            media.push((href, kind));
        }
    }
    media
}

fn medium((href, media): (&str, Media)) -> Value {
    let kind = match media {
        Media::Image => "image",
        Media::Audio => "audio",
        Media::Video => "video",
    };
    map([("href", href.into()), ("kind", kind.into())])
}

fn block(block: &Block<'_>) -> Value {
    map([
        ("quotes", Value::Number(block.quotes as f64)),
        ("preformatted", block.preformatted.into()),
        ("spans", Value::List(block.spans.iter().filter(|span| span.kind != Kind::Marker).map(span).collect())),
    ])
}

/// A text that is nothing special, or what it is.
fn span(span: &Span<'_>) -> Value {
    let styles = [(span.style.strong, " strong"), (span.style.emphasis, " emphasis"), (span.style.strike, " strike")];
    let style: String = styles.into_iter().filter(|(is_set, _)| *is_set).map(|(_, name)| name).collect();
    if span.kind == Kind::Plain && style.is_empty() {
        return span.text.into();
    }
    let mut entries: Vec<(Rc<str>, Value)> = vec![("text".into(), span.text.into()), ("style".into(), style.into())];
    let mut tell = |name: &str, value: Value| entries.push((name.into(), value));
    tell("kind", kind(span).into());
    match &span.kind {
        Kind::Link { href } => {
            tell("href", href.as_ref().into());
            // Some of its letters may look like others.
            tell("foreign", (!href.split(['?', '#']).next().unwrap_or_default().is_ascii()).into());
        }
        Kind::Geo { latitude, longitude } => {
            tell("latitude", (*latitude).into());
            tell("longitude", (*longitude).into());
        }
        Kind::Mention { uri, own } => {
            tell("uri", uri.map_or(Value::Undefined, Value::from));
            tell("own", (*own).into());
        }
        Kind::Plain | Kind::Marker | Kind::Directive | Kind::Code => {}
    }
    Value::Map(entries)
}

fn kind(span: &Span<'_>) -> &'static str {
    match span.kind {
        Kind::Plain | Kind::Marker => "plain",
        Kind::Directive => "directive",
        Kind::Code => "code",
        Kind::Link { .. } => "link",
        Kind::Geo { .. } => "geo",
        Kind::Mention { .. } => "mention",
    }
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Map(entries.into_iter().map(|(name, value)| (name.into(), value)).collect())
}
