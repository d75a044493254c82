//! Why a request cannot be written for an api-version.

use super::FieldSince;
use crate::arm::call::ApiVersion;
use std::{error::Error, fmt};

/// Fields of a request that its api-version does not declare: no body is made of such a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsupportedFields {
    /// The api-version of the call.
    pub version: ApiVersion,
    /// The fields that are set and that the version does not declare, in the order of [`FIELD_SINCE`](super::FIELD_SINCE); never empty.
    pub fields: Vec<FieldSince>,
}

impl fmt::Display for UnsupportedFields {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "API version {} doesn't support ", self.version)?;
        for (index, FieldSince { json_name, since }) in self.fields.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            write!(out, "{separator}{json_name} (since {since})")?;
        }
        Ok(())
    }
}

impl Error for UnsupportedFields {}
