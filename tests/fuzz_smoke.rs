//! The targets of the fuzzer on their seeds and on a fixed number of changed ones, without a fuzzer: the same each time.
//! `./dev fuzz` looks further.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "tests say what they expect")]

#[path = "fuzz/targets/mod.rs"]
mod targets;

use std::panic::catch_unwind;
use targets::{TARGETS, Target, WORDS, seeds};

/// Changed texts for each target.
const CHANGED: usize = 60;

/// Marsaglia's xorshift: the same numbers everywhere.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }

    /// A place between two characters.
    fn place(&mut self, text: &str) -> usize {
        let at = self.below(text.len() + 1);
        (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
    }

    fn range(&mut self, text: &str, most: usize) -> std::ops::Range<usize> {
        let start = self.place(text);
        let end = (start + self.below(most)).min(text.len());
        start..(end..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
    }

    /// A few changes of a text: words put in, pieces cut out, doubled, or taken from another text.
    fn change(&mut self, text: &mut String, other: &str) {
        for _ in 0..=self.below(5) {
            match self.below(5) {
                0 | 1 => text.insert_str(self.place(text), WORDS[self.below(WORDS.len())]),
                2 => text.replace_range(self.range(text, 60), ""),
                3 => {
                    let piece = text[self.range(text, 120)].to_owned();
                    text.insert_str(self.place(text), &piece);
                }
                _ => {
                    let lines: Vec<&str> = other.split_inclusive('\n').collect();
                    let from = self.below(lines.len());
                    let piece: String = lines.iter().skip(from).take(1 + self.below(8)).copied().collect();
                    let at = self.place(text);
                    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
                    text.insert_str(start, &piece);
                }
            }
        }
    }
}

fn smoke(target: &Target) {
    let mut numbers = Numbers(0x5eed_0001);
    let texts: Vec<String> = seeds(target);
    assert!(texts.len() > 20, "{} seeds", texts.len());
    // Every seed would take long in a build that is not optimised.
    let some: Vec<&String> = (0..CHANGED).map(|_| &texts[numbers.below(texts.len())]).collect();
    for seed in some {
        let mut changed = seed.clone();
        let other = &texts[numbers.below(texts.len())];
        numbers.change(&mut changed, other);
        for text in [seed, &changed] {
            let held = catch_unwind(|| (target.run)(text));
            assert!(held.is_ok(), "target {} does not hold for {text:?}", target.name);
        }
    }
}

/// A test for each target, so that they run side by side and a failure says which.
macro_rules! smoke {
    ($($name:ident)*) => {
        $(#[test] fn $name() { smoke(TARGETS.iter().find(|target| target.name == stringify!($name)).expect("a target")); })*

        #[test]
        fn every_target_is_tried() {
            assert_eq!(TARGETS.iter().map(|target| target.name).collect::<Vec<_>>(), [$(stringify!($name)),*]);
        }
    };
}

smoke! { reader analysis view svg mermaid simulate rewrite fixes tasks exports link mask lesson session }
