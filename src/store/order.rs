//! The order of lists.

use crate::time::Timestamp;

/// What something is sorted by: a number, then a name, then the place it has had.
pub type Rank = (i64, String, usize);

/// Sorts by ranks, of which no two are equal. Lists of all kinds are sorted as lists of ranks: each other type would bring
/// some kilobytes of code along.
pub fn sort(ranks: &mut [Rank]) {
    ranks.sort_unstable();
}

/// Sorts things by when they were opened. What was opened in one moment stays as it is.
pub fn by_opening<T: Copy>(things: &[T], opened: impl Fn(&T) -> Timestamp) -> Vec<T> {
    let ranks = things.iter().enumerate();
    let mut ranks: Vec<Rank> =
        ranks.map(|(place, thing)| (opened(thing).milliseconds(), String::new(), place)).collect();
    sort(&mut ranks);
    ranks.into_iter().filter_map(|(.., place)| things.get(place).copied()).collect()
}
