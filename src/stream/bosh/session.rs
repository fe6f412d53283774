//! A BOSH session: what the server granted, and what another page needs to carry it on.

use std::time::Duration;

use crate::xml::{Element, ns};

/// The longest the server may keep a request that it has nothing to answer with: below the 60 seconds after which many
/// a proxy gives up a silent connection.
pub const WAIT: Duration = Duration::from_secs(59);
/// The highest request id (XEP-0124 §14.1): what a double holds exactly.
pub const MAX_RID: u64 = (1 << 53) - 1;

/// The time between idle requests where the server names none or one too short: a server that answers at once whatever
/// it gets must not keep page and network busy.
const MIN_POLLING: Duration = Duration::from_secs(1);
/// The longest time between idle requests that is respected, together with half the time after which the server forgets
/// a session: it would be gone before the next request.
const MAX_POLLING: Duration = Duration::from_secs(30);
/// The polling interval assumed for a session another program began: the one most servers have.
const ASSUMED_POLLING: Duration = Duration::from_secs(5);
/// The shortest time a broken link is mended for, though the server claims to forget a session sooner.
const MIN_PATIENCE: Duration = Duration::from_secs(5);
/// The longest time a broken link is mended for, though the server would keep the session longer: a person waits.
const MAX_PATIENCE: Duration = Duration::from_secs(60);
/// How long a link is mended for if the server does not say how soon it forgets the session: what XEP-0124 shows.
const ASSUMED_PATIENCE: Duration = Duration::from_secs(30);
/// The requests under way at a time: that which is parked and one more. The server need not read more of them sooner.
const MAX_REQUESTS: usize = 2;

/// Everything a page needs to carry on a session, such as after a reload.
///
/// # Which request id comes next
///
/// A page that goes away almost always leaves a request behind, the parked one, with the id *n*. It cannot know whether
/// the server has it, still holds it, or has answered it to nobody. XEP-0124 §14.3 has one request that is right in
/// all three cases: the **same id with the same body**. A server that never saw *n* takes it as new, one that holds it
/// moves the new connection in the place of the old, one that has answered it repeats the answer (it remembers as
/// many as `requests`); so nothing is lost and nothing done twice. Prosody and ejabberd do this. The next id, *n* + 1,
/// would be wrong: it tells the server that the answer to *n* has arrived, so what was in it is lost; and where *n*
/// never arrived, the server keeps *n* + 1 back for ever (Prosody holds back one such request, ejabberd as many as
/// `requests`; beyond that both end the session with `item-not-found`). And *n* with another body is worse: what is in
/// it is ignored by a server that has seen *n*.
///
/// Hence the bodies are part of the session. It must be stored *before* the requests it speaks of leave, since the
/// moment of leaving a page is too late: take what [`Bosh::poll_transmit`](super::Bosh::poll_transmit) has, store
/// [`Bosh::session`](super::Bosh::session), then post. A body that was stored but never posted is posted by the next
/// page.
///
/// Two pages (a duplicated tab) must not carry on the same session: each would steal the other's answers.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Session {
    /// Where the connection manager is.
    pub url: String,
    /// The domain of the server.
    pub to: String,
    /// The session's id, as good as a password while the session lives.
    pub sid: String,
    /// The id of the next new request. Those of [`Self::unanswered`] are the ones just below.
    pub rid: u64,
    /// What the server granted.
    pub terms: Terms,
    /// How many elements the server has certainly taken, see [`Delivery`](super::Delivery).
    pub accepted: u64,
    /// The requests without an answer that was delivered, in order.
    pub unanswered: Vec<Unanswered>,
    /// Elements that no request has taken along yet, in order.
    pub queued: Vec<String>,
}

/// A request to be repeated as it was.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Unanswered {
    pub body: String,
    /// How many elements it carries.
    pub elements: u64,
}

/// What the server granted at the beginning of a session (XEP-0124 §7.2), within bounds that keep this side working.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Terms {
    /// The longest it keeps a request.
    pub wait: Duration,
    /// How many requests it keeps at a time: one, or none in a polling session.
    pub hold: usize,
    /// How many requests may be under way at a time.
    pub requests: usize,
    /// How long it keeps a session that has no request.
    pub inactivity: Option<Duration>,
    /// The shortest time between idle requests.
    pub polling: Duration,
    /// The longest pause it would grant. Nothing asks for one yet.
    pub maxpause: Option<Duration>,
    /// Whether it names its version of BOSH; one that does not speaks in HTTP errors (§17.1).
    pub versioned: bool,
    /// Whether it acknowledges requests and wants its answers acknowledged (§9).
    pub acks: bool,
    /// Whether it says that its own way to the server is secure.
    pub secure: bool,
}

impl Terms {
    /// Reads the answer to the session creation request, which asked for `wait`.
    pub(super) fn read(body: &Element, wait: Duration) -> Self {
        let number = |name| body.attribute(name).and_then(number);
        let seconds = |name| number(name).map(Duration::from_secs);
        let inactivity = seconds("inactivity");
        let max_polling =
            inactivity.map_or(MAX_POLLING, |inactivity| MAX_POLLING.min(inactivity.checked_div(2).unwrap_or_default()));
        Self {
            wait: seconds("wait").unwrap_or(wait).min(wait),
            hold: if number("hold") == Some(0) { 0 } else { 1 },
            requests: if matches!(number("requests"), Some(0 | 1)) { 1 } else { MAX_REQUESTS },
            inactivity,
            polling: seconds("polling").unwrap_or(MIN_POLLING).min(max_polling).max(MIN_POLLING),
            maxpause: seconds("maxpause"),
            versioned: body.attribute("ver").is_some(),
            acks: body.attribute("ack").is_some(),
            secure: matches!(body.attribute("secure"), Some("true" | "1")),
        }
    }

    /// What is assumed of a session that another program began. Should the server wait longer than this, then its
    /// requests are repeated more often than need be, and nothing is lost.
    pub(super) fn assumed() -> Self {
        let unsaid = Element::new("body", ns::HTTP_BIND);
        Self { polling: ASSUMED_POLLING, ..Self::read(&unsaid, WAIT) }
    }

    /// How long a broken link is worth mending: afterwards the server has forgotten the session.
    pub(super) fn patience(&self) -> Duration {
        self.inactivity.unwrap_or(ASSUMED_PATIENCE).clamp(MIN_PATIENCE, MAX_PATIENCE)
    }
}

/// A number as BOSH writes it: digits and nothing else, within what a double holds.
pub(super) fn number(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| digits && *number <= MAX_RID)
}
