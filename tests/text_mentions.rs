//! Who is meant: by references in code points, and by nickname.

#[path = "support/text.rs"]
mod support;

use converse_wasm::text::{MAX_MENTIONS, Mention, Options, is_uri_of, names, read};

use support::{STYLED, show, written};

const ME: [&str; 2] = ["romeo@montague.lit", "garden@chat.lit/Romeo M"];

fn mention(begin: u32, end: u32, uri: &str) -> Mention<'_> {
    Mention { begin, end, uri }
}

#[track_caller]
fn shown(body: &str, mentions: &[Mention<'_>], expected: &str) {
    let text = read(body, mentions, &Options { nick: Some("Romeo"), addresses: &ME, ..STYLED });
    assert_eq!(show(&text), expected, "{body:?}");
    assert_eq!(written(&text), body);
}

#[test]
fn a_reference_counts_code_points() {
    let juliet = "xmpp:juliet@capulet.lit";
    shown("hi Juliet!", &[mention(3, 9, juliet)], "p hi <whoxmpp:juliet@capulet.lit:Juliet>!");
    shown("😀é ☕Juliet", &[mention(4, 10, juliet)], "p 😀é ☕<whoxmpp:juliet@capulet.lit:Juliet>");
    shown("Juliet", &[mention(0, 6, juliet)], "p <whoxmpp:juliet@capulet.lit:Juliet>");
    shown("/me hugs Juliet", &[mention(9, 15, juliet)], "action\np hugs <whoxmpp:juliet@capulet.lit:Juliet>");
    shown("> a\nJuliet", &[mention(4, 10, juliet)], "1 <|:> >a\np <whoxmpp:juliet@capulet.lit:Juliet>");
    shown("*Juliet*", &[mention(1, 7, juliet)], "p <*.:*><*whoxmpp:juliet@capulet.lit:Juliet><*.:*>");
}

#[test]
fn references_come_in_any_order() {
    let (a, b) = (mention(0, 1, "xmpp:a@x"), mention(2, 3, "XMPP:b@x"));
    shown("a b", &[b, a], "p <whoxmpp:a@x:a> <whoXMPP:b@x:b>");
}

#[test]
fn a_nickname_of_directives_styles_nothing() {
    shown("*_x_ y_ z*", &[mention(1, 7, "xmpp:a@x")], "p <*.:*><*whoxmpp:a@x:_x_ y_><*: z><*.:*>");
}

#[test]
fn references_that_make_no_sense_are_left_out() {
    for (begin, end) in [(0, 0), (2, 1), (0, 99), (99, 100), (u32::MAX, u32::MAX), (0, u32::MAX), (1, 4)] {
        shown("ab\ncd", &[mention(begin, end, "xmpp:a@x")], "p ab\\ncd");
    }
    for uri in ["", "a@x", "xmpp:", "javascript:alert(1)", "https://example.org", "xmpp:a\u{202E}@x", "xmpp:a\u{85}@x"]
    {
        shown("ab", &[mention(0, 2, uri)], "p ab");
    }
    // In markers, in code and in what is preformatted there is no mention.
    shown("> a", &[mention(0, 1, "xmpp:a@x")], "1 <|:> >a");
    shown("`a`", &[mention(1, 2, "xmpp:a@x")], "p <.:`><code:a><.:`>");
    shown("```\na", &[mention(4, 5, "xmpp:a@x")], "p# <|:```\\n>a");
}

#[test]
fn of_parts_that_overlap_the_first_is_it() {
    let (a, b) = (mention(0, 2, "xmpp:a@x"), mention(1, 3, "xmpp:b@x"));
    shown("abc", &[a, b], "p <whoxmpp:a@x:ab>c");
    shown("abc", &[a, a], "p <whoxmpp:a@x:ab>c");
    shown("https://a.org", &[mention(0, 13, "xmpp:evil@x")], "p <link:https://a.org>");
    shown("https://a.org", &[mention(8, 13, "xmpp:evil@x")], "p <link:https://a.org>");
    shown("Romeo M", &[mention(0, 7, "xmpp:a@x")], "p <whoxmpp:a@x:Romeo M>");
    shown("Romeo", &[mention(1, 3, "xmpp:a@x")], "p <me:Romeo>");
}

#[test]
fn the_user_is_meant_by_address() {
    shown("hi you", &[mention(3, 6, "xmpp:romeo@montague.lit")], "p hi <mexmpp:romeo@montague.lit:you>");
    let in_the_room = "xmpp:garden@chat.lit/Romeo%20M";
    shown("hi you", &[mention(3, 6, in_the_room)], &format!("p hi <me{in_the_room}:you>"));
    for (uri, expected) in [
        ("xmpp:garden@chat.lit/Romeo M", true),
        ("xmpp:garden%40chat.lit/Romeo%20M?message", true),
        ("xmpp:garden@chat.lit/Romeo%20", false),
        ("xmpp:garden@chat.lit/Romeo%20M%", false),
        ("xmpp:garden@chat.lit", false),
        ("garden@chat.lit/Romeo M", false),
        ("xmpp:garden@chat.lit/Romeo%2", false),
    ] {
        assert_eq!(is_uri_of(uri, ME[1]), expected, "{uri}");
    }
    assert!(is_uri_of("xmpp:a@b/%F0%9F%98%80%c3%A9", "a@b/😀é"));
    assert!(is_uri_of("xmpp:a@b/100%", "a@b/100%"));
    assert!(is_uri_of("xmpp:a@b/what?", "a@b/what?"));
}

#[test]
fn the_user_is_meant_by_nickname() {
    shown("Romeo: hi, Romeo!", &[], "p <me:Romeo>: hi, <me:Romeo>!");
    shown("@Romeo", &[], "p @<me:Romeo>");
    shown("*Romeo*", &[], "p <*.:*><*me:Romeo><*.:*>");
    for body in ["Romeos", "xRomeo", "romeo", "Romeoé", "`", ""] {
        let text = read(body, &[], &Options { nick: Some("Romeo"), ..STYLED });
        assert!(!show(&text).contains("<me"), "{body}");
    }
    let nobody = read("Romeo", &[], &Options { nick: Some(""), ..STYLED });
    assert_eq!(show(&nobody), "p Romeo");
    assert_eq!(names("a, aa a", "a").collect::<Vec<_>>(), [0..1, 6..7]);
    assert_eq!(names("aaa", "").count(), 0);
    assert_eq!(names("é é", "é").collect::<Vec<_>>(), [0..2, 3..5]);
}

#[test]
fn there_are_only_so_many_references() {
    let body = "a".repeat(MAX_MENTIONS * 2);
    let mentions: Vec<Mention<'_>> = (0..).take(body.len()).map(|at| mention(at, at + 1, "xmpp:a@x")).collect();
    let text = read(&body, &mentions, &STYLED);
    assert_eq!(text.blocks[0].spans.len(), MAX_MENTIONS + 1);
    assert_eq!(written(&text), body);
}
