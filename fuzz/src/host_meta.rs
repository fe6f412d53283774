//! Where a domain says that its server listens, and where a server sends its clients: never anywhere less safe.

use converse_wasm::{
    stream::{
        Endpoint,
        discovery::{Link, choose, from_xrd},
    },
    xml::read,
};

/// XRD, or what is left of JSON once the browser has read it: a relation and an address in each line.
pub fn check(data: &[u8]) {
    let text = super::text_of(data);
    let xrd = ["<XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'>", &text, "</XRD>"].concat();
    let links = match read(&xrd).or_else(|_| read(&text)) {
        Ok(element) => from_xrd(&element).unwrap_or_default(),
        Err(_) => text.lines().filter_map(link).collect(),
    };
    if let Ok(endpoint) = choose(&links) {
        assert!(links.iter().any(|(_, href)| href == endpoint.url()));
        assert!(endpoint.is_encrypted() && endpoint.is_confidential());
        is_sound(&endpoint, &endpoint);
    }
    for here in HERE {
        for line in text.lines() {
            [here(WEBSOCKET), here(LOCAL)].iter().for_each(|here| check_redirections(here, line));
        }
    }
}

fn link(line: &str) -> Option<Link> {
    let (relation, href) = line.split_once(' ')?;
    Some((relation.to_owned(), href.to_owned()))
}

const WEBSOCKET: &str = "s://capulet.lit:5281/path?query";
const LOCAL: &str = "://localhost:5280/path";
const HERE: [fn(&str) -> Endpoint; 2] =
    [|rest| Endpoint::WebSocket(["ws", rest].concat()), |rest| Endpoint::Bosh(["http", rest].concat())];

fn check_redirections(here: &Endpoint, to: &str) {
    for there in [here.redirected(to), here.relocated(to)].into_iter().flatten() {
        is_sound(here, &there);
        assert_eq!(there.redirected(there.url()), Some(there.clone()));
    }
}

fn is_sound(here: &Endpoint, there: &Endpoint) {
    assert!(there.is_confidential() && (there.is_encrypted() || !here.is_encrypted()), "{here:?} to {there:?}");
    let schemes: &[&str] = match there {
        Endpoint::WebSocket(_) => &["wss://", "ws://"],
        Endpoint::Bosh(_) => &["https://", "http://"],
    };
    assert!(schemes.iter().any(|scheme| there.url().starts_with(scheme)), "{there:?}");
    assert_eq!(std::mem::discriminant(here), std::mem::discriminant(there));
}
