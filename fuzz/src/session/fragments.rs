//! Stanzas made up of parts that mean something: each byte chooses one. `$` names are filled in later.

/// Bytes, and zeros after them.
pub struct Bytes<'a>(std::slice::Iter<'a, u8>);

impl<'a> Bytes<'a> {
    pub fn new(text: &'a str) -> Self {
        Self(text.as_bytes().iter())
    }

    fn next(&mut self) -> usize {
        self.0.next().map_or(0, |byte| usize::from(*byte))
    }

    fn of<T: Copy>(&mut self, from: &[T]) -> T {
        // Letters and digits first, so that scripts can be read.
        from[self.next() % from.len()]
    }
}

/// A stanza.
pub fn stanza(bytes: &mut Bytes<'_>) -> String {
    let (name, kinds) = bytes.of(&STANZAS);
    envelope(bytes, name, kinds, 0)
}

fn envelope(bytes: &mut Bytes<'_>, name: &str, kinds: &[&str], depth: u32) -> String {
    let (kind, from, id) = (bytes.of(kinds), bytes.of(&JIDS), bytes.of(&IDS));
    let mut attributes = String::new();
    for (name, value) in [("type", kind), ("from", from), ("id", id)] {
        if !value.is_empty() {
            attributes += &format!(" {name}='{value}'");
        }
    }
    let count = bytes.next() % 5;
    let payloads: String = (0..count).map(|_| payload(bytes, depth)).collect();
    format!("<{name} xmlns='jabber:client'{attributes}>{payloads}</{name}>")
}

/// Something that a stanza may carry; `depth` says in how many it stands already.
pub fn payload(bytes: &mut Bytes<'_>, depth: u32) -> String {
    let part = bytes.of(&PAYLOADS);
    let mut out = String::new();
    let mut rest = part;
    while let Some((before, after)) = rest.split_once('%') {
        out += before;
        let (what, after) = after.split_at(after.chars().next().map_or(0, char::len_utf8));
        out += &match what {
            "j" => bytes.of(&JIDS).to_owned(),
            "i" => bytes.of(&IDS).to_owned(),
            "t" => bytes.of(&TEXTS).to_owned(),
            "n" => bytes.of(&NUMBERS).to_owned(),
            "s" => bytes.of(&STAMPS).to_owned(),
            "c" => bytes.of(&CODES).to_owned(),
            "m" if depth < 3 => envelope(bytes, "message", &["chat", "groupchat", "normal"], depth + 1),
            "p" if depth < 3 => payload(bytes, depth + 1),
            _ => String::new(),
        };
        rest = after;
    }
    out + rest
}

const STANZAS: [(&str, &[&str]); 5] = [
    ("message", &["chat", "groupchat", "", "headline", "error", "normal"]),
    ("presence", &["", "unavailable", "subscribe", "subscribed", "unsubscribe", "unsubscribed", "error", "probe"]),
    ("iq", &["get", "set", "result", "error"]),
    ("message", &["groupchat"]),
    ("presence", &["", "unavailable"]),
];

const JIDS: [&str; 17] = [
    "romeo@montague.lit/a",
    "orchard@rooms.capulet.lit/romeo",
    "orchard@rooms.capulet.lit/juliet",
    "orchard@rooms.capulet.lit",
    "juliet@capulet.lit",
    "",
    "romeo@montague.lit",
    "mallory@evil.example/x",
    "juliet@capulet.lit/balcony",
    "juliet@capulet.lit/chamber",
    "capulet.lit",
    "rooms.capulet.lit",
    "orchard@rooms.capulet.lit/mallory",
    "tybalt@capulet.lit/a",
    "paris@verona.lit/a",
    "garden@rooms.capulet.lit/romeo",
    "upload.capulet.lit",
];

const IDS: [&str; 10] = ["m1", "m2", "m3", "$m", "$1", "$2", "$q", "", "a1", "a2"];
const TEXTS: [&str; 10] = [
    "one",
    "two",
    "",
    "/me *waves*",
    "juliet: hello",
    "https://a.example/b.png",
    "&#128512;",
    "> a\n> b",
    "true",
    "&lt;b&gt;",
];
const NUMBERS: [&str; 10] = ["0", "1", "2", "5", "-1", "100", "65535", "4294967295", "18446744073709551616", "x"];
const STAMPS: [&str; 6] = [
    "2026-11-23T01:59:00Z",
    "2026-11-22T10:00:00Z",
    "1970-01-01T00:00:00Z",
    "9999-12-31T23:59:60+23:59",
    "0000-01-01T00:00:00-23:59",
    "x",
];
const CODES: [&str; 14] =
    ["110", "201", "210", "303", "301", "307", "321", "322", "332", "333", "100", "170", "104", "99999"];

