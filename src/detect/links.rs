//! Who talks to whom inside a Pod: over localhost, through a Unix socket in a shared volume.

use crate::model::{Container, Mount, Workload};
use crate::source::NodeId;

/// One container that connects to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Index of the container that connects.
    pub from: usize,
    /// Index of the container that listens.
    pub to: usize,
    /// Over what: `localhost:5432`, `csi.sock`.
    pub over: String,
    /// What for, when the word in front of the address says it.
    pub purpose: Purpose,
    /// Where the address stands in the one that connects.
    pub node: NodeId,
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// It hands requests on: `--upstream=…`.
    Proxies,
    /// It makes the other one reload: `…/-/reload`.
    Reloads,
    /// Anything else.
    Calls,
}

/// All connections inside a Pod that the manifest shows, each pair and address once.
#[must_use]
pub fn links(workload: &Workload) -> Vec<Link> {
    let containers = &workload.pod.containers;
    let listening: Vec<Vec<u32>> = containers.iter().map(listening_ports).collect();
    let mut links: Vec<Link> = Vec::new();
    for (from, container) in containers.iter().enumerate() {
        for (text, node) in texts(container) {
            for address in addresses(text).filter(|address| !address.is_listening) {
                let own = listening.get(from).is_some_and(|ports| ports.contains(&address.port));
                let to = listening
                    .iter()
                    .position(|ports| ports.contains(&address.port))
                    .or_else(|| other_of_two(workload, from));
                if let Some(to) = to.filter(|to| *to != from && !own) {
                    push(
                        &mut links,
                        Link { from, to, over: format!("localhost:{}", address.port), purpose: address.purpose, node },
                    );
                }
            }
        }
        if let Some((port, node)) = split_address(container)
            && let Some(to) = listening.iter().position(|ports| ports.contains(&port)).filter(|to| *to != from)
        {
            push(&mut links, Link { from, to, over: format!("localhost:{port}"), purpose: Purpose::Calls, node });
        }
    }
    sockets(workload, &mut links);
    links
}

fn push(links: &mut Vec<Link>, link: Link) {
    if !links.iter().any(|known| (known.from, known.to, &known.over) == (link.from, link.to, &link.over)) {
        links.push(link);
    }
}

/// In a Pod of two, an address that nobody declares is the other one's.
fn other_of_two(workload: &Workload, own: usize) -> Option<usize> {
    let running = workload.pod.containers.iter().enumerate().filter(|(_, container)| {
        container.field.is_regular()
            || container.is_native_sidecar()
            || container.field == crate::model::ContainerField::Sidecars
    });
    let others: Vec<usize> = running.map(|(index, _)| index).filter(|index| *index != own).collect();
    match others.as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}

/// The texts of a container that can name an address: command line and environment.
fn texts(container: &Container) -> impl Iterator<Item = (&str, NodeId)> {
    let words = container.words().map(|word| (word.value.as_str(), word.node));
    let env = container.env.iter().filter_map(|variable| Some((variable.value.as_deref()?, variable.node)));
    words.chain(env)
}

struct Address {
    port: u32,
    /// Whether the words in front of it say that the container itself listens there.
    is_listening: bool,
    purpose: Purpose,
}

const HOSTS: &[&str] = &["127.0.0.1:", "localhost:", "[::1]:"];

/// The localhost addresses in a text.
fn addresses(text: &str) -> impl Iterator<Item = Address> {
    // Looking for three texts takes long, and most words have no such sign.
    let hosts = if text.contains(':') { HOSTS } else { &[] };
    let found =
        hosts.iter().flat_map(move |host| text.match_indices(host).map(move |(at, host)| (at, at + host.len())));
    found.filter_map(move |(at, end)| {
        let port = leading_number(text.get(end..)?)?;
        let before = text.get(..at).unwrap_or_default();
        // The flag or variable in front: in a script the last word.
        let word = before.rsplit([' ', '\n', ';', '|']).next().unwrap_or_default().to_ascii_lowercase();
        let says = |words: &[&str]| words.iter().any(|part| word.contains(part));
        let after = text.get(end..).unwrap_or_default();
        let purpose = if after.split([' ', '\n']).next().unwrap_or_default().contains("/reload") {
            Purpose::Reloads
        } else if says(&["upstream", "backend", "target", "forward", "proxy-pass", "proxy_pass", "app-url"]) {
            Purpose::Proxies
        } else {
            Purpose::Calls
        };
        Some(Address { port, is_listening: says(&["listen", "bind", "http-address", "serve", "--host=tcp"]), purpose })
    })
}

/// The number at the start of a text, as far as it can be a port.
fn leading_number(text: &str) -> Option<u32> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    text.get(..digits)?.parse().ok().filter(|port| (1..=65535).contains(port))
}

/// Ports that a container declares, or that flags say it listens on.
fn listening_ports(container: &Container) -> Vec<u32> {
    let mut ports: Vec<u32> = container.ports.iter().filter_map(|port| u32::try_from(port.port).ok()).collect();
    for word in container.words() {
        ports.extend(addresses(&word.value).filter(|address| address.is_listening).map(|address| address.port));
        if let Some((flag, value)) = word.value.split_once('=') {
            let flag = flag.to_ascii_lowercase();
            let is_listening = flag.ends_with("port")
                || flag.contains("listen")
                || flag.contains("bind")
                || flag.contains("http-address");
            let value = value.rsplit(':').next().unwrap_or_default();
            if is_listening && let Some(port) = value.parse().ok().filter(|port| (1..=65535).contains(port)) {
                ports.push(port);
            }
            // The Cloud SQL proxy's older form: -instances=project:region:name=tcp:5432.
            ports.extend(
                word.value
                    .match_indices("=tcp:")
                    .filter_map(|(at, text)| leading_number(word.value.get(at + text.len()..)?)),
            );
        }
    }
    ports
}

