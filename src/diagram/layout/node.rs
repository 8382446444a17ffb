//! What a box looks like that has got its place.

use super::columns::{CAP, INSET};
use super::stack::Stack;
use crate::detect::Role;
use crate::diagram::graph::{Node, NodeKind};
use crate::diagram::scene::{Item, Rect, Shape};

/// Draws a box with its texts.
pub(super) fn item(node: &Node, rect: Rect, stack: &Stack) -> Item {
    let (target, is_added) = (node.target, node.is_added);
    let item = |class, shape, role, texts| Item { area: rect, shape, class, role, texts, target, is_added };
    let centred = || stack.place(rect.middle().0, rect.y + (rect.h - stack.height) / 2.0, true);
    match node.kind {
        NodeKind::Container(role) => {
            let shape = match role {
                Role::Init => Shape::Step,
                Role::App | Role::Peer => Shape::Rounded(6.0),
                _ => Shape::Rounded(14.0),
            };
            item("container", shape, Some(role), stack.place(rect.x + INSET, rect.y + 9.0, false))
        }
        NodeKind::Volume | NodeKind::Storage | NodeKind::Store => {
            let class = match node.kind {
                NodeKind::Volume => "volume",
                NodeKind::Storage => "storage",
                _ => "outside",
            };
            let top = rect.y + 2.0 * CAP + (rect.h - 2.0 * CAP - stack.height) / 2.0;
            item(class, Shape::Cylinder, None, stack.place(rect.middle().0, top, true))
        }
        NodeKind::Service => item("service", Shape::Rounded(rect.h.min(44.0) / 2.0), None, centred()),
        NodeKind::Route => item("service", Shape::Step, None, centred()),
        NodeKind::Workload => item("workload", Shape::Rounded(6.0), None, centred()),
        NodeKind::Outside => item("outside", Shape::Rounded(6.0), None, centred()),
    }
}
