//! Addresses: what is one, what is the same one, and what is none (RFC 7622).

mod support;

use converse_wasm::jid::{BareJid, FullJid, Jid, JidError, MAX_PART_BYTES};
use unicode_normalization::UnicodeNormalization;

fn text(jid: &str) -> String {
    Jid::new(jid).map_or_else(|error| error.to_string(), |jid| jid.to_string())
}

#[test]
fn the_parts_of_an_address() {
    let jid = FullJid::new("juliet@capulet.lit/balcony").unwrap();
    assert_eq!(jid.bare().local(), Some("juliet"));
    assert_eq!(jid.bare().domain(), "capulet.lit");
    assert_eq!(jid.resource(), "balcony");
    let server = Jid::new("capulet.lit").unwrap();
    assert_eq!(server.bare().local(), None);
    assert_eq!(server.bare().domain(), "capulet.lit");
    assert!(server.is_bare());
}

#[test]
fn a_resource_may_hold_what_separates() {
    let jid = FullJid::new("room@muc/a@b/c d").unwrap();
    assert_eq!(jid.bare().as_str(), "room@muc");
    assert_eq!(jid.resource(), "a@b/c d");
    assert_eq!(Jid::new("server/a@b").unwrap().bare().as_str(), "server");
}

#[test]
fn the_same_address_is_the_same_text() {
    support::lend_unicode();
    assert_eq!(text("Juliet@Capulet.LIT/Balcony"), "juliet@capulet.lit/Balcony");
    assert_eq!(text("juliet@capulet.lit."), "juliet@capulet.lit");
    assert_eq!(text("ZOË@BÜCHER.example"), text("zoe\u{308}@bu\u{308}cher.example"));
    assert_eq!(text("a@b/e\u{301}"), "a@b/\u{e9}");
    assert_ne!(text("a@b/Res"), text("a@b/res"));
}

#[test]
fn what_was_normalised_stays_as_it_is() {
    support::lend_unicode();
    // A capital that is one only once it is decomposed, as U+210C is.
    assert_eq!(text("\u{210c}amlet@elsinore.lit"), "hamlet@elsinore.lit");
    let changes = |c: &char| c.nfkc().collect::<String>() != c.to_string() || c.to_lowercase().ne([*c]);
    for c in ('\u{80}'..=char::MAX).filter(changes) {
        for address in [format!("a{c}@b"), format!("b{c}"), format!("b/{c}")] {
            if let Ok(jid) = Jid::new(&address) {
                assert_eq!(Jid::new(jid.as_str()).as_ref(), Ok(&jid), "U+{:04X}", u32::from(c));
            }
        }
    }
}

#[test]
fn what_only_looks_like_a_separator_is_one_and_is_refused() {
    support::lend_unicode();
    // Fullwidth forms become ASCII: FF20 is @, FF0F is /.
    assert_eq!(Jid::new("juliet\u{ff20}evil@capulet.lit"), Err(JidError::Character('@')));
    assert_eq!(Jid::new("juliet@capulet.lit\u{ff0f}x"), Err(JidError::Character('/')));
}

#[test]
fn what_nobody_sees_is_refused_where_it_would_make_another_address() {
    support::lend_unicode();
    for unseen in ['\u{ad}', '\u{200b}', '\u{202e}', '\u{2060}', '\u{feff}', '\u{1680}', '\u{e0020}'] {
        for address in [format!("jul{unseen}iet@capulet.lit"), format!("juliet@capu{unseen}let.lit")] {
            assert_eq!(Jid::new(&address), Err(JidError::Character(unseen)), "{address:?}");
        }
    }
    assert!(Jid::new("juliet@capulet.lit/bal\u{ad}cony").is_ok());
    assert!(Jid::new("\u{0646}\u{200c}\u{0647}@capulet.lit").is_ok());
}

#[test]
fn what_is_no_address() {
    for (jid, error) in [
        ("", JidError::Empty),
        ("@capulet.lit", JidError::Empty),
        ("juliet@", JidError::Empty),
        ("juliet@capulet.lit/", JidError::Empty),
        ("juliet@capulet..lit", JidError::Empty),
        (".", JidError::Empty),
        ("a b@c", JidError::Character(' ')),
        ("a@b c", JidError::Character(' ')),
        ("a@b@c", JidError::Character('@')),
        ("a<b@c", JidError::Character('<')),
        ("a@b<c", JidError::Character('<')),
        ("a@b/\u{0}", JidError::Character('\0')),
    ] {
        assert_eq!(Jid::new(jid), Err(error), "{jid:?}");
    }
    assert_eq!(BareJid::new("a@b/c"), Err(JidError::Resource));
    assert_eq!(FullJid::new("a@b"), Err(JidError::Resource));
}

#[test]
fn a_part_has_its_length() {
    let longest = "a".repeat(MAX_PART_BYTES);
    assert!(Jid::new(&format!("{longest}@b/{longest}")).is_ok());
    assert_eq!(Jid::new(&format!("{longest}a@b")), Err(JidError::TooLong));
    assert_eq!(Jid::new(&format!("a@b/{longest}a")), Err(JidError::TooLong));
}
