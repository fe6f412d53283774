//! The scripted peer: a test says what arrives, what must be sent, and what the page must be told.
//!
//! ```ignore
//! let mut script = Script::online();
//! script.recv("<iq type='get' id='p1' from='capulet.lit'><ping xmlns='urn:xmpp:ping'/></iq>");
//! script.expect_sent("<iq type='result' id='p1' to='capulet.lit'/>");
//! script.expect_silence();
//! ```
//!
//! The same script plays over WebSocket and over BOSH, see [`on_both`]. In stanzas, `*` stands for any value; `$name`
//! too, and is that value until the next log-in. Time passes in [`Script::advance`] only, and ids count from one. What goes
//! wrong is told with the conversation so far. [`Script::by_hand`] and [`Script::input`] reach below the stream.

mod expect;

use std::{
    cell::Cell,
    collections::{HashMap, VecDeque},
    rc::Rc,
    time::Duration,
};

use converse_wasm::{
    client::{Client, Event, Options},
    jid::BareJid,
    random::Random,
    session::{Account, Delivery, SendError},
    store::{Change, cache::Part},
    stream::{
        Endpoint, Input, Ticket, Transmit,
        bosh::SPACING,
        sasl::{Credentials, Policy, Secret},
    },
    time::Instant,
};

use super::{
    link::{self, Link, Sent},
    pattern::{Names, fill_in, stanza, stanzas},
};

pub const WEBSOCKET_URL: &str = "wss://capulet.lit/xmpp-websocket";
pub const BOSH_URL: &str = "https://capulet.lit/http-bind";
/// What a server offers once somebody is authenticated.
pub const BIND: &str = "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>";
/// The answer to that somebody's request, bound by the name `bind`.
pub const BOUND: &str = "<iq type='result' id='$bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>\
    <jid>juliet@capulet.lit/balcony</jid></bind></iq>";

/// A client, its platform, and the server.
pub struct Script {
    pub client: Client,
    pub now: Instant,
    /// What the settings say at the next log-in; whether there are carbons, the account says.
    pub options: Options,
    /// Whether the client asks what its server can do and says what it can itself, which most scripts are not about.
    pub discovers: bool,
    /// Whether the client reads archives by itself, which most scripts are not about.
    pub reads_archives: bool,
    /// What the page's storage holds.
    pub stored: HashMap<String, String>,
    link: Link,
    random: Rc<Cell<u128>>,
    domain: String,
    events: VecDeque<Event>,
    /// What became of stanzas, by their ids: told at any time, and so kept apart.
    deliveries: VecDeque<(String, Delivery)>,
    /// What became of entities: told by the dozen, and so kept apart.
    changes: VecDeque<Change>,
    /// What is to be played by hand, if that is how the link is played.
    transmits: Option<VecDeque<Transmit>>,
    names: Names,
    log: Vec<String>,
}

/// Randomness that counts, so that ids can be foretold.
struct Counting(Rc<Cell<u128>>);

impl Random for Counting {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.0.set(self.0.get() + 1);
        let number = self.0.get().to_be_bytes();
        bytes.iter_mut().rev().zip(number.into_iter().rev().chain(std::iter::repeat(0))).for_each(|(b, n)| *b = n);
    }
}

/// Plays the same conversation over WebSocket and over BOSH.
#[track_caller]
pub fn on_both(conversation: impl Fn(Script)) {
    conversation(Script::websocket(juliet()));
    conversation(Script::bosh(juliet()));
}

/// The same with a client that is online already.
#[track_caller]
pub fn online_on_both(conversation: impl Fn(Script)) {
    on_both(|mut script| {
        script.log_in();
        script.settle();
        conversation(script);
    });
}

/// The account of most scripts; the constructors of [`Script`] say where its server is.
pub fn juliet() -> Account {
    Account {
        endpoint: Endpoint::WebSocket(WEBSOCKET_URL.to_owned()),
        jid: BareJid::new("juliet@capulet.lit").ok(),
        domain: "capulet.lit".to_owned(),
        resource: None,
        credentials: Some(Credentials::Password {
            username: "juliet".to_owned(),
            password: Secret::from("r0m30myr0m30"),
        }),
        prebound: None,
        prebinds: false,
        policy: Policy { plaintext_allowed: true, ..Policy::default() },
        wants_token: false,
        reconnect: false,
        carbons: false,
        ping_interval: None,
    }
}

/// The features of a server that has these SASL mechanisms.
pub fn mechanisms(names: &[&str]) -> String {
    let names: String = names.iter().map(|name| format!("<mechanism>{name}</mechanism>")).collect();
    format!(
        "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{names}</mechanisms></stream:features>"
    )
}

