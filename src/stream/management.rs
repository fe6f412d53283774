//! XEP-0198: Stream Management (version 1.6.3).
//!
//! Both sides count the stanzas they receive and tell each other, so each knows what the other has. A stream that
//! breaks can be resumed: what the other side has not counted is sent again, and nothing else.

use std::collections::VecDeque;

use crate::xml::{Element, WriteError, Written, ns, read};

/// The most stanzas kept until the server acknowledges them. A caller who goes on is told so.
pub const MAX_UNACKED: usize = 10_000;

/// How often a stream may break over the same stanza before that is given up.
pub const MAX_RESENDS: u32 = 5;

/// Names a stanza between its sending and what becomes of it.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Ticket(pub u64);

/// A stanza the server may or may not have.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    pub ticket: Ticket,
    pub stanza: Element,
    /// Both for the cache, which is written again and again until the server has the stanza.
    written: Written,
}

/// The counters of one stream, and of all that resume it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Management {
    /// The server has agreed, and counts.
    enabled: bool,
    /// The name to resume the stream by, if the server allows that.
    id: Option<String>,
    /// Where the server would have it resumed, in its own words.
    location: Option<String>,
    /// How many stanzas of the server were taken in, modulo 2^32.
    received: u32,
    /// How many of our stanzas the server has, by its own count, modulo 2^32.
    acked: u32,
    unacked: VecDeque<Sent>,
    /// An acknowledgement was asked for and has not come.
    asked: bool,
    /// What it may not have was sent again, and it has not said a word about that.
    resent: bool,
    /// How often in a row the stream broke like this, with the same stanza first.
    breaks: u32,
}

/// Why an acknowledgement cannot be true. The server is to blame, and the stream cannot go on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AckError {
    /// The server says it has more stanzas than it was sent, or fewer than it had before.
    TooHigh { handled: u32, sent: u32 },
    /// The number is none, or missing.
    NotANumber,
    /// The resumed stream is not the one that was asked for.
    OtherStream,
}

impl Management {
    /// `<enable/>`: begins to count, on a stream that has bound a resource.
    pub fn enable() -> Element {
        Element::new("enable", ns::SM).with_attribute("resume", "true")
    }

    /// Takes `<enabled/>` in. What was sent since [`Self::enable`] counts, and what is received from now on. Said again,
    /// it changes nothing.
    pub fn handle_enabled(&mut self, enabled: &Element) {
        if std::mem::replace(&mut self.enabled, true) {
            return;
        }
        let resumable = matches!(enabled.attribute("resume"), Some("true" | "1"));
        let text = |name| enabled.attribute(name).filter(|_| resumable).map(str::to_owned);
        self.id = text("id");
        self.location = text("location");
        self.received = 0;
    }

    /// Whether the server has agreed to count.
    pub fn is_enabled(&self) -> bool {
        self.enabled
    }

    /// Whether the stream can be resumed after it broke.
    pub fn is_resumable(&self) -> bool {
        self.id.is_some()
    }

    /// Where the server would have the stream resumed: an address, or a host with or without a port.
    pub fn location(&self) -> Option<&str> {
        self.location.as_deref()
    }

    /// Forgets that place: the stream could not be resumed there.
    pub fn forget_location(&mut self) {
        self.location = None;
    }

    /// Counts a stanza that was sent.
    pub fn push(&mut self, sent: Sent) {
        self.unacked.push_back(sent);
    }

    /// How many stanzas the server may not have.
    pub fn unacked_count(&self) -> usize {
        self.unacked.len()
    }

    /// Counts a stanza that was received.
    pub fn count_received(&mut self) {
        self.received = self.received.wrapping_add(1);
    }

    /// `<r/>`, if there is something to ask about that has not been asked about.
    pub fn poll_request(&mut self) -> Option<Element> {
        if self.unacked.is_empty() || self.asked || !self.enabled {
            return None;
        }
        self.asked = true;
        Some(Element::new("r", ns::SM))
    }

    /// `<r/>` to hear whether the server is there, whether or not there is something to ask about. `None` as long as it
    /// has not agreed to answer.
    pub fn ask(&mut self) -> Option<Element> {
        self.asked |= self.enabled;
        self.enabled.then(|| Element::new("r", ns::SM))
    }

    /// `<a/>`: what was received, for a server that asks. `None` as long as nothing counts.
    pub fn answer(&self) -> Option<Element> {
        self.enabled.then(|| Element::new("a", ns::SM).with_attribute("h", self.received.to_string()))
    }

    /// Takes `<a/>` in and returns what the server has by now, in order. One that comes before `<enabled/>` says nothing.
    pub fn handle_answer(&mut self, answer: &Element) -> Result<Vec<Sent>, AckError> {
        if !self.enabled {
            return Ok(Vec::new());
        }
        self.asked = false;
        self.resent = false;
        self.acknowledge(answer)
    }

    /// `<resume/>`: goes on with the stream, after authentication. `None` if the server would not.
    pub fn resume(&self) -> Option<Element> {
        let resume = Element::new("resume", ns::SM).with_attribute("h", self.received.to_string());
        self.id.as_deref().map(|id| resume.with_attribute("previd", id))
    }

