//! XEP-0030: Service Discovery (version 2.5rc3), with the forms of
//! XEP-0128: Service Discovery Extensions (version 1.0.1).

use crate::{
    jid::Jid,
    stanza::{DecodeError, Form, Iq, IqKind},
    xml::{Element, ns},
};

/// The most features of one entity that are kept.
pub const MAX_FEATURES: usize = 500;
/// The most identities and the most forms.
pub const MAX_IDENTITIES: usize = 50;
/// The most items.
pub const MAX_ITEMS: usize = 1_000;
/// The longest feature, in bytes.
pub const MAX_FEATURE_BYTES: usize = 1_000;

/// What an entity is and can do.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Info {
    pub identities: Vec<Identity>,
    /// In the order of the answer, without repetitions.
    pub features: Vec<String>,
    pub forms: Vec<Form>,
    /// Whether all of the answer is here, and nothing stood there twice.
    pub is_whole: bool,
}

/// One of the things that an entity is (XEP-0030 §3.1).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Identity {
    pub category: String,
    pub kind: String,
    pub name: Option<String>,
    pub lang: Option<String>,
}

/// Something that belongs to an entity.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Item {
    pub jid: Jid,
    pub name: Option<String>,
    pub node: Option<String>,
}

/// `<query/>` to ask what an entity, or a node of it, is and can do.
pub fn info(node: Option<&str>) -> Element {
    with_node(Element::new("query", ns::DISCO_INFO), node)
}

/// `<query/>` to ask what belongs to it.
pub fn items(node: Option<&str>) -> Element {
    with_node(Element::new("query", ns::DISCO_ITEMS), node)
}

/// Whether `iq` asks what this client is and can do; if so, of which node.
pub fn asked(iq: &Iq) -> Option<Option<&str>> {
    let query = iq.payload().filter(|payload| iq.kind == IqKind::Get && payload.is("query", &ns::DISCO_INFO))?;
    Some(query.attribute("node"))
}

/// The items in the `<query/>` of an answer. One that cannot be understood is left out.
pub fn decode_items(query: &Element) -> Result<Vec<Item>, DecodeError> {
    if !query.is("query", &ns::DISCO_ITEMS) {
        return Err(DecodeError::Invalid("the query of a disco#items result"));
    }
    let text = |item: &Element, name| item.attribute(name).filter(|text| !text.is_empty()).map(str::to_owned);
    let items = query.children().filter(|child| child.is("item", &ns::DISCO_ITEMS)).filter_map(|item| {
        let jid = Jid::new(item.attribute("jid")?).ok()?;
        Some(Item { jid, name: text(item, "name"), node: text(item, "node") })
    });
    Ok(items.take(MAX_ITEMS).collect())
}

impl Info {
    /// Reads the `<query/>` of an answer. What cannot be understood in it is left out.
    pub fn decode(query: &Element) -> Result<Self, DecodeError> {
        if !query.is("query", &ns::DISCO_INFO) {
            return Err(DecodeError::Invalid("the query of a disco#info result"));
        }
        let mut info = Self { is_whole: true, ..Self::default() };
        for child in query.children() {
            let taken = match (child.name(), child.namespace()) {
                ("identity", namespace) if *namespace == ns::DISCO_INFO => info.add_identity(child),
                ("feature", namespace) if *namespace == ns::DISCO_INFO => info.add_feature(child),
                _ => info.add_form(child),
            };
            info.is_whole &= taken;
        }
        Ok(info)
    }

    /// The `<query/>` of the answer to somebody who asked for `node`.
    pub fn encode(&self, node: Option<&str>) -> Element {
        let mut query = info(node);
        for Identity { category, kind, name, lang } in &self.identities {
            let mut identity = Element::new("identity", ns::DISCO_INFO);
            identity.set_attribute("category", category.as_str());
            identity.set_attribute("type", kind.as_str());
            if let Some(name) = name {
                identity.set_attribute("name", name.as_str());
            }
            query.push(match lang {
                Some(lang) => identity.with_prefixed_attribute("xml", ns::XML, "lang", lang.as_str()),
                None => identity,
            });
        }
        for feature in &self.features {
            query.push(Element::new("feature", ns::DISCO_INFO).with_attribute("var", feature.as_str()));
        }
        query
    }

    fn add_identity(&mut self, element: &Element) -> bool {
        let text = |name| element.attribute(name).map(str::to_owned);
        let (Some(category), Some(kind)) = (text("category"), text("type")) else { return false };
        let lang = element.attribute_in(&ns::XML, "lang").map(str::to_owned);
        let identity = Identity { category, kind, name: text("name"), lang };
        let fits = self.identities.len() < MAX_IDENTITIES && !self.identities.contains(&identity);
        if fits {
            self.identities.push(identity);
        }
        fits
    }

    fn add_feature(&mut self, element: &Element) -> bool {
        let Some(var) = element.attribute("var") else { return false };
        let fits = self.features.len() < MAX_FEATURES
            && !var.is_empty()
            && var.len() <= MAX_FEATURE_BYTES
            && self.features.iter().all(|feature| feature != var);
        if fits {
            self.features.push(var.to_owned());
        }
        fits
    }

    /// Takes in a form; other elements mean nothing here, and are nothing that lacks.
    fn add_form(&mut self, element: &Element) -> bool {
        let Some(form) = Form::decode_result(element).filter(|_| element.attribute("type") == Some("result")) else {
            return true;
        };
        let fits = self.forms.len() < MAX_IDENTITIES && self.forms.iter().all(|f| f.form_type() != form.form_type());
        if fits {
            self.forms.push(form);
        }
        fits
    }
}

fn with_node(query: Element, node: Option<&str>) -> Element {
    match node {
        Some(node) => query.with_attribute("node", node),
        None => query,
    }
}
