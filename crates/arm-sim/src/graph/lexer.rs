//! Splits a query into tokens.

/// A token and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) place: Place,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A name, a keyword, or an operator that is a word: `where`, `in~`, `!contains`.
    Word(String),
    Text(String),
    Number(i64),
    Sign(&'static str),
    End,
}

/// Lines count from 1, characters from 0, as in Azure's errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) line: usize,
    pub(crate) character: usize,
}

/// A syntax error in a query, and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) place: Place,
    /// What stands there.
    pub(crate) token: String,
}

/// Two-character signs before the one-character signs that they begin with.
const SIGNS: [&str; 9] = ["==", "!=", "=~", "!~", "=", "|", ",", "(", ")"];

struct Source<'a> {
    rest: &'a str,
    place: Place,
}

impl<'a> Source<'a> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.rest = &self.rest[c.len_utf8()..];
        if c == '\n' {
            self.place = Place { line: self.place.line + 1, character: 0 };
        } else {
            self.place.character += 1;
        }
        Some(c)
    }

    fn take(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let from = self.rest;
        while self.peek().is_some_and(&wanted) {
            self.next();
        }
        &from[..from.len() - self.rest.len()]
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = self.rest.starts_with(text);
        if found {
            for _ in text.chars() {
                self.next();
            }
        }
        found
    }
}

/// Splits a query into tokens. The last token is [`Kind::End`].
pub(crate) fn tokens(query: &str) -> Result<Vec<Token>, Failure> {
    let mut source = Source { rest: query, place: Place { line: 1, character: 0 } };
    let mut tokens = Vec::new();
    loop {
        source.take(char::is_whitespace);
        let place = source.place;
        let Some(c) = source.peek() else {
            tokens.push(Token { kind: Kind::End, place });
            return Ok(tokens);
        };
        let failure = |token: &str| Failure { place, token: token.to_owned() };
        let kind = match c {
            '\'' | '"' => Kind::Text(literal(&mut source).ok_or_else(|| failure(&c.to_string()))?),
            '0'..='9' => {
                let digits = source.take(|c| c.is_ascii_digit());
                Kind::Number(digits.parse().map_err(|_| failure(digits))?)
            }
            c if begins_word(c) => Kind::Word(word(&mut source)),
            '!' if source.rest[1..].starts_with(begins_word) => Kind::Word(word(&mut source)),
            '.' => {
                source.next();
                Kind::Sign(".")
            }
            c => {
                let sign = SIGNS.into_iter().find(|sign| source.eat(sign));
                Kind::Sign(sign.ok_or_else(|| failure(&c.to_string()))?)
            }
        };
        tokens.push(Token { kind, place });
    }
}

fn begins_word(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_'
}

/// A word, with the `!` before and the `~` after it that make operators of some.
fn word(source: &mut Source<'_>) -> String {
    let not = if source.eat("!") { "!" } else { "" };
    let name = source.take(|c| c.is_ascii_alphanumeric() || c == '_');
    let ignoring_case = if name == "in" && source.eat("~") { "~" } else { "" };
    format!("{not}{name}{ignoring_case}")
}

/// A text in quotes; `None` if it does not end in its line or has an escape that the language does not know.
fn literal(source: &mut Source<'_>) -> Option<String> {
    let (quote, mut text) = (source.next()?, String::new());
    loop {
        match source.next()? {
            c if c == quote => return Some(text),
            '\n' | '\r' => return None,
            '\\' => text.push(match source.next()? {
                c @ ('\'' | '"' | '\\') => c,
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => {
                    let digits: String = (0..4).map_while(|_| source.next()).collect();
                    char::from_u32(u32::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 4)?)?
                }
                _ => return None,
            }),
            c => text.push(c),
        }
    }
}
