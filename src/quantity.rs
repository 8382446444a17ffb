//! Quantities as Kubernetes writes them: `250m`, `1.5Gi`, `2e3`.
//!
//! Source: `staging/src/k8s.io/apimachinery/pkg/api/resource/quantity.go`. A quantity has at most nine digits behind
//! the point, smaller parts are rounded up, and what it is written with decides how it is shown.

use std::fmt;

/// How a quantity is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Suffixes {
    /// `k`, `M`, `G`: thousands.
    Decimal,
    /// `Ki`, `Mi`, `Gi`: powers of 1024.
    Binary,
    /// `e3`, `e6`.
    Exponent,
}

/// An exact amount. Two quantities are equal when their amounts are, however they are written.
#[derive(Clone, Copy, Debug)]
pub struct Quantity {
    /// In billionths.
    nano: i128,
    suffixes: Suffixes,
}

/// More than any quantity of Kubernetes can be: 2^63-1 times 2^60, in billionths, still fits.
const MAX_NANO: i128 = i128::MAX / 1024;
const UNIT: i128 = 1_000_000_000;

impl Quantity {
    /// Nothing.
    pub const ZERO: Self = Self { nano: 0, suffixes: Suffixes::Decimal };

    /// A whole number.
    #[must_use]
    pub fn new(value: i64) -> Self {
        Self { nano: i128::from(value) * UNIT, suffixes: Suffixes::Decimal }
    }

    /// Reads a quantity. `None` for what Kubernetes refuses: no digits, an unknown suffix, spaces.
    ///
    /// ```
    /// use sidecar_playground::quantity::Quantity;
    /// let half = Quantity::parse("0.5").unwrap();
    /// assert_eq!(half.to_string(), "500m");
    /// assert_eq!(Quantity::parse("1.5Gi").unwrap().to_string(), "1536Mi");
    /// assert!(Quantity::parse("1 Gi").is_none());
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (is_negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let digits = rest.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
        let (number, suffix) = rest.split_at_checked(digits)?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if fraction.contains('.') || (whole.is_empty() && fraction.is_empty()) {
            return None;
        }
        let (suffixes, base, power) = suffix_of(suffix)?;
        let mut nano = magnitude(whole, fraction, base, power);
        if is_negative {
            nano = -nano;
        }
        Some(Self { nano, suffixes })
    }

    /// Whether it is below zero.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.nano < 0
    }

    /// Whether it is nothing.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.nano == 0
    }

    /// In thousandths, rounded up.
    #[must_use]
    pub fn milli(self) -> i128 {
        div_up(self.nano, UNIT / 1000)
    }

    /// In whole units, rounded up.
    #[must_use]
    pub fn value(self) -> i128 {
        div_up(self.nano, UNIT)
    }

    /// In billionths.
    #[must_use]
    pub fn nano(self) -> i128 {
        self.nano
    }

    /// The sum; keeps the way in which the first one is shown, unless that is nothing.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let suffixes = if self.is_zero() { other.suffixes } else { self.suffixes };
        Self { nano: self.nano.saturating_add(other.nano).clamp(-MAX_NANO, MAX_NANO), suffixes }
    }

    /// The difference.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        self.plus(Self { nano: -other.nano, suffixes: other.suffixes })
    }

    /// As many times as given.
    #[must_use]
    pub fn times(self, count: i64) -> Self {
        Self { nano: self.nano.saturating_mul(i128::from(count)).clamp(-MAX_NANO, MAX_NANO), ..self }
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.nano == other.nano
    }
}

impl Eq for Quantity {}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.nano.cmp(&other.nano)
    }
}

impl fmt::Display for Quantity {
    /// In the canonical form of Kubernetes: no fraction, and the greatest suffix that allows that.
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { nano, suffixes } = *self;
        if nano == 0 {
            return to.write_str("0");
        }
        // Binary suffixes only fit whole numbers; below 1024 and with a fraction Kubernetes falls back to decimal ones.
        if suffixes == Suffixes::Binary && nano % UNIT == 0 && (nano / UNIT).abs() >= 1024 {
            let mut value = nano / UNIT;
            let mut suffix = "";
            for next in ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"] {
                if value % 1024 != 0 {
                    break;
                }
                value /= 1024;
                suffix = next;
            }
            return write!(to, "{value}{suffix}");
        }
        let mut value = nano;
        let mut power = -9;
        while value % 1000 == 0 && power < 18 {
            value /= 1000;
            power += 3;
        }
        if suffixes == Suffixes::Exponent {
            return if power == 0 { write!(to, "{value}") } else { write!(to, "{value}e{power}") };
        }
        let suffix = DECIMAL.iter().find(|(_, of)| *of == power).map_or("", |(suffix, _)| suffix);
        write!(to, "{value}{suffix}")
    }
}

const DECIMAL: [(&str, i32); 10] =
    [("n", -9), ("u", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18)];
const BINARY: [(&str, i32); 6] = [("Ki", 1), ("Mi", 2), ("Gi", 3), ("Ti", 4), ("Pi", 5), ("Ei", 6)];

/// How a suffix is shown, and its base and power.
fn suffix_of(suffix: &str) -> Option<(Suffixes, i128, i32)> {
    if let Some((_, power)) = DECIMAL.iter().find(|(known, _)| *known == suffix) {
        return Some((Suffixes::Decimal, 10, *power));
    }
    if let Some((_, power)) = BINARY.iter().find(|(known, _)| *known == suffix) {
        return Some((Suffixes::Binary, 1024, *power));
    }
    let exponent = suffix.strip_prefix(['e', 'E'])?;
    let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some((Suffixes::Exponent, 10, exponent.parse::<i32>().unwrap_or(i32::MAX).clamp(-999, 999)))
}

