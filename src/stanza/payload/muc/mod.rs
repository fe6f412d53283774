//! XEP-0045: Multi-User Chat (version 1.35.1), and the invitations of XEP-0249: Direct MUC Invitations (version 1.2).

mod admin;
mod info;
mod invitations;
mod join;
mod user;

pub use admin::{Wish, change, destroy, instant, list, members, owner, register, registration};
pub use info::{Info, info, occupant_id, reserved_nick, reserved_nick_in};
pub use invitations::{Invitation, declined, declined_in, direct, direct_in, mediated, mediated_in};
pub use join::{History, join};
pub use user::{Item, User, instead};

/// How somebody may belong to a room (§5.2).
pub const AFFILIATIONS: [&str; 5] = ["owner", "admin", "member", "none", "outcast"];
/// What somebody may do in a room (§5.1).
pub const ROLES: [&str; 4] = ["moderator", "participant", "visitor", "none"];
/// The longest reason, subject or description that is read, in bytes; what is longer is cut.
const MAX_TEXT_BYTES: usize = 10_000;

/// `text`, cut where it is too long.
fn bounded(mut text: String) -> String {
    let mut end = MAX_TEXT_BYTES.min(text.len());
    while !text.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    text.truncate(end);
    text
}

/// The word in `words` that `word` is.
fn known(words: &[&'static str], word: Option<&str>) -> Option<&'static str> {
    words.iter().find(|known| word == Some(**known)).copied()
}
