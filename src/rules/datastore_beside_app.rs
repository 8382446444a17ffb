//! A database in every replica of its app.

use super::support::{Case, Member};
use super::{Rule, Subject};
use crate::detect::{Confidence, Role};
use crate::finding::Finding;
use crate::finding::Severity;
use crate::model::ContainerField;
use crate::rule;

rule! {
    /// ## What it does
    /// Finds databases that stand beside an app in the same Pod.
    ///
    /// ## Why it matters
    /// A Pod is scaled, moved and replaced as a whole. With two replicas there are two databases with different data;
    /// every roll-out stops the database with the app. A sidecar helps its app; a database is a service of its own.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: shop
    /// spec:
    ///   replicas: 3
    ///   selector:
    ///     matchLabels: { app: shop }
    ///   template:
    ///     metadata:
    ///       labels: { app: shop }
    ///     spec:
    ///       containers:
    ///         - name: shop
    ///           image: registry.example.com/shop:1.4
    ///           ports:
    ///             - containerPort: 8080
    ///         - name: postgres
    ///           image: postgres:16.4
    ///           ports:
    ///             - containerPort: 5432
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: shop
    /// spec:
    ///   replicas: 3
    ///   selector:
    ///     matchLabels: { app: shop }
    ///   template:
    ///     metadata:
    ///       labels: { app: shop }
    ///     spec:
    ///       containers:
    ///         - name: shop
    ///           image: registry.example.com/shop:1.4
    ///           ports:
    ///             - containerPort: 8080
    /// ```
    ///
    /// ## Since
    /// All versions.
    ///
    /// ## References
    /// - [Kubernetes: Pods](https://kubernetes.io/docs/concepts/workloads/pods/)
    /// - [Kubernetes: StatefulSets](https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/)
    DATASTORE_BESIDE_APP, "datastore-beside-app", Warning, check
}

/// Images of databases, by the last part of the repository.
const DATABASES: &[&str] = &[
    "postgres",
    "postgresql",
    "mysql",
    "mysql-server",
    "mariadb",
    "mongo",
    "mongodb",
    "cassandra",
    "couchdb",
    "influxdb",
];

fn check(rule: &Rule, subject: Subject<'_>) -> Vec<Finding> {
    let lasting =
        subject.pods().filter(|case| case.is_kind(&["Deployment", "ReplicaSet", "ReplicationController", "Pod"]));
    lasting.filter_map(|case| find(rule, case)).collect()
}

fn find(rule: &Rule, case: &Case<'_>) -> Option<Finding> {
    let is_database = |member: &Member<'_>| {
        let image = member.container.image.as_ref();
        image.is_some_and(|image| DATABASES.contains(&image.value.base()))
    };
    let regular = || case.running().filter(|member| member.container.field == ContainerField::Containers);
    let database = regular().find(is_database)?;
    let app = regular().find(|member| {
        let is_app = matches!(member.verdict.role, Role::App | Role::Peer);
        is_app && !is_database(member) && member.container.image.is_some() && member.known().is_none()
    })?;
    let replicas = case.workload.replicas.filter(|replicas| *replicas > 1);
    let (name, own) = (database.name(), app.name());
    let (message, severity) = match replicas {
        Some(count) => (
            format!("Each of the {count} replicas of {} has a {name} of its own, with other data", case.title()),
            rule.severity,
        ),
        None => (format!("{name} is stopped, moved and replaced together with {own}"), Severity::Advice),
    };
    let help = format!("Give {name} a StatefulSet and a Service of its own, and let {own} call that.");
    let finding = case.about(rule, database, database.here(), message, help).at_most(Confidence::Likely);
    Some(finding.as_bad_as(severity).because(case.place(app.container.node), format!("{own} is the app")))
}
