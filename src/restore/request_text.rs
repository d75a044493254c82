//! The text of a request's body together with the typed request.

use std::cell::OnceCell;
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::plan::Plan;
use super::read_back::{ParsedRequest, Unreadable, read_back};

/// The exact text of a request's body, and the request that it is the text of.
///
/// A request that this page has built keeps its typed form from the plan to the record. Only the text is stored: for a record from the storage,
/// a file or another tab the request is parsed from the text, when it is first needed. Two are equal if their texts are.
#[derive(Clone, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct RequestText {
    text: String,
    request: OnceCell<Result<Rc<ParsedRequest>, Unreadable>>,
}

impl RequestText {
    /// The text of `plan` with its request.
    pub fn of(plan: &Plan) -> Self {
        let known = plan.request.source_resource_id.clone().map(|source| ParsedRequest {
            request: plan.request.clone(),
            scenario: plan.scenario,
            source,
            secondary: plan.secondary.clone(),
            effect: plan.effect.clone(),
            sha256: plan.sha256.clone(),
        });
        let request = known.map_or_else(OnceCell::new, |known| OnceCell::from(Ok(Rc::new(known))));
        Self { text: plan.text().to_owned(), request }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The request.
    ///
    /// # Errors
    /// Those of [`read_back`].
    pub fn read(&self) -> Result<&ParsedRequest, Unreadable> {
        let request = self.request.get_or_init(|| read_back(&self.text).map(Rc::new));
        request.as_deref().map_err(|unreadable| *unreadable)
    }
}

impl Deref for RequestText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl From<String> for RequestText {
    fn from(text: String) -> Self {
        Self { text, request: OnceCell::new() }
    }
}

impl From<RequestText> for String {
    fn from(request: RequestText) -> Self {
        request.text
    }
}

impl PartialEq for RequestText {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl fmt::Debug for RequestText {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(out)
    }
}
