//! A room that a script plays.

use converse_wasm::{
    feature::room,
    jid::BareJid,
    store::{Attributes, Key, Kind, Room, Value},
};

use super::peer::Script;

pub const ROOM: &str = "orchard@rooms.capulet.lit";

pub fn room_jid() -> BareJid {
    BareJid::new(ROOM).unwrap()
}

pub fn room_key() -> Key {
    Key::of_jid(Kind::Room, &room_jid())
}

/// What a room says it is that gives messages ids and tells who is who.
pub const MODERN: &str = "<identity category='conference' type='text' name='The Orchard'/>\
    <feature var='http://jabber.org/protocol/muc'/><feature var='urn:xmpp:sid:0'/>\
    <feature var='urn:xmpp:occupant-id:0'/><feature var='jabber:iq:register'/>\
    <feature var='muc_persistent'/><feature var='muc_semianonymous'/>";

impl Script {
    /// The page opens the room and wants to enter it.
    pub fn open_room(&mut self, attributes: &[(&'static str, Value)]) {
        let attributes =
            attributes.iter().fold(Attributes::default(), |all, (name, value)| all.with(name, value.clone()));
        self.act(|client, now| {
            client.in_context(now, |context| {
                room::open(context, &room_jid(), &attributes);
                room::join(context, &room_jid(), None, None);
            })
        });
    }

    /// The page wants to enter the room as `nick`.
    pub fn join_as(&mut self, nick: &str, password: Option<&str>) {
        self.act(|client, now| {
            client.in_context(now, |context| room::join(context, &room_jid(), Some(nick), password))
        });
    }

    /// The client asks what the room is, which answers.
    #[track_caller]
    pub fn describe_room(&mut self, features: &str) {
        self.expect_sent(&format!(
            "<iq type='get' id='$info' to='{ROOM}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>"
        ));
        let id = self.expect_name("info");
        self.forget_name("info");
        self.recv(&format!(
            "<iq type='result' id='{id}' from='{ROOM}'>\
             <query xmlns='http://jabber.org/protocol/disco#info'>{features}</query></iq>"
        ));
    }

    /// The client asks for entry as `nick`.
    #[track_caller]
    pub fn expect_entry(&mut self, nick: &str) {
        self.expect_sent(&format!(
            "<presence from='juliet@capulet.lit/balcony' to='{ROOM}/{nick}' id='*'>\
             <x xmlns='http://jabber.org/protocol/muc'/></presence>"
        ));
    }

    /// The room lets the user in as `nick`, after others.
    pub fn let_in(&mut self, nick: &str, others: &[&str]) {
        for other in others {
            self.recv(&occupant(other, "affiliation='member' role='participant'", ""));
        }
        self.recv(&occupant(nick, "affiliation='none' role='participant'", "<status code='110'/>"));
    }

    /// The page is in a modern room as juliet, and Romeo is there.
    #[track_caller]
    pub fn in_room(&mut self) {
        self.open_room(&[("nick", "juliet".into())]);
        self.describe_room(MODERN);
        self.expect_entry("juliet");
        self.let_in("juliet", &["romeo"]);
        assert_eq!(self.room().status as u32, 5);
        self.forget();
    }

    /// The room as the store has it.
    #[track_caller]
    pub fn room(&self) -> &Room {
        self.client.store().rooms.get(&room_jid()).unwrap()
    }

    /// The texts of the messages in the room.
    #[track_caller]
    pub fn said(&self) -> Vec<&str> {
        self.room().messages.iter().filter_map(|(_, message)| message.body.as_deref()).collect()
    }

    /// Something is said in the room, with `more` beside the text.
    pub fn hear(&mut self, nick: &str, attributes: &str, body: &str, more: &str) {
        self.recv(&format!(
            "<message from='{ROOM}/{nick}' to='juliet@capulet.lit/balcony' type='groupchat' {attributes}>\
             <body>{body}</body>{more}</message>"
        ));
    }
}

/// A presence of an occupant, whose id is that of the nickname.
pub fn occupant(nick: &str, item: &str, more: &str) -> String {
    format!(
        "<presence from='{ROOM}/{nick}' to='juliet@capulet.lit/balcony'>\
         <x xmlns='http://jabber.org/protocol/muc#user'><item {item}/>{more}</x>\
         <occupant-id xmlns='urn:xmpp:occupant-id:0' id='id-{nick}'/></presence>"
    )
}

/// The same of one who is gone.
pub fn gone(nick: &str, item: &str, more: &str) -> String {
    occupant(nick, item, more).replacen("<presence ", "<presence type='unavailable' ", 1)
}
