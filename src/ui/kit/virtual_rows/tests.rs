use super::*;
use crate::ui::kit::test::html_of;

fn drawn(sight: Sight, count: usize, kept: Option<usize>) -> (usize, Vec<Part>) {
    let parts = sight.parts(count, kept);
    let rows = parts.iter().map(|part| if let Part::Gap(rows) = part { *rows } else { 1 }).sum();
    let ends = |part: &&Part| matches!(part, Part::Gap(_));
    (rows, parts.iter().filter(ends).copied().collect())
}

#[test]
fn the_rows_in_sight_and_some_around_them_are_drawn() {
    let seen = |above, below| TableInSight { above, below, row: Some(50) };
    let top = Sight::of(seen(-300, 600), Sight::default());
    assert_eq!(drawn(top, 10_000, None), (10_000, vec![Part::Gap(10_000 - 20)]));
    assert_eq!(top.parts(3, None), [0, 1, 2].map(Part::Row));
    let deep = Sight::of(seen(250_000, 250_900), Sight::default());
    assert_eq!(drawn(deep, 10_000, None), (10_000, vec![Part::Gap(4_996), Part::Gap(10_000 - 5_024)]));
    // A little further the same rows are drawn: nothing is rendered again.
    assert_eq!(Sight::of(seen(250_049, 250_949), deep), deep);
    assert!(Sight::of(seen(250_249, 251_149), deep) != deep);
}

#[test]
fn the_row_with_the_focus_stays_wherever_the_table_is_scrolled_to() {
    let deep = Sight { from: 500, to: 540, height: 50 };
    let (rows, gaps) = drawn(deep, 1_000, Some(7));
    assert_eq!((rows, gaps), (1_000, vec![Part::Gap(7), Part::Gap(492), Part::Gap(460)]));
    assert_eq!(deep.parts(1_000, Some(510)), deep.parts(1_000, None));
    assert_eq!(deep.parts(1_000, Some(1_000)), deep.parts(1_000, None), "a row that is no more");
}

#[test]
fn a_list_that_has_become_shorter_shows_its_end() {
    let deep = Sight { from: 500, to: 540, height: 50 };
    assert_eq!(drawn(deep, 100, None), (100, vec![Part::Gap(60)]));
    assert_eq!(deep.parts(2, None), [Part::Row(0), Part::Row(1)]);
    assert_eq!(deep.parts(0, None), []);
}

#[test]
fn of_a_long_table_the_first_rows_are_drawn_and_all_are_counted() {
    let html = |count: usize| {
        let id = Callback::from(|at: usize| Some(at.to_string()));
        let row = Callback::from(|at: usize| {
            Some(long_row(&["Name", "State"], &at.to_string(), at, html! { at }, vec![html! { "Running" }]))
        });
        let heads = html! { <th>{ "Name" }</th> };
        html_of(html! { <LongTable caption="Restores" remark={Html::default()} {heads} {count} {id} {row} /> })
    };
    let long = html(500);
    assert!(long.contains("aria-rowcount=\"501\"") && long.contains("aria-rowindex=\"2\""), "{long}");
    assert!(long.contains("<td role=\"cell\" data-name=\"State\">Running</td>"), "{long}");
    assert_eq!((long.matches("vmr-row-link").count(), long.matches("vmr-gap").count()), (24, 1));
    assert!(!long.contains("vmr-printed"), "all of them are printed");
    assert!(html(2_001).contains("The first 2,000 of 2,001 rows are printed."));
}

#[test]
fn rows_of_differing_heights_have_their_places_by_what_was_measured() {
    let mut heights = Heights::default();
    heights.measure(&(0..20).map(|row| (row, 100)).collect::<Vec<_>>());
    let seen = |above, below| TableInSight { above, below, row: Some(100) };
    let top = Sight::of_rows(seen(-300, 600), &heights);
    assert_eq!(drawn(top, 1_000, None), (1_000, vec![Part::Gap(1_000 - 16)]));
    heights.measure(&(0..8).map(|row| (row, 400)).collect::<Vec<_>>());
    // Eight rows are four times as high, so that what is below them is further down.
    let deep = Sight::of_rows(seen(53_200, 54_100), &heights);
    assert_eq!(drawn(deep, 1_000, None), (1_000, vec![Part::Gap(504), Part::Gap(1_000 - 528)]));
}
