//! The rooms that are open (XEP-0045).

use std::{fmt, rc::Rc};

use super::{
    Attributes, Change, Key, Kind, Notices, Occupants, Private, Store, Table, Timeline, Value,
    order::by_opening,
    saved::{child_text, decode_attributes, encode_attributes, flag, optional, optional_text},
};
use crate::{
    jid::{BareJid, Jid},
    time::{Instant, Timestamp},
    xml::{Element, ns},
};

/// What rooms say they are, in the words of the API.
pub const ROOM_FEATURES: [&str; 13] = [
    "passwordprotected",
    "unsecured",
    "hidden",
    "publicroom",
    "membersonly",
    "open",
    "persistent",
    "temporary",
    "nonanonymous",
    "semianonymous",
    "moderated",
    "unmoderated",
    "mam_enabled",
];

/// The most rooms that an invitation to is remembered of.
const MAX_INVITATIONS: usize = 50;

/// The open rooms, by address.
#[derive(Clone, Debug, Default)]
pub struct Rooms {
    rooms: Table<Room>,
    /// In which of them the messages were sent that the server has not acknowledged yet, by the stanzas' ids.
    pending: Table<Rc<str>>,
    /// The newest last.
    invitations: Vec<Invitation>,
    /// How many invitations have come since when: too many are not heard.
    pub invited: (u32, Instant),
    /// The rooms that were entered because a bookmark says so. Who closes one stays outside.
    pub followed: Vec<BareJid>,
    /// When the next attempt to enter one is given up; too early, if anything.
    pub due: Option<Instant>,
}

/// That somebody has invited the user to a room.
#[derive(Clone, Debug)]
struct Invitation {
    room: BareJid,
    /// In whose name the room did so, if it was the room.
    through: Option<Jid>,
    /// What came along to lead in.
    password: Option<Password>,
    time: Instant,
}

/// How far the user is in, with the numbers of the API.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum RoomStatus {
    Connected = 0,
    Connecting = 1,
    NicknameRequired = 2,
    PasswordRequired = 3,
    #[default]
    Disconnected = 4,
    Entered = 5,
}

/// One room.
#[derive(Clone, Debug)]
pub struct Room {
    pub jid: BareJid,
    pub opened: Timestamp,
    pub status: RoomStatus,
    /// The user's nickname: the wanted one, or once in the room, the real one.
    pub nick: Option<Rc<str>>,
    /// The nickname that the user has registered with the room.
    pub reserved_nick: Option<String>,
    /// What leads in. It is kept nowhere else.
    pub password: Option<Password>,
    /// The user wants to be in, and is to be again after the connection was lost.
    pub wanted: bool,
    /// How many nicknames the room has refused in a row.
    pub refused: u32,
    /// Which attempt to enter this is, and how many answers it waits for before it can go on.
    pub attempt: u32,
    pub steps: u8,
    /// The room has been asked for entry, and has not answered yet.
    pub entering: bool,
    /// The room hands over what was said before the user came, until it has said what it is about (§7.2.15).
    pub hands_over: bool,
    /// When the attempt to enter is given up.
    pub deadline: Option<Instant>,
    pub affiliation: Option<&'static str>,
    pub role: Option<&'static str>,
    pub subject: Option<(String, String)>,
    /// The id of the message by which the user has asked for another subject last.
    pub subject_asked: Option<String>,
    pub name: Option<String>,
    pub description: Option<String>,
    /// How a new room is to be configured.
    pub config: Attributes,
    pub auto_configure: bool,
    pub hidden: bool,
    /// How many messages that mention the user were not seen yet, and how many in all.
    pub unread: u32,
    pub unread_general: u32,
    /// Whom the room has invited for the user, and who has not declined.
    pub invited: Vec<BareJid>,
    /// Why the user is not in.
    pub trouble: Option<Trouble>,
    pub features: Features,
    pub occupants: Occupants,
    pub messages: Timeline,
    pub notices: Notices,
    /// What is said between the user and single occupants.
    pub privates: Vec<Private>,
}

/// A password, which shows in nothing that is written.
#[derive(Clone, Eq, PartialEq)]
pub struct Password(pub String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password")
    }
}

