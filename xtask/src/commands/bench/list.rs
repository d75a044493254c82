//! Long lists of recovery points.

use super::{
    goal::Goal,
    measurements::{Asked, List, Listing},
    spread::{Spread, cell, grouped, spread},
};

const INTRO: &str = "\
## A long list of recovery points

Points of 1.3 kB, from a server that answers at once. Each client begins in a browser of its own; they take turns within each run. The *floor* is what no
client can do without: `fetch`, `JSON.parse`, keeping the objects. The *SDK* is `@azure/arm-recoveryservicesbackup` 12.0.0, which draws nothing. *Of
floor* compares within each run.
";

pub(super) fn section(lists: &[List]) -> String {
    let times: Vec<String> = lists.iter().map(times).collect();
    let rest: Vec<String> = lists.iter().map(rest).collect();
    let asked: Vec<String> = lists.iter().map(asked).collect();
    format!(
        "{INTRO}\nUntil every point is decoded, in ms:\n\n\
         | points | pages of | floor | SDK | of floor | VM Restore | of floor | µs a point |\n|---:|---:|---:|---:|---:|---:|---:|---:|\n{}\n\n\
         From decoded to drawn, from a click on *Show more* to its picture and the longest task of the page, in ms; and by how much the page's process grew \
         at its peak, in MiB:\n\n\
         | points | pages of | drawn | click | longest task, SDK | VM Restore | memory, floor | SDK | VM Restore |\n|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n{}\n\n\
         What the server was asked: calls and CORS preflights, and the most preflights of one address, which it allows to be remembered for 600 s. The page of VM \
         Restore also reads the vault, the item and what else it shows:\n\n\
         | points | pages of | floor | SDK | VM Restore | most of one address |\n|---:|---:|---:|---:|---:|---:|\n{}\n",
        times.join("\n"),
        rest.join("\n"),
        asked.join("\n"),
    )
}

fn decoded(of: &[Listing]) -> impl Iterator<Item = f64> {
    of.iter().filter_map(|one| one.decoded)
}

/// Compares within each run; runs without a number are left out.
fn of_floor(list: &List, of: &[Listing]) -> Option<Spread> {
    spread(of.iter().zip(&list.floor).filter_map(|(one, floor)| Some(one.decoded? / floor.decoded?)))
}

fn per_point(list: &List) -> Option<Spread> {
    spread(decoded(&list.product).map(|ms| ms * 1_000.0 / f64::from(list.points)))
}

fn drawn(list: &List) -> Option<Spread> {
    spread(list.product.iter().filter_map(|one| Some(one.drawn? - one.decoded?)))
}

fn longest(of: &[Listing]) -> Option<Spread> {
    spread(of.iter().map(|one| one.longest))
}

fn memory(of: &[Listing]) -> Option<Spread> {
    spread(of.iter().map(|one| one.memory))
}

fn times(list: &List) -> String {
    format!(
        "| {} | {} | {} | {} | {} | {} | {} | {} |",
        grouped(list.points),
        grouped(list.by),
        cell(spread(decoded(&list.floor)), 0),
        cell(spread(decoded(&list.sdk)), 0),
        cell(of_floor(list, &list.sdk), 2),
        cell(spread(decoded(&list.product)), 0),
        cell(of_floor(list, &list.product), 2),
        cell(per_point(list), 1),
    )
}

fn rest(list: &List) -> String {
    format!(
        "| {} | {} | {} | {} | {} | {} | {} | {} | {} |",
        grouped(list.points),
        grouped(list.by),
        cell(drawn(list), 0),
        cell(spread(list.product.iter().filter_map(|one| one.responding)), 0),
        cell(longest(&list.sdk), 0),
        cell(longest(&list.product), 0),
        cell(memory(&list.floor), 0),
        cell(memory(&list.sdk), 0),
        cell(memory(&list.product), 0),
    )
}

fn asked(list: &List) -> String {
    let of = |client: &[Listing]| {
        let Some(Listing { asked: Asked { calls, preflights, urls, .. }, .. }) = client.first() else {
            return "–".to_owned();
        };
        format!("{calls} + {preflights} of {urls} addresses")
    };
    let most = [&list.floor, &list.sdk, &list.product].map(|client| most(client).to_string());
    let (floor, sdk, product) = (of(&list.floor), of(&list.sdk), of(&list.product));
    format!("| {} | {} | {floor} | {sdk} | {product} | {} |", grouped(list.points), grouped(list.by), most.join(" / "))
}

fn most(of: &[Listing]) -> u32 {
    of.iter().map(|one| one.asked.most).max().unwrap_or_default()
}

pub(super) fn goals(lists: &[List]) -> Vec<Goal> {
    let median = |value: Option<Spread>| value.map(|it| it.median);
    // The worst of all sizes counts; a size without a number leaves the goal without one.
    let worst = |of: &dyn Fn(&List) -> Option<f64>| {
        let all: Option<Vec<f64>> = lists.iter().map(of).collect();
        all.and_then(|all| all.into_iter().max_by(f64::total_cmp))
    };
    let flat = lists.iter().filter_map(|list| Some((list.points, list.by, median(per_point(list))?)));
    let flat: Vec<_> = flat.collect();
    let growth = flat.iter().flat_map(|big| {
        let small = flat.iter().filter(|small| small.1 == big.1).min_by_key(|small| small.0);
        small.filter(|small| small.0 < big.0).map(|small| big.2 / small.2)
    });
    vec![
        Goal::at_most(
            "Every list decoded within 1.05 of the floor's time",
            worst(&|list| median(of_floor(list, &list.product))),
            1.05,
            " at worst",
        ),
        Goal::at_most(
            "A point of a longer list costs no more than 1.1 of one of the shortest",
            growth.max_by(f64::total_cmp),
            1.1,
            " at worst",
        ),
        Goal::at_most("Drawn within 150 ms of decoded", worst(&|list| median(drawn(list))), 150.0, " ms at worst"),
        Goal::at_most(
            "No task of the page longer than 50 ms, from the address to the answered click",
            worst(&|list| median(longest(&list.product))),
            50.0,
            " ms at worst",
        ),
        Goal::at_most(
            "No more memory than the SDK",
            worst(&|list| Some(median(memory(&list.product))? / median(memory(&list.sdk))?)),
            1.0,
            " of the SDK's at worst",
        ),
        Goal::at_most(
            "One preflight for each address of a list",
            lists.iter().map(|list| f64::from(most(&list.product))).max_by(f64::total_cmp),
            1.0,
            " at most",
        ),
    ]
}
