//! This page among those of its tab and of copies of that: which of them is the client, what becomes of the connections when
//! one leaves the page, and how it goes on when one comes back.

use std::{cell::Cell, rc::Rc, time::Duration};

use super::{DRIVER, Driver, close_socket, peek, stored, with};
use crate::{
    client::Client,
    platform::{clock, locks::Claim, storage, timer::Timer},
    store::cache::Part,
    stream::Input,
    time::Instant,
};

/// How long the page before this one may take to let go of what it was. Only a tab that is a copy waits so long.
const CLAIM_TIMEOUT: Duration = Duration::from_secs(1);

/// Calls `then` as soon as this page may go on with what an earlier one left, or has left it to the page that does: the
/// browser copies the storage of a tab that is duplicated, and the first one still uses what it keeps there.
pub fn claim(then: impl FnOnce() + 'static) {
    let then = Rc::new(Cell::new(Some(then)));
    let granted = then.clone();
    let claim = peek(|client| Claim::new(client.id()?, move || granted.take().into_iter().for_each(|then| then())));
    DRIVER.with(|driver| {
        // Where there is nothing to go on with, or nobody can know who else does, there is nothing to wait for.
        let Some(claim) = claim else { return then.take().into_iter().for_each(|then| then()) };
        driver.claim.replace(Some(claim));
        let denied = Timer::start(CLAIM_TIMEOUT, move || {
            if let Some(then) = then.take() {
                with(|client, _| client.leave_to_other());
                then();
            }
        });
        driver.patience.replace(denied);
    });
}

/// Somebody looks at the page again, or there is a network again.
pub(super) fn regain(client: &mut Client, now: Instant) {
    client.set_epoch(clock::epoch());
    client.set_visible(now, true);
    client.check_link(now);
}

/// Lets go of all connections without a word. What comes for a page that is left is for the next one, and the server
/// must not give it to a page that the browser may keep.
pub(super) fn sever(driver: &Driver) {
    close_socket(driver);
    driver.severed.borrow_mut().extend(driver.requests.take().iter().map(|(id, _)| *id));
}

/// The page is shown again after it was left. The tab has its storage in common with the pages in between.
pub(super) fn come_back() {
    let stores = DRIVER.with(|driver| driver.stores.get());
    let severed = DRIVER.with(|driver| driver.severed.take());
    with(|client, now| {
        if stores && client.is_outdated(storage::get(&Part::Session.key()).as_deref()) {
            client.catch_up(now, stored());
        } else {
            client.handle_input(now, Input::SocketClosed);
            severed.into_iter().for_each(|id| client.handle_input(now, Input::HttpFailed { id }));
        }
        regain(client, now);
    });
}

/// Claims what this page is, if that has changed. Nobody else can be it: there is nothing to wait for.
pub(super) fn hold(driver: &Driver) {
    let client = driver.client.borrow();
    let id = client.id().filter(|_| !driver.left.get());
    if driver.claim.borrow().as_ref().map(Claim::name) != id {
        driver.claim.replace(id.and_then(|id| Claim::new(id, || {})));
    }
}
