//! A change to look at: what it does, what is lost, its diff hunk by hunk, and the way to make it.

use crate::app::desk::Desk;
use crate::app::give::{Gift, GiveButton};
use crate::app::prose::prose;
use crate::app::route::Route;
use crate::app::state::State;
use crate::app::words::{Word, t, tf, w};
use sidecar_playground::finding::Severity;
use sidecar_playground::task::{Chosen, Done, Effect, HunkView, Probe, Proposed, Remark, Task};
use sidecar_playground::view::{Change, Range};
use yew::prelude::*;

/// Most lines of a hunk that are shown.
const LINES: usize = 600;

#[derive(Properties, PartialEq)]
pub(crate) struct ChangePanelProps {
    pub(crate) state: UseReducerHandle<State>,
    pub(crate) desk: Desk,
    pub(crate) change: Change,
    /// Whether the text can only be read: then the patch can be taken, but not applied.
    pub(crate) is_read_only: bool,
    /// Called with the text to show.
    pub(crate) show: Callback<Range>,
    /// Called when the window is to be closed; says whether the text was changed.
    pub(crate) on_done: Callback<bool>,
}

/// What stands in the dialog.
#[component]
pub(crate) fn ChangePanel(props: &ChangePanelProps) -> Html {
    let chosen = use_state_eq(Chosen::default);
    // With what was chosen when it was asked for: an older one must not be applied.
    let proposed = use_state_eq(|| None::<(Chosen, Proposed)>);
    // The text that is changed is the one of when the window was opened: it cannot be typed in behind it.
    let before = use_memo((), |()| props.desk.text());
    {
        let (desk, request, before) = (props.desk.clone(), props.state.request(), before.clone());
        let proposed = proposed.setter();
        use_effect_with((props.change.clone(), (*chosen).clone()), move |(change, chosen)| {
            let asked = chosen.clone();
            let on_done = Callback::from(move |done| {
                if let Done::Proposed(found) = done {
                    proposed.set(Some((asked.clone(), *found)));
                }
            });
            let task = Task::Propose { request, change: change.clone(), chosen: chosen.clone() };
            desk.engine.run(&before, &task, on_done);
        });
    }
    let Some((asked, found)) = &*proposed else {
        return html! { <p class="change__waits" role="status">{ t(w::CHANGE_WAITS) }</p> };
    };
    let text = found.text.clone().filter(|_| *asked == *chosen);
    let show = {
        let (on_done, show) = (props.on_done.clone(), props.show.clone());
        Callback::from(move |range: Range| {
            on_done.emit(false);
            show.emit(range);
        })
    };
    let insist = {
        let chosen = chosen.clone();
        Callback::from(move |_: Event| {
            // Other hunks than before: their numbers mean something else.
            let next = Chosen { despite: !chosen.despite, left_out: Vec::new(), ..(*chosen).clone() };
            chosen.set(next);
        })
    };
    let members = found.members.iter().map(|member| member_choice(found, member, &chosen));
    let which = t(if matches!(props.change, Change::Pod(_)) { w::CHANGE_TOGETHER } else { w::CHANGE_MOVED });
    let probes = found.probes.iter().map(|probe| probe_choice(probe, &chosen));
    let choices = found.hunks.iter().map(|hunk| hunk.tie).collect::<std::collections::BTreeSet<_>>().len();
    let hunks =
        found.hunks.iter().enumerate().map(|(index, hunk)| hunk_choice(found, index, hunk, choices > 1, &chosen));
    let apply = {
        let (desk, on_done, text, title) =
            (props.desk.clone(), props.on_done.clone(), text.clone(), found.title.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(text) = &text {
                on_done.emit(true);
                desk.change(text, &tf(w::CHANGE_DONE, [&title]));
            }
        })
    };
    let cancel = props.on_done.reform(|_: MouseEvent| false);
    let can_insist = found.can_insist || chosen.despite;
    let is_nothing = found.hunks.is_empty() && found.refused.is_empty() && found.notes.is_empty();
    let gift = text.as_ref().map(|_| Gift::Copy(found.patch.clone()));
    html! {
        <div class="change">
            <h3 class="change__title" lang="en" hidden={found.title.is_empty()}>{ &found.title }</h3>
            <div class="change__members" role="group" aria-label={which} hidden={found.members.is_empty()}>
                <span class="change__heading">{ which }</span>{ for members }
            </div>
            { remarks(w::CHANGE_REFUSED, "bad", &found.refused, &show) }
            <label class="change__choice" hidden={!can_insist}>
                <input type="checkbox" checked={chosen.despite} onchange={insist} />{ t(w::CHANGE_NEVERTHELESS) }
            </label>
            { remarks(w::CHANGE_LOST, "warn", &found.losses, &show) }
            { remarks(w::CHANGE_TO_KNOW, "note", &found.notes, &show) }
            <div class="change__probes" hidden={found.probes.is_empty()}>{ for probes }</div>
            { effect(&found.effect, found.text.is_some()) }
            <p class="change__waits" hidden={!is_nothing}>{ t(w::CHANGE_NOTHING) }</p>
            <p class="change__trouble" lang="en" role="alert" hidden={found.trouble.is_none()}>{ found.trouble.clone() }</p>
            <div class="change__hunks">{ for hunks }</div>
            <div class="change__buttons">
                <button type="button" class="button button--main" hidden={props.is_read_only} disabled={text.is_none()} onclick={apply}>{ t(w::CHANGE_APPLY) }</button>
                <GiveButton label={t(w::CHANGE_COPY_PATCH)} {gift} />
                <button type="button" class="button button--quiet" onclick={cancel}>{ t(w::CHANGE_CANCEL) }</button>
            </div>
        </div>
    }
}

