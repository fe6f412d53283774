//! What a message says: its parts are the whole, and links lead where they may.

use converse_wasm::text::{
    Kind, MAX_QUOTES, MAX_SPANS, Mention, Options, is_emoji_only, is_link, is_uri_of, media_of, names, read, shorten,
};

/// The first four bytes say how the text is read, and where a mention stands.
pub fn check(data: &[u8]) {
    let (head, rest) = data.split_at(data.len().min(4));
    let head = [0, 1, 2, 3].map(|at| head.get(at).copied().unwrap_or_default());
    let body = super::text_of(rest);
    let nick = body.split([' ', '\n']).next().filter(|_| head[0] & 2 != 0);
    let options =
        Options { styling: head[0] & 1 == 0, nick, addresses: &["juliet@capulet.lit"], whole: head[0] & 4 != 0 };
    let uri = if head[0] & 8 == 0 { "xmpp:juliet@capulet.lit" } else { "xmpp:romeo%40montague.lit" };
    let mentions = [
        Mention { begin: head[1].into(), end: u32::from(head[1]) + u32::from(head[2]), uri },
        Mention { begin: head[3].into(), end: u32::from(head[2]) << head[3].min(20), uri },
    ];
    is_sound(&body, &mentions, &options);
    is_sound(&body, &[], &options);

    let line = shorten(&body, usize::from(head[1]));
    assert!(line.chars().count() <= usize::from(head[1]) + 1 && !line.contains('\n'));
    assert!(media_of(&body).is_none() || body.to_ascii_lowercase().starts_with("https://"));
    let _: bool = is_emoji_only(&body, 6);
    let _: bool = is_uri_of(&body, "juliet@capulet.lit");
    for found in names(&body, nick.unwrap_or("a")) {
        assert_eq!(body.get(found), Some(nick.unwrap_or("a")));
    }
}

fn is_sound(body: &str, mentions: &[Mention<'_>], options: &Options<'_>) {
    let text = read(body, mentions, options);
    let blocks: Vec<String> =
        text.blocks.iter().map(|block| block.spans.iter().map(|span| span.text).collect()).collect();
    let written = format!("{}{}", if text.action { "/me " } else { "" }, blocks.join("\n"));
    assert!(if text.cut { body.starts_with(&written) } else { body == written }, "{body:?} became {written:?}");
    let spans: Vec<_> = text.blocks.iter().flat_map(|block| &block.spans).collect();
    assert!(spans.len() <= MAX_SPANS && text.blocks.len() <= 2 * spans.len() + 1);
    assert!(text.blocks.iter().all(|block| block.quotes <= MAX_QUOTES && (options.styling || block.quotes == 0)));
    for span in spans {
        assert!(!span.text.is_empty());
        match &span.kind {
            Kind::Link { href } => {
                assert!(href.ends_with(span.text) && is_link(href), "{href:?}");
                let scheme = href.split(':').next().unwrap_or_default().to_ascii_lowercase();
                assert!(["https", "http", "xmpp", "mailto"].contains(&scheme.as_str()), "{href:?}");
            }
            Kind::Geo { latitude, longitude } => {
                let number = |text: &str| text.parse::<f64>().is_ok_and(f64::is_finite);
                assert!(number(latitude) && number(longitude), "{latitude:?} {longitude:?}");
            }
            Kind::Mention { uri, .. } => assert!(uri.is_none_or(|uri| uri.starts_with("xmpp:"))),
            Kind::Plain | Kind::Marker | Kind::Directive | Kind::Code => {}
        }
    }
}
