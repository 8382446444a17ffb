//! Compose services as one Pod. What Compose has and a Pod has not is listed, not dropped in silence.

mod healthcheck;
mod service;
mod volumes;
mod words;

use super::Note;
use crate::Analysis;
use crate::detect::{Role, Verdict};
use crate::edit::Yaml;
use crate::form::Form;
use crate::model::{Container, Dialect, VolumeKind, Workload};
use crate::source::{Document, Part, Value};
use volumes::Volumes;

/// A Pod made of services.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Converted {
    /// The manifest, empty when it is refused.
    pub text: String,
    /// What was done why.
    pub notes: Vec<Note>,
    /// What has no equivalent.
    pub losses: Vec<Note>,
    /// Why it is not made.
    pub refused: Vec<Note>,
}

/// The services of a project that belong together, as indices: tied by the network or the processes of another one, by
/// the volumes of another one, or by a named volume that they share. Services that are alone are groups of one.
#[must_use]
pub fn groups(workload: &Workload) -> Vec<Vec<usize>> {
    let services = &workload.pod.containers;
    let mut group: Vec<usize> = (0..services.len()).collect();
    let mut join = |one: usize, other: usize| {
        let (from, to) = (group.get(one).copied(), group.get(other).copied());
        if let (Some(from), Some(to)) = (from, to) {
            let (low, high) = (from.min(to), from.max(to));
            group.iter_mut().filter(|own| **own == high).for_each(|own| *own = low);
        }
    };
    for (index, service) in services.iter().enumerate() {
        for name in tied_to(service) {
            if let Some(other) = services.iter().position(|other| is_named(other, name)) {
                join(index, other);
            }
        }
    }
    for volume in workload.pod.volumes.iter().filter(|volume| volume.kind == VolumeKind::Named) {
        let users = workload.pod.users_of(&volume.name);
        if let Some(first) = users.first() {
            users.iter().for_each(|user| join(*first, *user));
        }
    }
    let mut found: Vec<Vec<usize>> = Vec::new();
    let mut heads: Vec<usize> = Vec::new();
    for (index, head) in group.iter().enumerate() {
        match heads.iter().position(|known| known == head) {
            Some(at) => found.get_mut(at).into_iter().for_each(|group| group.push(index)),
            None => {
                heads.push(*head);
                found.push(vec![index]);
            }
        }
    }
    found
}

/// The names of services whose network, processes or volumes a service uses.
fn tied_to(service: &Container) -> Vec<&str> {
    let Some(compose) = &service.compose else { return Vec::new() };
    let modes = [&compose.network_mode, &compose.pid].into_iter().flatten();
    let mut names: Vec<&str> = modes
        .filter_map(|mode| mode.value.strip_prefix("service:").or_else(|| mode.value.strip_prefix("container:")))
        .collect();
    names.extend(compose.volumes_from.iter().filter_map(|from| from.value.split(':').next()));
    names
}

fn is_named(service: &Container, name: &str) -> bool {
    service.display_name() == name
        || service.compose.as_ref().is_some_and(|compose| compose.container_name.as_deref() == Some(name))
}

/// Makes a Pod of the services with these indices: helpers in the wished form, what runs once as init containers.
#[must_use]
pub fn compose_to_pod(analysis: &Analysis, workload: usize, services: &[usize], form: Form) -> Converted {
    let mut converted = Converted::default();
    let (Some(project), Some(verdicts)) = (analysis.model.workloads.get(workload), analysis.verdicts.get(workload))
    else {
        return converted;
    };
    let Some(document) = analysis.source.documents.get(project.document as usize) else { return converted };
    let members: Vec<usize> = (0..project.pod.containers.len()).filter(|index| services.contains(index)).collect();
    if project.dialect != Dialect::Compose || members.is_empty() {
        converted.refused.push(Note { text: "These are no services of a Compose project.".to_owned(), place: None });
        return converted;
    }
    let group = Group { project, verdicts, document, members };
    group.refuse(&mut converted);
    if converted.refused.is_empty() {
        converted.text = group.pod(form, &mut converted).document();
    }
    converted
}

/// The services that become one Pod.
pub(super) struct Group<'a> {
    project: &'a Workload,
    verdicts: &'a [Verdict],
    document: &'a Document,
    members: Vec<usize>,
}

