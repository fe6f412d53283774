//! vCards: read, read from hostile hands, changed (XEP-0054).

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use converse_wasm::{
    stanza::payload::vcard::{Changes, MAX_PHOTO_BYTES, MAX_TEXT_BYTES, VCard, query},
    xml::{Element, ns},
};

use support::pattern::stanza;

fn vcard(content: &str) -> Element {
    stanza(&format!("<vCard xmlns='vcard-temp'>{content}</vCard>"))
}

fn photo(kind: &str, base64: &str) -> Option<(String, &'static str)> {
    let content = format!("<PHOTO><TYPE>{kind}</TYPE><BINVAL>{base64}</BINVAL></PHOTO>");
    VCard::decode(&vcard(&content)).unwrap().photo.map(|photo| (photo.base64, photo.mime_type))
}

#[test]
fn decode_a_vcard() {
    let content = "<FN>Romeo M</FN><NICKNAME>R</NICKNAME><URL>https://m.lit</URL><ROLE>lover</ROLE>\
        <EMAIL><INTERNET/><USERID>romeo@montague.lit</USERID></EMAIL><TEL><NUMBER>1</NUMBER></TEL>";
    let read = VCard::decode(&vcard(content)).unwrap();
    let texts =
        [&read.fullname, &read.nickname, &read.url, &read.role, &read.email].map(|text| text.as_deref().unwrap());
    assert_eq!(texts, ["Romeo M", "R", "https://m.lit", "lover", "romeo@montague.lit"]);
    assert_eq!(VCard::decode(&vcard("")).unwrap(), VCard::default());
}

/// Row X3 of the attacks: what a photo is, its bytes say.
#[test]
fn x3_only_pixels_are_photos() {
    for (base64, kind) in [
        ("iVBORw0KGgoAAAAN", "image/png"),
        ("/9j/4AAQSkZJRg==", "image/jpeg"),
        ("R0lGODlhAQABAIAAAA", "image/gif"),
        ("UklGRhAgMEBXRUJQVlA4IA==", "image/webp"),
    ] {
        for said in ["image/png", "text/html", "image/svg+xml", ""] {
            assert_eq!(photo(said, base64), Some((base64.to_owned(), kind)), "{said}");
        }
    }
    assert_eq!(photo("image/png", "\n iVBORw0K\n Ggo= ").unwrap().0, "iVBORw0KGgo=");
    let html = "PGh0bWw+PHNjcmlwdD4=";
    let svg = "PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+";
    let wave = "UklGRhAgMEBXQVZFVlA4IA==";
    for bad in [html, svg, wave, "", "iVBORw0KGgo\"><script>".replace('<', "&lt;").as_str(), "iVBORw0KGgoé"] {
        assert_eq!(photo("image/png", bad), None, "{bad}");
    }
    let large = format!("iVBORw0KGgo{}", "A".repeat(MAX_PHOTO_BYTES));
    assert_eq!(photo("image/png", &large), None);
}

#[test]
fn decode_what_is_hostile() {
    for other in ["<vCard/>", "<vCard xmlns='urn:example'/>", "<FN xmlns='vcard-temp'>x</FN>"] {
        assert!(VCard::decode(&stanza(other)).is_err(), "{other}");
    }
    let long = "x".repeat(MAX_TEXT_BYTES + 1);
    let content = format!("<FN>{long}</FN><NICKNAME/><FN xmlns='urn:example'>no</FN><PHOTO/><EMAIL/>");
    assert_eq!(VCard::decode(&vcard(&content)).unwrap(), VCard::default());
}

#[test]
fn what_is_not_named_stays() {
    let old = vcard(
        "<FN>Old</FN><TEL><NUMBER>1</NUMBER></TEL><EMAIL><USERID>old@a</USERID></EMAIL><PHOTO><EXTVAL>x</EXTVAL></PHOTO>",
    );
    let changes = Changes { fullname: Some("<New>".to_owned()), email: Some("new@a".to_owned()), ..Changes::default() };
    let expected = "<TEL><NUMBER>1</NUMBER></TEL><PHOTO><EXTVAL>x</EXTVAL></PHOTO><FN>&lt;New&gt;</FN>\
        <EMAIL><INTERNET/><PREF/><USERID>new@a</USERID></EMAIL>";
    assert_eq!(changes.apply(Some(&old)), vcard(expected));
    assert_eq!(Changes::default().apply(Some(&old)), old);
    let image = Changes {
        image: Some("iVBORw0KGgo=".to_owned()),
        image_type: Some("image/png".to_owned()),
        ..Changes::default()
    };
    let expected = "<PHOTO><TYPE>image/png</TYPE><BINVAL>iVBORw0KGgo=</BINVAL></PHOTO>";
    assert_eq!(image.apply(None), vcard(expected));
    assert_eq!(image.apply(Some(&stanza("<query xmlns='urn:example'/>"))), vcard(expected));
    let none = Changes { image: Some(String::new()), ..Changes::default() };
    assert_eq!(none.apply(Some(&vcard(expected))), vcard("<PHOTO/>"));
}

#[test]
fn a_vcard_there_and_back() {
    let changes = Changes {
        fullname: Some("F".to_owned()),
        nickname: Some("N".to_owned()),
        url: Some("U".to_owned()),
        role: Some("R".to_owned()),
        email: Some("E".to_owned()),
        image: Some("/9j/4AAQSkZJRg==".to_owned()),
        image_type: None,
    };
    let read = VCard::decode(&changes.apply(None)).unwrap();
    let texts =
        [&read.fullname, &read.nickname, &read.url, &read.role, &read.email].map(|text| text.as_deref().unwrap());
    assert_eq!(texts, ["F", "N", "U", "R", "E"]);
    assert_eq!(read.photo.unwrap().mime_type, "image/jpeg");
    assert_eq!(query(), Element::new("vCard", ns::VCARD));
}
