//! The board of a recovery plan: how each machine stands, and what the operator can do about it.

use std::rc::Rc;

use time::OffsetDateTime;
use yew::prelude::*;

use super::clean_up;
use crate::app::board_list::{HEADS, KEYS, OWN_ORDER, STATES, find};
use crate::app::list_query::{ListQuery, STATE};
use crate::app::msg::Msg;
use crate::app::plans::board::{BoardRow, Totals};
use crate::app::plans::{PlanDownload, PlanMsg, PlanRecord, PlanRun, RunCommand, halt_text};
use crate::app::route::Route;
use crate::recovery::execution::{GroupTurn, Halted};
use crate::recovery::plan::{Group, PlanId};
use crate::restore::effect_sentence::quoted;
use crate::restore::visible::visible_name;
use crate::ui::kit::badge::badge;
use crate::ui::kit::empty::empty;
use crate::ui::kit::heading::heading;
use crate::ui::kit::name::name;
use crate::ui::kit::notice::{Notice, Voice, notice};
use crate::ui::kit::progress::progress;
use crate::ui::kit::table::small;
use crate::ui::kit::virtual_rows::{LongTable, long_row};
use crate::ui::kit::when::clock;
use crate::ui::kit::{Tone, button, each, small_button};
use crate::ui::pages::follow::state::tone;
use crate::ui::pages::list_controls::ListControls;
use crate::ui::pages::{PageContext, on_click};
use crate::ui::text;
use crate::ui::translatable::translatable;

/// The properties of [`BoardPage`].
#[derive(PartialEq, Properties)]
pub struct BoardPageProps {
    /// The state, and where messages go.
    pub view: PageContext,
    /// The plan.
    pub id: PlanId,
    /// What is wanted of its machines.
    pub query: ListQuery,
}

/// The page.
#[component]
pub fn BoardPage(BoardPageProps { view, id, query }: &BoardPageProps) -> Html {
    let Some((record, run)) = plan_with_run(view, id) else {
        return translatable(html! {
            <>
                { heading("Recovery plan", Html::default(), Html::default()) }
                <section class="vmr-panel">{ empty("This plan isn't running", html! { <p>{ "It wasn't started, was deleted, or belongs to another account or browser." }</p> }) }</section>
            </>
        });
    };
    let totals = Totals::of(run.execution.machines().iter());
    let board = view.state.board(record, run);
    let all = totals.all();
    let states = STATES.map(|(stage, key, label)| (key.to_owned(), label.to_owned(), totals.count(stage)));
    let controls = ListControls { query, own: OWN_ORDER, dispatch: &view.dispatch };
    let groups: Vec<Vec<BoardRow>> = board.into_iter().map(|rows| find(rows, query)).collect();
    let found = groups.iter().map(Vec::len).sum();
    let groups = record.plan.groups.iter().zip(groups).enumerate();
    let groups = groups.filter_map(|(at, (group, rows))| group_section(view, record, &controls, (at, group, rows)));
    translatable(html! {
        <>
            { heading(quoted(&record.plan.name), lead(view, run), actions(view, record, run)) }
            { each(state_notice(view, record, run)) }
            <section class="vmr-panel" aria-label="Progress">
                { progress("VMs restored", percent(totals), html! { words(totals) }, html! { next_start(view, run) }) }
                <div class="vmr-filters">
                    { controls.search("Search the plan's VMs", all) }
                    { controls.filter(STATE, "State", states.into()) }
                    { each(controls.clear()) }
                </div>
                { controls.announced(found, all, "VMs") }
            </section>
            { each(clean_up::section(view, record)) }
            { each(groups) }
            { report(view, id) }
        </>
    })
}

/// A plan that was started, if it is the account's own.
pub(super) fn plan_with_run<'a>(view: &'a PageContext, id: &PlanId) -> Option<(&'a Rc<PlanRecord>, &'a PlanRun)> {
    let record = view.state.plans.get(id).filter(|record| view.state.owns_plan(&record.plan))?;
    Some((record, record.run.as_ref()?))
}

/// The report, as it is so far.
fn report(view: &PageContext, id: &PlanId) -> Html {
    let save = |what: PlanDownload| view.on_click(Msg::Plan(PlanMsg::Download(id.clone(), what)));
    html! {
        <section class="vmr-panel">
            <h2>{ "Report" }</h2>
            <p>{ "For each VM: the age of its recovery point, when its restore was triggered and finished, what was created, and every ID." }</p>
            <div class="vmr-actions">
                { button("Markdown", "", save(PlanDownload::Markdown)) }
                { button("CSV", "", save(PlanDownload::Csv)) }
                { button("JSON", "", save(PlanDownload::Json)) }
            </div>
        </section>
    }
}

