//! From the text's nodes to a typed object, with the errors of the server's decoder.
//!
//! Sources: `apimachinery/pkg/runtime/serializer/json`, `sigs.k8s.io/json`. The server turns YAML to JSON first, with
//! keys in alphabetical order, so that is the order of its errors. Of wrong types only the first counts; unknown and
//! repeated fields are all named, when it is strict.

use super::item::{Item, Key};
use super::schema::{Kind, Schema, Shape, go_type};
use super::{Dropped, Request};
use crate::quantity::Quantity;
use crate::source::{Entry, Scalar, Value};
use std::borrow::Cow;

/// Most errors of strictness that the server keeps.
const MAX_STRICT: usize = 100;
/// Deepest nesting of an API type that is read; the types themselves are flatter.
const MAX_DEPTH: usize = 64;

/// What came of decoding.
pub(super) struct Decoded {
    pub(super) item: Item,
    pub(super) error: Option<String>,
    pub(super) dropped: Vec<Dropped>,
}

/// Decodes the object of a request as a type of the schema.
pub(super) fn decode(object: Value<'_>, kind: &str, is_strict: bool, schema: &Schema) -> Decoded {
    let mut decoder = Decoder {
        schema,
        fields: Vec::new(),
        owner: "",
        path: String::new(),
        wrong: None,
        abort: None,
        strict: Vec::new(),
        dropped: Vec::new(),
    };
    if is_strict && object.may_repeat_keys() {
        decoder.repeated(object);
    }
    let item = schema.index(kind).map_or_else(Item::empty, |of| decoder.object(object, of, 0));
    let strict = (is_strict && !decoder.strict.is_empty())
        .then(|| format!("strict decoding error: {}", decoder.strict.join(", ")));
    Decoded { item, error: decoder.abort.or(decoder.wrong).or(strict), dropped: decoder.dropped }
}

/// Decodes the object that is there already; what is wrong with it is not of interest.
pub(super) fn decode_old(request: &Request<'_>, kind: &str, schema: &Schema) -> Option<Item> {
    request.old.map(|old| decode(old, kind, false, schema).item)
}

struct Decoder<'s> {
    schema: &'s Schema,
    /// Go's field stack: names without indices, with the names of embedded structs.
    fields: Vec<&'static str>,
    /// The struct that holds the field.
    owner: &'static str,
    /// The path as strict errors show it.
    path: String,
    /// The first wrong type.
    wrong: Option<String>,
    /// An error that ends decoding at once.
    abort: Option<String>,
    strict: Vec<String>,
    dropped: Vec<Dropped>,
}

