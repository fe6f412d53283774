//! Joins the core to the browser: the only place that feeds the one and operates the other.
//!
//! JavaScript is called from [`pump`] alone, when nothing of the core is borrowed. So a handler may call back into the
//! API, throw, or do both.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
    vec,
};

mod pages;
mod uploads;

pub use self::{
    pages::claim,
    uploads::{file_of, upload},
};
use self::{
    pages::{come_back, hold, regain, sever},
    uploads::{Uploads, carry},
};
use crate::{
    client::{Client, Event},
    platform::{
        activity,
        attention::{Attention, watch},
        clock,
        http::Request,
        locks::Claim,
        normalizer,
        random::Crypto,
        socket::{Socket, SocketEvent},
        storage,
        timer::Timer,
        turn::Turn,
    },
    store::cache::Part,
    stream::{Input, RequestId, Transmit},
    time::Instant,
    xml::Reading,
};

/// What the page's half of the library does with an event.
pub type Sink = Rc<dyn Fn(Event)>;

/// What is shown each text that goes over the wire, and whether it was sent.
pub type Watcher = Rc<dyn Fn(bool, &str)>;

/// How long what the socket has brought is taken in before the page gets a turn, to paint or to answer its user.
const TURN: Duration = Duration::from_millis(10);

/// So many events are told in one turn, however long that takes: what one stanza changes is seen at once, unless it is a roster.
const MANY: usize = 100;

/// The longest text that is read at once, in bytes: a roster of some five hundred contacts.
const LONG: usize = 64 * 1024;

/// How many elements and texts of a longer one are read between two looks at the clock.
const PART: usize = 1_000;

struct Driver {
    client: RefCell<Client>,
    sink: RefCell<Option<Sink>>,
    watcher: RefCell<Option<Watcher>>,
    socket: RefCell<Option<Socket>>,
    /// What was taken of what the socket has brought, and the core has not been given: the server still has it, should the page
    /// go now.
    incoming: RefCell<vec::IntoIter<SocketEvent>>,
    /// The text before those, if it is a long one.
    reading: RefCell<Option<Reading>>,
    /// The task in which the core is given that, all that came until then at once.
    turn: Turn,
    /// That task is on its way.
    asked: Cell<bool>,
    /// The requests under way: two at most, while BOSH is whole.
    requests: RefCell<Vec<(RequestId, Request)>>,
    uploads: RefCell<Uploads>,
    /// Those that were given up because the page was left.
    severed: RefCell<Vec<RequestId>>,
    timer: RefCell<Option<Timer>>,
    /// When the timer goes off.
    due: Cell<Option<Instant>>,
    /// Whether the core may leave something in the page's storage.
    stores: Cell<bool>,
    /// Keeps other pages from being the client that this one is.
    claim: RefCell<Option<Claim>>,
    /// Ends the waiting for that.
    patience: RefCell<Option<Timer>>,
    /// The page is being left: what it was is up to the next one.
    left: Cell<bool>,
    /// Whether [`pump`] is at work further down the stack.
    pumping: Cell<bool>,
    /// Whether plugins are told the rest in the next turn.
    untold: Cell<bool>,
}

thread_local! {
    static DRIVER: Driver = Driver::new();
    /// Whether the code that takes in more than a log-in is on its way. It may be before there is a driver, which begins with
    /// what the page's storage has when it is needed.
    static AWAITS_LATER: Cell<bool> = const { Cell::new(false) };
    /// Whether something was left to wait for that.
    static HELD: Cell<bool> = const { Cell::new(false) };
}

impl Driver {
    fn new() -> Self {
        normalizer::lend();
        activity::watch(|| with(|client, now| client.handle_activity(now)));
        watch(|attention| {
            DRIVER.with(|driver| driver.left.set(attention == Attention::Leaving));
            match attention {
                Attention::Regained => with(regain),
                Attention::Returned => come_back(),
                Attention::Lost => with(|client, now| client.set_visible(now, false)),
                Attention::Leaving => {
                    with(|client, _| client.flush());
                    DRIVER.with(sever);
                }
            }
        });
        Self {
            client: RefCell::new(load(Client::new(Crypto))),
            sink: RefCell::default(),
            watcher: RefCell::default(),
            socket: RefCell::default(),
            incoming: RefCell::default(),
            reading: RefCell::default(),
            turn: Turn::new(take_in),
            asked: Cell::new(false),
            requests: RefCell::default(),
            uploads: RefCell::default(),
            severed: RefCell::default(),
            timer: RefCell::default(),
            due: Cell::default(),
            stores: Cell::new(true),
            claim: RefCell::default(),
            patience: RefCell::default(),
            left: Cell::new(false),
            pumping: Cell::new(false),
            untold: Cell::new(false),
        }
    }

    /// Whether something that has come is still to be taken in, so that nobody can say what is late.
    fn is_behind(&self) -> bool {
        self.is_held() || self.reading.borrow().is_some() || self.has_come()
    }

    /// Whether the socket has brought something that the core has not been given.
    fn has_come(&self) -> bool {
        !self.incoming.borrow().as_slice().is_empty() || self.socket.borrow().as_ref().is_some_and(Socket::has_told)
    }

