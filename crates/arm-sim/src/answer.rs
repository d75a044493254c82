//! What a handler returns, before the headers that every answer has.

use bytes::Bytes;

/// An answer in the making.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Bytes,
    /// The connection breaks instead; `Some(true)` if the request took effect.
    pub(crate) dropped: Option<bool>,
}

impl Answer {
    /// An answer with a JSON body.
    pub(crate) fn json(status: u16, body: String) -> Self {
        Self {
            status,
            content_type: "application/json; charset=utf-8",
            headers: Vec::new(),
            body: body.into(),
            dropped: None,
        }
    }

    /// 200 with a JSON body.
    pub(crate) fn ok(body: String) -> Self {
        Self::json(200, body)
    }

    /// An answer without a body.
    pub(crate) fn empty(status: u16) -> Self {
        Self::json(status, String::new())
    }

    /// No answer at all.
    pub(crate) fn dropped(acted: bool) -> Self {
        Self { dropped: Some(acted), ..Self::empty(0) }
    }

    /// Adds a header.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}