const PAYLOADS: [&str; 78] = [
    "<body>%t</body>",
    "<subject>%t</subject>",
    "<thread>%i</thread>",
    "<x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='member' role='participant'/><status code='%c'/></x>",
    "<x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' role='none' nick='%t' jid='%j'><reason>%t</reason><actor nick='%t'/></item><status code='%c'/><status code='%c'/></x>",
    "<x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='owner' role='moderator' jid='%j'/><status code='110'/><status code='%c'/></x>",
    "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='%i'/>",
    "<stanza-id xmlns='urn:xmpp:sid:0' by='%j' id='%i'/>",
    "<origin-id xmlns='urn:xmpp:sid:0' id='%i'/>",
    "<replace xmlns='urn:xmpp:message-correct:0' id='%i'/>",
    "<delay xmlns='urn:xmpp:delay' from='%j' stamp='%s'/>",
    "<received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>%m</forwarded></received>",
    "<sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>%m</forwarded></sent>",
    "<result xmlns='urn:xmpp:mam:2' queryid='$q' id='%i'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='%s'/>%m</forwarded></result>",
    "<result xmlns='urn:xmpp:mam:2' queryid='%i' id='%i'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='%s'/>%m</forwarded></result>",
    "<fin xmlns='urn:xmpp:mam:2' complete='%t'><set xmlns='http://jabber.org/protocol/rsm'><first index='%n'>%i</first><last>%i</last><count>%n</count></set></fin>",
    "<fin xmlns='urn:xmpp:mam:2' complete='true'><set xmlns='http://jabber.org/protocol/rsm'/></fin>",
    "<request xmlns='urn:xmpp:receipts'/>",
    "<received xmlns='urn:xmpp:receipts' id='%i'/>",
    "<markable xmlns='urn:xmpp:chat-markers:0'/>",
    "<displayed xmlns='urn:xmpp:chat-markers:0' id='%i'/>",
    "<composing xmlns='http://jabber.org/protocol/chatstates'/>",
    "<active xmlns='http://jabber.org/protocol/chatstates'/>",
    "<gone xmlns='http://jabber.org/protocol/chatstates'/>",
    "<error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>%t</text></error>",
    "<error type='auth'><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>",
    "<error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>",
    "<error type='modify'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>xmpp:%j</gone></error>",
    "<error type='modify'><not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><file-too-large xmlns='urn:xmpp:http:upload:0'><max-file-size>%n</max-file-size></file-too-large></error>",
    "<query xmlns='jabber:iq:roster' ver='%i'><item jid='%j' name='%t' subscription='both'><group>%t</group><group>%t</group></item></query>",
    "<query xmlns='jabber:iq:roster'><item jid='%j' subscription='remove'/></query>",
    "<query xmlns='jabber:iq:roster'><item jid='%j' subscription='none' ask='subscribe'/></query>",
    "<query xmlns='http://jabber.org/protocol/disco#info'><identity category='account' type='registered'/><identity category='pubsub' type='pep'/><feature var='urn:xmpp:mam:2'/><feature var='urn:xmpp:sid:0'/><feature var='http://jabber.org/protocol/pubsub#publish-options'/><feature var='urn:xmpp:bookmarks:1#compat'/></query>",
    "<query xmlns='http://jabber.org/protocol/disco#info'><identity category='conference' type='text' name='%t'/><feature var='http://jabber.org/protocol/muc'/><feature var='urn:xmpp:sid:0'/><feature var='urn:xmpp:occupant-id:0'/><feature var='urn:xmpp:mam:2'/><feature var='muc_membersonly'/></query>",
    "<query xmlns='http://jabber.org/protocol/disco#info'><identity category='store' type='file' name='%t'/><feature var='urn:xmpp:http:upload:0'/><x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'><value>urn:xmpp:http:upload:0</value></field><field var='max-file-size'><value>%n</value></field></x></query>",
    "<query xmlns='http://jabber.org/protocol/disco#info' node='%i'><feature var='%t'/><feature var='%t'/></query>",
    "<query xmlns='http://jabber.org/protocol/disco#info'/>",
    "<query xmlns='http://jabber.org/protocol/disco#items'><item jid='%j' name='%t'/><item jid='upload.capulet.lit'/></query>",
    "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://a.example/' ver='%i'/>",
    "<x xmlns='jabber:x:data' type='form'><field var='%t' type='list-multi' label='%t'><value>%t</value><option label='%t'><value>%t</value></option><required/></field><field var='FORM_TYPE' type='hidden'><value>%t</value></field></x>",
    "<query xmlns='http://jabber.org/protocol/muc#owner'>%p</query>",
    "<query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='member' jid='%j' nick='%t'/><item affiliation='outcast' jid='%j'><reason>%t</reason></item></query>",
    "<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='urn:xmpp:bookmarks:1'><item id='%j'><conference xmlns='urn:xmpp:bookmarks:1' name='%t' autojoin='%t'><nick>%t</nick><password>%t</password></conference></item></items></event>",
    "<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='urn:xmpp:bookmarks:1'><retract id='%j'/></items></event>",
    "<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='storage:bookmarks'><item id='current'><storage xmlns='storage:bookmarks'><conference jid='%j' autojoin='true'><nick>%t</nick></conference></storage></item></items></event>",
    "<event xmlns='http://jabber.org/protocol/pubsub#event'><purge node='urn:xmpp:bookmarks:1'/></event>",
    "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:bookmarks:1'><item id='%j'><conference xmlns='urn:xmpp:bookmarks:1' autojoin='true'><nick>%t</nick></conference></item><item id='%j'><conference xmlns='urn:xmpp:bookmarks:1'/></item></items></pubsub>",
    "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='storage:bookmarks'><item id='current'><storage xmlns='storage:bookmarks'><conference jid='%j' name='%t' autojoin='1'/><url url='a'/></storage></item></items></pubsub>",
    "<vCard xmlns='vcard-temp'><FN>%t</FN><NICKNAME>%t</NICKNAME><PHOTO><TYPE>image/svg+xml</TYPE><BINVAL>iVBORw0KGgo=</BINVAL></PHOTO><URL>%t</URL><EMAIL><USERID>%t</USERID></EMAIL></vCard>",
    "<vCard xmlns='vcard-temp'/>",
    "<slot xmlns='urn:xmpp:http:upload:0'><put url='https://upload.capulet.lit/%i'><header name='Authorization'>%t</header><header name='Cookie'>%t</header></put><get url='https://upload.capulet.lit/%i'/></slot>",
    "<slot xmlns='urn:xmpp:http:upload:0'><put url='http://evil.example/%i'/><get url='javascript:%t'/></slot>",
    "<x xmlns='jabber:x:conference' jid='%j' reason='%t' password='%t'/>",
    "<x xmlns='http://jabber.org/protocol/muc#user'><invite from='%j'><reason>%t</reason></invite><password>%t</password></x>",
    "<x xmlns='http://jabber.org/protocol/muc#user'><decline from='%j'><reason>%t</reason></decline></x>",
    "<x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' role='none'/><destroy jid='%j'><reason>%t</reason></destroy></x>",
    "<x xmlns='http://jabber.org/protocol/rosterx'><item action='add' jid='%j' name='%t'><group>%t</group></item><item action='delete' jid='%j'/></x>",
    "<reactions xmlns='urn:xmpp:reactions:0' id='%i'><reaction>&#128075;</reaction></reactions>",
    "<retract xmlns='urn:xmpp:message-retract:1' id='%i'/>",
    "<apply-to xmlns='urn:xmpp:fasten:0' id='%i'><moderated xmlns='urn:xmpp:message-moderate:0' by='%j'><retract xmlns='urn:xmpp:message-retract:0'/></moderated></apply-to>",
    "<reference xmlns='urn:xmpp:reference:0' type='mention' begin='%n' end='%n' uri='xmpp:%j'/>",
    "<spoiler xmlns='urn:xmpp:spoiler:0'>%t</spoiler>",
    "<x xmlns='jabber:x:oob'><url>%t</url><desc>%t</desc></x>",
    "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='%n' end='%n'/></fallback><reply xmlns='urn:xmpp:reply:0' id='%i' to='%j'/>",
    "<unstyled xmlns='urn:xmpp:styling:0'/>",
    "<show>away</show><status>%t</status><priority>%n</priority>",
    "<show>dnd</show><priority>5</priority><idle xmlns='urn:xmpp:idle:1' since='%s'/>",
    "<nick xmlns='http://jabber.org/protocol/nick'>%t</nick>",
    "<ping xmlns='urn:xmpp:ping'/>",
    "<block xmlns='urn:xmpp:blocking'><item jid='%j'/></block>",
    "<forwarded xmlns='urn:xmpp:forward:0'>%m</forwarded>",
    "<prefs xmlns='urn:xmpp:mam:2' default='roster'><always><jid>%j</jid></always></prefs>",
    "<body xml:lang='de'>%t</body>",
    "<body/>",
    "<query xmlns='jabber:iq:register'><registered/><username>%t</username>%p</query>",
    "<query xmlns='http://jabber.org/protocol/disco#info' node='x-roomuser-item'><identity category='conference' name='%t' type='text'/></query>",
    "<no-store xmlns='urn:xmpp:hints'/>",
    "<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='urn:xmpp:bookmarks:1'><item id='%j'/></publish></pubsub>",
];
