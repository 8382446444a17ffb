//! Whom a container is told to connect to outside of itself: addresses in its command line, its environment and the
//! ConfigMaps that it mounts. What a program decides by itself cannot be seen here.

mod address;
mod concern;

pub use concern::Concern;

use super::around::{is_near, routes_to, selects};
use crate::model::{Container, Dialect, Model, Object, Relates, VolumeKind, Workload};
use crate::source::{Part, Place, Source};
use address::{Address, addresses, env_address};

/// Most bytes of mounted configuration that are searched for one container.
const MAX_CONFIG: usize = 64 * 1024;

/// Most calls of one workload that are kept.
const MAX_CALLS: usize = 200;

/// A container that is told to connect to an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Index of the container.
    pub container: usize,
    /// The host as it is written: a name or an IP address; for a managed database its instance.
    pub host: String,
    /// The port, when it is given.
    pub port: Option<u32>,
    /// What it is about, as far as names tell.
    pub concern: Option<Concern>,
    /// Who answers there.
    pub to: Callee,
    /// Where the address stands.
    pub place: Place,
}

/// Who answers at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callee {
    /// Nobody in this text.
    Outside,
    /// A Service, by its index among the objects.
    Service(usize),
    /// Another service of the Compose project, by its index among the containers.
    Container(usize),
}

impl Call {
    /// Host and port: `orders:8080`.
    #[must_use]
    pub fn address(&self) -> String {
        match self.port {
            Some(port) => format!("{}:{port}", self.host),
            None => self.host.clone(),
        }
    }
}

/// All calls of a workload, each container and address once, in the order of its containers.
#[must_use]
pub fn calls(workload: &Workload, model: &Model, source: &Source) -> Vec<Call> {
    let mut calls: Vec<Call> = Vec::new();
    for (index, container) in workload.pod.containers.iter().enumerate() {
        let known = |host: &str| callee(workload, model, index, host);
        let is_known = |host: &str| known(host).is_some_and(|to| to != Callee::Outside);
        let mut add = |address: Address, place: Place| {
            let Some(to) = known(&address.host).filter(|_| calls.len() < MAX_CALLS) else { return };
            let call =
                Call { container: index, host: address.host, port: address.port, concern: address.concern, to, place };
            let is_same = |other: &&mut Call| (other.container, &other.host) == (index, &call.host);
            match calls.iter_mut().filter(is_same).find(|other| other.port == call.port || call.port.is_none()) {
                Some(other) => other.concern = other.concern.or(call.concern),
                None => calls.push(call),
            }
        };
        let own = |node| Place { document: workload.document, node, part: Part::Value };
        // A flag and its value can be two words, so all words are one text.
        let mut key = String::new();
        for word in container.words() {
            for address in addresses(&word.value, &mut key, &is_known) {
                add(address, own(word.node));
            }
        }
        for variable in &container.env {
            for address in env_address(container, variable, &is_known) {
                add(address, own(variable.node));
            }
        }
        for (text, place) in configuration(workload, container, model, source) {
            for address in addresses(&text, &mut String::new(), &is_known) {
                add(address, place);
            }
        }
    }
    calls
}

/// Who answers at a host; nothing when that is the workload itself.
fn callee(workload: &Workload, model: &Model, own: usize, host: &str) -> Option<Callee> {
    if workload.dialect == Dialect::Compose {
        let answers = |container: &Container| {
            let alias = container.compose.as_ref().and_then(|part| part.container_name.as_deref());
            container.display_name() == host || alias == Some(host)
        };
        return match workload.pod.containers.iter().position(answers) {
            Some(index) if index == own => None,
            Some(index) => Some(Callee::Container(index)),
            None => Some(Callee::Outside),
        };
    }
    let found = model.relating().find(|(_, object)| answers_at(workload, object, host));
    let Some((index, object)) = found else { return Some(Callee::Outside) };
    let Relates::Service { selector, .. } = &object.relates else { return Some(Callee::Outside) };
    let is_itself = is_near(workload, object) && selects(selector, &workload.pod.labels);
    (!is_itself).then_some(Callee::Service(index))
}

/// Whether a Service has this host name for the Pods of a workload: `orders` in its own namespace, `orders.shop` and
/// `orders.shop.svc.cluster.local` in any.
fn answers_at(workload: &Workload, object: &Object, host: &str) -> bool {
    if !matches!(object.relates, Relates::Service { .. }) || !routes_to(host, object) {
        return false;
    }
    let name = object.name.as_deref().unwrap_or_default();
    let rest = host.strip_prefix(name).unwrap_or_default().trim_start_matches('.');
    let mut parts = rest.split('.');
    match (parts.next().filter(|part| !part.is_empty()), parts.next()) {
        (None, _) => is_near(workload, object),
        (Some(namespace), None | Some("svc")) => object.namespace.as_deref().is_none_or(|own| own == namespace),
        // A name with another domain is outside, whatever it begins with.
        (Some(_), Some(_)) => false,
    }
}

