//! Services of a Compose project, as other services name them.

use super::{Case, Member};

/// The service of a name; `container_name` counts too.
pub(in crate::rules) fn service<'a>(case: &Case<'a>, name: &str) -> Option<Member<'a>> {
    case.members().find(|member| {
        let compose = member.container.compose.as_ref();
        member.name() == name || compose.is_some_and(|part| part.container_name.as_deref() == Some(name))
    })
}

/// Whether the file is a project of its own. Files that override others or include some leave services out.
pub(in crate::rules) fn is_whole_project(case: &Case<'_>) -> bool {
    let is_defined = |member: Member<'_>| {
        let compose = member.container.compose.as_ref();
        member.container.image.is_some() || compose.is_some_and(|part| part.is_built)
    };
    let Some(root) = case.document().and_then(|document| document.root()) else { return false };
    root.get("include").is_none() && case.members().all(is_defined)
}
