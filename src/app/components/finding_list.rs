//! What is wrong.

use sidecar_playground::view::{FindingView, Range};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct FindingListProps {
    pub(crate) findings: Vec<FindingView>,
    /// Whether the engine has answered: before that, no finding means nothing.
    pub(crate) has_answer: bool,
    /// Called with the text to show.
    pub(crate) show: Callback<Range>,
}

/// The list of findings.
#[component]
pub(crate) fn FindingList(props: &FindingListProps) -> Html {
    let place = |range: Range, label: String| {
        let onclick = props.show.reform(move |_: MouseEvent| range);
        html! { <button type="button" class="place" {onclick}>{ label }</button> }
    };
    let findings = props.findings.iter().enumerate().map(|(index, finding)| {
        let related = finding.related.iter().enumerate().map(|(index, related)| {
            html! { <li key={index}>{ &related.text }{ " " }{ place(related.range, format!("line {}", related.line)) }</li> }
        });
        html! {
            <li key={index} class={classes!("finding", format!("finding--{}", finding.severity.id()))}>
                <p class="finding__message">
                    <span class="finding__severity">{ finding.severity.id() }</span>
                    { &finding.message }
                </p>
                <p class="finding__help">{ &finding.help }</p>
                <ul class="finding__related">{ for related }</ul>
                <p class="finding__foot">
                    { place(finding.range, format!("Line {}, column {}", finding.line, finding.column)) }
                    <code>{ &finding.rule }</code>
                    <span class="confidence">{ finding.confidence.id() }</span>
                </p>
            </li>
        }
    });
    html! {
        <section class="findings">
            <h2 class="heading">{ "Findings" }</h2>
            <ul class="findings__list">{ for findings }</ul>
            <p class="findings__none" hidden={!props.findings.is_empty() || !props.has_answer}>{ "No finding." }</p>
        </section>
    }
}
