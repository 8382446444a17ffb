//! Two texts compared line by line (E. W. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986).

/// Most differing lines that are told apart. Beyond that the middle counts as replaced as a whole.
const MOST: usize = 800;

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is in both.
    Same,
    /// It is only in the old text.
    Removed,
    /// It is only in the new text.
    Added,
}

/// The lines of both texts, in order, without their line ends.
#[must_use]
pub fn compare<'t>(old: &'t str, new: &'t str) -> Vec<(Change, &'t str)> {
    let (a, b): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let start = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (rest_a, rest_b) = (a.get(start..).unwrap_or_default(), b.get(start..).unwrap_or_default());
    let end = rest_a.iter().rev().zip(rest_b.iter().rev()).take_while(|(a, b)| a == b).count();
    let (middle_a, tail) = rest_a.split_at(rest_a.len() - end);
    let (middle_b, _) = rest_b.split_at(rest_b.len() - end);
    let same = |line: &&'t str| (Change::Same, *line);
    let mut out: Vec<(Change, &str)> = a.iter().take(start).map(same).collect();
    match shortest(middle_a, middle_b) {
        Some(middle) => out.extend(middle),
        None => {
            out.extend(middle_a.iter().map(|line| (Change::Removed, *line)));
            out.extend(middle_b.iter().map(|line| (Change::Added, *line)));
        }
    }
    out.extend(tail.iter().map(same));
    out
}

/// How many lines were removed and added.
#[must_use]
pub fn counts(changes: &[(Change, &str)]) -> (usize, usize) {
    let count = |wanted| changes.iter().filter(|(change, _)| *change == wanted).count();
    (count(Change::Removed), count(Change::Added))
}

/// Changes with this many unchanged lines around each; `None` stands for lines that are left out.
#[must_use]
pub fn around<'t>(changes: &[(Change, &'t str)], context: usize) -> Vec<Option<(Change, &'t str)>> {
    let near = |index: usize| {
        let from = index.saturating_sub(context);
        changes.iter().skip(from).take(index - from + context + 1).any(|(change, _)| *change != Change::Same)
    };
    let mut out: Vec<Option<(Change, &str)>> = Vec::new();
    for (index, change) in changes.iter().enumerate() {
        if near(index) {
            out.push(Some(*change));
        } else if out.last().is_none_or(Option::is_some) {
            out.push(None);
        }
    }
    out
}

/// The shortest way from one list to the other; `None` when it is longer than [`MOST`].
fn shortest<'t>(a: &[&'t str], b: &[&'t str]) -> Option<Vec<(Change, &'t str)>> {
    // `reached[k]` is how far into `a` one gets on diagonal `k - middle` with the steps made so far.
    let most = (a.len() + b.len()).min(MOST);
    let middle = most + 1;
    let mut reached = vec![0_usize; 2 * middle + 1];
    let mut trace: Vec<Vec<usize>> = Vec::new();
    let at =
        |list: &[usize], k: isize| list.get(k.saturating_add_unsigned(middle) as usize).copied().unwrap_or_default();
    for d in 0..=most.cast_signed() {
        trace.push(reached.clone());
        for k in (-d..=d).step_by(2) {
            let down = k == -d || (k != d && at(&reached, k - 1) < at(&reached, k + 1));
            let mut x = if down { at(&reached, k + 1) } else { at(&reached, k - 1) + 1 };
            let mut y = x.checked_add_signed(-k).unwrap_or_default();
            while x < a.len() && a.get(x) == b.get(y) {
                x += 1;
                y += 1;
            }
            if let Some(slot) = reached.get_mut(k.saturating_add_unsigned(middle) as usize) {
                *slot = x;
            }
            if x >= a.len() && y >= b.len() {
                return Some(back(a, b, &trace, middle));
            }
        }
    }
    None
}

/// Walks the steps back from the ends of both lists.
fn back<'t>(a: &[&'t str], b: &[&'t str], trace: &[Vec<usize>], middle: usize) -> Vec<(Change, &'t str)> {
    let mut out = Vec::new();
    let (mut x, mut y) = (a.len(), b.len());
    for (d, reached) in trace.iter().enumerate().rev() {
        let at = |k: isize| reached.get(k.saturating_add_unsigned(middle) as usize).copied().unwrap_or_default();
        let (d, k) = (d.cast_signed(), x.cast_signed() - y.cast_signed());
        let down = k == -d || (k != d && at(k - 1) < at(k + 1));
        let from_k = if down { k + 1 } else { k - 1 };
        let from_x = at(from_k);
        let from_y = from_x.checked_add_signed(-from_k).unwrap_or_default();
        let (step_x, step_y) = if d == 0 { (0, 0) } else { (from_x, from_y) };
        while x > step_x && y > step_y && a.get(x - 1) == b.get(y - 1) {
            x -= 1;
            y -= 1;
            out.push((Change::Same, a.get(x).copied().unwrap_or_default()));
        }
        if d == 0 {
            break;
        }
        if down {
            y = from_y;
            out.push((Change::Added, b.get(y).copied().unwrap_or_default()));
        } else {
            x = from_x;
            out.push((Change::Removed, a.get(x).copied().unwrap_or_default()));
        }
    }
    out.reverse();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(old: &str, new: &str) -> Vec<(Change, String)> {
        let found = compare(old, new);
        let side = |left_out| -> Vec<&str> {
            found.iter().filter(|(change, _)| *change != left_out).map(|(_, line)| *line).collect()
        };
        assert_eq!(side(Change::Added), old.lines().collect::<Vec<_>>());
        assert_eq!(side(Change::Removed), new.lines().collect::<Vec<_>>());
        found.into_iter().map(|(change, line)| (change, line.to_owned())).collect()
    }

    #[test]
    fn the_shortest_way_is_found() {
        use Change::{Added, Removed, Same};
        let found = check("a\nb\nc\na\nb\nb\na", "c\nb\na\nb\na\nc");
        assert_eq!(found.iter().filter(|(change, _)| *change != Same).count(), 5); // as in the paper
        let found = check("x\na\ny", "x\nb\ny");
        assert_eq!(found.iter().map(|(change, _)| *change).collect::<Vec<_>>(), [Same, Removed, Added, Same]);
        assert!(check("", "").is_empty());
    }

    #[test]
    fn any_two_texts_give_both_back() {
        let mut seed = 7_u32;
        for _ in 0..300 {
            let mut next = |below: u32| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 16) % below
            };
            let mut text = || (0..next(12)).map(|_| format!("{}\n", next(4))).collect::<String>();
            check(&text(), &text());
        }
        let long: String = (0..3000).map(|index| format!("{index}\n")).collect();
        check(&long, &long.lines().rev().collect::<Vec<_>>().join("\n"));
    }

    #[test]
    fn unchanged_lines_far_away_are_left_out() {
        let old: String = (0..20).map(|index| format!("{index}\n")).collect();
        let new = old.replace("10\n", "ten\n");
        let changes = compare(&old, &new);
        assert_eq!(counts(&changes), (1, 1));
        let shown: Vec<Option<&str>> = around(&changes, 1).into_iter().map(|line| line.map(|(_, text)| text)).collect();
        assert_eq!(shown, [None, Some("9"), Some("10"), Some("ten"), Some("11"), None]);
    }
}
