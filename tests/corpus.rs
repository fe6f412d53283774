//! Every case of `tests/corpus/`, against the core and over both transports: what arrives changes nothing, makes the client say
//! nothing and tells plugins nothing, but for what the case names. A count for each row is printed with `--nocapture`.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a case that is not as it should be fails the test")]

mod support;

#[path = "support/corpus.rs"]
mod corpus;

use std::{collections::BTreeMap, fs, path::Path, time::Duration};

use converse_wasm::{
    client::{Event, Options},
    feature::{Outgoing, archive, chat, room},
    jid::BareJid,
    session::Account,
    store::{Attributes, Key, Kind, Store, Value, cache::Part},
    stream::Endpoint,
    time::Timestamp,
    view::conversation,
    xml::Element,
};

use corpus::{Case, Step, rows, world, write_out};
use support::{
    lend_unicode,
    link::Sent,
    pattern::{Names, fill_in, matches, stanza},
    peer::{BOSH_URL, Script, WEBSOCKET_URL, juliet},
};

/// Every row has at least one case.
const ROWS: [(&str, u32); 6] = [("A", 6), ("B", 3), ("F", 27), ("M", 2), ("P", 5), ("X", 6)];

#[test]
fn every_case_is_as_it_says() {
    lend_unicode();
    let (mut wrong, mut counts) = (Vec::new(), Vec::new());
    for row in rows() {
        counts.push(format!("{} {}", row.name, row.cases.len()));
        for case in &row.cases {
            let transports = ["websocket", "bosh"];
            let played = transports.iter().filter(|name| case.all("over").all(|over| over == **name));
            for transport in played.filter(|_| !case.all("where").any(|place| place == "browser")) {
                let t = std::time::Instant::now();
                let outcome = std::panic::catch_unwind(|| play(case, transport));
                let outcome =
                    outcome.unwrap_or_else(|panic| Err(panic.downcast_ref::<String>().cloned().unwrap_or_default()));
                if t.elapsed().as_millis() > 400 {
                    println!("SLOW {} {} {:?}", row.name, case.title, t.elapsed());
                }
                if let Err(why) = outcome {
                    wrong.push(format!("{}, {} ({transport}): {why}", row.name, case.title));
                }
            }
        }
    }
    println!("{}", counts.join(", "));
    assert!(wrong.is_empty(), "{} are wrong\n\n{}", wrong.len(), wrong.join("\n\n"));
}

#[test]
fn every_row_has_cases() {
    let rows = rows();
    for (letter, count) in ROWS {
        for number in 1..=count {
            let row = rows.iter().find(|row| row.name == format!("{letter}{number}"));
            assert!(row.is_some_and(|row| !row.cases.is_empty()), "{letter}{number} has no case");
        }
    }
    assert_eq!(rows.len() as u32, ROWS.iter().map(|(_, count)| count).sum::<u32>());
}

/// A case that is being played.
struct Play {
    script: Script,
    /// Who answers what: to whom it is sent, the namespace of the payload, the answer's payload.
    answers: Vec<(String, String, String)>,
    names: Names,
    sent: Vec<Element>,
    events: Vec<String>,
    ended: Option<&'static str>,
}

fn play(case: &Case, transport: &str) -> Result<(), String> {
    if let Some(test) = case.all("test").next() {
        return if exists(test) { Ok(()) } else { Err(format!("there is no test {test}")) };
    }
    let parts: Vec<Case> =
        ["default"].into_iter().chain(case.all("with").flat_map(str::split_whitespace)).map(world).collect();
    let mut play = Play {
        script: Script::offline(),
        answers: Vec::new(),
        names: Names::new(),
        sent: Vec::new(),
        events: Vec::new(),
        ended: None,
    };
    play.script.options = Options { idle_presence_timeout: None, ..Options::default() };
    for part in parts.iter().chain([case]) {
        play.prepare(part)?;
    }
    let by_hand = parts.iter().chain([case]).any(|part| part.has("from"));
    play.log_in(by_hand, transport);
    for part in &parts {
        part.steps.iter().try_for_each(|step| play.step(step))?;
    }
    let set_up = case.steps.iter().position(|step| step.word == "--");
    let (before, after) = case.steps.split_at(set_up.unwrap_or_default());
    before.iter().try_for_each(|step| play.step(step))?;
    if !by_hand || set_up.is_some() {
        play.sent.clear();
    }
    play.events.clear();
    let (state, whole) = (snapshot(play.script.client.store()), whole(play.script.client.store()));
    after.iter().try_for_each(|step| play.step(step))?;
    play.check(case, &state, &whole)
}

