//! Links into the Mermaid Live editor.

use super::base64;
use miniz_oxide::deflate;
use std::fmt::Write as _;

/// An address of `mermaid.live` that opens with a picture. Its content stands behind `#` as well, as that editor reads it:
/// base64url of zlib of JSON.
#[must_use]
pub fn mermaid_live(code: &str) -> String {
    let code = json_string(code);
    let state =
        format!(r#"{{"code":{code},"mermaid":"{{\"theme\":\"default\"}}","autoSync":true,"updateDiagram":true}}"#);
    format!("https://mermaid.live/edit#pako:{}", base64::write(&deflate::compress_to_vec_zlib(state.as_bytes(), 9)))
}

fn json_string(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_comes_out_as_that_editor_reads_it() {
        let code = "flowchart LR\n  a[\"x \\ \u{1} 日本\"]\n";
        let link = mermaid_live(code);
        let packed = base64::read(link.split_once("#pako:").unwrap().1).unwrap();
        let json = miniz_oxide::inflate::decompress_to_vec_zlib(&packed).unwrap();
        let state: serde_yaml::Value = serde_yaml::from_slice(&json).unwrap();
        assert_eq!(state["code"].as_str(), Some(code));
        assert_eq!(state["mermaid"].as_str(), Some("{\"theme\":\"default\"}"));
    }
}
