//! One message, as it is shown: what was said, by whom, when, and what became of it.

use std::rc::Rc;

use super::{
    Attributes, Failure, Upload, Uploading, Value,
    rare::{Rare, RareParts},
    saved::{child_text, child_texts, flag, optional, optional_text, texts},
};
use crate::{
    time::Timestamp,
    xml::{Element, ns},
};

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// `chat`, `groupchat`, `headline` or `error`.
    pub kind: &'static str,
    /// Whether the user wrote it, at whatever client.
    pub mine: bool,
    /// Who wrote it: a bare address, or that of an occupant.
    pub from: Rc<str>,
    /// The nickname, in a room.
    pub nick: Option<Rc<str>>,
    /// What the room calls the occupant who wrote it, whatever the nickname is (XEP-0421).
    pub occupant_id: Option<Rc<str>>,
    /// The id of its stanza.
    pub msgid: Option<Rc<str>>,
    /// The id that its author's client gave it (XEP-0359).
    pub origin_id: Option<Rc<str>>,
    /// The id that the conversation's archive gave it (XEP-0359).
    pub archive_id: Option<Rc<str>>,
    pub time: Timestamp,
    /// It was not delivered when it was written.
    pub delayed: bool,
    /// It came out of the archive.
    pub archived: bool,
    pub body: Option<Rc<str>>,
    /// Its characters mean nothing but themselves (XEP-0393 §6).
    pub unstyled: bool,
    /// When the other side said that it has arrived, or the room passed it on.
    pub received: Option<Timestamp>,
    /// What became of it, if it was sent from here.
    pub outcome: Option<Sending>,
    /// The file that it is to lead to. Until the file is uploaded there is nothing to send.
    pub upload: Option<Box<Upload>>,
    pub rare: Rare,
}

/// A part of a message's text, and what it means (XEP-0372).
#[derive(Clone, Debug, PartialEq)]
pub struct MessageReference {
    /// The first code point of the part, and the one after its last.
    pub begin: Option<u32>,
    pub end: Option<u32>,
    pub kind: String,
    pub uri: String,
}

/// What became of a message that was sent from here.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Sending {
    /// The server has not said yet that it has it.
    Pending,
    /// The server has it.
    Sent,
    /// It did not arrive; why, in a word for programs, and what was said about it.
    Failed { reason: &'static str, text: Option<String> },
}

/// The reasons in [`Sending::Failed`].
pub const FAILURES: [&str; 3] = ["not-sent", "in-doubt", "refused"];
/// The most earlier versions of one message that are kept: somebody may correct without end.
pub const MAX_VERSIONS: usize = 50;

impl Message {
    /// A message that `from` wrote at `time`.
    pub fn new(kind: &'static str, from: impl Into<Rc<str>>, mine: bool, time: Timestamp) -> Self {
        Self {
            kind,
            mine,
            from: from.into(),
            nick: None,
            occupant_id: None,
            msgid: None,
            origin_id: None,
            archive_id: None,
            time,
            delayed: false,
            archived: false,
            body: None,
            unstyled: false,
            received: None,
            outcome: None,
            upload: None,
            rare: Rare::default(),
        }
    }

    /// Whether the user may say something else in its place: they wrote it, and it has been said.
    pub fn can_be_corrected(&self) -> bool {
        self.mine && self.is_whole()
    }

    /// Whether it can be sent once more: it did not arrive, and there is something to send.
    pub fn can_be_sent_again(&self) -> bool {
        matches!(self.outcome, Some(Sending::Failed { .. })) && self.is_whole()
    }

    /// Whether there is all that it is to say: the file, if it leads to one, is uploaded.
    pub fn is_whole(&self) -> bool {
        self.upload.as_ref().is_none_or(|upload| upload.state == Uploading::Done)
    }

    /// Says something else from now on, and remembers what it said before.
    pub fn correct(&mut self, body: Option<Rc<str>>, time: Timestamp) {
        let old = std::mem::replace(&mut self.body, body);
        self.add_version(old);
        self.rare.edited = Some(time);
    }

    /// Says what a correction of it says, which was here before it.
    pub fn take_in(&mut self, correction: Self) {
        let first = self.body.take();
        let rare = correction.rare.into_parts();
        let earlier = rare.older_versions.into_iter().map(|version| Some(Rc::from(version)));
        std::iter::once(first).chain(earlier).for_each(|version| self.add_version(version));
        self.body = correction.body;
        self.rare.references = rare.references;
        self.unstyled = correction.unstyled;
        self.rare.edited = rare.edited.or(Some(correction.time));
        self.rare.corrected_by = rare.corrected_by.or(correction.msgid);
    }

