//! The conversations with single persons.

use std::rc::Rc;

use super::{
    Attributes, Change, Key, Kind, MAX_BYTES, MAX_UNANSWERED_BYTES, Store, Table, Timeline, Value,
    order::by_opening,
    saved::{flag, optional},
};
use crate::{
    jid::BareJid,
    time::{Instant, Timestamp},
    xml::{Element, ns},
};

/// The most conversations that strangers have begun and the user has not answered. Anybody may write, under ever new addresses;
/// nobody reads more. What others write beyond that begins none, and stays in the archive.
pub const MAX_UNANSWERED: usize = 500;

/// The conversations, by the other side's address.
#[derive(Clone, Debug, Default)]
pub struct Chats {
    chats: Table<Chat>,
    /// How many of them are [`Chat::unanswered`].
    unanswered: usize,
    /// In which of them the messages were sent that the server has not acknowledged yet, by the stanzas' ids.
    pending: Table<Rc<str>>,
    /// When the next of them is to say that the user has paused, or does something else; too early, if anything.
    pub due: Option<Instant>,
}

/// A conversation with one person.
#[derive(Clone, Debug)]
pub struct Chat {
    pub jid: BareJid,
    pub opened: Timestamp,
    /// What the user is doing, as the other side was told (XEP-0085).
    pub state: Option<&'static str>,
    /// What the other side is doing.
    pub their_state: Option<&'static str>,
    /// How many messages have come that were not seen yet.
    pub unread: u32,
    /// Nobody looks at it.
    pub hidden: bool,
    /// Nobody there expects an answer: all that was said are headlines.
    pub headline: bool,
    /// A stranger has begun it, and the user has said nothing in it.
    unanswered: bool,
    /// Its newest messages have been asked for, if there is an archive.
    pub filled: bool,
    /// When the user's state becomes another by itself.
    pub state_due: Option<Instant>,
    pub messages: Timeline,
}

impl Chats {
    /// The conversation with `jid`.
    pub fn get(&self, jid: &BareJid) -> Option<&Chat> {
        self.chats.get(jid.as_str())
    }

    /// Begins a conversation, if there is none yet.
    pub fn open(&mut self, jid: &BareJid, now: Timestamp) -> Option<Change> {
        if self.chats.get(jid.as_str()).is_some() {
            return None;
        }
        let opened = now.later_than(self.chats.values().map(|chat| chat.opened).max());
        self.chats.insert(jid.as_rc(), Chat::new(jid.clone(), opened));
        Some(Key::of_jid(Kind::Chat, jid).added())
    }

    /// Whether another stranger may begin a conversation.
    pub fn has_room_for_stranger(&self) -> bool {
        self.unanswered < MAX_UNANSWERED
    }

    /// Takes in that a stranger has begun the conversation with `jid`.
    pub fn note_unanswered(&mut self, jid: &BareJid) {
        if let Some(chat) = self.chats.get_mut(jid.as_str()) {
            let more = usize::from(!std::mem::replace(&mut chat.unanswered, true));
            self.unanswered = self.unanswered.saturating_add(more);
        }
    }

