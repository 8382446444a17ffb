//! What a plain scalar means to Kubernetes.
//!
//! Kubernetes reads YAML with a fork of go-yaml 2 (`sigs.k8s.io/yaml`, `goyaml.v2/resolve.go`), that is as YAML 1.1:
//! `yes`, `on` and `n` are booleans, `0755` is octal, `_` is ignored in numbers. Quoted values are always text.

use std::borrow::Cow;

/// A resolved scalar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar<'t> {
    /// `null`, `~` or nothing.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number that fits 64 bits.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(&'t str),
}

/// `false`: the longest word that is no text.
const LONGEST_WORD: usize = 5;

impl<'t> Scalar<'t> {
    /// Whether an unquoted scalar is null.
    #[must_use]
    pub fn is_null(text: &str) -> bool {
        matches!(text, "" | "~" | "null" | "Null" | "NULL")
    }

    /// Resolves an unquoted scalar.
    #[must_use]
    pub fn resolve(text: &'t str) -> Self {
        // Most scalars are names: a look at their start is enough.
        let Some(first) = text.bytes().next() else { return Self::Null };
        let is_numeric = first.is_ascii_digit() || matches!(first, b'+' | b'-' | b'.');
        let may_be_word = text.len() <= LONGEST_WORD
            && matches!(first, b'~' | b'n' | b'N' | b'y' | b'Y' | b't' | b'T' | b'f' | b'F' | b'o' | b'O');
        if !is_numeric && !may_be_word {
            return Self::Text(text);
        }
        match text {
            _ if Self::is_null(text) => return Self::Null,
            "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "true" | "True" | "TRUE" => {
                return Self::Bool(true);
            }
            "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" | "false" | "False" | "FALSE" => {
                return Self::Bool(false);
            }
            ".nan" | ".NaN" | ".NAN" => return Self::Float(f64::NAN),
            ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Self::Float(f64::INFINITY),
            "-.inf" | "-.Inf" | "-.INF" => return Self::Float(f64::NEG_INFINITY),
            _ => {}
        }
        let number = if is_numeric { number(text) } else { None };
        number.unwrap_or(Self::Text(text))
    }
}

fn number(text: &str) -> Option<Scalar<'static>> {
    let plain = if text.contains('_') { Cow::Owned(text.replace('_', "")) } else { Cow::Borrowed(text) };
    if let Some(int) = integer(&plain) {
        return Some(Scalar::Int(int));
    }
    // Go's float pattern: `^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`
    let unsigned = plain.strip_prefix(['-', '+']).unwrap_or(&plain);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).map_or((unsigned, None), |(m, e)| (m, Some(e)));
    let is_digits = |s: &str| !s.is_empty() && s.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(w, f)| (w, Some(f)));
    let mantissa_fits = match fraction {
        None => is_digits(whole),
        Some(fraction) if whole.is_empty() => is_digits(fraction),
        Some(fraction) => is_digits(whole) && (fraction.is_empty() || is_digits(fraction)),
    };
    let exponent_fits = exponent.is_none_or(|e| is_digits(e.strip_prefix(['-', '+']).unwrap_or(e)));
    (mantissa_fits && exponent_fits).then(|| plain.parse().ok().map(Scalar::Float)).flatten()
}

/// As Go's `strconv.ParseInt(text, 0, 64)`, with YAML 1.1's signed `0b`.
fn integer(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (radix, digits) = match digits.get(..2) {
        Some("0x" | "0X") => (16, digits.get(2..)?),
        Some("0b" | "0B") => (2, digits.get(2..)?),
        Some("0o" | "0O") => (8, digits.get(2..)?),
        Some(start) if start.starts_with('0') => (8, digits.get(1..)?),
        _ => (10, digits),
    };
    if digits.starts_with(['-', '+']) {
        return None;
    }
    // So many digits fit 64 bits whatever they mean; larger numbers take several times as long in Wasm.
    let value = match digits.len() {
        0..=15 => i128::from(i64::from_str_radix(digits, radix).ok()?),
        _ => i128::from_str_radix(digits, radix).ok()?,
    };
    i64::try_from(if negative { -value } else { value }).ok()
}

#[cfg(test)]
mod tests {
    use super::Scalar;

    /// Answers of go-yaml 2's `resolve`.
    #[test]
    fn scalars_mean_what_they_mean_to_kubernetes() {
        let cases = [
            ("yes", Scalar::Bool(true)),
            ("n", Scalar::Bool(false)),
            ("Off", Scalar::Bool(false)),
            ("oFF", Scalar::Text("oFF")),
            ("~", Scalar::Null),
            ("", Scalar::Null),
            ("0755", Scalar::Int(493)),
            ("0o755", Scalar::Int(493)),
            ("0x1F", Scalar::Int(31)),
            ("-0b101", Scalar::Int(-5)),
            ("1_000", Scalar::Int(1000)),
            ("08", Scalar::Float(8.0)),
            ("1e3", Scalar::Float(1000.0)),
            (".5", Scalar::Float(0.5)),
            ("5.", Scalar::Float(5.0)),
            ("-", Scalar::Text("-")),
            (".", Scalar::Text(".")),
            ("1.2.3", Scalar::Text("1.2.3")),
            ("500m", Scalar::Text("500m")),
            ("1e", Scalar::Text("1e")),
            ("--1", Scalar::Text("--1")),
            ("0x-1", Scalar::Text("0x-1")),
            ("9223372036854775807", Scalar::Int(i64::MAX)),
            ("123456789012345678901", Scalar::Float(123_456_789_012_345_678_901.0)),
            ("always", Scalar::Text("always")),
        ];
        for (text, expected) in cases {
            assert_eq!(Scalar::resolve(text), expected, "{text:?}");
        }
    }
}