/// The texts of the ConfigMaps that a container mounts, each with its place.
fn configuration(workload: &Workload, container: &Container, model: &Model, source: &Source) -> Vec<(String, Place)> {
    let mounted = |name: &str| {
        container.mounts.iter().filter_map(|mount| workload.pod.volume(&mount.volume)).any(|volume| {
            let reference = volume.reference.as_ref().map(|reference| reference.value.as_str());
            volume.kind == VolumeKind::ConfigMap && reference == Some(name)
        })
    };
    let mut left = MAX_CONFIG;
    let mut texts = Vec::new();
    for (_, object) in model.relating().filter(|(_, object)| object.kind.as_deref() == Some("ConfigMap")) {
        if !object.name.as_deref().is_some_and(mounted) || !is_near(workload, object) {
            continue;
        }
        let document = source.documents.get(object.document as usize);
        let data = document.and_then(|document| document.value(object.node).get("data"));
        for entry in data.map(|data| data.entries()).unwrap_or_default() {
            let text = entry.value.text().filter(|text| text.len() <= left);
            if let Some(text) = text {
                left -= text.len();
                texts.push((text.to_owned(), entry.value.place(object.document)));
            }
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::{Callee, calls};
    use crate::{Options, analyze};

    /// `container -> address, what about, by whom it is answered` for each call of the first workload.
    fn found(text: &str) -> Vec<String> {
        let analysis = analyze(text, &Options::default());
        let workload = &analysis.model.workloads[0];
        let line = |call: super::Call| {
            let name = |index: usize| workload.pod.containers[index].display_name().to_owned();
            let to = match call.to {
                Callee::Outside => "outside".to_owned(),
                Callee::Service(object) => analysis.model.objects[object].title(),
                Callee::Container(index) => name(index),
            };
            let concern = call.concern.map_or("", |concern| concern.label());
            format!("{} -> {} ({concern}) {to}", name(call.container), call.address())
        };
        calls(workload, &analysis.model, &analysis.source).into_iter().map(line).collect()
    }

    fn pod(container: &str) -> String {
        format!("kind: Pod\nmetadata: {{ labels: {{ app: web }} }}\nspec: {{ containers: [{container}] }}\n")
    }

    #[test]
    fn addresses_are_found_in_arguments_environment_and_mounted_configuration() {
        assert_eq!(
            found(&pod(
                "{ name: a, args: ['--repo=https://user:pass@git.example.com/docs', -o, es, --server, 'logs.example.com:24224'] }"
            )),
            ["a -> git.example.com () outside", "a -> logs.example.com:24224 (logging) outside"]
        );
        assert_eq!(
            found(&pod(
                "{ name: a, env: [{ name: DB_HOST, value: db }, { name: DB_PORT, value: '5432' }, { name: CACHE, value: 'redis://cache:6379/0' }] }"
            )),
            ["a -> db:5432 (database) outside", "a -> cache:6379 (cache) outside"]
        );
        let text = "kind: Pod
spec:
  containers: [{ name: envoy, volumeMounts: [{ name: c, mountPath: /etc/envoy }] }]
  volumes: [{ name: c, configMap: { name: envoy } }]
---
kind: ConfigMap
metadata: { name: envoy }
data:
  envoy.yaml: |
    # see https://www.envoyproxy.io/docs
    socket_address: { address: 0.0.0.0, port_value: 10000 }
    endpoint:
      address:
        socket_address: { address: api.example.com, port_value: 443 }
  fluent-bit.conf: |
    [OUTPUT]
        Host  elasticsearch
        Port  9200
";
        assert_eq!(
            found(text),
            ["envoy -> api.example.com:443 () outside", "envoy -> elasticsearch:9200 (logging) outside"]
        );
    }

    #[test]
    fn services_of_the_text_answer_under_their_names() {
        let services = "---\nkind: Service\nmetadata: { name: orders, namespace: shop }\nspec: { selector: { app: orders }, ports: [{ port: 8080 }] }\n---\nkind: Service\nmetadata: { name: web }\nspec: { selector: { app: web } }\n";
        let text =
            |value: &str| pod(&format!("{{ name: a, env: [{{ name: ORDERS_URL, value: '{value}' }}] }}")) + services;
        assert_eq!(found(&text("http://orders.shop.svc:8080")), ["a -> orders.shop.svc:8080 () Service/orders"]);
        assert_eq!(found(&text("http://orders.example.com")), ["a -> orders.example.com () outside"]);
        // Its own Service leads to itself.
        assert!(found(&text("http://web/")).is_empty());
    }

    #[test]
    fn services_of_a_compose_project_call_each_other() {
        let text = "services:\n  web: { image: web, environment: { REDIS_URL: 'redis://cache:6379' } }\n  cache: { image: redis }\n";
        assert_eq!(found(text), ["web -> cache:6379 (cache) cache"]);
    }

    #[test]
    fn what_is_no_call_is_left_out() {
        for container in [
            "{ name: a, args: ['--listen=web.example.com:80', '--http-address=0.0.0.0:4180', '--upstream=http://127.0.0.1:80'] }",
            "{ name: a, env: [{ name: ROOT_URL, value: 'https://shop.example.com' }, { name: HOSTNAME, value: web }] }",
            "{ name: a, args: [--config, app.yaml, 'redis:7', '/etc/x.conf:1', 'user:1000', '${HOST}:80', '1.2.3'] }",
            "{ name: a, args: ['date >> /var/log/app.log; sleep 1:30'] }",
        ] {
            assert!(found(&pod(container)).is_empty(), "{container}: {:?}", found(&pod(container)));
        }
    }

    #[test]
    fn a_managed_database_is_named_by_its_instance() {
        assert_eq!(
            found(&pod("{ name: p, image: cloud-sql-proxy, args: [--port=5432, 'shop:europe-west1:orders'] }")),
            ["p -> shop:europe-west1:orders (database) outside"]
        );
    }
}
