//! What a message stanza says, as it is kept, and as it is sent.

use crate::{
    stanza::payload::{correction, oob, references, spoiler, stanza_ids},
    store::{Message, MessageReference},
    xml::{Element, ns},
};

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

/// Reads what `element` says into `message`.
pub fn read_content(element: &Element, message: &mut Message) {
    let text = |name| element.child(name, &ns::CLIENT).map(|child| child.text().into_owned());
    message.body = text("body").map(Into::into);
    message.subject = text("subject");
    message.thread = text("thread");
    message.msgid = element.attribute("id").filter(|id| id.len() <= stanza_ids::MAX_ID_BYTES).map(Into::into);
    message.origin_id = stanza_ids::origin_id(element).map(Into::into);
    message.spoiler = spoiler::hint(element);
    if let Some(link) = oob::of(element) {
        message.oob_url = Some(link.url);
        message.oob_desc = link.description;
    }
    message.references = references::of(element)
        .into_iter()
        .map(|reference| MessageReference {
            begin: reference.begin,
            end: reference.end,
            kind: reference.kind,
            uri: reference.uri,
        })
        .collect();
}

/// Writes what goes with the text of `message` into `stanza`; `replaced` is the id of the one it takes the place of.
pub fn write_content(stanza: &mut Element, message: &Message, replaced: Option<&str>) {
    if let Some(hint) = &message.spoiler {
        stanza.push(spoiler::encode(hint));
    }
    for MessageReference { begin, end, kind, uri } in &message.references {
        let reference = references::Reference { begin: *begin, end: *end, kind: kind.clone(), uri: uri.clone() };
        stanza.push(references::encode(&reference));
    }
    if let Some(url) = &message.oob_url {
        stanza.push(oob::encode(url));
    }
    if let Some(id) = replaced {
        stanza.push(correction::replace(id));
    }
    if let Some(id) = &message.origin_id {
        stanza.push(stanza_ids::encode_origin(id));
    }
}