/// `whole.fraction * base^power` in billionths, rounded up, at most [`MAX_NANO`].
fn magnitude(whole: &str, fraction: &str, base: i128, power: i32) -> i128 {
    if fraction.is_empty()
        && let Some(nano) = small_magnitude(whole, base, power)
    {
        return nano;
    }
    let mut digits = 0_i128;
    let mut behind = 0_i32;
    let mut is_rounded = false;
    for (index, byte) in whole.bytes().chain(fraction.bytes()).enumerate() {
        let Some(next) = digits.checked_mul(10).and_then(|ten| ten.checked_add(i128::from(byte - b'0'))) else {
            // More digits than anything can hold: behind the point they only round, in front of it they are too many.
            if index < whole.len() {
                return MAX_NANO;
            }
            is_rounded |= byte != b'0';
            continue;
        };
        digits = next;
        behind += i32::from(index >= whole.len());
    }
    // digits * 10^-behind * base^power * 10^9
    let (binary, mut decimal) = if base == 10 { (0, power) } else { (power, 0) };
    decimal += 9 - behind;
    let mut nano = digits;
    for _ in 0..binary {
        nano = nano.saturating_mul(1024);
    }
    for _ in 0..decimal.max(0) {
        if nano == 0 || nano >= MAX_NANO {
            break;
        }
        nano = nano.saturating_mul(10);
    }
    for _ in 0..(-decimal).max(0) {
        if nano == 0 {
            break;
        }
        is_rounded |= nano % 10 != 0;
        nano /= 10;
    }
    nano.saturating_add(i128::from(is_rounded)).min(MAX_NANO)
}

/// The same for most quantities there are, with one multiplication of 128 bits, which Wasm does not have.
fn small_magnitude(whole: &str, base: i128, power: i32) -> Option<i128> {
    let factor = match (base, power) {
        (10, -9..=9) => 10_i64.pow(u32::try_from(9 + power).ok()?),
        (1024, 0..=3) => 1_000_000_000 * 1024_i64.pow(u32::try_from(power).ok()?),
        _ => return None,
    };
    let digits: i64 = if whole.len() <= 9 { whole.parse().ok()? } else { return None };
    Some(i128::from(digits) * i128::from(factor))
}

fn div_up(value: i128, by: i128) -> i128 {
    let rest = value % by;
    value / by + i128::from(rest > 0)
}

#[cfg(test)]
mod tests {
    use super::Quantity;

    fn shown(text: &str) -> String {
        Quantity::parse(text).map_or_else(|| "-".to_owned(), |quantity| quantity.to_string())
    }

    #[test]
    fn quantities_are_shown_in_canonical_form() {
        for (text, canonical) in [
            ("1", "1"),
            ("0.1", "100m"),
            ("100m", "100m"),
            ("1000m", "1"),
            ("1250m", "1250m"),
            ("64Mi", "64Mi"),
            ("1024Mi", "1Gi"),
            ("0.5Gi", "512Mi"),
            ("0.5Mi", "512Ki"),
            ("1.5", "1500m"),
            ("100M", "100M"),
            ("1000k", "1M"),
            ("512Ki", "512Ki"),
            ("1000Ki", "1000Ki"),
            ("0", "0"),
            ("0Gi", "0"),
            ("-2", "-2"),
            ("1e3", "1e3"),
            ("1.5e3", "1500"),
            ("0.0000000001", "1n"),
            ("5", "5"),
            ("12e6", "12e6"),
            (".5", "500m"),
            ("2.", "2"),
        ] {
            assert_eq!(shown(text), canonical, "{text}");
        }
    }

    #[test]
    fn an_amount_is_the_same_with_and_without_a_point() {
        let suffixes =
            super::DECIMAL.iter().chain(&super::BINARY).map(|(suffix, _)| *suffix).chain(["e9", "e10", "e-9"]);
        for suffix in suffixes {
            for whole in ["0", "1", "+7", "-7", "007", "999999999", "1000000000"] {
                let amount = |text: String| Quantity::parse(&text).unwrap();
                assert_eq!(amount(format!("{whole}{suffix}")), amount(format!("{whole}.0{suffix}")), "{whole}{suffix}");
            }
        }
    }

    #[test]
    fn what_kubernetes_refuses_is_no_quantity() {
        for text in ["", "-", "Gi", "1GiB", "1 Gi", "1.2.3", "0x10", "1e", "ten", "1mm", "--1", "1g", "1K"] {
            assert_eq!(shown(text), "-", "{text}");
        }
    }

    #[test]
    fn sums_keep_the_first_form() {
        let sum = |one, other| Quantity::parse(one).unwrap().plus(Quantity::parse(other).unwrap()).to_string();
        assert_eq!(sum("1", "250m"), "1250m");
        assert_eq!(sum("1Gi", "512Mi"), "1536Mi");
        assert_eq!(sum("1Gi", "1M"), "1074741824");
        assert_eq!(sum("0", "64Mi"), "64Mi");
    }

    #[test]
    fn no_number_is_too_long() {
        for text in ["9".repeat(400), format!("0.{}", "9".repeat(400)), format!("{}Ei", "9".repeat(60)), "1e999".into()]
        {
            let quantity = Quantity::parse(&text).unwrap();
            assert!(!quantity.is_zero() && !quantity.plus(quantity).is_negative());
            assert!(!quantity.times(i64::MAX).to_string().is_empty());
        }
        assert_eq!(Quantity::parse("1e-999").unwrap().to_string(), "1e-9");
    }
}
