//! `WWW-Authenticate` (RFC 9110 §11.6.1), and what Entra ID asks for in it.
//!
//! Splitting at `,` and `=` is not enough: quoted values hold both, base64 ends in `=`, and a browser joins several
//! headers with `, `.

mod claims;

pub use claims::Claims;

/// One challenge: `Bearer authorization_uri="…", claims="…"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge<'a> {
    /// The scheme as it was written; compare it without case.
    pub scheme: &'a str,
    /// The token68 that some schemes have instead of parameters, with its padding: `Negotiate YII=`.
    pub token68: Option<&'a str>,
    /// Names as they were written, and values without quotes and escapes.
    pub params: Vec<(&'a str, String)>,
}

impl Challenge<'_> {
    /// The first parameter of that name, whatever its case.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// The challenges of a header, or of several that were joined with `, `. Text that breaks the grammar is skipped up to the next
/// comma. Values without quotes may hold characters that only quoted ones should, because some servers send them.
#[must_use]
pub fn challenges(header: &str) -> Vec<Challenge<'_>> {
    let mut found: Vec<Challenge<'_>> = Vec::new();
    let mut rest = header;
    loop {
        take(&mut rest, |c| is_space(c) || c == ',');
        if rest.is_empty() {
            return found;
        }
        let mut name = take(&mut rest, is_token);
        let spaced = !take(&mut rest, is_space).is_empty();
        if !name.is_empty() && !rest.starts_with('=') {
            let token68 = if spaced { token68(&mut rest) } else { None };
            found.push(Challenge { scheme: name, token68, params: Vec::new() });
            name = take(&mut rest, is_token);
            take(&mut rest, is_space);
        }
        if let (Some(after), Some(challenge)) = (rest.strip_prefix('='), found.last_mut())
            && !name.is_empty()
        {
            rest = after;
            take(&mut rest, is_space);
            let value = if rest.starts_with('"') {
                quoted(&mut rest)
            } else {
                Some(take(&mut rest, |c| !is_space(c) && c != ',').to_owned())
            };
            challenge.params.extend(value.map(|value| (name, value)));
        }
        while !take(&mut rest, |c| c != ',' && c != '"').is_empty() || rest.starts_with('"') {
            quoted(&mut rest);
        }
    }
}

/// Takes the text up to the first character for which `keep` is false.
fn take<'a>(rest: &mut &'a str, keep: fn(char) -> bool) -> &'a str {
    let end = rest.find(|c| !keep(c)).unwrap_or(rest.len());
    let (head, tail) = rest.split_at(end);
    *rest = tail;
    head
}

/// Takes a quoted string and returns it without its quotes. If its end is missing: none, and all of the rest is taken.
fn quoted(rest: &mut &str) -> Option<String> {
    let mut chars = rest.strip_prefix('"')?.chars();
    *rest = "";
    let mut out = String::new();
    loop {
        match chars.next()? {
            '"' => {
                *rest = chars.as_str();
                return Some(out);
            }
            '\\' => out.push(chars.next()?),
            other => out.push(other),
        }
    }
}

/// Takes a token68 that fills the rest of its list element; otherwise takes nothing.
fn token68<'a>(rest: &mut &'a str) -> Option<&'a str> {
    let mut after = *rest;
    let text = take(&mut after, |c| c.is_ascii_alphanumeric() || "-._~+/".contains(c));
    let padding = take(&mut after, |c| c == '=');
    let whole = rest.get(..text.len() + padding.len())?;
    take(&mut after, is_space);
    if text.is_empty() || !(after.is_empty() || after.starts_with(',')) {
        return None;
    }
    *rest = after;
    Some(whole)
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t')
}

fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

#[cfg(test)]
mod tests;
