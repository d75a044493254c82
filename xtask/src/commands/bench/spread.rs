//! Numbers of several runs, summed up.

use std::fmt;

/// The middle of them and between what they lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spread {
    pub(super) median: f64,
    pub(super) least: f64,
    pub(super) most: f64,
}

/// Of all that are numbers; none of none.
pub(super) fn spread(values: impl IntoIterator<Item = f64>) -> Option<Spread> {
    let sorted = sorted(values);
    let (&least, &most) = (sorted.first()?, sorted.last()?);
    let (low, high) = (sorted[(sorted.len() - 1) / 2], sorted[sorted.len() / 2]);
    Some(Spread { median: f64::midpoint(low, high), least, most })
}

/// The value that `percent` of a hundred do not exceed; none of none.
pub(super) fn percentile(values: impl IntoIterator<Item = f64>, percent: usize) -> Option<f64> {
    let sorted = sorted(values);
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.max(1) - 1).copied()
}

fn sorted(values: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// `12 (10–15)`, or with as many decimals as are asked for. A single run has nothing to lie between.
impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = f.precision().unwrap_or(0);
        let Self { median, least, most } = self;
        if least == most {
            return write!(f, "{median:.digits$}");
        }
        write!(f, "{median:.digits$} ({least:.digits$}–{most:.digits$})")
    }
}

/// In a table.
pub(super) fn cell(spread: Option<Spread>, digits: usize) -> String {
    spread.map_or_else(|| "–".to_owned(), |spread| format!("{spread:.digits$}"))
}

/// Thousands apart, of numbers below a million.
pub(super) fn grouped(number: u32) -> String {
    if number < 1_000 { number.to_string() } else { format!("{},{:03}", number / 1_000, number % 1_000) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_and_percentiles() {
        let some = spread([3.0, 1.0, 2.0, 10.0]).unwrap();
        assert_eq!((some.median, some.least, some.most), (2.5, 1.0, 10.0));
        assert_eq!(format!("{some:.1}"), "2.5 (1.0–10.0)");
        assert_eq!(format!("{:.1}", spread([4.0]).unwrap()), "4.0");
        assert_eq!((grouped(200), grouped(100_000)), ("200".to_owned(), "100,000".to_owned()));
        assert_eq!(spread([f64::NAN]), None);
        let hundred = || (1..=100).map(f64::from);
        assert_eq!((percentile(hundred(), 95), percentile(hundred(), 50)), (Some(95.0), Some(50.0)));
        assert_eq!((percentile([7.0], 95), percentile([], 95)), (Some(7.0), None));
    }
}