    /// The next thing that the socket has brought.
    fn next(&self) -> Option<SocketEvent> {
        let mut incoming = self.incoming.borrow_mut();
        if incoming.as_slice().is_empty()
            && let Some(socket) = &*self.socket.borrow()
        {
            *incoming = socket.take().into_iter();
        }
        incoming.next()
    }

    /// Whether what the socket brings is to wait: it is not, until somebody is logged in and has the contacts.
    fn is_held(&self) -> bool {
        let is_held = AWAITS_LATER.get() && self.client.borrow().store().contacts.fetched;
        HELD.set(is_held);
        is_held
    }
}

/// Says where events go from now on, and whether the session may be kept in the page's storage.
pub fn start(sink: Sink, stores: bool) {
    DRIVER.with(|driver| {
        driver.sink.replace(Some(sink));
        driver.stores.set(stores);
    });
}

/// Says whether anything may be kept in the page's storage from now on.
pub fn set_stores(stores: bool) {
    DRIVER.with(|driver| driver.stores.set(stores));
}

/// Says whether the second half of the wasm is on its way.
pub fn await_later(awaited: bool) {
    AWAITS_LATER.set(awaited);
    if !awaited && HELD.take() {
        pump();
    }
}

/// The time now.
pub fn now() -> Instant {
    clock::now()
}

/// Says who is shown what goes over the wire from now on.
pub fn watch_wire(watcher: Watcher) {
    DRIVER.with(|driver| drop(driver.watcher.replace(Some(watcher))));
}

/// Lets `f` look at the core.
pub fn peek<R>(f: impl FnOnce(&Client) -> R) -> R {
    DRIVER.with(|driver| f(&driver.client.borrow()))
}

/// Lets `f` work on the core, and does what follows from it.
pub fn with<R>(f: impl FnOnce(&mut Client, Instant) -> R) -> R {
    let result = DRIVER.with(|driver| f(&mut driver.client.borrow_mut(), clock::now()));
    pump();
    result
}

/// Carries out everything the core wants, until it wants nothing more. Called while it is at work already, it leaves
/// the work to that call.
fn pump() {
    pump_with(None, |_| false);
}

/// Gives the core what the socket has brought, and carries out what follows from each thing before the next.
fn take_in() {
    DRIVER.with(|driver| driver.asked.set(false));
    let end = clock::now() + TURN;
    pump_with(Some(end), |driver| {
        let now = clock::now();
        if now > end {
            return false;
        }
        let read = driver.reading.borrow_mut().as_mut().map(|reading| reading.go_on(PART));
        if let Some(read) = read {
            if let Some(frame) = read {
                driver.reading.replace(None);
                driver.client.borrow_mut().handle_input(now, Input::SocketRead(frame));
            }
            return true;
        }
        if driver.is_held() {
            return false;
        }
        let Some(event) = driver.next() else { return false };
        if let SocketEvent::Received(frame) = &event {
            show(false, frame);
        }
        let client = &mut *driver.client.borrow_mut();
        match event {
            SocketEvent::Opened => client.handle_input(now, Input::SocketOpened),
            SocketEvent::Received(frame) if frame.len() > LONG => {
                drop(driver.reading.replace(Some(Reading::new(frame))))
            }
            SocketEvent::Received(frame) => client.handle_input(now, Input::SocketReceived(&frame)),
            SocketEvent::Closed => client.handle_input(now, Input::SocketClosed),
        }
        true
    });
}

/// Carries out everything the core wants, as long as `next` gives it something new. What is to be kept is stored once for
/// all of that, or before something is sent. If there is much to be told, what has not been at `end` is in the next turn.
fn pump_with(end: Option<Instant>, next: impl Fn(&Driver) -> bool) {
    DRIVER.with(|driver| {
        if driver.pumping.replace(true) {
            return;
        }
        let untold = loop {
            match carry_out(driver, end) {
                Carried::Part => break true,
                _ if next(driver) => continue,
                _ => store(driver),
            }
            // There may have been no room.
            match carry_out(driver, end) {
                Carried::Nothing => break false,
                Carried::Part => break true,
                Carried::Everything => {}
            }
        };
        driver.untold.set(untold);
        driver.pumping.set(false);
        hold(driver);
        restart_timer(driver);
        ask_for_turn(driver);
    });
}

/// What there was to be carried out.
enum Carried {
    Nothing,
    Everything,
    /// The turn was over before everything was.
    Part,
}

/// Sends, and tells plugins.
fn carry_out(driver: &Driver, end: Option<Instant>) -> Carried {
    let mut worked = false;
    loop {
        let now = clock::now();
        while let Some(transmit) = poll(driver, |client| client.poll_transmit(now)) {
            // Stored first: a page that is gone after this line can go on from there.
            store(driver);
            perform(driver, transmit);
            worked = true;
        }
        while let Some(transfer) = poll(driver, Client::poll_transfer) {
            carry(driver, transfer);
            worked = true;
        }
        if worked && end.is_some_and(|end| now > end) && driver.client.borrow().untold() > MANY {
            return Carried::Part;
        }
        let Some(event) = poll(driver, Client::poll_event) else {
            return if worked { Carried::Everything } else { Carried::Nothing };
        };
        worked = true;
        if event == Event::Reset {
            driver.uploads.borrow_mut().forget_files();
        }
        let sink = driver.sink.borrow().clone();
        if let Some(sink) = sink {
            sink(event);
        }
    }
}

