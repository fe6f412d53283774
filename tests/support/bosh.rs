//! A scripted connection manager: it says what arrives, and checks what the client posts and tells the layer above.

#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a script that fails is a test that fails")]

use std::{collections::VecDeque, time::Duration};

use converse_wasm::{
    stream::{
        Closed, Header, Input, RequestId, StreamError, StreamEvent, Transmit,
        bosh::{Bosh, SPACING, Session},
    },
    time::Instant,
    xml::{Element, ns, read},
};

pub(crate) const URL: &str = "https://capulet.lit/http-bind";
pub(crate) const FIRST_RID: u64 = 1001;
pub(crate) const CREATED: &str = "<body xmlns='http://jabber.org/protocol/httpbind' sid='S1' wait='59' requests='2' hold='1' \
    inactivity='60' polling='5' ver='1.6' authid='A1' from='capulet.lit' secure='true'/>";
pub(crate) const EMPTY: &str = "<body xmlns='http://jabber.org/protocol/httpbind'/>";
pub(crate) const REPEAT: &str = "<body xmlns='http://jabber.org/protocol/httpbind' type='error'/>";

/// A stream, its clock, and what it asked the platform to do.
pub(crate) struct Script {
    pub(crate) bosh: Bosh,
    pub(crate) now: Instant,
    pub(crate) posted: VecDeque<Post>,
    pub(crate) aborted: VecDeque<RequestId>,
    pub(crate) events: VecDeque<StreamEvent>,
}

#[derive(Clone, Debug)]
pub(crate) struct Post {
    pub(crate) id: RequestId,
    pub(crate) xml: String,
    pub(crate) body: Element,
}

impl Script {
    pub(crate) fn new(bosh: Bosh) -> Self {
        let (posted, aborted, events) = (VecDeque::new(), VecDeque::new(), VecDeque::new());
        Self { bosh, now: Instant::default(), posted, aborted, events }
    }

    /// A session that is asked for, and the request that does so.
    pub(crate) fn creating() -> (Self, Post) {
        let mut script = Self::new(bosh());
        script.open();
        let creation = script.expect_post(FIRST_RID);
        (script, creation)
    }

    /// A session that is open.
    pub(crate) fn opened_with(created: &str) -> Self {
        let (mut script, creation) = Self::creating();
        script.answer(&creation, created);
        assert!(matches!(script.events.pop_front(), Some(StreamEvent::Opened(_))));
        script
    }

    /// A session that is open and idle, and its parked request.
    pub(crate) fn idle() -> (Self, Post) {
        let mut script = Self::opened_with(CREATED);
        let parked = script.expect_post(FIRST_RID + 1);
        script.expect_silence();
        (script, parked)
    }

    /// A session that another page left behind, opened.
    pub(crate) fn resumed(session: Session) -> Self {
        let mut script = Self::new(Bosh::resume(session));
        script.open();
        script
    }

    pub(crate) fn open(&mut self) {
        self.bosh.open(self.now);
        self.run();
    }

    /// Something is sent when the last request has been under way for a while.
    pub(crate) fn send(&mut self, xml: &str) {
        self.wait(SPACING);
        self.bosh.send(self.now, &read(xml).unwrap()).unwrap();
        self.run();
    }

    pub(crate) fn close(&mut self) {
        self.bosh.close(self.now);
        self.run();
    }

    pub(crate) fn answer(&mut self, post: &Post, body: &str) {
        self.answer_status(post, 200, body);
    }

    pub(crate) fn answer_status(&mut self, post: &Post, status: u16, body: &str) {
        self.bosh.handle_input(self.now, Input::HttpAnswered { id: post.id, status, body });
        self.run();
    }

    pub(crate) fn fail(&mut self, post: &Post) {
        self.bosh.handle_input(self.now, Input::HttpFailed { id: post.id });
        self.run();
    }

    /// Lets time pass, and everything happen that is due in it.
    pub(crate) fn wait(&mut self, duration: Duration) {
        let end = self.now + duration;
        while let Some(due) = self.bosh.poll_timeout().filter(|due| *due <= end) {
            assert!(due > self.now || self.now == end, "a timeout that is due for ever");
            self.now = self.now.max(due);
            self.bosh.handle_timeout(self.now);
            self.run();
        }
        self.now = end;
    }

