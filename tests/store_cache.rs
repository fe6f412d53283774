//! What survives a reload: the entry and what does not fit it, and the session that goes on over BOSH.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{
    client::{Client, Event, Status},
    feature::presence::set_status,
    jid::BareJid,
    random::Random,
    session::{Account, Arrival, LOGIN_TIMEOUT},
    store::cache::{CacheError, Part, VERSION, decode, encode},
    stream::{
        Endpoint, Input, RequestId, Transmit,
        bosh::{CLOSE_TIMEOUT, SPACING},
    },
    time::Instant,
    xml::{Element, ns},
};

use support::peer::{BOSH_URL, Script, juliet, on_both, seconds};

const PING: &str = "<iq type='get' id='*'><ping xmlns='urn:xmpp:ping'/></iq>";
const ROSTER: &str = "<iq type='get' id='*'><query xmlns='jabber:iq:roster'/></iq>";

fn account(jid: &str) -> BareJid {
    BareJid::new(jid).unwrap()
}

/// The account of a page that knows no password.
fn without_password() -> Account {
    Account { endpoint: Endpoint::Bosh(BOSH_URL.to_owned()), credentials: None, ..juliet() }
}

fn entry() -> String {
    let content = Element::new("content", ns::CACHE).with_text("<&");
    encode(&account("juliet@capulet.lit"), content).unwrap()
}

/// A client that is online over BOSH and has nothing to say.
fn online() -> Script {
    let mut script = Script::bosh(juliet());
    script.log_in();
    script.settle();
    script.advance(seconds(5));
    script.forget();
    script
}

fn stored(script: &Script) -> Option<&String> {
    script.stored.get(&*Part::Session.key())
}

// The entry

#[test]
fn an_entry_is_read_as_it_was_written() {
    let (owner, content) = decode(&entry()).unwrap();
    assert_eq!(owner, account("juliet@capulet.lit"));
    assert_eq!(content.text(), "<&");
    assert!(content.is("content", &ns::CACHE));
}

#[test]
fn an_entry_of_another_version_is_of_no_use() {
    for version in ["0", "2", "", "1.0", " 1"] {
        let other = entry().replace(&format!("version=\"{VERSION}\""), &format!("version=\"{version}\""));
        assert_ne!(other, entry());
        assert_eq!(decode(&other), Err(CacheError::OtherVersion), "{version}");
    }
    assert_eq!(decode(&entry().replace(" version=\"1\"", "")), Err(CacheError::OtherVersion));
}

#[test]
fn an_entry_that_is_none_is_garbage() {
    let deep = format!("{}{}", "<a>".repeat(10_000), "</a>".repeat(10_000));
    for garbage in [
        "",
        "null",
        "{\"version\":1}",
        "<cache/>",
        "<cache xmlns='urn:example' version='1' account='a@b'><a/></cache>",
        entry().strip_prefix('<').unwrap(),
        &entry().chars().take(40).collect::<String>(),
        &entry().replace("juliet@capulet.lit", "@"),
        &entry().replace("juliet@capulet.lit", "juliet@capulet.lit/balcony"),
        &entry().replace(" account=\"juliet@capulet.lit\"", ""),
        "<cache xmlns='urn:converse-wasm:cache' version='1' account='a@b'/>",
        "<cache xmlns='urn:converse-wasm:cache' version='1' account='a@b'>text</cache>",
        &format!("<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>{}", entry()),
        &entry().replace("&lt;&amp;", "&e;"),
        &entry().replace("&lt;&amp;", "<!-- -->"),
        &deep,
    ] {
        assert_eq!(decode(garbage), Err(CacheError::Garbage), "{:.100}", garbage);
    }
}

// The session goes on