impl Play {
    fn prepare(&mut self, part: &Case) -> Result<(), String> {
        for text in part.all("answer") {
            let mut words = text.splitn(3, ' ');
            let mut word = || words.next().unwrap_or_default().to_owned();
            // `answer: to namespace` and then the payload, without a space if it stands in a line of its own.
            let (to, rest) = (word(), [word(), word()].join(" "));
            let (namespace, payload) = rest.split_at(rest.find(['<', ' ']).unwrap_or(rest.len()));
            self.answers.insert(0, (to, namespace.to_owned(), payload.trim().to_owned()));
        }
        for text in part.all("set") {
            let (name, value) = text.split_once(' ').unwrap_or((text, "true"));
            let (options, on) = (&mut self.script.options, value == "true");
            match name {
                "allow_non_roster_messaging" => options.allow_non_roster_messaging = on,
                "auto_join_on_invite" => options.auto_join_on_invite = on,
                "allow_contact_requests" => options.allow_contact_requests = on,
                "filter_by_resource" => options.filter_by_resource = on,
                _ => return Err(format!("the runner does not know the setting {name}")),
            }
        }
        Ok(())
    }

    fn log_in(&mut self, by_hand: bool, transport: &str) {
        let endpoint = match transport {
            "bosh" => Endpoint::Bosh(BOSH_URL.to_owned()),
            _ => Endpoint::WebSocket(WEBSOCKET_URL.to_owned()),
        };
        let script = &mut self.script;
        (script.discovers, script.reads_archives) = (true, true);
        script.client.set_epoch(Timestamp::parse("2026-11-23T02:00:00Z").unwrap());
        script.connect(Account { endpoint, carbons: true, ..juliet() });
        if by_hand {
            return script.accept();
        }
        script.log_in();
        self.serve();
    }

    fn step(&mut self, Step { word, text }: &Step) -> Result<(), String> {
        let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
        let jid = || BareJid::new(first).map_err(|error| error.to_string());
        match word.as_str() {
            "<" => {
                let xml = write_out(&fill_in(text, &self.names));
                match xml.starts_with("<stream:features") {
                    true => self.script.open_stream(&xml),
                    false => self.script.recv(&xml),
                }
            }
            "raw" => {
                let text = write_out(&fill_in(text, &self.names));
                let body = format!("<body xmlns='http://jabber.org/protocol/httpbind'>{text}</body>");
                self.script.recv_raw(if self.script.is_bosh() { &body } else { &text });
            }
            "say" => {
                let (to, outgoing) = (jid()?, Outgoing { body: rest.to_owned(), ..Outgoing::default() });
                let _ = self.script.act(|client, now| {
                    client.in_context(now, |context| {
                        let sent = chat::send(context, &to, outgoing);
                        archive::fill(context, &to);
                        sent
                    })
                });
            }
            "open" => {
                let with = jid()?;
                let _ = self.script.act(|client, now| {
                    client.in_context(now, |context| {
                        chat::open(context, &with);
                        archive::fill(context, &with);
                    })
                });
            }
            "join" => {
                let jid = jid()?;
                let attributes = Attributes::default().with("nick", rest);
                let _ = self.script.act(|client, now| {
                    client.in_context(now, |context| {
                        room::open(context, &jid, &attributes);
                        room::join(context, &jid, None, None);
                    })
                });
            }
            ">" => {
                self.serve();
                let expected = stanza(&write_out(&fill_in(text, &self.names)));
                let names = &mut self.names;
                let found = self.sent.iter().position(|sent| {
                    let mut bound = names.clone();
                    let found = matches(&expected, &without_caps(sent), &mut bound);
                    if found {
                        *names = bound;
                    }
                    found
                });
                match found {
                    Some(at) => drop(self.sent.remove(at)),
                    None => return Err(format!("not sent: {text}\n    but {}", self.shown_sent())),
                }
            }
            "asks" => {
                self.serve();
                let mut words = rest.split(' ');
                let namespace = words.next().unwrap_or_default();
                let payload = |sent: &Element| sent.children().next().filter(|_| sent.name() == "iq").cloned();
                let asks = |sent: &Element| {
                    sent.attribute("to").unwrap_or("-") == first
                        && payload(sent).is_some_and(|payload| payload.namespace().as_str() == namespace)
                };
                let Some(at) = self.sent.iter().position(asks) else {
                    return Err(format!("not asked: {text}\n    but {}", self.shown_sent()));
                };
                let asked = self.sent.remove(at);
                let queryid = payload(&asked).and_then(|payload| payload.attribute("queryid").map(str::to_owned));
                for (name, value) in words.zip([asked.attribute("id").map(str::to_owned), queryid]) {
                    self.names.insert(name.trim_start_matches('$').to_owned(), value.unwrap_or_default());
                }
            }
            "wait" => self.script.advance(Duration::from_secs(text.parse().map_err(|_| "a time")?)),
            "answer" | "set" | "with" | "over" | "where" | "from" | "--" => {}
            "+" | "~" | "-" | "event" | "events" | "notes" | "get" | "line" | "ends" => {}
            _ => return Err(format!("{word:?} is no word of a case")),
        }
        self.serve();
        Ok(())
    }

