//! The lines that someone types next for a workload: apply, watch, read logs, look inside. With the real names, in the
//! order in which they are needed, quoted for a POSIX shell.
//!
//! **Invariant:** nothing of a manifest is run. A name that holds anything but printable ASCII becomes a placeholder, all
//! else is one word for the shell, and no name can be taken for an option.

use crate::model::{Container, ContainerField, Dialect, Pairs, Pod, Workload, lookup};
use serde::{Deserialize, Serialize};

/// Where the manifest is thought to be saved.
pub const FILE: &str = "manifest.yaml";

/// Names the container that kubectl takes when none is asked for; without it, that is the first regular one.
const DEFAULT_CONTAINER: &str = "kubectl.kubernetes.io/default-container";

/// A line to type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// What it is for, in a few words.
    pub about: String,
    /// The line.
    pub line: String,
}

/// The lines for a workload.
#[must_use]
pub fn commands(workload: &Workload, api_version: Option<&str>) -> Vec<Command> {
    match workload.dialect {
        Dialect::Kubernetes => Kubectl::new(workload, api_version).commands(),
        Dialect::Compose => compose(workload),
    }
}

fn command(about: impl Into<String>, line: String) -> Command {
    Command { about: about.into(), line }
}

struct Kubectl<'a> {
    workload: &'a Workload,
    kind: &'a str,
    /// `deployment/shop`, quoted.
    object: String,
    /// ` -n shop`, or nothing.
    namespace: String,
    /// ` -l app=shop`, or nothing for a Pod without labels.
    labels: String,
    /// What logs and exec are asked of, quoted.
    target: String,
}

impl<'a> Kubectl<'a> {
    fn new(workload: &'a Workload, api_version: Option<&str>) -> Self {
        let kind = workload.kind.as_deref().unwrap_or("Pod");
        let name = workload.name.as_deref().filter(|name| !is_generated(name)).unwrap_or("NAME");
        let is_own = matches!(api_version, None | Some("v1" | "apps/v1" | "batch/v1")) || is_pod_owner(kind);
        let resource = match api_version.and_then(|version| version.split_once('/')) {
            Some((group, version)) if !is_own => format!("{}.{version}.{group}", kind.to_lowercase()),
            _ => kind.to_lowercase(),
        };
        let resource = plain(&resource, "pod");
        let object = word(&format!("{resource}/{name}"), "pod/NAME");
        let namespace = option("-n", "--namespace", workload.namespace.as_deref());
        let selector = selector(&workload.pod.labels);
        let labels = option("-l", "--selector", (!selector.is_empty()).then_some(selector.as_str()));
        let target = match kind {
            "CronJob" => word(&format!("job/{name}-try"), "job/NAME-try"),
            _ if is_pod_owner(kind) && !workload.name.as_deref().is_none_or(is_generated) => object.clone(),
            _ if !labels.is_empty() => format!("\"$(kubectl get pods{namespace}{labels} -o name | head -n 1)\""),
            _ => "pod/NAME".to_owned(),
        };
        Self { workload, kind, object, namespace, labels, target }
    }

