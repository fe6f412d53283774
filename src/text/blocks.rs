//! Blocks: quotes, preformatted text, and paragraphs of what is neither (XEP-0393 §5.1).

use std::ops::Range;

use super::{Block, Kind, MAX_QUOTES, MAX_SPANS, Options, Span, Style, atoms::Atoms, mentions::Place, styling};

/// The blocks of a text, as far as it has been read.
pub(super) struct Blocks<'a> {
    text: &'a str,
    done: Vec<Block<'a>>,
    /// How many spans there are.
    count: usize,
    /// Where the last one begins.
    last: usize,
}

/// A preformatted block that has not ended.
#[derive(Clone, Copy)]
struct Fence {
    /// In how many quotes it stands.
    quotes: usize,
    /// Only its first line has been read.
    fresh: bool,
}

impl<'a> Blocks<'a> {
    /// Reads `text` from `start`, which is in its first line. If that is not its beginning, the line is a paragraph's.
    pub(super) fn read(text: &'a str, places: &[Place<'a>], options: &Options<'_>, start: usize) -> Vec<Block<'a>> {
        let mut blocks = Self { text, done: Vec::new(), count: 0, last: 0 };
        let mut atoms = Atoms::new(text, places, options.nick);
        let mut fence = None;
        let mut at = start;
        while start < text.len() {
            if blocks.is_full() {
                blocks.open(0, false);
                blocks.push(at..text.len(), Kind::Plain, Style::default());
                break;
            }
            let rest = blocks.slice(at..text.len());
            let end = at + rest.find('\n').unwrap_or(rest.len());
            let styling = options.styling && (start == 0 || at > start);
            if !styling || !blocks.read_preformatted(at..end, &mut fence) {
                let (quotes, length) = if styling { marks(blocks.slice(at..end), MAX_QUOTES) } else { (0, 0) };
                blocks.go_on(quotes, at);
                blocks.push(at..at + length, Kind::Marker, Style::default());
                let line = at + length..end;
                styling::read(&mut blocks, line.clone(), &atoms.of(line), options.styling);
            }
            if end == text.len() {
                break;
            }
            at = end + 1;
        }
        blocks.done.iter_mut().for_each(show_alone);
        blocks.done
    }

    /// Adds a span to the last block. What is plain, and goes on as the last span does, becomes part of it.
    pub(super) fn push(&mut self, at: Range<usize>, kind: Kind<'a>, style: Style) {
        if at.is_empty() {
            return;
        }
        let (kind, style) = if self.is_full() { (Kind::Plain, Style::default()) } else { (kind, style) };
        let Some(block) = self.done.last_mut() else { return };
        if let Some(last) = block.spans.last_mut()
            && matches!(kind, Kind::Plain | Kind::Marker)
            && (last.style, &last.kind) == (style, &kind)
        {
            last.text = slice(self.text, self.last..at.end);
            return;
        }
        self.count += 1;
        self.last = at.start;
        block.spans.push(Span { text: slice(self.text, at), kind, style });
    }

    /// What stands there.
    pub(super) fn slice(&self, at: Range<usize>) -> &'a str {
        slice(self.text, at)
    }

    /// Reads a line that begins a preformatted block, or goes on with one. Else there is none open, and nothing was read.
    fn read_preformatted(&mut self, line: Range<usize>, fence: &mut Option<Fence>) -> bool {
        let plain = Style::default();
        if let Some(open) = fence.take() {
            let (quotes, length) = marks(self.slice(line.clone()), open.quotes);
            if quotes == open.quotes {
                let content = line.start + length..line.end;
                let ends = self.slice(content.clone()) == FENCE;
                let kind_of = |marker| if marker { Kind::Marker } else { Kind::Plain };
                self.push(line.start.saturating_sub(1)..line.start, kind_of(ends || open.fresh), plain);
                self.push(line.start..content.start, Kind::Marker, plain);
                self.push(content, kind_of(ends), plain);
                *fence = (!ends).then_some(Fence { quotes, fresh: false });
                return true;
            }
        }
        let (quotes, length) = marks(self.slice(line.clone()), MAX_QUOTES);
        let begins = self.slice(line.start + length..line.end).starts_with(FENCE);
        if begins {
            self.open(quotes, true);
            self.push(line, Kind::Marker, plain);
            *fence = Some(Fence { quotes, fresh: true });
        }
        begins
    }

    /// Goes on with the paragraph that ends before `at`, or begins another if that one stands in more or fewer quotes.
    fn go_on(&mut self, quotes: usize, at: usize) {
        match self.done.last() {
            Some(block) if block.quotes == quotes && !block.preformatted => {
                self.push(at.saturating_sub(1)..at, Kind::Plain, Style::default());
            }
            _ => self.open(quotes, false),
        }
    }

    fn open(&mut self, quotes: usize, preformatted: bool) {
        self.done.push(Block { quotes, preformatted, spans: Vec::new() });
    }

    /// There is room for the rest of a line and the rest of the text, each as one plain span.
    fn is_full(&self) -> bool {
        self.count + 2 >= MAX_SPANS
    }
}

const FENCE: &str = "```";

/// How many quotes `line` stands in, at most `most`, and the length of what says so: each `>` takes the white space after
/// it along.
fn marks(line: &str, most: usize) -> (usize, usize) {
    let (mut quotes, mut rest) = (0, line);
    while quotes < most
        && let Some(inner) = rest.strip_prefix('>')
    {
        quotes += 1;
        rest = inner.strip_prefix(char::is_whitespace).unwrap_or(inner);
    }
    (quotes, line.len() - rest.len())
}

/// Markers may be out of sight, but not if the block has nothing else.
fn show_alone(block: &mut Block<'_>) {
    let is_marker = |span: &Span<'_>| span.kind == Kind::Marker;
    if block.spans.iter().all(|span| is_marker(span) || span.text.trim().is_empty()) {
        block.spans.iter_mut().filter(|span| is_marker(span)).for_each(|span| span.kind = Kind::Plain);
    }
}

fn slice(text: &str, at: Range<usize>) -> &str {
    text.get(at).unwrap_or_default()
}
