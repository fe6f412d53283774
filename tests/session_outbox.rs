//! What becomes of messages, whatever happens to the connection: scripts made up from a seed, of messages, losses,
//! resumptions, resumptions that fail, reloads and ends, against a server that keeps count.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod support;

use std::{collections::BTreeMap, time::Duration};

use converse_wasm::{
    client::Client,
    session::{Account, Delivery, SendError},
    stream::{Endpoint, Input},
    xml::{Element, ns},
};

use support::{
    link::Sent,
    managed::{BIND_AND_MANAGE, a, message, steadfast},
    peer::{BIND, BOSH_URL, BOUND, Script, mechanisms},
};

/// How many scripts are played against each server, and how long each is.
const SCRIPTS: u64 = 60;
const STEPS: u32 = 80;

const SHUTDOWN: &str = "<stream:error><system-shutdown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>";

/// What a server offers that resumes and binds in the exchange in which it authenticates.
const INLINE: &str = "<stream:features><authentication xmlns='urn:xmpp:sasl:2'><mechanism>PLAIN</mechanism><inline>\
    <sm xmlns='urn:xmpp:sm:3'/><bind xmlns='urn:xmpp:bind:0'><inline><feature var='urn:xmpp:sm:3'/></inline></bind>\
    </inline></authentication></stream:features>";

/// What a server does about what it may not have been sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    /// It resumes every stream.
    Resuming,
    /// It resumes a stream, or does not and says what it had, or does not and says nothing.
    Fickle,
    /// The same, but all of it in the exchange in which it authenticates.
    Inline,
    /// It has no stream management, and answers pings.
    Bare,
    /// It is a connection manager.
    Bosh,
}

/// What happens in a script.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Step {
    /// The page sends so many messages.
    Send(u64),
    /// The server deals with so many things that were sent to it.
    Serve(u64),
    /// The connection breaks; the server has, or has not, what was on its way then.
    Lose {
        arrived: bool,
    },
    /// No request arrives for so many milliseconds.
    Cut(u64),
    /// So many milliseconds pass.
    Wait(u64),
    /// The page thinks that the connection may be there again, or gone.
    Check,
    Reload,
    /// The server ends the stream.
    Shutdown,
    /// The page ends the session, and logs in again.
    End,
}

/// Numbers that follow from a seed (splitmix64).
struct Numbers(u64);

impl Numbers {
    /// A number below `bound`.
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound
    }

    fn step(&mut self) -> Step {
        match self.below(24) {
            0..8 => Step::Send(1 + self.below(3)),
            8..14 => Step::Serve(1 + self.below(12)),
            14..17 => Step::Lose { arrived: self.below(2) == 0 },
            17 => Step::Cut(self.below(20_000)),
            18..20 => Step::Wait(self.below(4_000)),
            20 => Step::Check,
            21 => Step::Reload,
            22 => Step::Shutdown,
            _ => Step::End,
        }
    }
}

/// A page and its server, and what each knows of the messages.
struct World {
    script: Script,
    kind: Kind,
    seed: u64,
    numbers: Numbers,
    /// What the server does depends on it: whether the client of this connection has proved who it is.
    authenticated: bool,
    /// The stream that the server counts on, by its number, and how many stanzas it has of it.
    stream: u32,
    counts: bool,
    handled: u32,
    /// How often it went on with a stream.
    resumptions: u64,
    /// The messages that the server has, in the order in which they came.
    arrived: Vec<u64>,
    /// The messages that the page handed over, with what it was told of each.
    told: BTreeMap<u64, Option<Delivery>>,
    /// How many it could not hand over.
    refused: u64,
    /// The answers to `<r/>` that the server owes.
    owed: u32,
}

impl World {
    fn new(kind: Kind, seed: u64) -> Self {
        let mut script = match kind {
            Kind::Bosh => Script::bosh(steadfast()),
            _ => Script::websocket(steadfast()),
        };
        script.fall_silent();
        let (arrived, told) = (Vec::new(), BTreeMap::new());
        let numbers = Numbers(seed);
        Self {
            script,
            kind,
            seed,
            numbers,
            authenticated: false,
            stream: 0,
            counts: false,
            handled: 0,
            resumptions: 0,
            arrived,
            told,
            refused: 0,
            owed: 0,
        }
    }

