//! What follows when the user does nothing for a while: another status, word to contacts, as
//! XEP-0319: Last User Interaction in Presence (version 1.0.2) has it, and to the server, as
//! XEP-0352: Client State Indication (version 1.0.0) has it.

use std::time::Duration;

use super::own::{send_own, set_status};
use crate::{
    feature::{Context, Options},
    time::Instant,
};

/// When the user did something last, and what has followed since.
#[derive(Clone, Debug, Default)]
pub struct Activity {
    last: Instant,
    /// Which of [`STEPS`] have been taken since.
    taken: [bool; STEPS.len()],
    /// The status before one of them changed it.
    before: Option<&'static str>,
}

/// What follows, in no order: the settings say when.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Step {
    /// The status becomes `away`.
    Away,
    /// The status becomes `xa`.
    ExtendedAway,
    /// Contacts are told since when.
    Idle,
    /// The server is told.
    Inactive,
}

const STEPS: [Step; 4] = [Step::Away, Step::ExtendedAway, Step::Idle, Step::Inactive];

impl Activity {
    /// Begins to count at `now`, as if nothing had been before.
    pub fn restart(&mut self, now: Instant) {
        *self = Self { last: now, ..Self::default() };
    }

    /// Whether the server should know that nobody is there.
    pub fn is_inactive(&self) -> bool {
        self.has_taken(Step::Inactive)
    }

    /// Since when contacts have been told that the user does nothing.
    pub fn idle_since(&self) -> Option<Instant> {
        self.has_taken(Step::Idle).then_some(self.last)
    }

    /// When the next step is due.
    pub fn poll_timeout(&self, options: &Options) -> Option<Instant> {
        let open = STEPS.into_iter().zip(self.taken).filter(|(_, taken)| !taken);
        open.filter_map(|(step, _)| Some(self.last + step.after(options)?)).min()
    }

    fn has_taken(&self, wanted: Step) -> bool {
        STEPS.into_iter().zip(self.taken).any(|(step, taken)| step == wanted && taken)
    }
}

impl Step {
    fn after(self, options: &Options) -> Option<Duration> {
        match self {
            Self::Away => options.auto_away,
            Self::ExtendedAway => options.auto_xa,
            Self::Idle => options.idle_presence_timeout,
            Self::Inactive => options.csi_waiting_time,
        }
    }
}

/// The user has done something.
pub fn handle_activity(context: &mut Context<'_>) {
    let was_idle = context.activity.idle_since().is_some();
    let before = context.activity.before;
    context.activity.restart(context.now);
    match before {
        // That tells the rest, too.
        Some(show) if is_away(context.store.status.show) => set_status(context, show, None),
        _ if was_idle && context.can_be_reached() => send_own(context),
        _ => {}
    }
}

/// Takes the steps that are due.
pub fn handle_timeout(context: &mut Context<'_>) {
    for (at, step) in STEPS.into_iter().enumerate() {
        let due = step.after(context.options).is_some_and(|after| context.activity.last + after <= context.now);
        match context.activity.taken.get_mut(at) {
            Some(taken) if due && !*taken => *taken = true,
            _ => continue,
        }
        match step {
            Step::Away => withdraw(context, "away"),
            Step::ExtendedAway => withdraw(context, "xa"),
            Step::Idle if context.can_be_reached() => send_own(context),
            Step::Idle | Step::Inactive => {}
        }
    }
}

/// Changes the status to `show`, unless the user has said to be further away than that, or not to be disturbed.
fn withdraw(context: &mut Context<'_>, show: &'static str) {
    let now = context.store.status.show;
    if !context.can_be_reached() || matches!(now, "dnd" | "xa") || now == show {
        return;
    }
    context.activity.before.get_or_insert(now);
    set_status(context, show, None);
}

fn is_away(show: &str) -> bool {
    matches!(show, "away" | "xa")
}
