//! What the scheduler reserves for a Pod, by whom, and in which stage of its life the most is needed.

use crate::Analysis;
use crate::detect::{Role, Verdict};
use crate::diagram::bars::{Bars, Chart, Row, Share};
use crate::diagram::{Diagram, Target};
use crate::form::{Form, placement};
use crate::model::{Dialect, Workload};
use crate::quantity::Quantity;
use crate::release::Feature;
use crate::resources::{Amounts, Bill, Part, QosClass, bill, claim};
use crate::source;

/// A node of this size is assumed for the OOM score.
const NODE_MEMORY: i64 = 16 << 30;

pub(super) fn build(analysis: &Analysis, index: usize, form: Form) -> Option<Diagram> {
    let workload = analysis.model.workloads.get(index)?;
    let verdicts = analysis.verdicts.get(index)?;
    if workload.dialect != Dialect::Kubernetes || workload.pod.containers.is_empty() {
        return None;
    }
    let drawn = Drawn::new(analysis, workload, verdicts, form);
    let other = match form {
        Form::Traditional => Form::Native,
        Form::Native => Form::Traditional,
    };
    let other = Drawn::new(analysis, workload, verdicts, other);
    Some(Diagram::Bars(Bars {
        title: format!("Resources of {} with {} sidecars", workload.title(), form.id()),
        summary: drawn.summary(),
        charts: ["cpu", "memory", "ephemeral-storage"].into_iter().filter_map(|name| drawn.chart(name)).collect(),
        notes: drawn.notes(&other, form),
    }))
}

struct Drawn<'a> {
    analysis: &'a Analysis,
    workload: &'a Workload,
    /// For each claim its container and its role in this form.
    of: Vec<(usize, Role)>,
    bill: Bill,
}

impl<'a> Drawn<'a> {
    fn new(analysis: &'a Analysis, workload: &'a Workload, verdicts: &[Verdict], form: Form) -> Self {
        let placement = placement(workload, verdicts, form);
        let mut of = Vec::new();
        let mut claims = Vec::new();
        for index in placement.init.iter().chain(&placement.regular) {
            let (Some(container), Some(verdict)) = (workload.pod.containers.get(*index), verdicts.get(*index)) else {
                continue;
            };
            let role = placement.role(*index, verdict);
            let has_sidecars = analysis.server.cluster().has(Feature::SidecarContainers);
            let part = match (placement.init.contains(index), role) {
                (false, _) => Part::Regular,
                (true, Role::NativeSidecar) if has_sidecars => Part::Sidecar,
                (true, _) => Part::Init,
            };
            of.push((*index, role));
            claims.push(claim(container.display_name(), part, &container.resources));
        }
        Self { analysis, workload, of, bill: bill(&workload.pod, claims, analysis.server.cluster()) }
    }

    fn name(&self, claim: usize) -> &str {
        self.bill.resources.claims.get(claim).map_or("", |claim| claim.name.as_str())
    }

    fn request(&self, name: &str) -> Quantity {
        self.bill.requests.get(name).copied().unwrap_or(Quantity::ZERO)
    }

    fn summary(&self) -> String {
        let qos = self.bill.qos;
        let reserved: Vec<String> = ["cpu", "memory"]
            .into_iter()
            .filter(|name| !self.request(name).is_zero())
            .map(|name| format!("{} of {}", self.request(name), word(name)))
            .collect();
        match reserved.is_empty() {
            true => format!("The Pod requests nothing. Its QoS class is {}.", qos.id()),
            false => format!(
                "The Pod reserves {} from its start to its end. Its QoS class is {}.",
                reserved.join(" and "),
                qos.id()
            ),
        }
    }

    fn chart(&self, name: &str) -> Option<Chart> {
        let reserved = self.request(name);
        if reserved.is_zero() {
            return None;
        }
        let rows = self.bill.stages.iter().map(|stage| {
            let parts = stage.running.iter().filter_map(|claim| self.share(*claim, name)).collect();
            let title = match stage.init {
                Some(init) => format!("while {} runs", self.name(init)),
                None => "while the app runs".to_owned(),
            };
            let total = stage.requests.get(name).copied().unwrap_or(Quantity::ZERO);
            Row { title, total: total.to_string(), parts }
        });
        let title = word(name).to_owned();
        Some(Chart { title, rows: rows.collect(), reserved: (number(reserved), reserved.to_string()) })
    }

