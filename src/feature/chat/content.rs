//! What a message stanza says, as it is kept.

use crate::{
    stanza::payload::{oob, references, spoiler, stanza_ids},
    store::{Message, MessageReference},
    xml::{Element, ns},
};

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
