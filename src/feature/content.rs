//! What a message stanza says, as it is kept, and as it is sent, and what became of one that was.

use std::rc::Rc;

use crate::{
    session::Delivery,
    stanza::{
        StanzaError,
        payload::{correction, oob, references, spoiler, stanza_ids},
    },
    store::{Change, Message, MessageReference, Rare, RareParts, Sending, Timeline},
    time::Timestamp,
    xml::{Element, ns},
};

/// The longest text of a message that is kept, in bytes; what is longer is cut, and ends with an ellipsis. Servers pass on no
/// more in one stanza, and nobody writes it.
pub const MAX_BODY_BYTES: usize = 256 * 1024;
/// The same for its subject, and for what is said about a spoiler or a link.
pub const MAX_TEXT_BYTES: usize = 10_000;
/// The longest address that a message leads to, in bytes. A longer one is no link, and no reference.
pub const MAX_URL_BYTES: usize = 8_192;

/// What the user wants to say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outgoing {
    pub body: String,
    /// The text is not to be seen at once; what is said about it may be empty.
    pub spoiler: Option<String>,
    pub references: Vec<MessageReference>,
    pub oob_url: Option<String>,
    /// The number of the message that this one takes the place of.
    pub correcting: Option<u32>,
}

impl Outgoing {
    /// The message that says this, as it is kept and about to be sent as the stanza `id`.
    pub fn into_message(self, kind: &'static str, from: Rc<str>, id: Rc<str>, time: Timestamp) -> Message {
        let mut message = Message::new(kind, from, true, time);
        message.msgid = Some(id.clone());
        message.origin_id = Some(id);
        message.body = Some(self.body.into());
        let rare = RareParts {
            spoiler: self.spoiler,
            references: self.references,
            oob_url: self.oob_url,
            ..RareParts::default()
        };
        message.rare = rare.into();
        message.outcome = Some(Sending::Pending);
        message
    }

    /// Has `message` say this from now on, about to be sent as the stanza `id`.
    pub fn replace(self, message: &mut Message, id: Rc<str>, time: Timestamp) {
        message.correct(Some(self.body.into()), time);
        message.rare.references = self.references;
        message.rare.corrected_by = Some(id);
        message.outcome = Some(Sending::Pending);
    }
}

/// What the delivery of its stanza says of a message.
pub fn sending(delivery: Delivery) -> Sending {
    match delivery {
        Delivery::Sent => Sending::Sent,
        Delivery::NotSent => Sending::failed("not-sent"),
        Delivery::InDoubt => Sending::failed("in-doubt"),
    }
}

/// Takes in that a message of the user's, sent with this id, came back from `from`: the reason stands after what is there.
/// Nothing changes if that is known.
pub fn refuse(
    messages: &mut Timeline,
    number: u32,
    id: &str,
    from: Rc<str>,
    error: StanzaError,
    time: Timestamp,
) -> Vec<Change> {
    let is_known = messages.get(number).is_some_and(
        |message| matches!(&message.outcome, Some(Sending::Failed { reason, .. }) if *reason == "refused"),
    );
    if is_known {
        return Vec::new();
    }
    let text = error.text.clone();
    let refused = messages.update(number, |message| {
        message.outcome = Some(Sending::Failed { reason: "refused", text });
    });
    let mut entry = Message::new("error", from, false, time);
    entry.msgid = Some(id.into());
    entry.body = Some(error.text.unwrap_or(error.condition).into());
    let (_, added) = messages.push(entry);
    refused.into_iter().chain([added]).collect()
}

/// Reads what `element` says into `message`.
pub fn read_content(element: &Element, message: &mut Message) {
    let text = |name, most| element.child(name, &ns::CLIENT).map(|child| child.text_within(most));
    message.body = text("body", MAX_BODY_BYTES).map(Into::into);
    let bounded = |id: &&str| id.len() <= stanza_ids::MAX_ID_BYTES;
    message.msgid = element.attribute("id").filter(bounded).map(Into::into);
    message.origin_id = stanza_ids::origin_id(element).map(Into::into);
    message.unstyled = element.child("unstyled", &ns::STYLING).is_some();
    let link = oob::of(element, MAX_TEXT_BYTES).filter(|link| link.url.len() <= MAX_URL_BYTES);
    let (oob_url, oob_desc) = link.map_or((None, None), |link| (Some(link.url), link.description));
    let references = references::of(element)
        .into_iter()
        .filter(|reference| reference.uri.len().max(reference.kind.len()) <= MAX_URL_BYTES)
        .map(|reference| MessageReference {
            begin: reference.begin,
            end: reference.end,
            kind: reference.kind,
            uri: reference.uri,
        })
        .collect();
    message.rare = Rare::from(RareParts {
        subject: text("subject", MAX_TEXT_BYTES),
        thread: text("thread", stanza_ids::MAX_ID_BYTES),
        spoiler: spoiler::hint(element, MAX_TEXT_BYTES),
        oob_url,
        oob_desc,
        references,
        replaces: correction::replaced(element).filter(bounded).map(Into::into),
        ..RareParts::default()
    });
}

/// Writes what goes with the text of `message` into `stanza`; `replaced` is the id of the one it takes the place of.
pub fn write_content(stanza: &mut Element, message: &Message, replaced: Option<&str>) {
    if let Some(hint) = &message.rare.spoiler {
        stanza.push(spoiler::encode(hint));
    }
    for MessageReference { begin, end, kind, uri } in &message.rare.references {
        let reference = references::Reference { begin: *begin, end: *end, kind: kind.clone(), uri: uri.clone() };
        stanza.push(references::encode(&reference));
    }
    if let Some(url) = &message.rare.oob_url {
        stanza.push(oob::encode(url));
    }
    if let Some(id) = replaced {
        stanza.push(correction::replace(id));
    }
    if let Some(id) = &message.origin_id {
        stanza.push(stanza_ids::encode_origin(id));
    }
}
