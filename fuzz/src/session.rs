//! The whole core under a script: what servers and contacts send, what the page does, time, faults and reloads.
//!
//! The first line says who logs in and how, a letter each (see [`World::new`]). Each line after that is a step, by its first
//! character:
//!
//! - `<` what the server sends, in its stream; `!` the same as it is, whatever it is
//! - `*` the same made up of bytes, each of which chooses a part (`fragments.rs`)
//! - `=` what answers the oldest open request, `#` the same made up; `-` refuses it, `~` leaves it open and takes the next
//! - `+` so many tenths of a second pass
//! - `k` what the page does, see [`World::call`]
//! - `x` the connection breaks, `c` the server closes it, `r` the page is loaded anew, `d` the server is deaf from now on
//!
//! In what is sent, `$1` is the id of the oldest open request and `$2` that of the newest, `$q` the id of the last question to
//! an archive, `$m` that of the last message.

mod calls;
mod fragments;
mod permit;
mod readers;

use std::{borrow::Cow, collections::VecDeque, time::Duration};

use converse_wasm::{
    client::{Event, Options},
    session::Account,
    stream::{
        Endpoint, Input,
        sasl::{Credentials, Secret},
    },
    time::Timestamp,
    xml::{Element, read},
};

use self::{fragments::Bytes, permit::Permit};
use super::support::{
    link::Sent,
    managed::BIND_AND_MANAGE,
    peer::{BIND, BOSH_URL, BOUND, Script, juliet, mechanisms},
};

pub use self::readers::read_everything;

/// The most steps that are played.
const STEPS: usize = 60;
/// The longest script.
const MAX_BYTES: usize = 16_384;

pub fn check(data: &[u8]) {
    let text = super::text_of(&data[..data.len().min(MAX_BYTES)]);
    if text.contains(PASSWORD) {
        // What the script itself says may be told.
        return;
    }
    let mut lines = text.split('\n');
    let mut world = World::new(lines.next().unwrap_or_default());
    world.serve();
    for line in lines.take(STEPS) {
        world.step(line);
        world.serve();
        world.check();
    }
    world.end();
}

/// The client, a server that plays itself, and what is known of what it was sent.
struct World {
    script: Script,
    account: Account,
    managed: bool,
    authenticated: bool,
    deaf: bool,
    /// What was asked and is not answered yet.
    open: VecDeque<Element>,
    last_message: String,
    last_query: String,
    permit: Permit,
    /// Stanzas that the client has sent, and what may have caused them.
    sent: usize,
    caused: usize,
    files: Vec<converse_wasm::store::Key>,
}

impl World {
    fn new(head: &str) -> Self {
        let has = |letter: char| head.contains(letter);
        let mut script = Script::offline();
        script.options = Options {
            allow_non_roster_messaging: !has('n'),
            auto_join_on_invite: has('i'),
            auto_subscribe: has('s'),
            filter_by_resource: has('f'),
            message_archiving: has('p').then_some("always"),
            idle_presence_timeout: has('t').then_some(Duration::from_secs(30)),
            ..Options::default()
        };
        (script.discovers, script.reads_archives) = (!has('q'), !has('q'));
        script.client.set_epoch(Timestamp::parse("2026-11-23T02:00:00Z").expect("a time"));
        script.client.set_taps(has('a'));
        let endpoint = if has('b') { Endpoint::Bosh(BOSH_URL.to_owned()) } else { juliet().endpoint };
        let account = Account {
            endpoint,
            reconnect: !has('o'),
            carbons: !has('q'),
            wants_token: has('w'),
            ping_interval: has('g').then_some(Duration::from_secs(20)),
            credentials: Some(Credentials::Password { username: "juliet".into(), password: Secret::from(PASSWORD) }),
            ..juliet()
        };
        let mut world = Self {
            script,
            account,
            managed: has('m'),
            authenticated: false,
            deaf: has('h'),
            open: VecDeque::new(),
            last_message: String::new(),
            last_query: String::new(),
            permit: Permit::new(has('s')),
            sent: 0,
            caused: 0,
            files: Vec::new(),
        };
        let account = world.account.clone();
        world.script.connect(account);
        world
    }

