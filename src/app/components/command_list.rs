//! The lines to type next.

use crate::app::give::{Gift, GiveButton};
use crate::app::words::{t, w};
use sidecar_playground::kubectl::Command;
use yew::prelude::*;

/// The list of lines, folded until someone wants it.
pub(crate) fn command_list(commands: &[Command]) -> Html {
    let items = commands.iter().enumerate().map(|(index, Command { about, line })| {
        html! {
            <li key={index} class="command">
                <span class="command__about" lang="en">{ about }</span>
                <code class="command__line">{ line }</code>
                <GiveButton label={t(w::PAGE_COPY)} of={line.clone()} gift={Some(Gift::Copy(line.clone()))} />
            </li>
        }
    });
    let all = commands.iter().map(|Command { about, line }| format!("# {about}\n{line}\n")).collect::<String>();
    html! {
        <section class="commands" hidden={commands.is_empty()}>
            <details>
                <summary class="commands__summary"><h2 class="heading">{ t(w::COMMANDS_HEADING) }</h2></summary>
                <ul class="commands__list">{ for items }</ul>
                <GiveButton label={t(w::COMMANDS_COPY_ALL)} gift={Some(Gift::Copy(all))} />
            </details>
        </section>
    }
}
