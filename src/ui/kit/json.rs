//! JSON line by line, each with the origin of its value.

use yew::prelude::*;

use crate::ui::kit::each;
use crate::ui::translatable::translatable;

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
pub struct JsonLine {
    /// JSON pointer of its value.
    pub pointer: AttrValue,
    /// The text, indented.
    pub text: AttrValue,
    /// Where the value comes from.
    pub source: Option<Source>,
    /// Whether it has just changed.
    pub changed: bool,
}

/// The properties of [`Json`].
#[derive(Clone, PartialEq, Properties)]
pub struct JsonProps {
    /// The accessible name.
    pub label: &'static str,
    /// The lines.
    pub lines: Vec<JsonLine>,
}

/// The JSON.
#[component]
pub fn Json(JsonProps { label, lines }: &JsonProps) -> Html {
    let line = |(index, line): (usize, &JsonLine)| {
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
    translatable(html! {
        <ol class="vmr-json" translate="no" tabindex="0" aria-label={*label}>
            { each(lines.iter().enumerate().map(line)) }
        </ol>
    })
}

#[cfg(test)]
mod tests {
    use super::super::test::html_of_component;
    use super::*;

    fn line(pointer: &'static str, text: &'static str) -> JsonLine {
        JsonLine { pointer: pointer.into(), text: text.into(), source: None, changed: false }
    }

    #[test]
    fn changes_are_marked() {
        let changed = JsonLine { changed: true, ..line("/properties", "  \"properties\": {") };
        let lines = [line("", "{"), changed, line("/properties", "  }"), line("", "}")];
        let html = html_of_component::<Json>(JsonProps { label: "Request", lines: lines.into() });
        assert_eq!(html.matches("data-changed").count(), 1);
        assert_eq!(html.matches("<li").count(), 4);
    }
}
