//! Stream features (RFC 6120 §4.3.2): what the server offers at this point of the stream;
//! among it XEP-0440: SASL Channel-Binding Type Capability (version 1.0.0).

use crate::xml::{Element, Namespace, ns};

/// What a server offers, as far as this client can use it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Features {
    /// SASL mechanisms, as the server names them (RFC 6120 §6.3.3).
    pub mechanisms: Vec<String>,
    /// The channel bindings, if the server announces any (XEP-0440).
    pub channel_bindings: Option<Vec<String>>,
    /// SASL2 (XEP-0388).
    pub sasl2: Option<Sasl2>,
    /// The server wants TLS started inside the stream, which a browser cannot do.
    pub starttls: bool,
    /// Resource binding (RFC 6120 §7).
    pub bind: bool,
    /// The session of RFC 3921, unless the server says that it may be left out.
    pub session: bool,
    /// Stream management (XEP-0198).
    pub management: bool,
    /// Client state indication (XEP-0352).
    pub client_state: bool,
    /// Roster versioning (RFC 6121 §2.6).
    pub roster_versioning: bool,
    /// All that is offered, by name and namespace.
    pub offered: Vec<(String, String)>,
}

/// What a server offers to do in one exchange with authentication.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Sasl2 {
    /// SASL mechanisms, as the server names them.
    pub mechanisms: Vec<String>,
    /// Stream management: a stream can be resumed at once (XEP-0198 §9).
    pub resume: bool,
    /// Bind 2, with what can be switched on with it (XEP-0386).
    pub bind: Option<Bind2>,
    /// The mechanisms for tokens (XEP-0484).
    pub fast: Vec<String>,
}

/// What can be switched on while a resource is bound.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Bind2 {
    pub carbons: bool,
    pub client_state: bool,
    pub management: bool,
}

/// The most of them that are kept.
const MAX_OFFERED: usize = 100;

impl Features {
    /// Reads `<stream:features/>`; `None` if `element` is something else.
    pub fn decode(element: &Element) -> Option<Self> {
        if !element.is("features", &ns::STREAM) {
            return None;
        }
        let offered = |name, namespace: Namespace| element.children().find(|child| child.is(name, &namespace));
        Some(Self {
            mechanisms: offered("mechanisms", ns::SASL).map_or_else(Vec::new, |list| mechanisms(list, &ns::SASL)),
            channel_bindings: offered("sasl-channel-binding", ns::CHANNEL_BINDING).map(channel_bindings),
            sasl2: offered("authentication", ns::SASL2).map(Sasl2::decode),
            starttls: offered("starttls", ns::TLS).is_some(),
            bind: offered("bind", ns::BIND).is_some(),
            session: offered("session", ns::SESSION)
                .is_some_and(|session| session.child("optional", &ns::SESSION).is_none()),
            management: offered("sm", ns::SM).is_some(),
            client_state: offered("csi", ns::CSI).is_some(),
            roster_versioning: offered("ver", ns::ROSTER_VERSIONING).is_some(),
            offered: element.children().take(MAX_OFFERED).map(name_of).collect(),
        })
    }
}

impl Sasl2 {
    fn decode(authentication: &Element) -> Self {
        let inline = authentication.child("inline", &ns::SASL2);
        let offered = |name, namespace: &Namespace| inline.and_then(|inline| inline.child(name, namespace));
        Self {
            mechanisms: mechanisms(authentication, &ns::SASL2),
            resume: offered("sm", &ns::SM).is_some(),
            bind: offered("bind", &ns::BIND2).map(Bind2::decode),
            fast: offered("fast", &ns::FAST).map_or_else(Vec::new, |fast| mechanisms(fast, &ns::FAST)),
        }
    }
}

impl Bind2 {
    fn decode(bind: &Element) -> Self {
        let inline = bind.child("inline", &ns::BIND2);
        let offers = |namespace: &Namespace| {
            let mut features = inline.into_iter().flat_map(Element::children);
            features.any(|feature| feature.attribute("var") == Some(namespace.as_str()))
        };
        Self { carbons: offers(&ns::CARBONS), client_state: offers(&ns::CSI), management: offers(&ns::SM) }
    }
}

fn mechanisms(list: &Element, namespace: &Namespace) -> Vec<String> {
    let mechanisms = list.children().filter(|child| child.is("mechanism", namespace));
    mechanisms.map(|mechanism| mechanism.text().trim().to_owned()).collect()
}

fn channel_bindings(list: &Element) -> Vec<String> {
    let bindings = list.children().filter(|child| child.is("channel-binding", &ns::CHANNEL_BINDING));
    bindings.filter_map(|binding| binding.attribute("type")).map(str::to_owned).collect()
}

fn name_of(element: &Element) -> (String, String) {
    (element.name().to_owned(), element.namespace().as_str().to_owned())
}