    fn step(&mut self, line: &str) {
        self.caused += 1;
        let mut chars = line.chars();
        let (sign, rest) = (chars.next(), chars.as_str());
        match sign {
            Some('<') => self.deliver(line),
            Some('!') => {
                self.caused += rest.len() / 8;
                let text = self.fill_in(rest);
                self.permit.note(read(&text).iter());
                self.script.recv_raw(&text);
            }
            Some('*') => {
                let stanza = fragments::stanza(&mut Bytes::new(rest));
                self.deliver(&stanza);
            }
            Some('=') => self.answer(rest.to_owned()),
            Some('#') => self.answer(fragments::payload(&mut Bytes::new(rest), 0)),
            Some('-') => {
                if let Some(request) = self.open.pop_front() {
                    self.reply(&request, "error", REFUSED);
                }
            }
            Some('~') => self.open.rotate_left(1.min(self.open.len())),
            Some('+') => {
                let tenths: u64 = rest.parse().unwrap_or(1);
                self.caused += usize::try_from(tenths / 50).unwrap_or_default().min(500);
                self.script.advance(Duration::from_millis(tenths.min(40_000) * 100));
            }
            Some('k') => self.call(rest),
            Some('x') => self.script.drop_link(),
            Some('c') => self.script.recv_close(),
            Some('d') => self.deaf = !self.deaf,
            Some('r') => {
                let account = self.account.clone();
                self.open.clear();
                self.files.clear();
                let _: bool = self.script.reload(account);
            }
            _ => {}
        }
    }

    /// The server sends elements; or, if it is no XML, just that.
    fn deliver(&mut self, xml: &str) {
        let xml = self.fill_in(xml);
        let stream = "<stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";
        match read(&[stream, &xml, "</stream>"].concat()) {
            Ok(stream) => {
                self.caused +=
                    stream.children().map(|child| 1 + child.to_xml().map_or(0, |xml| xml.len() / 8)).sum::<usize>();
                self.permit.note(stream.children());
                let children: Vec<String> = stream.children().filter_map(|child| child.to_xml().ok()).collect();
                children.iter().for_each(|child| self.script.recv(child));
            }
            Err(_) => self.script.recv_raw(&xml),
        }
    }

    fn answer(&mut self, payload: String) {
        let Some(request) = self.open.pop_front() else { return };
        let payload = self.fill_in(&payload);
        if read(&["<a>", &payload, "</a>"].concat()).is_ok() {
            self.caused += payload.len() / 8;
            self.permit.note_answer(&request, &payload);
            self.reply(&request, "result", &payload);
        }
    }

    fn reply(&mut self, request: &Element, kind: &str, payload: &str) {
        let mut answer = Element::new("iq", request.namespace().clone()).with_attribute("type", kind);
        answer.set_attribute("id", request.attribute("id").unwrap_or_default());
        if let Some(to) = request.attribute("to") {
            answer.set_attribute("from", to);
        }
        let xml = answer.to_xml().expect("an answer that can be written");
        let open = xml.strip_suffix("/>").expect("an empty element");
        self.caused += 4;
        self.script.recv(&format!("{open}>{payload}</iq>"));
    }

