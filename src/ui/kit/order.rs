//! Sorting for the eye.

use std::cmp::Ordering;

/// The indexes below `n` in the order that `compare` gives. One sort serves every list: each instance of a generic sort
/// would add kilobytes to the page. Those that are equal keep their place.
pub fn ordered(n: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut indexes: Vec<usize> = (0..n).collect();
    indexes.sort_unstable_by(|a, b| compare(*a, *b).then(a.cmp(b)));
    indexes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_keep_their_place() {
        let words = ["b", "a", "b", "a"];
        assert_eq!(ordered(4, &|x, y| words[x].cmp(words[y])), [1, 3, 0, 2]);
    }
}
