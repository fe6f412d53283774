//! Texts that are made to do harm, and texts made up from a seed: nothing is lost, nothing added, nothing takes long.
//!
//! Long texts are read whole here. Where the time is not in proportion to the length, these tests go on for minutes, not
//! seconds.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "what is not as it should be fails the test")]

#[path = "support/text.rs"]
mod support;

use converse_wasm::text::{
    Kind, MAX_CHARACTERS, MAX_QUOTES, MAX_SPANS, Mention, Options, Style, Text, is_emoji_only, media_of, read, shorten,
};

use support::{STYLED, show, written};

const LENGTH: usize = 200_000;
const WHOLE: Options<'_> = Options { whole: true, nick: Some("aaaaaaaaaaaaaaaab"), ..STYLED };

/// So many texts are made up, of so many parts at most.
const TEXTS: u64 = 20_000;
const PARTS: u64 = 40;
const ALPHABET: [&str; 40] = [
    "*",
    "*",
    "_",
    "_",
    "~",
    "`",
    "`",
    "```",
    " ",
    " ",
    " ",
    "\n",
    "\n",
    ">",
    "> ",
    "a",
    "b c",
    "é",
    "😀",
    "\u{3000}",
    "\u{202E}",
    "https://a.org/b_c*d",
    "www.a.org",
    "https://",
    "xmpp:a@b.c",
    "mailto:a@b.c",
    "geo:1,2",
    "javascript:a",
    "(",
    ")",
    "[",
    ".",
    "\t",
    "Romeo",
    "/me ",
    "\u{200D}",
    "\u{301}",
    "\r",
    "*_",
    "**",
];

/// Numbers that follow from a seed (splitmix64).
struct Numbers(u64);

impl Numbers {
    /// A number below `bound`.
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound
    }

    fn text(&mut self, alphabet: &[&str]) -> String {
        let length = self.below(PARTS);
        (0..length).map(|_| alphabet[usize::try_from(self.below(alphabet.len() as u64)).unwrap()]).collect()
    }
}

/// What is true of every text.
#[track_caller]
fn is_sound(text: &Text<'_>, body: &str) {
    assert_eq!(written(text), body, "{body:?}");
    let spans: Vec<_> = text.blocks.iter().flat_map(|block| &block.spans).collect();
    assert!(spans.len() <= MAX_SPANS, "{} spans", spans.len());
    assert!(text.blocks.len() <= 2 * spans.len() + 1);
    for block in &text.blocks {
        assert!(block.quotes <= MAX_QUOTES);
        for pair in block.spans.windows(2) {
            let is_one = pair[0].kind == Kind::Plain && pair[1].kind == Kind::Plain && pair[0].style == pair[1].style;
            assert!(
                !is_one || pair[0].text == "\n" || pair.iter().any(|span| span.text.contains(['>', '`'])),
                "{body:?}"
            );
        }
    }
    for span in spans {
        assert!(!span.text.is_empty(), "{body:?}");
        assert!(matches!(span.kind, Kind::Plain | Kind::Marker) || !span.text.contains('\n'), "{body:?}");
        match &span.kind {
            Kind::Link { href } => {
                assert!(href.ends_with(span.text) && !href.contains(['\u{202E}', ' ', '`']), "{href:?}");
                let scheme = href.split(':').next().unwrap();
                assert!(["https", "http", "xmpp", "mailto"].contains(&scheme), "{href:?}");
            }
            Kind::Directive => assert!(["*", "_", "~", "`"].contains(&span.text), "{body:?}"),
            _ => {}
        }
    }
}

#[test]
fn repetitions_are_read_in_time() {
    for part in [
        "*",
        "_",
        "* ",
        " *",
        "*a",
        "*a ",
        " *a",
        "*a* ",
        "*_~`",
        " *_~`a",
        "*a _b ~c `d ",
        "*a _b ~c `d` e~ f_ g* ",
        "`",
        "```",
        "```\n",
        "> ```\n",
        ">",
        "> ",
        ">\n",
        "> a\na\n",
        ">>>>>>>>>>>>>\n",
        "\n",
        " ",
        "(",
        ")",
        "()",
        "[({",
        "a",
        "é",
        "\u{301}",
        "\u{202E}",
        "😀",
        "h",
        "https://",
        "https://(",
        "https://)",
        "https://a",
        "https://a ",
        "https://a@ ",
        "https://a@",
        "www.",
        "www.a ",
        "www.a/ ",
        "www.a.b ",
        "www.a.b?",
        "xmpp:",
        "xmpp:a ",
        "mailto:a@",
        "mailto:a ",
        "geo:1,",
        "geo: ",
        "aaaaaaaaaaaaaaaa ",
        "aaaaaaaaaaaaaaaab ",
        "/me ",
    ] {
        for (before, after) in [("", ""), ("*_~a ", "*")] {
            let body = format!("{before}{}{after}", part.repeat(LENGTH / part.len()));
            is_sound(&read(&body, &[], &WHOLE), &body);
        }
    }
}

#[test]
fn the_other_functions_take_their_time_too() {
    for part in [
        "a",
        " ",
        "\u{202E}",
        "\u{301}",
        "😀",
        "😀\u{200D}",
        "\u{1F1E6}",
        "\u{FE0F}",
        "1\u{FE0F}\u{20E3}",
        ".",
        "/",
        "?",
    ] {
        let text = part.repeat(LENGTH / part.len());
        assert!(shorten(&text, 100).chars().count() <= 101);
        assert!(!is_emoji_only(&text, 10));
        assert_eq!(media_of(&format!("https://a/{text}.b")), None);
    }
}