    fn act(&mut self, step: Step) {
        let bosh = self.kind == Kind::Bosh;
        match step {
            Step::Send(count) => (0..count).for_each(|_| self.send()),
            Step::Serve(count) => self.serve(count),
            Step::Lose { arrived } => {
                self.discard(arrived);
                self.script.drop_link();
            }
            Step::Cut(_) if !bosh => {}
            Step::Cut(duration) => {
                self.script.cut(true);
                self.script.drop_link();
                self.wait(duration);
                self.script.cut(false);
            }
            Step::Wait(duration) => self.wait(duration),
            Step::Check => self.script.act(Client::check_link),
            Step::Reload => {
                let arrived = self.numbers.below(2) == 0;
                self.discard(arrived);
                self.note_deliveries();
                assert!(self.script.reload(account(self.kind)), "there is always a way in");
            }
            Step::Shutdown if self.script.client.is_connected() => {
                self.discard(true);
                self.script.recv(SHUTDOWN);
            }
            Step::Shutdown => {}
            Step::End => {
                self.end();
                self.script.connect(account(self.kind));
            }
        }
        self.go_on();
    }

    /// The page takes in what it was told, and logs in again if the session is over: a first log-in that comes to nothing
    /// is not tried again.
    fn go_on(&mut self) {
        self.note_deliveries();
        if !self.script.client.status().is_under_way() {
            self.expect_all_told();
            self.script.connect(account(self.kind));
        }
        self.script.skip_events();
    }

    /// The page hands a message over.
    fn send(&mut self) {
        let number = self.told.len() as u64 + self.refused + 1;
        match self.script.send(&message(number)) {
            Ok(_) => _ = self.told.insert(number, None),
            // A log-in that failed is being ended.
            Err(SendError::NotConnected) => self.refused += 1,
            Err(error) => self.fail(&format!("{number} was refused: {error}")),
        }
    }

    fn wait(&mut self, milliseconds: u64) {
        self.script.advance(Duration::from_millis(milliseconds));
    }

    /// The server deals with `count` things at most.
    fn serve(&mut self, count: u64) {
        for _ in 0..count {
            for _ in 0..std::mem::take(&mut self.owed) {
                self.script.recv(&a(self.handled));
            }
            match self.script.poll_sent() {
                None => return,
                Some((sent, false)) => self.answer(sent),
                Some((sent, true)) => self.receive(&sent),
            }
        }
    }

