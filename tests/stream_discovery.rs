//! What host-meta may say, and what a hostile one does not achieve (XEP-0156).

#![allow(clippy::unwrap_used)]

use converse_wasm::{
    stream::{
        Endpoint,
        discovery::{DiscoveryError, Link, choose, from_xrd},
    },
    xml::read,
};

const WEBSOCKET: &str = "urn:xmpp:alt-connections:websocket";
const BOSH: &str = "urn:xmpp:alt-connections:xbosh";

fn links(links: &[(&str, &str)]) -> Vec<Link> {
    links.iter().map(|(rel, href)| ((*rel).to_owned(), (*href).to_owned())).collect()
}

fn xrd(links: &str) -> Option<Vec<Link>> {
    from_xrd(&read(&format!("<XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'>{links}</XRD>")).unwrap())
}

#[test]
fn websocket_goes_before_bosh_and_the_first_before_the_second() {
    let all = links(&[
        (BOSH, "https://capulet.lit/bosh"),
        (WEBSOCKET, "wss://capulet.lit/ws"),
        (WEBSOCKET, "wss://other.capulet.lit/ws"),
    ]);
    assert_eq!(choose(&all), Ok(Endpoint::WebSocket("wss://capulet.lit/ws".to_owned())));
    assert_eq!(choose(&all[..1]), Ok(Endpoint::Bosh("https://capulet.lit/bosh".to_owned())));
}

#[test]
fn an_endpoint_may_be_on_another_domain() {
    let other = links(&[(WEBSOCKET, "wss://hosting.example/capulet")]);
    assert_eq!(choose(&other), Ok(Endpoint::WebSocket("wss://hosting.example/capulet".to_owned())));
}

#[test]
fn what_is_not_encrypted_is_passed_over() {
    let mixed = links(&[(WEBSOCKET, "ws://capulet.lit/ws"), (BOSH, "https://capulet.lit/bosh")]);
    assert_eq!(choose(&mixed), Ok(Endpoint::Bosh("https://capulet.lit/bosh".to_owned())));
    let hostile = [
        (WEBSOCKET, "ws://capulet.lit/ws"),
        (WEBSOCKET, "ws://evil.example/?wss://"),
        (WEBSOCKET, "https://capulet.lit/ws"),
        (WEBSOCKET, "wss://"),
        (WEBSOCKET, "/ws"),
        (WEBSOCKET, ""),
        (WEBSOCKET, "javascript:alert(1)"),
        (BOSH, "http://capulet.lit/bosh"),
        (BOSH, "wss://capulet.lit/ws"),
        (BOSH, "//capulet.lit/bosh"),
    ];
    for link in hostile {
        assert_eq!(choose(&links(&[link])), Err(DiscoveryError::NoSecureEndpoint), "{link:?}");
    }
}

#[test]
fn other_links_say_nothing() {
    assert_eq!(choose(&[]), Err(DiscoveryError::NoEndpoint));
    let others = links(&[("lrdd", "https://capulet.lit/webfinger"), ("urn:xmpp:alt-connections:tls", "wss://c/")]);
    assert_eq!(choose(&others), Err(DiscoveryError::NoEndpoint));
}

#[test]
fn links_are_read_from_xrd() {
    let found = xrd("<Subject>x</Subject><Link rel='urn:xmpp:alt-connections:websocket' href='wss://a/'/><Link/>");
    assert_eq!(found, Some(links(&[(WEBSOCKET, "wss://a/"), ("", "")])));
    assert_eq!(xrd(""), Some(Vec::new()));
    // In another namespace, or further down, a link is none.
    assert_eq!(xrd("<Link xmlns='urn:x' rel='r' href='h'/><P><Link rel='r' href='h'/></P>"), Some(Vec::new()));
}

#[test]
fn what_is_no_xrd_has_no_links() {
    assert_eq!(from_xrd(&read("<html><Link rel='r' href='h'/></html>").unwrap()), None);
    assert_eq!(from_xrd(&read("<XRD><Link rel='r' href='h'/></XRD>").unwrap()), None);
}

#[test]
fn xrd_with_entities_is_refused() {
    let entity = "<!DOCTYPE XRD [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>\
        <XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'>&x;</XRD>";
    assert!(read(entity).is_err());
}
