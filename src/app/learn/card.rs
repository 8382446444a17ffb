//! The reference card: one page with what is looked up most. What depends on the release comes from the engine's own table.

use super::address;
use crate::app::prose::prose;
use crate::app::route::Route;
use crate::app::words::{t, w};
use sidecar_playground::release::{Cluster, Feature, Release};
use yew::prelude::*;

/// What differs between the two forms.
const FORMS: [(&str, &str, &str); 9] = [
    ("Written in", "spec.containers", "spec.initContainers, with restartPolicy: Always"),
    ("Starts", "with the app, in no order that you can rely on", "before the app, in the order of the list"),
    ("The app waits for it", "never", "until it has started and its startup probe, if it has one, succeeds"),
    ("Probes", "all three", "all three; readiness counts for the Pod"),
    ("When it ends", "restarted as the Pod's restartPolicy says", "always restarted"),
    ("Stops", "at the same moment as the app", "after the app, the last one of the list first"),
    ("In a Job", "keeps the Job from completing", "is stopped when the app is done"),
    ("Requests", "added to those of the app", "added to those of the app, and to those of later init containers"),
    ("init containers", "all run before it: none can use it", "those after it in the list can use it"),
];

/// What differs from release to release.
const FEATURES: [Feature; 6] = [
    Feature::SidecarContainers,
    Feature::TerminationOrdering,
    Feature::SidecarRestartOnImageChange,
    Feature::SidecarOomAdjustment,
    Feature::SidecarNamedTargetPort,
    Feature::ContainerRestartRules,
];

/// What sidecars are for.
const USES: [(&str, &str); 5] = [
    ("Log shipping", "reads log files of the app from a shared volume and sends them on"),
    ("Service mesh", "a proxy takes all traffic: mutual TLS, retries, routing"),
    ("Monitoring", "an exporter turns the app's own numbers into metrics"),
    ("Configuration and secrets", "fetches files, keeps them new, tells the app to reload"),
    ("Access", "a proxy in front checks who may come in, or one behind leads to a database"),
];

/// What is typed most.
const LINES: [(&str, &str); 7] = [
    ("kubectl get pod POD", "READY counts native sidecars too: 2/2"),
    ("kubectl describe pod POD", "native sidecars stand under Init Containers"),
    ("kubectl logs POD -c NAME", "of one container; --previous of the one before it crashed"),
    ("kubectl logs POD --all-containers --prefix", "of all, each line with its container"),
    ("kubectl exec -it POD -c NAME -- sh", "a shell in one container"),
    ("kubectl debug -it POD --image=busybox:1.36 --target=NAME", "one that has no shell"),
    (
        "kubectl get pod POD -o jsonpath='{.status.initContainerStatuses[*].started}'",
        "whether native sidecars have started",
    ),
];

/// The card.
pub(crate) fn card() -> Html {
    let print = Callback::from(|_: MouseEvent| drop(gloo::utils::window().print()));
    let releases: Vec<Release> = Release::all().collect();
    let feature = |feature: &Feature| {
        let cell = |release: &Release| {
            let cluster = Cluster::new(*release);
            html! { <td>{ if cluster.has(*feature) { "✓" } else if cluster.knows(*feature) { "(✓)" } else { "" } }</td> }
        };
        html! { <tr><th scope="row">{ prose(feature.explanation()) }</th>{ for releases.iter().map(cell) }</tr> }
    };
    html! {
        <section class="learn card" lang="en">
            <header class="handout__tools">
                <a class="lesson__all" href={Route::Learn(String::new()).address()}>{ t(w::LEARN_ALL) }</a>
                <button type="button" class="button button--main" onclick={print}>{ t(w::LEARN_PRINT) }</button>
                <a class="button" href={address("print", "")}>{ t(w::PRINT_COURSE) }</a>
            </header>
            <article class="card__page" tabindex="0">
                <h2>{ "Sidecars in Kubernetes" }</h2>
                <table class="card__table">
                    <thead><tr><td></td><th scope="col">{ "Traditional" }</th><th scope="col">{ "Native" }</th></tr></thead>
                    <tbody>{ for FORMS.iter().map(|(what, one, other)| html! { <tr><th scope="row">{ *what }</th><td>{ *one }</td><td>{ *other }</td></tr> }) }</tbody>
                </table>
                <h3>{ "Since which release" }</h3>
                <table class="card__table card__table--releases">
                    <thead><tr><td>{ "✓ on · (✓) behind a feature gate" }</td>{ for releases.iter().map(|release| html! { <th scope="col">{ release.to_string() }</th> }) }</tr></thead>
                    <tbody>{ for FEATURES.iter().map(feature) }</tbody>
                </table>
                <div class="card__columns">
                    <div><h3>{ "What for" }</h3><dl class="card__list">{ for USES.iter().map(|(what, how)| html! { <><dt>{ *what }</dt><dd>{ *how }</dd></> }) }</dl></div>
                    <div><h3>{ "What to type" }</h3><dl class="card__list card__list--code">{ for LINES.iter().map(|(what, how)| html! { <><dt><code>{ *what }</code></dt><dd>{ *how }</dd></> }) }</dl></div>
                </div>
            </article>
        </section>
    }
}