fn lead(view: &PageContext, run: &PlanRun) -> Html {
    html! { <>{ "Started " }{ clock(run.execution.started()) }{ " · " }{ duration(run, view.state.now) }</> }
}

/// `Running for 3 min 20 s`, or `Took 41 min`.
pub(super) fn duration(run: &PlanRun, now: OffsetDateTime) -> String {
    let (elapsed, over) = run.elapsed(now);
    format!("{} {}", if over { "Took" } else { "Running for" }, text::duration(elapsed))
}

/// How many of a hundred machines are restored.
pub(super) fn percent(totals: Totals) -> Option<u8> {
    u8::try_from(totals.restored * 100 / totals.all().max(1)).ok()
}

/// `24 restored · 8 running · 4 waiting`.
pub fn words(totals: Totals) -> String {
    let Totals { restored, running, waiting, failed, skipped } = totals;
    let counts = [
        (restored, "restored"),
        (running, "running"),
        (waiting, "waiting"),
        (failed, "not restored"),
        (skipped, "skipped"),
    ];
    let counts = counts.into_iter().filter(|(count, what)| *count > 0 || *what == "restored");
    counts.map(|(count, what)| format!("{count} {what}")).collect::<Vec<_>>().join(" · ")
}

fn next_start(view: &PageContext, run: &PlanRun) -> String {
    let next = run.execution.next(view.state.now, &|_| true);
    next.wake_at
        .map_or_else(String::new, |at: OffsetDateTime| format!("Next start {}", text::relative(at, view.state.now)))
}

fn say(view: &PageContext, id: &PlanId, command: RunCommand) -> Callback<MouseEvent> {
    view.on_click(Msg::Plan(PlanMsg::Do(id.clone(), command)))
}

fn actions(view: &PageContext, record: &PlanRecord, run: &PlanRun) -> Html {
    let id = &record.plan.id;
    let halts = record.has_more_to_start();
    let failed = run.execution.machines().iter().any(|machine| machine.progress.is_retried_with_others());
    html! {
        <>
            <a class="vmr-button" href={Route::Wall(id.clone()).hash()}>{ "Wall view" }</a>
            if failed { { button("Retry failed", "", say(view, id, RunCommand::RetryFailed)) } }
            if halts { { button("Halt", "vmr-danger", view.on_click(Msg::Plan(PlanMsg::Halt(id.clone())))) } }
        </>
    }
}

/// Why the plan is halted, and since when.
pub(super) fn halted_words(halted: &Halted) -> Html {
    html! { <>{ halt_text(halted.why) }{ " Since " }{ clock(halted.at) }{ "." }</> }
}

/// Why nothing starts at present, and what to do.
fn state_notice(view: &PageContext, record: &PlanRecord, run: &PlanRun) -> Option<Html> {
    let id = &record.plan.id;
    let review =
        || html! { <a class="vmr-button" href={Route::PlanReview(id.clone()).hash()}>{ "Review what's left" }</a> };
    let known = view.state.knows_what_is_left(record, run);
    if let Some(halted) = run.execution.halted() {
        let go_on =
            if known { button("Continue", "vmr-primary", say(view, id, RunCommand::Continue)) } else { review() };
        return Some(notice(Notice {
            tone: Tone::Warning,
            voice: Voice::Alert,
            title: "Halted".into(),
            body: html! { <p>{ halted_words(halted) }</p> },
            actions: Some(go_on),
            ..Notice::default()
        }));
    }
    if !record.has_more_to_start() {
        return None;
    }
    if !view.state.runs_plan(id) {
        return Some(
            html! { <p class="vmr-muted">{ "Another tab runs this plan. Restores start as long as that tab stays open." }</p> },
        );
    }
    if !known {
        return Some(notice(Notice {
            tone: Tone::Info,
            voice: Voice::Note,
            title: "Some requests need your review".into(),
            body: html! { <p>{ "A request is sent only after you've seen it in this tab." }</p> },
            actions: Some(review()),
            ..Notice::default()
        }));
    }
    Some(
        html! { <p class="vmr-muted">{ "Keep this tab open: it starts the restores. If it's closed, the plan halts and nothing is lost." }</p> },
    )
}

