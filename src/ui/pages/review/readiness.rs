//! What may stand in the way of the restore: problems first, then what could not be checked, then what was found to be fine.

use yew::prelude::*;

use super::activation;
use crate::app::msg::Msg;
use crate::readiness::{Check, Findings, MissingActions, custom_role, request_text};
use crate::restore::effect_sentence::plain;
use crate::restore::plan::Plan;
use crate::restore::regional_id::RegionalId;
use crate::ui::kit::badge::badge;
use crate::ui::kit::empty::loading;
use crate::ui::kit::notice::{Notice, notice};
use crate::ui::kit::{Tone, button, each};
use crate::ui::pages::PageContext;
use crate::ui::text;

/// A check and what it has found.
pub type Checked = (&'static Check, Findings);

/// What is checked.
pub struct Subject<'a> {
    /// What it does, for the message to an administrator.
    pub effect: &'a str,
    /// The permissions that it needs and the account lacks.
    pub missing: &'a dyn Fn() -> Vec<MissingActions>,
}

/// The section "Readiness".
pub fn section(view: &PageContext, point: &RegionalId, plan: &Plan) -> Html {
    let found = view.state.readiness(point).unwrap_or_default();
    let all: Vec<&Checked> = found.iter().filter(|(_, found)| found.applies()).collect();
    let problems = all.iter().filter(|(_, found)| found.problems().next().is_some());
    let missing = || view.state.missing_actions(point);
    let subject = Subject { effect: &plan.effect, missing: &missing };
    let waiting: Vec<&str> = all.iter().filter(|(_, found)| found.waits).map(|(check, _)| check.title).collect();
    html! {
        <section class="vmr-panel" aria-labelledby="readiness">
            <div class="vmr-panel-head"><h2 id="readiness">{ "Readiness" }</h2>{ button("Refresh", "", view.on_click(Msg::Refresh)) }</div>
            <p class="vmr-muted">{ "What could stop this restore, or be missing afterward. Nothing found doesn't guarantee that it succeeds." }</p>
            <div class="vmr-stack">
                { each(problems.map(|one| problem(view, &subject, one))) }
                { each(unknown(&all)) }
                { activation::activated(view, &missing()) }
                if !waiting.is_empty() { { loading(format!("Checking: {}", waiting.join(", "))) } }
                { each(fine(&all)) }
            </div>
        </section>
    }
}

/// A check that has found problems.
pub fn problem(view: &PageContext, subject: &Subject<'_>, (check, found): &Checked) -> Html {
    let line = |(sentence, remedy): (&str, &str)| {
        html! { <li>{ text::with_names(sentence) }{ " " }{ text::with_names(remedy) }</li> }
    };
    let missing = (check.id == "permissions").then(|| (subject.missing)());
    let actions = missing.as_ref().map(|missing| {
        html! {
            <>
                { button("Copy message for an administrator", "", view.on_click(Msg::Copy(request_text(missing, subject.effect)))) }
                { button("Copy custom role", "", view.on_click(Msg::Copy(custom_role(missing)))) }
            </>
        }
    });
    notice(Notice {
        tone: Tone::Warning,
        title: check.title.into(),
        body: html! {
            <>
                <ul>{ each(found.problems().map(line)) }</ul>
                <p><a href={check.link} target="_blank" rel="noreferrer" aria-label={format!("Learn more about {}", check.title)}>{ "Learn more" }</a></p>
                { each(missing.iter().map(|missing| activation::roles(view, missing))) }
            </>
        },
        actions,
        ..Notice::default()
    })
}

/// What could not be checked: one line for each reason, with all that it keeps from being checked.
pub fn unknown(all: &[&Checked]) -> Option<Html> {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for (check, found) in all {
        for why in found.unknowns() {
            match reasons.iter_mut().find(|(known, _)| *known == why) {
                Some((_, titles)) => titles.push(check.title),
                None => reasons.push((why, vec![check.title])),
            }
        }
    }
    let line = |(why, titles): (&str, Vec<&str>)| {
        html! { <li><strong>{ titles.join(", ") }</strong>{ ": " }{ text::with_names(why) }</li> }
    };
    (!reasons.is_empty()).then(|| {
        notice(Notice {
            tone: Tone::Neutral,
            title: "Couldn't check".into(),
            body: html! { <ul>{ each(reasons.into_iter().map(line)) }</ul> },
            ..Notice::default()
        })
    })
}

/// The checks that have found nothing, in one line.
pub fn fine(all: &[&Checked]) -> Option<Html> {
    let nothing =
        |(_, found): &&&Checked| !found.waits && found.problems().next().is_none() && found.unknowns().next().is_none();
    let words = |(check, found): &&Checked| match &found.note {
        Some(note) => format!("{}: {}", check.title, plain(note)),
        None => check.title.to_owned(),
    };
    let mut checks = all.iter().filter(nothing).peekable();
    checks.peek()?;
    let badges = checks.map(|one| html! { <li>{ badge(Tone::Good, words(one)) }</li> });
    Some(html! {
        <div>
            <p id="nothing-found" class="vmr-muted">{ "Nothing found" }</p>
            <ul class="vmr-badges" aria-labelledby="nothing-found">{ each(badges) }</ul>
        </div>
    })
}

/// The checks on the form: nothing while they are read, a line where they have found nothing, else a fold with the problems.
pub fn on_form(view: &PageContext, point: &RegionalId, effect: &str, found: &[Checked]) -> Html {
    let all: Vec<&Checked> = found.iter().filter(|(_, found)| found.applies()).collect();
    let (problems, others): (Vec<&Checked>, Vec<&Checked>) =
        all.iter().partition(|(_, found)| found.problems().next().is_some());
    if problems.is_empty() {
        let is_known = !all.is_empty() && all.iter().all(|(_, found)| !found.waits);
        let unknown: Vec<&str> = others
            .iter()
            .filter(|(_, found)| found.unknowns().next().is_some())
            .map(|(check, _)| check.title)
            .collect();
        let rest = if unknown.is_empty() { String::new() } else { format!(". Couldn't check: {}", unknown.join(", ")) };
        return html! {
            if is_known { <p class="vmr-muted" key="readiness">{ format!("Readiness: nothing found{rest}") }</p> }
        };
    }
    let missing = || view.state.missing_actions(point);
    let subject = Subject { effect, missing: &missing };
    html! {
        <details class="vmr-panel vmr-fold" key="readiness">
            <summary><span>{ "Readiness" }</span>{ badge(Tone::Warning, text::count(problems.len(), "problem")) }</summary>
            <div class="vmr-stack">
                { each(problems.into_iter().map(|one| problem(view, &subject, one))) }
                { each(unknown(&all)) }
            </div>
        </details>
    }
}

/// The worst outcome in a few words, for the bar; nothing where nothing was found.
pub fn in_short(view: &PageContext, point: &RegionalId) -> Html {
    let all = view.state.readiness(point).unwrap_or_default();
    let problems = all.iter().filter(|(_, found)| found.problems().next().is_some()).count();
    if problems > 0 {
        badge(Tone::Warning, format!("Readiness: {}", text::count(problems, "problem")))
    } else {
        Html::default()
    }
}