fn remarks(title: Word, kind: &'static str, remarks: &[Remark], show: &Callback<Range>) -> Html {
    let item = |(index, remark): (usize, &Remark)| {
        let place = remark.place.map(|(range, line)| {
            let onclick = show.reform(move |_: MouseEvent| range);
            html! { <button type="button" class="place" {onclick}>{ tf(w::PAGE_LINE, [&line]) }</button> }
        });
        html! { <li key={index}>{ prose(&remark.text) }{ " " }{ place }</li> }
    };
    html! {
        <section class={classes!("change__remarks", format!("change__remarks--{kind}"))} hidden={remarks.is_empty()}>
            <h4 class="change__heading">{ t(title) }</h4>
            <ul lang="en">{ for remarks.iter().enumerate().map(item) }</ul>
        </section>
    }
}

fn member_choice(found: &Proposed, member: &(usize, String, bool), chosen: &UseStateHandle<Chosen>) -> Html {
    let (index, name, _) = member;
    let shown: Vec<usize> = found.members.iter().filter(|(.., is_in)| *is_in).map(|(index, ..)| *index).collect();
    // What was ticked shows at once, before the engine has answered.
    let is_in = chosen.members.as_ref().unwrap_or(&shown).contains(index);
    let onchange = {
        let (chosen, index) = (chosen.clone(), *index);
        Callback::from(move |_: Event| {
            let mut members = chosen.members.clone().unwrap_or_else(|| shown.clone());
            toggle(&mut members, &[index]);
            // Other hunks than before: their numbers mean something else.
            chosen.set(Chosen { members: Some(members), left_out: Vec::new(), ..(*chosen).clone() });
        })
    };
    html! { <label key={*index} class="change__choice"><input type="checkbox" checked={is_in} {onchange} />{ name }</label> }
}

fn probe_choice(probe: &Probe, chosen: &UseStateHandle<Chosen>) -> Html {
    let container = probe.container;
    let onchange = {
        let chosen = chosen.clone();
        Callback::from(move |_: Event| {
            let mut next = (*chosen).clone();
            toggle(&mut next.probes, &[container]);
            // Other hunks than before: their numbers mean something else.
            next.left_out.clear();
            chosen.set(next);
        })
    };
    html! {
        <label key={container} class="change__choice">
            <input type="checkbox" checked={chosen.probes.contains(&container)} {onchange} />
            <span lang="en">{ &probe.title }<span class="change__why">{ &probe.reason }</span></span>
        </label>
    }
}

