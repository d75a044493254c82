//! One page of a query's result.

use super::ReadRow;
use crate::arm::{
    headers,
    json::{FirstMismatch, NodeRef},
    time,
};
use ::time::Duration;
use bytes::Bytes;
use http::{HeaderMap, Response};

/// One page of a query's result.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ResultPage<T> {
    /// The rows, in the order of the query.
    pub rows: Vec<T>,
    /// How many rows had no id and are left out.
    pub unreadable: usize,
    /// How many rows the whole result had when this page was made.
    pub total: Option<u64>,
    /// `$skipToken`, with which [`Query::after`](super::Query::after) asks for the next page; none on the last one.
    pub next: Option<String>,
    /// Whether Resource Graph has cut the result: the rest of it cannot be asked for.
    pub truncated: bool,
    /// Whether the tenant has more subscriptions than a query may have, so that some were left out.
    pub subscriptions_left_out: bool,
    /// How many queries are left.
    pub quota: QueryQuota,
}

/// How many queries the user has left. Browsers may hide the headers that say so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct QueryQuota {
    /// `x-ms-user-quota-remaining`.
    pub remaining: Option<u32>,
    /// `x-ms-user-quota-resets-after`.
    pub resets_after: Option<Duration>,
}

impl QueryQuota {
    /// What the headers of an answer say.
    #[must_use]
    pub fn read(map: &HeaderMap) -> Self {
        QueryQuota {
            remaining: headers::text(map, &headers::QUERIES_REMAINING).and_then(|text| text.parse().ok()),
            resets_after: headers::text(map, &headers::QUERIES_RESET_AFTER).and_then(time::parse_duration),
        }
    }
}

impl<T> ResultPage<T> {
    /// A page of these rows, which is the last one.
    #[must_use]
    pub fn new(rows: Vec<T>) -> Self {
        ResultPage {
            total: u64::try_from(rows.len()).ok(),
            rows,
            unreadable: 0,
            next: None,
            truncated: false,
            subscriptions_left_out: false,
            quota: QueryQuota::default(),
        }
    }

    /// Reads a result in either format: an array of objects, or a table of columns and rows.
    pub(crate) fn read(answer: &Response<Bytes>, node: &NodeRef<'_>, row: ReadRow<T>) -> Self {
        let strict = |node: &NodeRef<'_>| {
            // A property with an unexpected shape is left out of its row, but the row stays in the list: the shape of rows is not published.
            let lenient = FirstMismatch::new();
            row(&node.lenient(&lenient))
        };
        let data = node.at("data");
        let rows: Vec<Option<T>> = if data.is_object() {
            let objects = data.table_as_objects();
            NodeRef::root(&objects, &FirstMismatch::new()).list("data", strict)
        } else {
            data.present();
            node.list("data", strict)
        };
        let count = rows.len();
        let rows: Vec<T> = rows.into_iter().flatten().collect();
        let unreadable = count - rows.len();
        let next = node.text("$skipToken");
        // The counts only inform.
        let (lenient, map) = (FirstMismatch::new(), answer.headers());
        let node = node.lenient(&lenient);
        let is_true = |text: Option<&str>| text.is_some_and(|text| text.eq_ignore_ascii_case("true"));
        ResultPage {
            rows,
            unreadable,
            total: node.integer("totalRecords").and_then(|total| u64::try_from(total).ok()),
            truncated: next.is_none() && node.flag("resultTruncated") == Some(true),
            next,
            subscriptions_left_out: is_true(headers::text(map, &headers::SUBSCRIPTION_LIMIT_HIT)),
            quota: QueryQuota::read(map),
        }
    }
}
