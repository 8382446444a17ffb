//! Command lines, names and durations as Compose writes them.

/// Cuts a command line at its spaces, as Compose does: quotes and backslashes hold words together.
pub(super) fn split(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (Some(open), _) if character == open => quote = None,
            (Some('"'), '\\') => {
                let next = characters.next().unwrap_or('\\');
                let word = word.get_or_insert_default();
                if !matches!(next, '"' | '\\' | '$' | '`') {
                    word.push('\\');
                }
                word.push(next);
            }
            (Some(_), _) => word.get_or_insert_default().push(character),
            (None, '"' | '\'') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, '\\') => word.get_or_insert_default().extend(characters.next()),
            (None, _) if character.is_whitespace() => words.extend(word.take()),
            (None, _) => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    words
}

/// `$$` stands for a dollar sign.
pub(super) fn unescaped(text: &str) -> String {
    text.replace("$$", "$")
}

/// Whether a variable of the shell that runs Compose is put in here.
pub(super) fn has_variable(text: &str) -> bool {
    let text = text.replace("$$", "");
    text.match_indices('$').any(|(at, _)| {
        text.get(at + 1..)
            .and_then(|rest| rest.chars().next())
            .is_some_and(|c| c == '{' || c == '_' || c.is_ascii_alphabetic())
    })
}

/// A name that Kubernetes takes: small letters, digits and dashes, at most 63.
pub(super) fn dns_label(name: &str) -> String {
    let mut label = String::new();
    for character in name.chars() {
        if character.is_ascii_alphanumeric() {
            label.push(character.to_ascii_lowercase());
        } else if !label.is_empty() && !label.ends_with('-') {
            label.push('-');
        }
    }
    label.truncate(63);
    let label = label.trim_end_matches('-');
    if label.is_empty() { "x".to_owned() } else { label.to_owned() }
}

/// Whether Kubernetes takes a name for a host.
pub(super) fn is_host_name(name: &str) -> bool {
    name.len() <= 253 && name.split('.').all(|part| part == dns_label(part))
}

/// `1m30s` in whole seconds, rounded up; a plain number is seconds.
pub(super) fn seconds(text: &str) -> Option<i64> {
    let mut total = 0.0;
    let mut number = String::new();
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    while let Some(character) = rest.chars().next() {
        if character.is_ascii_digit() || character == '.' {
            number.push(character);
            rest = rest.get(1..)?;
            continue;
        }
        let (unit, factor) = [("ms", 0.001), ("us", 0.000_001), ("ns", 0.0), ("h", 3600.0), ("m", 60.0), ("s", 1.0)]
            .into_iter()
            .find(|(unit, _)| rest.starts_with(unit))?;
        total += number.parse::<f64>().ok()? * factor;
        number.clear();
        rest = rest.get(unit.len()..)?;
    }
    if !number.is_empty() {
        total += number.parse::<f64>().ok()?;
    }
    (total <= 1e9).then(|| total.ceil() as i64)
}

/// An amount of memory as Kubernetes writes it: `512m` of Compose are mebibytes, for Kubernetes they would be thousandths.
pub(super) fn memory(text: &str) -> Option<String> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(digits)?;
    number.parse::<f64>().ok()?;
    let suffix = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => "",
        "k" | "kb" => "Ki",
        "m" | "mb" => "Mi",
        "g" | "gb" => "Gi",
        _ => return None,
    };
    Some(format!("{number}{suffix}"))
}

#[cfg(test)]
mod tests {
    use super::{dns_label, has_variable, is_host_name, memory, seconds, split};

    #[test]
    fn command_lines_are_cut_as_a_shell_cuts_them() {
        assert_eq!(split(r#"sh -c "a \"b\" c" 'd e'f\ g"#), ["sh", "-c", "a \"b\" c", "d ef g"]);
        assert_eq!(split("  "), Vec::<String>::new());
        assert_eq!(split("a ''"), ["a", ""]);
    }

    #[test]
    fn names_durations_and_amounts_are_translated() {
        assert_eq!(dns_label("My_App.v2-"), "my-app-v2");
        assert_eq!(dns_label("__"), "x");
        assert!(is_host_name("db-1.local") && !is_host_name("my_db") && !is_host_name("Db") && !is_host_name(""));
        assert_eq!(seconds("1m30s"), Some(90));
        assert_eq!(seconds("500ms"), Some(1));
        assert_eq!(seconds("15"), Some(15));
        assert_eq!(seconds("soon"), None);
        assert_eq!(memory("256M").as_deref(), Some("256Mi"));
        assert_eq!(memory("1.5gb").as_deref(), Some("1.5Gi"));
        assert_eq!(memory("x"), None);
        assert!(has_variable("${X}") && has_variable("$X") && !has_variable("$$X 5$"));
    }
}
