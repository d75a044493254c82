//! How high the rows of a long table are, where they differ.

/// The heights of the rows that were drawn. Every other row is taken to be as high as those that were drawn first.
#[derive(Clone, Debug)]
pub(super) struct Heights {
    /// By row; none = it was not drawn yet.
    rows: Vec<Option<i32>>,
    expected: i32,
}

impl Default for Heights {
    /// Before anything was measured.
    fn default() -> Self {
        Self { rows: Vec::new(), expected: 96 }
    }
}

impl Heights {
    /// Takes in how high the rows are that are drawn.
    pub(super) fn measure(&mut self, drawn: &[(usize, i32)]) {
        let drawn: Vec<(usize, i32)> = drawn.iter().copied().filter(|(_, height)| *height > 0).collect();
        let (Some(last), Ok(count)) = (drawn.iter().map(|(row, _)| *row).max(), i32::try_from(drawn.len())) else {
            return;
        };
        if self.rows.is_empty() {
            // It stays, because the place of every row that was never drawn follows from it.
            self.expected = drawn.iter().map(|(_, height)| height).sum::<i32>() / count;
        }
        self.rows.resize(self.rows.len().max(last + 1), None);
        for (row, height) in drawn {
            self.rows[row] = Some(height);
        }
    }

    /// The list has other rows now, or the page another width.
    pub(super) fn forget(&mut self) {
        self.rows.clear();
    }

    fn of(&self, row: usize) -> i32 {
        self.rows.get(row).copied().flatten().unwrap_or(self.expected)
    }

    /// How high so many rows from `first` on are together.
    pub(super) fn of_rows(&self, first: usize, count: usize) -> i32 {
        (first..first + count).map(|row| self.of(row)).fold(0, i32::saturating_add)
    }

    /// The row that so many pixels below the first one's upper edge lie in.
    pub(super) fn row_at(&self, pixels: i32) -> usize {
        let mut below = pixels;
        for row in 0..self.rows.len() {
            if below < self.of(row) {
                return row;
            }
            below -= self.of(row);
        }
        self.rows.len() + usize::try_from(below / self.expected.max(1)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_was_never_drawn_is_as_high_as_those_that_were_drawn_first() {
        let mut heights = Heights::default();
        heights.measure(&[]);
        heights.measure(&[(0, 50), (1, 150), (2, 0)]);
        assert_eq!((heights.of_rows(0, 2), heights.of_rows(2, 10)), (200, 1_000));
        heights.measure(&[(500, 300)]);
        assert_eq!((heights.of_rows(499, 3), heights.of_rows(0, 1_000)), (500, 200 + 300 + 997 * 100));
        heights.measure(&[(0, 70)]);
        assert_eq!(heights.of_rows(0, 3), 320);
        heights.forget();
        assert_eq!(heights.of_rows(0, 2), 200, "about as high as before");
    }

    #[test]
    fn the_row_at_a_place_follows_from_the_heights_before_it() {
        let mut heights = Heights::default();
        heights.measure(&[(0, 50), (1, 150)]);
        let rows: Vec<usize> =
            [-30, 0, 49, 50, 199, 200, 299, 300, 100_200].map(|pixels| heights.row_at(pixels)).into();
        assert_eq!(rows, [0, 0, 0, 1, 1, 2, 2, 3, 1_002]);
        for row in [0, 1, 2, 700] {
            assert_eq!(heights.row_at(heights.of_rows(0, row)), row);
        }
    }
}
