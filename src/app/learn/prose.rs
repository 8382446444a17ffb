//! The text of a lesson on the page.

use super::drawn::Drawn;
use crate::app::desk::Desk;
use sidecar_playground::lesson::Look;
use sidecar_playground::lesson::prose::{Block, Inline};
use yew::prelude::*;

/// Blocks of a text. Manifests in it are drawn by the engine of the desk.
pub(crate) fn blocks(desk: &Desk, blocks: &[Block]) -> Html {
    html! { <>{ for blocks.iter().map(|own| block(desk, own)) }</> }
}

fn block(desk: &Desk, block: &Block) -> Html {
    match block {
        Block::Heading(level, words) if *level < 3 => html! { <h4>{ line(words) }</h4> },
        Block::Heading(_, words) => html! { <h5>{ line(words) }</h5> },
        Block::Paragraph(words) => html! { <p>{ line(words) }</p> },
        Block::List(is_numbered, entries) => {
            let entries = entries.iter().map(|entry| html! { <li>{ blocks(desk, entry) }</li> });
            if *is_numbered {
                html! { <ol>{ for entries }</ol> }
            } else {
                html! { <ul>{ for entries }</ul> }
            }
        }
        Block::Table(head, rows) => {
            let row = |row: &Vec<Vec<Inline>>| html! { <tr>{ for row.iter().map(|cell| html! { <td>{ line(cell) }</td> }) }</tr> };
            html! {
                <div class="prose__table" tabindex="0"><table>
                    <thead><tr>{ for head.iter().map(|cell| if cell.is_empty() { html! { <td></td> } } else { html! { <th scope="col">{ line(cell) }</th> } }) }</tr></thead>
                    <tbody>{ for rows.iter().map(row) }</tbody>
                </table></div>
            }
        }
        Block::Code(_, code) => html! { <pre class="prose__code" tabindex="0"><code>{ code }</code></pre> },
        Block::Picture(picture) => {
            let look = Look { kind: picture.kind.clone(), ..Look::default() };
            html! { <Drawn desk={desk.clone()} manifest={picture.manifest.clone()} {look} form={picture.form} /> }
        }
        Block::Note(inside) => html! { <blockquote>{ blocks(desk, inside) }</blockquote> },
    }
}

/// A line.
pub(crate) fn line(words: &[Inline]) -> Html {
    html! { <>{ for words.iter().map(inline) }</> }
}

fn inline(part: &Inline) -> Html {
    match part {
        Inline::Text(text) => html! { { text } },
        Inline::Code(code) => html! { <code>{ code }</code> },
        Inline::Strong(words) => html! { <strong>{ line(words) }</strong> },
        Inline::Emphasis(words) => html! { <em>{ line(words) }</em> },
        Inline::Link(address, words) => {
            let is_away = !address.starts_with('#');
            html! {
                <a href={address.clone()} target={is_away.then_some("_blank")} rel={is_away.then_some("noopener noreferrer")}>
                    { line(words) }
                </a>
            }
        }
    }
}