    fn share(&self, claim: usize, name: &str) -> Option<Share> {
        let own = self.bill.resources.claims.get(claim)?;
        let amount = own.requests.get(name).filter(|amount| !amount.is_zero())?;
        let (index, role) = self.of.get(claim)?;
        let container = self.workload.pod.containers.get(*index)?;
        let place = self.workload.place(container.node, source::Part::Value);
        Some(Share {
            title: own.name.clone(),
            role: Some(*role),
            amount: number(*amount),
            text: amount.to_string(),
            target: Some(Target { container: Some(*index), place }),
        })
    }

    fn notes(&self, other: &Self, form: Form) -> Vec<String> {
        let mut notes = Vec::new();
        notes.extend(self.bill.resources.claims.iter().map(|claim| {
            let said = |amounts: &Amounts| {
                let amounts = amounts.iter().map(|(name, amount)| format!("{amount} of {}", word(name)));
                amounts.collect::<Vec<_>>().join(", ")
            };
            let requests = match claim.requests.is_empty() {
                true => "requests nothing".to_owned(),
                false => format!("requests {}", said(&claim.requests)),
            };
            let limits = match claim.limits.is_empty() {
                true => "has no limit".to_owned(),
                false => format!("is limited to {}", said(&claim.limits)),
            };
            format!("{} {requests} and {limits}.", claim.name)
        }));
        if let Some(replicas) = self.workload.replicas.filter(|replicas| *replicas > 1) {
            let total: Vec<String> = ["cpu", "memory"]
                .into_iter()
                .filter(|name| !self.request(name).is_zero())
                .map(|name| format!("{} of {}", self.request(name).times(replicas), word(name)))
                .collect();
            if !total.is_empty() {
                notes.push(format!("All {replicas} replicas together: {}.", total.join(" and ")));
            }
        }
        notes.extend(["cpu", "memory"].into_iter().filter_map(|name| {
            let (own, others) = (self.request(name), other.request(name));
            let word = word(name);
            let forms = match form {
                Form::Traditional => "native",
                Form::Native => "traditional",
            };
            (own > others).then(|| format!("That is {} of {word} more than in the {forms} form.", own.minus(others)))
        }));
        if self.bill.qos == QosClass::Burstable {
            notes.extend(self.why_not_guaranteed());
        }
        let scores: Vec<String> = self
            .bill
            .resources
            .claims
            .iter()
            .filter(|claim| claim.part != Part::Init)
            .map(|claim| {
                let score = self.bill.resources.oom_score(claim, NODE_MEMORY, self.analysis.server.cluster());
                format!("{} {score}", claim.name)
            })
            .collect();
        notes.push(format!("OOM score on a node with 16Gi, the highest is killed first: {}.", scores.join(", ")));
        notes
    }

    /// Who keeps the Pod from the class Guaranteed.
    fn why_not_guaranteed(&self) -> Option<String> {
        let is_full = |claim: &&crate::resources::Claim| {
            ["cpu", "memory"].into_iter().all(|name| {
                let limit = claim.limits.get(name);
                limit.is_some() && limit == claim.requests.get(name)
            })
        };
        let (full, rest): (Vec<_>, Vec<_>) = self.bill.resources.claims.iter().partition(is_full);
        let names: Vec<&str> = rest.iter().map(|claim| claim.name.as_str()).collect();
        (!full.is_empty() && !names.is_empty())
            .then(|| format!("It would be Guaranteed if {} had equal requests and limits too.", names.join(", ")))
    }
}

fn word(name: &str) -> &str {
    if name == "cpu" { "CPU" } else { name }
}

fn number(amount: Quantity) -> f64 {
    amount.nano() as f64 / 1e9
}