impl Decoder<'_> {
    /// A struct, given by its index in the schema.
    fn object(&mut self, value: Value<'_>, of: usize, depth: usize) -> Item {
        let schema = self.schema;
        let entries = sorted(value);
        let mut fields: Vec<(Key, Item)> = Vec::with_capacity(entries.len());
        let (owner, length) = (std::mem::replace(&mut self.owner, schema.name(of)), self.path.len());
        for (key, value) in entries {
            if self.abort.is_some() {
                break;
            }
            let Some(field) = schema.field(of, &key) else {
                self.unknown(&key, value);
                continue;
            };
            let deep = self.fields.len();
            if !field.embedded.is_empty() {
                self.fields.push(field.embedded);
            }
            self.fields.push(field.name);
            self.step(&key);
            if let Some(item) = self.value(value, &field.kind, depth + 1) {
                let is_int_or_text = matches!(field.kind.shape, Shape::IntOrText);
                let is_zero = match &item {
                    Item::Bool(bool) => !bool,
                    Item::Int(int) => *int == 0 && !is_int_or_text,
                    Item::Text(text) => text.is_empty() && !is_int_or_text,
                    Item::Struct(fields) => fields.is_empty(),
                    Item::List(_) | Item::Map(_) => false,
                };
                if field.kind.is_pointer || !is_zero {
                    fields.push((Key::Borrowed(field.name), item));
                }
            }
            self.fields.truncate(deep);
            self.path.truncate(length);
        }
        self.owner = owner;
        Item::Struct(fields)
    }

    fn value(&mut self, value: Value<'_>, kind: &Kind, depth: usize) -> Option<Item> {
        if depth > MAX_DEPTH || value.is_null() {
            return None;
        }
        match &kind.shape {
            Shape::List(of) if value.is_sequence() => {
                let length = self.path.len();
                let entries = value.items();
                let mut items = Vec::with_capacity(entries.len());
                for (index, entry) in entries.enumerate() {
                    if self.abort.is_some() {
                        break;
                    }
                    self.path.extend(["[", &index.to_string(), "]"]);
                    items.push(self.value(entry, of, depth + 1).unwrap_or_else(|| zero(of)));
                    self.path.truncate(length);
                }
                Some(Item::List(items))
            }
            Shape::Map(of) if value.is_mapping() => Some(self.map(value, of, depth)),
            Shape::Struct(of) if value.is_mapping() => Some(self.object(value, *of, depth)),
            Shape::List(_) | Shape::Map(_) | Shape::Struct(_) => self.wrong(value, kind),
            _ => self.scalar(value, kind),
        }
    }

    fn map(&mut self, value: Value<'_>, of: &Kind, depth: usize) -> Item {
        let length = self.path.len();
        let mut fields = Vec::new();
        for (key, value) in sorted(value) {
            if self.abort.is_some() {
                break;
            }
            self.step(&key);
            let item = self.value(value, of, depth + 1).unwrap_or_else(|| zero(of));
            fields.push((Key::Owned(key.into_owned()), item));
            self.path.truncate(length);
        }
        Item::Map(fields)
    }

    fn scalar(&mut self, value: Value<'_>, kind: &Kind) -> Option<Item> {
        let scalar = value.scalar();
        match (&kind.shape, scalar) {
            (Shape::Text | Shape::IntOrText, Some(Scalar::Text(text))) => Some(Item::text(text)),
            (Shape::Bool, Some(Scalar::Bool(bool))) => Some(Item::Bool(bool)),
            (Shape::Int32 | Shape::IntOrText, Some(Scalar::Int(int))) if i32::try_from(int).is_ok() => {
                Some(Item::Int(int))
            }
            (Shape::Int64, Some(Scalar::Int(int))) => Some(Item::Int(int)),
            (Shape::Int32, Some(Scalar::Float(float))) if is_whole(float, f64::from(i32::MAX)) => {
                Some(Item::Int(float as i64))
            }
            (Shape::Int64, Some(Scalar::Float(float))) if is_whole(float, 1e15) => Some(Item::Int(float as i64)),
            (Shape::Int32 | Shape::Int64, Some(Scalar::Int(_) | Scalar::Float(_))) => {
                let go = if matches!(kind.shape, Shape::Int32) { "int32" } else { "int64" };
                self.wrong_type(&format!("number {}", json_number(value)), go)
            }
            (Shape::Quantity, _) => self.quantity(value),
            (Shape::IntOrText, _) => {
                let what = match scalar {
                    Some(Scalar::Int(_) | Scalar::Float(_)) => format!("number {}", json_number(value)),
                    _ => json_kind(value).to_owned(),
                };
                self.abort = Some(self.type_error(&what, "int32"));
                None
            }
            (Shape::Time, _) => self.time(value),
            (Shape::Fields, _) => Some(Item::empty()),
            _ => self.wrong(value, kind),
        }
    }

    fn time(&mut self, value: Value<'_>) -> Option<Item> {
        let Some(Scalar::Text(text)) = value.scalar() else {
            self.abort = Some(self.type_error(json_kind(value), "string"));
            return None;
        };
        if let Some(odd) = odd_time(text) {
            let (text, odd) = (super::error::quote(text), super::error::quote(odd.0) + odd.1);
            self.abort = Some(format!("parsing time {text} as \"2006-01-02T15:04:05Z07:00\": cannot parse {odd}"));
            return None;
        }
        Some(Item::text(text))
    }

    fn quantity(&mut self, value: Value<'_>) -> Option<Item> {
        let text = match value.scalar() {
            Some(Scalar::Text(text)) => text.trim().to_owned(),
            Some(Scalar::Int(_) | Scalar::Float(_)) => json_number(value),
            Some(Scalar::Bool(bool)) => bool.to_string(),
            _ => "{".to_owned(),
        };
        if Quantity::parse(&text).is_some() {
            return Some(Item::Text(text.into()));
        }
        let (sign, rest) = text.split_at_checked(usize::from(text.starts_with(['+', '-']))).unwrap_or_default();
        // A suffix alone counts as zero of it.
        if !text.is_empty() && Quantity::parse(&format!("{sign}0{rest}")).is_some_and(Quantity::is_zero) {
            return Some(Item::word("0"));
        }
        self.abort = Some(if !text.is_empty() && has_only_a_bad_suffix(rest) {
            "unable to parse quantity's suffix".to_owned()
        } else {
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'".to_owned()
        });
        None
    }

    fn wrong(&mut self, value: Value<'_>, kind: &Kind) -> Option<Item> {
        let go = go_type(kind.name, self.schema);
        self.wrong_type(json_kind(value), &go)
    }

    fn wrong_type(&mut self, what: &str, go: &str) -> Option<Item> {
        if self.wrong.is_none() {
            self.wrong = Some(self.type_error(what, go));
        }
        None
    }

    fn type_error(&self, what: &str, go: &str) -> String {
        let (owner, fields) = (&self.owner, self.fields.join("."));
        format!("json: cannot unmarshal {what} into Go struct field {owner}.{fields} of type {go}")
    }

    fn step(&mut self, key: &str) {
        if !self.path.is_empty() {
            self.path.push('.');
        }
        self.path.push_str(key);
    }

    fn unknown(&mut self, key: &str, value: Value<'_>) {
        let length = self.path.len();
        self.step(key);
        let message = format!("unknown field {}", super::error::quote(&self.path));
        if self.strict.len() < MAX_STRICT && !self.strict.contains(&message) {
            self.strict.push(message);
        }
        let why = "no such field in this release".to_owned();
        self.dropped.push(Dropped { field: self.path.clone(), why, node: Some(value.id()) });
        self.path.truncate(length);
    }

    /// Keys that are there twice, as the YAML reader names them.
    fn repeated(&mut self, object: Value<'_>) {
        let mut lines: Vec<(u32, String)> = Vec::new();
        repeats(object, 0, &mut Vec::new(), &mut lines);
        if lines.is_empty() {
            return;
        }
        let lines: Vec<String> = lines.into_iter().map(|(line, what)| format!("  line {line}: {what}")).collect();
        self.strict.push(format!("yaml: unmarshal errors:\n{}", lines.join("\n")));
    }
}