    /// Remembers something that it said once.
    pub fn add_version(&mut self, body: Option<Rc<str>>) {
        if let Some(body) = body {
            self.rare.older_versions.push(body.as_ref().to_owned());
        }
        if self.rare.older_versions.len() > MAX_VERSIONS {
            // What it said first stays: that is what was answered to.
            self.rare.older_versions.remove(1);
        }
    }

    pub(super) fn attributes(&self, id: &str, archive: &str) -> Attributes {
        let text = |text: &Option<Rc<str>>| Value::from(text.clone());
        let time = |time: Option<Timestamp>| Value::from(time.map(Timestamp::to_text));
        let (state, reason) = match &self.outcome {
            None => (None, None),
            Some(Sending::Pending) => (Some("pending"), None),
            Some(Sending::Sent) => (Some("sent"), None),
            Some(Sending::Failed { reason, .. }) => (Some("failed"), Some(*reason)),
        };
        let mut attributes = Attributes::default()
            .with("id", id)
            .with("type", self.kind)
            .with("from", self.from.clone())
            .with("sender", if self.mine { "me" } else { "them" })
            .with("msgid", text(&self.msgid))
            .with("time", self.time.to_text())
            .with("message", text(&self.body))
            .with("is_delayed", self.delayed)
            .with("is_archived", self.archived)
            .with("is_spoiler", self.rare.spoiler.is_some())
            .with("spoiler_hint", self.rare.spoiler.clone())
            .with("origin_id", text(&self.origin_id))
            .with("archive_id", text(&self.archive_id))
            .with("nick", text(&self.nick))
            .with("occupant_id", text(&self.occupant_id))
            .with("subject", self.rare.subject.clone())
            .with("thread", self.rare.thread.clone())
            .with("oob_url", self.rare.oob_url.clone())
            .with("oob_desc", self.rare.oob_desc.clone())
            .with(
                "references",
                Value::List(self.rare.references.iter().map(|one| one.attribute(self.body.as_deref())).collect()),
            )
            .with("received", time(self.received))
            .with("edited", time(self.rare.edited))
            .with("older_versions", Value::from(self.rare.older_versions.as_slice()))
            .with("delivery", state)
            .with("delivery_reason", reason);
        if let Some(archive_id) = &self.archive_id {
            attributes.set(format!("stanza_id {archive}").as_str(), archive_id.clone());
        }
        match &self.upload {
            Some(upload) => upload.add_attributes(attributes),
            None => attributes,
        }
    }

    pub(super) fn encode(&self) -> Element {
        let mut message = Element::new("message", ns::CACHE).with_attribute("type", self.kind);
        message.set_attribute("from", &*self.from);
        message.set_attribute("time", self.time.to_text());
        flag(&mut message, "mine", self.mine);
        flag(&mut message, "delayed", self.delayed);
        flag(&mut message, "archived", self.archived);
        flag(&mut message, "unstyled", self.unstyled);
        for (name, value) in [
            ("nick", &self.nick),
            ("occupant-id", &self.occupant_id),
            ("msgid", &self.msgid),
            ("origin-id", &self.origin_id),
            ("archive-id", &self.archive_id),
            ("corrected-by", &self.rare.corrected_by),
            ("replaces", &self.rare.replaces),
        ] {
            optional(&mut message, name, value.as_deref());
        }
        for (name, time) in [("received", self.received), ("edited", self.rare.edited)] {
            optional(&mut message, name, time.map(Timestamp::to_text).as_deref());
        }
        optional_text(&mut message, "body", self.body.as_deref());
        for (name, text) in [
            ("subject", &self.rare.subject),
            ("thread", &self.rare.thread),
            ("spoiler", &self.rare.spoiler),
            ("url", &self.rare.oob_url),
            ("desc", &self.rare.oob_desc),
        ] {
            optional_text(&mut message, name, text.as_deref());
        }
        texts(&mut message, "version", &self.rare.older_versions);
        self.rare.references.iter().for_each(|reference| message.push(reference.encode()));
        if let Some(outcome) = &self.outcome {
            message.push(outcome.encode());
        }
        if let Some(upload) = &self.upload {
            message.push(upload.encode());
        }
        message
    }

