//! Texts in short, and texts of emoji.

use converse_wasm::text::{is_emoji_only, shorten};

#[test]
fn a_short_text_is_shown_whole() {
    assert_eq!(shorten("Wherefore art thou?", 100), "Wherefore art thou?");
    assert_eq!(shorten("Where", 5), "Where");
    assert_eq!(shorten("", 5), "");
    assert_eq!(shorten(" \n\t ", 5), "");
}

#[test]
fn a_long_text_is_cut_after_so_many_characters() {
    assert_eq!(shorten("Wherefore", 5), "Where…");
    assert_eq!(shorten("Where art", 5), "Where…");
    assert_eq!(shorten("Where art", 6), "Where…");
    assert_eq!(shorten("Where art", 7), "Where a…");
    assert_eq!(shorten("😀😀😀", 2), "😀😀…");
    assert_eq!(shorten("a", 0), "…");
    assert_eq!(shorten("Where   ", 5), "Where");
}

#[test]
fn no_sign_is_cut_in_two() {
    assert_eq!(shorten("abe\u{301}\u{302}", 3), "ab…");
    assert_eq!(shorten("ab\u{1F44D}\u{1F3FD}", 3), "ab…");
    assert_eq!(shorten("\u{301}\u{301}\u{301}", 2), "…");
}

#[test]
fn it_is_one_line_without_hidden_signs() {
    assert_eq!(shorten("  a\n\n> b\r\n\tc ", 100), "a > b c");
    assert_eq!(shorten("\u{202E}a\u{2066}b\u{AD}c\u{7F}d", 100), "abc d");
    assert_eq!(shorten("👨\u{200D}👩\u{200D}👧", 100), "👨\u{200D}👩\u{200D}👧");
}

#[test]
fn emoji_are_counted_as_they_are_seen() {
    for (text, count) in [
        ("😀", 1),
        ("👍🏽", 1),
        ("❤\u{FE0F}", 1),
        ("👨\u{200D}👩\u{200D}👧\u{200D}👦", 1),
        ("👩🏽\u{200D}❤\u{FE0F}\u{200D}💋\u{200D}👨🏿", 1),
        ("🇩🇪", 1),
        ("🇩🇪🇫🇷", 2),
        ("🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", 1),
        ("1\u{FE0F}\u{20E3}", 1),
        ("©\u{FE0F}", 1),
        ("↔\u{FE0F}", 1),
        ("⌚", 1),
        ("⭐", 1),
        (" 😀 🎉\n☕ ", 3),
    ] {
        assert!(is_emoji_only(text, count), "{text}");
        assert!(!is_emoji_only(text, count - 1), "{text}");
    }
}

#[test]
fn other_texts_are_no_emoji() {
    for text in [
        "",
        " ",
        "a",
        "😀a",
        "😀.",
        "1",
        "123",
        "#",
        "*",
        "©",
        "↔",
        "->",
        ":-)",
        "é",
        "中",
        "\u{200D}",
        "\u{FE0F}",
        "1\u{20E3}",
    ] {
        assert!(!is_emoji_only(text, 10), "{text}");
    }
}
