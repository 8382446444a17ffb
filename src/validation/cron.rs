//! Schedules of CronJobs. Source: `github.com/robfig/cron/v3/parser.go`, which the server uses.

use super::Check;
use super::error::{Bad, quote};
use super::item::At;
use super::path::Path;
use super::{internal, jobs};

/// A part of a schedule: its least and greatest number, and names for them.
struct Bounds {
    least: u64,
    most: u64,
    names: &'static [&'static str],
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const PARTS: [Bounds; 5] = [
    Bounds { least: 0, most: 59, names: &[] },
    Bounds { least: 0, most: 23, names: &[] },
    Bounds { least: 1, most: 31, names: &[] },
    Bounds { least: 1, most: 12, names: &MONTHS },
    Bounds { least: 0, most: 6, names: &DAYS },
];

/// Why a schedule is none.
fn problem(schedule: &str) -> Option<String> {
    let mut schedule = schedule;
    if schedule.starts_with("TZ=") || schedule.starts_with("CRON_TZ=") {
        let Some((zone, rest)) = schedule.split_once(' ') else {
            let start = schedule.find('=').map_or(0, |at| at + 1);
            return Some(format!("invalid schedule format: runtime error: slice bounds out of range [{start}:-1]"));
        };
        let zone = zone.split_once('=').map_or("", |(_, zone)| zone);
        if let Some(unknown) = unknown_zone(zone) {
            return Some(format!("provided bad location {zone}: {unknown}"));
        }
        schedule = rest.trim();
    }
    if let Some(descriptor) = schedule.strip_prefix('@') {
        let known = ["yearly", "annually", "monthly", "weekly", "daily", "midnight", "hourly"];
        if known.contains(&descriptor) {
            return None;
        }
        return match descriptor.strip_prefix("every ") {
            Some(duration) => {
                duration_problem(duration).map(|why| format!("failed to parse duration {schedule}: {why}"))
            }
            None => Some(format!("unrecognized descriptor: {schedule}")),
        };
    }
    let fields: Vec<&str> = schedule.split_whitespace().collect();
    if fields.len() != PARTS.len() {
        return Some(format!("expected exactly 5 fields, found {}: [{}]", fields.len(), fields.join(" ")));
    }
    let ranges = fields.iter().zip(&PARTS).flat_map(|(field, bounds)| {
        field.split(',').filter(|range| !range.is_empty()).map(move |range| range_problem(range, bounds))
    });
    ranges.flatten().next()
}

/// What Go says of a duration that it cannot read.
fn duration_problem(text: &str) -> Option<String> {
    let invalid = || Some(format!("time: invalid duration {}", quote(text)));
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    if rest == "0" {
        return None;
    }
    if rest.is_empty() {
        return invalid();
    }
    while !rest.is_empty() {
        let number = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let has_whole = number.len() < rest.len();
        let (unit, has_fraction) = match number.strip_prefix('.') {
            Some(fraction) => {
                let unit = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
                (unit, unit.len() < fraction.len())
            }
            None => (number, false),
        };
        if !has_whole && !has_fraction {
            return invalid();
        }
        let end = unit.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(unit.len());
        let (unit, next) = unit.split_at_checked(end).unwrap_or_default();
        if unit.is_empty() {
            return Some(format!("time: missing unit in duration {}", quote(text)));
        }
        if !matches!(unit, "ns" | "us" | "µs" | "μs" | "ms" | "s" | "m" | "h") {
            return Some(format!("time: unknown unit {} in duration {}", quote(unit), quote(text)));
        }
        rest = next;
    }
    None
}

