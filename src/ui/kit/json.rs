//! JSON line by line, each with where its value comes from.

use yew::prelude::*;

/// Where a value comes from, for the mark beside its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The `data-origin` attribute: `chosen`, `azure`, `rule`, `default`.
    pub kind: &'static str,
    /// A word or two.
    pub short: AttrValue,
    /// The whole sentence, for the pointer and screen readers.
    pub sentence: AttrValue,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// JSON pointer of its value.
    pub pointer: AttrValue,
    /// The text, indented.
    pub text: AttrValue,
    /// Where the value comes from.
    pub source: Option<Source>,
    /// Whether it has just changed.
    pub changed: bool,
}

/// The JSON; `label` is its accessible name.
pub fn json(label: &'static str, lines: &[Line]) -> Html {
    let line = |(index, line): (usize, &Line)| {
        html! {
            <li key={index} data-changed={line.changed.then_some("")}>
                <code>{ &line.text }</code>
                if let Some(source) = &line.source {
                    <span class="vmr-origin" data-origin={source.kind} title={source.sentence.clone()}>
                        <span aria-hidden="true">{ &source.short }</span>
                        <span class="vmr-hidden">{ &source.sentence }{ if line.changed { ", changed" } else { "" } }</span>
                    </span>
                }
            </li>
        }
    };
    html! {
        <ol class="vmr-json" translate="no" tabindex="0" aria-label={label}>
            { for lines.iter().enumerate().map(line) }
        </ol>
    }
}

#[cfg(test)]
mod tests {
    use super::super::test::html_of;
    use super::*;

    fn line(pointer: &'static str, text: &'static str) -> Line {
        Line { pointer: pointer.into(), text: text.into(), source: None, changed: false }
    }

    #[test]
    fn changes_are_marked() {
        let changed = Line { changed: true, ..line("/properties", "  \"properties\": {") };
        let lines = [line("", "{"), changed, line("/properties", "  }"), line("", "}")];
        let html = html_of(json("Request", &lines));
        assert_eq!(html.matches("data-changed").count(), 1);
        assert_eq!(html.matches("<li").count(), 4);
    }
}