    /// Plays the server: it answers what it is asked, and notes what is sent.
    fn serve(&mut self) {
        while let Some((sent, _)) = self.script.poll_sent() {
            let element = match sent {
                Sent::Element(element) => element,
                Sent::Close => {
                    self.script.recv_close();
                    continue;
                }
                Sent::Connect(_) | Sent::Open(_) => continue,
            };
            // Counts, which are answered where a case wants that.
            if element.namespace().as_str() == "urn:xmpp:sm:3" && matches!(element.name(), "r" | "a") {
                continue;
            }
            note_nonce(&mut self.names, &element);
            let asks = element.name() == "iq" && matches!(element.attribute("type"), Some("get" | "set"));
            if let Some(payload) = element.children().next().filter(|_| asks) {
                let answer = self.answer(&element, payload);
                if let Some(answer) = answer {
                    self.script.recv(&answer);
                }
            }
            self.sent.push(element);
        }
        for event in self.script.take_events() {
            match event {
                Event::Disconnected(cause) => self.ended = Some(cause.map_or("asked-for", |cause| cause.code())),
                event => self.events.extend(name_of(&event).map(str::to_owned)),
            }
        }
    }

    fn answer(&self, iq: &Element, payload: &Element) -> Option<String> {
        let (to, namespace) = (iq.attribute("to").unwrap_or("-"), payload.namespace().as_str());
        let known = self.answers.iter().find(|(of, ns, _)| of == to && ns == namespace);
        let from = if to == "-" { String::new() } else { format!(" from='{to}'") };
        let id = iq.attribute("id").unwrap_or_default();
        match known.map(|(.., answer)| answer.as_str()) {
            Some("nothing") => None,
            Some("error") | None => Some(format!(
                "<iq type='error' id='{id}'{from}><error type='cancel'>\
                 <service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
            )),
            Some(answer) => Some(format!("<iq type='result' id='{id}'{from}>{answer}</iq>")),
        }
    }

    fn check(&mut self, case: &Case, before: &BTreeMap<String, String>, whole_before: &str) -> Result<(), String> {
        let ends = case.all("ends").next();
        if self.ended != ends {
            return Err(format!("the end: {:?}, not {ends:?}", self.ended));
        }
        if !self.sent.is_empty() {
            return Err(format!("sent: {}", self.shown_sent()));
        }
        let mut events: Vec<&str> = case.all("event").collect();
        for text in case.all("events") {
            let (count, name) = text.split_once(' ').ok_or("a number of events")?;
            events.extend(std::iter::repeat_n(name, count.parse().map_err(|_| "a number of events")?));
        }
        let mut told: Vec<&str> = self.events.iter().map(String::as_str).collect();
        events.sort_unstable();
        told.sort_unstable();
        if events != told {
            return Err(format!(
                "told: {} {:.300}, not {} {:.300}",
                told.len(),
                format!("{told:?}"),
                events.len(),
                format!("{events:?}")
            ));
        }
        if ends.is_some() {
            return Ok(());
        }
        let store = self.script.client.store();
        let (after, mut expected) = (snapshot(store), Vec::new());
        for sign in ["+", "~", "-"] {
            expected.extend(case.all(sign).map(|key| format!("{sign} {key}")));
        }
        let mut changes = difference(before, &after);
        expected.sort_unstable();
        changes.sort_unstable();
        if expected != changes {
            return Err(format!("changed: {changes:#?}, not {expected:#?}"));
        }
        if changes.is_empty() && events.is_empty() && !case.has("notes") && whole(store) != whole_before {
            return Err(format!("something changed unseen: {}\n    was {whole_before}", whole(store)));
        }
        for text in case.all("get") {
            let (key, value) = text.split_once(" = ").ok_or("get without a value")?;
            let (key, attribute) = key.rsplit_once(' ').ok_or("get without an attribute")?;
            let attributes = store.attributes(&key_of(key)?).ok_or(format!("there is no {key}"))?;
            let found = attributes.get(attribute).map_or_else(|| "-".to_owned(), shown_value);
            if found != write_out(value) {
                return Err(format!("{key} {attribute} is {found:?}, not {value:?}"));
            }
        }
        check_lines(case, store)
    }

