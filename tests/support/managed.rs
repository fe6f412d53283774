//! A server with stream management (XEP-0198), as conversations about it begin.

use converse_wasm::session::Account;

use super::peer::{BOUND, Script, juliet, mechanisms};

/// What such a server offers once somebody is authenticated.
pub const BIND_AND_MANAGE: &str = "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>\
    <sm xmlns='urn:xmpp:sm:3'/></stream:features>";
pub const ENABLE: &str = "<enable xmlns='urn:xmpp:sm:3' resume='true'/>";
pub const ENABLED: &str = "<enabled xmlns='urn:xmpp:sm:3' id='sm1' resume='true'/>";
pub const R: &str = "<r xmlns='urn:xmpp:sm:3'/>";
pub const PRESENCE: &str = "<presence/>";
pub const ROSTER: &str = "<iq type='get' id='*'><query xmlns='jabber:iq:roster'/></iq>";

/// `<a/>`: so many have arrived.
pub fn a(h: impl std::fmt::Display) -> String {
    format!("<a xmlns='urn:xmpp:sm:3' h='{h}'/>")
}

/// A message that can be told from others.
pub fn message(id: impl std::fmt::Display) -> String {
    format!("<message to='romeo@montague.lit' id='{id}'><body>{id}</body></message>")
}

/// Somebody who wants a lost connection to be made again.
pub fn steadfast() -> Account {
    Account { reconnect: true, ..juliet() }
}

impl Script {
    /// A client that is online with stream management. It has sent two stanzas, which are acknowledged, and received one.
    #[track_caller]
    pub fn managed() -> Self {
        let mut script = Self::websocket(steadfast());
        script.log_in_managed(ENABLED);
        script.recv(&a(2));
        script.forget();
        script
    }

    /// Plays a log-in in which the server answers this to `<enable/>`. It takes two stanzas in, and sends one.
    #[track_caller]
    pub fn log_in_managed(&mut self, answer: &str) {
        self.authenticate();
        self.bind_managed(answer);
    }

    /// Plays a log-in up to where the stream is opened anew and resumed or bound.
    #[track_caller]
    pub fn authenticate(&mut self) {
        self.expect_connect();
        self.open_and_authenticate();
    }

    /// The same from where the client has asked for a connection.
    #[track_caller]
    pub fn open_and_authenticate(&mut self) {
        self.open();
        self.open_stream(&mechanisms(&["PLAIN"]));
        self.expect_sent("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>*</auth>");
        self.recv("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
        self.expect_open();
        self.open_stream(BIND_AND_MANAGE);
    }

    /// Plays what comes after that where a resource is bound.
    #[track_caller]
    pub fn bind_managed(&mut self, answer: &str) {
        self.bound();
        self.expect_sent(ENABLE);
        let roster = self.expect_sent(ROSTER);
        self.expect_sent(PRESENCE);
        self.recv(answer);
        let id = roster.attribute("id").unwrap_or_default();
        self.recv(&format!("<iq type='result' id='{id}'><query xmlns='jabber:iq:roster'/></iq>"));
    }

    /// The server binds the resource that the client asks for, or had.
    #[track_caller]
    pub fn bound(&mut self) {
        let bind = self.expect_sent("<iq type='set' id='*'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
        self.recv(&BOUND.replace("$bind", bind.attribute("id").unwrap_or_default()));
    }

    /// The client asks to go on with the stream that broke, of which it says it has so many.
    #[track_caller]
    pub fn expect_resume(&mut self, received: u32) {
        self.authenticate();
        self.expect_sent(&format!("<resume xmlns='urn:xmpp:sm:3' h='{received}' previd='sm1'/>"));
    }

    /// The server goes on with it, and says it has so many.
    #[track_caller]
    pub fn resume(&mut self, handled: u32) {
        self.recv(&format!("<resumed xmlns='urn:xmpp:sm:3' h='{handled}' previd='sm1'/>"));
    }

    /// The link breaks, and the time for the next attempt comes.
    #[track_caller]
    pub fn lose_and_wait(&mut self) {
        self.drop_link();
        self.wait();
    }

    /// The time for the next attempt comes.
    #[track_caller]
    pub fn wait(&mut self) {
        let due = self.client.poll_timeout().unwrap_or_else(|| self.fail("nothing is waited for"));
        self.advance(due.saturating_duration_since(self.now));
    }
}

/// Plays the conversation over both transports with a client that is online, and will be again.
#[track_caller]
pub fn steadfast_on_both(conversation: impl Fn(Script)) {
    for mut script in [Script::websocket(steadfast()), Script::bosh(steadfast())] {
        script.log_in();
        script.settle();
        conversation(script);
    }
}
