//! Texts as they are shown, written so that a test can say what it expects.

use converse_wasm::text::{Block, Kind, Options, Span, Text};

/// As most messages are read.
pub const STYLED: Options<'_> = Options { styling: true, nick: None, addresses: &[], whole: false };

/// The blocks, one a line: `p`, or `1` and more for quotes, and `#` for what is preformatted. Spans that are not plain stand
/// in angle brackets: what they are, a colon, their text. `*`, `_` and `~` are styles, `.` a directive, `|` a marker.
pub fn show(text: &Text<'_>) -> String {
    let blocks: Vec<String> = text.blocks.iter().map(show_block).collect();
    let (action, cut) = (if text.action { "action\n" } else { "" }, if text.cut { "\ncut" } else { "" });
    format!("{action}{}{cut}", blocks.join("\n"))
}

fn show_block(block: &Block<'_>) -> String {
    let spans: Vec<String> = block.spans.iter().map(show_span).collect();
    let depth = if block.quotes == 0 { "p".to_owned() } else { block.quotes.to_string() };
    let spans = spans.concat().replace('\n', "\\n");
    format!("{depth}{} {spans}", if block.preformatted { "#" } else { "" })
}

fn show_span(span: &Span<'_>) -> String {
    let styles = [(span.style.strong, '*'), (span.style.emphasis, '_'), (span.style.strike, '~')];
    let styles: String = styles.iter().filter(|(set, _)| *set).map(|(_, sign)| *sign).collect();
    let kind = match &span.kind {
        Kind::Plain => String::new(),
        Kind::Marker => "|".to_owned(),
        Kind::Directive => ".".to_owned(),
        Kind::Code => "code".to_owned(),
        Kind::Link { href } if href == span.text => "link".to_owned(),
        Kind::Link { href } => format!("link {href}"),
        Kind::Geo { latitude, longitude } => format!("geo {latitude} {longitude}"),
        Kind::Mention { uri, own } => format!("{}{}", if *own { "me" } else { "who" }, uri.unwrap_or_default()),
    };
    if styles.is_empty() && kind.is_empty() { span.text.to_owned() } else { format!("<{styles}{kind}:{}>", span.text) }
}

/// The body that the text was read from.
pub fn written(text: &Text<'_>) -> String {
    let block = |block: &Block<'_>| block.spans.iter().map(|span| span.text).collect::<String>();
    let blocks: Vec<String> = text.blocks.iter().map(block).collect();
    format!("{}{}", if text.action { "/me " } else { "" }, blocks.join("\n"))
}
