//! Scene → SVG.
//!
//! **Invariant:** every text of a manifest goes through [`escape`], and nothing of a manifest ever becomes a name, an
//! address or a style. There is no script, link or foreign object in the output.

use super::scene::{Item, Line, Point, Rect, Scene, Shape, Text, Tip};
use super::text::{Face, clean};
use crate::detect::Role;
use std::fmt::Write as _;

/// The rules that give a drawn picture its look; colours are variables.
const STYLE: &str = include_str!("style.css");
/// The colours of each theme.
const THEMES: &str = include_str!("themes.css");

/// How an SVG is to be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SvgOptions {
    /// Prefix of all ids, so that several pictures can stand on one page: letters, digits and `-`.
    pub id: String,
    /// The theme whose colours are written into the picture. Without one, the page that shows it must have the styles.
    pub theme: Option<&'static str>,
    /// Whether parts can be focused and chosen.
    pub is_interactive: bool,
}

impl Default for SvgOptions {
    fn default() -> Self {
        Self { id: "diagram".to_owned(), theme: Some("paper"), is_interactive: false }
    }
}

/// Names of the themes, in the order in which they are offered.
#[must_use]
pub fn themes() -> Vec<&'static str> {
    let blocks = THEMES.split(".theme-").skip(1);
    blocks.filter_map(|block| block.split([' ', ',', '{']).next()).map(str::trim).collect()
}

/// The value of a colour variable in a theme.
#[must_use]
pub(super) fn colour(theme: &str, variable: &str) -> Option<&'static str> {
    let block = THEMES.split(".theme-").skip(1).find(|block| block.split([' ', ',', '{']).next() == Some(theme))?;
    let body = block.split_once('{')?.1.split_once('}')?.0;
    let declarations = body.split(';').filter_map(|declaration| declaration.split_once(':'));
    declarations
        .map(|(name, value)| (name.trim(), value.trim()))
        .find(|(name, _)| *name == variable)
        .map(|(_, value)| value)
}

/// Writes a scene.
pub(super) fn write(scene: &Scene, options: &SvgOptions) -> String {
    let mut out = String::with_capacity(1024 + scene.nodes.len() * 900);
    let (w, h) = (number(scene.width), number(scene.height));
    let id = &options.id;
    let role = if options.is_interactive { "graphics-document" } else { "img" };
    // Styles cannot calculate with the attribute, and the page allows no style in an element.
    let width = if options.is_interactive { format!(" diagram--{}", scene.width as u32 / 100) } else { String::new() };
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"diagram{width}\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" \
         role=\"{role}\" aria-roledescription=\"diagram\" aria-labelledby=\"{id}-title {id}-summary\">\
         <title id=\"{id}-title\">{}</title><desc id=\"{id}-summary\">{}</desc>",
        escape(&scene.title),
        escape(&scene.summary)
    );
    if let Some(theme) = options.theme {
        let _ = write!(out, "<style>{}</style>", resolved_style(theme));
        let _ = write!(out, "<rect class=\"canvas\" width=\"{w}\" height=\"{h}\"/>");
    }
    for group in &scene.groups {
        item(&mut out, group, options);
    }
    for line in &scene.lines {
        path(&mut out, line);
    }
    for node in &scene.nodes {
        item(&mut out, node, options);
    }
    for (plate, label) in &scene.labels {
        if plate.w > 0.0 {
            let Rect { x, y, w, h } = *plate;
            let _ = write!(
                out,
                "<rect class=\"plate\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"4\"/>",
                number(x),
                number(y),
                number(w),
                number(h)
            );
        }
        text(&mut out, label, "label ");
    }
    if let Some((x, top, bottom)) = scene.playhead.filter(|_| options.is_interactive) {
        let (x, top, bottom) = (number(x), number(top), number(bottom));
        let _ = write!(out, "<path class=\"playhead\" d=\"M0 {top}V{bottom}\" transform=\"translate({x} 0)\"/>");
    }
    out.push_str("</svg>");
    out
}

fn item(out: &mut String, item: &Item, options: &SvgOptions) {
    let role = item.role.map(|role| format!(" role-{}", role.id())).unwrap_or_default();
    let added = if item.is_added { " is-added" } else { "" };
    let _ = write!(out, "<g class=\"{}{role}{added}\"", item.class);
    if let Some(target) = item.target.filter(|_| options.is_interactive) {
        out.push_str(" tabindex=\"0\" role=\"button\"");
        let _ = write!(out, " data-document=\"{}\" data-node=\"{}\"", target.place.document, target.place.node.index());
        if let Some(container) = target.container {
            let _ = write!(out, " data-container=\"{container}\"");
        }
    }
    out.push('>');
    outline(out, item);
    if let Some(role) = item.role
        && item.class == "container"
    {
        glyph(out, role, (item.area.right() - 15.0, item.area.y + 16.0));
    }
    // Spaces between the lines: a box that can be chosen is spoken by its texts.
    for line in &item.texts {
        text(out, line, "");
        out.push(' ');
    }
    out.push_str("</g>");
}