    fn shown_sent(&self) -> String {
        self.sent.iter().map(|sent| sent.to_xml().unwrap()).collect::<Vec<_>>().join("\n          ")
    }
}

/// What is seen of the conversations that the case names.
fn check_lines(case: &Case, store: &Store) -> Result<(), String> {
    let mut expected: Vec<(&str, Vec<String>)> = Vec::new();
    for text in case.all("line") {
        let (of, line) = text.split_once(' ').unwrap_or((text, ""));
        if line.is_empty() {
            expected.push((of, Vec::new()));
            continue;
        }
        let line = squeezed(&write_out(line));
        match expected.iter_mut().find(|(other, _)| *other == of) {
            Some((_, lines)) => lines.push(line),
            None => expected.push((of, vec![line])),
        }
    }
    for (of, lines) in expected {
        let timeline = store.timeline(of).ok_or(format!("there is no conversation {of}"))?;
        let seen: Vec<String> = conversation::lines(timeline, 0, usize::MAX, |_| 0)
            .iter()
            .map(|line| squeezed(&shown_line(&line.attributes(store, of))))
            .collect();
        if seen != lines {
            return Err(format!("seen: {seen:#?}, not {lines:#?}"));
        }
    }
    Ok(())
}

/// The text of a line, with `⟦address text⟧` for what is a link.
fn shown_line(line: &Attributes) -> String {
    let mut shown = String::new();
    let entry = |value: &Value, name: &str| match value {
        Value::Map(entries) => entries.iter().find(|(other, _)| &**other == name).map(|(_, value)| value.clone()),
        _ => None,
    };
    let Some(Value::List(blocks)) = line.get("blocks") else { return shown };
    for block in blocks {
        let Some(Value::List(spans)) = entry(block, "spans") else { continue };
        for span in &spans {
            let text = span.as_str().map(str::to_owned);
            let text = text.or_else(|| Some(entry(span, "text")?.as_str()?.to_owned())).unwrap_or_default();
            match entry(span, "href") {
                Some(href) => shown.push_str(&format!("⟦{} {text}⟧", shown_value(&href))),
                None => shown.push_str(&text),
            }
        }
        shown.push(' ');
    }
    shown
}

/// A text with one space where there is white space.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The attributes of all entities, by what they are called in cases.
fn snapshot(store: &Store) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let mut add = |kind: Kind, of: &str| -> Vec<String> {
        let ids = store.ids(kind, of);
        for id in &ids {
            let key = Key::within(kind, of, id.clone());
            all.insert(text_of(&key), format!("{:?}", store.attributes(&key)));
        }
        ids.iter().map(|id| id.to_string()).collect()
    };
    for kind in [Kind::Contact, Kind::VCard, Kind::Status, Kind::Bookmark, Kind::Group, Kind::StreamFeature] {
        add(kind, "");
    }
    for of in add(Kind::Presence, "") {
        add(Kind::Resource, &of);
    }
    for of in add(Kind::Chat, "") {
        add(Kind::Message, &of);
    }
    for of in add(Kind::Room, "") {
        add(Kind::Message, &of);
        add(Kind::Occupant, &of);
    }
    for of in add(Kind::Disco, "") {
        for kind in [Kind::Disco, Kind::Feature, Kind::Identity, Kind::Field] {
            add(kind, &of);
        }
    }
    all
}

