//! A recovery plan of a thousand machines: settings, review and board.

use super::{
    goal::Goal,
    measurements::{PageOpened, PlanRun, Plans},
    spread::{cell, grouped, spread},
};

fn row(what: &str, runs: &[PlanRun], painted: fn(&PlanRun) -> f64, longest: fn(&PlanRun) -> f64) -> String {
    let column = |value: fn(&PlanRun) -> f64| cell(spread(runs.iter().map(value)), 0);
    format!("| {what} | {} | {} |", column(painted), column(longest))
}

pub(super) fn section(Plans { machines, runs }: &Plans) -> String {
    let ready = runs.first().map_or_else(|| "–".to_owned(), |run| grouped(run.settings.ready));
    let running = cell(spread(runs.iter().map(|run| run.running)), 0);
    format!(
        "## A recovery plan of {} machines\n\nThe plan comes from a file. Until a request is worked out for every machine, with its recovery points read from a simulator that \
         answers at once ({ready} of them can start); from the click to the painted rows of the review, and to those of the board; and the longest task of the page meanwhile, in ms. \
         The longest task of the ten seconds after that, while restores are started and followed: {running} ms.\n\n\
         | until | ms | longest task |\n|---|---:|---:|\n{}\n{}\n{}\n",
        grouped(*machines),
        row("every machine is worked out", runs, |run| run.settings.all, |run| run.settings.longest),
        row("the review is painted", runs, |run| run.review.painted, |run| run.review.longest),
        row("the board is painted", runs, |run| run.board.painted, |run| run.board.longest),
    )
}

pub(super) fn goals(Plans { runs, .. }: &Plans) -> Vec<Goal> {
    let median = |value: fn(&PlanRun) -> f64| spread(runs.iter().map(value)).map(|it| it.median);
    let longest = |PageOpened { longest, .. }: &PageOpened| *longest;
    let tasks = spread(runs.iter().map(|run| {
        let tasks = [run.settings.longest, longest(&run.review), longest(&run.board), run.running];
        tasks.into_iter().fold(0.0, f64::max)
    }));
    vec![
        Goal::at_most(
            "The board of a plan of 1,000 painted within 150 ms of the click",
            median(|run| run.board.painted),
            150.0,
            " ms",
        ),
        Goal::at_most("No task longer than 50 ms with a plan of 1,000", tasks.map(|it| it.median), 50.0, " ms"),
    ]
}