impl<'a> Group<'a> {
    fn services(&self) -> impl Iterator<Item = (usize, &'a Container)> + '_ {
        self.members.iter().filter_map(|index| Some((*index, self.project.pod.containers.get(*index)?)))
    }

    fn value(&self, service: &Container) -> Value<'a> {
        self.document.value(service.node)
    }

    fn note(&self, text: impl Into<String>, value: Value<'_>) -> Note {
        Note { text: text.into(), place: Some(self.project.place(value.id(), Part::Key)) }
    }

    fn role(&self, index: usize) -> Role {
        self.verdicts.get(index).map_or(Role::App, |verdict| verdict.role)
    }

    /// A Pod has one network: two services cannot listen on the same port in it. And names are less free than in Compose.
    fn refuse(&self, converted: &mut Converted) {
        let mut labels: Vec<(String, &str)> = Vec::new();
        for (_, service) in self.services() {
            let (name, label) = (service.display_name(), words::dns_label(service.display_name()));
            if let Some((_, other)) = labels.iter().find(|(known, _)| *known == label) {
                let text = format!("{other} and {name} would both be named {label}. Rename one of them.");
                converted.refused.push(self.note(text, self.value(service)));
            }
            labels.push((label, name));
        }
        let mut taken: Vec<(i64, String, &str)> = Vec::new();
        for (_, service) in self.services() {
            let name = service.display_name();
            for (port, protocol, node) in self.listening(service) {
                let same = |known: &&(i64, String, &str)| known.0 == port && known.1 == protocol && known.2 != name;
                if let Some((number, _, other)) = taken.iter().find(same) {
                    converted.refused.push(Note {
                        text: format!("{name} and {other} both listen on port {number}, and a Pod has one network."),
                        place: Some(self.project.place(node, Part::Value)),
                    });
                }
                taken.push((port, protocol, name));
            }
        }
    }

    /// Indices of the services that run once before, of the helpers, and of all others.
    fn parts(&self) -> (Vec<usize>, Vec<usize>, Vec<usize>) {
        let of =
            |role: Role| self.members.iter().copied().filter(|index| self.role(*index) == role).collect::<Vec<_>>();
        let mut init = of(Role::Init);
        let mut helpers = of(Role::Sidecar);
        let mut apps: Vec<usize> =
            self.members.iter().copied().filter(|index| !init.contains(index) && !helpers.contains(index)).collect();
        if apps.is_empty() && !helpers.is_empty() {
            apps.push(helpers.remove(0));
        }
        // Where everything runs once, the last one is what the Pod is for.
        if apps.is_empty() {
            apps.extend(init.pop());
        }
        (init, self.in_order(helpers), apps)
    }

    /// Whoever another one depends on comes first.
    fn in_order(&self, mut left: Vec<usize>) -> Vec<usize> {
        let mut sorted = Vec::new();
        while !left.is_empty() {
            let is_free = |index: &usize| {
                let names = self.project.pod.containers.get(*index).and_then(|service| service.compose.as_ref());
                let names = names.map(|compose| compose.depends_on.as_slice()).unwrap_or_default();
                !names.iter().any(|(name, _)| {
                    left.iter().any(|other| {
                        other != index
                            && self.project.pod.containers.get(*other).is_some_and(|other| is_named(other, &name.value))
                    })
                })
            };
            // Of services that wait for each other the first one goes first.
            let at = left.iter().position(is_free).unwrap_or_default();
            sorted.push(left.remove(at));
        }
        sorted
    }