/// The value of an entry that is null.
fn zero(kind: &Kind) -> Item {
    match kind.shape {
        Shape::Text => Item::word(""),
        Shape::Int32 | Shape::Int64 => Item::Int(0),
        Shape::Bool => Item::Bool(false),
        Shape::Quantity => Item::word("0"),
        _ => Item::empty(),
    }
}

/// Keys, as JSON has them, and values, in the order of the keys; of a key given twice the last.
fn sorted(value: Value<'_>) -> Vec<(Cow<'_, str>, Value<'_>)> {
    let json = |entry: Entry<'_>| match entry.key_node.scalar() {
        Some(Scalar::Bool(bool)) => Some(bool.to_string()),
        Some(Scalar::Int(int)) => Some(int.to_string()),
        _ => None,
    };
    let entries = value.entries().into_iter();
    let mut entries: Vec<_> =
        entries.map(|entry| (json(entry).map_or(Cow::Borrowed(entry.key), Cow::Owned), entry.value)).collect();
    entries.sort_by(|(one, _), (other, _)| one.cmp(other));
    entries.dedup_by(|later, earlier| {
        let is_same = later.0 == earlier.0;
        if is_same {
            earlier.1 = later.1;
        }
        is_same
    });
    entries
}

/// Repeated keys with their lines, those inside of a value before the key of the value. `seen` are the keys of the
/// mappings around.
fn repeats<'d>(value: Value<'d>, depth: usize, seen: &mut Vec<&'d str>, lines: &mut Vec<(u32, String)>) {
    if depth > MAX_DEPTH {
        return;
    }
    for item in value.items() {
        repeats(item, depth + 1, seen, lines);
    }
    let around = seen.len();
    for entry in value.own_pairs() {
        repeats(entry.value, depth + 1, seen, lines);
        if entry.key != "<<" && seen.iter().skip(around).any(|known| *known == entry.key) {
            lines.push((entry.value.line(), format!("key {} already set in map", super::error::quote(entry.key))));
        }
        seen.push(entry.key);
    }
    seen.truncate(around);
}

