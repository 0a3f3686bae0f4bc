//! Text as people type it: folding for comparison, and the distance between two words.

/// The key under which two names of a code list are the same: [`crate::domain::text::fold`]
/// without its spaces, so that `Guinée-Bissau` and `Guinée Bissau` meet `guineebissau`.
#[must_use]
pub fn key(text: &str) -> String {
    crate::domain::text::fold(text).replace(' ', "")
}

/// Edits (insert, delete, replace, swap of neighbours) from one folded word to another, or none above
/// `most`.
#[must_use]
pub fn distance(left: &str, right: &str, most: usize) -> Option<usize> {
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    if left.len().abs_diff(right.len()) > most {
        return None;
    }
    let mut older: Vec<usize> = Vec::new();
    let mut before: Vec<usize> = (0..=right.len()).collect();
    for (row, here) in left.iter().enumerate() {
        let mut current = Vec::with_capacity(before.len());
        current.push(row + 1);
        for (column, there) in right.iter().enumerate() {
            let replaced = before.get(column)? + usize::from(here != there);
            let removed = before.get(column + 1)? + 1;
            let inserted = current.last()? + 1;
            let mut best = replaced.min(removed).min(inserted);
            let swapped = row > 0
                && column > 0
                && left.get(row - 1) == Some(there)
                && right.get(column - 1) == Some(here);
            if swapped {
                best = best.min(older.get(column - 1)? + 1);
            }
            current.push(best);
        }
        if current.iter().min().is_some_and(|least| *least > most) {
            return None;
        }
        older = std::mem::replace(&mut before, current);
    }
    before.last().copied().filter(|edits| *edits <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_hyphens_and_apostrophes_do_not_count() {
        for spelling in ["Côte d’Ivoire", "COTE D'IVOIRE", "cote-d-ivoire", " Cote\u{a0}d`Ivoire "] {
            assert_eq!(key(spelling), "cotedivoire");
        }
        assert_eq!(key("Cœur"), "coeur");
        assert_eq!(key("« ’ - »"), "");
    }

    #[test]
    fn distance_counts_edits_and_swaps() {
        assert_eq!(distance("mali", "mali", 2), Some(0));
        assert_eq!(distance("senegla", "senegal", 2), Some(1));
        assert_eq!(distance("benni", "benin", 2), Some(1));
        assert_eq!(distance("maroc", "mexique", 2), None);
        assert_eq!(distance("", "ab", 2), Some(2));
    }
}