    fn commands(&self) -> Vec<Command> {
        let Self { object, namespace, labels, target, kind, .. } = self;
        let mut lines = Vec::new();
        let is_new_each_time = self.workload.name.as_deref().is_some_and(is_generated);
        let verb = if is_new_each_time { "create" } else { "apply" };
        lines.push(command(
            "Ask the cluster whether it would take it",
            format!("kubectl {verb} --dry-run=server -f {FILE}{namespace}"),
        ));
        lines.push(command("Put it into the cluster", format!("kubectl {verb} -f {FILE}{namespace}")));
        if *kind == "CronJob" {
            lines.push(command(
                "Run it now, once",
                format!("kubectl create job --from={object} {}{namespace}", self.try_name()),
            ));
        }
        lines.push(self.wait());
        if *kind == "Pod" || labels.is_empty() {
            lines.push(command("See how it is", format!("kubectl get {object}{namespace} -o wide")));
        } else {
            lines.push(command("See its Pods", format!("kubectl get pods{namespace}{labels} -o wide")));
        }
        lines.push(command(
            "See events and the state of each container",
            format!("kubectl describe {object}{namespace}"),
        ));
        for container in &self.workload.pod.containers {
            let about = format!("Logs of {}{}", shown(container), place(container));
            lines.push(command(
                about,
                format!("kubectl logs {target}{namespace}{}{}", self.container(container), follow(container)),
            ));
        }
        if self.workload.pod.containers.len() > 1 {
            lines.push(command(
                "Logs of all containers, each line with its name",
                format!("kubectl logs {target}{namespace} --all-containers --prefix -f"),
            ));
        }
        if let Some(default) = self.default_container() {
            let option = self.container(default);
            let name = shown(default);
            lines.push(command(
                format!("Logs of {name} before its last restart"),
                format!("kubectl logs {target}{namespace}{option} --previous"),
            ));
            lines.push(command(
                format!("A shell in {name}"),
                format!("kubectl exec -it {target}{namespace}{option} -- sh"),
            ));
            lines.push(command(
                format!("A shell beside {name}, for images without one"),
                format!(
                    "kubectl debug -it {}{namespace} --image=busybox:stable{}",
                    self.pod(),
                    option.replacen(" -c ", " --target=", 1).replacen(" --container=", " --target=", 1)
                ),
            ));
            if let Some(port) = default.ports.first().filter(|port| (1..=65535).contains(&port.port)) {
                lines.push(command(
                    format!("Reach port {} of {name} from here", port.port),
                    format!("kubectl port-forward {target}{namespace} :{}", port.port),
                ));
            }
        }
        if matches!(*kind, "Deployment" | "StatefulSet" | "DaemonSet") {
            lines.push(command(
                "Start its Pods anew, one after the other",
                format!("kubectl rollout restart {object}{namespace}"),
            ));
            lines.push(command("Go back to what ran before", format!("kubectl rollout undo {object}{namespace}")));
        }
        lines
    }

    fn wait(&self) -> Command {
        let Self { object, namespace, labels, kind, target, .. } = self;
        match *kind {
            "Deployment" | "StatefulSet" | "DaemonSet" => {
                command("Wait until it runs", format!("kubectl rollout status {object}{namespace} --timeout=120s"))
            }
            "Job" => command(
                "Wait until it is done",
                format!("kubectl wait --for=condition=complete {object}{namespace} --timeout=600s"),
            ),
            "CronJob" => command(
                "Wait until it is done",
                format!("kubectl wait --for=condition=complete {target}{namespace} --timeout=600s"),
            ),
            "Pod" => command(
                "Wait until it is ready",
                format!("kubectl wait --for=condition=Ready {object}{namespace} --timeout=120s"),
            ),
            _ if !labels.is_empty() => command(
                "Wait until its Pods are ready",
                format!("kubectl wait --for=condition=Ready pods{namespace}{labels} --timeout=120s"),
            ),
            _ => command("Watch it", format!("kubectl get {object}{namespace} --watch")),
        }
    }

    /// `kubectl debug` takes Pods only.
    fn pod(&self) -> String {
        let Self { namespace, labels, .. } = self;
        match self.kind {
            "Pod" => self.target.clone(),
            _ if labels.is_empty() => "pod/NAME".to_owned(),
            _ => format!("\"$(kubectl get pods{namespace}{labels} -o name | head -n 1)\""),
        }
    }

    fn try_name(&self) -> String {
        self.target.replacen("job/", "", 1)
    }

    fn container(&self, container: &Container) -> String {
        if self.workload.pod.containers.len() == 1 {
            return String::new();
        }
        option("-c", "--container", Some(container.name.as_ref().map_or("CONTAINER", |name| &name.value)))
    }

    fn default_container(&self) -> Option<&'a Container> {
        default_container(&self.workload.pod)
    }
}

/// The container that `kubectl logs` and `kubectl exec` take when none is named (fact 10.6).
#[must_use]
pub fn default_container(pod: &Pod) -> Option<&Container> {
    let named = lookup(&pod.annotations, DEFAULT_CONTAINER);
    let by_name = named.and_then(|name| pod.containers.iter().find(|container| container.display_name() == name));
    by_name.or_else(|| pod.containers.iter().find(|container| container.field.is_regular()))
}

/// Kinds of Kubernetes itself that kubectl finds the Pods of.
fn is_pod_owner(kind: &str) -> bool {
    matches!(
        kind,
        "Pod" | "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "ReplicationController" | "Job" | "CronJob"
    )
}

/// A `generateName`, to which the cluster adds something. No name may end so.
fn is_generated(name: &str) -> bool {
    name.ends_with('-')
}

