//! Which steps plugins have put something of their own in the place of. The core leaves these to the page, which gives
//! them back if the plugin calls what it has replaced.

/// A step that the page can be left to take.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub enum Step {
    /// Taking in a message of one person.
    Message = 1,
    /// Taking in a message of a room.
    RoomMessage = 2,
    /// Taking in a presence that is of no room.
    Presence = 4,
    /// Taking in a change of the roster.
    RosterPush = 8,
    /// Making the stanza of a message, and sending it.
    Send = 16,
    /// Telling how the user can be reached.
    OwnPresence = 32,
    /// Telling that a message has arrived.
    Receipt = 64,
    /// Telling what the user does in a conversation.
    ChatState = 128,
}

/// Steps, as the bits of their numbers.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Replaced(pub u8);

impl Replaced {
    pub fn has(self, step: Step) -> bool {
        self.0 & step as u8 != 0
    }

    pub fn is_none(self) -> bool {
        self.0 == 0
    }
}