pub const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Beginnings.
impl Script {
    /// A client that has been asked to log in over WebSocket.
    pub fn websocket(account: Account) -> Self {
        Self::connecting(Account { endpoint: Endpoint::WebSocket(WEBSOCKET_URL.to_owned()), ..account })
    }

    /// A client that has been asked to log in over BOSH.
    pub fn bosh(account: Account) -> Self {
        Self::connecting(Account { endpoint: Endpoint::Bosh(BOSH_URL.to_owned()), ..account })
    }

    /// A client that is online over WebSocket, and has nothing more to say about it.
    pub fn online() -> Self {
        Self::online_with(juliet())
    }

    /// The same with another account than [`juliet`]'s.
    pub fn online_with(account: Account) -> Self {
        let mut script = Self::websocket(account);
        script.log_in();
        script.settle();
        script
    }

    fn connecting(account: Account) -> Self {
        let mut script = Self::offline();
        script.connect(account);
        script
    }

    /// A client that nobody has asked for anything.
    pub fn offline() -> Self {
        let random = Rc::default();
        Self {
            client: Client::new(Counting(Rc::clone(&random))),
            now: Instant::default(),
            // Most conversations are with somebody who is in no roster, and time passes without anybody to touch a key.
            options: Options { allow_non_roster_messaging: true, idle_presence_timeout: None, ..Options::default() },
            discovers: false,
            reads_archives: false,
            stored: HashMap::new(),
            link: Link::default(),
            random,
            domain: String::new(),
            events: VecDeque::new(),
            deliveries: VecDeque::new(),
            changes: VecDeque::new(),
            transmits: None,
            names: Names::new(),
            log: Vec::new(),
        }
    }

    /// The page asks to log in.
    pub fn connect(&mut self, account: Account) {
        self.domain.clone_from(&account.domain);
        self.names.clear();
        self.note("page", "logs in");
        let (message_carbons, discovery, archive) = (account.carbons, self.discovers, self.reads_archives);
        self.client.set_options(Options { message_carbons, discovery, archive, ..self.options.clone() });
        self.act(|client, now| client.log_in(now, account));
    }

    /// The page does something that leads to this domain, and is no log-in.
    pub fn visit(&mut self, domain: &str, action: impl FnOnce(&mut Client, Instant)) {
        domain.clone_into(&mut self.domain);
        self.names.clear();
        self.act(action);
    }

    /// The next `$name` may have another value.
    pub fn forget_name(&mut self, name: &str) {
        self.names.remove(name);
    }

    /// The page asks to log in again, over the same transport.
    pub fn connect_again(&mut self) {
        self.connect(match self.link.over_bosh {
            true => Account { endpoint: Endpoint::Bosh(BOSH_URL.to_owned()), ..juliet() },
            false => juliet(),
        });
    }

