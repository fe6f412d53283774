//! What stanzas carry, through xmpp-parsers and through ours: whatever it understands, we understand as the same.
//!
//! It leaves stanzas unread that have anything it does not know; we leave out what we do not know, and so read more.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "what cannot be read fails the test")]

mod support;

#[path = "support/corpus.rs"]
#[allow(dead_code, reason = "the runner uses more of it")]
mod corpus;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    str::FromStr,
};

use converse_wasm::{
    jid::Jid,
    stanza::{
        Form, StanzaError,
        payload::{bookmarks::Conference, correction, delay, disco, oob, receipts, roster, rsm},
    },
    time::Timestamp,
    xml::{Element, read},
};
use minidom::Element as Theirs;
use xmpp_parsers::{
    bookmarks2, data_forms, delay::Delay, disco as their_disco, message_correct::Replace, oob::Oob, receipts::Received,
    roster as their_roster, rsm::SetResult, stanza_error,
};

/// All elements of the stanzas that tests and fuzzing have, each with those in it.
fn elements() -> Vec<Element> {
    let rows = corpus::rows();
    let steps = rows.iter().flat_map(|row| &row.cases).flat_map(|case| &case.steps).filter(|step| step.word == "<");
    let mut texts: Vec<String> = steps.map(|step| corpus::write_out(&step.text)).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/stanza");
    let files = fs::read_dir(folder).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap());
    texts.extend(files.map(|file| String::from_utf8_lossy(&file).into_owned()));
    texts.extend(MORE.map(str::to_owned));
    let mut elements = Vec::new();
    for text in texts.iter().filter(|text| text.len() < 100_000) {
        if let Ok(stream) = read(&["<stream xmlns='jabber:client'>", text, "</stream>"].concat()) {
            stream.into_children().for_each(|child| collect(child, &mut elements));
        }
    }
    elements
}

fn collect(element: Element, all: &mut Vec<Element>) {
    element.children().for_each(|child| collect(child.clone(), all));
    all.push(element);
}

/// What no case has.
const MORE: [&str; 10] = [
    "<query xmlns='http://jabber.org/protocol/disco#items'><item jid='a.b' name='A'/><item jid='c.b' node='n'/></query>",
    "<query xmlns='jabber:iq:roster' ver='1'><item jid='a@b' subscription='both' ask='subscribe' name='A'><group>x</group>\
     <group>y</group></item><item jid='c@d'/></query>",
    "<set xmlns='http://jabber.org/protocol/rsm'><first index='3'>a</first><last>b</last><count>9</count></set>",
    "<set xmlns='http://jabber.org/protocol/rsm'><count>0</count></set>",
    "<delay xmlns='urn:xmpp:delay' from='a@b/c' stamp='2002-09-10T23:08:25Z'>Offline</delay>",
    "<delay xmlns='urn:xmpp:delay' from='b' stamp='2026-02-29T23:59:60.123456+05:30'/>",
    "<delay xmlns='urn:xmpp:delay' from='b' stamp='1969-12-31T16:00:00.5-08:00'/>",
    "<x xmlns='jabber:x:data' type='form'><field var='a' type='list-multi' label='l'><required/><desc>d</desc>\
     <option label='o'><value>1</value></option><value>1</value><value>2</value></field></x>",
    "<conference xmlns='urn:xmpp:bookmarks:1' name='n' autojoin='1'><nick>k</nick><password>p</password></conference>",
    "<error type='wait'><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>\
     <text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>slower</text></error>",
];

