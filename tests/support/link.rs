//! The server's end of the link: what a WebSocket endpoint or a connection manager does without being told.

use std::collections::{BTreeMap, VecDeque};

use converse_wasm::{
    stream::{RequestId, Transmit},
    xml::{Element, ns, read},
};

/// What the client does on the stream, whatever carries it.
#[derive(Clone, Debug, PartialEq)]
pub enum Sent {
    /// It wants a connection to this address.
    Connect(String),
    /// It opens its side of the stream to this domain, for the first time or anew.
    Open(String),
    Element(Element),
    /// It closes its side of the stream.
    Close,
}

/// What reaches the client.
#[derive(Clone, Debug)]
pub enum Delivery {
    Frame(String),
    Answer { id: RequestId, body: String },
}

/// Both transports; the client speaks the one it connected with last.
#[derive(Debug, Default)]
pub struct Link {
    pub over_bosh: bool,
    /// The WebSocket is there, or being opened.
    pub socket: bool,
    /// The server leaves pings over WebSocket to the script, instead of answering them unseen.
    pub silent: bool,
    pub sent: VecDeque<Sent>,
    /// No request reaches the connection manager.
    pub cut: bool,
    /// The requests that did not.
    lost: Vec<RequestId>,
    pongs: VecDeque<Delivery>,
    manager: Manager,
}

/// A connection manager that keeps one request (`hold='1'`) and answers the others.
#[derive(Debug, Default)]
struct Manager {
    /// Whether the session creation request was answered.
    open: bool,
    /// The newest request id.
    rid: u64,
    /// The requests that are not answered, by request id.
    held: BTreeMap<u64, RequestId>,
    /// The last answers, for requests that are repeated.
    answered: BTreeMap<u64, String>,
    /// What waits for a request to be an answer to.
    waiting: Vec<String>,
    /// The end of the session, if there was no request that it could be an answer to.
    ended: Option<String>,
}

impl Link {
    /// Takes in what the client asked its platform for.
    pub fn take(&mut self, transmit: Transmit) {
        match transmit {
            Transmit::SocketOpen { url } => {
                (self.over_bosh, self.socket) = (false, true);
                self.sent.push_back(Sent::Connect(url));
            }
            Transmit::SocketSend(frame) => {
                let element = read(&frame).expect("what the client sends is XML");
                if let Some(pong) = pong(&element).filter(|_| !self.silent) {
                    return self.pongs.push_back(Delivery::Frame(pong));
                }
                self.sent.push_back(match element.name() {
                    "open" if *element.namespace() == ns::FRAMING => Sent::Open(domain(&element)),
                    "close" if *element.namespace() == ns::FRAMING => Sent::Close,
                    _ => Sent::Element(element),
                });
            }
            Transmit::SocketClose => {
                self.socket = false;
                self.pongs.clear();
            }
            Transmit::HttpPost { id, .. } if self.cut => self.lost.push(id),
            Transmit::HttpPost { id, url, body } => {
                let body = read(&body).expect("what the client posts is XML");
                self.over_bosh = true;
                if body.attribute("sid").is_none() {
                    self.manager = Manager::default();
                    self.sent.push_back(Sent::Connect(url));
                }
                self.manager.take(id, body, &mut self.sent);
            }
            Transmit::HttpAbort { id } => self.manager.held.retain(|_, held| *held != id),
        }
    }

    /// The server's side of the stream, opened for the first time or anew, with its features.
    pub fn open(&mut self, domain: &str, features: &str) -> Vec<Delivery> {
        if self.over_bosh && self.manager.open {
            self.manager.waiting.push(features.to_owned());
            return self.due().into_iter().collect();
        }
        if self.over_bosh {
            return self.manager.open(domain, features).into_iter().collect();
        }
        let open = format!("<open xmlns='{}' id='S1' from='{domain}' version='1.0'/>", ns::FRAMING.as_str());
        vec![Delivery::Frame(open), Delivery::Frame(features.to_owned())]
    }

    /// Another program has begun a session, and made the requests before `rid`.
    pub fn prebind(&mut self, rid: u64) {
        self.over_bosh = true;
        self.manager = Manager { open: true, rid: rid - 1, ..Manager::default() };
    }

    /// Elements, together: a frame each, or one answer if there is a request that waits for one.
    pub fn deliver(&mut self, elements: &[Element]) -> Vec<Delivery> {
        let xml = elements.iter().map(|element| element.to_xml().expect("what the script says can be written"));
        if !self.over_bosh {
            return xml.map(Delivery::Frame).collect();
        }
        match elements.iter().any(|element| element.is("error", &ns::STREAM)) {
            true => self.end(" type='terminate' condition='remote-stream-error'", &xml.collect::<String>()),
            false => {
                self.manager.waiting.extend(xml);
                self.due().into_iter().collect()
            }
        }
    }