fn group_section(
    view: &PageContext,
    record: &Rc<PlanRecord>,
    controls: &ListControls<'_>,
    (at, group, rows): (usize, &Group, Vec<BoardRow>),
) -> Option<Html> {
    let (id, run) = (&record.plan.id, record.run.as_ref()?);
    let totals = Totals::of(run.execution.machines().iter().filter(|machine| machine.group == at));
    if totals.all() == 0 {
        return None;
    }
    let turn = run.execution.turn(at);
    let is_next = at == 0 || run.execution.turn(at - 1) == GroupTurn::Open;
    let waits = match turn {
        GroupTurn::Open => None,
        GroupTurn::Before => Some("Waits for the previous group."),
        GroupTurn::Operator => Some("Starts when you say so."),
    };
    let start = (turn != GroupTurn::Open && is_next).then(|| {
        let label = format!("Start now: {}", visible_name(&group.name));
        small_button("Start now", label, say(view, id, RunCommand::OpenGroup(at)))
    });
    let title = format!("group-{at}");
    Some(html! {
        <section key={at} class="vmr-panel" aria-labelledby={title.clone()}>
            <div class="vmr-head">
                <div><h2 id={title}>{ name(&group.name) }</h2><p class="vmr-muted">{ words(totals) }{ each(waits.map(|waits| html! { <>{ " · " }{ waits }</> })) }</p></div>
                <div class="vmr-actions">{ each(start) }</div>
            </div>
            <BoardRows plan={id.clone()} rows={Rc::from(rows)} all={totals.all()} query={controls.query.clone()} dispatch={view.dispatch.clone()} />
        </section>
    })
}

/// The properties of [`BoardRows`].
#[derive(PartialEq, Properties)]
pub struct BoardRowsProps {
    /// The plan.
    pub plan: PlanId,
    /// The machines of a group that are shown.
    pub rows: Rc<[BoardRow]>,
    /// How many it has.
    pub all: usize,
    /// What is wanted of them.
    pub query: ListQuery,
    /// Where messages go.
    pub dispatch: Callback<Msg>,
}

/// The machines of a group. A component, so that the seconds of the page's clock do not render them anew.
#[component]
pub fn BoardRows(BoardRowsProps { plan, rows, all, query, dispatch }: &BoardRowsProps) -> Html {
    let controls = ListControls { query, own: OWN_ORDER, dispatch };
    let id = {
        let rows = rows.clone();
        Callback::from(move |at: usize| Some(rows.get(at)?.id.as_str().to_owned()))
    };
    let row = {
        let (plan, rows, dispatch) = (plan.clone(), rows.clone(), dispatch.clone());
        Callback::from(move |at: usize| Some(board_row(&plan, at, rows.get(at)?, &dispatch)))
    };
    let (count, all) = (rows.len(), text::thousands(*all));
    let remark = if query.narrows() { format!("{} of {all}", text::thousands(count)) } else { all };
    translatable(
        html! { <LongTable caption="VMs" remark={html! { remark }} heads={controls.heads(&KEYS, &HEADS)} {count} {id} {row} /> },
    )
}

fn board_row(plan: &PlanId, at: usize, row: &BoardRow, dispatch: &Callback<Msg>) -> Html {
    let head = match &row.restore {
        Some(restore) => html! { <a href={Route::Restore(restore.clone()).hash()}>{ name(&row.name) }</a> },
        None => name(&row.name),
    };
    let act = |label: &'static str, command: RunCommand| {
        let on = on_click(dispatch, Msg::Plan(PlanMsg::Do(plan.clone(), command)));
        small_button(label, format!("{label} {}", visible_name(&row.name)), on)
    };
    let retry = row.can_retry.then(|| act("Retry", RunCommand::Retry(row.id.clone())));
    let skip = row.can_skip.then(|| act("Skip", RunCommand::Skip(row.id.clone())));
    let cells = vec![
        html! { <>{ badge(tone(row.tone), row.state.clone()) }{ each(row.error.clone().map(small)) }</> },
        row.since.map(clock).unwrap_or_default(),
        html! { <div class="vmr-row-actions">{ each(retry) }{ each(skip) }</div> },
    ];
    long_row(&HEADS, row.id.as_str(), at, head, cells)
}