fn number(text: &str, names: &[&str]) -> Result<u64, String> {
    if let Some(index) = names.iter().position(|name| *name == text.to_lowercase()) {
        // Months count from 1, days from 0.
        return Ok(index as u64 + u64::from(names.len() == MONTHS.len()));
    }
    match text.parse::<i64>() {
        Ok(number) => u64::try_from(number).map_err(|_| format!("negative number ({number}) not allowed: {text}")),
        Err(_) => {
            let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
            let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            let why = if is_number { "value out of range" } else { "invalid syntax" };
            Err(format!("failed to parse int from {text}: strconv.Atoi: parsing {}: {why}", quote(text)))
        }
    }
}

fn range_problem(range: &str, bounds: &Bounds) -> Option<String> {
    range_or_problem(range, bounds).err()
}

fn range_or_problem(range: &str, bounds: &Bounds) -> Result<(), String> {
    let parts: Vec<&str> = range.split('/').collect();
    let ends: Vec<&str> = parts.first().copied().unwrap_or_default().split('-').collect();
    let first = ends.first().copied().unwrap_or_default();
    let is_all = matches!(first, "*" | "?");
    let (start, mut end) = if is_all {
        (bounds.least, bounds.most)
    } else {
        let start = number(first, bounds.names)?;
        match ends.as_slice() {
            [_] => (start, start),
            [_, last] => (start, number(last, bounds.names)?),
            _ => return Err(format!("too many hyphens: {range}")),
        }
    };
    let step = match parts.as_slice() {
        [_] => 1,
        [_, step] => {
            if ends.len() == 1 {
                end = bounds.most;
            }
            number(step, &[])?
        }
        _ => return Err(format!("too many slashes: {range}")),
    };
    let (least, most) = (bounds.least, bounds.most);
    if start < least {
        return Err(format!("beginning of range ({start}) below minimum ({least}): {range}"));
    }
    if end > most {
        return Err(format!("end of range ({end}) above maximum ({most}): {range}"));
    }
    if start > end {
        return Err(format!("beginning of range ({start}) beyond end of range ({end}): {range}"));
    }
    if step == 0 {
        return Err(format!("step of range should be a positive number: {range}"));
    }
    Ok(())
}

/// Areas of the time zone database, and zones without an area. Names within an area are not known here.
const ZONES: [&str; 54] = [
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Brazil",
    "CET",
    "CST6CDT",
    "Canada",
    "Chile",
    "Cuba",
    "EET",
    "EST",
    "EST5EDT",
    "Egypt",
    "Eire",
    "Etc",
    "Europe",
    "Factory",
    "GB",
    "GB-Eire",
    "GMT",
    "GMT+0",
    "GMT-0",
    "GMT0",
    "Greenwich",
    "HST",
    "Hongkong",
    "Iceland",
    "Indian",
    "Iran",
    "Israel",
    "Jamaica",
    "Japan",
    "Kwajalein",
    "Libya",
    "MET",
    "MST",
    "MST7MDT",
    "Mexico",
    "NZ",
    "Navajo",
    "PRC",
    "PST8PDT",
    "Pacific",
    "Poland",
    "Portugal",
    "Singapore",
    "Turkey",
    "UCT",
    "US",
    "UTC",
];

/// What Go says of a time zone that it does not know.
fn unknown_zone(zone: &str) -> Option<String> {
    let area = zone.split('/').next().unwrap_or_default();
    let others = ["", "Local", "Universal", "W-SU", "WET", "Zulu", "ROC", "ROK", "NZ-CHAT"];
    let is_known = ZONES.contains(&area) || others.contains(&area);
    (!is_known).then(|| format!("unknown time zone {zone}"))
}

