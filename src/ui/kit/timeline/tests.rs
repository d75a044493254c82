use time::Duration;

use super::super::test::html_of_component;
use super::*;

fn mark(day: i64, lanes: &[Lane]) -> Mark {
    let at = OffsetDateTime::UNIX_EPOCH + Duration::days(20_000 + day);
    Mark { at, lanes: lanes.iter().copied().collect(), shape: Shape::Filled, threat: day == 1 }
}

fn shown(marks: Vec<Mark>) -> String {
    html_of_component::<Timeline>(TimelineProps {
        caption_id: "timeline".into(),
        title: "Recovery points by day".into(),
        summary: "Three recovery points.".into(),
        marks: Rc::<[_]>::from(marks).into(),
        link: Callback::from(|index| ("#/restore/x".into(), format!("mark {index}").into())),
        days: None,
        on_days: Callback::noop(),
        legend: Html::default(),
    })
}

#[test]
fn one_mark_is_a_link_and_several_are_a_button() {
    let marks = vec![mark(0, &[Lane::Vault]), mark(1, &[Lane::Snapshot, Lane::Vault]), mark(1, &[Lane::Vault])];
    let html = shown(marks);
    assert_eq!(html.matches("<a ").count(), 2, "{html}");
    assert!(
        html.contains("aria-label=\"mark 0, Vault\"") && html.contains("aria-label=\"mark 1, Snapshot\""),
        "{html}"
    );
    assert_eq!(html.matches("role=\"button\"").count(), 1, "{html}");
    assert!(html.contains("2 recovery points, 2 with a reported threat, Vault. Select to filter the table"), "{html}");
    assert_eq!(html.matches("vmr-threat").count(), 2, "the sign of a threat stands at both marks of that day: {html}");
    assert_eq!(html.matches("tabindex=\"0\"").count(), 1, "one stop for the tab key: {html}");
    assert!(!html.contains("style="), "{html}");
}

#[test]
fn arrow_keys_move_along_and_between_lanes() {
    let marks = vec![mark(0, &[Lane::Vault]), mark(5, &[Lane::Snapshot, Lane::Vault])];
    let columns = Columns::of(&marks).expect("there are marks");
    let cells = columns.cells(&marks);
    // Lane by lane: snapshot of b, vault of a, vault of b.
    assert_eq!(neighbour(&cells, 0, "ArrowDown"), Some(2));
    assert_eq!(neighbour(&cells, 1, "ArrowUp"), Some(0));
    assert_eq!(neighbour(&cells, 0, "ArrowUp"), None);
    assert_eq!(neighbour(&cells, 2, "ArrowLeft"), Some(1));
    assert_eq!(neighbour(&cells, 2, "End"), Some(2));
    assert_eq!(neighbour(&cells, 2, "x"), None);
}

#[test]
fn without_marks_there_is_no_picture() {
    assert_eq!(shown(Vec::new()), "");
}