/// Gives the core what an earlier page left in the storage.
fn load(mut client: Client) -> Client {
    client.set_epoch(clock::epoch());
    for (part, stored) in stored() {
        client.load(part, &stored);
    }
    client
}

/// What the storage holds.
fn stored() -> impl Iterator<Item = (Part, String)> {
    storage::keys().into_iter().filter_map(|key| Some((Part::from_key(&key)?, storage::get(&key)?)))
}

fn poll<R>(driver: &Driver, poll: impl FnOnce(&mut Client) -> Option<R>) -> Option<R> {
    poll(&mut driver.client.borrow_mut())
}

fn store(driver: &Driver) {
    while let Some(write) = poll(driver, Client::poll_write) {
        match write.content {
            Some(content) if driver.stores.get() => {
                let key = write.part.key();
                if !storage::set(&key, &content) {
                    // Better nothing than what was true once.
                    storage::remove(&key);
                    if storage::is_there() {
                        driver.client.borrow_mut().handle_full(write.part);
                    }
                }
            }
            _ => storage::remove(&write.part.key()),
        }
    }
}

fn perform(driver: &Driver, transmit: Transmit) {
    match transmit {
        Transmit::SocketOpen { url } => open_socket(driver, &url),
        Transmit::SocketSend(frame) => {
            show(true, &frame);
            if let Some(socket) = &*driver.socket.borrow() {
                socket.send(&frame);
            }
        }
        Transmit::SocketClose => close_socket(driver),
        Transmit::HttpPost { id, url, body } => post(driver, id, &url, &body),
        Transmit::HttpAbort { id } => forget(driver, id),
    }
}

/// Shows a text that was sent, or came. Nothing of the core is borrowed.
fn show(sent: bool, text: &str) {
    let watcher = DRIVER.with(|driver| driver.watcher.borrow().clone());
    if let Some(watcher) = watcher {
        watcher(sent, text);
    }
}

fn open_socket(driver: &Driver, url: &str) {
    close_socket(driver);
    let socket = Socket::open(url, || DRIVER.with(ask_for_turn));
    match socket {
        Ok(socket) => drop(driver.socket.replace(Some(socket))),
        Err(_) => driver.client.borrow_mut().handle_input(clock::now(), Input::SocketClosed),
    }
}

/// Lets go of the socket, and of what it has brought that nobody has seen.
fn close_socket(driver: &Driver) {
    drop(driver.socket.take());
    driver.incoming.take();
    driver.reading.replace(None);
}

/// Asks for a turn if something waits for one: what the socket has brought, or what plugins are to be told.
fn ask_for_turn(driver: &Driver) {
    let has_come = driver.has_come() && !driver.is_held();
    let waits = driver.untold.get() || driver.reading.borrow().is_some() || has_come;
    if waits && !driver.asked.replace(true) {
        driver.turn.ask();
    }
}

fn post(driver: &Driver, id: RequestId, url: &str, body: &str) {
    show(true, body);
    let request = Request::post(url, body, move |answer| {
        if let Some(answer) = &answer {
            show(false, &answer.body);
        }
        DRIVER.with(|driver| forget(driver, id));
        with(|client, now| match answer {
            Some(answer) => {
                client.handle_input(now, Input::HttpAnswered { id, status: answer.status, body: &answer.body });
            }
            None => client.handle_input(now, Input::HttpFailed { id }),
        });
    });
    match request {
        Ok(request) => driver.requests.borrow_mut().push((id, request)),
        Err(_) => driver.client.borrow_mut().handle_input(clock::now(), Input::HttpFailed { id }),
    }
}

/// Drops the request `id`, which gives it up if it is still under way.
fn forget(driver: &Driver, id: RequestId) {
    driver.requests.borrow_mut().retain(|(other, _)| *other != id);
}

/// A timer that goes off too early finds nothing to do, and is started again. That is cheaper than a new one for each frame,
/// every one of which puts off what is due when nothing comes.
fn restart_timer(driver: &Driver) {
    let Some(due) = driver.client.borrow().poll_timeout() else { return };
    if driver.due.get().is_some_and(|set| set <= due) {
        return;
    }
    driver.due.set(Some(due));
    let delay = due.saturating_duration_since(clock::now());
    let timer = Timer::start(delay, || {
        // What is waited for may be here already.
        take_in();
        DRIVER.with(|driver| driver.due.set(None));
        // If it may be among the rest, that comes first: the next turn starts the timer again.
        if !DRIVER.with(Driver::is_behind) {
            with(|client, now| client.handle_timeout(now));
        }
    });
    driver.timer.replace(timer);
}