/// How often something was read by both.
#[derive(Default)]
struct Counts(BTreeMap<&'static str, usize>);

impl Counts {
    /// What they read as `name` must be, in words, what we read.
    #[track_caller]
    fn compare<T: TryFrom<Theirs>>(
        &mut self,
        name: &'static str,
        element: &Element,
        theirs: impl Fn(T) -> String,
        ours: impl Fn(&Element) -> Option<String>,
    ) {
        let xml = element.to_xml().unwrap();
        let Some(read) = Theirs::from_str(&xml).ok().and_then(|element| T::try_from(element).ok()) else { return };
        assert_eq!(ours(element).as_ref(), Some(&theirs(read)), "{xml}");
        *self.0.entry(name).or_default() += 1;
    }
}

#[test]
fn xmpp_parsers_reads_the_same() {
    support::lend_unicode();
    let mut counts = Counts::default();
    for element in elements() {
        people(&mut counts, &element);
        entities(&mut counts, &element);
        messages(&mut counts, &element);
    }
    let missing: Vec<_> = NAMES.into_iter().filter(|name| !counts.0.contains_key(name)).collect();
    assert!(missing.is_empty(), "nobody has read a {missing:?}; {:?}", counts.0);
}

const NAMES: [&str; 11] = [
    "bookmark",
    "correction",
    "delay",
    "disco#info",
    "disco#items",
    "error",
    "form",
    "oob",
    "receipt",
    "roster",
    "rsm",
];

/// Without those that are nothing but empty, which mean nothing to us.
fn some(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

/// They take hosts that are none, see `oracles.rs`.
fn is_address(jid: &str) -> bool {
    Jid::new(jid).is_ok()
}

fn people(counts: &mut Counts, element: &Element) {
    counts.compare(
        "roster",
        element,
        |roster: their_roster::Roster| {
            let item = |item: &their_roster::Item| {
                // Each once, and none without a name.
                let groups: BTreeSet<&str> = item.groups.iter().filter_map(|group| some(Some(&group.0))).collect();
                let ask = item.ask == their_roster::Ask::Subscribe;
                format!("{} {:?} {:?} {ask} {groups:?}", item.jid, some(item.name.as_deref()), item.subscription)
            };
            let removed = their_roster::Subscription::Remove;
            let kept = |item: &&their_roster::Item| item.subscription != removed && is_address(item.jid.as_str());
            let items: Vec<String> = roster.items.iter().filter(kept).map(item).collect();
            format!("{:?} {items:?}", roster.ver)
        },
        |element| {
            let roster = roster::Roster::decode(element).ok()?;
            let item = |item: &roster::Item| {
                let (name, groups) = (item.name.as_deref(), item.groups.iter().collect::<BTreeSet<_>>());
                format!("{} {name:?} {:?} {} {groups:?}", item.jid, item.subscription, item.ask)
            };
            Some(format!("{:?} {:?}", roster.version, roster.items.iter().map(item).collect::<Vec<_>>()))
        },
    );
    counts.compare(
        "bookmark",
        element,
        |room: bookmarks2::Conference| {
            let nick = room.nick.as_ref().map(|nick| nick.as_str());
            format!("{:?} {nick:?} {:?} {}", some(room.name.as_deref()), some(room.password.as_deref()), room.autojoin)
        },
        |element| {
            let room = Conference::decode("a@b", element)?;
            Some(format!("{:?} {:?} {:?} {}", room.name, room.nick, room.password, room.autojoin))
        },
    );
}

fn entities(counts: &mut Counts, element: &Element) {
    counts.compare(
        "disco#info",
        element,
        |info: their_disco::DiscoInfoResult| {
            let identity = |i: &their_disco::Identity| format!("{} {} {:?} {:?}", i.category, i.type_, i.lang, i.name);
            let identities: Vec<String> = info.identities.iter().map(identity).collect();
            format!("{identities:?} {:?} {}", info.features, info.extensions.len())
        },
        |element| {
            let info = disco::Info::decode(element).ok()?;
            let identity = |i: &disco::Identity| format!("{} {} {:?} {:?}", i.category, i.kind, i.lang, i.name);
            let identities: Vec<String> = info.identities.iter().map(identity).collect();
            let features: BTreeSet<&String> = info.features.iter().collect();
            Some(format!("{identities:?} {features:?} {}", info.forms.len()))
        },
    );
    counts.compare(
        "disco#items",
        element,
        |items: their_disco::DiscoItemsResult| {
            let item = |item: &their_disco::Item| {
                format!("{} {:?} {:?}", item.jid, some(item.name.as_deref()), some(item.node.as_deref()))
            };
            items.items.iter().filter(|item| is_address(item.jid.as_str())).map(item).collect()
        },
        |element| {
            let item = |item: &disco::Item| format!("{} {:?} {:?}", item.jid, item.name, item.node);
            Some(disco::decode_items(element).ok()?.iter().map(item).collect())
        },
    );
    counts.compare(
        "form",
        element,
        |form: data_forms::DataForm| {
            form.fields.iter().map(|field| format!("{:?} {:?};", field.var, field.values)).collect()
        },
        |element| {
            let form = Form::decode(element)?;
            Some(form.fields.iter().map(|field| format!("{:?} {:?};", field.var, field.values)).collect())
        },
    );
    counts.compare(
        "rsm",
        element,
        |set: SetResult| {
            let first = set.first.as_ref().map(|first| (first.item.trim(), first.index));
            let first = first.filter(|(item, _)| !item.is_empty());
            format!("{first:?} {:?} {:?}", some(set.last.as_deref().map(str::trim)), set.count)
        },
        |element| {
            let part = rsm::Part::decode(&Element::new("fin", element.namespace().clone()).with_child(element.clone()));
            let number = |text: &String| text.parse::<usize>().ok();
            let first = part.first.as_deref().map(|first| (first, part.index.as_ref().and_then(number)));
            Some(format!("{first:?} {:?} {:?}", part.last.as_deref(), part.count.as_ref().and_then(number)))
        },
    );
}

fn messages(counts: &mut Counts, element: &Element) {
    let message = |child: &Element| Element::new("message", child.namespace().clone()).with_child(child.clone());
    counts.compare(
        "delay",
        element,
        |delay: Delay| {
            let stamp = Timestamp::new(delay.stamp.0.timestamp_millis()).milliseconds();
            format!("{stamp} {:?}", delay.from.map(|from| from.to_string()).filter(|from| is_address(from)))
        },
        |element| {
            // Without a name behind it nobody believes it.
            let stamp = Timestamp::parse(element.attribute("stamp")?)?;
            let from = element.attribute("from").and_then(|from| Jid::new(from).ok());
            let believed = delay::of(&message(element), |_| true);
            assert!(believed == from.as_ref().map(|_| stamp));
            Some(format!("{} {:?}", stamp.milliseconds(), from.map(|from| from.to_string())))
        },
    );
    counts.compare(
        "receipt",
        element,
        |receipt: Received| receipt.id,
        |element| Some(receipts::received(&message(element)).unwrap_or_default().to_owned()),
    );
    counts.compare(
        "correction",
        element,
        |replace: Replace| replace.id.0,
        |element| Some(correction::replaced(&message(element)).unwrap_or_default().to_owned()),
    );
    counts.compare(
        "oob",
        element,
        |oob: Oob| format!("{:?} {:?}", oob.url.trim(), some(oob.desc.as_deref().map(str::trim))),
        |element| {
            let oob = oob::of(&message(element), usize::MAX);
            let (url, description) = oob.map(|oob| (oob.url, oob.description)).unwrap_or_default();
            Some(format!("{url:?} {:?}", description.as_deref()))
        },
    );
    counts.compare(
        "error",
        element,
        |error: stanza_error::StanzaError| {
            let theirs = Theirs::from(error);
            let condition = theirs.children().find(|child| child.name() != "text").unwrap().name().to_owned();
            let text = theirs.children().find(|child| child.name() == "text").map(Theirs::text);
            format!("{} {condition} {text:?}", theirs.attr("type").unwrap())
        },
        |element| {
            let error = StanzaError::decode(&message(element));
            Some(format!("{} {} {:?}", error.encode().attribute("type")?, error.condition, error.text))
        },
    );
}
