//! A helper in a Pod of its own, moved into the Pod of its app. Their shared claim becomes an `emptyDir` where that is
//! right; every other document stays as it is.

use super::{Rewrite, listed};
use crate::Analysis;
use crate::edit::{Edit, Editor, Yaml, apply};
use crate::model::{Container, ContainerField, Dialect, Relates, Volume, VolumeKind, Workload, lookup};
use crate::release::{Cluster, Feature};
use crate::source::{Document, Part, Place, Source, Span};

/// What the user chose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MergeChoices {
    /// Keeps the claim, for data that must outlive the Pod.
    pub keeps_claim: bool,
    /// Makes the helper a regular container even where native sidecars are known.
    pub traditional: bool,
    /// Makes the change although it takes something away.
    pub despite: bool,
}

/// Moves the only container of workload `helper` into the Pod of workload `app`.
#[must_use]
pub fn merge_split(
    analysis: &Analysis,
    helper: usize,
    app: usize,
    cluster: &Cluster,
    choices: &MergeChoices,
) -> Rewrite {
    let mut rewrite = Rewrite::new("Move the helper into the Pod of its app".to_owned());
    let workloads = &analysis.model.workloads;
    let (Some(helper), Some(app)) = (workloads.get(helper), workloads.get(app)) else { return rewrite };
    let [container] = helper.pod.containers.as_slice() else {
        let place = Some(helper.place(helper.pod.node, Part::Key));
        rewrite.refuse(format!("{} has more than one container.", helper.title()), place);
        return rewrite;
    };
    rewrite.title = format!("Move {} into the Pod of {}", container.display_name(), app.title());
    let merge = Merge { analysis, helper, app, container, is_native: is_native(cluster, choices), choices };
    merge.refuse(&mut rewrite);
    if rewrite.refused.is_empty() {
        merge.carry_out(&mut rewrite);
    }
    rewrite
}

fn is_native(cluster: &Cluster, choices: &MergeChoices) -> bool {
    cluster.has(Feature::SidecarContainers) && !choices.traditional
}

struct Merge<'a> {
    analysis: &'a Analysis,
    helper: &'a Workload,
    app: &'a Workload,
    container: &'a Container,
    is_native: bool,
    choices: &'a MergeChoices,
}

/// A volume of the helper and what becomes of it.
enum Fate<'a> {
    /// It is this volume of the app's Pod.
    Same(&'a Volume),
    /// It moves.
    Moves,
}

impl<'a> Merge<'a> {
    fn at(&self, node: crate::source::NodeId) -> Option<Place> {
        Some(self.helper.place(node, Part::Value))
    }

