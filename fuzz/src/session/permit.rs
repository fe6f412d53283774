//! What a client may send that nobody has asked for anything else: the rows of the list of attacks, as a rule.

use converse_wasm::{
    jid::{BareJid, Jid},
    store::Store,
    xml::{Element, read},
};

/// What somebody has asked for, the page or the server.
#[derive(Default)]
pub struct Permit {
    /// The user grants all requests.
    subscribes: bool,
    /// Whom the page has named in a call.
    pub named: Vec<String>,
    /// The texts that the page sends.
    pub said: Vec<String>,
    /// Requests that have arrived: from whom, and with which id.
    requests: Vec<(String, String)>,
    /// Receipts that have been asked for, by the ids of the messages.
    receipts: Vec<String>,
    /// Rooms that the account's bookmarks or an invitation name.
    rooms: Vec<String>,
    /// Those who are in the roster as far as the server has said so, and those who ask or refuse.
    people: Vec<String>,
}

impl Permit {
    pub fn new(subscribes: bool) -> Self {
        Self { subscribes, ..Self::default() }
    }

    /// Notes what arrives.
    pub fn note<'a>(&mut self, elements: impl Iterator<Item = &'a Element>) {
        for element in elements {
            self.note_one(element, 8);
        }
    }

    /// Notes what answers a request.
    pub fn note_answer(&mut self, _: &Element, payload: &str) {
        if let Ok(element) = read(&["<a>", payload, "</a>"].concat()) {
            self.note_one(&element, 8);
        }
    }

    fn note_one(&mut self, element: &Element, depth: u32) {
        let text = |name| element.attribute(name).unwrap_or_default().to_owned();
        match element.name() {
            "iq" => self.requests.push((normal(&text("from")), text("id"))),
            "message" => self.receipts.push(text("id")),
            "presence" => self.people.push(bare(&text("from"))),
            // Bookmarks, invitations and items of the roster name somebody.
            "conference" | "x" | "item" | "destroy" => {
                self.rooms.extend([bare(&text("jid")), bare(&text("id"))]);
                self.people.push(bare(&text("jid")));
            }
            _ => {}
        }
        if matches!(element.name(), "message" | "forwarded" | "invite") {
            self.rooms.push(bare(&text("from")));
        }
        if depth > 0 {
            element.children().for_each(|child| self.note_one(child, depth - 1));
        }
    }

    /// Whether `sent` is what somebody has asked for, or what a client always sends.
    pub fn check(&self, sent: &Element, store: &Store) -> Result<(), &'static str> {
        let to = sent.attribute("to").map(bare).unwrap_or_default();
        let named = || self.named.contains(&to);
        if sent.namespace().as_str() != "jabber:client" {
            return Ok(());
        }
        match (sent.name(), sent.attribute("type")) {
            ("iq", Some("result" | "error")) => {
                let request = (
                    normal(sent.attribute("to").unwrap_or_default()),
                    sent.attribute("id").unwrap_or_default().to_owned(),
                );
                if self.requests.contains(&request) { Ok(()) } else { Err("an answer to no request") }
            }
            ("iq", Some("get")) => Ok(()),
            ("iq", _) => self.check_set(sent, &to),
            ("presence", None | Some("unavailable")) if to.is_empty() => Ok(()),
            ("presence", Some("subscribe" | "subscribed" | "unsubscribe" | "unsubscribed")) => {
                // What the server has said of somebody may ask for it; a stranger's presence alone must not.
                let known = store.contacts.iter().any(|contact| contact.jid.as_str() == to);
                if named() || (self.people.contains(&to) && (known || self.subscribes || is_refusal(sent))) {
                    Ok(())
                } else {
                    Err("a subscription that nobody asked for")
                }
            }
            ("presence", None | Some("unavailable")) => {
                let bookmarked = self.rooms.contains(&to);
                if named() || bookmarked { Ok(()) } else { Err("presence for somebody who was not named") }
            }
            ("message", _) => self.check_message(sent, &to, store),
            _ => Err("a stanza of no known kind"),
        }
    }

    fn check_set(&self, sent: &Element, to: &str) -> Result<(), &'static str> {
        let Some(payload) = sent.children().next() else { return Err("a request for nothing") };
        match (payload.name(), payload.namespace().as_str()) {
            ("bind" | "session", _) | ("enable", "urn:xmpp:carbons:2") | ("query" | "prefs", "urn:xmpp:mam:2") => {
                Ok(())
            }
            ("query", "jabber:iq:roster") => {
                let of = payload.children().next().and_then(|item| item.attribute("jid")).map(bare).unwrap_or_default();
                let leaves = self.people.contains(&of);
                if self.named.contains(&of) || leaves {
                    Ok(())
                } else {
                    Err("a change of the roster that nobody asked for")
                }
            }
            (_, "http://jabber.org/protocol/pubsub" | "vcard-temp" | "http://jabber.org/protocol/muc#owner")
            | (_, "http://jabber.org/protocol/muc#admin" | "jabber:iq:register")
                if self.named.iter().any(|named| !named.is_empty()) || self.rooms.contains(&to.to_owned()) =>
            {
                Ok(())
            }
            _ => Err("something is set that nobody asked for"),
        }
    }

    fn check_message(&self, sent: &Element, to: &str, store: &Store) -> Result<(), &'static str> {
        let has = |name: &str| sent.children().find(|child| child.name() == name);
        if let Some(body) = has("body") {
            let said = self.said.iter().any(|said| *said == body.text());
            return if said { Ok(()) } else { Err("a text that nobody wrote") };
        }
        if let Some(received) = has("received") {
            let seen = BareJid::new(to).ok().and_then(|jid| store.contacts.get(&jid).cloned());
            let seen = seen.is_some_and(|contact| matches!(contact.subscription, "from" | "both"));
            let asked = self.receipts.iter().any(|id| Some(id.as_str()) == received.attribute("id"));
            // A stream that is resumed repeats what was sent before.
            return if (seen || self.people.iter().any(|jid| jid == to) || IN_ROSTER.contains(&to)) && asked {
                Ok(())
            } else {
                Err("a receipt for somebody who does not see the user")
            };
        }
        if self.named.contains(&to.to_owned()) { Ok(()) } else { Err("a message to somebody who was not named") }
    }
}

const IN_ROSTER: [&str; 2] = ["romeo@montague.lit", "tybalt@capulet.lit"];

/// The refusal of what the settings do not allow.
fn is_refusal(sent: &Element) -> bool {
    sent.attribute("type") == Some("unsubscribed")
}

fn bare(jid: &str) -> String {
    Jid::new(jid).map(|jid| jid.bare().as_str().to_owned()).unwrap_or_default()
}

fn normal(jid: &str) -> String {
    Jid::new(jid).map(|jid| jid.as_str().to_owned()).unwrap_or_default()
}
