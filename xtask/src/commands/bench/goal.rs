//! What was to be reached.

/// A goal and whether it was met; it is not when nothing was measured.
pub(super) struct Goal {
    what: String,
    measured: Option<f64>,
    digits: usize,
    unit: &'static str,
    met: bool,
}

impl Goal {
    /// `measured` is to be at most `most`.
    pub(super) fn at_most(what: impl Into<String>, measured: Option<f64>, most: f64, unit: &'static str) -> Self {
        let digits = if most < 10.0 { 2 } else { 0 };
        Self { what: what.into(), measured, digits, unit, met: measured.is_some_and(|it| it <= most) }
    }

    /// Its row.
    pub(super) fn row(&self) -> String {
        let Self { what, measured, digits, unit, met } = self;
        let measured = measured.map_or_else(|| "not measured".to_owned(), |it| format!("{it:.digits$}{unit}"));
        format!("| {what} | {measured} | {} |", if *met { "met" } else { "**missed**" })
    }
}

#[cfg(test)]
mod tests {
    use super::Goal;

    #[test]
    fn what_was_not_measured_was_not_met() {
        assert_eq!(Goal::at_most("a", Some(50.0), 50.0, " ms").row(), "| a | 50 ms | met |");
        assert_eq!(Goal::at_most("b", Some(5.1), 5.0, " ms").row(), "| b | 5.10 ms | **missed** |");
        assert_eq!(Goal::at_most("c", None, 5.0, "").row(), "| c | not measured | **missed** |");
    }
}
