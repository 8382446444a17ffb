//! Boxes in columns from left to right, so that arrows lead to the right wherever they can.
//!
//! Between two columns lies a channel in which each line has a vertical track of its own; a line that passes a column
//! has a slot there, as if it were a box. So no line crosses a box, and no label lies on another. Boxes without a line
//! fill rows below the columns. *Bands* are stacked: a box stays in its band, whatever its column is.

use crate::diagram::scene::{Point, Rect};

const GAP: f32 = 22.0;
const SLOT: f32 = 10.0;
const TRACK: f32 = 9.0;
/// Space between the last track of a channel and the boxes behind it: an arrow head.
const LANDING: f32 = 16.0;
/// How often the columns are sorted by their neighbours.
const SWEEPS: usize = 6;

/// A line between two boxes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    pub(super) from: usize,
    pub(super) to: usize,
}

/// Which column each box stands in.
#[derive(Debug)]
pub(super) struct Ranks {
    /// None for a box without a line.
    pub(super) of: Vec<Option<usize>>,
    /// Whether a line leads to the left, so that its start stands right of its end.
    pub(super) is_back: Vec<bool>,
}

fn put<T>(list: &mut [T], at: usize, value: T) {
    if let Some(slot) = list.get_mut(at) {
        *slot = value;
    }
}

/// Gives each box its column: behind all boxes that lead to it. Circles are cut where they come back.
pub(super) fn ranks(boxes: usize, links: &[Link]) -> Ranks {
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); boxes];
    for (index, link) in links.iter().enumerate() {
        if let Some(list) = out.get_mut(link.from) {
            list.push(index);
        }
    }
    // Depth first: a line to a box that is still open closes a circle.
    let (mut is_back, mut state) = (vec![false; links.len()], vec![0_u8; boxes]);
    let mut order = Vec::new();
    for start in 0..boxes {
        let mut todo = vec![(start, 0)];
        while let Some((at, next)) = todo.pop() {
            if next == 0 {
                if state.get(at) != Some(&0) {
                    continue;
                }
                put(&mut state, at, 1);
            }
            match out.get(at).and_then(|list| list.get(next)) {
                Some(link) => {
                    todo.push((at, next + 1));
                    let to = links.get(*link).map_or(at, |link| link.to);
                    match state.get(to) {
                        Some(0) => todo.push((to, 0)),
                        Some(1) => put(&mut is_back, *link, true),
                        _ => {}
                    }
                }
                None => {
                    put(&mut state, at, 2);
                    order.push(at);
                }
            }
        }
    }
    let mut of: Vec<Option<usize>> = vec![None; boxes];
    let ends = |index: usize, link: &Link| match is_back.get(index) {
        Some(true) => (link.to, link.from),
        _ => (link.from, link.to),
    };
    let mut ahead: Vec<Vec<usize>> = vec![Vec::new(); boxes];
    for (index, link) in links.iter().enumerate() {
        let (left, right) = ends(index, link);
        for end in [left, right] {
            put(&mut of, end, Some(0));
        }
        if let Some(list) = ahead.get_mut(left) {
            list.push(right);
        }
    }
    let rank = |of: &[Option<usize>], at: usize| of.get(at).copied().flatten().unwrap_or_default();
    for at in order.iter().rev() {
        let behind = rank(&of, *at) + 1;
        for next in ahead.get(*at).into_iter().flatten() {
            let wanted = rank(&of, *next).max(behind);
            put(&mut of, *next, Some(wanted));
        }
    }
    // What nothing leads to stands right in front of what it leads to.
    let mut has_before = vec![false; boxes];
    ahead.iter().flatten().for_each(|next| put(&mut has_before, *next, true));
    for at in 0..boxes {
        let nearest = ahead.get(at).into_iter().flatten().map(|next| rank(&of, *next)).min();
        if let (Some(nearest), Some(false)) = (nearest, has_before.get(at)) {
            put(&mut of, at, Some(nearest.saturating_sub(1)));
        }
    }
    Ranks { of, is_back }
}

/// A box that waits for its place.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Size {
    pub(super) w: f32,
    pub(super) h: f32,
    /// The band that it stands in, from 0.
    pub(super) band: usize,
}

/// Heights at which a line meets its boxes, below their tops.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ports {
    pub(super) left: f32,
    pub(super) right: f32,
}

