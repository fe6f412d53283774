//! What becomes a link, what does not, and what can be shown in place of one.

#[path = "support/text.rs"]
mod support;

use converse_wasm::text::{Kind, Media, Options, is_link as may_lead, media_of, read};

use support::{STYLED, show, written};

#[track_caller]
fn shown(body: &str, expected: &str) {
    let text = read(body, &[], &STYLED);
    assert_eq!(show(&text), format!("p {expected}"), "{body:?}");
    assert_eq!(written(&text), body);
}

/// That all of `link` is one, whatever is around it.
#[track_caller]
fn is_link(link: &str) {
    shown(link, &format!("<link:{link}>"));
    shown(&format!("see {link}, or"), &format!("see <link:{link}>, or"));
    shown(&format!("({link})"), &format!("(<link:{link}>)"));
}

#[track_caller]
fn is_plain(body: &str) {
    shown(body, body);
}

#[test]
fn links_are_found() {
    is_link("https://example.org");
    is_link("http://example.org/");
    is_link("HTTPS://Example.ORG:8080/a/b.html?c=d&e=%20#f");
    is_link("https://localhost:5280/x");
    is_link("https://127.0.0.1/");
    is_link("https://[2001:db8::1]:443/x");
    is_link("https://example.org./");
    is_link("https://example.org/~me/a-b_c+d=e@f$g");
    is_link("xmpp:juliet@capulet.lit");
    is_link("xmpp:garden@chat.capulet.lit?join");
    is_link("xmpp:capulet.lit");
    is_link("xmpp:juliet@capulet.lit/balcony@night");
    is_link("mailto:juliet@capulet.lit?subject=a");
}

#[test]
fn what_begins_with_www_leads_to_https() {
    shown("www.example.org", "<link https://www.example.org:www.example.org>");
    shown("(WWW.example.org/a)", "(<link https://WWW.example.org/a:WWW.example.org/a>)");
    for body in
        ["www.", "www.example", "www..org", "me@www.example.org", "a.www.example.org", "//www.example.org", "wwww.a.b"]
    {
        is_plain(body);
    }
}

#[test]
fn the_sentence_around_a_link_is_no_part_of_it() {
    for end in [
        ".", ",", ";", ":", "!", "?", "...", "?!", "'", "\"", ")", "]", "}", ">", "(", "…", "。", "），", "」", "،",
        "؟", "।", "”", "’", "*",
    ] {
        shown(&format!("https://example.org/a{end}"), &format!("<link:https://example.org/a>{end}"));
    }
    for before in ["(", "[", "\"", "<", "“", "请看", "see:", "=", "-", "...", ">>"] {
        let body = format!("a {before}https://example.org/a");
        shown(&body, &format!("a {before}<link:https://example.org/a>"));
    }
    shown("https://a.org(https://b.org)", "<link:https://a.org>(<link:https://b.org>)");
    shown("https://a.org(b)", "<link:https://a.org>(b)");
    shown("(https://a.org)(https://b.org)", "(<link:https://a.org>)(<link:https://b.org>)");
    shown("[a](https://a.org)", "[a](<link:https://a.org>)");
}

#[test]
fn brackets_that_belong_together_stay_together() {
    is_link("https://example.org/wiki/Rose_(name)");
    is_link("https://example.org/?a[b]=c");
    is_link("https://example.org/(a(b)c)");
    shown("(https://example.org/Rose_(name))", "(<link:https://example.org/Rose_(name)>)");
    shown("https://example.org/Rose_(name).", "<link:https://example.org/Rose_(name)>.");
    shown("https://example.org/a]b", "<link:https://example.org/a>]b");
}

#[test]
fn nothing_else_becomes_a_link() {
    for body in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "\u{1}javascript:alert(1)",
        "javascript://example.org/%0aalert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:msgbox",
        "file:///etc/passwd",
        "blob:https//example.org",
        "ftp://example.org",
        "aesgcm://example.org/a#b",
        "about:blank",
        "tel:+123",
        "ws://example.org",
        "example.org",
        "//example.org",
        "https:/example.org",
        "https:example.org",
        "https:\\\\example.org",
        "juliet@capulet.lit",
        "git+https://example.org",
        "xhttps://example.org",
    ] {
        is_plain(body);
    }
}

#[test]
fn what_has_no_place_to_lead_to_is_no_link() {
    for body in [
        "https://",
        "https://.",
        "https:///a",
        "https://?a",
        "https://a..b/",
        "https://:80/",
        "https://a:b/",
        "https://a:123456/",
        "https://a:/b",
        "https://[::1",
        "https://[g]/",
        "https://a%2eb/",
        "xmpp:",
        "xmpp:?join",
        "xmpp: great",
        "xmpp:great",
        "xmpp:@a",
        "xmpp:a@b@c",
        "xmpp://guest@example.com/a",
        "mailto:",
        "mailto:?subject=a",
        "mailto:juliet",
        "mailto:@a",
        "mailto:a@",
        "http://http://a",
    ] {
        is_plain(body);
    }
}