#[test]
fn a_reload_goes_on_with_the_session() {
    let mut script = online();
    script.recv("<iq type='get' id='p1' from='capulet.lit'><ping xmlns='urn:xmpp:ping'/></iq>");
    script.expect_sent("<iq type='result' id='p1' to='capulet.lit'/>");
    assert!(script.reload(without_password()));
    script.expect_status(Status::Connecting);
    // The ping makes the server answer at once.
    script.advance(seconds(5));
    script.expect_sent(PING);
    script.expect_sent(ROSTER);
    script.expect_status(Status::Attached);
    let Event::Online { jid, arrival: Arrival::Restored } = script.next_event() else { script.fail("not resumed") };
    assert_eq!(jid.as_str(), "juliet@capulet.lit/balcony");
    assert_eq!(script.client.jid(), Some(&jid));
    assert!(script.client.is_connected());
    // The server never saw the client go: there is no presence to send again.
    script.expect_silence();
    script.recv("<message from='romeo@montague.lit'><body>hi</body></message>");
    assert!(matches!(script.next_event(), Event::Message { .. }));
    script.send("<message to='romeo@montague.lit'/>").unwrap();
    script.expect_sent("<message to='romeo@montague.lit' id='*'/>");
}

#[test]
fn what_the_server_said_to_nobody_is_said_again() {
    let mut script = online();
    script.recv_lost("<message from='romeo@montague.lit'><body>hi</body></message>");
    script.expect_silence();
    assert!(script.reload(without_password()));
    script.advance(seconds(5));
    let events: Vec<Event> = std::iter::from_fn(|| script.poll_event()).collect();
    assert_eq!(events.iter().filter(|event| matches!(event, Event::Message { .. })).count(), 1);
}

#[test]
fn what_was_about_to_be_sent_is_sent_once() {
    let mut script = online();
    script.send("<message to='romeo@montague.lit' id='1'/>").unwrap();
    script.expect_sent("<message to='romeo@montague.lit' id='1'/>");
    for _ in 0..3 {
        assert!(script.reload(without_password()));
        script.advance(seconds(5));
        script.expect_sent(PING);
        script.expect_sent(ROSTER);
        script.expect_nothing_sent();
    }
}

/// A page may be gone right after a request has left, or right before.
#[test]
fn the_entry_is_written_before_the_request_leaves() {
    let mut script = online();
    script.by_hand();
    let before = stored(&script).cloned();
    script.send("<message to='romeo@montague.lit' id='m1'/>").unwrap();
    let Transmit::HttpPost { body, .. } = script.expect_transmit() else { script.fail("a request was expected") };
    assert!(body.contains("m1"));
    assert!(script.wrote_before_transmit("m1"));
    assert_ne!(stored(&script), before.as_ref());
    // Never posted, the request is the next page's to post.
    let entry = stored(&script).unwrap().clone();
    let mut next = Client::new(Zero);
    next.load(Part::Session, &entry);
    next.log_in(Instant::default(), without_password());
    // The request that was under way is repeated first.
    let later = Instant::default() + SPACING;
    let mut posts: Vec<_> = std::iter::from_fn(|| next.poll_transmit(Instant::default())).collect();
    next.handle_timeout(later);
    posts.extend(std::iter::from_fn(|| next.poll_transmit(later)));
    let posts: Vec<String> = posts
        .into_iter()
        .map(|transmit| match transmit {
            Transmit::HttpPost { id: RequestId(_), body, .. } => body,
            other => panic!("{other:?}"),
        })
        .collect();
    assert!(posts.contains(&body), "{posts:?}");
}

#[test]
fn the_entry_holds_no_password() {
    let mut script = online();
    script.send("<message/>").unwrap();
    let entry = stored(&script).unwrap();
    assert!(!entry.contains("r0m30myr0m30") && !entry.contains("AGp1bGlldAByMG0zMG15cjBtMzA="), "{entry}");
}

