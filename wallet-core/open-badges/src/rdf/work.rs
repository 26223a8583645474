//! A bound on the work of canonicalisation, from the shape of the graph alone.
//!
//! RDFC-1.0 costs little while each blank node differs from every other by the statements around it. Only blank nodes that
//! look alike *and* hang together make it try permutations ("dataset poisoning"); those are found here first.

use std::collections::{BTreeMap, HashMap};

use oxrdf::{BlankNode, GraphName, NamedOrBlankNode, Quad, Term};

use super::RdfError;

/// The most blank nodes in all.
const MAX_BLANK_NODES: usize = 2_000;
/// The most look-alike blank nodes that hang together; also bounds the recursion.
const MAX_CLUSTER: usize = 64;
/// The most steps that look-alikes may cost, by an estimate that is never too low.
const MAX_STEPS: u64 = 1_000_000;

/// Refuses what could take long.
pub(super) fn within_limits(quads: &[Quad]) -> Result<(), RdfError> {
    let mut around: HashMap<&BlankNode, Vec<&Quad>> = HashMap::new();
    for quad in quads {
        let mut last = None;
        for node in blank_nodes(quad) {
            if last != Some(node) {
                around.entry(node).or_default().push(quad);
            }
            last = Some(node);
        }
    }
    if around.len() > MAX_BLANK_NODES {
        return Err(RdfError::TooComplex);
    }
    let mut alike: HashMap<String, Vec<&BlankNode>> = HashMap::new();
    for (node, quads) in &around {
        alike.entry(first_degree(node, quads)).or_default().push(node);
    }
    // The class of each look-alike; a node without one is unique and costs nothing.
    let class: HashMap<&BlankNode, usize> = alike
        .values()
        .enumerate()
        .filter(|(_, nodes)| nodes.len() > 1)
        .flat_map(|(class, nodes)| nodes.iter().map(move |node| (*node, class)))
        .collect();
    let mut steps: u64 = 0;
    let mut seen: HashMap<&BlankNode, ()> = HashMap::new();
    for start in class.keys() {
        let mut cluster = 0_u64;
        let mut permutations = 1_u64;
        let mut open = vec![*start];
        while let Some(node) = open.pop() {
            if seen.insert(node, ()).is_some() {
                continue;
            }
            cluster += 1;
            if cluster > MAX_CLUSTER as u64 {
                return Err(RdfError::TooComplex);
            }
            let mut groups: BTreeMap<(u8, &str, usize), u64> = BTreeMap::new();
            for quad in &around[node] {
                for (position, other) in positions(quad) {
                    if let Some(class) = class.get(other).filter(|_| other != node) {
                        *groups.entry((position, quad.predicate.as_str(), *class)).or_default() += 1;
                        open.push(other);
                    }
                }
            }
            for size in groups.values() {
                let tries = (1..=*size).fold(*size, u64::saturating_mul);
                permutations = permutations.saturating_mul(tries);
            }
        }
        steps = steps.saturating_add(permutations.saturating_mul(cluster.pow(3)));
        if steps > MAX_STEPS {
            return Err(RdfError::TooComplex);
        }
    }
    Ok(())
}

fn positions(quad: &Quad) -> impl Iterator<Item = (u8, &BlankNode)> {
    let subject = if let NamedOrBlankNode::BlankNode(node) = &quad.subject { Some((0, node)) } else { None };
    let object = if let Term::BlankNode(node) = &quad.object { Some((1, node)) } else { None };
    let graph = if let GraphName::BlankNode(node) = &quad.graph_name { Some((2, node)) } else { None };
    [subject, object, graph].into_iter().flatten()
}

fn blank_nodes(quad: &Quad) -> impl Iterator<Item = &BlankNode> {
    positions(quad).map(|(_, node)| node)
}

/// The statements around a node with blank nodes made anonymous: equal for two nodes exactly when RDFC-1.0's first-degree
/// hash is.
fn first_degree(node: &BlankNode, quads: &[&Quad]) -> String {
    let name = |other: &BlankNode| if other == node { "_:a" } else { "_:z" };
    let mut lines: Vec<String> = quads
        .iter()
        .map(|quad| {
            let subject = match &quad.subject {
                NamedOrBlankNode::BlankNode(other) => name(other).to_owned(),
                NamedOrBlankNode::NamedNode(node) => node.to_string(),
            };
            let object = match &quad.object {
                Term::BlankNode(other) => name(other).to_owned(),
                other => other.to_string(),
            };
            let graph = match &quad.graph_name {
                GraphName::BlankNode(other) => name(other).to_owned(),
                other => other.to_string(),
            };
            format!("{subject} {} {object} {graph}\n", quad.predicate)
        })
        .collect();
    lines.sort_unstable();
    lines.concat()
}
