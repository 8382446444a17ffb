//! The lines to type next.

use crate::app::give::{Gift, GiveButton};
use sidecar_playground::kubectl::Command;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct CommandListProps {
    pub(crate) commands: Vec<Command>,
}

/// The list of lines, folded until someone wants it.
#[component]
pub(crate) fn CommandList(props: &CommandListProps) -> Html {
    let commands = props.commands.iter().enumerate().map(|(index, Command { about, line })| {
        html! {
            <li key={index} class="command">
                <span class="command__about">{ about }</span>
                <code class="command__line" tabindex="0">{ line }</code>
                <GiveButton label="Copy" name={format!("Copy: {line}")} gift={Some(Gift::Copy(line.clone()))} />
            </li>
        }
    });
    let all = props.commands.iter().map(|Command { about, line }| format!("# {about}\n{line}\n")).collect::<String>();
    html! {
        <section class="commands" hidden={props.commands.is_empty()}>
            <details>
                <summary class="commands__summary"><h2 class="heading">{ "Commands for it" }</h2></summary>
                <ul class="commands__list">{ for commands }</ul>
                <GiveButton label="Copy all" gift={Some(Gift::Copy(all))} />
            </details>
        </section>
    }
}
