//! The subset of OData that Azure Backup's lists support: `key eq 'value' and …`.

use crate::errors::{ArmError, Refused};
use crate::text::same;

/// A parsed `$filter`.
#[derive(Debug, Default)]
pub(crate) struct Filter(Vec<(String, String)>);

impl Filter {
    /// Parses a filter; a key that is not in `known` is refused.
    pub(crate) fn parse(text: Option<&str>, known: &[&str]) -> Result<Self, Refused> {
        let mut terms = Vec::new();
        let mut rest = text.unwrap_or_default().trim();
        while !rest.is_empty() {
            let term =
                Self::term(rest).ok_or_else(|| ArmError::invalid_input("The $filter cannot be read.", "$filter"))?;
            if !known.iter().any(|key| same(key, term.0)) {
                return Err(ArmError::invalid_input(
                    &format!("The $filter key '{}' is not supported.", term.0),
                    "$filter",
                ));
            }
            terms.push((term.0.to_ascii_lowercase(), term.1.to_owned()));
            rest = term.2.trim_start();
            if rest.is_empty() {
                break;
            }
            rest = match rest.get(..4) {
                Some(and) if same(and, "and ") => rest[4..].trim_start(),
                _ => return Err(ArmError::invalid_input("The $filter cannot be read.", "$filter")),
            };
        }
        Ok(Self(terms))
    }

    fn term(text: &str) -> Option<(&str, &str, &str)> {
        let (key, rest) = text.split_once(char::is_whitespace)?;
        let rest = rest.trim_start();
        if !same(rest.get(..2)?, "eq") {
            return None;
        }
        let (value, rest) = rest[2..].trim_start().strip_prefix('\'')?.split_once('\'')?;
        Some((key, value, rest))
    }

    /// The value asked for under `key`.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(k, _)| same(k, key)).map(|(_, v)| v.as_str())
    }

    /// Whether the filter has no condition for `key`, or one that `value` meets.
    pub(crate) fn admits(&self, key: &str, value: &str) -> bool {
        self.get(key).is_none_or(|wanted| same(wanted, value))
    }
}

#[cfg(test)]
mod tests {
    use super::Filter;

    #[test]
    fn reads_terms_in_any_order() {
        let f = Filter::parse(
            Some("endDate eq '2024-05-01 12:00:00 AM' AND startDate EQ 'x y'"),
            &["startDate", "endDate"],
        )
        .unwrap();
        assert_eq!(f.get("STARTDATE"), Some("x y"));
        assert!(f.admits("operation", "Restore"));
        assert!(!f.admits("startdate", "z"));
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        for bad in ["a eq 'b'", "status ne 'x'", "status eq x", "status eq 'x' or status eq 'y'", "status"] {
            assert!(Filter::parse(Some(bad), &["status"]).is_err(), "{bad}");
        }
        assert!(Filter::parse(None, &[]).is_ok());
    }
}
