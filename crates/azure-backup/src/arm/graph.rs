//! Azure Resource Graph: one query about the resources of many subscriptions, instead of a list call for each of them.
//!
//! ```
//! use azure_backup::{
//!     arm::graph::{Rows, Scope},
//!     backup::fleet,
//! };
//! # fn send<T>(_: &azure_backup::arm::call::Call<T>) -> http::Response<bytes::Bytes> {
//! #     http::Response::new(bytes::Bytes::from_static(br#"{"totalRecords":0,"count":0,"resultTruncated":"false","data":[]}"#))
//! # }
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let query = fleet::machines(Scope::TENANT, "web");
//! let (mut rows, mut call) = (Rows::default(), query.first());
//! loop {
//!     let page = call.read(&send(&call))?;
//!     let next = page.next.clone();
//!     rows.add(page);
//!     let Some(token) = next else { break };
//!     call = query.after(&token);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What its answers are, and are not
//!
//! * An answer has only resources that the caller may read. Others are missing without notice, so an answer is never "all".
//! * Rows are some seconds behind. Read the resource itself before you act on a row.
//! * Pages are cut by an offset: while resources come and go, a row can come twice or not at all. [`Rows`] keeps each once, and says when fewer came
//!   than Resource Graph counted.
//! * A user has some 15 queries in 5 seconds, and each page is one. [`Pace`] says when the next one may be sent.
//!
//! Source: <https://learn.microsoft.com/azure/governance/resource-graph/concepts/work-with-data>.

mod kql;
mod pace;
mod result;
mod rows;

pub(crate) use kql::literal;
pub use pace::Pace;
pub use result::{QueryQuota, ResultPage};
pub use rows::{Completeness, Identified, Rows};

use crate::arm::{
    call::{ApiVersion, Call},
    id::SubscriptionId,
    json::NodeRef,
};
use bytes::Bytes;
use serde::Serialize;

/// The most rows that a page can have.
const ROWS_A_PAGE: u16 = 1_000;

/// Which subscriptions a query is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope(Option<Vec<SubscriptionId>>);

impl Scope {
    /// All subscriptions of the token's tenant that the caller may read.
    pub const TENANT: Scope = Scope(None);

    /// These subscriptions. `None` without any: Resource Graph takes an empty list for the whole tenant.
    #[must_use]
    pub fn subscriptions(ids: Vec<SubscriptionId>) -> Option<Scope> {
        (!ids.is_empty()).then_some(Scope(Some(ids)))
    }
}

/// Decodes a row. `None` for a row without an id.
pub(crate) type ReadRow<T> = fn(&NodeRef<'_>) -> Option<T>;

/// A query whose rows are read into a `T` each. Its pages are calls.
#[derive(Clone, Debug)]
pub struct Query<T> {
    name: &'static str,
    text: String,
    scope: Scope,
    row: ReadRow<T>,
}

impl<T: 'static> Query<T> {
    /// `text` is in the Kusto query language. It must project an `id` and be sorted by it: otherwise there are no further pages, or random ones.
    pub(crate) fn new(name: &'static str, text: String, scope: Scope, row: ReadRow<T>) -> Self {
        Query { name, text, scope, row }
    }

    /// The query, in the Kusto query language.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The call for the first page.
    #[must_use]
    pub fn first(&self) -> Call<ResultPage<T>> {
        self.page(None)
    }

    /// The call for the page after the one whose [`ResultPage::next`] is `token`.
    #[must_use]
    pub fn after(&self, token: &str) -> Call<ResultPage<T>> {
        self.page(Some(token))
    }

    fn page(&self, skip_token: Option<&str>) -> Call<ResultPage<T>> {
        let subscriptions = self.scope.0.as_deref();
        // A tenant can have more subscriptions than a query allows. Then rows of some subscriptions are better than an error.
        let allow_partial_scopes = subscriptions.is_none();
        let options = Options { top: ROWS_A_PAGE, skip_token, result_format: "objectArray", allow_partial_scopes };
        let body = serde_json::to_vec(&Request { subscriptions, query: &self.text, options }).unwrap_or_default();
        let path = format!("/providers/Microsoft.ResourceGraph/resources?api-version={}", ApiVersion::RESOURCE_GRAPH);
        let row = self.row;
        Call::post(self.name, "Microsoft.ResourceGraph/resources/read", path, Some(Bytes::from(body)), |_| ())
            .with_headers(move |answer, node| ResultPage::read(answer, node, row))
    }
}

#[derive(Serialize)]
struct Request<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    subscriptions: Option<&'a [SubscriptionId]>,
    query: &'a str,
    options: Options<'a>,
}

#[derive(Serialize)]
struct Options<'a> {
    #[serde(rename = "$top")]
    top: u16,
    #[serde(rename = "$skipToken", skip_serializing_if = "Option::is_none")]
    skip_token: Option<&'a str>,
    #[serde(rename = "resultFormat")]
    result_format: &'static str,
    #[serde(rename = "allowPartialScopes")]
    allow_partial_scopes: bool,
}

#[cfg(test)]
mod tests;