/// Why the user is not in a room, or not any more.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Trouble {
    /// A word for programs.
    pub condition: String,
    pub text: Option<String>,
    /// Who brought it about.
    pub actor: Option<String>,
    /// Where to go instead.
    pub instead: Option<BareJid>,
}

/// What a room says it is.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Features {
    /// When it said so.
    pub fetched: Option<Timestamp>,
    /// A bit for each of [`ROOM_FEATURES`], in their order.
    pub flags: u16,
    /// It gives messages ids, and takes out those that others gave in its name (XEP-0359 §6).
    pub assigns_ids: bool,
    /// It says who somebody is whatever the nickname is, and nobody else can (XEP-0421 §4).
    pub occupant_ids: bool,
    /// Nicknames can be registered with it.
    pub registration: bool,
}

impl Rooms {
    /// The room with this address.
    pub fn get(&self, jid: &BareJid) -> Option<&Room> {
        self.rooms.get(jid.as_str())
    }

    /// The same, to be changed by who tells it then.
    pub fn get_mut(&mut self, jid: &BareJid) -> Option<&mut Room> {
        self.rooms.get_mut(jid.as_str())
    }

    pub fn iter(&self) -> impl Iterator<Item = &Room> {
        self.rooms.values()
    }

    /// Opens a room, if it is not open.
    pub fn open(&mut self, jid: &BareJid, now: Timestamp) -> Option<Change> {
        if self.rooms.get(jid.as_str()).is_some() {
            return None;
        }
        let opened = now.later_than(self.rooms.values().map(|room| room.opened).max());
        self.rooms.insert(jid.as_rc(), Room::new(jid.clone(), opened));
        Some(Key::of_jid(Kind::Room, jid).added())
    }

    /// Closes a room, and forgets what was said in it, also to single occupants.
    pub fn close(&mut self, jid: &BareJid) -> Vec<Change> {
        let Some(room) = self.rooms.remove(jid.as_str()) else { return Vec::new() };
        let mut changes: Vec<Change> = room.privates.iter().map(|private| private.key().removed()).collect();
        changes.push(Key::of_jid(Kind::Room, jid).removed());
        changes
    }

    /// Changes a room, but neither its occupants nor its messages.
    pub fn update(&mut self, jid: &BareJid, change: impl FnOnce(&mut Room)) -> Option<Change> {
        change(self.rooms.get_mut(jid.as_str())?);
        Some(Key::of_jid(Kind::Room, jid).changed())
    }

    /// The messages of a room, to be changed.
    pub fn messages_mut(&mut self, jid: &BareJid) -> Option<&mut Timeline> {
        self.rooms.get_mut(jid.as_str()).map(|room| &mut room.messages)
    }

    /// The rooms, the oldest first.
    pub fn in_order(&self) -> Vec<&Room> {
        let rooms: Vec<&Room> = self.rooms.values().collect();
        by_opening(&rooms, |room| room.opened)
    }

    /// Remembers that a message was sent in the conversation `of`, until it is known what became of it.
    pub fn expect(&mut self, msgid: &str, of: &Rc<str>) {
        self.pending.insert(msgid.into(), of.clone());
    }

    /// In which conversation the message `msgid` was sent, if it is not known what became of it.
    pub fn settle(&mut self, msgid: &str) -> Option<Rc<str>> {
        self.pending.remove(msgid)
    }

    /// Remembers an invitation, until the user follows it or does not. If the room sent it, `through` is in whose name.
    /// Whether there was one to this room already since `before`.
    pub fn invite(
        &mut self,
        room: &BareJid,
        through: Option<Jid>,
        password: Option<Password>,
        now: Instant,
        before: Instant,
    ) -> bool {
        let known = self.remove_invitation(room).map(|invitation| invitation.time);
        if self.invitations.len() >= MAX_INVITATIONS {
            self.invitations.remove(0);
        }
        let time = known.filter(|time| *time >= before).unwrap_or(now);
        self.invitations.push(Invitation { room: room.clone(), through, password, time });
        known.is_some_and(|time| time >= before)
    }

    /// Forgets an invitation, and hands out the password that came along.
    pub fn take_invitation(&mut self, room: &BareJid) -> Option<Password> {
        self.remove_invitation(room)?.password
    }