    fn pod(&self, form: Form, converted: &mut Converted) -> Yaml {
        let (init, helpers, apps) = self.parts();
        let mut volumes = Volumes::default();
        let mut make = |index: usize, is_native: bool, converted: &mut Converted| {
            let service = self.project.pod.containers.get(index)?;
            Some(self.container(service, is_native, &mut volumes, converted))
        };
        let mut first = Vec::new();
        let mut regular = Vec::new();
        let is_native = form == Form::Native;
        // Native helpers come behind what runs once, unless that depends on one of them.
        let needed = |helper: usize| init.iter().any(|one| self.depends(*one, helper));
        let (early, late): (Vec<usize>, Vec<usize>) = helpers.iter().partition(|helper| is_native && needed(**helper));
        for index in early {
            first.extend(make(index, true, converted));
        }
        for index in &init {
            first.extend(make(*index, false, converted));
        }
        for index in &apps {
            regular.extend(make(*index, false, converted));
        }
        for index in late {
            if is_native {
                first.extend(make(index, true, converted));
            } else {
                regular.extend(make(index, false, converted));
            }
        }
        self.order_losses(form, &helpers, &apps, converted);
        let mut spec = Yaml::Map(Vec::new());
        self.pod_fields(&apps, &mut spec, converted);
        if !first.is_empty() {
            spec.set("initContainers", Yaml::List(first));
        }
        spec.set("containers", Yaml::List(regular));
        volumes.finish(&mut spec);
        let name = apps.first().and_then(|index| self.project.pod.containers.get(*index));
        let name = words::dns_label(name.map_or("pod", Container::display_name));
        Yaml::from([
            ("apiVersion", Yaml::from("v1")),
            ("kind", Yaml::from("Pod")),
            (
                "metadata",
                Yaml::from([
                    ("name", Yaml::from(name.as_str())),
                    ("labels", Yaml::from([("app", Yaml::from(name.as_str()))])),
                ]),
            ),
            ("spec", spec),
        ])
    }

    fn depends(&self, index: usize, other: usize) -> bool {
        let services = &self.project.pod.containers;
        let (Some(service), Some(other)) = (services.get(index), services.get(other)) else { return false };
        let names = service.compose.as_ref().map(|compose| compose.depends_on.as_slice()).unwrap_or_default();
        names.iter().any(|(name, _)| is_named(other, &name.value))
    }

    /// `depends_on` that the Pod does not keep.
    fn order_losses(&self, form: Form, helpers: &[usize], apps: &[usize], converted: &mut Converted) {
        for (index, service) in self.services() {
            let names = service.compose.as_ref().map(|compose| compose.depends_on.as_slice()).unwrap_or_default();
            for (name, _) in names {
                let Some((other, _)) = self.services().find(|(_, other)| is_named(other, &name.value)) else {
                    converted.losses.push(self.note(
                        format!(
                            "{} does not wait for {}: that is not in this Pod.",
                            service.display_name(),
                            name.value
                        ),
                        self.document.value(name.node),
                    ));
                    continue;
                };
                let both_run = !self.is_init(index) && !self.is_init(other);
                let is_kept = form == Form::Native && helpers.contains(&other) && !helpers.contains(&index);
                let among_native = form == Form::Native && helpers.contains(&other) && helpers.contains(&index);
                if both_run && !is_kept && !among_native {
                    let start = if apps.contains(&other) && helpers.contains(&index) && form == Form::Native {
                        format!("{} starts before {}, not after it.", service.display_name(), name.value)
                    } else {
                        format!("{} and {} start together.", service.display_name(), name.value)
                    };
                    converted.losses.push(self.note(start, self.document.value(name.node)));
                }
            }
        }
    }

    fn is_init(&self, index: usize) -> bool {
        self.role(index) == Role::Init
    }
}

#[cfg(test)]
mod tests {
    use super::{Converted, compose_to_pod, groups};
    use crate::form::Form;
    use crate::{Options, analyze};

    fn converted(text: &str, form: Form) -> Converted {
        let analysis = analyze(text, &Options::default());
        let all: Vec<usize> = (0..analysis.model.workloads[0].pod.containers.len()).collect();
        let converted = compose_to_pod(&analysis, 0, &all, form);
        let again = analyze(&converted.text, &Options::default());
        assert!(again.problems().next().is_none(), "{}", converted.text);
        converted
    }

    const VPN: &str = "
services:
  app:
    image: example.com/downloader:2
    network_mode: service:vpn
    command: run --dir \"/my data\" $$HOME
    environment: [A=1, B]
    volumes: [logs:/var/log, ./conf.yaml:/etc/app/conf.yaml:ro, data:/data]
    depends_on:
      vpn: { condition: service_healthy }
    networks: [back]
    restart: unless-stopped
    user: \"1000:1000\"
    stop_grace_period: 1m30s
    deploy: { resources: { limits: { cpus: '0.5', memory: 256M } } }
  vpn:
    image: qmcgaw/gluetun:v3
    cap_add: [NET_ADMIN]
    ports: ['8080:80']
    healthcheck: { test: [CMD, /ready], interval: 5s, retries: 2, start_period: 20s }
    volumes: [logs:/logs]
    ulimits: { nofile: 10 }
volumes: { logs: {}, data: {} }
";

