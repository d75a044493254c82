//! Sorting for the eye.

use std::cmp::Ordering;

/// The indexes below `n` in the order that `compare` gives. Those that are equal keep their place.
///
/// What is in order already, as most of Azure's lists are, costs one look; anything else is merged, run by run. The standard library's
/// sorts weigh kilobytes.
pub fn ordered(n: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    if (1..n).all(|index| compare(index - 1, index).is_le()) {
        return order;
    }
    let mut merged = order.clone();
    let mut run = 1;
    while run < n {
        for begin in (0..n).step_by(2 * run) {
            let (middle, end) = ((begin + run).min(n), (begin + 2 * run).min(n));
            let (mut left, mut right) = (begin, middle);
            for place in &mut merged[begin..end] {
                let from = if right == end || left < middle && compare(order[left], order[right]).is_le() {
                    &mut left
                } else {
                    &mut right
                };
                *place = order[*from];
                *from += 1;
            }
        }
        std::mem::swap(&mut order, &mut merged);
        run *= 2;
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_keep_their_place() {
        let words = ["b", "a", "b", "a"];
        assert_eq!(ordered(4, &|x, y| words[x].cmp(words[y])), [1, 3, 0, 2]);
    }

    proptest::proptest! {
        #[test]
        fn as_the_standard_librarys_sort(numbers in proptest::collection::vec(0_u8..20, 0..70)) {
            let mut other: Vec<usize> = (0..numbers.len()).collect();
            other.sort_by_key(|&index| numbers[index]);
            proptest::prop_assert_eq!(ordered(numbers.len(), &|x, y| numbers[x].cmp(&numbers[y])), other);
        }
    }
}
