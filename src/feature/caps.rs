//! Entity capabilities (XEP-0115): what clients can do, announced with their presence.

use sha1::{Digest, Sha1};

use super::Context;
use crate::{
    session::Arrival,
    stanza::{
        Form, Presence, PresenceType,
        payload::{caps::Caps, disco::Info},
    },
    store::Table,
    stream::sasl::base64,
    xml::{Element, ns},
};

/// Says of itself what this library is and does, besides what plugins have said.
pub fn handle_online(context: &mut Context<'_>, arrival: Arrival) {
    if arrival != Arrival::Resumed {
        context.state.own.add_defaults(context.now, context.options);
    }
    if arrival == Arrival::Restored || !context.options.discovery {
        // The last page's presence holds, and it had the same plugins.
        context.state.own.told = Some(own_hash(&context.state.own.info));
        context.state.own.settle();
    }
}

/// Notes what a client announces.
pub fn handle_presence(context: &mut Context<'_>, presence: &Presence) {
    let Some(from) = presence.from.as_ref().filter(|from| !from.is_bare()) else { return };
    let claim = match presence.kind {
        PresenceType::Available => Caps::decode(presence.element()).map(|caps| caps.disco_node()),
        PresenceType::Unavailable => None,
        _ => return,
    };
    context.store.disco.set_claim(from.as_str(), claim);
}

/// The hash of what a client is and can do, in base64 (XEP-0115 §5.1). `None` if others could have the same.
pub fn hash(info: &Info) -> Option<String> {
    let text = verification_text(info).filter(|_| info.is_whole)?;
    Some(base64::encode(&Sha1::digest(text)))
}

impl Context<'_> {
    /// What announces in a presence what this client can do.
    pub(super) fn caps(&self) -> Option<Element> {
        let ver = || own_hash(&self.state.own.info);
        self.options.discovery.then(|| Caps { node: ns::CAPS_NODE.as_str().to_owned(), ver: ver() }.encode())
    }

    /// Notes that a presence does so now.
    pub(super) fn note_caps(&mut self) {
        self.state.own.told = Some(own_hash(&self.state.own.info));
        self.state.own.settle();
    }

    /// Whether there is news of this client that the last presence did not tell.
    pub(super) fn has_news_of_itself(&self) -> bool {
        self.options.discovery && self.state.own.told.as_ref() != Some(&own_hash(&self.state.own.info))
    }

    /// Whether `info` is what `ver` is the hash of: who announces something else must not be believed about others.
    pub(super) fn is_what_was_announced(&self, ver: &str, info: &Info) -> bool {
        hash(info).as_deref() == Some(ver)
    }
}

/// What a plugin adds may be ambiguous; that is for others to refuse.
fn own_hash(info: &Info) -> String {
    let whole = Info { is_whole: true, ..info.clone() };
    hash(&whole).unwrap_or_default()
}

/// The text that is hashed. `None` if it is that of something else too: a `<` or a `/` may make one thing look like two.
fn verification_text(info: &Info) -> Option<String> {
    let mut lines = Lines::default();
    for identity in &info.identities {
        let [name, lang] = [&identity.name, &identity.lang].map(|text| text.as_deref().unwrap_or_default());
        if [&identity.category, &identity.kind].iter().any(|part| part.contains('/')) || lang.contains('/') {
            return None;
        }
        lines.add([&identity.category, "/", &identity.kind, "/", lang, "/", name].concat())?;
    }
    let mut text = lines.take();
    info.features.iter().try_for_each(|feature| lines.add(feature.clone()))?;
    text.push_str(&lines.take());
    // Each form at the place of its name; the name stands before the form's fields.
    let mut forms = Table::<String>::default();
    for form in &info.forms {
        let Some(about) = form.form_type().filter(|_| is_hidden(form)) else { continue };
        let text = form_text(form)?;
        if about.contains('<') || forms.insert(about.into(), text).is_some() {
            return None;
        }
    }
    for (about, fields) in forms.iter() {
        text.push_str(about);
        text.push('<');
        text.push_str(fields);
    }
    Some(text)
}

fn form_text(form: &Form) -> Option<String> {
    let mut fields = Table::<String>::default();
    for field in form.fields.iter().filter(|field| !field.is_form_type()) {
        let var = field.var.as_deref().unwrap_or_default();
        let mut values = Lines::default();
        field.values.iter().try_for_each(|value| values.add(value.clone()))?;
        if var.contains('<') || fields.insert(var.into(), values.take()).is_some() {
            return None;
        }
    }
    let mut text = String::new();
    for (var, values) in fields.iter() {
        text.push_str(var);
        text.push('<');
        text.push_str(values);
    }
    Some(text)
}

/// Forms about nothing in particular do not count (XEP-0115 §5.4).
fn is_hidden(form: &Form) -> bool {
    form.fields.iter().any(|field| field.is_form_type() && field.kind() == "hidden")
}

/// Lines, sorted by their bytes; the same line may stand there more than once.
#[derive(Default)]
struct Lines(Table<usize>);

impl Lines {
    fn add(&mut self, line: String) -> Option<()> {
        if line.contains('<') {
            return None;
        }
        let count = self.0.get_or_insert(&line.into(), || 0);
        *count = count.saturating_add(1);
        Some(())
    }

    fn take(&mut self) -> String {
        let mut text = String::new();
        for (line, count) in self.0.iter() {
            for _ in 0..*count {
                text.push_str(line);
                text.push('<');
            }
        }
        self.0.clear();
        text
    }
}
