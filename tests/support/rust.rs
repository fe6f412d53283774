//! Rust, read as far as it takes to see who imports whom: identifiers, punctuation and text; no comments, no tests.

use std::iter::Peekable;

/// A source file without what its tests import.
pub struct Source {
    pub path: String,
    /// Where its module is: `src/stream/bosh/mod.rs` is `stream`, `bosh`.
    pub module: Vec<String>,
    pub tokens: Vec<Token>,
}

pub struct Token {
    pub line: usize,
    pub kind: Kind,
}

#[derive(Debug, PartialEq)]
pub enum Kind {
    Ident(String),
    Punct(char),
    /// What stands between quotes, escapes as they are written.
    Text(String),
}

/// A path into this crate, from its root.
pub struct Reference {
    pub line: usize,
    pub path: Vec<String>,
}

impl Source {
    /// Reads the file `path`, such as `src/jid.rs`.
    pub fn read(path: &str, text: &str) -> Self {
        let module = path.trim_start_matches("src/").trim_end_matches(".rs").split('/');
        let module = module.filter(|segment| !matches!(*segment, "mod" | "lib")).map(str::to_owned).collect();
        Self { path: path.to_owned(), module, tokens: without_tests(tokens(text)) }
    }

    /// The paths that begin with `crate`, `super` or `self`, in `use` and elsewhere.
    pub fn references(&self) -> Vec<Reference> {
        let mut references = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            let begins = matches!(self.ident(at), Some("crate" | "super" | "self")) && self.is_path_separator(at + 1);
            if begins && !(at > 0 && self.is_punct(at - 1, ':')) {
                self.read_tree(&mut at, &[], &mut references);
            } else {
                at += 1;
            }
        }
        references
    }

    /// The texts that stand as the first argument of these functions.
    pub fn arguments_of(&self, functions: &[&str]) -> Vec<(usize, &str)> {
        let calls = self.tokens.windows(3).filter_map(|window| match window {
            [function, open, Token { line, kind: Kind::Text(text) }] => {
                let called = matches!(&function.kind, Kind::Ident(name) if functions.contains(&name.as_str()));
                (called && open.kind == Kind::Punct('(')).then_some((*line, text.as_str()))
            }
            _ => None,
        });
        calls.collect()
    }

    /// Reads a path, or a tree of them in braces, up to the token after it.
    fn read_tree(&self, at: &mut usize, prefix: &[String], references: &mut Vec<Reference>) {
        let mut path = prefix.to_vec();
        let mut line = self.line(*at);
        loop {
            if let Some(name) = self.ident(*at) {
                line = self.line(*at);
                path.push(name.to_owned());
                *at += 1;
                if self.is_path_separator(*at) {
                    *at += 2;
                    continue;
                }
            } else if self.is_punct(*at, '{') {
                *at += 1;
                while *at < self.tokens.len() && !self.is_punct(*at, '}') {
                    self.read_tree(at, &path, references);
                    // What follows a name, such as `as Other`, and the comma.
                    while *at < self.tokens.len() && !self.is_punct(*at, '}') && !self.is_punct(*at, ',') {
                        *at += 1;
                    }
                    *at += usize::from(self.is_punct(*at, ','));
                }
                *at += 1;
                return;
            } else {
                *at += usize::from(self.is_punct(*at, '*'));
            }
            references.push(Reference { line, path: self.resolve(&path) });
            return;
        }
    }

    fn resolve(&self, path: &[String]) -> Vec<String> {
        let mut resolved = self.module.clone();
        for segment in path {
            match segment.as_str() {
                "crate" => resolved.clear(),
                "super" => drop(resolved.pop()),
                "self" => {}
                name => resolved.push(name.to_owned()),
            }
        }
        resolved
    }

    fn ident(&self, at: usize) -> Option<&str> {
        match self.tokens.get(at) {
            Some(Token { kind: Kind::Ident(name), .. }) => Some(name),
            _ => None,
        }
    }

    fn is_punct(&self, at: usize, punct: char) -> bool {
        self.tokens.get(at).is_some_and(|token| token.kind == Kind::Punct(punct))
    }

    fn is_path_separator(&self, at: usize) -> bool {
        self.is_punct(at, ':') && self.is_punct(at + 1, ':')
    }

    fn line(&self, at: usize) -> usize {
        self.tokens.get(at).map_or(0, |token| token.line)
    }
}

