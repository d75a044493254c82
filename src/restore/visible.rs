//! Makes invisible characters visible: a name from Azure or a file may contain characters that change the text direction
//! or have no width, so that it looks like another name.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether `c` is invisible or misleading. These are the Unicode categories Cc, Cf, Co, Cs and Cn (controls, formats
/// such as direction marks and joiners, private use, unassigned), Zl, Zp and Zs except the space, and characters
/// that are blank although their category is letter, mark or symbol.
fn unseen(c: char) -> bool {
    let blank = matches!(
        c,
        // Combining grapheme joiner, Hangul fillers, Khmer inherent vowels, variation selectors, blank Braille pattern.
        '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{2800}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}'
    );
    blank || !printable(c)
}

/// Whether the standard library prints `c` unescaped. It escapes exactly the categories named above: a test compares it
/// with the Unicode tables of another library.
fn printable(c: char) -> bool {
    // Tested after another letter, because a combining mark alone is escaped as well.
    let mut text = String::from("a");
    text.push(c);
    matches!(c, '\'' | '"' | '\\') || text.escape_debug().nth(1) == Some(c)
}

/// `text` with each invisible character as `⟨U+202E⟩`. Line feeds, also after a carriage return, and tabs stay, for
/// text of several lines.
pub fn visible(text: &str) -> Cow<'_, str> {
    // Fast path: nearly every text has nothing to mark and is returned as it is.
    if text.bytes().all(|b| matches!(b, b' '..=b'~' | b'\n' | b'\t')) {
        return Cow::Borrowed(text);
    }
    marked(text, |c, _, after| match c {
        '\n' | '\t' => false,
        '\r' => after != Some('\n'),
        _ => unseen(c),
    })
}

/// A name with each invisible character as `⟨U+202E⟩`, including line ends, tabs and spaces that a page would not
/// show: at the ends and next to another space.
pub fn visible_name(name: &str) -> Cow<'_, str> {
    if name.bytes().all(|b| b.is_ascii_graphic()) {
        return Cow::Borrowed(name);
    }
    let shown = |beside: Option<char>| beside.is_some_and(|c| c != ' ');
    marked(name, |c, before, after| unseen(c) || c == ' ' && !(shown(before) && shown(after)))
}

/// `text` between direction isolates, for places that cannot hold elements, such as the options of a
/// list. Plain ASCII is returned as it is, because it has one direction.
pub fn isolated(text: &str) -> String {
    let text = visible_name(text);
    if text.is_ascii() { text.into_owned() } else { format!("\u{2068}{text}\u{2069}") }
}

/// `text` with each character for which `hidden` is true replaced by its code; `hidden` also gets the neighboring characters.
fn marked(text: &str, hidden: impl Fn(char, Option<char>, Option<char>) -> bool) -> Cow<'_, str> {
    let chars: Vec<char> = text.chars().collect();
    let mut made = String::with_capacity(text.len());
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at));
        if hidden(*c, before.copied(), chars.get(at + 1).copied()) {
            // Writing to a String cannot fail.
            let _ = write!(made, "⟨U+{:04X}⟩", u32::from(*c));
        } else {
            made.push(*c);
        }
    }
    if made == text { Cow::Borrowed(text) } else { Cow::Owned(made) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use unicode_properties::{GeneralCategory as Category, UnicodeGeneralCategory as _};

    #[test]
    fn every_character_of_the_hidden_categories_is_marked_and_no_letter_is() {
        for c in '\0'..=char::MAX {
            let hidden = match c.general_category() {
                Category::Control | Category::Format | Category::PrivateUse | Category::Surrogate => true,
                Category::LineSeparator | Category::ParagraphSeparator => true,
                Category::SpaceSeparator => c != ' ',
                // The two libraries may implement different versions of Unicode.
                Category::Unassigned => continue,
                _ => unseen(c) && !printable(c),
            };
            assert!(!hidden || unseen(c), "U+{:04X} is not marked", u32::from(c));
            assert!(hidden || printable(c), "U+{:04X} is marked", u32::from(c));
        }
    }

    #[test]
    fn a_name_that_looks_like_another_does_not_any_more() {
        assert_eq!(visible("web-\u{202e}10-dorp"), "web-⟨U+202E⟩10-dorp");
        assert_eq!(visible("web\u{200b}-01\u{feff}"), "web⟨U+200B⟩-01⟨U+FEFF⟩");
        assert_eq!(visible("a\u{a0}b\u{3000}c\u{3164}"), "a⟨U+00A0⟩b⟨U+3000⟩c⟨U+3164⟩");
        assert_eq!(visible("two\nlines\tand \u{2028}"), "two\nlines\tand ⟨U+2028⟩");
        assert_eq!(visible("as Azure\r\nwrites\rthem\r"), "as Azure\r\nwrites⟨U+000D⟩them⟨U+000D⟩");
        assert_eq!(visible_name(" a  b\n"), "⟨U+0020⟩a⟨U+0020⟩⟨U+0020⟩b⟨U+000A⟩");
        for plain in ["web-01", "Bücher und Mäuse", "東京", "שרת-1", "e\u{301}", "it's \"a\\b\" `c` 🙂 — “d”…"]
        {
            assert_eq!(visible_name(plain), plain);
        }
        assert_eq!((isolated("web-01"), isolated("שרת")), ("web-01".to_owned(), "\u{2068}שרת\u{2069}".to_owned()));
    }

    proptest! {
        /// Marking a text twice changes nothing more, and nothing hidden is left.
        #[test]
        fn marking_twice_changes_nothing(text in any::<String>()) {
            let once = visible_name(&text).into_owned();
            prop_assert!(!once.chars().any(unseen));
            prop_assert_eq!(visible_name(&once), once.as_str());
            prop_assert_eq!(visible(&once), once.as_str());
        }
    }
}