    /// Forgets an invitation, and hands out who is to hear of it if the user declines.
    pub fn take_inviter(&mut self, room: &BareJid) -> Option<Jid> {
        self.remove_invitation(room)?.through
    }

    fn remove_invitation(&mut self, room: &BareJid) -> Option<Invitation> {
        let at = self.invitations.iter().position(|invitation| invitation.room == *room)?;
        Some(self.invitations.remove(at))
    }

    pub(super) fn encode(&self) -> Element {
        let mut rooms = Element::new("rooms", ns::CACHE);
        self.in_order().into_iter().for_each(|room| rooms.push(room.encode()));
        rooms
    }

    pub(super) fn decode(&mut self, saved: &Element) {
        for room in saved.children().filter_map(Room::decode) {
            self.rooms.insert(room.jid.as_rc(), room);
        }
    }

    /// Takes in the messages of a room, or of a conversation with one of its occupants.
    pub(super) fn restore_messages(&mut self, of: &Rc<str>, messages: Timeline) {
        if self.rooms.get(of).is_none() && self.private(of).is_none() {
            return;
        }
        for (_, message) in messages.iter() {
            if let (Some(super::Sending::Pending), Some(msgid)) = (&message.outcome, &message.msgid) {
                self.pending.insert(msgid.clone(), of.clone());
            }
        }
        if let Some(room) = self.rooms.get_mut(of) {
            room.messages = messages;
            room.messages.mark_unread(room.unread_general);
        } else if let Some(private) = self.private_mut(of) {
            private.messages = messages;
            private.messages.mark_unread(private.unread);
        }
    }
}

impl Room {
    fn new(jid: BareJid, opened: Timestamp) -> Self {
        Self {
            opened,
            status: RoomStatus::default(),
            nick: None,
            reserved_nick: None,
            password: None,
            wanted: false,
            refused: 0,
            attempt: 0,
            steps: 0,
            entering: false,
            hands_over: false,
            deadline: None,
            affiliation: None,
            role: None,
            subject: None,
            subject_asked: None,
            name: None,
            description: None,
            config: Attributes::default(),
            auto_configure: false,
            hidden: false,
            unread: 0,
            unread_general: 0,
            invited: Vec::new(),
            trouble: None,
            features: Features::default(),
            occupants: Occupants::new(jid.as_rc()),
            messages: Timeline::new(jid.as_rc()),
            notices: Notices::default(),
            privates: Vec::new(),
            jid,
        }
    }

    /// Whether the room has been asked for entry and has not refused it: what it sends was wanted.
    pub fn is_inside(&self) -> bool {
        self.entering || self.status == RoomStatus::Entered
    }

    /// The address of the occupant with this nickname, as messages have it.
    pub fn address_of(&self, nick: &str) -> Rc<str> {
        [self.jid.as_str(), "/", nick].concat().into()
    }

    pub(super) fn attributes(&self, store: &Store) -> Attributes {
        let bookmark = store.bookmarks.get(&self.jid);
        let name = bookmark.and_then(|bookmark| bookmark.name.as_deref()).or(self.name.as_deref());
        let subject = self.subject.as_ref().map(|(author, text)| {
            Value::Map(vec![("author".into(), author.as_str().into()), ("text".into(), text.as_str().into())])
        });
        let config = self.config.iter().map(|(name, value)| (Rc::from(name), value.clone())).collect();
        Attributes::default()
            .with("id", self.jid.as_rc())
            .with("jid", self.jid.as_rc())
            .with("type", "chatroom")
            .with("message_type", "groupchat")
            .with("connection_status", self.status as u32)
            .with("nick", self.nick.clone())
            .with("reserved_nick", self.reserved_nick.clone())
            .with("name", name.unwrap_or_default())
            .with("description", self.description.as_deref().unwrap_or_default())
            .with("subject", subject)
            .with("affiliation", self.affiliation.map_or(Value::Null, Value::from))
            .with("role", self.role)
            .with("roomconfig", Value::Map(config))
            .with("auto_configure", self.auto_configure)
            .with("hidden", self.hidden)
            .with("bookmarked", bookmark.is_some())
            .with("num_unread", self.unread)
            .with("num_unread_general", self.unread_general)
            .with("time_opened", Value::Number(self.opened.milliseconds() as f64))
            .with("error", self.trouble.as_ref().map(Trouble::value))
    }