/// Where everything stands.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) boxes: Vec<Rect>,
    /// The points of each line, from left to right.
    pub(super) lines: Vec<Vec<Point>>,
    /// Top and bottom of each band.
    pub(super) bands: Vec<(f32, f32)>,
    pub(super) right: f32,
}

/// Something that takes place in a column: a box, or a line that passes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Entry {
    Box(usize),
    Pass(usize),
}

/// The space in front of, between and behind bands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) x: f32,
    pub(super) y: f32,
    /// Space above the boxes of a band, for its title.
    pub(super) head: f32,
    pub(super) foot: f32,
}

/// Boxes that have their places, and lines that wait for theirs.
pub(super) struct Layers<'l> {
    sizes: &'l [Size],
    links: &'l [Link],
    ranks: &'l Ranks,
    /// The room for the label of each line, at its left end.
    labels: &'l [f32],
    places: Places,
    columns: Vec<Vec<Entry>>,
    /// The top of each entry, as the columns have them.
    tops: Vec<Vec<f32>>,
    /// Left edges and widths of the columns.
    xs: Vec<(f32, f32)>,
}

/// Places the boxes.
pub(super) fn place<'l>(
    sizes: &'l [Size],
    links: &'l [Link],
    ranks: &'l Ranks,
    labels: &'l [f32],
    frame: Frame,
) -> Layers<'l> {
    let depth = ranks.of.iter().flatten().max().map_or(0, |deepest| deepest + 1);
    let mut layers = Layers {
        sizes,
        links,
        ranks,
        labels,
        places: Places::default(),
        columns: vec![Vec::new(); depth],
        tops: Vec::new(),
        xs: Vec::new(),
    };
    layers.fill();
    layers.sort();
    layers.widen(frame.x);
    layers.places = layers.stack(frame);
    layers
}