fn outline(out: &mut String, item: &Item) {
    let Rect { x, y, w, h } = item.area;
    let n = number;
    let _ = match item.shape {
        Shape::Rounded(r) => {
            write!(
                out,
                "<rect class=\"shape\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\"/>",
                n(x),
                n(y),
                n(w),
                n(h),
                n(r)
            )
        }
        Shape::Step => {
            let (tip, right, bottom) = (9.0, x + w, y + h);
            write!(
                out,
                "<path class=\"shape\" d=\"M{} {}H{}L{} {}V{}L{} {}H{}Z\"/>",
                n(x),
                n(y),
                n(right - tip),
                n(right),
                n(y + tip),
                n(bottom - tip),
                n(right - tip),
                n(bottom),
                n(x)
            )
        }
        Shape::Cylinder => {
            let (rx, ry) = (w / 2.0, 7.0);
            write!(
                out,
                "<path class=\"shape\" d=\"M{x0} {top}A{rx} {ry} 0 0 1 {x1} {top}V{bottom}A{rx} {ry} 0 0 1 {x0} {bottom}Z\"/>\
                 <path class=\"rim\" d=\"M{x0} {top}A{rx} {ry} 0 0 0 {x1} {top}\"/>",
                x0 = n(x),
                x1 = n(x + w),
                top = n(y + ry),
                bottom = n(y + h - ry),
                rx = n(rx),
                ry = n(ry)
            )
        }
    };
}

/// A small sign for the role, so that it does not hang on colour.
fn glyph(out: &mut String, role: Role, (x, y): Point) {
    let d = match role {
        // A filled disc: the app.
        Role::App => "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0Z",
        // A ring.
        Role::Peer => "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0ZM-2.6 0a2.6 2.6 0 1 1 5.2 0a2.6 2.6 0 1 1-5.2 0Z",
        // A square on its corner.
        Role::Sidecar => "M0-6L6 0L0 6L-6 0Z",
        // The same with a core.
        Role::NativeSidecar => "M0-7L7 0L0 7L-7 0ZM0-4L-4 0L0 4L4 0ZM0-2L2 0L0 2L-2 0Z",
        // A triangle that points on.
        Role::Init => "M-4-6L6 0L-4 6Z",
        // A cross.
        Role::Ephemeral => "M-2-6H2V-2H6V2H2V6H-2V2H-6V-2H-2Z",
    };
    let _ = write!(
        out,
        "<path class=\"glyph\" fill-rule=\"evenodd\" transform=\"translate({} {})\" d=\"{d}\"/>",
        number(x),
        number(y)
    );
}

fn text(out: &mut String, line: &Text, prefix: &str) {
    let face = match line.font.face {
        Face::Mono => " mono",
        Face::Regular | Face::Bold => "",
    };
    let anchor = if line.is_centred { " text-anchor=\"middle\"" } else { "" };
    let _ = write!(
        out,
        "<text class=\"{prefix}{}{face}\" x=\"{}\" y=\"{}\"{anchor} textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\">{}</text>",
        line.class,
        number(line.at.0),
        number(line.at.1),
        number(line.font.width(&line.text)),
        escape(&line.text)
    );
}

fn path(out: &mut String, line: &Line) {
    let mut d = String::new();
    let points = &line.points;
    for (index, point) in points.iter().enumerate() {
        let (before, after) = (index.checked_sub(1).and_then(|i| points.get(i)), points.get(index + 1));
        match (before, after) {
            (None, _) => {
                let _ = write!(d, "M{} {}", number(point.0), number(point.1));
            }
            (Some(_), None) => {
                let _ = write!(d, "L{} {}", number(point.0), number(point.1));
            }
            (Some(before), Some(after)) => corner(&mut d, *before, *point, *after),
        }
    }
    let _ = write!(out, "<path class=\"line {}\" d=\"{d}\"/>", line.class);
    if let ([first, second, ..], Tip::Arrow) = (points.as_slice(), line.start) {
        tip(out, *second, *first, line.class);
    }
    match (points.as_slice(), line.end) {
        ([.., before, last], Tip::Arrow) => tip(out, *before, *last, line.class),
        ([.., last], Tip::Cross) => {
            let (x, y) = (number(last.0 - 8.0), number(last.1));
            let d = "M-5-5L5 5M5-5L-5 5";
            let _ = write!(out, "<path class=\"cross\" transform=\"translate({x} {y})\" d=\"{d}\"/>");
        }
        _ => {}
    }
}

/// A corner rounded by at most 6 pixels.
fn corner(d: &mut String, before: Point, at: Point, after: Point) {
    let towards = |to: Point| {
        let (dx, dy) = (to.0 - at.0, to.1 - at.1);
        let length = dx.hypot(dy).max(0.01);
        let r = 6.0_f32.min(length / 2.0);
        (at.0 + dx / length * r, at.1 + dy / length * r)
    };
    let (a, b) = (towards(before), towards(after));
    let _ =
        write!(d, "L{} {}Q{} {} {} {}", number(a.0), number(a.1), number(at.0), number(at.1), number(b.0), number(b.1));
}