fn shown(container: &Container) -> &str {
    plain(container.display_name(), "a container")
}

fn place(container: &Container) -> &'static str {
    match container.field {
        _ if container.is_native_sidecar() => ", a native sidecar",
        ContainerField::InitContainers => ", which runs first",
        _ => "",
    }
}

/// What ends by itself is read once, everything else is followed.
fn follow(container: &Container) -> &'static str {
    let ends = container.field == ContainerField::InitContainers && !container.is_native_sidecar();
    if ends { "" } else { " -f" }
}

fn compose(workload: &Workload) -> Vec<Command> {
    let service = |container: &Container| word(plain(container.display_name(), "SERVICE"), "SERVICE");
    let mut lines = vec![
        command("Check the file and see what it means", "docker compose config".to_owned()),
        command("Start all services and wait until they run", "docker compose up -d --wait".to_owned()),
        command("See how they are", "docker compose ps -a".to_owned()),
    ];
    for container in &workload.pod.containers {
        // A service cannot begin with `-`; `--` would be taken for a service.
        lines.push(command(
            format!("Logs of {}", shown(container)),
            format!("docker compose logs -f {}", service(container)),
        ));
    }
    for container in &workload.pod.containers {
        lines.push(command(
            format!("A shell in {}", shown(container)),
            format!("docker compose exec {} sh", service(container)),
        ));
    }
    lines.push(command("Stop and remove all", "docker compose down".to_owned()));
    lines
}

/// The labels of a Pod as a selector; nothing when one of them cannot stand in one.
fn selector(labels: &Pairs) -> String {
    let fits = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'));
    if labels.iter().any(|(name, value)| name.is_empty() || !fits(name) || !fits(value)) {
        return String::new();
    }
    labels.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(",")
}

/// An option with its value. A value that looks like an option itself is tied to its name.
fn option(short: &str, long: &str, value: Option<&str>) -> String {
    let Some(value) = value.filter(|value| !value.is_empty()) else { return String::new() };
    let quoted = word(value, "NAME");
    if value.starts_with('-') { format!(" {long}={quoted}") } else { format!(" {short} {quoted}") }
}

/// The text itself when it is printable ASCII that does not look like an option, else what stands for it.
fn plain<'t>(text: &'t str, otherwise: &'t str) -> &'t str {
    let is_plain = !text.is_empty() && text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) && !text.starts_with('-');
    if is_plain { text } else { otherwise }
}