    pub(super) fn decode(saved: &Element) -> Option<Self> {
        let kinds = ["chat", "groupchat", "headline", "error"];
        let kind = kinds.into_iter().find(|kind| saved.attribute("type") == Some(kind))?;
        let time = |name| saved.attribute(name).and_then(Timestamp::parse);
        let id = |name| saved.attribute(name).map(Rc::from);
        let outcome = saved.child("outcome", &ns::CACHE).and_then(Sending::decode);
        let rare = RareParts {
            subject: child_text(saved, "subject"),
            thread: child_text(saved, "thread"),
            spoiler: child_text(saved, "spoiler"),
            oob_url: child_text(saved, "url"),
            oob_desc: child_text(saved, "desc"),
            references: saved.children().filter_map(MessageReference::decode).collect(),
            edited: time("edited"),
            older_versions: child_texts(saved, "version"),
            corrected_by: id("corrected-by"),
            replaces: id("replaces"),
        };
        let mut message = Self {
            kind,
            mine: saved.attribute("mine").is_some(),
            from: saved.attribute("from")?.into(),
            nick: id("nick"),
            occupant_id: id("occupant-id"),
            msgid: id("msgid"),
            origin_id: id("origin-id"),
            archive_id: id("archive-id"),
            time: time("time")?,
            delayed: saved.attribute("delayed").is_some(),
            archived: saved.attribute("archived").is_some(),
            body: child_text(saved, "body").map(Rc::from),
            unstyled: saved.attribute("unstyled").is_some(),
            received: time("received"),
            outcome,
            upload: saved.child("upload", &ns::CACHE).and_then(Upload::decode).map(Box::new),
            rare: rare.into(),
        };
        // The page before this one had the file.
        if message.outcome == Some(Sending::Pending) && !message.is_whole() {
            message.fail_upload(Failure::new("interrupted"), None);
        }
        Some(message)
    }
}

impl MessageReference {
    /// The reference as plugins read it; `value` is the part of `body` that it is about.
    fn attribute(&self, body: Option<&str>) -> Value {
        let number = |name: &str, place: Option<u32>| (Rc::from(name), Value::from(place));
        let text = |name: &str, text: &str| (Rc::from(name), Value::from(text));
        Value::Map(vec![
            number("begin", self.begin),
            number("end", self.end),
            text("type", &self.kind),
            text("value", &self.part_of(body.unwrap_or_default())),
            text("uri", &self.uri),
        ])
    }

    fn part_of(&self, body: &str) -> String {
        let (begin, end) = (self.begin.unwrap_or_default(), self.end.unwrap_or_default());
        body.chars().skip(begin as usize).take(end.saturating_sub(begin) as usize).collect()
    }

    fn encode(&self) -> Element {
        let mut element = Element::new("reference", ns::CACHE).with_attribute("type", self.kind.as_str());
        element.set_attribute("uri", self.uri.as_str());
        for (name, place) in [("begin", self.begin), ("end", self.end)] {
            optional(&mut element, name, place.map(|place| place.to_string()).as_deref());
        }
        element
    }

    fn decode(element: &Element) -> Option<Self> {
        let place = |name| element.attribute(name).and_then(|place| place.parse().ok());
        if !element.is("reference", &ns::CACHE) {
            return None;
        }
        Some(Self {
            begin: place("begin"),
            end: place("end"),
            kind: element.attribute("type")?.to_owned(),
            uri: element.attribute("uri")?.to_owned(),
        })
    }
}

impl Sending {
    /// It did not arrive, and nothing more is said about it.
    pub const fn failed(reason: &'static str) -> Self {
        Self::Failed { reason, text: None }
    }

    /// Whether the other side, or its server, has sent it back.
    pub fn is_refused(&self) -> bool {
        matches!(self, Self::Failed { reason: "refused", .. })
    }

    fn encode(&self) -> Element {
        let outcome = Element::new("outcome", ns::CACHE);
        match self {
            Self::Pending => outcome.with_attribute("state", "pending"),
            Self::Sent => outcome.with_attribute("state", "sent"),
            Self::Failed { reason, text } => {
                let mut outcome = outcome.with_attribute("state", *reason);
                optional_text(&mut outcome, "text", text.as_deref());
                outcome
            }
        }
    }

    fn decode(outcome: &Element) -> Option<Self> {
        Some(match outcome.attribute("state")? {
            "pending" => Self::Pending,
            "sent" => Self::Sent,
            other => {
                let reason = FAILURES.into_iter().find(|reason| *reason == other)?;
                Self::Failed { reason, text: child_text(outcome, "text") }
            }
        })
    }
}