    fn answer(&mut self, sent: Sent) {
        match sent {
            Sent::Connect(_) => {
                (self.authenticated, self.counts, self.owed) = (false, false, 0);
                if self.kind != Kind::Bosh {
                    self.script.input(Input::SocketOpened);
                }
            }
            Sent::Open(_) => {
                let features = match (self.authenticated, self.kind) {
                    (_, Kind::Inline) => INLINE.to_owned(),
                    (false, _) => mechanisms(&["PLAIN"]),
                    (true, Kind::Resuming | Kind::Fickle) => BIND_AND_MANAGE.to_owned(),
                    (true, Kind::Bare | Kind::Bosh) => BIND.to_owned(),
                };
                self.script.open_stream(&features);
            }
            Sent::Close => self.script.recv_close(),
            Sent::Element(element) if *element.namespace() == ns::CLIENT => {
                self.take(&element);
                self.answer_stanza(&element);
            }
            Sent::Element(element) => match element.name() {
                "auth" => {
                    self.authenticated = true;
                    self.script.recv("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
                }
                "authenticate" => self.answer_inline(&element),
                "enable" => {
                    let enabled = self.enable();
                    self.script.recv(&enabled);
                }
                "resume" => {
                    let (_, answer) = self.resume(&element);
                    self.script.recv(&answer);
                }
                // Now and then it takes its time.
                "r" if self.numbers.below(4) > 0 => self.script.recv(&a(self.handled)),
                "r" => self.owed += 1,
                "a" => {}
                other => self.fail(&format!("<{other}/> was not expected")),
            },
        }
    }

    /// Resumes, or binds, and says both in the answer to the log-in.
    fn answer_inline(&mut self, authenticate: &Element) {
        let wanted = |name: &str| authenticate.children().find(|child| child.name() == name);
        let (resumed, mut done) = wanted("resume").map_or((false, String::new()), |resume| self.resume(resume));
        if !resumed {
            assert!(wanted("bind").is_some_and(|bind| bind.children().any(|child| child.is("enable", &ns::SM))));
            done += &format!("<bound xmlns='urn:xmpp:bind:0'>{}</bound>", self.enable());
        }
        let address = "<authorization-identifier>juliet@capulet.lit/balcony</authorization-identifier>";
        self.script.recv(&format!("<success xmlns='urn:xmpp:sasl:2'>{address}{done}</success><stream:features/>"));
    }

    /// Begins to count.
    fn enable(&mut self) -> String {
        self.stream += 1;
        (self.counts, self.handled) = (true, 0);
        format!("<enabled xmlns='urn:xmpp:sm:3' id='s{}' resume='true'/>", self.stream)
    }

    /// Whether it resumes, and what it says.
    fn resume(&mut self, resume: &Element) -> (bool, String) {
        let known = resume.attribute("previd") == Some(&format!("s{}", self.stream));
        let handled = self.handled;
        let failed = |h: &str| format!("<failed xmlns='urn:xmpp:sm:3'{h}/>");
        match self.numbers.below(3) {
            _ if !known => (false, failed("")),
            0 if self.is_fickle() => (false, failed("")),
            1 if self.is_fickle() => (false, failed(&format!(" h='{handled}'"))),
            _ => {
                self.counts = true;
                self.resumptions += 1;
                (true, format!("<resumed xmlns='urn:xmpp:sm:3' h='{handled}' previd='s{}'/>", self.stream))
            }
        }
    }

    fn is_fickle(&self) -> bool {
        matches!(self.kind, Kind::Fickle | Kind::Inline)
    }

    fn answer_stanza(&mut self, stanza: &Element) {
        let id = stanza.attribute("id").unwrap_or_default();
        let Some(payload) = stanza.children().next().filter(|_| stanza.name() == "iq") else { return };
        match payload.name() {
            "bind" => self.script.recv(&BOUND.replace("$bind", id)),
            "query" => {
                self.script.recv(&format!("<iq type='result' id='{id}'><query xmlns='jabber:iq:roster'/></iq>"));
            }
            // As with <r/>, but who is asked for a sign of life by ping must give one.
            _ => self.script.recv(&format!("<iq type='result' id='{id}'/>")),
        }
    }

    /// A stanza has reached the server.
    fn take(&mut self, stanza: &Element) {
        self.handled += u32::from(self.counts);
        if stanza.name() == "message" {
            self.arrived.push(stanza.attribute("id").unwrap().parse().unwrap());
        }
    }

    /// What is on its way to the server when the connection breaks: it has arrived, or is lost. What was posted to a
    /// connection manager has arrived, and is answered when there is a request to answer again.
    fn discard(&mut self, arrived: bool) {
        if self.kind == Kind::Bosh {
            return;
        }
        while let Some((sent, _)) = self.script.poll_sent() {
            if arrived {
                self.receive(&sent);
            }
        }
        self.owed = 0;
    }

    /// Something has reached the server, whose answer would reach nobody.
    fn receive(&mut self, sent: &Sent) {
        match sent {
            Sent::Element(element) if *element.namespace() == ns::CLIENT => self.take(element),
            Sent::Element(element) if element.is("enable", &ns::SM) => drop(self.enable()),
            // It did what it was asked for, and nobody was told. A stream that it resumed is the same as before.
            Sent::Element(element)
                if element.name() == "authenticate" && !element.children().any(|child| child.is("resume", &ns::SM)) =>
            {
                drop(self.enable());
            }
            _ => {}
        }
    }

    fn end(&mut self) {
        self.script.disconnect();
        let count = self.numbers.below(10);
        self.serve(count);
        self.discard(false);
        self.wait(60_000);
        self.note_deliveries();
        // What was posted has arrived, even if its answer has not.
        while let Some((sent, _)) = self.script.poll_sent() {
            self.receive(&sent);
        }
        self.script.expect_end();
        self.expect_all_told();
    }

    fn expect_all_told(&self) {
        if let Some((number, _)) = self.told.iter().find(|(_, told)| told.is_none()) {
            self.fail(&format!("nothing was told of {number}"));
        }
    }

    fn note_deliveries(&mut self) {
        while let Some((id, delivery)) = self.script.poll_delivery() {
            let number = id.parse().unwrap();
            match self.told.insert(number, Some(delivery)) {
                Some(None) => {}
                Some(Some(before)) => self.fail(&format!("{before:?} of {id}, and then {delivery:?}")),
                None => self.fail(&format!("{delivery:?} of {id}, which nobody sent")),
            }
        }
    }

    /// Plays what is left to play until all is quiet.
    fn settle(&mut self) {
        for _ in 0..200 {
            self.serve(1_000);
            self.go_on();
            if self.script.client.is_connected() && self.told.values().all(Option::is_some) {
                return;
            }
            self.wait(1_000);
            self.go_on();
        }
        self.fail("what was sent is not dealt with");
    }

    #[track_caller]
    fn fail(&self, why: &str) -> ! {
        self.script.fail(&format!("{:?}, seed {}: {why}", self.kind, self.seed))
    }

    /// What must be true of every script.
    fn check(&self) {
        if let Some(pair) = self.arrived.windows(2).find(|pair| pair[0] >= pair[1]) {
            self.fail(&format!("{} arrived before {}", pair[0], pair[1]));
        }
        for (number, told) in &self.told {
            let arrived = self.arrived.contains(number);
            match told {
                Some(Delivery::Sent) if !arrived => self.fail(&format!("{number} has not arrived")),
                Some(Delivery::NotSent) if arrived => self.fail(&format!("{number} has arrived")),
                _ => {}
            }
        }
        self.expect_all_told();
    }
}

/// Who logs in there.
fn account(kind: Kind) -> Account {
    match kind {
        Kind::Bosh => Account { endpoint: Endpoint::Bosh(BOSH_URL.to_owned()), ..steadfast() },
        Kind::Resuming | Kind::Fickle | Kind::Inline | Kind::Bare => steadfast(),
    }
}

/// Plays scripts without the steps that `leave_out`, and returns what the page was told, and how many messages
/// were refused.
fn play(kind: Kind, leave_out: impl Fn(Step) -> bool) -> (Vec<Delivery>, u64) {
    let (mut all, mut refused, mut resumptions) = (Vec::new(), 0, 0);
    for seed in 0..SCRIPTS {
        let mut world = World::new(kind, seed);
        world.settle();
        for _ in 0..STEPS {
            let step = world.numbers.step();
            if !leave_out(step) {
                world.act(step);
            }
        }
        world.settle();
        world.check();
        all.extend(world.told.values().flatten());
        refused += world.refused;
        resumptions += world.resumptions;
    }
    assert_eq!(resumptions > SCRIPTS / 2, !matches!(kind, Kind::Bare | Kind::Bosh), "{resumptions}");
    (all, refused)
}

fn count(told: &[Delivery], delivery: Delivery) -> usize {
    told.iter().filter(|told| **told == delivery).count()
}

/// Everybody knows of each message what became of it, and nothing arrives twice or out of order. The figures show that
/// the scripts do something.
#[track_caller]
fn expect_all_three((told, _): (Vec<Delivery>, u64)) {
    let figures = [Delivery::Sent, Delivery::NotSent, Delivery::InDoubt].map(|delivery| count(&told, delivery));
    assert!(figures[0] > 1_000 && figures[1] > 20 && figures[2] > 20, "{figures:?}");
}

#[test]
fn nothing_vanishes_with_a_server_that_resumes() {
    expect_all_three(play(Kind::Resuming, |_| false));
}

#[test]
fn nothing_vanishes_with_a_server_that_may_resume() {
    expect_all_three(play(Kind::Fickle, |_| false));
}

#[test]
fn nothing_vanishes_with_a_server_that_may_resume_as_it_authenticates() {
    expect_all_three(play(Kind::Inline, |_| false));
}

#[test]
fn nothing_vanishes_with_a_server_that_does_not_count() {
    expect_all_three(play(Kind::Bare, |_| false));
}

#[test]
fn nothing_vanishes_over_bosh() {
    expect_all_three(play(Kind::Bosh, |_| false));
}

/// Whether it ends a stream for good, which leaves in doubt what was not acknowledged.
fn ends(step: Step) -> bool {
    matches!(step, Step::Shutdown | Step::End)
}

#[test]
fn everything_arrives_where_every_stream_is_resumed() {
    let (told, refused) = play(Kind::Resuming, ends);
    // A stream that breaks before the server has agreed to count has no name to be resumed by.
    let doubted = count(&told, Delivery::InDoubt);
    assert_eq!((count(&told, Delivery::NotSent), refused), (0, 0));
    assert!(doubted * 50 < told.len(), "{doubted} of {} in doubt", told.len());
}

#[test]
fn everything_arrives_over_a_bosh_session_that_is_not_ended() {
    // A connection manager forgets a session that it does not hear of for long.
    let (told, refused) = play(Kind::Bosh, |step| ends(step) || matches!(step, Step::Cut(3_000..)));
    assert_eq!((count(&told, Delivery::InDoubt), count(&told, Delivery::NotSent), refused), (0, 0, 0));
}
