//! What somebody types into a room that is no message: `/kick romeo` and the like.

use super::occupants::{ADMIN, OWNER, actions, rank};
use crate::{
    jid::BareJid,
    store::{Attributes, Occupant, Room, Value},
};

/// What is to be done.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Command {
    /// Show these commands, which are those that the user may give.
    Help(Vec<&'static str>),
    Clear,
    Nick(String),
    Subject(String),
    Destroy(Option<String>),
    Register,
    /// Give an occupant a role.
    Role {
        nick: String,
        role: &'static str,
        reason: Option<String>,
    },
    /// Give somebody an affiliation.
    Affiliation {
        nick: Option<String>,
        jid: BareJid,
        affiliation: &'static str,
        reason: Option<String>,
    },
    /// It cannot be done: a word for programs, and what it is about.
    Wrong(&'static str, String),
}

/// Reads what somebody has typed. `None` if it is a message, as `/me` is, and all that is no command. Of those that only
/// moderators and owners may give, the ones in `disabled` cannot be given; with `*` in it none.
pub fn parse(room: &Room, text: &str, disabled: &[String]) -> Option<Command> {
    let (word, rest) = split_word(text.strip_prefix('/')?);
    let word = word.to_lowercase();
    let name = *COMMANDS.iter().find(|name| **name == word)?;
    if name == "me" {
        return None;
    }
    let wrong = |why| Some(Command::Wrong(why, name.to_owned()));
    if is_disabled(name, disabled) {
        return wrong("disabled");
    }
    if !may(room, name) {
        return wrong("forbidden");
    }
    match name {
        "help" => Some(Command::Help(offered(room, disabled))),
        "clear" => Some(Command::Clear),
        "register" => Some(Command::Register),
        "destroy" => Some(Command::Destroy(some(rest))),
        "subject" | "topic" => Some(Command::Subject(rest.to_owned())),
        "nick" if rest.is_empty() => wrong("nobody"),
        "nick" => Some(Command::Nick(rest.to_owned())),
        _ if rest.is_empty() => wrong("nobody"),
        _ => Some(change(room, name, rest)),
    }
}

impl Command {
    /// What an element does it by.
    pub fn attributes(&self) -> Attributes {
        let attributes = Attributes::default();
        match self {
            Self::Help(names) => attributes
                .with("do", "help")
                .with("names", Value::List(names.iter().map(|name| Value::from(*name)).collect())),
            Self::Clear => attributes.with("do", "clear"),
            Self::Register => attributes.with("do", "register"),
            Self::Nick(nick) => attributes.with("do", "nick").with("nick", nick.as_str()),
            Self::Subject(text) => attributes.with("do", "subject").with("text", text.as_str()),
            Self::Destroy(reason) => attributes.with("do", "destroy").with("reason", reason.clone()),
            Self::Role { nick, role, reason } => attributes
                .with("do", "role")
                .with("nick", nick.as_str())
                .with("role", *role)
                .with("reason", reason.clone()),
            Self::Affiliation { nick, jid, affiliation, reason } => attributes
                .with("do", "affiliation")
                .with("nick", nick.clone())
                .with("jid", jid.as_rc())
                .with("affiliation", *affiliation)
                .with("reason", reason.clone()),
            Self::Wrong(why, about) => attributes.with("do", "wrong").with("why", *why).with("about", about.as_str()),
        }
    }
}

/// What a menu entry or a command does to an occupant or, by address, to somebody who is not here.
fn change(room: &Room, name: &'static str, rest: &str) -> Command {
    let affiliation = match name {
        "ban" => Some("outcast"),
        "revoke" => Some("none"),
        "member" | "admin" | "owner" => Some(name),
        _ => None,
    };
    let (occupant, jid, reason) = match whom(room, rest) {
        Some((occupant, reason)) => (Some(occupant), occupant.jid.as_ref().map(|jid| jid.bare().clone()), reason),
        None => {
            let (word, reason) = split_word(rest);
            let jid = BareJid::new(word).ok().filter(|jid| jid.local().is_some());
            (None, jid, reason)
        }
    };
    if occupant.is_some_and(|occupant| !actions(room, occupant).contains(&name)) {
        return Command::Wrong("not-with-them", name.to_owned());
    }
    let nick = occupant.and_then(|occupant| occupant.nick.as_deref()).map(str::to_owned);
    match (affiliation, nick, jid) {
        (Some(affiliation), nick, Some(jid)) => Command::Affiliation { nick, jid, affiliation, reason: some(reason) },
        (None, Some(nick), _) => {
            let role = match name {
                "kick" => "none",
                "mute" => "visitor",
                "op" => "moderator",
                _ => "participant",
            };
            Command::Role { nick, role, reason: some(reason) }
        }
        _ => Command::Wrong("not-here", rest.to_owned()),
    }
}

/// The occupant whose nickname `rest` begins with, the longest, perhaps after an `@`; and what is behind it.
fn whom<'a, 'b>(room: &'a Room, rest: &'b str) -> Option<(&'a Occupant, &'b str)> {
    let bare = rest.strip_prefix('@');
    let mut found: Option<(&Occupant, &str)> = None;
    for occupant in room.occupants.iter().filter(|occupant| occupant.show.is_some()) {
        let Some(nick) = occupant.nick.as_deref().filter(|nick| !nick.is_empty()) else { continue };
        let behind = rest.strip_prefix(nick).or_else(|| bare.and_then(|bare| bare.strip_prefix(nick)));
        let Some(behind) = behind.filter(|behind| behind.is_empty() || behind.starts_with(char::is_whitespace)) else {
            continue;
        };
        if found.is_none_or(|(_, other)| behind.len() < other.len()) {
            found = Some((occupant, behind));
        }
    }
    found.map(|(occupant, behind)| (occupant, behind.trim()))
}

fn offered(room: &Room, disabled: &[String]) -> Vec<&'static str> {
    COMMANDS.into_iter().filter(|name| may(room, name) && !is_disabled(name, disabled)).collect()
}

fn is_disabled(name: &str, disabled: &[String]) -> bool {
    CHANGING.contains(&name) && disabled.iter().any(|other| other == "*" || other == name)
}

/// Whether the user may do so with anybody at all.
fn may(room: &Room, name: &str) -> bool {
    let rank = rank(room.affiliation);
    match name {
        "admin" | "owner" | "destroy" => rank == OWNER,
        "ban" | "member" | "revoke" | "op" | "deop" => rank >= ADMIN,
        "kick" | "mute" | "voice" => room.role == Some("moderator"),
        "subject" | "topic" => room.role.is_some_and(|role| role != "visitor"),
        _ => true,
    }
}

fn some(text: &str) -> Option<String> {
    Some(text).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn split_word(text: &str) -> (&str, &str) {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (word, rest.trim())
}

/// All of them, as help lists them.
const COMMANDS: [&str; 18] = [
    "admin", "ban", "clear", "deop", "destroy", "help", "kick", "me", "member", "mute", "nick", "op", "owner",
    "register", "revoke", "subject", "topic", "voice",
];

/// Those that `muc_disable_moderator_commands` is about.
const CHANGING: [&str; 11] =
    ["admin", "ban", "deop", "destroy", "kick", "member", "mute", "op", "owner", "revoke", "voice"];