/// One word for a POSIX shell.
fn word(text: &str, otherwise: &str) -> String {
    let text = if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) { text } else { otherwise };
    let is_safe =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':' | '=' | ',' | '@' | '%' | '+');
    if !text.is_empty() && text.chars().all(is_safe) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn lines(text: &str) -> Vec<String> {
        let model = crate::dialect::understand(&Source::read(text));
        let workload = &model.workloads[0];
        let version = model.objects[workload.object].api_version.clone();
        commands(workload, version.as_deref()).into_iter().map(|command| command.line).collect()
    }

    #[test]
    fn a_deployment_is_applied_watched_and_looked_into() {
        let found = lines(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop, namespace: till }\nspec:\n  template:\n    metadata: { labels: { app: shop, tier: front } }\n    spec:\n      initContainers:\n        - { name: migrate, image: a }\n        - { name: logs, image: b, restartPolicy: Always }\n      containers:\n        - { name: proxy, image: c }\n        - { name: web, image: d, ports: [{ containerPort: 8080 }] }\n",
        );
        assert_eq!(
            found,
            [
                "kubectl apply --dry-run=server -f manifest.yaml -n till",
                "kubectl apply -f manifest.yaml -n till",
                "kubectl rollout status deployment/shop -n till --timeout=120s",
                "kubectl get pods -n till -l app=shop,tier=front -o wide",
                "kubectl describe deployment/shop -n till",
                "kubectl logs deployment/shop -n till -c migrate",
                "kubectl logs deployment/shop -n till -c logs -f",
                "kubectl logs deployment/shop -n till -c proxy -f",
                "kubectl logs deployment/shop -n till -c web -f",
                "kubectl logs deployment/shop -n till --all-containers --prefix -f",
                "kubectl logs deployment/shop -n till -c proxy --previous",
                "kubectl exec -it deployment/shop -n till -c proxy -- sh",
                "kubectl debug -it \"$(kubectl get pods -n till -l app=shop,tier=front -o name | head -n 1)\" -n till --image=busybox:stable --target=proxy",
                "kubectl rollout restart deployment/shop -n till",
                "kubectl rollout undo deployment/shop -n till",
            ]
        );
    }

    #[test]
    fn the_default_container_is_the_one_that_the_annotation_names() {
        let found = lines(
            "kind: Pod\nmetadata: { name: p, annotations: { kubectl.kubernetes.io/default-container: web } }\nspec:\n  containers:\n    - { name: proxy }\n    - { name: web, ports: [{ containerPort: 80 }] }\n",
        );
        assert!(found.contains(&"kubectl exec -it pod/p -c web -- sh".to_owned()), "{found:#?}");
        assert!(found.contains(&"kubectl debug -it pod/p --image=busybox:stable --target=web".to_owned()));
        assert!(found.contains(&"kubectl port-forward pod/p :80".to_owned()));
        assert!(found.contains(&"kubectl wait --for=condition=Ready pod/p --timeout=120s".to_owned()));
    }

    #[test]
    fn other_kinds_get_what_works_for_them() {
        let job = lines(
            "apiVersion: batch/v1\nkind: Job\nmetadata: { generateName: load- }\nspec: { template: { spec: { containers: [{ name: a }] } } }\n",
        );
        assert!(job.contains(&"kubectl create -f manifest.yaml".to_owned()), "{job:#?}");
        assert!(job.contains(&"kubectl logs pod/NAME -f".to_owned()));
        let cron = lines(
            "apiVersion: batch/v1\nkind: CronJob\nmetadata: { name: night }\nspec: { jobTemplate: { spec: { template: { spec: { containers: [{ name: a }] } } } } }\n",
        );
        assert!(cron.contains(&"kubectl create job --from=cronjob/night night-try".to_owned()), "{cron:#?}");
        assert!(cron.contains(&"kubectl logs job/night-try -f".to_owned()));
        let rollout = lines(
            "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: { name: r }\nspec: { template: { metadata: { labels: { app: r } }, spec: { containers: [{ name: a }, { name: b }] } } }\n",
        );
        assert!(rollout.contains(&"kubectl describe rollout.v1alpha1.argoproj.io/r".to_owned()), "{rollout:#?}");
        assert!(
            rollout.contains(&"kubectl logs \"$(kubectl get pods -l app=r -o name | head -n 1)\" -c a -f".to_owned())
        );
        let compose = lines("services: { web: { image: a }, db: { image: b } }\n");
        assert!(compose.contains(&"docker compose logs -f web".to_owned()), "{compose:#?}");
        assert!(compose.contains(&"docker compose exec db sh".to_owned()));
    }

    #[test]
    fn names_of_a_manifest_are_words_and_nothing_else() {
        let evil = [
            "a; touch /tmp/x",
            "$(reboot)",
            "`id`",
            "it's",
            "-rf",
            "--all",
            "a\\nb",
            "日本",
            "\\u202e",
            "a b",
            "*",
            "!!",
            "~",
            "&&",
        ];
        for name in evil {
            let text = format!(
                "apiVersion: \"{name}/v1\"\nkind: \"{name}\"\nmetadata: {{ name: \"{name}\", namespace: \"{name}\" }}\nspec:\n  template:\n    metadata: {{ labels: {{ \"{name}\": \"{name}\" }} }}\n    spec:\n      containers:\n        - {{ name: \"{name}\", image: a }}\n        - {{ name: b, image: a }}\n"
            );
            for line in lines(&text) {
                // A shell in which kubectl only tells what it was given.
                let script = format!("kubectl() {{ for word; do printf '<%s>' \"$word\"; done; }}\n{line}");
                let output = std::process::Command::new("sh").args(["-uc", &script]).current_dir("/").output().unwrap();
                assert!(output.status.success() && output.stderr.is_empty(), "{line}: {output:?}");
                let words = String::from_utf8(output.stdout).unwrap();
                for word in words.split(['<', '>']).filter(|word| word.starts_with('-')) {
                    let known = ["-n", "-f", "-o", "-it", "-c", "-l", "--"];
                    assert!(known.contains(&word) || word.starts_with("--"), "{line}: {word}");
                    assert_ne!(word, "--all", "{line}");
                }
                assert!(line.is_ascii() && !line.contains('\n'), "{line}");
            }
        }
    }
}