    /// Takes in that the user has said something to `jid`, or knows them.
    pub fn note_answer(&mut self, jid: &BareJid) {
        if let Some(chat) = self.chats.get_mut(jid.as_str())
            && std::mem::take(&mut chat.unanswered)
        {
            self.unanswered = self.unanswered.saturating_sub(1);
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = &Chat> {
        self.chats.values()
    }

    /// Ends a conversation, and forgets what was said.
    pub fn close(&mut self, jid: &BareJid) -> Option<Change> {
        let gone = self.chats.remove(jid.as_str())?;
        self.unanswered = self.unanswered.saturating_sub(usize::from(gone.unanswered));
        Some(Key::of_jid(Kind::Chat, jid).removed())
    }

    /// Changes a conversation, but not its messages.
    pub fn update(&mut self, jid: &BareJid, change: impl FnOnce(&mut Chat)) -> Option<Change> {
        change(self.chats.get_mut(jid.as_str())?);
        Some(Key::of_jid(Kind::Chat, jid).changed())
    }

    /// The messages of a conversation, to be changed.
    pub fn messages_mut(&mut self, jid: &BareJid) -> Option<&mut Timeline> {
        self.chats.get_mut(jid.as_str()).map(|chat| &mut chat.messages)
    }

    /// The conversations, the oldest first.
    pub fn in_order(&self) -> Vec<&Chat> {
        let chats: Vec<&Chat> = self.chats.values().collect();
        by_opening(&chats, |chat| chat.opened)
    }

    /// Says in each of them that what was missed until now is about to be read.
    pub fn mark(&mut self) {
        let ids: Vec<Rc<str>> = self.chats.ids().cloned().collect();
        for id in ids {
            if let Some(chat) = self.chats.get_mut(&id) {
                chat.messages.mark();
            }
        }
    }

    /// Remembers that a message was sent to `jid`, until it is known what became of it.
    pub fn expect(&mut self, msgid: &str, jid: &BareJid) {
        self.pending.insert(msgid.into(), jid.as_rc());
    }

    /// To whom the message `msgid` was sent, if that is not known yet.
    pub fn settle(&mut self, msgid: &str) -> Option<BareJid> {
        BareJid::new(&self.pending.remove(msgid)?).ok()
    }

    /// The messages of which it is not known whether the server has them, by their stanzas' ids.
    pub fn pending(&self) -> impl Iterator<Item = &Rc<str>> {
        self.pending.ids()
    }

    pub(super) fn encode(&self) -> Element {
        let mut chats = Element::new("chats", ns::CACHE);
        for chat in self.in_order() {
            let mut element = Element::new("chat", ns::CACHE).with_attribute("jid", chat.jid.as_str());
            element.set_attribute("opened", chat.opened.to_text());
            element.set_attribute("unread", chat.unread.to_string());
            optional(&mut element, "state", chat.state);
            flag(&mut element, "hidden", chat.hidden);
            flag(&mut element, "headline", chat.headline);
            flag(&mut element, "filled", chat.filled);
            flag(&mut element, "unanswered", chat.unanswered);
            chats.push(element);
        }
        chats
    }

    pub(super) fn decode(&mut self, saved: &Element) {
        for element in saved.children() {
            let jid = element.attribute("jid").and_then(|jid| BareJid::new(jid).ok());
            let opened = element.attribute("opened").and_then(Timestamp::parse);
            let (Some(jid), Some(opened)) = (jid, opened) else { continue };
            let mut chat = Chat::new(jid.clone(), opened);
            chat.unread = element.attribute("unread").and_then(|unread| unread.parse().ok()).unwrap_or(0);
            chat.hidden = element.attribute("hidden").is_some();
            chat.headline = element.attribute("headline").is_some();
            chat.filled = element.attribute("filled").is_some();
            chat.unanswered = element.attribute("unanswered").is_some();
            self.unanswered = self.unanswered.saturating_add(usize::from(chat.unanswered));
            self.chats.insert(jid.as_rc(), chat);
        }
    }

    /// Takes in the messages of a conversation.
    pub(super) fn restore_messages(&mut self, jid: &BareJid, messages: Timeline) {
        let Some(chat) = self.chats.get_mut(jid.as_str()) else { return };
        for (_, message) in messages.iter() {
            if let (Some(super::Sending::Pending), Some(msgid)) = (&message.outcome, &message.msgid) {
                self.pending.insert(msgid.clone(), jid.as_rc());
            }
        }
        chat.messages = messages;
        chat.messages.mark_unread(chat.unread);
    }
}

impl Chat {
    fn new(jid: BareJid, opened: Timestamp) -> Self {
        let messages = Timeline::new(jid.as_rc());
        Self {
            jid,
            opened,
            state: None,
            their_state: None,
            unread: 0,
            hidden: false,
            headline: false,
            unanswered: false,
            filled: false,
            state_due: None,
            messages,
        }
    }

    /// The most bytes that its messages may take.
    pub(super) fn most_bytes(&self) -> usize {
        if self.unanswered { MAX_UNANSWERED_BYTES } else { MAX_BYTES }
    }

    pub(super) fn attributes(&self, store: &Store) -> Attributes {
        let vcard = store.vcards.get(&self.jid);
        let contact = store.contacts.get(&self.jid);
        let fullname = vcard.and_then(|vcard| vcard.fullname.as_deref());
        Attributes::default()
            .with("id", self.jid.as_rc())
            .with("jid", self.jid.as_rc())
            .with("user_id", self.jid.local())
            .with("type", if self.headline { "headline" } else { "chatbox" })
            .with("message_type", if self.headline { "headline" } else { "chat" })
            .with("time_opened", Value::Number(self.opened.milliseconds() as f64))
            .with("chat_state", self.state)
            .with("their_chat_state", self.their_state)
            .with("num_unread", self.unread)
            .with("hidden", self.hidden)
            .with("bookmarked", false)
            .with("url", vcard.and_then(|vcard| vcard.url.as_deref()).unwrap_or_default())
            .with("fullname", fullname.or_else(|| contact.and_then(|contact| contact.name.as_deref())))
    }
}
