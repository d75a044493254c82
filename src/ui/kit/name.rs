//! Names from outside: from Azure, a file or another browser.

use crate::restore::effect_sentence::{SentencePart, parts};
use crate::restore::visible::visible_name;
use crate::ui::kit::each;
use yew::prelude::*;

/// A name, with invisible characters made visible, and isolated so that its writing direction does not affect what follows.
pub fn name(name: &str) -> Html {
    html! { <bdi translate="no">{ seen(name) }</bdi> }
}

/// The name with invisible characters made visible.
fn seen(name: &str) -> Html {
    html! { visible_name(name).into_owned() }
}

/// A sentence whose names are [quoted](crate::restore::effect_sentence::quoted); names are shown as code.
pub fn with_names(sentence: &str) -> Html {
    written(sentence, |name| html! { <code><bdi translate="no">{ seen(name) }</bdi></code> })
}

/// The same without code, for titles.
pub fn with_plain_names(sentence: &str) -> Html {
    written(sentence, name)
}

fn written(sentence: &str, name: impl Fn(&str) -> Html) -> Html {
    let part = |part: SentencePart| match part {
        SentencePart::Words(words) => html! { words },
        SentencePart::Name(of) => name(&of),
    };
    html! { <>{ each(parts(sentence).into_iter().map(part)) }</> }
}

#[cfg(test)]
mod tests {
    use super::super::test::{html_of, whole_html_of};
    use super::*;
    use crate::restore::effect_sentence::quoted;

    #[test]
    fn a_translator_of_the_page_leaves_names_alone() {
        for html in [name("Restore"), with_names("Creates `Restore`."), crate::ui::kit::id_text("Restore")] {
            let html = whole_html_of(html);
            let (_, named) = html.split_once("<bdi").unwrap();
            assert!(named.split_once('>').unwrap().0.contains("translate=\"no\""), "{html}");
        }
    }

    #[test]
    fn names_in_a_sentence_become_code_and_keep_every_character() {
        assert_eq!(html_of(with_names("Creates `web-02`.")), "Creates <code><bdi>web-02</bdi></code>.");
        let odd = format!("Creates {}.", quoted("we`b\u{202e}-02 "));
        assert_eq!(html_of(with_names(&odd)), "Creates <code><bdi>we`b⟨U+202E⟩-02⟨U+0020⟩</bdi></code>.");
        assert_eq!(html_of(with_plain_names(&odd)), "Creates <bdi>we`b⟨U+202E⟩-02⟨U+0020⟩</bdi>.");
        assert_eq!(html_of(with_names("an open ` is kept")), "an open ` is kept");
    }
}