    fn fill_in<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if !text.contains('$') {
            return Cow::Borrowed(text);
        }
        let id = |request: Option<&Element>| request.and_then(|iq| iq.attribute("id")).unwrap_or("none").to_owned();
        let text = text.replace("$1", &id(self.open.front())).replace("$2", &id(self.open.back()));
        text.replace("$q", &self.last_query).replace("$m", &self.last_message).replace('$', "").into()
    }

    /// The server deals with what was sent.
    fn serve(&mut self) {
        for _ in 0..2_000 {
            let Some((sent, behind)) = self.script.poll_sent() else {
                self.take_events();
                return;
            };
            if behind && !matches!(sent, Sent::Connect(_)) {
                continue;
            }
            match sent {
                Sent::Connect(_) => {
                    self.authenticated = false;
                    self.open.clear();
                    self.caused += 40;
                    if !self.script.is_bosh() {
                        self.script.input(Input::SocketOpened);
                    }
                }
                Sent::Open(_) if self.deaf => {}
                Sent::Open(_) => {
                    let features = match (self.authenticated, self.managed) {
                        (false, _) => mechanisms(&["PLAIN"]),
                        (true, true) => BIND_AND_MANAGE.to_owned(),
                        (true, false) => BIND.to_owned(),
                    };
                    self.script.open_stream(&features);
                }
                Sent::Close => self.script.recv_close(),
                Sent::Element(element) => self.take(element),
            }
        }
        self.script.fail("the client sends without end");
    }

    fn take(&mut self, element: Element) {
        let asks = element.name() == "iq" && matches!(element.attribute("type"), Some("get" | "set"));
        let payload = element.children().next().filter(|_| asks);
        let id = element.attribute("id").unwrap_or_default();
        if !self.deaf {
            match (element.name(), payload.map(|payload| (payload.name(), payload.namespace().as_str()))) {
                ("auth", _) => {
                    self.authenticated = true;
                    return self.script.recv("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
                }
                ("enable", _) => {
                    return self.script.recv("<enabled xmlns='urn:xmpp:sm:3' id='sm1' resume='true'/>");
                }
                (_, Some(("bind", _))) => return self.script.recv(&BOUND.replace("$bind", id)),
                (_, Some(("ping", _))) => return self.script.recv(&format!("<iq type='result' id='{id}'/>")),
                (_, Some((_, "jabber:iq:roster"))) if element.attribute("type") == Some("get") => {
                    return self.script.recv(&format!("<iq type='result' id='{id}'>{ROSTER}</iq>"));
                }
                _ => {}
            }
        }
        if let Some(query) = payload.and_then(|payload| payload.attribute("queryid")) {
            query.clone_into(&mut self.last_query);
        }
        match element.name() {
            "message" => id.clone_into(&mut self.last_message),
            "iq" if asks => self.open.push_back(element.clone()),
            _ => {}
        }
        self.sent += 1;
        if let Err(why) = self.permit.check(&element, self.script.client.store()) {
            self.script.fail(&format!("{why}: {}", element.to_xml().unwrap_or_default()));
        }
    }

    fn take_events(&mut self) {
        for event in self.script.take_events() {
            // What is told of the log-in and of errors; stanzas are told as they are.
            if let Event::Status(_) | Event::Lost(_) | Event::Disconnected(_) | Event::Ignored(_) = event {
                let shown = format!("{event:?}");
                assert!(!shown.contains(PASSWORD), "{shown}");
            }
            if let Event::RoomOpened(_) = event {
                self.caused += 4;
            }
        }
        while self.script.poll_delivery().is_some() {}
        self.script.take_changes();
        while let Some(transfer) = self.script.client.poll_transfer() {
            use converse_wasm::feature::upload::Transfer;
            match transfer {
                Transfer::Put { message, url, headers } => {
                    assert!(url.starts_with("https://") || url.starts_with("http://"), "{url}");
                    assert!(headers.iter().all(|(_, value)| !value.contains(['\r', '\n'])));
                    self.files.push(message);
                }
                Transfer::Abort { message } => self.files.retain(|file| *file != message),
            }
        }
    }

    /// What is true after each step.
    fn check(&mut self) {
        let (sent, caused) = (self.sent, 400 + 30 * self.caused);
        if sent > caused {
            self.script.fail(&format!("{sent} stanzas for what should have caused {caused} at most"));
        }
        for (key, content) in &self.script.stored {
            assert!(!content.contains(PASSWORD), "{key} holds the password: {content}");
        }
        // What has become due while there was no connection is done as soon as there is one.
        self.script.advance(Duration::ZERO);
        if let (true, Some(due)) = (self.script.client.is_connected(), self.script.client.poll_timeout()) {
            assert!(due >= self.script.now || self.deaf, "what is due was not done");
        }
    }

    /// All is read, the page is loaded anew, and the user logs out: nothing is left.
    fn end(&mut self) {
        read_everything(self.script.client.store());
        self.step("r");
        self.serve();
        read_everything(self.script.client.store());
        self.script.disconnect();
        self.deaf = false;
        self.serve();
        self.script.advance(Duration::from_secs(120));
        self.serve();
        let stored = &self.script.stored;
        assert!(stored.is_empty(), "after the log-out there is {stored:?}");
        assert!(self.script.client.poll_timeout().is_none(), "after the log-out something is waited for");
    }
}

const PASSWORD: &str = "r0m30myr0m30";
const REFUSED: &str = "<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";
/// Romeo and Juliet see each other, Paris is seen, and Tybalt sees.
const ROSTER: &str = "<query xmlns='jabber:iq:roster'>\
    <item jid='romeo@montague.lit' name='Romeo' subscription='both'><group>Friends</group></item>\
    <item jid='paris@verona.lit' subscription='to'/><item jid='tybalt@capulet.lit' subscription='from'/></query>";
