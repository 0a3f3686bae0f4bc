//! Who descends from whom, whatever the distance (rule 9).

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::siren::Siren;

use super::Succession;

type Graph = BTreeMap<Siren, BTreeSet<Siren>>;

fn graph(edges: impl Iterator<Item = (Siren, Siren)>) -> Graph {
    let mut graph = Graph::new();
    for (from, to) in edges {
        graph.entry(from).or_default().insert(to);
    }
    graph
}

/// Every body with each of its ancestors, in order; a cycle makes nobody its own ancestor.
#[must_use]
pub fn closure(successions: &[Succession]) -> Vec<(Siren, Siren)> {
    let parents = graph(successions.iter().map(|edge| (edge.successor, edge.predecessor)));
    let mut pairs = Vec::new();
    for body in parents.keys() {
        let mut ancestors = BTreeSet::new();
        let mut waiting = vec![*body];
        while let Some(next) = waiting.pop() {
            for parent in parents.get(&next).into_iter().flatten() {
                if parent != body && ancestors.insert(*parent) {
                    waiting.push(*parent);
                }
            }
        }
        pairs.extend(ancestors.into_iter().map(|ancestor| (*body, ancestor)));
    }
    pairs
}

/// The bodies from `first` to `last`, each handing on to the next; none where
/// `last` does not descend from `first`. A succession from `last` to `first`
/// would close the circle.
#[must_use]
pub fn path(successions: &[Succession], first: Siren, last: Siren) -> Option<Vec<Siren>> {
    let heirs = graph(successions.iter().map(|edge| (edge.predecessor, edge.successor)));
    let mut came_from: BTreeMap<Siren, Siren> = BTreeMap::new();
    let mut waiting = vec![first];
    while let Some(next) = waiting.pop() {
        if next == last {
            let mut path = vec![last];
            let mut at = last;
            while at != first {
                at = *came_from.get(&at)?;
                path.push(at);
            }
            path.reverse();
            return Some(path);
        }
        for heir in heirs.get(&next).into_iter().flatten() {
            if *heir != first && !came_from.contains_key(heir) {
                came_from.insert(*heir, next);
                waiting.push(*heir);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::eligibility::DescentKind;

    const A: &str = "217500016";
    const B: &str = "200000172";
    const C: &str = "200000438";
    const D: &str = "237500079";

    fn edge(predecessor: &str, successor: &str) -> Succession {
        Succession {
            predecessor: predecessor.parse().unwrap(),
            successor: successor.parse().unwrap(),
            on: "2017-01-01".parse().unwrap(),
            kind: DescentKind::Merger,
            reason: String::new(),
        }
    }

    fn siren(text: &str) -> Siren {
        text.parse().unwrap()
    }

    #[test]
    fn ancestors_of_ancestors_are_ancestors() {
        let edges = [edge(A, B), edge(B, C), edge(D, C)];
        let pairs: Vec<(String, String)> =
            closure(&edges).iter().map(|(body, of)| (body.to_string(), of.to_string())).collect();
        let expected = [(B, A), (C, B), (C, A), (C, D)].map(|(body, of)| (body.to_owned(), of.to_owned()));
        assert_eq!(pairs, expected);
    }

    #[test]
    fn a_circle_is_found_with_its_path() {
        let edges = [edge(A, B), edge(B, C)];
        assert_eq!(path(&edges, siren(A), siren(C)), Some(vec![siren(A), siren(B), siren(C)]));
        assert_eq!(path(&edges, siren(C), siren(A)), None);
        assert_eq!(path(&edges, siren(A), siren(A)), Some(vec![siren(A)]));
    }

    #[test]
    fn ends_on_a_circle_too() {
        let edges = [edge(A, B), edge(B, A), edge(B, C)];
        assert_eq!(closure(&edges).len(), 4);
        assert_eq!(path(&edges, siren(A), siren(D)), None);
    }
}