    fn document(&self, workload: &Workload) -> Option<&'a Document> {
        self.analysis.source.documents.get(workload.document as usize)
    }

    fn refuse(&self, rewrite: &mut Rewrite) {
        let (helper, app, name) = (self.helper, self.app, self.container.display_name());
        for workload in [helper, app] {
            super::obstacles::of_text(rewrite, self.analysis, workload);
            if workload.dialect == Dialect::Kubernetes && !workload.is_well_placed {
                rewrite.refuse(format!("What {} makes of its Pod is not known.", workload.title()), None);
            }
        }
        for workload in [helper, app] {
            let root = self.document(workload).and_then(Document::root).map(|root| root.id());
            if root != self.analysis.model.objects.get(workload.object).map(|object| object.node) {
                rewrite.refuse(format!("{} shares its document with other objects.", workload.title()), None);
            }
        }
        if helper.document == app.document {
            rewrite.refuse("Both stand in the same document.", None);
        }
        if helper.namespace != app.namespace {
            rewrite.refuse("The two are in different namespaces.", None);
        }
        if app.pod.containers.iter().any(|other| other.display_name() == name) {
            rewrite
                .refuse(format!("{} has a container named {name} already.", app.title()), self.at(self.container.node));
        }
        if (helper.pod.host_network, helper.pod.host_pid) != (app.pod.host_network, app.pod.host_pid) {
            rewrite.refuse("Only one of the two uses the network or the processes of the node.", None);
        }
        for port in &self.container.ports {
            let same = |other: &Container| {
                other.ports.iter().any(|own| own.port == port.port && own.protocol == port.protocol)
            };
            if let Some(other) = app.pod.containers.iter().find(|other| same(other)) {
                rewrite.refuse(
                    format!(
                        "{name} and {} both use port {}, and a Pod has one network.",
                        other.display_name(),
                        port.port
                    ),
                    self.at(port.node),
                );
            }
        }
        for object in &self.analysis.model.objects {
            let Relates::Service { selector, .. } = &object.relates else { continue };
            let fits = |(key, value): &(String, String)| lookup(&helper.pod.labels, key) == Some(value.as_str());
            let selects = !selector.is_empty() && object.namespace == helper.namespace && selector.iter().all(fits);
            if selects {
                rewrite.refuse_unless(
                    self.choices.despite,
                    format!("{} sends to {}, which would be gone.", object.title(), helper.title()),
                    Some(Place { document: object.document, node: object.node, part: Part::Value }),
                );
            }
        }
        if let Some((own, other)) = self.differing("serviceAccountName") {
            rewrite.refuse_unless(
                self.choices.despite,
                format!("{name} runs with service account {own} and would run with {other}."),
                None,
            );
        }
        for key in [
            "securityContext",
            "nodeSelector",
            "tolerations",
            "affinity",
            "imagePullSecrets",
            "hostAliases",
            "dnsConfig",
        ] {
            if let Some((_, _)) = self.differing(key) {
                rewrite.lose(format!("The {key} of {} is not taken over.", helper.title()), None);
            }
        }
    }

    /// What the helper's and the app's Pod have behind a key, when the helper has something else.
    fn differing(&self, key: &str) -> Option<(String, String)> {
        let of = |workload: &Workload| {
            let document = self.document(workload)?;
            document.value(workload.pod.node).get(key).and_then(Yaml::copy)
        };
        let (own, other) = (of(self.helper)?, of(self.app));
        let show = |yaml: Option<Yaml>| match yaml {
            Some(Yaml::Text(text)) => text,
            _ => "default".to_owned(),
        };
        (Some(&own) != other.as_ref()).then(|| (show(Some(own)), show(other)))
    }

    fn carry_out(&self, rewrite: &mut Rewrite) {
        match self.edits(rewrite) {
            Ok(edits) if rewrite.refused.is_empty() => rewrite.edits = edits,
            Ok(_) => {}
            Err(reason) => {
                let place = self.at(self.container.node);
                rewrite.refuse(format!("This text cannot be rewritten safely: {reason}."), place);
            }
        }
    }

    fn edits(&self, rewrite: &mut Rewrite) -> Result<Vec<Edit>, String> {
        let laid_out = "it is laid out in a way that cannot be edited safely";
        let from = self.analysis.editor(self.helper.document).ok_or(laid_out)?;
        let to = self.analysis.editor(self.app.document).ok_or(laid_out)?;
        let (own, pod) = (self.document(self.helper).ok_or(laid_out)?, self.document(self.app).ok_or(laid_out)?);
        let mut expected = Yaml::copy(pod.value(self.app.pod.node)).ok_or(laid_out)?;
        let mut moved = Yaml::copy(own.value(self.container.node)).ok_or(laid_out)?;
        let mut edits = Vec::new();
        let mut inner = self.restart_policy(&from, &mut moved).ok_or(laid_out)?;

        let mut taken_volumes = Vec::new();
        for (volume, fate) in self.fates(rewrite) {
            match fate {
                Fate::Same(other) => {
                    inner.extend(self.rename_mounts(&from, &volume.name, &other.name, &mut moved).ok_or(laid_out)?);
                    edits.extend(self.free_from_claim(rewrite, &to, other, &mut expected).ok_or(laid_out)?);
                }
                Fate::Moves => {
                    let index =
                        self.helper.pod.volumes.iter().position(|own| own.name == volume.name).ok_or(laid_out)?;
                    let taken = from.take_item(self.helper.pod.node, "volumes", index, &[]);
                    taken_volumes.push(taken.map_err(|obstacle| obstacle.to_string())?);
                    let copied = Yaml::copy(own.value(volume.node)).ok_or(laid_out)?;
                    push(&mut expected, "volumes", copied);
                }
            }
        }
        let key = if self.is_native { "initContainers" } else { "containers" };
        let taken = from
            .take_item(self.helper.pod.node, "containers", self.container.index, &inner)
            .map_err(|obstacle| obstacle.to_string())?;
        push(&mut expected, key, moved);

        let mut all: Vec<&crate::edit::Taken> = taken_volumes.iter().collect();
        all.push(&taken);
        let comments = from.comments_around(&all);
        edits.push(remove_document(own, &comments));
        if !taken_volumes.is_empty() {
            let put = to.put_items(self.app.pod.node, "volumes", "containers", taken_volumes);
            edits.extend(put.map_err(|obstacle| obstacle.to_string())?);
        }
        let put = to.put_items(self.app.pod.node, key, "containers", vec![taken]);
        edits.extend(put.map_err(|obstacle| obstacle.to_string())?);
        self.check(pod, &edits, &expected)?;
        self.explain(rewrite);
        Ok(edits)
    }

    fn restart_policy(&self, editor: &Editor<'_>, moved: &mut Yaml) -> Option<Vec<Edit>> {
        let always = Yaml::from("Always");
        match (&self.container.restart_policy, self.is_native) {
            (Some(policy), true) => {
                moved.set("restartPolicy", "Always");
                editor.set_value(policy.node, &always)
            }
            (Some(_), false) => {
                if let Yaml::Map(entries) = moved {
                    entries.retain(|(key, _)| key != "restartPolicy");
                }
                editor.remove_entry(self.container.node, "restartPolicy")
            }
            (None, true) => {
                moved.set("restartPolicy", "Always");
                editor.insert_key(self.container.node, "restartPolicy", &always, &["image", "name"])
            }
            (None, false) => Some(Vec::new()),
        }
    }

    /// What becomes of each volume that the helper mounts.
    fn fates(&self, rewrite: &mut Rewrite) -> Vec<(&'a Volume, Fate<'a>)> {
        let mut fates = Vec::new();
        for volume in &self.helper.pod.volumes {
            if !self.container.mounts.iter().any(|mount| mount.volume == volume.name) {
                continue;
            }
            let claim = |volume: &Volume| {
                let reference = volume.reference.as_ref().map(|reference| reference.value.clone());
                reference.filter(|_| volume.kind == VolumeKind::PersistentVolumeClaim)
            };
            let copy = |workload: &Workload, volume: &Volume| {
                Yaml::copy(self.document(workload)?.value(volume.node)).map(canonical)
            };
            let same = self.app.pod.volumes.iter().find(|other| {
                (claim(volume).is_some() && claim(other) == claim(volume))
                    || (volume.kind != VolumeKind::EmptyDir && copy(self.app, other) == copy(self.helper, volume))
            });
            if let Some(other) = same {
                fates.push((volume, Fate::Same(other)));
            } else if self.app.pod.volume(&volume.name).is_some() {
                rewrite.refuse(
                    format!("Both Pods have a volume named {}, and they are not the same.", volume.name),
                    self.at(volume.node),
                );
            } else {
                fates.push((volume, Fate::Moves));
            }
        }
        fates
    }

    fn rename_mounts(&self, editor: &Editor<'_>, old: &str, new: &str, moved: &mut Yaml) -> Option<Vec<Edit>> {
        let mut edits = Vec::new();
        for mount in self.container.mounts.iter().filter(|mount| mount.volume == old && old != new) {
            let name = self.document(self.helper)?.value(mount.node).get("name")?;
            edits.extend(editor.set_value(name.id(), &Yaml::from(new))?);
        }
        let Yaml::Map(entries) = moved else { return None };
        for (_, list) in entries.iter_mut().filter(|(key, _)| key == "volumeMounts" || key == "volumeDevices") {
            let Yaml::List(mounts) = list else { continue };
            for mount in mounts.iter_mut().filter(|mount| mount.get("name") == Some(&Yaml::from(old))) {
                mount.set("name", new);
            }
        }
        Some(edits)
    }

    /// Turns a claim that only these two share into an `emptyDir`.
    fn free_from_claim(
        &self,
        rewrite: &mut Rewrite,
        editor: &Editor<'_>,
        volume: &Volume,
        expected: &mut Yaml,
    ) -> Option<Vec<Edit>> {
        let Some(claim) = volume.reference.as_ref().filter(|_| volume.kind == VolumeKind::PersistentVolumeClaim) else {
            return Some(Vec::new());
        };
        let place = Some(self.app.place(volume.node, Part::Value));
        let uses = |workload: &&Workload| {
            workload.namespace == self.app.namespace
                && workload.document != self.app.document
                && workload.document != self.helper.document
                && workload.pod.volumes.iter().any(|other| {
                    other.kind == VolumeKind::PersistentVolumeClaim
                        && other.reference.as_ref().is_some_and(|other| other.value == claim.value)
                })
        };
        let others: Vec<String> = self.analysis.model.workloads.iter().filter(uses).map(Workload::title).collect();
        if self.choices.keeps_claim || !others.is_empty() {
            let names: Vec<&str> = others.iter().map(String::as_str).collect();
            let reason =
                if others.is_empty() { "as you wished".to_owned() } else { format!("{} uses it too", listed(&names)) };
            rewrite.note(format!("Claim {} stays: {reason}.", claim.value), place);
            return Some(Vec::new());
        }
        rewrite.note(
            format!(
                "Claim {} becomes an emptyDir: the two now share the disk of their node, and each replica has its own. What \
                 is in it goes with the Pod; keep the claim if it must not.",
                claim.value
            ),
            place,
        );
        let is_declared = self.analysis.model.objects.iter().any(|object| {
            object.kind.as_deref() == Some("PersistentVolumeClaim") && object.name.as_deref() == Some(&claim.value)
        });
        if is_declared {
            rewrite.note(format!("PersistentVolumeClaim/{} is not needed any more.", claim.value), None);
        }
        if let Yaml::Map(entries) = &mut *expected
            && let Some((_, Yaml::List(volumes))) = entries.iter_mut().find(|(key, _)| key == "volumes")
        {
            for own in volumes.iter_mut().filter(|own| own.get("name") == Some(&Yaml::from(volume.name.as_str()))) {
                if let Yaml::Map(entries) = own {
                    entries.retain(|(key, _)| key != "persistentVolumeClaim");
                }
                own.set("emptyDir", Yaml::Map(Vec::new()));
            }
        }
        let empty = Yaml::Map(Vec::new());
        editor.change_keys(volume.node, &["persistentVolumeClaim"], &[("emptyDir", &empty, &["name"])])
    }

    /// Reads the app's document back.
    fn check(&self, document: &Document, edits: &[Edit], expected: &Yaml) -> Result<(), String> {
        let inside = |edit: &&Edit| {
            edit.span.start >= document.start && edit.span.end as usize <= document.start as usize + document.text.len()
        };
        // What ends where the document starts belongs to the one before.
        let is_removal = |edit: &&Edit| edit.span.end == document.start && edit.span.start < document.start;
        let shift = |edit: &Edit| Edit {
            span: Span { start: edit.span.start - document.start, end: edit.span.end - document.start },
            text: edit.text.clone(),
        };
        let own: Vec<Edit> = edits.iter().filter(inside).filter(|edit| !is_removal(edit)).map(shift).collect();
        let text = apply(&document.text, &own).ok_or("two changes touch the same text")?;
        let source = Source::read(&text);
        let new = source.documents.first().filter(|new| !new.is_broken()).ok_or("the result cannot be read")?;
        let route: Vec<&str> = self.app.pod_path.split('.').filter(|step| !step.is_empty()).collect();
        let spec = new.root().and_then(|root| root.at(&route));
        let read = spec.and_then(Yaml::copy).map(canonical);
        if read == Some(canonical(expected.clone())) {
            Ok(())
        } else {
            Err("the result would mean something else".to_owned())
        }
    }

    fn explain(&self, rewrite: &mut Rewrite) {
        let (name, app) = (self.container.display_name(), self.app.title());
        let place = self.at(self.container.node);
        let how = if self.is_native {
            format!("{name} becomes a native sidecar of {app}: it starts before the app and is stopped after it.")
        } else {
            format!("{name} becomes a regular container of {app}.")
        };
        rewrite.note(how, place);
        if self.is_native && self.app.pod.of(ContainerField::InitContainers).next().is_some() {
            rewrite.note(format!("{name} stands behind the init containers, which run as before."), place);
        }
        if self.helper.replicas.unwrap_or(1) != self.app.replicas.unwrap_or(1) {
            rewrite.note(
                format!("There is one {name} for each replica of {app} now."),
                Some(self.helper.place(self.helper.pod.node, Part::Key)),
            );
        }
        rewrite.note(format!("{} goes. Delete it from the cluster too.", self.helper.title()), None);
    }
}

/// Takes a document away but for these comments.
fn remove_document(document: &Document, comments: &[&str]) -> Edit {
    let eol = if document.text.contains("\r\n") { "\r\n" } else { "\n" };
    let text: String = comments.iter().map(|comment| format!("{comment}{eol}")).collect();
    let start = document.start as usize;
    Edit::new(start, start + document.text.len(), text)
}

fn push(yaml: &mut Yaml, key: &str, item: Yaml) {
    let mut items = match yaml.get(key) {
        Some(Yaml::List(items)) => items.clone(),
        _ => Vec::new(),
    };
    items.push(item);
    yaml.set(key, Yaml::List(items));
}

/// The same value with its keys in alphabetical order.
fn canonical(yaml: Yaml) -> Yaml {
    match yaml {
        Yaml::Map(entries) => {
            let mut entries: Vec<(String, Yaml)> =
                entries.into_iter().map(|(key, value)| (key, canonical(value))).collect();
            entries.sort_by(|one, other| one.0.cmp(&other.0));
            Yaml::Map(entries)
        }
        Yaml::List(items) => Yaml::List(items.into_iter().map(canonical).collect()),
        other => other,
    }
}