/// `spec` of a CronJob.
pub(super) fn spec(check: &mut Check, spec: At<'_>, old: Option<At<'_>>, path: &Path) {
    let schedule = spec.get("schedule").text();
    let schedule_path = path.child("schedule");
    let zone = spec.get("timeZone");
    if schedule.is_empty() {
        check.errors.required(&schedule_path, "");
    } else {
        if let Some(problem) = problem(schedule) {
            check.errors.invalid(&schedule_path, schedule, problem);
        }
        let may_have_zone = old.is_some_and(|old| old.get("schedule").text().contains("TZ"));
        if schedule.contains("TZ") && !may_have_zone {
            let detail = "cannot use TZ or CRON_TZ in schedule, use timeZone field instead";
            check.errors.invalid(&schedule_path, schedule, detail);
        } else if schedule.contains("TZ") && zone.is_set() {
            let detail = "cannot use both timeZone field and TZ or CRON_TZ in schedule";
            check.errors.invalid(&schedule_path, schedule, detail);
        }
    }
    not_negative(check, spec, "startingDeadlineSeconds", path);
    if !old.is_some_and(|old| old.get("timeZone").same(zone)) {
        time_zone(check, zone, &path.child("timeZone"));
    }
    let (policy, policies) = (spec.get("concurrencyPolicy").text(), ["Allow", "Forbid", "Replace"]);
    if !policies.contains(&policy) {
        check.errors.not_supported(&path.child("concurrencyPolicy"), Bad::alias(policy), &policies);
    }
    let job = spec.at(&["jobTemplate", "spec"]);
    let job_path = path.child("jobTemplate").child("spec");
    jobs::job_spec(check, job, &job_path);
    if job.has("selector") {
        let detail = "`selector` will be auto-generated";
        check.errors.invalid(&job_path.child("selector"), internal::selector(job.get("selector")), detail);
    }
    if job.get("manualSelector").bool() {
        check.errors.not_supported(&job_path.child("manualSelector"), true, &["nil", "false"]);
    }
    not_negative(check, spec, "successfulJobsHistoryLimit", path);
    not_negative(check, spec, "failedJobsHistoryLimit", path);
}

fn not_negative(check: &mut Check, spec: At<'_>, field: &str, path: &Path) {
    check.errors.not_negative(spec.get(field).int(), &path.child(field));
}

fn time_zone(check: &mut Check, zone: At<'_>, path: &Path) {
    let Some(zone) = zone.opt_text() else { return };
    if zone.is_empty() {
        return check.errors.invalid(path, zone, "timeZone must be nil or non-empty string");
    }
    let fits = |part: &str| {
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+');
        (1..=14).contains(&part.len())
            && part.chars().all(is_part)
            && part != "."
            && part != ".."
            && !part.starts_with('-')
    };
    if !zone.split('/').all(fits) {
        return check.errors.invalid(path, Bad::alias(zone), format!("unknown time zone {zone}"));
    }
    if zone.eq_ignore_ascii_case("local") {
        let detail = "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones";
        check.errors.invalid(path, zone, detail);
    }
    if let Some(unknown) = unknown_zone(zone) {
        check.errors.invalid(path, zone, unknown);
    }
}

#[cfg(test)]
mod tests {
    use super::problem;

    #[test]
    fn schedules_are_read_as_cron_reads_them() {
        for schedule in
            ["*/5 * * * *", "@daily", "0 0 1 jan sun", "1-5,7 ? * * 0/2", "@every 1h30m", "CRON_TZ=UTC * * * * *"]
        {
            assert_eq!(problem(schedule), None, "{schedule}");
        }
        for (schedule, why) in [
            ("* * * *", "expected exactly 5 fields, found 4: [* * * *]"),
            ("60 * * * *", "end of range (60) above maximum (59): 60"),
            ("* * 0 * *", "beginning of range (0) below minimum (1): 0"),
            ("a * * * *", "failed to parse int from a: strconv.Atoi: parsing \"a\": invalid syntax"),
            ("@often", "unrecognized descriptor: @often"),
            ("*/0 * * * *", "step of range should be a positive number: */0"),
            ("5-1 * * * *", "beginning of range (5) beyond end of range (1): 5-1"),
            ("@every 5", "failed to parse duration @every 5: time: missing unit in duration \"5\""),
        ] {
            assert_eq!(problem(schedule).as_deref(), Some(why), "{schedule}");
        }
    }
}
