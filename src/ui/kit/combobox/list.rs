//! The open list of a combobox. Only the rows in sight are drawn.

use yew::prelude::*;

use super::control::Control;
use super::rows::{Group, Row, VISIBLE};
use crate::restore::visible::visible;
use crate::ui::kit::each;
use crate::ui::kit::icon::{Icon, icon};
use crate::ui::kit::select::Choice;

/// Rows drawn above and below those in sight, so that scrolling does not show a gap.
const AROUND: usize = 4;

/// A note of so many characters may be cut off in its row.
const IN_A_ROW: usize = 40;

/// The id of the element of a row.
pub(super) fn option_id(id: &str, at: usize) -> String {
    format!("{id}-option-{at}")
}

/// The rows in sight, between two spaces as high as the others.
pub(super) fn window(control: &Control) -> Html {
    let rows = &control.rows.rows;
    let height = control.view.row.max(1);
    let from = usize::try_from(control.view.top / height).unwrap_or(0).saturating_sub(AROUND).min(rows.len());
    let to = (from + VISIBLE + 2 * AROUND + 1).min(rows.len());
    // An SVG, because the page's policy allows no style attributes.
    let space = |n: usize| {
        let height = i32::try_from(n).unwrap_or(i32::MAX).saturating_mul(height);
        html! { <svg aria-hidden="true" width="1" height={height.to_string()} /> }
    };
    let mut groups: Vec<(Option<Group>, Vec<Html>)> = Vec::new();
    for (at, row) in rows.iter().enumerate().take(to).skip(from) {
        let group = match row {
            Row::Heading(group) | Row::Option(_, group) => Some(*group),
            Row::Nothing | Row::Unsuitable => None,
        };
        let html = match row {
            Row::Heading(group) => {
                html! { <div key={at} class="vmr-combo-head" role="presentation">{ control.rows.heading(*group) }</div> }
            }
            _ => option(control, at, row),
        };
        match groups.last_mut() {
            Some((of, members)) if *of == group => members.push(html),
            _ => groups.push((group, vec![html])),
        }
    }
    let group = |(group, members): (Option<Group>, Vec<Html>)| match group {
        Some(group) => {
            let name = control.rows.heading(group);
            html! { <div key={name.clone()} role="group" aria-label={name}>{ each(members) }</div> }
        }
        None => each(members),
    };
    html! { <>{ space(from) }{ each(groups.into_iter().map(group)) }{ space(rows.len() - to) }</> }
}

/// A row that can be reached by the keys.
fn option(control: &Control, at: usize, row: &Row) -> Html {
    let select = &control.select;
    let choice = match row {
        Row::Option(index, _) => select.choices.get(*index),
        _ => None,
    };
    let (selected, content) = match (choice, row) {
        (Some(choice), _) => {
            let chosen = choice.value.eq_ignore_ascii_case(&select.value);
            (chosen, html! { <><span>{ &choice.label }</span>{ second_line(choice) }</> })
        }
        (None, Row::Unsuitable) => {
            let what = if control.view.opened { "Hide" } else { "Show with the rules they break" };
            (false, html! { <><span>{ control.rows.heading(Group::NotSuitable) }</span><small>{ what }</small></> })
        }
        _ => (select.value.is_empty(), html! { <span>{ select.none.clone() }</span> }),
    };
    let disabled = choice.is_some_and(|choice| choice.reason.is_some()).then_some("true");
    let active = (control.view.active == Some(at)).then_some("");
    let (place, of) = control.rows.place(at);
    let (id, clicked) = (option_id(&select.id, at), control.clone());
    let onclick = Callback::from(move |_: MouseEvent| clicked.pick(at));
    html! {
        <div key={at} role="option" {id} data-active={active} aria-selected={if selected { "true" } else { "false" }} aria-disabled={disabled}
            aria-posinset={place.to_string()} aria-setsize={of.to_string()} translate={choice.map(|_| "no")} {onclick}>{ content }</div>
    }
}

/// Why an option is refused, warned of or suggested; else where it is.
fn second_line(choice: &Choice) -> Html {
    let text = note(choice).unwrap_or(&choice.also);
    let picture = warns(choice).then(|| icon(Icon::Warning));
    if text.is_empty() {
        return Html::default();
    }
    html! { <small data-tone={warns(choice).then_some("warning")}>{ each(picture) }<span>{ text }</span></small> }
}

fn warns(choice: &Choice) -> bool {
    choice.reason.is_none() && choice.warning.is_some()
}

fn note(choice: &Choice) -> Option<&AttrValue> {
    choice.reason.as_ref().or(choice.warning.as_ref()).or(choice.suggested.as_ref())
}

/// Below the list: the whole note of the option that the keys have reached, because a row has room for one line; or that nothing was found.
pub(super) fn below(control: &Control) -> Html {
    let reached = control.view.active.and_then(|at| match control.rows.rows.get(at)? {
        Row::Option(index, _) => note(control.select.choices.get(*index)?),
        _ => None,
    });
    match reached {
        // The option has said it to a screen reader.
        Some(text) if text.chars().count() > IN_A_ROW => {
            html! { <p class="vmr-combo-note" aria-hidden="true">{ visible(text).into_owned() }</p> }
        }
        _ if control.rows.rows.is_empty() => html! { <p class="vmr-combo-note">{ "No results" }</p> },
        _ => Html::default(),
    }
}