    /// Text as it is: a frame, or the whole answer to a request.
    pub fn deliver_raw(&mut self, text: &str) -> Vec<Delivery> {
        match self.over_bosh {
            true => self.manager.answer(text.to_owned()).into_iter().collect(),
            false => vec![Delivery::Frame(text.to_owned())],
        }
    }

    /// The end of the stream, said by the server.
    pub fn close(&mut self) -> Vec<Delivery> {
        match self.over_bosh {
            true => self.end(" type='terminate'", ""),
            false => vec![Delivery::Frame(format!("<close xmlns='{}'/>", ns::FRAMING.as_str()))],
        }
    }

    /// What a server does by itself. It answers a ping; over BOSH a request that was answered to nobody, one too many,
    /// and any if there is something to say.
    pub fn due(&mut self) -> Option<Delivery> {
        if let Some(pong) = self.pongs.pop_front() {
            return Some(pong);
        }
        let manager = &mut self.manager;
        let oldest = *manager.held.first_key_value()?.0;
        if let Some(body) = manager.answered.get(&oldest) {
            return manager.answer(body.clone());
        }
        if let Some(body) = &manager.ended {
            return manager.answer(body.clone());
        }
        let due = manager.open && (manager.held.len() > 1 || !manager.waiting.is_empty());
        let payload = due.then(|| std::mem::take(&mut manager.waiting).concat());
        payload.and_then(|payload| manager.answer(body("", &payload)))
    }

    /// The requests under way, which are lost now.
    pub fn drop_requests(&mut self) -> Vec<RequestId> {
        std::mem::take(&mut self.manager.held).into_values().collect()
    }

    /// Whether something that was sent belongs to a connection that the client has given up.
    pub fn is_behind(&self) -> bool {
        self.sent.iter().any(|sent| matches!(sent, Sent::Connect(_)))
    }

    /// The requests that are known by now not to have reached the server.
    pub fn take_lost(&mut self) -> Vec<RequestId> {
        std::mem::take(&mut self.lost)
    }

    fn end(&mut self, attributes: &str, payload: &str) -> Vec<Delivery> {
        let payload = [&std::mem::take(&mut self.manager.waiting).concat(), payload].concat();
        let (manager, end) = (&mut self.manager, body(attributes, &payload));
        manager.open = false;
        manager.ended = manager.held.is_empty().then(|| end.clone());
        manager.answer(end).into_iter().collect()
    }
}

impl Manager {
    fn take(&mut self, id: RequestId, body: Element, sent: &mut VecDeque<Sent>) {
        let rid: u64 = body.attribute("rid").and_then(|rid| rid.parse().ok()).expect("a request id");
        let known = rid <= self.rid;
        assert!(known || self.rid == 0 || rid == self.rid + 1, "request {rid} after {}", self.rid);
        self.held.insert(rid, id);
        if known {
            return;
        }
        self.rid = rid;
        if body.attribute("sid").is_none() || body.attribute_in(&ns::XBOSH, "restart") == Some("true") {
            sent.push_back(Sent::Open(domain(&body)));
        }
        let terminates = body.attribute("type") == Some("terminate");
        sent.extend(body.into_children().map(Sent::Element));
        sent.extend(terminates.then_some(Sent::Close));
    }

    fn open(&mut self, domain: &str, features: &str) -> Option<Delivery> {
        let created = format!(
            " sid='S1' wait='59' requests='2' hold='1' inactivity='60' polling='2' ver='1.6' authid='A1' from='{domain}'"
        );
        self.open = true;
        self.answer(body(&created, features))
    }

    /// Answers the oldest request.
    fn answer(&mut self, body: String) -> Option<Delivery> {
        let (rid, id) = self.held.pop_first()?;
        self.answered.insert(rid, body.clone());
        Some(Delivery::Answer { id, body })
    }
}

fn body(attributes: &str, payload: &str) -> String {
    format!("<body xmlns='{}'{attributes}>{payload}</body>", ns::HTTP_BIND.as_str())
}

/// The answer to a ping of the server.
fn pong(element: &Element) -> Option<String> {
    let is_ping = element.is("iq", &ns::CLIENT) && element.child("ping", &ns::PING).is_some();
    let to_server = element.attribute("type") == Some("get") && element.attribute("to").is_none();
    let pong = Element::new("iq", ns::CLIENT).with_attribute("type", "result");
    pong.with_attribute("id", element.attribute("id")?).to_xml().ok().filter(|_| is_ping && to_server)
}

fn domain(element: &Element) -> String {
    element.attribute("to").unwrap_or_default().to_owned()
}
