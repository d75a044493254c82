//! Licence expressions: <https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/>.

/// Whether some choice that the expression leaves consists of known licences alone. An empty or malformed expression
/// admits nothing.
pub(super) fn admits(expression: &str, known: &dyn Fn(&str) -> bool) -> bool {
    // Crates of old write "MIT/Apache-2.0" for "MIT OR Apache-2.0".
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    let admitted = alternatives(&mut words, known);
    admitted == Some(true) && words.next().is_none()
}

type Words<'text> = std::iter::Peekable<std::str::SplitWhitespace<'text>>;

fn alternatives(words: &mut Words<'_>, known: &dyn Fn(&str) -> bool) -> Option<bool> {
    let mut any = together(words, known)?;
    while words.next_if_eq(&"OR").is_some() {
        any |= together(words, known)?;
    }
    Some(any)
}

fn together(words: &mut Words<'_>, known: &dyn Fn(&str) -> bool) -> Option<bool> {
    let mut all = one(words, known)?;
    while words.next_if_eq(&"AND").is_some() {
        all &= one(words, known)?;
    }
    Some(all)
}

fn one(words: &mut Words<'_>, known: &dyn Fn(&str) -> bool) -> Option<bool> {
    match words.next()? {
        "(" => {
            let inner = alternatives(words, known)?;
            (words.next()? == ")").then_some(inner)
        }
        ")" | "OR" | "AND" | "WITH" => None,
        licence if words.next_if_eq(&"WITH").is_some() => Some(known(&format!("{licence} WITH {}", words.next()?))),
        licence => Some(known(licence)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions() {
        let known = |licence: &str| ["MIT", "Unicode-3.0", "Apache-2.0 WITH LLVM-exception"].contains(&licence);
        for good in [
            "MIT",
            "GPL-3.0 OR MIT",
            "GPL-3.0/MIT",
            "(MIT OR GPL-3.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception",
        ] {
            assert!(admits(good, &known), "{good}");
        }
        for bad in
            ["", "GPL-3.0", "MIT AND GPL-3.0", "Apache-2.0", "MIT OR", "(MIT", "MIT)", "MIT MIT", "MIT OR GPL-3.0 AND"]
        {
            assert!(!admits(bad, &known), "{bad}");
        }
    }
}
