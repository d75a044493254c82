//! The table of recovery points, newest first, in windows of rows.

use std::rc::Rc;

use crate::ui::markup::html;
use azure_backup::backup::recovery_point::RecoveryPoint;
use time::OffsetDateTime;
use yew::prelude::*;

use super::{allows, filter, words};
use crate::app::key::List;
use crate::app::msg::{Filter, Msg};
use crate::app::route::Route;
use crate::app::state::View;
use crate::restore::facts::Facts;
use crate::ui::kit::badge::tag;
use crate::ui::kit::empty::empty;
use crate::ui::kit::order::ordered;
use crate::ui::kit::table::{columns, more, row as table_row, small, table};
use crate::ui::kit::{button, id_text};
use crate::ui::text;

/// Properties of [`Table`].
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The points.
    pub points: List<RecoveryPoint>,
    /// What is known of the vault and the item; the point in it is replaced by each row's.
    pub facts: Option<Rc<Facts>>,
    /// What to show.
    pub filter: View,
    /// The time, for relative times.
    pub now: OffsetDateTime,
    /// Where messages go.
    pub dispatch: Callback<Msg>,
}

/// The table.
#[component]
pub fn Table(props: &Props) -> Html {
    let shown = use_memo((props.points.clone(), props.filter.clone()), |(points, look)| {
        let newest_first = ordered(points.len(), &|a, b| points[b].time.cmp(&points[a].time));
        newest_first.into_iter().filter(|&i| filter::passes(&points[i], look)).collect::<Vec<_>>()
    });
    if shown.is_empty() {
        let all = button("Show all", "", props.dispatch.reform(|_| Msg::Filter(Filter::Clear)));
        return empty("No recovery point matches", html! { <><p>{ "Change the filter." }</p>{ all }</> });
    }
    let mut facts = props.facts.as_deref().cloned();
    let rows = shown.iter().take(props.filter.rows).map(|&i| {
        let point = &props.points[i];
        let allows = facts.as_mut().map(|facts| {
            facts.point = point.clone();
            facts.detailed = false;
            allows::cell(facts)
        });
        row(point, allows, props.now)
    });
    let names = columns(["Time", "Consistency", "Tier", "Disks", "Allows", "Point id"]);
    let (n, all) = (shown.len(), props.points.len());
    let remark = if n == all { all.to_string() } else { format!("{n} of {all}") };
    let dispatch = &props.dispatch;
    html! {
        <>
            { table("Recovery points", html! { remark }, &names, false, html! { <>{ for rows }</> }) }
            { more(props.filter.rows.min(n), n, dispatch.reform(|_| Msg::ShowMore)) }
        </>
    }
}

fn row(point: &RecoveryPoint, allows: Option<Html>, now: OffsetDateTime) -> Html {
    let marks = [
        point.encrypted.then_some("Encrypted"),
        (point.managed == Some(false)).then_some("Unmanaged disks"),
        (point.private_access == Some(true)).then_some("Private access"),
        point.security_type.as_deref().filter(|s| !s.is_empty() && !s.eq_ignore_ascii_case("none")),
    ];
    let link = html! { <a href={Route::Form(point.id.clone()).hash()}>{ text::utc(point.time) }</a> };
    let marks = marks.into_iter().flatten().map(|m| tag(m.to_owned()));
    let cells = vec![
        html! { words::consistency(&point.consistency) },
        html! { <>{ words::tier(point.tier()) }{ for point.expires.map(|at| small(format!("until {}", at.date()))) }</> },
        html! { <>{ words::disks(point) }<span class="vmr-tags">{ for marks }</span></> },
        allows.unwrap_or_else(|| html! { "…" }),
        id_text(point.name.clone()),
    ];
    table_row(&point.name, html! { <>{ link }{ small(text::relative(point.time, now)) }</> }, cells)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restore::sample;
    use crate::ui::kit::test::render;

    #[test]
    fn a_row_shows_the_id_and_links_by_its_time() {
        let facts = sample::facts();
        let point = facts.point.clone();
        let props = Props {
            points: [point.clone()].into(),
            facts: Some(Rc::new(facts)),
            filter: View::default(),
            now: point.time,
            dispatch: Callback::noop(),
        };
        let html = render::<Table>(props);
        assert!(html.contains(">2026-05-14 08:49 UTC</a>") && html.contains(">520981742781621<"), "{html}");
        assert!(html.contains("Every kind of restore"), "{html}");
    }
}