    pub(crate) fn run(&mut self) {
        self.events.extend(std::iter::from_fn(|| self.bosh.poll_event()));
        while let Some(transmit) = self.bosh.poll_transmit() {
            match transmit {
                Transmit::HttpPost { id, url, body: xml } => {
                    assert_eq!(url, URL);
                    let body = read(&xml).unwrap();
                    assert!(body.is("body", &ns::HTTP_BIND));
                    self.posted.push_back(Post { id, xml, body });
                }
                Transmit::HttpAbort { id } => self.aborted.push_back(id),
                other => panic!("{other:?}"),
            }
        }
    }

    pub(crate) fn expect_post(&mut self, rid: u64) -> Post {
        let post = self.next_post();
        assert_eq!(post.body.attribute("rid"), Some(rid.to_string().as_str()));
        post
    }

    /// The request is repeated under a new name.
    pub(crate) fn expect_repeat(&mut self, of: &Post) -> Post {
        let post = self.next_post();
        assert_eq!(post.xml, of.xml);
        assert_ne!(post.id, of.id);
        post
    }

    /// The request of an earlier page is repeated; names mean nothing across pages.
    pub(crate) fn expect_repeat_of(&mut self, earlier: &Post) -> Post {
        let post = self.next_post();
        assert_eq!(post.xml, earlier.xml);
        post
    }

    /// The next request, which may follow the last one after a moment.
    fn next_post(&mut self) -> Post {
        if self.posted.is_empty() {
            self.wait(SPACING);
        }
        self.posted.pop_front().expect("a request")
    }

    pub(crate) fn expect_abort(&mut self, of: &Post) {
        assert_eq!(self.aborted.pop_front(), Some(of.id));
    }

    pub(crate) fn expect_message(&mut self, body: &str) {
        match self.events.pop_front() {
            Some(StreamEvent::Received(message)) => {
                assert!(message.is("message", &ns::CLIENT), "{message:?}");
                assert_eq!(message.child("body", &ns::CLIENT).unwrap().text(), body);
            }
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn expect_opened(&mut self, id: Option<&str>, from: Option<&str>) {
        let header = Header { id: id.map(str::to_owned), from: from.map(str::to_owned) };
        assert_eq!(self.events.pop_front(), Some(StreamEvent::Opened(header)));
    }

    pub(crate) fn expect_closed(&mut self, reason: Closed) {
        assert_eq!(self.events.pop_front(), Some(StreamEvent::Closed(reason)));
        assert_eq!(self.bosh.poll_timeout(), None);
        assert_eq!(self.bosh.session(), None);
    }

    pub(crate) fn expect_silence(&self) {
        assert!(self.posted.is_empty(), "{:?}", self.posted);
        assert!(self.events.is_empty(), "{:?}", self.events);
    }
}

pub(crate) fn bosh() -> Bosh {
    Bosh::new(URL.to_owned(), "capulet.lit".to_owned(), FIRST_RID - 1)
}

pub(crate) fn attach(rid: u64) -> Bosh {
    Bosh::attach(URL.to_owned(), "capulet.lit".to_owned(), "S9".to_owned(), rid)
}

pub(crate) fn message(body: &str) -> String {
    format!("<message xmlns='jabber:client' to='romeo@montague.lit'><body>{body}</body></message>")
}

/// An answer that carries messages.
pub(crate) fn messages(bodies: &[&str]) -> String {
    let payload: String = bodies.iter().map(|body| message(body)).collect();
    format!("<body xmlns='http://jabber.org/protocol/httpbind'>{payload}</body>")
}

pub(crate) fn terminate(condition: &str) -> String {
    format!("<body xmlns='http://jabber.org/protocol/httpbind' type='terminate' condition='{condition}'/>")
}

pub(crate) fn stream_error(condition: &str) -> Closed {
    Closed::StreamError(StreamError { condition: condition.to_owned(), text: None, other: None })
}

pub(crate) fn bodies(post: &Post) -> Vec<String> {
    post.body.children().map(|child| child.child("body", &ns::CLIENT).unwrap().text().into_owned()).collect()
}

pub(crate) const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