/// `DB_HOST=127.0.0.1` and `DB_PORT=5432`.
fn split_address(container: &Container) -> Option<(u32, NodeId)> {
    container.env.iter().find_map(|variable| {
        let prefix = variable.name.strip_suffix("HOST").or_else(|| variable.name.strip_suffix("HOSTNAME"))?;
        if !matches!(variable.value.as_deref(), Some("127.0.0.1" | "localhost" | "::1")) {
            return None;
        }
        let port = container.env_value(&format!("{prefix}PORT"))?.parse().ok()?;
        Some((port, variable.node))
    })
}

/// A Unix socket that a container names, in a volume that it shares.
struct Socket<'w> {
    container: usize,
    volume: &'w str,
    /// Its path in the volume.
    path: String,
    is_listening: bool,
    node: NodeId,
}

fn sockets(workload: &Workload, links: &mut Vec<Link>) {
    let mut sockets: Vec<Socket<'_>> = Vec::new();
    for (index, container) in workload.pod.containers.iter().enumerate() {
        for (text, node) in texts(container) {
            sockets.extend(socket_in(container, index, text, node));
        }
    }
    for client in sockets.iter().filter(|socket| !socket.is_listening) {
        let server = sockets.iter().find(|other| {
            other.is_listening
                && other.container != client.container
                && other.volume == client.volume
                && other.path == client.path
        });
        if let Some(server) = server {
            let over = client.path.rsplit('/').next().unwrap_or_default().to_owned();
            push(
                links,
                Link { from: client.container, to: server.container, over, purpose: Purpose::Calls, node: client.node },
            );
        }
    }
}

fn socket_in<'w>(container: &'w Container, index: usize, text: &str, node: NodeId) -> Option<Socket<'w>> {
    let end = text.find('.').and_then(|_| text.find(".sock"))? + ".sock".len();
    let head = text.get(..end)?;
    let start =
        head.rfind("unix:").map(|at| at + "unix:".len()).or_else(|| head.rfind(['=', ' ', '"']).map(|at| at + 1));
    let start = start.unwrap_or_default();
    let path = head.get(start..)?.trim_start_matches("//");
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    let mount: &Mount = container
        .mounts
        .iter()
        .filter(|mount| path.strip_prefix(mount.path.trim_end_matches('/')).is_some_and(|rest| rest.starts_with('/')))
        .max_by_key(|mount| mount.path.len())?;
    let word = text.get(..start).unwrap_or_default().to_ascii_lowercase();
    let is_listening = ["listen", "bind", "endpoint", "server"].iter().any(|part| word.contains(part));
    let path = path.strip_prefix(mount.path.trim_end_matches('/')).unwrap_or(&path).to_owned();
    Some(Socket { container: index, volume: &mount.volume, path, is_listening, node })
}

#[cfg(test)]
mod tests {
    use super::{Purpose, links};
    use crate::{Options, analyze};

    fn found(containers: &str) -> Vec<(String, String, Purpose)> {
        let text = format!("kind: Pod\nspec:\n  containers:\n{containers}");
        let analysis = analyze(&text, &Options::default());
        let workload = &analysis.model.workloads[0];
        let name = |index: usize| workload.pod.containers[index].display_name().to_owned();
        links(workload)
            .into_iter()
            .map(|link| (format!("{}->{}", name(link.from), name(link.to)), link.over, link.purpose))
            .collect()
    }

    #[test]
    fn a_proxy_is_linked_to_the_app_behind_it_and_not_to_itself() {
        let text = "    - { name: app, args: [--listen=127.0.0.1:8080] }\n    - { name: proxy, args: ['--upstream=http://127.0.0.1:8080/', '--http-address=127.0.0.1:4180'] }\n    - { name: other }\n";
        assert_eq!(found(text), [("proxy->app".into(), "localhost:8080".into(), Purpose::Proxies)]);
    }

    #[test]
    fn an_app_is_linked_to_the_database_proxy_beside_it() {
        let text = "    - { name: app, env: [{ name: DB_HOST, value: 127.0.0.1 }, { name: DB_PORT, value: '5432' }] }\n    - { name: sql, args: ['-instances=a:b:c=tcp:5432'] }\n    - { name: third }\n";
        assert_eq!(found(text), [("app->sql".into(), "localhost:5432".into(), Purpose::Calls)]);
    }

    #[test]
    fn a_reloader_reloads() {
        let text = "    - { name: prometheus, ports: [{ containerPort: 9090 }] }\n    - { name: reloader, args: ['--reload-url=http://localhost:9090/-/reload'] }\n";
        assert_eq!(found(text), [("reloader->prometheus".into(), "localhost:9090".into(), Purpose::Reloads)]);
    }

    #[test]
    fn sockets_in_a_shared_volume_are_links() {
        let text = "    - { name: driver, args: ['--endpoint=unix:///csi/csi.sock'], volumeMounts: [{ name: s, mountPath: /csi }] }\n    - { name: registrar, args: ['--csi-address=/run/csi/csi.sock'], volumeMounts: [{ name: s, mountPath: /run/csi }] }\n";
        assert_eq!(found(text), [("registrar->driver".into(), "csi.sock".into(), Purpose::Calls)]);
    }

    #[test]
    fn a_container_that_probes_itself_is_no_link() {
        assert!(
            found(
                "    - { name: a, ports: [{ containerPort: 80 }], args: ['curl localhost:80'] }\n    - { name: b }\n"
            )
            .is_empty()
        );
    }
}
