//! Templates that were not rendered (Helm, Go, Jinja): read with their `{{ … }}` parts blanked out.

/// Whether a text has template parts at all.
pub(super) fn has_template_parts(text: &str) -> bool {
    text.contains("{{") || text.contains("{%")
}

/// The same text, byte for byte as long, with template parts made harmless: a part that fills its line becomes
/// spaces, one inside a line becomes `_`, so that `image: {{ .Values.image }}` stays a value of the same width.
pub(super) fn blank(text: &str) -> String {
    let mut out: Vec<u8> = text.as_bytes().to_vec();
    let mut from = 0;
    while let Some((start, close)) = next_opening(text, from) {
        let end = text.get(start..).and_then(|rest| rest.find(close)).map_or(text.len(), |at| start + at + 2);
        let fills_its_lines = is_blank_before(&out, start) && is_blank_after(text, end);
        let with = if fills_its_lines { b' ' } else { b'_' };
        for byte in out.get_mut(start..end).unwrap_or_default() {
            if *byte != b'\n' && *byte != b'\r' {
                *byte = with;
            }
        }
        from = end;
    }
    String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

fn next_opening(text: &str, from: usize) -> Option<(usize, &'static str)> {
    let rest = text.get(from..)?;
    [("{{", "}}"), ("{%", "%}")]
        .into_iter()
        .filter_map(|(open, close)| rest.find(open).map(|at| (from + at, close)))
        .min_by_key(|(at, _)| *at)
}

fn is_blank_before(text: &[u8], at: usize) -> bool {
    let line = text.get(..at).unwrap_or_default().rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    line.iter().all(u8::is_ascii_whitespace)
}

fn is_blank_after(text: &str, at: usize) -> bool {
    // Several parts may share a line: `{{- end }}{{- end }}`.
    let line = text.get(at..).unwrap_or_default().split('\n').next().unwrap_or_default().trim();
    line.is_empty() || (line.starts_with("{{") && line.ends_with("}}")) || line.starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::blank;

    #[test]
    fn parts_keep_their_width_and_lines() {
        let text = "{{- if .x }}\nimage: {{ .repo }}:{{ .tag }}\nname: \"{{ .n | quote }}\"\n  {{- with .y }}\n{{- end }}{{ end }}\n";
        let blanked = blank(text);
        assert_eq!(blanked.len(), text.len());
        assert_eq!(blanked.lines().next().unwrap().trim(), "");
        assert_eq!(blanked.lines().nth(1), Some("image: ___________:__________"));
        assert_eq!(blanked.lines().nth(4).unwrap().trim(), "");
    }

    #[test]
    fn comments_over_several_lines_and_open_parts_end_somewhere() {
        assert_eq!(blank("{{/*\nx: [\n*/}}\na: 1"), "    \n    \n    \na: 1");
        assert_eq!(blank("a: {{ é"), "a: _____");
    }
}