    fn encode(&self) -> Element {
        let mut room = Element::new("room", ns::CACHE).with_attribute("jid", self.jid.as_str());
        room.set_attribute("opened", self.opened.to_text());
        room.set_attribute("unread", self.unread.to_string());
        room.set_attribute("unread-general", self.unread_general.to_string());
        room.set_attribute("features", self.features.flags.to_string());
        optional(&mut room, "fetched", self.features.fetched.map(Timestamp::to_text).as_deref());
        optional(&mut room, "nick", self.nick.as_deref());
        let flags = [
            ("wanted", self.wanted),
            ("auto-configure", self.auto_configure),
            ("hidden", self.hidden),
            ("assigns-ids", self.features.assigns_ids),
            ("occupant-ids", self.features.occupant_ids),
            ("registration", self.features.registration),
        ];
        flags.into_iter().for_each(|(name, value)| flag(&mut room, name, value));
        optional_text(&mut room, "name", self.name.as_deref());
        optional_text(&mut room, "description", self.description.as_deref());
        if let Some((author, text)) = &self.subject {
            room.push(Element::new("subject", ns::CACHE).with_attribute("author", author.as_str()).with_text(&**text));
        }
        self.encode_privates(&mut room);
        let mut config = Element::new("config", ns::CACHE);
        encode_attributes(&mut config, &self.config);
        room.with_child(config)
    }

    fn decode(saved: &Element) -> Option<Self> {
        let jid = BareJid::new(saved.attribute("jid")?).ok()?;
        let mut room = Self::new(jid, Timestamp::parse(saved.attribute("opened")?)?);
        let number = |name| saved.attribute(name).and_then(|number| number.parse().ok()).unwrap_or(0);
        let flag = |name| saved.attribute(name).is_some();
        room.unread = number("unread");
        room.unread_general = number("unread-general");
        room.nick = saved.attribute("nick").map(Rc::from);
        room.wanted = flag("wanted");
        room.auto_configure = flag("auto-configure");
        room.hidden = flag("hidden");
        room.features = Features {
            fetched: saved.attribute("fetched").and_then(Timestamp::parse),
            flags: number("features") as u16,
            assigns_ids: flag("assigns-ids"),
            occupant_ids: flag("occupant-ids"),
            registration: flag("registration"),
        };
        room.name = child_text(saved, "name");
        room.description = child_text(saved, "description");
        let subject = saved.child("subject", &ns::CACHE);
        room.subject =
            subject.and_then(|subject| Some((subject.attribute("author")?.to_owned(), subject.text().into_owned())));
        room.decode_privates(saved);
        room.config = saved.child("config", &ns::CACHE).map(decode_attributes).unwrap_or_default();
        Some(room)
    }
}

impl Features {
    /// Whether the room is what this word of [`ROOM_FEATURES`] says.
    pub fn has(&self, name: &str) -> bool {
        ROOM_FEATURES.iter().position(|known| *known == name).is_some_and(|bit| self.flags & (1 << bit) != 0)
    }

    /// Takes in that the room is what this word says. Other words say nothing.
    pub fn add(&mut self, name: &str) {
        if let Some(bit) = ROOM_FEATURES.iter().position(|known| *known == name) {
            self.flags |= 1 << bit;
        }
    }

    pub(super) fn attributes(&self, room: &str) -> Attributes {
        let attributes = Attributes::default().with("id", room);
        let attributes = attributes.with("fetched", self.fetched.map(Timestamp::to_text));
        ROOM_FEATURES.iter().fold(attributes, |attributes, name| attributes.with(name, self.has(name)))
    }
}

impl Trouble {
    /// Trouble that needs no words.
    pub fn new(condition: &str) -> Self {
        Self { condition: condition.to_owned(), ..Self::default() }
    }

    /// What pages read of it.
    pub fn value(&self) -> Value {
        let text = |name: &str, text: Option<&str>| (Rc::from(name), Value::from(text));
        Value::Map(vec![
            text("condition", Some(&self.condition)),
            text("text", self.text.as_deref()),
            text("actor", self.actor.as_deref()),
            text("jid", self.instead.as_ref().map(BareJid::as_str)),
        ])
    }
}