    /// Takes `<resumed/>` in and returns what the server has by now. What it has not is in [`Self::unacked`], to be
    /// sent again.
    pub fn handle_resumed(&mut self, resumed: &Element) -> Result<Vec<Sent>, AckError> {
        if self.id.is_none() || resumed.attribute("previd") != self.id.as_deref() {
            return Err(AckError::OtherStream);
        }
        self.asked = false;
        let arrived = self.acknowledge(resumed)?;
        self.resent = true;
        Ok(arrived)
    }

    /// Takes in that the stream has broken, `soon` after it began if nothing else can be the reason.
    pub fn handle_break(&mut self, soon: bool) {
        let in_vain = std::mem::take(&mut self.resent) && soon && !self.unacked.is_empty();
        self.breaks = if in_vain { self.breaks.saturating_add(1) } else { 0 };
    }

    /// Takes out the first stanza that the server has not, if the stream breaks whenever it is sent: [`MAX_RESENDS`]
    /// times in a row so far.
    pub fn give_up_first(&mut self) -> Option<Sent> {
        self.breaks = if self.breaks < MAX_RESENDS { return None } else { 0 };
        self.unacked.pop_front()
    }

    /// Takes in that the stream cannot be resumed, and returns what the server had by then: exactly, if it says so.
    pub fn handle_failed(&mut self, failed: &Element) -> Option<Vec<Sent>> {
        failed.attribute("h").and_then(|_| self.acknowledge(failed).ok())
    }

    /// What the server may not have, in order.
    pub fn unacked(&self) -> impl Iterator<Item = &Sent> {
        self.unacked.iter()
    }

    /// Takes out what the server may not have.
    pub fn into_unacked(self) -> VecDeque<Sent> {
        self.unacked
    }

    fn acknowledge(&mut self, element: &Element) -> Result<Vec<Sent>, AckError> {
        let digits = element.attribute("h").filter(|h| h.bytes().all(|byte| byte.is_ascii_digit()));
        let handled: u32 = digits.and_then(|h| h.parse().ok()).ok_or(AckError::NotANumber)?;
        let sent = self.acked.wrapping_add(u32::try_from(self.unacked.len()).unwrap_or(u32::MAX));
        let newly = usize::try_from(handled.wrapping_sub(self.acked)).unwrap_or(usize::MAX);
        if newly > self.unacked.len() {
            return Err(AckError::TooHigh { handled, sent });
        }
        self.acked = handled;
        if newly > 0 {
            self.breaks = 0;
        }
        Ok(self.unacked.drain(..newly).collect())
    }
}

impl AckError {
    /// `<stream:error/>` to end the stream with (XEP-0198 §6).
    pub fn encode(self) -> Element {
        let error = Element::new("error", ns::STREAM);
        match self {
            Self::TooHigh { handled, sent } => {
                error.with_child(Element::new("undefined-condition", ns::STREAM_ERRORS)).with_child(
                    Element::new("handled-count-too-high", ns::SM)
                        .with_attribute("h", handled.to_string())
                        .with_attribute("send-count", sent.to_string()),
                )
            }
            Self::NotANumber | Self::OtherStream => error.with_child(Element::new("bad-format", ns::STREAM_ERRORS)),
        }
    }
}

/// For the cache.
impl Management {
    /// The counters and the stanzas for [`Self::decode`].
    pub fn encode(&self) -> Element {
        let mut element = Element::new("management", ns::CACHE)
            .with_attribute("received", self.received.to_string())
            .with_attribute("acked", self.acked.to_string());
        if let Some(id) = &self.id {
            element.set_attribute("id", id.clone());
        }
        if let Some(location) = &self.location {
            element.set_attribute("location", location.clone());
        }
        if self.breaks > 0 {
            element.set_attribute("breaks", self.breaks.to_string());
        }
        self.unacked.iter().for_each(|sent| element.push_written(sent.encode()));
        element
    }

    /// Reads what [`Self::encode`] wrote; `None` if somebody else wrote it.
    pub fn decode(element: &Element) -> Option<Self> {
        if !element.is("management", &ns::CACHE) {
            return None;
        }
        let number = |name| element.attribute(name).and_then(|value| value.parse().ok());
        let id = element.attribute("id").map(str::to_owned);
        Some(Self {
            // Counters without a name are of no use to another page but to say what is in doubt.
            enabled: id.is_some(),
            id,
            location: element.attribute("location").map(str::to_owned),
            received: number("received")?,
            acked: number("acked")?,
            unacked: element.children().map(Sent::decode).collect::<Option<_>>()?,
            asked: false,
            resent: false,
            breaks: number("breaks").unwrap_or(0),
        })
    }
}

/// For the cache.
impl Sent {
    /// A stanza that is about to be sent, if it can be written.
    pub fn new(ticket: Ticket, stanza: Element) -> Result<Self, WriteError> {
        let sent = Element::new("sent", ns::CACHE).with_attribute("ticket", ticket.0.to_string());
        let written = sent.with_text(stanza.to_xml()?).to_written()?;
        Ok(Self { ticket, stanza, written })
    }

    /// The stanza for [`Self::decode`], written when it was handed over and not again.
    pub fn encode(&self) -> Written {
        self.written.clone()
    }

    /// Reads what [`Self::encode`] wrote; `None` if somebody else wrote it.
    pub fn decode(sent: &Element) -> Option<Self> {
        let ticket = Ticket(sent.attribute("ticket")?.parse().ok()?);
        Self::new(ticket, read(&sent.text()).ok()?).ok()
    }
}