    #[test]
    fn a_vpn_and_its_app_become_a_pod() {
        let native = converted(VPN, Form::Native);
        let wanted = "apiVersion: v1
kind: Pod
metadata:
  name: app
  labels:
    app: app
spec:
  terminationGracePeriodSeconds: 90
  hostAliases:
    - ip: 127.0.0.1
      hostnames:
        - app
        - vpn
  initContainers:
    - name: vpn
      image: qmcgaw/gluetun:v3
      restartPolicy: Always
      ports:
        - containerPort: 80
      startupProbe:
        exec:
          command:
            - /ready
        periodSeconds: 5
        failureThreshold: 6
      readinessProbe:
        exec:
          command:
            - /ready
        periodSeconds: 5
        failureThreshold: 2
      securityContext:
        capabilities:
          add:
            - NET_ADMIN
      volumeMounts:
        - name: logs
          mountPath: /logs
  containers:
    - name: app
      image: example.com/downloader:2
      args:
        - run
        - --dir
        - /my data
        - $HOME
      env:
        - name: A
          value: \"1\"
      resources:
        limits:
          cpu: \"0.5\"
          memory: 256Mi
      securityContext:
        runAsUser: 1000
        runAsGroup: 1000
      volumeMounts:
        - name: logs
          mountPath: /var/log
        - name: conf-yaml
          mountPath: /etc/app/conf.yaml
          subPath: conf.yaml
          readOnly: true
        - name: data
          mountPath: /data
  volumes:
    - name: logs
      emptyDir: {}
    - name: conf-yaml
      configMap:
        name: conf-yaml
    - name: data
      persistentVolumeClaim:
        claimName: data
";
        assert_eq!(native.text, wanted);
        let losses: Vec<&str> = native.losses.iter().map(|loss| loss.text.as_str()).collect();
        for part in ["B of app", "networks of app", "ulimits of vpn"] {
            assert!(losses.iter().any(|loss| loss.contains(part)), "{part}: {losses:?}");
        }
        let traditional = converted(VPN, Form::Traditional);
        assert!(!traditional.text.contains("initContainers"), "{}", traditional.text);
        assert!(traditional.losses.iter().any(|loss| loss.text.contains("app and vpn start together")));
    }

    #[test]
    fn services_that_belong_together_are_grouped() {
        let text = "
services:
  a: { image: x/a, network_mode: 'service:b' }
  b: { image: x/b }
  c: { image: x/c, volumes: ['logs:/l'] }
  d: { image: fluent/fluent-bit, volumes: ['logs:/l'] }
  e: { image: x/e, volumes_from: [b] }
  f: { image: x/f }
volumes: { logs: {} }
";
        let analysis = analyze(text, &Options::default());
        let found = groups(&analysis.model.workloads[0]);
        assert_eq!(found, [vec![0, 1, 4], vec![2, 3], vec![5]]);
    }

    #[test]
    fn what_runs_once_comes_first_or_is_the_pod() {
        let text = "services:\n  migrate: { image: x/m, restart: 'no' }\n  app: { image: x/a, depends_on: { migrate: { condition: service_completed_successfully } } }\n";
        let both = converted(text, Form::Native).text;
        assert!(
            both.contains("  initContainers:\n    - name: migrate\n      image: x/m\n  containers:\n    - name: app\n"),
            "{both}"
        );
        let analysis = analyze(text, &Options::default());
        let alone = compose_to_pod(&analysis, 0, &[0], Form::Native).text;
        assert!(alone.contains("  restartPolicy: Never\n  containers:\n    - name: migrate\n"), "{alone}");
    }

    #[test]
    fn two_services_on_one_port_are_refused() {
        let text = "services:\n  a: { image: x, expose: ['80'] }\n  b: { image: y, ports: ['8080:80'] }\n";
        let found = converted(text, Form::Native);
        assert!(found.text.is_empty() && found.refused[0].text.contains("port 80"));
        let found = converted("services:\n  a_b: { image: x }\n  a-b: { image: y }\n", Form::Native);
        assert!(found.refused[0].text.contains("would both be named a-b"));
    }
}