/// An arrow head that points from `from` to `at`.
fn tip(out: &mut String, from: Point, at: Point, class: &str) {
    let (dx, dy) = (at.0 - from.0, at.1 - from.1);
    let length = dx.hypot(dy).max(0.01);
    let (ux, uy) = (dx / length, dy / length);
    let (back_x, back_y) = (at.0 - ux * 8.0, at.1 - uy * 8.0);
    let _ = write!(
        out,
        "<path class=\"tip {class}\" d=\"M{} {}L{} {}L{} {}Z\"/>",
        number(at.0),
        number(at.1),
        number(back_x - uy * 4.0),
        number(back_y + ux * 4.0),
        number(back_x + uy * 4.0),
        number(back_y - ux * 4.0)
    );
}

/// The rules with the colours of a theme put in, for viewers that know no variables.
fn resolved_style(theme: &str) -> String {
    let mut out = String::with_capacity(STYLE.len());
    let mut rest = STYLE;
    while let Some((before, after)) = rest.split_once("var(") {
        out.push_str(before);
        let (name, after) = after.split_once(')').unwrap_or((after, ""));
        out.push_str(colour(theme, name).unwrap_or("#808080"));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// At most one decimal, no trailing zero.
fn number(value: f32) -> String {
    let tenths = (value * 10.0).round() as i64;
    let sign = if tenths < 0 { "-" } else { "" };
    let (whole, tenth) = (tenths.abs() / 10, tenths.abs() % 10);
    if tenth == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{tenth}") }
}

/// Text as text: no markup, no control characters, nothing that turns the direction of writing.
fn escape(text: &str) -> String {
    let text = clean(text);
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{STYLE, colour, escape, number, resolved_style, themes};

    #[test]
    fn labels_cannot_become_markup() {
        assert_eq!(escape("<img src=x onerror='a'>&\u{202e}"), "&lt;img src=x onerror=&#39;a&#39;&gt;&amp;");
    }

    #[test]
    fn where_helvetica_is_missing_a_font_of_its_width_comes_first() {
        // Some viewers, librsvg among them, know no `textLength`: with a wide font, texts would leave their boxes there.
        let fonts = STYLE.split_once("font-family: ").and_then(|(_, rest)| rest.split_once(';')).unwrap().0;
        let fonts: Vec<&str> = fonts.split(", ").collect();
        assert_eq!(fonts.last(), Some(&"sans-serif"));
        for font in ["Helvetica", "\"Liberation Sans\"", "\"DejaVu Sans Condensed\""] {
            assert!(fonts.contains(&font), "{font} in {fonts:?}");
        }
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!([number(1.0), number(-0.04), number(12.25), number(-3.5)], ["1", "0", "12.3", "-3.5"]);
    }

    #[test]
    fn every_theme_gives_every_colour_a_value() {
        assert!(themes().len() >= 3, "{:?}", themes());
        for theme in themes() {
            for use_of in STYLE.split("var(").skip(1) {
                let variable = use_of.split(')').next().unwrap_or_default();
                assert!(colour(theme, variable).is_some(), "{theme} has no {variable}");
            }
            assert!(!resolved_style(theme).contains("var("));
        }
    }

    /// WCAG 2.2: 4.5:1 for text, 3:1 for shapes.
    #[test]
    fn every_theme_has_enough_contrast() {
        let text_on = [
            ("--d-fg", "--d-bg"),
            ("--d-muted", "--d-bg"),
            ("--d-fg", "--d-pod"),
            ("--d-muted", "--d-lane"),
            ("--d-muted", "--d-pod"),
            ("--d-muted", "--d-plate"),
            ("--d-app-text", "--d-app"),
            ("--d-peer-text", "--d-peer"),
            ("--d-sidecar-text", "--d-sidecar"),
            ("--d-native-text", "--d-native"),
            ("--d-init-text", "--d-init"),
            ("--d-ephemeral-text", "--d-ephemeral"),
            ("--d-volume-text", "--d-volume"),
            ("--d-outside-text", "--d-outside"),
        ];
        let shape_on = [
            ("--d-app-line", "--d-lane"),
            ("--d-peer-line", "--d-lane"),
            ("--d-sidecar-line", "--d-lane"),
            ("--d-native-line", "--d-lane"),
            ("--d-init-line", "--d-lane"),
            ("--d-ephemeral-line", "--d-lane"),
            ("--d-volume-line", "--d-pod"),
            ("--d-outside-line", "--d-bg"),
            ("--d-line", "--d-pod"),
            ("--d-line", "--d-lane"),
            ("--d-talks", "--d-pod"),
            ("--d-app-line", "--d-bg"),
            ("--d-bad", "--d-bg"),
        ];
        for theme in themes() {
            for (pairs, least) in [(&text_on[..], 4.5), (&shape_on[..], 3.0)] {
                for (front, back) in pairs {
                    let ratio = contrast(colour(theme, front).unwrap(), colour(theme, back).unwrap());
                    assert!(ratio >= least, "{theme}: {front} on {back} is only {ratio:.2}:1");
                }
            }
        }
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.03928 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }
}