#[test]
fn references_to_all_of_a_long_text_are_read_in_time() {
    let body = "é*".repeat(LENGTH / 3);
    let end = u32::try_from(body.chars().count()).unwrap();
    let mentions: Vec<Mention<'_>> =
        (0..1_000).map(|begin| Mention { begin: 1_000 - begin, end: end - begin, uri: "xmpp:a@x" }).collect();
    is_sound(&read(&body, &mentions, &WHOLE), &body);
}

#[test]
fn a_long_text_is_cut() {
    let body = "é".repeat(MAX_CHARACTERS);
    assert!(!read(&body, &[], &STYLED).cut);
    let longer = format!("{body}*a*");
    let text = read(&longer, &[], &STYLED);
    assert!(text.cut);
    is_sound(&text, &body);
    let whole = read(&longer, &[], &Options { whole: true, ..STYLED });
    assert!(!whole.cut);
    is_sound(&whole, &longer);
    // What is meant by what is not shown, nobody sees.
    let at = u32::try_from(MAX_CHARACTERS).unwrap();
    let across = Mention { begin: at - 1, end: at + 1, uri: "xmpp:a@x" };
    assert_eq!(read(&longer, &[across], &STYLED).blocks[0].spans.len(), 1);
}

#[test]
fn after_so_many_spans_the_rest_is_plain() {
    for body in ["*a* ".repeat(MAX_SPANS), "*a*\n".repeat(MAX_SPANS), "> a\na\n".repeat(MAX_SPANS)] {
        let text = read(&body, &[], &WHOLE);
        is_sound(&text, &body);
        let last = text.blocks.last().and_then(|block| block.spans.last()).unwrap();
        assert_eq!((&last.kind, last.style), (&Kind::Plain, Style::default()));
        assert!(last.text.len() > body.len() / 4);
    }
    // As many as there may be are there.
    let links = "www.a.org ".repeat(MAX_SPANS / 2 - 1);
    let last = read(&links, &[], &WHOLE).blocks[0].spans.iter().filter(|span| span.kind != Kind::Plain).count();
    assert_eq!(last, MAX_SPANS / 2 - 1);
}

#[test]
fn texts_made_up_lose_nothing() {
    for seed in 0..TEXTS {
        let mut numbers = Numbers(seed);
        let body = numbers.text(&ALPHABET);
        let mentions: Vec<Mention<'_>> = (0..numbers.below(4))
            .map(|_| {
                let begin = u32::try_from(numbers.below(PARTS)).unwrap();
                let end = begin + u32::try_from(numbers.below(8)).unwrap();
                Mention { begin, end, uri: "xmpp:a@x" }
            })
            .collect();
        for styling in [true, false] {
            let options = Options { styling, nick: Some("Romeo"), addresses: &["a@x"], whole: false };
            let text = read(&body, &mentions, &options);
            is_sound(&text, &body);
            assert!(!text.cut);
            assert!(styling || text.blocks.iter().all(|block| block.quotes == 0 && !block.preformatted));
        }
        let line = shorten(&body, 10);
        assert!(line.chars().count() <= 11 && !line.contains(['\n', '\t', '\u{202E}']), "{body:?}: {line:?}");
    }
}

#[test]
fn styled_spans_are_what_the_specification_says() {
    let alphabet = ["*", "*", "_", "~", "`", " ", " ", "a", "b", "\u{3000}"];
    for seed in 0..TEXTS {
        let body = Numbers(seed).text(&alphabet);
        if body.starts_with("```") || body.is_empty() {
            continue;
        }
        let mut expected = String::new();
        follow(&body.chars().collect::<Vec<_>>(), "", &mut expected);
        let shown = show(&read(&body, &[], &STYLED));
        // Neighbours of one style are one here, and may be more there.
        assert_eq!(shown, format!("p {expected}"), "{body:?}");
    }
}

/// XEP-0393 §5.2, word by word, without a thought about time.
fn follow(block: &[char], styles: &str, shown: &mut String) {
    let mut plain = String::new();
    let mut at = 0;
    while at < block.len() {
        match "*_~`".contains(block[at]).then(|| closing(block, at)).flatten() {
            Some(end) => {
                let sign = block[at];
                let inner: String = ['*', '_', '~'].into_iter().filter(|s| styles.contains(*s) || *s == sign).collect();
                put(&plain, styles, "", shown);
                plain.clear();
                put(&sign.to_string(), &inner, ".", shown);
                if sign == '`' {
                    put(&block[at + 1..end].iter().collect::<String>(), &inner, "code", shown);
                } else {
                    follow(&block[at + 1..end], &inner, shown);
                }
                put(&sign.to_string(), &inner, ".", shown);
                at = end + 1;
            }
            None => {
                plain.push(block[at]);
                at += 1;
            }
        }
    }
    put(&plain, styles, "", shown);
}

fn closing(block: &[char], at: usize) -> Option<usize> {
    let is_placed = at == 0 || block[at - 1].is_whitespace();
    let is_followed = block.get(at + 1).is_some_and(|next| !next.is_whitespace() && *next != block[at]);
    let ends = |end: &usize| block[*end] == block[at] && !block[*end - 1].is_whitespace();
    (is_placed && is_followed).then(|| (at + 2..block.len()).find(ends)).flatten()
}

fn put(text: &str, styles: &str, kind: &str, shown: &mut String) {
    match (text, format!("{styles}{kind}").as_str()) {
        ("", _) => {}
        (text, "") => shown.push_str(text),
        (text, is) => shown.push_str(&format!("<{is}:{text}>")),
    }
}
