//! XEP-0156: Discovering Alternative XMPP Connection Methods (version 1.4.0): where a domain's server listens for web
//! clients, by the links of its host-meta (RFC 6415).
//!
//! Whoever answers at the domain over https may send the client to any other host; but only over TLS.

use super::Endpoint;
use crate::xml::{Element, Namespace, ns};

/// A link of host-meta: what it relates to, and where it leads.
pub type Link = (String, String);

/// Why host-meta is of no use.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DiscoveryError {
    /// It names no connection method that is known here.
    NoEndpoint,
    /// It names some, but none that is encrypted.
    NoSecureEndpoint,
}

/// The links in host-meta as XRD; `None` if `xrd` is something else.
pub fn from_xrd(xrd: &Element) -> Option<Vec<Link>> {
    let text = |link: &Element, name| link.attribute(name).unwrap_or_default().to_owned();
    let links = xrd.children().filter(|child| child.is("Link", &ns::XRD));
    xrd.is("XRD", &ns::XRD).then(|| links.map(|link| (text(link, "rel"), text(link, "href"))).collect())
}

/// The best endpoint among `links`: WebSocket before BOSH, and in the order of the file.
pub fn choose(links: &[Link]) -> Result<Endpoint, DiscoveryError> {
    let mut error = DiscoveryError::NoEndpoint;
    for (relation, scheme, endpoint) in METHODS {
        for (_, href) in links.iter().filter(|(rel, _)| rel == relation.as_str()) {
            if href.len() > scheme.len() && href.starts_with(scheme) {
                return Ok(endpoint(href.clone()));
            }
            error = DiscoveryError::NoSecureEndpoint;
        }
    }
    Err(error)
}

type Method = (Namespace, &'static str, fn(String) -> Endpoint);

const METHODS: [Method; 2] =
    [(ns::ALT_WEBSOCKET, "wss://", Endpoint::WebSocket), (ns::ALT_BOSH, "https://", Endpoint::Bosh)];
