//! Styled spans within a line (XEP-0393 §5.2).
//!
//! What the specification leaves open: a directive in a link or a mention is a part of that, and ends nothing.

use std::ops::Range;

use super::{Kind, Style, atoms::Atom, blocks::Blocks};

/// Reads a line that is no block of another kind.
pub(super) fn read<'a>(blocks: &mut Blocks<'a>, line: Range<usize>, atoms: &[Atom<'a>], styling: bool) {
    let style = Style::default();
    read_span(blocks, line, atoms, style, [!styling; DIRECTIVES.len()]);
}

/// The characters that are directives.
const DIRECTIVES: [char; 4] = ['*', '_', '~', CODE];
const CODE: char = '`';

/// Reads what stands between two directives, or in the whole line. `hopeless` are directives that end nowhere in it, so
/// that each is looked for in vain only once.
///
/// It calls itself for each style at most once: what ends a span earlier than the one around it would end that one, too.
fn read_span<'a>(
    blocks: &mut Blocks<'a>,
    span: Range<usize>,
    mut atoms: &[Atom<'a>],
    style: Style,
    mut hopeless: [bool; DIRECTIVES.len()],
) {
    // What has not been pushed begins there.
    let mut from = span.start;
    let mut at = span.start;
    // At the beginning of a block, and right after another opening directive, it is as if there were.
    let mut after_space = true;
    while let Some(c) = blocks.slice(at..span.end).chars().next() {
        if let Some((atom, others)) = atoms.split_first().filter(|(atom, _)| atom.at.start == at) {
            blocks.push(from..at, Kind::Plain, style);
            blocks.push(atom.at.clone(), atom.kind.clone(), style);
            (from, at, atoms, after_space) = (atom.at.end, atom.at.end, others, false);
            continue;
        }
        let next = at + c.len_utf8();
        let first = blocks.slice(next..span.end).chars().next();
        // With nothing between them, neither of two is a directive.
        let opens = after_space && first.is_some_and(|first| first != c && !first.is_whitespace());
        let directive = DIRECTIVES.iter().position(|directive| opens && *directive == c);
        after_space = c.is_whitespace();
        let hope = directive.and_then(|directive| hopeless.get_mut(directive)).filter(|hopeless| !**hopeless);
        if let Some(hopeless) = hope {
            if let Some(end) = find_end(blocks.slice(next..span.end), next, atoms, c) {
                let (inside, others) = atoms.split_at(atoms.partition_point(|atom| atom.at.start < end));
                let inner = set(style, c);
                blocks.push(from..at, Kind::Plain, style);
                blocks.push(at..next, Kind::Directive, inner);
                if c == CODE {
                    blocks.push(next..end, Kind::Code, inner);
                } else {
                    read_span(blocks, next..end, inside, inner, [false; DIRECTIVES.len()]);
                }
                blocks.push(end..end + 1, Kind::Directive, inner);
                (from, at, atoms) = (end + 1, end + 1, others);
                continue;
            }
            *hopeless = true;
        }
        at = next;
    }
    blocks.push(from..span.end, Kind::Plain, style);
}

/// Where in `rest`, which begins at `start`, the first `directive` is that can end a span.
fn find_end(rest: &str, start: usize, mut atoms: &[Atom<'_>], directive: char) -> Option<usize> {
    let mut after_space = false;
    for (at, c) in rest.char_indices() {
        let at = start + at;
        while let Some((_, others)) = atoms.split_first().filter(|(atom, _)| atom.at.end <= at) {
            atoms = others;
        }
        if c == directive && !after_space && atoms.first().is_none_or(|atom| atom.at.start > at) {
            return Some(at);
        }
        after_space = c.is_whitespace();
    }
    None
}

/// `style` with what `directive` sets.
fn set(style: Style, directive: char) -> Style {
    Style {
        strong: style.strong || directive == '*',
        emphasis: style.emphasis || directive == '_',
        strike: style.strike || directive == '~',
    }
}