/// What keeps the server from finding out the kind of an object.
pub(super) fn kind_error(object: Value<'_>) -> Option<String> {
    let wrong = |field: &str| {
        let what = json_kind(object.get(field)?);
        let prefix = "couldn't get version/kind; json parse error: json: cannot unmarshal";
        (!matches!(what, "string" | "null"))
            .then(|| format!("{prefix} {what} into Go struct field .{field} of type string"))
    };
    wrong("apiVersion").or_else(|| wrong("kind"))
}

fn json_kind(value: Value<'_>) -> &'static str {
    if value.is_mapping() {
        return "object";
    }
    match value.scalar() {
        None => "array",
        Some(Scalar::Null) => "null",
        Some(Scalar::Bool(_)) => "bool",
        Some(Scalar::Int(_) | Scalar::Float(_)) => "number",
        Some(Scalar::Text(_)) => "string",
    }
}

/// A number as Go writes it in JSON.
fn json_number(value: Value<'_>) -> String {
    match value.scalar() {
        Some(Scalar::Int(int)) => int.to_string(),
        Some(Scalar::Float(float)) if float != 0.0 && (float.abs() < 1e-6 || float.abs() >= 1e21) => {
            let text = format!("{float:e}");
            let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
            match exponent.strip_prefix('-') {
                Some(digits) => format!("{mantissa}e-{digits:0>2}"),
                None => format!("{mantissa}e+{exponent:0>2}"),
            }
        }
        Some(Scalar::Float(float)) => {
            let whole = value.text().and_then(|text| text.parse::<u64>().ok());
            whole.map_or_else(|| float.to_string(), |whole| whole.to_string())
        }
        _ => String::new(),
    }
}

fn is_whole(float: f64, most: f64) -> bool {
    float.fract() == 0.0 && float.abs() <= most
}

/// Whether a quantity without its sign is a number with something behind it that has the form of a suffix, but is none.
fn has_only_a_bad_suffix(text: &str) -> bool {
    let digits = |c: char| c.is_ascii_digit();
    let rest = text.trim_start_matches(digits);
    let rest = rest.strip_prefix('.').map_or(rest, |rest| rest.trim_start_matches(digits));
    let rest = rest.trim_start_matches(|c: char| "eEinumkKMGTP".contains(c));
    rest.strip_prefix(['+', '-']).unwrap_or(rest).trim_start_matches(digits).is_empty()
}

/// The rest of a time that cannot be read, and what should stand there; nothing for `2006-01-02T15:04:05Z`.
fn odd_time(text: &str) -> Option<(&str, &'static str)> {
    let parts = [
        (4, " as \"2006\""),
        (1, " as \"-\""),
        (2, " as \"01\""),
        (1, " as \"-\""),
        (2, " as \"02\""),
        (1, " as \"T\""),
        (2, " as \"15\""),
        (1, " as \":\""),
        (2, " as \"04\""),
        (1, " as \":\""),
        (2, " as \"05\""),
    ];
    let mut rest = text;
    for (length, what) in parts {
        let Some((part, after)) = rest.split_at_checked(length) else { return Some((rest, what)) };
        let is_digits = part.bytes().all(|byte| byte.is_ascii_digit());
        let fits = if length == 1 { what.contains(part) } else { is_digits };
        if !fits {
            return Some((rest, what));
        }
        rest = after;
    }
    let zone = rest.strip_prefix('.').map_or(rest, |rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    let is_offset = zone.len() == 6 && zone.starts_with(['+', '-']) && zone.get(3..4) == Some(":");
    (zone != "Z" && !is_offset).then_some((zone, " as \"Z07:00\""))
}
