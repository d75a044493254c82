//! The request beside the form. It follows every choice and marks changed lines.

use yew::prelude::*;

use crate::restore::build::Origin;
use crate::restore::plan::Plan;
use crate::restore::preview::{Preview, lines, prefix};
use crate::restore::suggest::Why;
use crate::ui::kit::json::{Json, JsonLine, Source};
use crate::ui::text;

/// The origin of a value, for the mark beside its line.
pub fn source(origin: &Origin) -> Source {
    let (kind, short) = match origin {
        Origin::Chosen(_) => ("chosen", "You"),
        Origin::Suggested(_, Why::Plan) => ("chosen", "Plan"),
        Origin::Suggested(..) => ("suggested", "Suggested"),
        Origin::Azure(_) => ("azure", "Azure"),
        Origin::Rule(_) => ("rule", "Rule"),
        Origin::Default(_) => ("default", "Default"),
    };
    Source { kind, short: short.into(), sentence: origin.sentence().into() }
}

/// The lines of an unfinished request.
pub fn lines_of(preview: &Preview) -> Vec<JsonLine> {
    let line = |l: &crate::restore::preview::PreviewLine| JsonLine {
        pointer: l.pointer.clone().into(),
        text: l.text.clone().into(),
        source: l.origin.as_ref().map(source),
        changed: l.changed,
    };
    preview.lines.iter().map(line).collect()
}

/// The lines of the body that will be sent.
pub fn lines_of_plan(plan: &Plan) -> Vec<JsonLine> {
    let mut marked: Vec<&str> = Vec::new();
    let mut out = Vec::new();
    for line in lines(plan.text()) {
        let property = line.pointer.strip_prefix(prefix(plan.secondary.is_some()));
        let origin = plan.origins.iter().find(|(name, _)| property == Some(*name));
        // The line with the closing bracket has the same pointer.
        let origin = origin.filter(|(name, _)| !marked.contains(name));
        marked.extend(origin.map(|(name, _)| *name));
        out.push(JsonLine {
            pointer: line.pointer.into(),
            text: line.text.into(),
            source: origin.map(|(_, origin)| source(origin)),
            changed: false,
        });
    }
    out
}

/// What the marks mean.
pub fn legend() -> Html {
    let entry = |kind: &'static str, short: &'static str, words: &'static str| {
        html! { <span><span class="vmr-origin" data-origin={kind}>{ short }</span>{ words }</span> }
    };
    html! {
        <p class="vmr-legend">
            { entry("chosen", "You", "your selection") }
            { entry("suggested", "Suggested", "suggested, not changed by you") }
            { entry("azure", "Azure", "from Azure") }
            { entry("rule", "Rule", "set by VM Restore") }
            { entry("default", "Default", "Microsoft's default") }
        </p>
    }
}

/// The region "Request preview".
pub fn region(preview: &Preview) -> Html {
    html! {
        <section class="vmr-panel" aria-labelledby="preview-title">
            <h2 id="preview-title">{ "Request preview" }</h2>
            if preview.lines.is_empty() {
                <p class="vmr-muted">{ "Choose a restore option to see the request here." }</p>
            } else {
                <p>{ text::with_names(&preview.effect) }</p>
                <Json label="Request body" lines={lines_of(preview)} />
                { legend() }
            }
        </section>
    }
}
