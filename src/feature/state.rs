//! What features remember beside the store: it is of this page, and of no interest to the next.

use std::collections::VecDeque;

use super::{Call, Keeping, Options, Page, Replaced, Then, Uploads};
use crate::{
    jid::{BareJid, Jid},
    session::Answer,
    stanza::payload::disco::{Identity, Info},
    time::Instant,
    xml::{Element, Namespace, ns},
};

/// What features remember.
#[derive(Default)]
pub struct State {
    pub own: OwnProfile,
    /// What plugins do in the core's place.
    pub replaced: Replaced,
    /// Out of archives, and left to plugins, which give back what is to be taken in.
    pub left: Vec<Page>,
    /// What is being taken in was left to a plugin.
    pub gives_back: bool,
    /// What goes on when it is known what an entity can do.
    pub(super) waiting: Vec<Waiting>,
    /// What goes on now, with the answer that it waited for if that was one to a request.
    pub(super) ready: VecDeque<(Then, Option<Answer>)>,
    /// Whose vCards are to be asked for.
    pub(super) wanted_vcards: VecDeque<BareJid>,
    /// Whose have been, and have not come yet.
    pub(super) open_vcards: Vec<BareJid>,
    pub(super) bookmarks: Keeping,
    /// Which servers have been asked in this session whether they can push.
    pub(super) pushing: Vec<BareJid>,
    pub uploads: Uploads,
    /// What was restored may lack what came last before.
    pub cache_is_old: bool,
    /// What the archive tells now as missed has been told: only what was restored lacks it.
    pub(super) retells: bool,
    /// The server has said in this session which there are.
    pub(super) bookmarks_read: bool,
    /// What plugins wrote with an entity is less than it was, since somebody looked last.
    pub(super) extras_changed: bool,
    /// The rooms have not been told yet how the user can be reached now.
    pub(super) rooms_untold: bool,
    /// The ids of messages by which rooms are to invite somebody, and who waits for what becomes of that.
    pub(super) inviting: Vec<(String, Call)>,
    /// When the stream began, or went on, over which stanzas are exchanged.
    pub(super) online_since: Instant,
    /// What stands among the bookmarks of XEP-0048 and is no room.
    pub(super) other_bookmarks: Vec<Element>,
}

pub(super) struct Waiting {
    pub jid: Jid,
    /// What belongs to the entity is waited for too.
    pub deep: bool,
    pub then: Then,
}

/// What this client says it is and can do.
#[derive(Default)]
pub struct OwnProfile {
    pub(super) info: Info,
    /// The hash of what the last presence said.
    pub(super) told: Option<String>,
    /// When a presence is to tell of a change.
    due: Option<Instant>,
}

impl State {
    /// Takes in that stanzas can be exchanged from now on.
    pub fn set_online(&mut self, now: Instant) {
        self.online_since = now;
    }

    /// Forgets what was wanted for the last account.
    pub fn forget_account(&mut self) {
        self.wanted_vcards.clear();
        self.bookmarks = Keeping::Unknown;
        self.bookmarks_read = false;
        self.other_bookmarks.clear();
        self.uploads.abandon();
    }

    /// Whether there is less of what plugins wrote than when this was asked last.
    pub fn take_extras_changed(&mut self) -> bool {
        std::mem::take(&mut self.extras_changed)
    }

    /// Whether the user's status is other than when this was asked last.
    pub fn take_rooms_untold(&mut self) -> bool {
        std::mem::take(&mut self.rooms_untold)
    }

    /// What goes on now.
    pub fn poll_ready(&mut self) -> Option<(Then, Option<Answer>)> {
        self.ready.pop_front()
    }
}

impl OwnProfile {
    /// What this client can do.
    pub fn features(&self) -> &[String] {
        &self.info.features
    }

    /// What it is.
    pub fn identities(&self) -> &[Identity] {
        &self.info.identities
    }

    /// Adds a feature; `false` if it is there.
    pub fn add_feature(&mut self, now: Instant, feature: &str) -> bool {
        let new = !self.info.features.iter().any(|other| other == feature);
        if new {
            self.info.features.push(feature.to_owned());
            self.due = Some(now);
        }
        new
    }

    /// Adds an identity; `false` if it is there.
    pub fn add_identity(&mut self, now: Instant, identity: Identity) -> bool {
        let new = !self.info.identities.contains(&identity);
        if new {
            self.info.identities.push(identity);
            self.due = Some(now);
        }
        new
    }

    /// Takes all features out.
    pub fn clear_features(&mut self, now: Instant) {
        self.info.features.clear();
        self.due = Some(now);
    }

    /// Takes all identities out.
    pub fn clear_identities(&mut self, now: Instant) {
        self.info.identities.clear();
        self.due = Some(now);
    }

    /// Adds what this library itself is and does.
    pub(super) fn add_defaults(&mut self, now: Instant, options: &Options) {
        let name = Some("Converse".to_owned());
        self.add_identity(now, Identity { category: "client".to_owned(), kind: "web".to_owned(), name, lang: None });
        for feature in ALWAYS {
            self.add_feature(now, feature.as_str());
        }
        let sometimes = [
            (options.message_carbons, ns::CARBONS),
            (options.allow_muc, ns::MUC),
            (options.allow_muc_invitations, ns::INVITATION),
        ];
        for (_, feature) in sometimes.iter().filter(|(offered, _)| *offered) {
            self.add_feature(now, feature.as_str());
        }
        if options.allow_bookmarks {
            for node in [ns::BOOKMARKS, ns::OLD_BOOKMARKS] {
                self.add_feature(now, &[node.as_str(), "+notify"].concat());
            }
        }
    }

    /// Says that a presence is about to tell of all changes.
    pub(super) fn settle(&mut self) {
        self.due = None;
    }

    /// Whether a change is to be told now.
    pub fn take_due(&mut self, now: Instant) -> bool {
        self.due.take_if(|due| *due <= now).is_some()
    }

    /// When a change is to be told.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.due
    }
}

const ALWAYS: [Namespace; 13] = [
    ns::XBOSH,
    ns::CHAT_STATES,
    ns::DISCO_INFO,
    ns::ROSTERX,
    ns::VCARD,
    ns::CORRECTION,
    ns::UPLOAD,
    ns::OOB,
    ns::MAM,
    ns::IDLE,
    ns::SPOILER,
    ns::RECEIPTS,
    ns::PING,
];