/// Cuts out every item under `#[cfg(test)]`.
fn without_tests(tokens: Vec<Token>) -> Vec<Token> {
    const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept: Vec<Token> = Vec::new();
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        kept.push(token);
        let start = kept.len().saturating_sub(MARK.len());
        if kept.iter().skip(start).map(|token| token.kind.to_string()).eq(MARK) {
            kept.truncate(start);
            let mut depth = 0;
            for token in tokens.by_ref() {
                depth += i32::from(token.kind == Kind::Punct('{')) - i32::from(token.kind == Kind::Punct('}'));
                if depth == 0 && matches!(token.kind, Kind::Punct('}' | ';')) {
                    break;
                }
            }
        }
    }
    kept
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Ident(name) => f.write_str(name),
            Self::Punct(punct) => write!(f, "{punct}"),
            Self::Text(text) => write!(f, "{text:?}"),
        }
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut chars = Lines { chars: text.chars().peekable(), line: 1 };
    while let Some(c) = chars.next() {
        let line = chars.line;
        let kind = match c {
            '/' if chars.peek() == Some('/') => {
                while chars.peek().is_some_and(|c| c != '\n') {
                    chars.next();
                }
                continue;
            }
            '/' if chars.peek() == Some('*') => {
                chars.skip_comment();
                continue;
            }
            '"' => Kind::Text(chars.text_until("\"", true)),
            '\'' => {
                chars.skip_char_or_lifetime();
                continue;
            }
            c if c.is_whitespace() => continue,
            c if c.is_alphanumeric() || c == '_' => {
                let mut name = String::from(c);
                while let Some(c) = chars.peek().filter(|c| c.is_alphanumeric() || *c == '_') {
                    name.push(c);
                    chars.next();
                }
                match name.as_str() {
                    "r" | "br" if matches!(chars.peek(), Some('"' | '#')) => chars.raw_text(),
                    _ => Kind::Ident(name),
                }
            }
            punct => Kind::Punct(punct),
        };
        tokens.push(Token { line, kind });
    }
    tokens
}

/// Characters, and the line that the last one stood in.
struct Lines<'a> {
    chars: Peekable<std::str::Chars<'a>>,
    line: usize,
}

impl Lines<'_> {
    fn next(&mut self) -> Option<char> {
        let next = self.chars.next()?;
        self.line += usize::from(next == '\n');
        Some(next)
    }

    fn peek(&mut self) -> Option<char> {
        self.chars.peek().copied()
    }

    fn text_until(&mut self, end: &str, escapes: bool) -> String {
        let mut text = String::new();
        while let Some(c) = self.next() {
            text.push(c);
            if escapes && c == '\\' {
                text.extend(self.next());
            } else if text.ends_with(end) {
                text.truncate(text.len() - end.len());
                break;
            }
        }
        text
    }

    /// What follows `r`: a raw text, or a raw identifier.
    fn raw_text(&mut self) -> Kind {
        let mut end = String::from("\"");
        while self.peek() == Some('#') {
            self.next();
            end.push('#');
        }
        match self.peek() {
            Some('"') => {
                self.next();
                Kind::Text(self.text_until(&end, false))
            }
            _ => Kind::Punct('#'),
        }
    }

    /// What follows `'`.
    fn skip_char_or_lifetime(&mut self) {
        let first = self.next();
        if first == Some('\\') {
            self.next();
            self.text_until("'", false);
        } else if self.peek() == Some('\'') {
            self.next();
        }
    }

    fn skip_comment(&mut self) {
        let mut depth = 0;
        let mut last = '/';
        while let Some(c) = self.next() {
            match (last, c) {
                ('/', '*') => depth += 1,
                ('*', '/') => depth -= 1,
                _ => {
                    last = c;
                    continue;
                }
            }
            last = ' ';
            if depth == 0 {
                return;
            }
        }
    }
}