#[test]
fn a_link_leads_where_it_seems_to() {
    for body in [
        // A user before the host.
        "https://bank.example@evil.example/",
        "https://bank.example:1@evil.example/",
        "https://bank.example%2f@evil.example/",
        // Browsers read a backslash as a slash.
        "https://\\evil.example",
        // Direction and invisible characters.
        "https://evil.example/\u{202E}gpj.exe",
        "https://bank.example\u{2066}/\u{2069}.evil.example",
        "https://bank\u{AD}.example/",
        "https://bank\u{200B}.example/",
        "https://bank\u{200D}.example/",
        "https://example.org/a\u{E0041}b",
        "www.bank\u{202E}.example.org",
        "xmpp:juliet\u{202E}@capulet.lit",
        // What looks like a slash, and is none.
        "https://bank.example\u{2044}a.evil.example/",
        "https://bank.example\u{2215}a.evil.example/",
        // Greek and Cyrillic letters among those of ASCII.
        "https://p\u{430}yp\u{430}l.example/",
        "https://www.g\u{3BF}\u{3BF}gle.example/",
    ] {
        is_plain(body);
    }
    shown("https://good.example\\@evil.example", "<link:https://good.example>\\@evil.example");
}

#[test]
fn links_of_all_languages_are_links() {
    is_link("https://bücher.example/straße");
    is_link("https://bu\u{308}cher.example/");
    is_link("https://президент.рф/а?б=в");
    is_link("https://παράδειγμα.example/");
    is_link("https://हिन्दी.example/");
    is_link("https://ไทยแลนด์.example/");
    is_link("https://例え.example/中文");
    is_link("https://مثال.example/می\u{200C}خواهم");
    // Signs of direction around a link are what a client may well write there.
    shown("\u{2068}https://example.org\u{2069}", "\u{2068}<link:https://example.org>\u{2069}");
    shown("https://example.org\u{200F} א", "<link:https://example.org>\u{200F} א");
}

#[test]
fn places_are_read() {
    shown("at geo:37.786971,-122.399677;u=35.", "at <geo 37.786971 -122.399677:geo:37.786971,-122.399677;u=35>.");
    shown("GEO:90,-180.00,12", "<geo 90 -180.00:GEO:90,-180.00,12>");
    for body in [
        "geo:",
        "geo:1",
        "geo:91,0",
        "geo:90.1,0",
        "geo:0,181",
        "geo:a,b",
        "geo:1.,2",
        "geo:--1,2",
        "geo:1e1,2",
        "geo:+1,2",
    ] {
        is_plain(body);
    }
    is_plain("geo:99999999999999999999,0");
}

#[test]
fn a_refused_link_takes_nothing_along_but_itself() {
    shown("https://a@b https://c.org", "https://a@b <link:https://c.org>");
    shown("javascript:open('https://c.org')", "javascript:open('<link:https://c.org>')");
}

#[test]
fn every_link_has_one_of_four_schemes() {
    let body = "javascript:https://a.org data:www.a.org vbscript:xmpp:a@b.c file:mailto:a@b.c";
    for block in read(body, &[], &Options::default()).blocks {
        for span in block.spans {
            if let Kind::Link { href } = span.kind {
                let scheme = href.split(':').next().unwrap_or_default();
                assert!(["https", "http", "xmpp", "mailto"].contains(&scheme), "{href}");
            }
        }
    }
}

#[test]
fn an_address_alone_keeps_the_same_rules() {
    for address in ["https://a.org/b_(c).png", "HTTP://a", "xmpp:a@b?join", "mailto:a@b", "https://a/."] {
        assert!(may_lead(address), "{address}");
    }
    for address in [
        "",
        "javascript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        " https://a.org",
        "https://a.org/b c",
        "https://a.org/\nb",
        "https://a.org\u{7f}",
        "https://a.org/\u{202E}gpj.exe",
        "https://a@b.org",
        "https://a\\@b.org",
        "data:text/html,a",
        "www.a.org",
        "geo:1,2",
        "/a",
        "a.org",
    ] {
        assert!(!may_lead(address), "{address}");
    }
}

#[test]
fn the_suffix_says_what_can_be_shown() {
    for (suffixes, media) in [
        ("jpg jpeg png gif webp bmp svg tiff JPG", Media::Image),
        ("ogg mp3 m4a", Media::Audio),
        ("mp4 webm WebM", Media::Video),
    ] {
        for suffix in suffixes.split(' ') {
            assert_eq!(media_of(&format!("https://example.org/a/b.{suffix}")), Some(media));
            assert_eq!(media_of(&format!("HTTPS://example.org/.{suffix}?c=d#e")), Some(media));
            assert_eq!(media_of(&format!("http://example.org/b.{suffix}")), None);
            assert_eq!(media_of(&format!("xmpp:example.org/b.{suffix}")), None);
            assert_eq!(media_of(&format!("https://example.{suffix}")), None);
            assert_eq!(media_of(&format!("https://example.org/{suffix}")), None);
            assert_eq!(media_of(&format!("https://example.org/?b.{suffix}")), None);
            assert_eq!(media_of(&format!("https://example.org/#/b.{suffix}")), None);
            assert_eq!(media_of(&format!("https://example.org/b.{suffix}/c")), None);
        }
    }
    for href in ["", "https://", "https:///", "https://a/b.", "https://a/b.exe", "https://a/b.html", "\u{e9}"] {
        assert_eq!(media_of(href), None, "{href}");
    }
}
