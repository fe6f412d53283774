//! A conversation as it is shown: a part of its messages, with where a day begins and who goes on speaking.

use super::{names, text};
use crate::{
    jid::BareJid,
    store::{Attributes, Message, Notice, Sending, Store, Timeline, Upload, Uploading, Value},
    time::Timestamp,
};

/// The most messages that are shown at once. Who scrolls on sees others.
pub const MAX_LINES: usize = 300;
/// What somebody says within this many milliseconds of what they said before is shown under one name.
const FOLLOW_UP: i64 = 10 * 60 * 1_000;

/// A message, and how it stands among the others.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Its number in the timeline.
    pub number: u32,
    pub message: &'a Message,
    /// It is the first of its day.
    pub new_day: bool,
    /// The one before is by the same person and of the same time.
    pub follows: bool,
    /// It is the first that was not seen when one came here.
    pub fresh: bool,
    /// All of its text is shown, however long it is.
    pub whole: bool,
}

/// The messages from the place `from` to before `to`; no more than [`MAX_LINES`]. `day` counts the days where the user is.
pub fn lines(timeline: &Timeline, from: usize, to: usize, day: impl Fn(Timestamp) -> i64) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    // The one before the first is looked at too, to know how the first one stands.
    let at = |place: usize| timeline.order().get(place).and_then(|number| Some((*number, timeline.get(*number)?)));
    let before = from.checked_sub(1).and_then(at).map(|(_, message)| message);
    for (number, message) in (from..to.min(from.saturating_add(MAX_LINES))).map_while(at) {
        let last = lines.last().map(|line| line.message).or(before);
        let new_day = last.is_none_or(|last| day(last.time) != day(message.time));
        let fresh = timeline.fresh() == Some(number);
        let follows = !new_day && !fresh && last.is_some_and(|last| goes_on(last, message));
        lines.push(Line { number, message, new_day, follows, fresh, whole: false });
    }
    lines
}

/// The message of the user's own that can be changed and comes right after the message `beside`, or before it; without one,
/// the newest of all.
pub fn correctable(timeline: &Timeline, beside: Option<u32>, after: bool) -> Option<u32> {
    let can_be = |(_, message): &(u32, &Message)| {
        message.can_be_corrected()
            && message.kind != "error"
            && message.body.as_ref().is_some_and(|body| !body.is_empty())
    };
    let mut places = timeline.iter().filter(can_be).map(|(number, _)| number);
    match beside {
        None => places.next_back(),
        Some(beside) if after => places.rev().take_while(|number| *number != beside).last(),
        Some(beside) => places.rev().skip_while(|number| *number != beside).nth(1),
    }
}

impl Line<'_> {
    /// What an element shows of the message, which is one of the conversation `with`.
    pub fn attributes(&self, store: &Store, with: &str) -> Attributes {
        let message = self.message;
        let time = |time: Timestamp| Value::Number(time.milliseconds() as f64);
        let (state, reason) = match &message.outcome {
            None => (None, None),
            Some(Sending::Pending) => (Some("pending"), None),
            Some(Sending::Sent) => (Some("sent"), None),
            Some(Sending::Failed { reason, text }) => (Some("failed"), Some(text.as_deref().unwrap_or(reason))),
        };
        let attributes = Attributes::default()
            .with("id", self.number)
            .with("of", with)
            .with("kind", message.kind)
            .with("mine", message.mine)
            .with("from", message.from.clone())
            .with("name", author(store, message))
            .with("time", time(message.time))
            .with("new_day", self.new_day)
            .with("follows", self.follows)
            .with("fresh", self.fresh)
            .with("text", message.body.clone())
            .with("subject", message.rare.subject.clone())
            .with("spoiler", message.rare.spoiler.clone())
            .with("state", state)
            .with("reason", reason)
            .with("received", message.received.is_some())
            .with("edited", message.rare.edited.map(time))
            .with("notices", notices(store, with, Some(self.number)))
            .with("versions", Value::from(message.rare.older_versions.as_slice()));
        let attributes = text::add(attributes, store, with, message, self.whole);
        match &message.upload {
            Some(upload) => add_upload(attributes, upload),
            None => attributes,
        }
    }
}

/// Adds how far the file is that goes with a message, until it has arrived.
fn add_upload(attributes: Attributes, upload: &Upload) -> Attributes {
    let error = match &upload.state {
        Uploading::Done => return attributes,
        Uploading::Pending => None,
        Uploading::Failed(failure) => Some(failure),
    };
    let max_size = error.and_then(|failure| failure.max_size);
    attributes
        .with("file", upload.name.as_str())
        .with("progress", upload.progress)
        .with("upload_error", error.map(|failure| failure.error))
        .with("max_size", max_size.map_or(Value::Undefined, |size| Value::Number(size as f64)))
}

/// What has happened in the room `with` after the message with this number, or before all of them.
pub fn notices(store: &Store, with: &str, after: Option<u32>) -> Value {
    let room = BareJid::new(with).ok().and_then(|jid| store.rooms.get(&jid));
    Value::List(room.into_iter().flat_map(|room| room.notices.after(after)).map(Notice::value).collect())
}

/// Whether `message` is what the author of `last` went on to say.
fn goes_on(last: &Message, message: &Message) -> bool {
    let same = last.from == message.from && last.mine == message.mine && last.kind == message.kind;
    let apart = message.time.milliseconds().saturating_sub(last.time.milliseconds());
    same && (0..FOLLOW_UP).contains(&apart)
}

/// What the author of a message is called; nothing for the user, whom everybody knows.
fn author(store: &Store, message: &Message) -> Value {
    if let Some(nick) = &message.nick {
        return nick.clone().into();
    }
    let bare = message.from.split_once('/').map_or(&*message.from, |(bare, _)| bare);
    match BareJid::new(bare) {
        Ok(jid) => names::of_person(store, &jid).into(),
        Err(_) => message.from.clone().into(),
    }
}