impl Layers<'_> {
    fn size(&self, index: usize) -> Size {
        self.sizes.get(index).copied().unwrap_or_default()
    }

    fn rank(&self, index: usize) -> usize {
        self.ranks.of.get(index).copied().flatten().unwrap_or_default()
    }

    /// The boxes of a line, the left one first.
    fn ends(&self, link: usize) -> (usize, usize) {
        let own = self.links.get(link).copied().unwrap_or(Link { from: 0, to: 0 });
        if self.ranks.is_back.get(link) == Some(&true) { (own.to, own.from) } else { (own.from, own.to) }
    }

    fn fill(&mut self) {
        for (index, rank) in self.ranks.of.iter().enumerate() {
            if let Some(column) = rank.and_then(|rank| self.columns.get_mut(rank)) {
                column.push(Entry::Box(index));
            }
        }
        for link in 0..self.links.len() {
            let (left, right) = self.ends(link);
            for rank in self.rank(left) + 1..self.rank(right) {
                if let Some(column) = self.columns.get_mut(rank) {
                    column.push(Entry::Pass(link));
                }
            }
        }
    }

    fn band(&self, entry: Entry) -> usize {
        match entry {
            Entry::Box(index) => self.size(index).band,
            Entry::Pass(link) => self.size(self.ends(link).0).band,
        }
    }

    /// Sorts each column by where the neighbours of its entries stand, so that lines cross as little as a few sweeps can do.
    fn sort(&mut self) {
        for column in 0..self.columns.len() {
            self.sort_column(column, |_, _| None);
        }
        for sweep in 0..SWEEPS {
            let to_right = sweep % 2 == 0;
            for step in 1..self.columns.len() {
                let column = if to_right { step } else { self.columns.len() - 1 - step };
                let beside = if to_right { column - 1 } else { column + 1 };
                let places = self.positions(beside);
                let links_of = self.links_of(column, beside);
                self.sort_column(column, |layers, entry| {
                    let neighbours: Vec<f32> = match entry {
                        Entry::Box(index) => links_of
                            .get(index)
                            .into_iter()
                            .flatten()
                            .filter_map(|link| layers.place_in(&places, beside, *link, index))
                            .collect(),
                        Entry::Pass(link) => layers.place_in(&places, beside, link, usize::MAX).into_iter().collect(),
                    };
                    (!neighbours.is_empty()).then(|| neighbours.iter().sum::<f32>() / neighbours.len() as f32)
                });
            }
        }
    }

    /// The lines of each box that lead towards a column beside its own.
    fn links_of(&self, column: usize, beside: usize) -> Vec<Vec<usize>> {
        let mut found: Vec<Vec<usize>> = vec![Vec::new(); self.sizes.len()];
        for link in 0..self.links.len() {
            let (left, right) = self.ends(link);
            let own = if beside < column { right } else { left };
            if self.rank(own) == column
                && let Some(list) = found.get_mut(own)
            {
                list.push(link);
            }
        }
        found
    }

    /// Places of boxes and of passing lines in a column.
    fn positions(&self, column: usize) -> (Vec<Option<f32>>, Vec<Option<f32>>) {
        let mut places = (vec![None; self.sizes.len()], vec![None; self.links.len()]);
        for (position, entry) in self.columns.get(column).into_iter().flatten().enumerate() {
            let slot = match *entry {
                Entry::Box(index) => places.0.get_mut(index),
                Entry::Pass(link) => places.1.get_mut(link),
            };
            if let Some(slot) = slot {
                *slot = Some(position as f32);
            }
        }
        places
    }

    fn place_in(
        &self,
        places: &(Vec<Option<f32>>, Vec<Option<f32>>),
        column: usize,
        link: usize,
        own: usize,
    ) -> Option<f32> {
        let (left, right) = self.ends(link);
        let end = if self.rank(left) == column { left } else { right };
        if self.rank(end) == column && end != own {
            return places.0.get(end).copied().flatten();
        }
        places.1.get(link).copied().flatten()
    }

    fn sort_column(&mut self, column: usize, middle: impl Fn(&Self, Entry) -> Option<f32>) {
        let entries = self.columns.get(column).cloned().unwrap_or_default();
        let mut keyed: Vec<(usize, f32, Entry)> = entries
            .iter()
            .enumerate()
            .map(|(position, entry)| (self.band(*entry), middle(self, *entry).unwrap_or(position as f32), *entry))
            .collect();
        keyed.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        if let Some(slot) = self.columns.get_mut(column) {
            *slot = keyed.into_iter().map(|(_, _, entry)| entry).collect();
        }
    }

    /// Widths of columns and channels.
    fn widen(&mut self, left: f32) {
        let mut x = left;
        for (column, entries) in self.columns.iter().enumerate() {
            let widths = entries.iter().map(|entry| match entry {
                Entry::Box(index) => self.size(*index).w,
                Entry::Pass(_) => 0.0,
            });
            let width = widths.fold(0.0, f32::max);
            self.xs.push((x, width));
            x += width + self.label_room(column) + self.crossing(column).len() as f32 * TRACK + LANDING + TRACK;
        }
    }

    fn label_room(&self, column: usize) -> f32 {
        let links = (0..self.links.len()).filter(|link| self.rank(self.ends(*link).0) == column);
        links.filter_map(|link| self.labels.get(link).copied()).fold(6.0, f32::max)
    }

    /// The lines in the channel behind a column.
    fn crossing(&self, column: usize) -> Vec<usize> {
        let crosses = |link: &usize| {
            let (left, right) = self.ends(*link);
            self.rank(left) <= column && column < self.rank(right)
        };
        (0..self.links.len()).filter(crosses).collect()
    }

    /// Heights: each band as high as its highest column, the others in its middle; then the boxes without lines.
    fn stack(&mut self, frame: Frame) -> Places {
        let bands = self.sizes.iter().map(|size| size.band + 1).max().unwrap_or_default();
        let mut places = Places { boxes: vec![Rect::default(); self.sizes.len()], ..Places::default() };
        self.tops = self.columns.iter().map(|column| vec![0.0; column.len()]).collect();
        let columns_right = self.xs.last().map_or(frame.x, |(x, width)| x + width);
        let mut y = frame.y;
        for band in 0..bands {
            let top = y;
            y += frame.head;
            let sizes = self.sizes;
            let height_of = |entry: Entry| match entry {
                Entry::Box(index) => sizes.get(index).map_or(0.0, |size| size.h) + GAP,
                Entry::Pass(_) => SLOT + GAP / 2.0,
            };
            let heights: Vec<f32> = self
                .columns
                .iter()
                .map(|column| {
                    column.iter().filter(|entry| self.band(**entry) == band).map(|entry| height_of(*entry)).sum()
                })
                .collect();
            let height = heights.iter().copied().fold(0.0, f32::max);
            for (column, own) in heights.iter().enumerate() {
                let members: Vec<(usize, Entry)> = self
                    .columns
                    .get(column)
                    .into_iter()
                    .flatten()
                    .copied()
                    .enumerate()
                    .filter(|(_, entry)| self.band(*entry) == band)
                    .collect();
                // In the middle of the band, or as near to the neighbours on the left as the others let it.
                let mut at = y + (height - own) / 2.0;
                let mut tops: Vec<f32> = Vec::with_capacity(members.len());
                for (position, (_, entry)) in members.iter().enumerate() {
                    let wanted =
                        self.wanted(*entry, column, &places).map(|middle| middle - (height_of(*entry) - GAP) / 2.0);
                    let top = if position == 0 { y } else { at };
                    let top = wanted.map_or(at, |wanted| wanted.max(top));
                    tops.push(top);
                    at = top + height_of(*entry);
                }
                let mut limit = y + height;
                for ((_, entry), top) in members.iter().zip(&mut tops).rev() {
                    *top = top.min(limit - height_of(*entry));
                    limit = *top;
                }
                for ((position, entry), top) in members.into_iter().zip(tops) {
                    if let Some(column) = self.tops.get_mut(column) {
                        put(column, position, top);
                    }
                    if let Entry::Box(index) = entry {
                        let (size, x) = (self.size(index), self.xs.get(column).map_or(frame.x, |(x, _)| *x));
                        put(&mut places.boxes, index, Rect { x, y: top, w: size.w, h: size.h });
                    }
                }
            }
            y += height;
            y = self.rows(band, (frame.x, y), columns_right, &mut places);
            let bottom = (y - GAP).max(top + frame.head) + frame.foot;
            places.bands.push((top, bottom));
            y = bottom + if frame.foot > 0.0 { GAP } else { 0.0 };
        }
        places.right = places.boxes.iter().map(|rect| rect.right()).fold(columns_right, f32::max);
        places
    }

    /// The middle of what leads to an entry from the column on its left.
    fn wanted(&self, entry: Entry, column: usize, places: &Places) -> Option<f32> {
        let before = column.checked_sub(1)?;
        let leads: Vec<usize> = match entry {
            Entry::Pass(link) => vec![link],
            Entry::Box(index) => (0..self.links.len()).filter(|link| self.ends(*link).1 == index).collect(),
        };
        let middle = |link: &usize| {
            let (left, _) = self.ends(*link);
            if self.rank(left) == before {
                return places.boxes.get(left).map(|rect| rect.middle().1);
            }
            self.pass(*link, before)
        };
        let middles: Vec<f32> = leads.iter().filter_map(middle).collect();
        (!middles.is_empty()).then(|| middles.iter().sum::<f32>() / middles.len() as f32)
    }

    /// The height at which a line passes a column.
    fn pass(&self, link: usize, column: usize) -> Option<f32> {
        let position = self.columns.get(column)?.iter().position(|entry| *entry == Entry::Pass(link))?;
        self.tops.get(column)?.get(position).map(|top| top + SLOT / 2.0)
    }

    /// Boxes without lines, in rows as wide as the columns or as a good page. Gives the height below them.
    fn rows(&self, band: usize, (left, top): Point, columns_right: f32, places: &mut Places) -> f32 {
        let is_alone = |index: &usize| self.size(*index).band == band && self.ranks.of.get(*index) == Some(&None);
        let alone: Vec<usize> = (0..self.sizes.len()).filter(is_alone).collect();
        let area: f32 = alone.iter().map(|index| (self.size(*index).w + GAP) * (self.size(*index).h + GAP)).sum();
        let right = (left + (area * 1.6).sqrt().clamp(520.0, 2600.0)).max(columns_right);
        let widest = alone.iter().map(|index| self.size(*index).w).fold(0.0, f32::max);
        // Lines to other bands go down the channels: then only what lies below the columns and beside them is free.
        let is_free = self.xs.is_empty() || self.sizes.iter().all(|size| size.band == band);
        let columns = self.xs.iter().filter(|(_, width)| !is_free && *width >= widest).map(|(x, _)| *x);
        let beyond = if is_free { left } else { columns_right + GAP };
        let mut starts: Vec<f32> = columns.collect();
        let more = (0..).map(|nth| beyond + nth as f32 * (widest + GAP)).take_while(|x| x + widest <= right);
        starts.extend(more);
        if starts.is_empty() {
            starts.push(beyond);
        }
        let (mut y, mut bottom) = (top, top);
        for (nth, index) in alone.into_iter().enumerate() {
            if nth % starts.len() == 0 {
                y = bottom;
            }
            let (size, x) = (self.size(index), starts.get(nth % starts.len()).copied().unwrap_or(left));
            put(&mut places.boxes, index, Rect { x, y, w: size.w, h: size.h });
            bottom = bottom.max(y + size.h + GAP);
        }
        bottom
    }

    /// The height of a line where it comes to its left or its right end: that of its other end, or of where it passes the
    /// column beside.
    pub(super) fn beside(&self, link: usize, is_left_end: bool) -> f32 {
        let (left, right) = self.ends(link);
        let (own, other) = if is_left_end { (left, right) } else { (right, left) };
        let column = if is_left_end { self.rank(own) + 1 } else { self.rank(own).saturating_sub(1) };
        let pass = self.pass(link, column).filter(|_| self.rank(other) != column);
        pass.unwrap_or_else(|| self.places.boxes.get(other).map_or(0.0, |rect| rect.middle().1))
    }

    /// The heights at which a line leaves the column on its left and reaches the one on its right.
    fn heights(&self, link: usize, column: usize, ports: &[Ports]) -> (f32, f32) {
        let (left, right) = self.ends(link);
        let ports = ports.get(link).copied().unwrap_or_default();
        let at = |end: usize, port: f32, column: usize| match self.rank(end) == column {
            true => self.places.boxes.get(end).map_or(0.0, |rect| rect.y) + port,
            false => self.pass(link, column).unwrap_or_default(),
        };
        (at(left, ports.left, column), at(right, ports.right, column + 1))
    }

    /// Draws the lines.
    pub(super) fn route(self, ports: &[Ports]) -> Places {
        let mut lines: Vec<Vec<Point>> = vec![Vec::new(); self.links.len()];
        for (column, (x, width)) in self.xs.iter().enumerate() {
            let mut crossing: Vec<(usize, f32, f32)> = self
                .crossing(column)
                .into_iter()
                .map(|link| {
                    let (from, to) = self.heights(link, column, ports);
                    (link, from, to)
                })
                .collect();
            // Lines that go down turn the later the higher they start, lines that go up the other way round: those that
            // start beside each other then do not cross.
            crossing.sort_by(|a, b| {
                let key = |(_, from, to): &(usize, f32, f32)| if to >= from { -from } else { *from };
                (a.2 < a.1).cmp(&(b.2 < b.1)).then(key(a).total_cmp(&key(b)))
            });
            let start = x + width + self.label_room(column) + TRACK / 2.0;
            for (position, (link, from, to)) in crossing.into_iter().enumerate() {
                let track = start + position as f32 * TRACK;
                let (left, _) = self.ends(link);
                let begin = match self.rank(left) == column {
                    true => self.places.boxes.get(left).map_or(*x, |rect| rect.right()),
                    false => *x,
                };
                let end = self.xs.get(column + 1).map_or(track, |(x, _)| *x);
                if let Some(line) = lines.get_mut(link) {
                    line.extend([(begin, from), (track, from), (track, to), (end, to)]);
                }
            }
        }
        for line in &mut lines {
            straighten(line);
        }
        Places { lines, ..self.places }
    }
}

/// Leaves out points on a straight line.
fn straighten(line: &mut Vec<Point>) {
    let mut kept: Vec<Point> = Vec::with_capacity(line.len());
    for point in line.drain(..) {
        if let [.., before, last] = kept.as_slice() {
            let is_level = (before.1 - last.1).abs() < 0.1 && (last.1 - point.1).abs() < 0.1;
            let is_upright = (before.0 - last.0).abs() < 0.1 && (last.0 - point.0).abs() < 0.1;
            if is_level || is_upright {
                kept.pop();
            }
        }
        kept.push(point);
    }
    *line = kept;
}
