//! The board of a recovery plan for a screen on the wall: large figures, dark, nothing to press but the way back.

use gloo_events::EventListener;
use wasm_bindgen::JsCast as _;
use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::board::{duration, halted_words, percent, plan_with_run};
use crate::app::msg::Msg;
use crate::app::route::Route;
use crate::recovery::plan::PlanId;
use crate::restore::effect_sentence::quoted;
use crate::ui::kit::dom;
use crate::ui::kit::each;
use crate::ui::kit::heading::heading;
use crate::ui::kit::name::name;
use crate::ui::kit::progress::progress;
use crate::ui::kit::when::clock;
use crate::ui::pages::PageContext;
use crate::ui::text;
use crate::ui::translatable::translatable;

/// So many machines that need somebody are named.
const NAMED: usize = 6;

/// The properties of [`WallPage`].
#[derive(PartialEq, Properties)]
pub struct WallPageProps {
    /// The state, and where messages go.
    pub view: PageContext,
    /// The plan.
    pub id: PlanId,
}

/// The page. Escape leads back to the board.
#[component]
pub fn WallPage(WallPageProps { view, id }: &WallPageProps) -> Html {
    use_effect_with((view.dispatch.clone(), id.clone()), |(dispatch, id)| {
        let (dispatch, board) = (dispatch.clone(), Msg::Go(Route::board(id.clone())));
        let heard = move |event: &Event| {
            if event.dyn_ref::<KeyboardEvent>().is_some_and(|event| event.key() == "Escape") {
                dispatch.emit(board.clone());
            }
        };
        let listener = dom::window().map(|window| EventListener::new(&window, "keydown", heard));
        move || drop(listener)
    });
    let back = html! { <a class="vmr-button" href={Route::board(id.clone()).hash()}>{ "Leave wall view" }</a> };
    let Some((record, run)) = plan_with_run(view, id) else {
        return translatable(heading("This plan isn't running", Html::default(), back));
    };
    let figures = view.state.wall(record, run);
    let totals = figures.totals;
    let numbers = [
        ("Restored", "good", totals.restored),
        ("Running", "busy", totals.running),
        ("Waiting", "", totals.waiting),
        ("Not restored", "bad", totals.failed),
        ("Skipped", "", totals.skipped),
    ];
    let number = |(label, tone, number): (&'static str, &'static str, usize)| {
        html! { <div data-tone={(number > 0).then_some(tone)}><dt>{ label }</dt><dd>{ text::thousands(number) }</dd></div> }
    };
    let time = [
        Some(html! { { duration(run, view.state.now) } }),
        figures.estimate.map(|(longest, of)| {
            html! { { format!("Azure estimates up to {} for {of} of {} running", text::duration(longest), totals.running) } }
        }),
        figures.checked.map(|at| html! { { format!("Last checked {}", text::relative(at, view.state.now)) } }),
    ];
    let needs = figures.need_attention.iter().take(NAMED).map(|row| {
        html! { <li key={row.id.as_str()}>{ name(&row.name) }<span>{ row.state.clone() }</span></li> }
    });
    // The figures above count them, too: by how far they are.
    let attention = match figures.need_attention.len() {
        1 => "1 of these needs attention".to_owned(),
        many => format!("{} of these need attention", text::thousands(many)),
    };
    let more = figures.need_attention.len().saturating_sub(NAMED);
    let lead = html! { <>{ "Started " }{ clock(run.execution.started()) }</> };
    translatable(html! {
        <div class="vmr-wall">
            { heading(quoted(&record.plan.name), lead, back) }
            { each(run.execution.halted().map(|halted| html! { <p class="vmr-wall-halted" role="alert">{ "Halted. " }{ halted_words(halted) }</p> })) }
            <div class="vmr-wall-share">
                <p><strong>{ format!("{}%", percent(totals).unwrap_or_default()) }</strong>{ format!("{} of {} restored", text::thousands(totals.restored), text::count(totals.all(), "VM")) }</p>
                { progress("VMs restored", percent(totals), Html::default(), Html::default()) }
            </div>
            <dl class="vmr-wall-numbers">{ each(numbers.map(number)) }</dl>
            if !figures.need_attention.is_empty() {
                <section aria-labelledby="wall-attention">
                    <h2 id="wall-attention">{ attention }</h2>
                    <ul>{ each(needs) }</ul>
                    if more > 0 { <p>{ format!("and {} more", text::thousands(more)) }</p> }
                </section>
            }
            <p class="vmr-wall-time">{ each(time.into_iter().flatten().map(|words| html! { <span>{ words }</span> })) }</p>
        </div>
    })
}