/// The whole store, and what the page's storage would hold of it.
fn whole(store: &Store) -> String {
    let parts = [Part::Roster, Part::Chats, Part::Archives, Part::Rooms, Part::Bookmarks, Part::VCards, Part::Disco];
    let encoded = parts.map(|part| format!("{:?}", store.encode(&part)));
    format!("{store:?} {encoded:?}")
}

fn difference(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<String> {
    let added = after.keys().filter(|key| !before.contains_key(*key)).map(|key| format!("+ {key}"));
    let removed = before.keys().filter(|key| !after.contains_key(*key)).map(|key| format!("- {key}"));
    let changed = before.iter().filter(|(key, old)| after.get(*key).is_some_and(|new| new != *old));
    added.chain(removed).chain(changed.map(|(key, _)| format!("~ {key}"))).collect()
}

fn text_of(key: &Key) -> String {
    let kind = format!("{:?}", key.kind).to_lowercase();
    if key.of.is_empty() { format!("{kind} {}", key.id) } else { format!("{kind} {} in {}", key.id, key.of) }
}

fn key_of(text: &str) -> Result<Key, String> {
    let (kind, rest) = text.split_once(' ').ok_or("a kind without an id")?;
    let kinds = Kind::ALL;
    let kind = kinds.into_iter().find(|one| format!("{one:?}").to_lowercase() == kind).ok_or("no such kind")?;
    let (id, of) = rest.split_once(" in ").unwrap_or((rest, ""));
    Ok(Key::within(kind, of, id))
}

fn shown_value(value: &Value) -> String {
    match value {
        Value::Undefined | Value::Null => "-".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(value) => value.to_string(),
        Value::Text(text) => text.to_string(),
        Value::List(values) => values.iter().map(shown_value).collect::<Vec<_>>().join(","),
        Value::Map(entries) => format!("{entries:?}"),
    }
}

/// What plugins call an event; none if they hear of something else.
fn name_of(event: &Event) -> Option<&'static str> {
    Some(match event {
        Event::Message { .. } => "message",
        Event::Roster(_) => "roster",
        Event::RosterPush(_) => "rosterPush",
        Event::ContactRequest(_) => "contactRequest",
        Event::ContactRemoved(_) => "contactRemoved",
        Event::Suggested { .. } => "contactsSuggested",
        Event::ContactPresence(_) => "contactPresenceChanged",
        Event::ContactStatusMessage(_) => "contactStatusMessageChanged",
        Event::OwnStatus => "statusChanged",
        Event::OwnStatusMessage => "statusMessageChanged",
        Event::RoomInvitation { .. } => "roomInviteReceived",
        Event::RoomInvitationDeclined { .. } => "roomInviteDeclined",
        _ => return None,
    })
}

/// Without what a presence says that the client can do.
fn without_caps(sent: &Element) -> Element {
    if sent.name() != "presence" {
        return sent.clone();
    }
    let mut plain = Element::new("presence", sent.namespace().clone());
    for attribute in sent.attributes() {
        plain.set_attribute(attribute.name.clone(), attribute.value.clone());
    }
    let others = sent.children().filter(|child| child.namespace().as_str() != "http://jabber.org/protocol/caps");
    others.for_each(|child| plain.push(child.clone()));
    plain
}

/// Remembers the nonce that the client has begun a SCRAM exchange with.
fn note_nonce(names: &mut Names, element: &Element) {
    let texts = [element.text().into_owned(), element.children().map(|child| child.text().into_owned()).collect()];
    for text in texts {
        let plain = converse_wasm::stream::sasl::base64::decode(text.as_bytes());
        let plain = plain.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
        if let Some((_, nonce)) = plain.split_once(",r=").filter(|_| plain.starts_with("n,,")) {
            names.insert("nonce".to_owned(), nonce.to_owned());
        }
    }
}

/// Whether there is the test `file::name`: of Rust in `tests/`, or of a browser in `tests/e2e/`.
fn exists(test: &str) -> bool {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let Some((file, name)) = test.split_once("::") else { return false };
    let source = fs::read_to_string(tests.join(file).with_extension("rs")).unwrap_or_default();
    let browser = fs::read_to_string(tests.join(format!("{file}.spec.ts"))).unwrap_or_default();
    source.contains(&format!("fn {name}()")) || browser.contains(&format!("'{name}'"))
}
