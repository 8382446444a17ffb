//! What the Pod requests, and what that makes of it.

use super::parse::Words;
use super::{Checked, Miss, Pattern, Scene};
use crate::quantity::Quantity;
use crate::resources::{Bill, written_bill};
use crate::source::Part;
use std::cmp::Ordering;

pub(super) const PATTERNS: &[Pattern] = &[
    Pattern {
        text: "requests AMOUNT RESOURCE at most",
        says: "the Pod requests at most AMOUNT of RESOURCE",
        check: |scene, words| requests(scene, words, &[Ordering::Less, Ordering::Equal]),
    },
    Pattern {
        text: "requests AMOUNT RESOURCE at least",
        says: "the Pod requests at least AMOUNT of RESOURCE",
        check: |scene, words| requests(scene, words, &[Ordering::Greater, Ordering::Equal]),
    },
    Pattern {
        text: "requests AMOUNT RESOURCE",
        says: "the Pod requests AMOUNT of RESOURCE",
        check: |scene, words| requests(scene, words, &[Ordering::Equal]),
    },
    Pattern { text: "QoS class CLASS", says: "the Pod has the QoS class CLASS", check: qos },
];

/// What a Pod costs as it is written.
pub(in crate::lesson) fn bill(scene: &Scene<'_>) -> Result<Bill, Miss> {
    let (_, pod) = scene.pod()?;
    Ok(written_bill(&pod.pod, scene.analysis.server.cluster()))
}

fn requests(scene: &Scene<'_>, words: &Words<'_>, wanted: &[Ordering]) -> Checked {
    let bill = bill(scene)?;
    let amount = bill.requests.get(words.get("RESOURCE")).copied().unwrap_or(Quantity::ZERO);
    let limit = Quantity::parse(words.get("AMOUNT")).unwrap_or(Quantity::ZERO);
    let how = match amount.is_zero() {
        true => "It requests none.".to_owned(),
        false => format!("It requests {amount}."),
    };
    if wanted.contains(&amount.cmp(&limit)) { Ok(how) } else { Err(Miss::new(how)) }
}

fn qos(scene: &Scene<'_>, words: &Words<'_>) -> Checked {
    let bill = bill(scene)?;
    if bill.qos.id() == words.get("CLASS") {
        return Ok(String::new());
    }
    let full = |claim: &&crate::resources::Claim| {
        ["cpu", "memory"].iter().all(|name| {
            let limit = claim.limits.get(*name);
            limit.is_some() && limit == claim.requests.get(*name)
        })
    };
    let mut why = format!("It is {}.", bill.qos.id());
    let odd = bill.resources.claims.iter().find(|claim| !full(claim));
    if let Some(odd) = odd.filter(|_| words.get("CLASS") == "Guaranteed") {
        why = format!("{why} `{}` has no CPU and memory limits, or other requests than limits.", odd.name);
        if let Ok(member) = scene.find(&odd.name) {
            let node = member.container.resources.node.unwrap_or(member.container.node);
            return Err(Miss::new(why).at(member.pod.place(node, Part::Value)));
        }
    }
    Err(Miss::new(why))
}