fn hunk_choice(
    found: &Proposed,
    index: usize,
    hunk: &HunkView,
    can_choose: bool,
    chosen: &UseStateHandle<Chosen>,
) -> Html {
    // With one goes whatever belongs to it.
    let members: Vec<usize> =
        found.hunks.iter().enumerate().filter(|(_, other)| other.tie == hunk.tie).map(|(index, _)| index).collect();
    let others: Vec<String> =
        members.iter().filter(|member| **member != index).map(|member| (member + 1).to_string()).collect();
    // What was unticked shows at once, before the engine has answered.
    let is_chosen = !members.iter().any(|member| chosen.left_out.contains(member));
    let onchange = {
        let (chosen, members) = (chosen.clone(), members);
        Callback::from(move |_: Event| {
            let mut next = (*chosen).clone();
            next.left_out.retain(|out| !members.contains(out));
            if is_chosen {
                next.left_out.extend(&members);
            }
            chosen.set(next);
        })
    };
    let lines = hunk.lines.iter().take(LINES).enumerate().map(|(index, line)| {
        let class = match line.get(..1) {
            Some("+") => "diff diff--added",
            Some("-") => "diff diff--removed",
            _ => "diff",
        };
        html! { <span key={index} {class}>{ line }{ "\n" }</span> }
    });
    let more = hunk.lines.len().saturating_sub(LINES);
    let label = tf(w::CHANGE_PART, [&(index + 1), &found.hunks.len(), &hunk.line]);
    let tied = match others.as_slice() {
        [] => String::new(),
        _ if !can_choose => String::new(),
        [one] => tf(w::CHANGE_TIED_ONE, [one]),
        _ => tf(w::CHANGE_TIED_MANY, [&others.join(", ")]),
    };
    html! {
        <section key={index} class={classes!("hunk", (!is_chosen).then_some("hunk--out"))} aria-label={label.clone()}>
            <label class="hunk__head" hidden={!can_choose}>
                <input type="checkbox" checked={is_chosen} {onchange} />
                { label.clone() }<span class="hunk__tied">{ tied }</span>
            </label>
            <p class="hunk__head" hidden={can_choose}>{ tf(w::CHANGE_FROM_LINE, [&hunk.line]) }</p>
            <pre class="hunk__lines" tabindex="0" aria-label={tf(w::CHANGE_LINES_OF, [&label])} role="group">{ for lines }
                { (more > 0).then(|| html! { <span class="diff diff--gap">{ tf(w::CHANGE_MORE_LINES, [&more]) }</span> }) }
            </pre>
        </section>
    }
}

fn effect(effect: &Effect, is_there: bool) -> Html {
    let findings = |sign: &'static str, list: &[(String, Severity, String)]| -> Vec<Html> {
        let item = |(rule, level, message): &(String, Severity, String)| {
            html! {
                <li lang="en" class={classes!("effect__finding", format!("finding--{}", level.id()))}>
                    { sign }{ " " }<span class="finding__severity">{ level.id() }</span>{ message }{ " " }
                    <a class="finding__rule" href={Route::Rules(rule.clone()).address()} target="_blank" rel="noopener">{ rule }</a>
                </li>
            }
        };
        list.iter().map(item).collect()
    };
    let has_findings = !effect.solved.is_empty() || !effect.new.is_empty();
    let steps = |steps: &[String]| -> Html {
        html! { <ol class="effect__steps" lang="en">{ for steps.iter().map(|step| html! { <li>{ step }</li> }) }</ol> }
    };
    let (before, after) = &effect.start;
    let (cost_before, cost_after) = &effect.cost;
    html! {
        <section class="effect" aria-label={t(w::CHANGE_EFFECT)} hidden={!is_there}>
            <h4 class="change__heading">{ t(w::CHANGE_FINDINGS) }</h4>
            <ul class="effect__findings">
                { for findings("−", &effect.solved) }{ for findings("+", &effect.new) }
                <li hidden={has_findings}>{ t(w::PAGE_AS_BEFORE) }</li>
            </ul>
            <h4 class="change__heading">{ t(w::CHANGE_START) }</h4>
            <div class="effect__pair">
                <div hidden={before == after || before.is_empty()}>{ t(w::PAGE_BEFORE) }{ steps(before) }</div>
                <div>{ if before == after { t(w::PAGE_AS_BEFORE) } else if before.is_empty() { "" } else { t(w::PAGE_AFTER) } }{ steps(after) }</div>
            </div>
            <h4 class="change__heading">{ t(w::CHANGE_RESERVED) }</h4>
            <p>{ if cost_before == cost_after { tf(w::CHANGE_COST_AS_BEFORE, [cost_after]) } else { format!("{cost_before} → {cost_after}") } }</p>
        </section>
    }
}

fn toggle(list: &mut Vec<usize>, members: &[usize]) {
    let had = members.iter().any(|member| list.contains(member));
    list.retain(|known| !members.contains(known));
    if !had {
        list.extend(members);
    }
}
