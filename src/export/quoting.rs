//! Texts as words of a shell.
//!
//! Names, addresses and bodies come from Azure: a quotation mark of theirs, a line end or a control character must not
//! end the text and begin a command. A terminal acts on control characters and on tabs of what is pasted before its
//! shell reads them, so that these are written as numbers.

use std::fmt::Write as _;

use crate::restore::visible::visible_name;

/// A piece of text, cut where control characters begin and end. Line feeds are text: both shells read on after one.
fn pieces(text: &str) -> impl Iterator<Item = (bool, String)> {
    let control = |c: &char| c.is_control() && *c != '\n';
    let chars: Vec<char> = text.chars().collect();
    let cut: Vec<_> =
        chars.chunk_by(|a, b| control(a) == control(b)).map(|run| (control(&run[0]), run.iter().collect())).collect();
    cut.into_iter()
}

/// `text` as a word of bash and zsh.
pub fn bash(text: &str) -> String {
    let mut word = String::new();
    for (control, piece) in pieces(text) {
        if control {
            word += "$'";
            for byte in piece.bytes() {
                // Writing to a String cannot fail.
                let _ = write!(word, "\\x{byte:02x}");
            }
            word.push('\'');
        } else {
            word += &format!("'{}'", piece.replace('\'', "'\\''"));
        }
    }
    if word.is_empty() { "''".to_owned() } else { word }
}

/// The same, but a text that no shell makes anything of stays as it is, to be read more easily.
pub fn bash_word(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'.' | b'_' | b'-' | b':');
    if !text.is_empty() && text.bytes().all(plain) { text.to_owned() } else { bash(text) }
}

/// `text` as an expression of PowerShell. It takes typographic quotation marks for its own, and two for one of the text:
/// <https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules>.
pub fn powershell(text: &str) -> String {
    let mut terms = Vec::new();
    for (control, piece) in pieces(text) {
        if control {
            terms.extend(piece.chars().map(|c| format!("[char]{}", u32::from(c))));
        } else {
            let mut term = String::from("'");
            for c in piece.chars() {
                if matches!(c, '\'' | '‘' | '’' | '‚' | '‛') {
                    term.push(c);
                }
                term.push(c);
            }
            terms.push(term + "'");
        }
    }
    match terms.as_slice() {
        [] => "''".to_owned(),
        [term] if term.starts_with('\'') => term.clone(),
        // What is added to a text becomes text, and so a character does not count as a number.
        _ => format!("('' + {})", terms.join(" + ")),
    }
}

/// `text` as one line of comment in bash, PowerShell and HTTP files: a line end in a name would end it, and what comes after would be run.
pub fn comment(text: &str) -> String {
    format!("# {}\n", visible_name(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_stays_one_line() {
        assert_eq!(comment("restores “a\nreboot\r\u{2028}”"), "# restores “a⟨U+000A⟩reboot⟨U+000D⟩⟨U+2028⟩”\n");
    }

    #[test]
    fn only_words_without_a_meaning_stay_bare() {
        assert_eq!(bash_word("/subscriptions/a-b/x_1.2:3"), "/subscriptions/a-b/x_1.2:3");
        for text in ["", "a b", "~", "a;b", "$x", "a=b", "*", "{a,b}", "!", "#", "é"] {
            assert!(bash_word(text).starts_with('\''), "{text}");
        }
    }
}