    /// Plays a log-in from the connection to the bound resource.
    #[track_caller]
    pub fn log_in(&mut self) {
        self.accept();
        self.open_stream(&mechanisms(&["PLAIN"]));
        self.expect_sent("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>*</auth>");
        self.recv("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
        self.bind();
    }

    /// The same of a page that was loaded anew, and asks for the resource that it had.
    #[track_caller]
    pub fn log_in_again(&mut self) {
        self.accept();
        self.open_stream(&mechanisms(&["PLAIN"]));
        self.expect_sent("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>*</auth>");
        self.recv("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
        self.expect_open();
        self.open_stream(BIND);
        self.expect_sent(
            "<iq type='set' id='$bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>\
             <resource>balcony</resource></bind></iq>",
        );
        self.recv(BOUND);
    }

    /// Plays what comes after authentication: the stream is opened anew and a resource bound.
    #[track_caller]
    pub fn bind(&mut self) {
        self.expect_open();
        self.open_stream(BIND);
        self.expect_sent("<iq type='set' id='$bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
        self.recv(BOUND);
    }

    /// Plays a server that has an empty roster and else nothing to offer, until the client has no more questions; what
    /// was sent and told until then is forgotten.
    pub fn settle(&mut self) {
        while let Some(sent) = self.next_sent() {
            let Sent::Element(iq) = &sent else { continue };
            let (id, kind) = (iq.attribute("id").unwrap_or_default(), iq.attribute("type"));
            let roster = iq.children().any(|child| child.namespace().as_str() == "jabber:iq:roster");
            match (iq.name(), kind) {
                ("iq", Some("get")) if roster => {
                    self.recv(&format!("<iq type='result' id='{id}'><query xmlns='jabber:iq:roster'/></iq>"));
                }
                ("iq", Some("get" | "set")) => self.recv(&format!(
                    "<iq type='error' id='{id}'><error type='cancel'>\
                     <service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
                )),
                _ => {}
            }
        }
        self.forget();
    }
}

/// What the server and the network do.
impl Script {
    /// The connection that the client wants comes to be, and the client opens the stream.
    #[track_caller]
    pub fn accept(&mut self) {
        self.names.clear();
        self.expect_connect();
        self.open();
    }

    /// The connection that was expected comes to be, and the client opens the stream.
    #[track_caller]
    pub fn open(&mut self) {
        if !self.link.over_bosh {
            self.input(Input::SocketOpened);
        }
        self.expect_open();
    }

    /// The connection that the client wants does not come to be.
    #[track_caller]
    pub fn refuse(&mut self) {
        self.expect_connect();
        self.link.sent.clear();
        self.drop_link();
    }

    /// From now on the server answers no ping by itself; pings are to be expected like everything else.
    pub fn fall_silent(&mut self) {
        self.link.silent = true;
    }

    /// Another program begins a BOSH session at the server, and leaves the requests from `rid` on to this client.
    pub fn prebind(&mut self, rid: u64) {
        self.link.prebind(rid);
    }

    /// From now on no request over BOSH arrives, or all do again.
    pub fn cut(&mut self, cut: bool) {
        self.note("link", if cut { "takes nothing any more" } else { "takes requests again" });
        self.link.cut = cut;
    }

    /// The connection breaks: the socket closes, the requests under way fail.
    pub fn drop_link(&mut self) {
        self.note("link", "breaks");
        if !self.link.over_bosh {
            self.link.socket = false;
            return self.input(Input::SocketClosed);
        }
        for id in self.link.drop_requests() {
            self.input(Input::HttpFailed { id });
        }
    }

    /// The server opens its side of the stream and says what it offers.
    pub fn open_stream(&mut self, features: &str) {
        let features = stanza(features).to_xml().expect("features that can be written");
        let deliveries = self.link.open(&self.domain, &features);
        self.deliver(deliveries);
    }

    /// The server sends these elements.
    #[track_caller]
    pub fn recv(&mut self, xml: &str) {
        let deliveries = self.link.deliver(&stanzas(&fill_in(xml, &self.names)));
        self.deliver(deliveries);
    }

    /// The server sends these elements over a WebSocket, and nothing of what comes of it is looked at yet.
    pub fn arrive(&mut self, xml: &str) {
        for element in stanzas(&fill_in(xml, &self.names)) {
            let text = element.to_xml().expect("an element that can be written");
            self.client.handle_input(self.now, Input::SocketReceived(&text));
        }
    }

    /// The server sends these elements, and the network loses them: over BOSH with the answer that they were in, over
    /// WebSocket because the link is broken and nobody knows yet.
    #[track_caller]
    pub fn recv_lost(&mut self, xml: &str) {
        for delivery in self.link.deliver(&stanzas(&fill_in(xml, &self.names))) {
            self.note("lost", &format!("{delivery:?}"));
            if let link::Delivery::Answer { id, .. } = delivery {
                self.input(Input::HttpFailed { id });
            }
        }
    }

    /// The server sends this text: a frame, or the whole answer to a request.
    pub fn recv_raw(&mut self, text: &str) {
        let deliveries = self.link.deliver_raw(text);
        self.deliver(deliveries);
    }

    /// The server closes the stream.
    pub fn recv_close(&mut self) {
        let deliveries = self.link.close();
        self.deliver(deliveries);
    }

    /// Time passes, and what is due in it happens.
    #[track_caller]
    pub fn advance(&mut self, duration: Duration) {
        self.note("time", &format!("{duration:?} pass"));
        let end = self.now + duration;
        let mut rounds = 0;
        while let Some(due) = self.client.poll_timeout().filter(|due| *due <= end) {
            rounds += 1;
            if rounds > 100_000 {
                self.fail("a timeout that is due for ever");
            }
            self.now = self.now.max(due);
            self.act(Client::handle_timeout);
        }
        self.now = end;
    }

    /// The platform reports this.
    pub fn input(&mut self, input: Input<'_>) {
        self.note("server", &format!("{input:?}"));
        self.act(|client, now| client.handle_input(now, input));
    }
}

/// What the page does.
impl Script {
    /// The page asks the client for something.
    pub fn act<R>(&mut self, action: impl FnOnce(&mut Client, Instant) -> R) -> R {
        let result = action(&mut self.client, self.now);
        self.run();
        result
    }

    /// The page sends a stanza.
    pub fn send(&mut self, xml: &str) -> Result<Ticket, SendError> {
        let stanza = stanza(&fill_in(xml, &self.names));
        self.act(|client, now| client.send(now, stanza))
    }

    /// Sees to it that the next random number is `number` of 256 parts of the highest.
    pub fn throw(&mut self, number: u8) {
        // Further on, so that no id comes up twice.
        let next = (self.random.get() | 0xff) + 1 + u128::from(number);
        self.random.set(next - 1);
    }

    /// The page ends the session.
    pub fn disconnect(&mut self) {
        self.note("page", "disconnects");
        self.act(Client::log_out);
    }

    /// The page is loaded anew and asks to log in as `account`: its connections are gone, its storage is there. `false`,
    /// and nothing asked, if there is nothing that leads in.
    pub fn reload(&mut self, account: Account) -> bool {
        self.note("page", "is loaded anew");
        self.link.drop_requests();
        self.link.socket = false;
        self.events.clear();
        self.client = Client::new(Counting(Rc::clone(&self.random)));
        for (key, stored) in &self.stored {
            if let Some(part) = Part::from_key(key) {
                self.client.load(part, stored);
            }
        }
        let leads_in = account.credentials.is_some() || self.client.can_go_on(&account);
        if leads_in {
            self.connect(account);
        }
        leads_in
    }

    /// Another page of the tab is shown, which asks to log in as `account`. The browser keeps the first as it is.
    pub fn leave(&mut self, account: Account) -> Client {
        self.act(|client, _| client.flush());
        let kept = std::mem::replace(&mut self.client, Client::new(Counting(Rc::clone(&self.random))));
        self.reload(account);
        kept
    }

    /// The tab goes back to a page that the browser has kept, without its connections.
    pub fn go_back(&mut self, kept: Client) {
        self.note("page", "is shown again");
        self.link.drop_requests();
        self.link.socket = false;
        self.events.clear();
        self.client = kept;
        let session = self.stored_of(&Part::Session).map(str::to_owned);
        let stored = self.stored.clone();
        let stored = stored.iter().filter_map(|(key, stored)| Some((Part::from_key(key)?, stored.clone())));
        match self.client.is_outdated(session.as_deref()) {
            true => self.act(|client, now| client.catch_up(now, stored)),
            false => {
                self.input(Input::SocketClosed);
                self.act(Client::check_link);
            }
        }
    }

    /// What the page's storage holds of `part`.
    pub fn stored_of(&self, part: &Part) -> Option<&str> {
        self.stored.get(&*part.key()).map(String::as_str)
    }

    /// From now on the test plays the link: see [`Self::expect_transmit`] and [`Self::input`].
    pub fn by_hand(&mut self) {
        self.transmits.get_or_insert_default();
    }
}

impl Script {
    /// What the client does next on the stream; over BOSH it may hold that back until the last request is ahead enough.
    fn next_sent(&mut self) -> Option<Sent> {
        if self.link.sent.is_empty() && self.link.over_bosh {
            self.advance(SPACING);
        }
        self.link.sent.pop_front()
    }

    fn deliver(&mut self, deliveries: Vec<link::Delivery>) {
        for delivery in deliveries {
            match delivery {
                link::Delivery::Frame(frame) => self.input(Input::SocketReceived(&frame)),
                link::Delivery::Answer { id, body } => self.input(Input::HttpAnswered { id, status: 200, body: &body }),
            }
        }
    }

    /// Carries out what the client wants, in the order in which a page does it.
    fn run(&mut self) {
        loop {
            while let Some(transmit) = self.client.poll_transmit(self.now) {
                self.store();
                self.note("client", &format!("{transmit:?}"));
                match &mut self.transmits {
                    Some(transmits) => transmits.push_back(transmit),
                    None => self.link.take(transmit),
                }
            }
            self.store();
            let Some(event) = self.client.poll_event() else { break };
            self.note("told", &format!("{event:?}"));
            match event {
                Event::Delivery { id, delivery } => self.deliveries.push_back((id, delivery)),
                Event::Changed(change) => self.changes.push_back(change),
                // Who said so knows it.
                Event::Visibility(_) => {}
                Event::Reset => self.changes.clear(),
                event => self.events.push_back(event),
            }
        }
        for id in self.link.take_lost() {
            self.input(Input::HttpFailed { id });
        }
        if let Some(delivery) = self.link.due() {
            self.deliver(vec![delivery]);
        }
    }

    fn store(&mut self) {
        while let Some(write) = self.client.poll_write() {
            self.note("stored", write.content.as_deref().unwrap_or("nothing"));
            match write.content {
                Some(content) => self.stored.insert(write.part.key().into_owned(), content),
                None => self.stored.remove(&*write.part.key()),
            };
        }
    }

    fn note(&mut self, who: &str, what: &str) {
        let now = self.now.saturating_duration_since(Instant::default());
        self.log.push(format!("{:>9.3}s {who:>6}: {what}", now.as_secs_f64()));
    }
}