#[test]
fn nothing_is_kept_of_a_log_in_that_is_not_done() {
    let mut script = Script::bosh(juliet());
    script.accept();
    assert_eq!(stored(&script), None);
    script.open_stream(&support::peer::mechanisms(&["PLAIN"]));
    assert_eq!(stored(&script), None);
    script.recv("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    assert_eq!(stored(&script), None);
}

#[test]
fn nothing_is_kept_of_a_session_that_is_over() {
    let ends: [fn(&mut Script); 4] = [
        |script| script.disconnect(),
        |script| script.recv_close(),
        |script| script.recv("<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"),
        |script| script.connect_again(),
    ];
    for end in ends {
        let mut script = online();
        assert!(stored(&script).is_some());
        end(&mut script);
        assert_eq!(stored(&script), None);
        script.forget();
        assert!(!script.reload(without_password()));
        script.expect_silence();
    }
}

#[test]
fn an_entry_of_before_is_taken_out() {
    let entry = online().stored.remove(&*Part::Session.key()).unwrap();
    let mut script = Script::offline();
    script.stored.insert(Part::Session.key().into_owned(), entry);
    script.connect(juliet());
    assert_eq!(stored(&script), None);
}

#[test]
fn a_websocket_has_no_session_that_leads_in() {
    let mut script = Script::online();
    assert!(!script.reload(without_password()));
    script.expect_silence();
}

// The session does not go on

#[test]
fn a_session_of_somebody_else_is_not_gone_on_with() {
    for other in ["romeo@capulet.lit", "juliet@montague.lit", "capulet.lit"] {
        let mut script = online();
        let (jid, domain) = (account(other), account(other).domain().to_owned());
        assert!(!script.reload(Account { jid: Some(jid), domain, ..without_password() }), "{other}");
        script.expect_silence();
        assert_eq!(script.client.status(), Status::Disconnected);
    }
}

#[test]
fn an_entry_that_was_changed_is_not_gone_on_with() {
    let entry = online().stored.remove(&*Part::Session.key()).unwrap();
    for changed in [
        String::new(),
        entry.replace("version=\"1\"", "version=\"2\""),
        entry.replace("account=\"juliet@capulet.lit\"", "account=\"romeo@capulet.lit\""),
        entry.replace("jid=\"juliet@capulet.lit/balcony\"", "jid=\"romeo@capulet.lit/balcony\""),
        entry.replace("jid=\"juliet@capulet.lit/balcony\"", "jid=\"juliet@capulet.lit\""),
        entry.replace("jid=\"juliet@capulet.lit/balcony\"", ""),
        entry.replace("rid=", "r="),
        entry.replace("sid=", "s="),
        format!("<!DOCTYPE a>{entry}"),
        format!("{entry}{entry}"),
    ] {
        assert_ne!(changed, entry);
        let mut client = Client::new(Zero);
        client.load(Part::Session, &changed);
        assert!(!client.can_go_on(&without_password()), "{changed}");
    }
}

/// A page that was loaded anew, and the first request of a server that is played by hand.
fn resuming() -> (Script, RequestId) {
    let mut script = online();
    script.by_hand();
    assert!(script.reload(without_password()));
    script.expect_status(Status::Connecting);
    let Transmit::HttpPost { id, .. } = script.expect_transmit() else { script.fail("a request was expected") };
    (script, id)
}

#[test]
fn a_session_that_is_gone_is_said_to_be() {
    let (mut script, id) = resuming();
    let body = "<body xmlns='http://jabber.org/protocol/httpbind' type='terminate' condition='item-not-found'/>";
    script.input(Input::HttpAnswered { id, status: 200, body });
    let error = script.expect_end().unwrap();
    assert_eq!((error.code(), error.condition()), ("stream-error", Some("item-not-found")));
    assert_eq!(script.client.status(), Status::ConnectionFailed);
    assert_eq!(stored(&script), None);
}

#[test]
fn a_server_that_is_silent_after_a_reload() {
    let (mut script, _) = resuming();
    script.advance(LOGIN_TIMEOUT + CLOSE_TIMEOUT);
    assert!(script.expect_end().is_some());
    assert_eq!(script.client.status(), Status::ConnectionFailed);
    assert_eq!(stored(&script), None);
}

#[test]
fn a_session_can_be_ended_while_it_is_resumed() {
    let mut script = online();
    assert!(script.reload(without_password()));
    script.disconnect();
    assert_eq!(stored(&script), None);
    script.advance(seconds(5));
    assert_eq!(script.expect_end(), None);
}

#[test]
fn both_transports_end_with_an_empty_cache() {
    on_both(|mut script| {
        script.log_in();
        script.disconnect();
        script.recv_close();
        script.expect_end();
        assert_eq!(stored(&script), None);
    });
}

/// Randomness for clients that nobody attacks.
struct Zero;

impl Random for Zero {
    fn fill(&mut self, bytes: &mut [u8]) {
        bytes.fill(0);
    }
}

// The store

/// A client that is online, with a contact and a status that the storage holds.
fn with_something_to_keep() -> Script {
    let mut script = Script::online();
    script.recv(
        "<iq type='set' id='p'><query xmlns='jabber:iq:roster' ver='7'><item jid='romeo@montague.lit' name='R'/></query></iq>",
    );
    script.act(|client, now| client.in_context(now, |context| set_status(context, "dnd", Some("private"))));
    script.advance(seconds(1));
    assert!(script.stored.contains_key("converse-wasm/roster"));
    assert!(script.stored.contains_key("converse-wasm/status"));
    script
}

#[test]
fn a_log_out_leaves_nothing_behind() {
    let mut script = with_something_to_keep();
    script.disconnect();
    assert!(script.stored.is_empty(), "{:?}", script.stored);
    script.recv_close();
    script.advance(seconds(10));
    assert!(script.stored.is_empty(), "{:?}", script.stored);
}

#[test]
fn another_account_sees_nothing_of_the_last_one() {
    let mut script = with_something_to_keep();
    let nurse = Account { jid: BareJid::new("nurse@capulet.lit").ok(), ..juliet() };
    assert!(script.reload(nurse));
    assert!(script.client.store().contacts.is_empty());
    assert_eq!(script.client.store().status.show, "online");
    assert!(!script.stored.values().any(|stored| stored.contains("romeo@montague.lit") || stored.contains("private")));
}

#[test]
fn what_was_edited_by_hand_or_written_by_another_version_is_set_aside() {
    for (what, by) in [
        ("<contact ", "<contact jid='@' "),
        ("romeo@montague.lit", "@"),
        ("subscription=\"none\"", "subscription=\"everything\""),
        ("version=\"1\"", "version=\"0\""),
        ("<cache", "cache"),
    ] {
        let mut script = with_something_to_keep();
        let roster = script.stored.get_mut("converse-wasm/roster").unwrap();
        let edited = roster.replace(what, by);
        assert_ne!(*roster, edited, "{what}");
        *roster = edited;
        assert!(script.reload(juliet()));
        assert!(script.client.store().contacts.is_empty(), "{what}");
        // The other parts are as they were.
        assert_eq!(script.client.store().status.show, "dnd");
    }
}

#[test]
fn contacts_are_there_before_the_first_answer_then_as_the_server_says() {
    let mut script = with_something_to_keep();
    let told = |script: &mut Script| std::iter::from_fn(|| script.poll_event()).collect::<Vec<_>>();
    script.forget();
    assert!(script.reload(juliet()));
    assert_eq!(script.client.store().contacts.iter().count(), 1);
    assert_eq!(script.client.store().contacts.version.as_deref(), Some("7"));
    assert!(told(&mut script).contains(&Event::Restored));
}

#[test]
fn a_storage_that_is_full_is_told_once() {
    let mut script = with_something_to_keep();
    script.forget();
    script.act(|client, _| client.handle_full(Part::Roster));
    script.act(|client, _| client.handle_full(Part::Session));
    script.expect_event(Event::StorageFull);
    script.expect_silence();
}

#[test]
fn of_a_storage_that_is_full_the_oldest_messages_go_first() {
    let mut script = with_something_to_keep();
    script.options.allow_non_roster_messaging = true;
    for number in 0..200 {
        script.recv(&format!(
            "<message type='chat' from='romeo@montague.lit/a' id='m{number}'><body>body{number}.</body></message>"
        ));
    }
    script.advance(seconds(1));

    let key = Part::Messages("romeo@montague.lit".into()).key().into_owned();
    let holds = |script: &Script, number: u32| {
        script.stored.get(&key).is_some_and(|stored| stored.contains(&format!(">body{number}.<")))
    };
    assert!(holds(&script, 0) && holds(&script, 199));
    script.act(|client, _| client.handle_full(Part::Roster));
    assert!(!holds(&script, 99) && holds(&script, 100) && holds(&script, 199));
    // In the end there is nothing left to be dropped.
    for _ in 0..20 {
        script.act(|client, _| client.handle_full(Part::Session));
    }
    assert!(!script.stored.contains_key(&key));
    assert!(script.stored.contains_key("converse-wasm/roster"));
}
