//! A city with thousands of activities, for measuring.

use super::catalogue::Row;

const WEEKS: [&str; 8] =
    ["in de ochtend", "na school", "op zaterdag", "voor beginners", "met de buren", "in het park", "deel 2", "voor gevorderden"];

/// `count` activities after the pattern of the real ones, with ids from 100001.
pub(super) fn rows(count: usize, patterns: &[Row]) -> Vec<Row> {
    let patterns: Vec<&Row> = patterns.iter().filter(|row| !row.gone).collect();
    (0..count)
        .map(|number| {
            let pattern = patterns[number % patterns.len()];
            let turn = number / patterns.len();
            let mut row = pattern.clone();
            row.id = 100_001 + u32::try_from(number).unwrap_or(u32::MAX - 100_001);
            row.title = format!("{} {} ({turn})", pattern.title, WEEKS[turn % WEEKS.len()]);
            row.day = pattern.day.map(|day| day + (turn % 90) as i64);
            row.at = None;
            row.badge.requires.clear();
            row
        })
        .collect()
}
